"""Telling callback_url of every change of status (R96, R134), again and again until it answers HTTP 2xx.

The vendor documents neither how often it tries nor how long it waits. Here the news of a task go out in their order,
each until it is heard or has been tried ATTEMPTS times; what is still unheard when the emulator stops is in the store.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .outward import Outward, Unreachable
from .signature import Sign
from .store import News, Store
from .task import Task

_log = logging.getLogger(__name__)

ATTEMPTS = 12
LONGEST_WAIT = 60.0
"""Seconds between two attempts; the first wait is 1 s, and each is twice the one before, whatever the speed."""


class Callbacks:
    def __init__(
        self,
        store: Store,
        outward: Outward,
        *,
        sign: Sign,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store = store
        self._outward = outward
        self._sign = sign
        self._now = now
        self._sleep = sleep
        self._telling: dict[str, asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Tell what an earlier run has left untold."""
        for task_id in self._store.untold():
            self._start(task_id)

    def tell(self, task: Task) -> None:
        """Send in the background what the store has noted down of this task."""
        if task.order.callback_url and task.task_id not in self._telling:
            self._start(task.task_id)

    async def aclose(self) -> None:
        telling = list(self._telling.values())
        for sender in telling:
            sender.cancel()
        await asyncio.gather(*telling, return_exceptions=True)

    def _start(self, task_id: str) -> None:
        self._telling[task_id] = asyncio.create_task(self._send_all(task_id))

    async def _send_all(self, task_id: str) -> None:
        try:
            while news := self._store.news(task_id):
                await self._send(task_id, news)
                self._store.told(news.number)
        except OSError as error:  # noted down nowhere, so it is told again after a restart
            _log.warning("callback_url of task %s: %s", task_id, error)
        finally:
            del self._telling[task_id]

    async def _send(self, task_id: str, news: News) -> None:
        """Return when it has been heard, or when that is hopeless."""
        body = news.body.encode()
        wait = 1.0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                headers = {"Content-Type": "application/json", **self._sign(news.id, body, self._now())}
                await self._outward.post(news.url, body, headers)
            except Unreachable as error:
                what = f"callback_url of task {task_id} was not told, attempt {attempt} of {ATTEMPTS}: {error}"
                _log.log(logging.WARNING if attempt in (1, ATTEMPTS) else logging.INFO, what)
            else:
                return

            if attempt < ATTEMPTS:
                await self._sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
