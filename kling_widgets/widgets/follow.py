"""Follows a task beside the notebook's cells: its states, the contact with the service, film or pictures at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from kling_widgets.errors import APIError, ConnectionFailed, KlingError, TaskFailed

if TYPE_CHECKING:
    from kling_widgets.picture import Picture
    from kling_widgets.task import Task
    from kling_widgets.video import Video

Made: TypeAlias = "Video | tuple[Picture, ...]"
"""What a task leaves on disk."""


class Watcher(Protocol):
    """The part of a client that following a task needs."""

    @property
    def offline(self) -> bool: ...

    @property
    def origin(self) -> str: ...

    def watch(
        self, task: Task, *, on_poll: Callable[[KlingError | None], None] | None = None
    ) -> AsyncIterator[Task]: ...

    async def video(self, task: Task) -> Video: ...

    async def images(self, task: Task) -> tuple[Picture, ...]: ...


class Follower:
    """One task and what has become of it; `changed` is called whenever `state` has something new to tell.

    A task that was found when it came (`task.found`) stays so, whatever is seen of it later.
    """

    def __init__(self, client: Watcher, task: Task, changed: Callable[[], None]) -> None:
        self.task = task
        self.video: Video | None = None
        self.pictures: tuple[Picture, ...] = ()
        self._client = client
        self._changed = changed
        self._film = "none"
        self._trouble = ""
        self._lost: dict[str, Any] | None = None
        self._watching = False
        self._contact = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: asyncio.Task[Made] | None = None

    @property
    def state(self) -> dict[str, Any]:
        """All that a view draws; times are milliseconds since 1970 UTC. js/src/task/state.ts names the fields."""
        task = self.task
        return {
            "id": task.id,
            "status": task.status,
            "message": task.message,
            "reason": task.reason,
            "created": _milliseconds(task.created_at),
            "updated": _milliseconds(task.updated_at),
            "units": None if task.units is None else float(task.units),
            "found": task.found,
            "offline": self._client.offline,
            "origin": self._client.origin,
            "film": self._film,
            "pictures": len(task.images),
            "trouble": self._trouble,
            "lost": self._lost,
            "watching": self._watching,
        }

    def start(self) -> bool:
        """Begins to follow in the running event loop. False where none runs: then `done()` does, when it is awaited."""
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        self._going()
        return True

    def go_on(self) -> None:
        """Begins again after something broke off. Raises KlingError where no event loop ever ran."""
        if self._loop is None:
            raise KlingError(
                "This was made outside a notebook, where nothing can be watched. Run it in a notebook's cell."
            )
        # Hosts may carry messages on a thread of their own (subshells); the client belongs to the cells' loop.
        self._loop.call_soon_threadsafe(self._going)

    async def done(self) -> Made:
        """The finished film or pictures, on disk. Raises TaskFailed, or what kept them from being fetched."""
        self._loop = self._loop or asyncio.get_running_loop()
        return await asyncio.shield(self._going())

    def _going(self) -> asyncio.Task[Made]:
        """The watch that is on, or that ended for good; one that broke off is begun again."""
        run = self._run
        if run is None or (run.done() and (run.cancelled() or _may_go_on(run.exception()))):
            run = self._run = asyncio.get_running_loop().create_task(self._follow())
            # What went wrong is on screen; asyncio need not report it as forgotten too.
            run.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return run

    async def _follow(self) -> Made:
        self._contact = time.time()
        self._set(watching=True, trouble="", lost=None, film="none")
        try:
            if not self.task.ended:
                async for task in self._client.watch(self.task, on_poll=self._polled):
                    # Only the submission knows; a look at the service says nothing of it.
                    self.task = task if task.found == self.task.found else replace(task, found=self.task.found)
                    self._set(lost=None)
            if self.task.status == "failed":
                raise TaskFailed(self.task)
            self._set(film="fetching")
            made = await self._fetched()
        except TaskFailed:
            self._set(watching=False)
            raise
        except Exception as error:
            self._set(watching=False, lost=None, trouble=str(error) or type(error).__name__)
            raise
        self._set(watching=False, film="ready")
        return made

    async def _fetched(self) -> Made:
        if self.task.images:
            self.pictures = await self._client.images(self.task)
            return self.pictures
        self.video = await self._client.video(self.task)
        return self.video

    def _polled(self, error: KlingError | None) -> None:
        """A failed poll ends nothing: it is told, with the time since when, until the next good one."""
        if error is None:
            self._contact = time.time()
            if self._lost:
                self._set(lost=None)
            return
        self._set(lost={"since": round(self._contact * 1000), "why": _in_passing(error)})

    def _set(self, **news: Any) -> None:
        for name, value in news.items():
            setattr(self, f"_{name}", value)
        self._changed()


def _may_go_on(error: BaseException | None) -> bool:
    """Whether watching again can change the outcome: a failed task stays failed, a film that is here stays here."""
    return error is not None and not isinstance(error, TaskFailed)


def _in_passing(error: KlingError) -> str:
    """An error that is being waited out, in a few words; empty where no answer came at all."""
    if isinstance(error, ConnectionFailed):
        return ""
    return f"{error.message} (code {error.code})" if isinstance(error, APIError) else str(error).rstrip(".")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
