"""The POST that makes a task, sent until there is an answer that can be trusted.

A lost answer is looked up by the task's id before the same is sent again, and an id that "already exists" is adopted.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from kling_widgets.endpoint import Kind
from kling_widgets.errors import ConnectionFailed, KlingError, RateLimited, Rejected, ResponseError
from kling_widgets.raw_request import RawRequest
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.wire import Wire

Find = Callable[[str, Kind], Awaitable[Task]]
"""Looks a task up by one of its ids. Raises Rejected where there is none."""

Full = Callable[[KlingError | None], Awaitable[None]]
"""Waits until the account may have a slot free; with None, while somebody else sends the same: he may need ours."""

SENDS = 6
"""How often the same is sent where answers are lost or the service is in trouble."""
SENDS_UNSENT = 4
"""How often where nothing leaves this machine: who has no network wants to hear of it soon."""
FULL_FOR = 1800.0
"""Seconds that a full account is waited for: a slot is free when a film is done."""

NEXT_LOOK = 0.5
"""Seconds between looks at what somebody else is sending."""

_NO_TASK = (
    "{endpoint} answers at once and gives no task, so there is nothing to follow or to fetch. "
    "Only endpoints that make tasks can be submitted to."
)
_SAFE_AGAIN = (
    "The task may have been made all the same. Submit the same request again: it carries the same id, so the service "
    "finds that task instead of making a second one."
)
_NOT_SHOWN = (
    "The service says that the task of this request exists already, but does not show it. Submit the same request "
    "again a little later: it is not made twice."
)

_log = logging.getLogger("kling_widgets")


@dataclass
class Attempt:
    """One sender's try. `unclear` as long as there may be a task that nobody has told us of."""

    request: Request
    key: str
    sender: str
    unclear: bool = True

    @property
    def kind(self) -> Kind:
        return self.request.kind


@dataclass(frozen=True)
class Sending:
    """Sends what an attempt asks for. `find` looks a task up."""

    wire: Wire
    patience: Patience
    find: Find

    async def made(self, attempt: Attempt, ours: Callable[[], Awaitable[bool]], full: Full | None) -> Task | None:
        """The task, made or found. None where it is not `ours` to send any more: it is asked before each repetition.

        Raises KlingError; `attempt.unclear` then tells whether there may be a task.
        """
        request, key = attempt.request, attempt.key
        body = {**request.payload(), "external_task_id": key}
        line, failures = _Line(self.patience, full), 0
        if attempt.unclear and (task := await self._searched(attempt, (0, 1))):
            return replace(task, found=True)

        while True:
            unclear, attempt.unclear = attempt.unclear, True
            try:
                data = await self.wire.post(request.endpoint, body)
                if isinstance(request, RawRequest) and _at_once(data):
                    break
                return Task.from_wire(attempt.kind, data)
            except KlingError as error:
                if _says_taken(error):
                    return replace(await self._adopted(attempt, error), found=True)
                verdict = error.retry("create")
                attempt.unclear = unclear or verdict == "lookup"
                if verdict not in ("lookup", "backoff"):
                    raise

                if isinstance(error, RateLimited) and error.code == 1303:
                    await line.wait(error)
                else:
                    failures += 1
                    if task := await self._after(failures, error, attempt):
                        return task
            if not await ours():
                return None
        raise ResponseError(_NO_TASK.format(endpoint=request.endpoint))

    async def _after(self, failures: int, error: KlingError, attempt: Attempt) -> Task | None:
        """Wait. The task, where it was made all the same. Raises `error` where it has failed often enough."""
        lost = error.retry("create") == "lookup"
        _say(failures, "Looking whether the task was made" if lost else "Not sent yet, trying again", error)
        if lost and (task := await self._searched(attempt, (failures, failures + 1), error)):
            return task

        unsent = isinstance(error, ConnectionFailed) and not error.sent
        if failures >= (SENDS_UNSENT if unsent else SENDS):
            if attempt.unclear:
                raise _safe_again(error) from error
            raise error
        if not lost:
            await self.patience.pause(failures, error)
        return None

    async def _searched(self, attempt: Attempt, waits: tuple[int, ...], error: KlingError | None = None) -> Task | None:
        """The task that may have been made although its answer was lost: looked for after each of these waits."""
        for wait in waits:
            if wait:
                await self.patience.pause(wait, error)
            try:
                return await self.patience.read(lambda: self.find(attempt.key, attempt.kind))
            except KlingError as trouble:
                if not says_unknown(trouble):  # what cannot be looked up is not sent again
                    raise _safe_again(trouble) from error
        return None

    async def _adopted(self, attempt: Attempt, refusal: KlingError) -> Task:
        """The task that exists already; just made elsewhere, it may be a moment before it can be seen."""
        if task := await self._searched(attempt, (0, 1, 2)):
            return task
        if not attempt.request.own_id():  # our keys are of one request each, so it is its task
            raise ResponseError(_NOT_SHOWN) from refusal
        attempt.unclear = False
        assert isinstance(refusal, Rejected)
        message = f"{refusal.message} - but not for {attempt.kind}; choose another external_task_id"
        raise Rejected(refusal.code, refusal.http_status, message, refusal.request_id) from refusal


class _Line:
    """Waiting for a slot of an account that is full; not for ever, since others may hold them."""

    def __init__(self, patience: Patience, full: Full | None) -> None:
        self._patience = patience
        self._full = full
        self._since: float | None = None
        self._refusals = 0

    async def wait(self, error: KlingError) -> None:
        """Raises `error` where it has been enough."""
        now = self._patience.now()
        if self._since is None:
            self._since = now
        if now - self._since > FULL_FOR:
            raise error
        self._refusals += 1
        if self._full:
            await self._full(error)
        else:
            _say(self._refusals, "The account is full, trying again", error)
            await self._patience.pause(self._refusals, error)


def says_unknown(error: KlingError) -> bool:
    """Whether there is no such task. Not HTTP 404: the vendor tells it by the text."""
    return isinstance(error, Rejected) and error.code == 1201 and "not found" in error.message.lower()


def _says_taken(error: KlingError) -> bool:
    return isinstance(error, Rejected) and error.code == 1201 and "already exists" in error.message.lower()


def _say(failures: int, what: str, error: KlingError) -> None:
    """In the log; aloud once, when it begins to take time."""
    _log.log(logging.WARNING if failures == 3 else logging.INFO, "%s: %s", what, error)


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
