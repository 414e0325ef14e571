"""Making a task exactly once, whatever becomes of the answer.

The id is in the journal, on disk, before it is sent. A lost answer is looked up by that id before the same is sent
again, and an id that "already exists" is adopted: so one wish is one task, through crashes, re-runs, other kernels and
other machines.
"""

from __future__ import annotations

import asyncio
import json
import logging
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kling_widgets.endpoint import Kind
from kling_widgets.errors import (
    ConnectionFailed,
    InvalidRequest,
    KlingError,
    KlingWarning,
    Problem,
    RateLimited,
    Rejected,
    ResponseError,
)
from kling_widgets.journal import Entry, Journal, State
from kling_widgets.raw_request import RawRequest
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.wire import Wire

Find = Callable[[str, Kind], Awaitable[Task]]
"""Looks a task up by one of its ids. Raises Rejected where there is none."""

Full = Callable[[KlingError], Awaitable[None]]
"""Waits until the account may have a slot free."""

SENDS = 6
"""How often the same is sent where answers are lost or the service is in trouble."""
SENDS_UNSENT = 4
"""How often where nothing leaves this machine: who has no network wants to hear of it soon."""
FULL_FOR = 1800.0
"""Seconds that a full account is waited for: a slot is free when a film is done."""
NEXT_LOOK = 0.5
"""Seconds between looks at what another kernel is sending."""

_NO_TASK = (
    "{endpoint} answers at once and gives no task, so there is nothing to follow or to fetch. "
    "Only endpoints that make tasks can be submitted to."
)
_SAFE_AGAIN = (
    "The task may have been made all the same. Submit the same request again: it carries the same id, so the service "
    "finds that task instead of making a second one."
)

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
        sender = self.journal.sender()
        claim = partial(self.journal.claim, key, request.kind, _kept(request), request.cost(), sender)
        entry, before, mine = await asyncio.to_thread(claim)
        while not mine:
            if entry.task is not None:
                _same(entry, request)
                if task := await self._known(entry):
                    return replace(task, found=True)
            await self.patience.sleep(NEXT_LOOK)  # another kernel is sending this very request
            entry, before, mine = await asyncio.to_thread(claim)

        try:
            task = await self._made(request, key, before, claim, full)
        except BaseException as error:
            # Interrupted in the middle of the POST: as good as an answer that was lost.
            unclear = not isinstance(error, KlingError) or error.retry("create") == "lookup"
            state: State = "unclear" if unclear else "refused"
            await asyncio.shield(asyncio.to_thread(self.journal.settle, key, state, str(error)[:500]))
            raise
        await asyncio.to_thread(self.journal.saw, task)
        return task

    async def _known(self, entry: Entry) -> Task | None:
        """The task that the journal knows, as it is by now; None where it has to be made again."""
        assert entry.task is not None
        if entry.task.status == "failed" or (entry.film is not None and entry.film.exists()):
            return entry.task
        try:
            task = await self.patience.read(lambda: self.find(entry.key, entry.kind))
        except Rejected as error:
            if not _says_unknown(error):
                raise
            await self._vanished(entry)
            return None
        except KlingError as error:
            if not error.transient:
                raise
            return entry.task  # out of reach: what is known still holds, and watching goes on by itself
        await asyncio.to_thread(self.journal.saw, task)
        return task

    async def _vanished(self, entry: Entry) -> None:
        """The service no longer knows a task that it had: an emulator without --data forgets, the vendor clears."""
        assert entry.task is not None
        if entry.task.status == "succeed" and not self.wire.loopback:
            raise KlingError(
                f"This was made and paid for on {entry.created_at.date()} (task {entry.task.id}), but the service no "
                "longer knows it, and its film is not where it was saved. It is not made again by itself, since that "
                "would be paid for again: ask for another take, such as take=2."
            )
        _log.info("Task %s is unknown at %s by now; it is made again.", entry.task.id, self.wire.host)
        await asyncio.to_thread(partial(self.journal.settle, entry.key, "unclear", "gone", forget=True))

    async def _made(
        self, request: Request, key: str, before: State | None, claim: Callable[[], Any], full: Full | None
    ) -> Task:
        """Sends until there is an answer that can be trusted."""
        body = {**request.payload(), "external_task_id": key}
        started, failures = self.patience.now(), 0
        if before in ("sending", "unclear") and (task := await self._searched(request.kind, key, (0, 1))):
            return replace(task, found=True)

        while True:
            try:
                data = await self.wire.post(request.endpoint, body)
                if isinstance(request, RawRequest) and _at_once(data):
                    break
                return Task.from_wire(request.kind, data)
            except KlingError as error:
                if _says_taken(error):
                    return replace(await self._adopted(request.kind, key, error), found=True)
                failures += 1
                verdict = error.retry("create")
                if verdict == "lookup":
                    _say(failures, "Looking whether the task was made", error)
                    if task := await self._searched(request.kind, key, (failures, failures + 1), error):
                        return task
                elif verdict != "backoff":
                    raise
                if self._enough(error, failures, started):
                    if verdict == "lookup":
                        raise _safe_again(error) from error
                    raise
                if verdict == "backoff":
                    await self._wait(error, failures, full)
            # The claim again: it tells other kernels that this one is still at it.
            await asyncio.to_thread(claim)
        raise ResponseError(_NO_TASK.format(endpoint=request.endpoint))

    def _enough(self, error: KlingError, failures: int, started: float) -> bool:
        if isinstance(error, RateLimited) and error.code == 1303:
            return self.patience.now() - started > FULL_FOR
        unsent = isinstance(error, ConnectionFailed) and not error.sent
        return failures >= (SENDS_UNSENT if unsent else SENDS)

    async def _wait(self, error: KlingError, failures: int, full: Full | None) -> None:
        if full and isinstance(error, RateLimited) and error.code == 1303:
            await full(error)
            return
        _say(failures, "Not sent yet, trying again", error)
        await self.patience.pause(failures, error)

    async def _searched(
        self, kind: Kind, key: str, waits: tuple[int, ...], error: KlingError | None = None
    ) -> Task | None:
        """The task that may have been made although its answer was lost: looked for after each of these waits."""
        for wait in waits:
            if wait:
                await self.patience.pause(wait, error)
            try:
                task = await self._looked_up(kind, key)
            except KlingError as trouble:  # what cannot be looked up is not sent again
                raise _safe_again(trouble) from error
            if task is not None:
                return task
        return None

    async def _looked_up(self, kind: Kind, key: str) -> Task | None:
        try:
            return await self.patience.read(lambda: self.find(key, kind))
        except Rejected as error:
            if not _says_unknown(error):
                raise
            return None

    async def _adopted(self, kind: Kind, key: str, refusal: KlingError) -> Task:
        """The task that exists already; just made elsewhere, it may be a moment before it can be seen."""
        for failures in (1, 2, 3):
            if task := await self._looked_up(kind, key):
                return task
            await self.patience.pause(failures)
        assert isinstance(refusal, Rejected)
        message = f"{refusal.message} - but not for {kind}; choose another external_task_id"
        raise Rejected(refusal.code, refusal.http_status, message, refusal.request_id) from refusal


