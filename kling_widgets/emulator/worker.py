"""What happens to a task after its create: submitted, processing, then succeed or failed."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple

from . import jobs
from .copies import mark
from .job import Film, Job, Sheet
from .order import FilmOrder, SheetOrder
from .results import Results, new_name
from .store import Store
from .task import Task

_log = logging.getLogger(__name__)

SUBMITTED = 1.0
"""Nominal seconds; the vendor needs minutes, a rehearsal should not."""
PROCESSING = 4.0
FULL = "There is no space left on the disk of the emulator"

_ANOTHER_TRY = 5.0

Render = Callable[[Job, Path, Path | None], Film]
"""Writes the film to the path, and its watermarked copy to the second; in a thread.

Raises ValueError with a reason that a person may read.
"""

Draw = Callable[[Sheet, Sequence[Path]], None]
"""Writes the sheet's pictures, one PNG file to each path; in a thread. Raises ValueError like Render."""


class _Made(NamedTuple):
    files: list[str]
    watermarked: list[str]
    seconds: float | None = None


class Worker:
    """Renders in `executor`, so that the server goes on answering."""

    def __init__(
        self,
        store: Store,
        results: Results,
        tell: Callable[[Task], None],
        *,
        render: Render,
        draw: Draw,
        executor: Executor,
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
        self._sleep = sleep
        self._speed = speed
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

        making = asyncio.get_running_loop().run_in_executor(self._executor, self._make, task)
        try:
            await self._sleep(PROCESSING / self._speed)
            made = await making
        except ValueError as error:
            ended = await self._noted(self._store.failed, task.task_id, str(error))
        except Exception as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if not full:
                _log.exception("task %s could not be rendered", task.task_id)
            words = FULL if full else "The task could not be rendered: an internal error of the emulator"
            ended = await self._noted(self._store.failed, task.task_id, words)
        else:
            ended = await self._noted(self._store.succeed, task.task_id, *made)
        finally:
            making.cancel()
        self._tell(ended)

    async def _noted(self, change: Callable[..., Task], *what: Any) -> Task:
        """Make the change, again and again until the disk has room for it: no task is forgotten in the middle."""
        said = False
        while True:
            try:
                return change(*what)
            except OSError as error:
                if not said:
                    _log.warning("task %s waits: %s", what[0], error)
                said = True
                await self._sleep(_ANOTHER_TRY)

    def _make(self, task: Task) -> _Made:
        if task.order.fails:
            raise ValueError(task.order.fails)

        files = self._store.files(task.task_id)
        match task.order:
            case FilmOrder():
                return self._film(jobs.film(task.order, files), task.order.watermark)
            case SheetOrder():
                return self._pictures(jobs.sheet(task.order, files), task.order.watermark)

    def _film(self, job: Job, watermark: bool) -> _Made:
        made = _Made([new_name(".mp4")], [new_name(".mp4")] if watermark else [])
        with self._results.writing([*made.files, *made.watermarked]) as paths:
            film = self._render(job, paths[0], paths[1] if watermark else None)
        return made._replace(seconds=film.seconds)

    def _pictures(self, sheet: Sheet, watermark: bool) -> _Made:
        files = [new_name(".png") for _ in range(sheet.n)]
        made = _Made(files, [new_name(".png") for _ in files] if watermark else [])
        with self._results.writing([*made.files, *made.watermarked]) as paths:
            self._draw(sheet, paths[: sheet.n])
            for plain, copy in zip(paths, paths[sheet.n :], strict=False):
                mark(plain, copy)
        return made
