"""Many requests at once: as many as the account takes, results as they end, one failure stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sized
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kling_widgets.budget import Budget
from kling_widgets.errors import InvalidRequest, KlingError, Problem, TaskFailed
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.slots import Slots
from kling_widgets.submission import Full
from kling_widgets.task import Task

if TYPE_CHECKING:
    from kling_widgets.picture import Picture
    from kling_widgets.video import Video

AT_ONCE = 256
"""Requests in hand, at most: those whose task is in the making, and those whose film is on its way."""


@dataclass(frozen=True)
class Outcome:
    """What became of one request: `video`, or `images`, or the `error`; `index` is its place in the batch, from 0."""

    index: int
    request: Request
    task: Task | None = None
    video: Video | None = None
    images: tuple[Picture, ...] = ()
    error: Exception | None = field(default=None, compare=False)

    @property
    def ok(self) -> bool:
        return self.error is None

    def __str__(self) -> str:
        made = self.video or (f"{len(self.images)} pictures" if self.images else self.error)
        return f"{self.index}: {made}"


@dataclass(eq=False)
class Batch:
    """Runs requests: `found` gives a film that is on disk, `made` the task once it has ended, failed or not, `fetched`
    what that made.

    `slots` gives the slots that a request's pack has, and how many it takes.
    """

    found: Callable[[Request], Awaitable[Video | None]]
    made: Callable[[Request, Full], Awaitable[Task]]
    fetched: Callable[[Task], Awaitable[Video | tuple[Picture, ...]]]
    key: Callable[[Request], str]
    slots: Callable[[Request], tuple[Slots, int]]
    budget: Budget
    patience: Patience
    _outcomes: asyncio.Queue[Outcome | BaseException | None] = field(default_factory=asyncio.Queue)
    _working: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, requests: Iterable[Request]) -> AsyncGenerator[Outcome]:
        """Each outcome as it ends. Left in the middle, nothing goes on here; the same batch again picks it up."""
        feeding = asyncio.create_task(self._feed(requests))
        try:
            while (outcome := await self._outcomes.get()) is not None:
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
        finally:
            for running in (feeding, *self._working):
                running.cancel()
            await asyncio.gather(feeding, *self._working, return_exceptions=True)

    async def _feed(self, requests: Iterable[Request]) -> None:
        room = asyncio.Semaphore(AT_ONCE)
        try:
            for index, request in enumerate(requests):
                await room.acquire()
                try:
                    work = await self._begun(index, request)
                except KlingError as error:
                    work = self._say(Outcome(index, request, error=error))
                running = asyncio.create_task(work)
                self._working.add(running)
                running.add_done_callback(self._working.discard)
                running.add_done_callback(lambda _: room.release())
            while self._working:
                await asyncio.wait(self._working)
        except Exception as error:  # of the caller's own generator
            self._outcomes.put_nowait(error)
        self._outcomes.put_nowait(None)

    async def _begun(self, index: int, request: Request) -> Any:
        """Work that has what it needs: its place in the budget, and its slots."""
        if not isinstance(request, Request):
            fix = "Give requests, such as kw.ImageToVideo(...)."
            raise InvalidRequest([Problem(f"requests[{index}]", f"A {type(request).__name__} is no request.", fix)])

        await self.budget.set_aside(request, self.key(request))
        if (film := await self.found(request)) is not None:
            await self.budget.spent(self.key(request), None)
            return self._say(Outcome(index, request, video=film))
        slots, count = self.slots(request)
        await slots.take(count)
        return self._one(index, request, slots, count)

    async def _one(self, index: int, request: Request, slots: Slots, count: int) -> None:
        task = None
        try:
            task = await self._made(request, slots, count)
            if task.status == "failed":
                raise TaskFailed(task)
            made = await self.fetched(task)
        except Exception as error:
            await self._say(Outcome(index, request, task, error=error))
            return
        pictures = made if isinstance(made, tuple) else ()
        await self._say(Outcome(index, request, task, None if isinstance(made, tuple) else made, pictures))

    async def _made(self, request: Request, slots: Slots, count: int) -> Task:
        holding = True
        failures = 0

        async def full(error: KlingError) -> None:
            nonlocal holding, failures
            failures += 1
            slots.refused(count)
            holding = False
            await self.patience.pause(min(failures, 3), error)
            await slots.take(count)
            holding = True

        cost: float | None = 0
        try:
            task = await self.made(request, full)
            cost = 0 if task.status == "failed" else task.units
        except KlingError as error:
            # Where the answer was lost, a task may be running; what it costs stays set aside.
            cost = None if error.retry("create") == "lookup" else 0
            raise
        except asyncio.CancelledError:
            cost = None
            raise
        finally:
            if holding:
                slots.give(count)
            await self.budget.spent(self.key(request), cost)
        return task

    async def _say(self, outcome: Outcome) -> None:
        self._outcomes.put_nowait(outcome)


async def shown(outcomes: AsyncGenerator[Outcome], requests: Iterable[Request]) -> AsyncGenerator[Outcome]:
    """The same, under a progress bar."""
    from tqdm.auto import tqdm

    found = failed = 0
    total = len(requests) if isinstance(requests, Sized) else None
    with tqdm(total=total, unit="film") as bar:
        async with aclosing(outcomes):
            async for outcome in outcomes:
                found += outcome.ok and (outcome.task is None or outcome.task.found)
                failed += not outcome.ok
                bar.set_postfix(already_made=found, failed=failed, refresh=False)
                bar.update()
                yield outcome