def _same(entry: Entry, request: Request) -> None:
    """An id of the user's own may have been used for something else: then its task is not what is asked for."""
    if entry.kind != request.kind:
        message = f"It was used for {entry.kind} (task {entry.task and entry.task.id})."
        raise InvalidRequest([Problem("external_task_id", message, "Choose another external_task_id.")])
    if entry.request != json.loads(json.dumps(_kept(request))):
        note = f'external_task_id "{entry.key}" was used before for another request; the task of that one is given.'
        warnings.warn(note, KlingWarning, stacklevel=5)


def _say(failures: int, what: str, error: KlingError) -> None:
    """In the log; aloud once, when it begins to take time."""
    _log.log(logging.WARNING if failures == 3 else logging.INFO, "%s: %s", what, error)


def _kept(request: Request) -> Mapping[str, Any]:
    """What the journal keeps of a request; a callback's address may bear a key of the user's."""
    outline = request.outline()
    return {name: value for name, value in outline.items() if name not in ("callback_url", "external_task_id")}


def _says_taken(error: KlingError) -> bool:
    return isinstance(error, Rejected) and error.code == 1201 and "already exists" in error.message.lower()


def _says_unknown(error: KlingError) -> bool:
    """Not HTTP 404: the vendor tells it by the text."""
    return isinstance(error, Rejected) and error.code == 1201 and "not found" in error.message.lower()


def _safe_again(error: KlingError) -> KlingError:
    if isinstance(error, ConnectionFailed):
        return ConnectionFailed(f"{error} {_SAFE_AGAIN}")
    if isinstance(error, ResponseError):
        return ResponseError(f"{error} {_SAFE_AGAIN}", error.http_status)
    error.add_note(_SAFE_AGAIN)
    return error


def _at_once(data: object) -> bool:
    """Whether an answer is already what was asked for, as that of face recognition or of speech."""
    return not (isinstance(data, Mapping) and data.keys() & {"task_id", "task_status"})
