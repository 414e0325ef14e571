"""Making a task exactly once, whatever becomes of the answer.

The id is in the journal, on disk, before it is sent. So one wish is one task, through crashes, re-runs, other kernels
and other machines.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from kling_widgets.errors import InvalidRequest, KlingError, KlingWarning, Problem, Rejected
from kling_widgets.journal import Entry, Journal, State
from kling_widgets.reading import printable
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.sending import NEXT_LOOK, Attempt, Find, Full, Sending, says_unknown
from kling_widgets.task import Task
from kling_widgets.wire import Wire

T = TypeVar("T")

_log = logging.getLogger("kling_widgets")


@dataclass(frozen=True)
class Submissions:
    """Makes tasks of one account: once per external_task_id."""

    wire: Wire
    journal: Journal
    patience: Patience
    find: Find

    async def once(self, request: Request, key: str, full: Full | None = None) -> Task:
        """The task with this external_task_id, made of `request` unless it was made before (`task.found`).

        `full` waits where the account's slots are taken. Raises KlingError; after each submitting again is safe.
        """
        attempt = Attempt(request, key, self.journal.sender())
        try:
            task = await self._told(attempt, full)
        except BaseException as error:
            await self._settled(attempt, error)
            raise
        try:
            await _done(partial(self.journal.saw, task, key))
        except KlingError as trouble:
            _log.warning("%s", trouble)  # it is made, and its id finds it again
        return task

    async def _told(self, attempt: Attempt, full: Full | None) -> Task:
        """The task from the journal or from the service, once it is our turn or another kernel has made it."""
        sending = Sending(self.wire, self.patience, self.find)

        async def ours() -> bool:
            # The claim again: it tells other kernels that this one is still at it.
            return (await self._claim(attempt))[2]

        while True:
            entry, before, mine = await self._claim(attempt)
            task = None
            if mine:
                attempt.unclear = before in ("sending", "unclear")
                task = await sending.made(attempt, ours, full)
            elif entry.task is not None:
                _same(entry, attempt.request)
                task = await self._known(entry, entry.task)
            if task is not None:
                return replace(task, external_id=task.external_id or attempt.key)
            # Another kernel is sending this very request, or a twin of it in this one.
            await (full(None) if full else self.patience.sleep(NEXT_LOOK))

    async def _claim(self, attempt: Attempt) -> tuple[Entry, State | None, bool]:
        request = attempt.request
        claim = partial(self.journal.claim, attempt.key, request.kind, request.gist(), request.cost(), attempt.sender)
        return await _done(claim)

    async def _settled(self, attempt: Attempt, error: BaseException) -> None:
        """Note down what became of it. Interrupted in the middle of the POST is as good as an answer that was lost."""
        if isinstance(error, KlingError) and not attempt.unclear:
            error.nothing_made = True
        why = printable(str(error))[:500] if isinstance(error, KlingError) else type(error).__name__
        state: State = "unclear" if attempt.unclear else "refused"
        settle = partial(self.journal.settle, attempt.key, attempt.sender, state, why)
        try:
            if isinstance(error, GeneratorExit):  # nothing can be awaited any more
                settle()
            else:
                await _done(settle)
        except KlingError as trouble:
            _log.warning("%s", trouble)  # others may wait for nothing for a while; what is raised matters more

    async def _known(self, entry: Entry, task: Task) -> Task | None:
        """The task that the journal knows, as it is by now; None where it has to be made again."""
        if task.status != "failed" and not (entry.film is not None and entry.film.exists()):
            try:
                task = await self.patience.read(lambda: self.find(entry.key, entry.kind), tries=2)
            except Rejected as error:
                if not says_unknown(error):
                    raise
                await self._vanished(entry, task)
                return None
            except KlingError as error:
                # Out of reach: what is known still holds, and watching goes on by itself.
                if not error.transient:
                    raise
        return replace(task, found=True)

    async def _vanished(self, entry: Entry, task: Task) -> None:
        """The service no longer knows a task that it had: an emulator without --data forgets, the vendor clears."""
        if task.status == "succeed" and not self.wire.loopback:
            raise KlingError(
                f"This was made and paid for on {entry.created_at.date()} (task {task.id}), but the service no "
                "longer knows it, and its film is not where it was saved. It is not made again by itself, since that "
                "would be paid for again: ask for another take, such as take=2."
            )
        _log.info("Task %s is unknown at %s by now; it is made again.", task.id, self.wire.host)
        await _done(partial(self.journal.gone, entry.key, task))


async def _done(work: Callable[[], T]) -> T:
    """What `work` gives, in a thread. Who is interrupted meanwhile waits for it all the same: half a deed is none."""
    doing = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        while not doing.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([doing])
        raise


def _same(entry: Entry, request: Request) -> None:
    """An id of the user's own may have been used for something else: then its task is not what is asked for."""
    if entry.kind != request.kind:
        message = f"It was used for {entry.kind} (task {entry.task and entry.task.id})."
        raise InvalidRequest([Problem("external_task_id", message, "Choose another external_task_id.")])
    # A key of ours is made of the request itself.
    if request.own_id() and entry.request != json.loads(json.dumps(request.gist())):
        note = f'external_task_id "{entry.key}" was used before for another request; the task of that one is given.'
        warnings.warn(note, KlingWarning, stacklevel=5)
