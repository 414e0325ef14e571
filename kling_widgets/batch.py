"""Many requests at once: as many as the account takes, results as they end, one failure stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Sized
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kling_widgets.budget import Budget
from kling_widgets.errors import InvalidRequest, KlingError, Problem, TaskFailed
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.sending import NEXT_LOOK, Full
from kling_widgets.slots import Slots
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

    @property
    def found(self) -> bool:
        """Whether it was made before, so that nothing was charged now."""
        return self.ok and (self.task is None or self.task.found)

    def __str__(self) -> str:
        made = self.video or (f"{len(self.images)} pictures" if self.images else self.error)
        return f"{self.index}: {made}{', already made' * self.found}"


@dataclass(eq=False)
class Batch:
    """Runs requests: `found` gives a film that is on disk, `submitted` the task, `ended` the same once it has ended,
    failed or not, and `fetched` what it made.

    `slots` gives the slots that a request's pack has, and how many it takes.
    """

    found: Callable[[Request], Awaitable[Video | None]]
    submitted: Callable[[Request, Full], Awaitable[Task]]
    ended: Callable[[Task], Awaitable[Task]]
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
        end = None
        try:
            coming = enumerate(requests)
            while True:
                await room.acquire()
                index, request = next(coming)
                running = asyncio.create_task(await self._begun(index, request))
                self._working.add(running)
                running.add_done_callback(self._working.discard)
                running.add_done_callback(lambda _: room.release())
        except StopIteration:
            pass
        except Exception as error:  # of the caller's own generator; what was begun is paid for, and comes to its end
            end = error
        while self._working:
            await asyncio.wait(self._working)
        self._outcomes.put_nowait(end)

    async def _begun(self, index: int, request: Request) -> Coroutine[Any, Any, None]:
        """Work that has what it needs: its place in the budget, and its slots."""
        try:
            if not isinstance(request, Request):
                fix = "Give requests, such as kw.ImageToVideo(...)."
                raise InvalidRequest([Problem(f"requests[{index}]", f"A {type(request).__name__} is no request.", fix)])
            await self.budget.set_aside(request, self.key(request))
        except Exception as error:
            return self._say(Outcome(index, request, error=error))

        try:
            film = await self.found(request)
        except Exception as error:
            await self.budget.spent(self.key(request), 0)
            return self._say(Outcome(index, request, error=error))
        if film is not None:
            await self.budget.spent(self.key(request), None)
            return self._say(Outcome(index, request, video=film))
        slots, count = self.slots(request)
        await slots.take(count)
        return self._one(index, request, slots, count)

    async def _one(self, index: int, request: Request, slots: Slots, count: int) -> None:
        seat = _Seat(slots, count, self.patience)
        task = None
        cost = None  # as long as nobody knows whether there is a task, its price stays set aside
        try:
            try:
                task = await self.submitted(request, seat.full)
                task = await self.ended(task)
                cost = 0.0 if task.status == "failed" else task.units
            except KlingError as error:
                cost = 0.0 if error.nothing_made else None
                raise
            finally:
                seat.leave()
                await self.budget.spent(self.key(request), cost)
            if task.status == "failed":
                raise TaskFailed(task)
            made = await self.fetched(task)
        except Exception as error:
            await self._say(Outcome(index, request, task, error=error))
            return
        pictures = made if isinstance(made, tuple) else ()
        await self._say(Outcome(index, request, task, None if isinstance(made, tuple) else made, pictures))

    async def _say(self, outcome: Outcome) -> None:
        self._outcomes.put_nowait(outcome)


class _Seat:
    """The slots that a request has taken, from before its create to its task's end."""

    def __init__(self, slots: Slots, count: int, patience: Patience) -> None:
        self._slots = slots
        self._count = count
        self._patience = patience
        self._held = True
        self._failures = 0

    async def full(self, error: KlingError | None) -> None:
        """The account has no room, or a twin of this request is at it: give them back, and line up for others."""
        self._held = False
        if error is None:
            self._slots.lend(self._count)
            await self._patience.sleep(NEXT_LOOK)
        else:
            self._failures += 1
            self._slots.refused(self._count)
            await self._patience.pause(min(self._failures, 3), error)
        await self._slots.take(self._count)
        self._held = True

    def leave(self) -> None:
        if self._held:
            self._slots.give(self._count)


async def shown(outcomes: AsyncGenerator[Outcome], requests: Iterable[Request]) -> AsyncGenerator[Outcome]:
    """The same, under a progress bar."""
    from tqdm.auto import tqdm

    found = failed = 0
    total = len(requests) if isinstance(requests, Sized) else None
    with tqdm(total=total, unit="film") as bar:
        async with aclosing(outcomes):
            async for outcome in outcomes:
                found += outcome.found
                failed += not outcome.ok
                bar.set_postfix(already_made=found, failed=failed, refresh=False)
                bar.update()
                yield outcome
