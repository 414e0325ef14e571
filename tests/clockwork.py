"""Event loops with nothing left to chance: work for threads is done at once, and time moves when all are asleep."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class AtOnce(ThreadPoolExecutor):
    """Does in the loop's own thread what is meant for others, so that each step comes at the same place every time."""

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def step_by_step(work: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run, with nothing left to chance."""

    async def alone() -> T:
        asyncio.get_running_loop().set_default_executor(AtOnce())
        return await work

    return asyncio.run(alone())


class Clockwork:
    """Many sleepers and one clock: it is always the one who wakes first."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = 0

    async def sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._sleepers, (self.now + seconds, self._number, sleeper))
        await sleeper

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Fails where everybody waits for somebody else."""
        return step_by_step(self._ticking(work))

    async def _ticking(self, work: Coroutine[Any, Any, T]) -> T:
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        doing = asyncio.create_task(work, name="the work")
        while not doing.done():
            await asyncio.sleep(0)
            if ready or doing.done():
                continue
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            assert self._sleepers, "everybody waits, and for nothing"
            moment, _, sleeper = heapq.heappop(self._sleepers)
            self.now = max(self.now, moment)
            sleeper.set_result(None)
        return doing.result()
