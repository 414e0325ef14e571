"""What happens to a task after its create: submitted, processing, then succeed or failed."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from typing import Any, TypeVar

from .making import Draw, Made, Render, make
from .results import Results, new_name
from .room import Room
from .store import Store
from .task import Task

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

SUBMITTED = 1.0
"""Nominal seconds; the vendor needs minutes, a rehearsal should not."""
PROCESSING = 4.0
FULL = "There is no space left on the disk of the emulator"
LOST = (
    "The task could not be rendered: the process that did so was killed in the middle, most likely for want of memory. "
    "Ask for less at once, or start the emulator with fewer --workers"
)
BROKEN = "The task could not be rendered: an internal error of the emulator"

_ANOTHER_TRY = 5.0


class Worker:
    """Has the films made in `executor`, wherever that is; what it takes from here and puts here it does in `disk`."""

    def __init__(
        self,
        store: Store,
        results: Results,
        tell: Callable[[Task], None],
        *,
        render: Render,
        draw: Draw,
        executor: Executor,
        disk: Executor,
        sleep: Callable[[float], Awaitable[None]],
        speed: float,
    ) -> None:
        """`tell` is called with the task after each change; `speed` divides the nominal waits."""
        self._store = store
        self._results = results
        self._tell = tell
        self._render = render
        self._draw = draw
        self._executor = executor
        self._disk = disk
        self._sleep = sleep
        self._speed = speed
        self._room = Room()
        self._running: set[asyncio.Task[None]] = set()

    def accept(self, task: Task) -> None:
        """Take a new task, or one that an earlier run left unfinished."""
        running = asyncio.create_task(self._run(task))
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def aclose(self) -> None:
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, task: Task) -> None:
        if task.status == "submitted":
            await self._sleep(SUBMITTED / self._speed)
            self._tell(await self._noted(self._store.processing, task.task_id))

        making = asyncio.create_task(self._made(task))
        try:
            await self._sleep(PROCESSING / self._speed)
            made = await making
        except Exception as error:
            ended = await self._noted(self._store.failed, task.task_id, _words(task, error))
        else:
            ended = await self._noted(self._store.succeed, task.task_id, *made)
        finally:
            making.cancel()
            await asyncio.wait([making])
        self._tell(ended)

    async def _noted(self, change: Callable[..., Task], *what: Any) -> Task:
        """Make the change, again and again until the disk has room for it: no task is forgotten in the middle."""
        said = False
        while True:
            try:
                return await self._on_disk(change, *what)
            except OSError as error:
                if not said:
                    _log.warning("task %s waits: %s", what[0], error)
                said = True
                await self._sleep(_ANOTHER_TRY)

    async def _made(self, task: Task) -> tuple[list[str], list[str], float | None]:
        """The names of the results, which are there by then, those of their marked copies, and a film's seconds."""
        # What waits for its turn to be rendered waits with its pictures in memory.
        async with self._room.held(await self._on_disk(self._store.weight, task.task_id)):
            files = await self._on_disk(self._store.files, task.task_id)
            # Handing it over is work too, where it is pickled on the spot.
            rendering = await self._on_disk(
                partial(self._executor.submit, make, task.order, files, self._render, self._draw)
            )
            made = await asyncio.wrap_future(rendering)
        return await self._on_disk(self._keep, made)

    def _keep(self, made: Made) -> tuple[list[str], list[str], float | None]:
        files = [new_name(made.suffix) for _ in made.files]
        watermarked = [new_name(made.suffix) for _ in made.watermarked]
        with self._results.writing([*files, *watermarked]) as paths:
            for path, data in zip(paths, [*made.files, *made.watermarked], strict=True):
                path.write_bytes(data)
        return files, watermarked, made.seconds

    async def _on_disk(self, work: Callable[..., _T], *args: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, partial(work, *args))


def _words(task: Task, error: Exception) -> str:
    """What the person who asked is told; the rest is for the log."""
    if isinstance(error, ValueError):
        return str(error)

    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL

    _log.error("task %s could not be rendered", task.task_id, exc_info=error)
    return LOST if isinstance(error, BrokenExecutor) else BROKEN
