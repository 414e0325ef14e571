"""What happens to a task after its create: submitted, processing, then succeed or failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from pathlib import Path

from . import films, jobs
from .films import Films
from .job import Film, Job
from .store import Store
from .task import Task

_log = logging.getLogger(__name__)

# Nominal seconds; the vendor needs minutes, a rehearsal should not.
_SUBMITTED = 1.0
_PROCESSING = 4.0

Render = Callable[[Job, Path], Film]
"""Writes the film to the path; runs in a thread; raises ValueError with a reason that a person may read."""


class Worker:
    """Renders in `executor`, so that the server goes on answering."""

    def __init__(
        self,
        store: Store,
        films: Films,
        tell: Callable[[Task], None],
        *,
        render: Render,
        executor: Executor,
        sleep: Callable[[float], Awaitable[None]],
        speed: float,
    ) -> None:
        """`tell` is called with the task after each change; `speed` divides the nominal waits."""
        self._store = store
        self._films = films
        self._tell = tell
        self._render = render
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
            await self._sleep(_SUBMITTED / self._speed)
            self._tell(self._store.processing(task.task_id))

        name = films.new_name()
        making = asyncio.get_running_loop().run_in_executor(self._executor, self._make, task, name)
        try:
            await self._sleep(_PROCESSING / self._speed)
            film = await making
        except ValueError as error:
            ended = self._store.failed(task.task_id, str(error))
        except Exception:
            _log.exception("task %s could not be rendered", task.task_id)
            ended = self._store.failed(
                task.task_id, "The film could not be rendered: an internal error of the emulator"
            )
        else:
            watermarked = films.new_name() if task.order.watermark else None
            ended = self._store.succeed(task.task_id, film=name, watermarked=watermarked, seconds=film.seconds)
        finally:
            making.cancel()
        self._tell(ended)

    def _make(self, task: Task, name: str) -> Film:
        torso = self._films.unfinished_path(name)
        try:
            film = self._render(jobs.build(task.order, self._store.files(task.task_id)), torso)
            torso.replace(self._films.path(name))
        finally:
            torso.unlink(missing_ok=True)
        return film
