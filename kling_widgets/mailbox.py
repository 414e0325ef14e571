"""Where callbacks arrive and watchers hear of them; the two may run in different threads and event loops."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kling_widgets.task import Status, Task, stage

KEPT = 500
"""Tasks whose callbacks are kept for watches that have yet to begin; the oldest go first."""


@dataclass(frozen=True)
class News:
    """What callbacks told of one task: all of it where they were signed, else a claim that anybody may have made."""

    task: Task | None = None
    claim: Status | None = None

    @property
    def statuses(self) -> list[Status]:
        return [status for status in (self.task and self.task.status, self.claim) if status]

    def and_then(self, later: News) -> News:
        """Both together. Callbacks come in any order and more than once; a task never goes back."""
        task, claim = self.task, self.claim
        if later.task and (task is None or stage(later.task.status) >= stage(task.status)):
            task = later.task
        if later.claim and (claim is None or stage(later.claim) >= stage(claim)):
            claim = later.claim
        return News(task, claim)


class Mailbox:
    """The news of many tasks. `put` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, News] = OrderedDict()
        self._lines: dict[str, list[Line]] = {}

    def put(self, task: Task, *, signed: bool) -> None:
        # A claim is kept as a word: nobody shall fill our memory with what he made up.
        news = News(task=task) if signed else News(claim=task.status)
        with self._lock:
            self._kept[task.id] = self._kept.get(task.id, News()).and_then(news)
            self._kept.move_to_end(task.id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            for line in self._lines.get(task.id, ()):
                line.ring(news)

    @contextmanager
    def line(self, id: str) -> Iterator[Line]:
        """For one watcher of the task `id`; what was told before counts too."""
        with self._lock:
            line = Line(self._kept.get(id))
            self._lines.setdefault(id, []).append(line)
        try:
            yield line
        finally:
            with self._lock:
                self._lines[id].remove(line)
                if not self._lines[id]:
                    del self._lines[id]


class Line:
    """One watcher's ear: news wait in it, and wake him."""

    def __init__(self, news: News | None = None) -> None:
        self._lock = threading.Lock()
        self._news = news
        self._nap: tuple[asyncio.AbstractEventLoop, asyncio.Future[None]] | None = None

    def ring(self, news: News) -> None:
        """From any thread."""
        with self._lock:
            self._news = self._news.and_then(news) if self._news else news
            if self._nap is None:
                return
            loop, nap = self._nap
            try:
                loop.call_soon_threadsafe(_end, nap)
            except RuntimeError:  # his loop has ended, and he with it
                self._nap = None

    def wake(self) -> None:
        """From his own event loop, where there is something else for him to see."""
        if self._nap:
            _end(self._nap[1])

    def take(self) -> News | None:
        """What was told since the last call."""
        with self._lock:
            news, self._news = self._news, None
            return news

    async def nap(self) -> None:
        """Sleep until something is heard; not at all where something was."""
        loop = asyncio.get_running_loop()
        nap: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if self._news is not None:
                return
            self._nap = (loop, nap)
        try:
            await nap
        finally:
            with self._lock:
                self._nap = None


def _end(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)
