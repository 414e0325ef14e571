"""What can go wrong, as one tree:

    KlingError
    ├── InvalidRequest    (ValueError)       refused here, before any network; .problems .change .fixed()
    ├── ConnectionFailed  (ConnectionError)  no answer came
    ├── ResponseError                        an answer came that is not the vendor's
    │   └── LinkEnded                        a film's address gives nothing any more; .until .gone (in fetch.py)
    ├── APIError                             the service said no; .code .http_status .message .request_id
    │   ├── NotAuthorized                    1000-1004: key, token, clock
    │   ├── AccountError                     1100-1103: money, packs, permissions
    │   ├── RateLimited                      1302, 1303: too fast, or too many at once
    │   ├── Rejected                         1200-1203, 1300, 1301, 1304: this call cannot succeed
    │   └── ServerError                      5000-5002: the service's own trouble
    ├── TaskFailed                           the task ended without a film; .task
    ├── OverBudget                           a batch's budget cannot pay for it; nothing was sent
    ├── TaskTimeout       (TimeoutError)     we stopped waiting, the task did not; .task
    ├── BadSignature                         a callback that the service did not sign, or long ago
    └── MissingExtra      (ImportError)      a part that is installed apart

Every `str(error)` is made to be shown to a person as it is. What may be tried again after each, and how, is in one
place: the table data/errors.json, read by `error.retry("read")` and `error.retry("create")`.
Constructor arguments are the exception's `args`, so all of them survive pickling.
"""

# ruff: noqa: N818 - a failure is a noun with facts, and these names are promised

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from kling_widgets.task import Task


SHOWN = 30  # problems that a person reads at once
ROUNDS = 8  # more changes upon changes than any request has problems that hide each other


class KlingWarning(UserWarning):
    """Something that may go wrong, but that only the service can decide."""


Retry = Literal["never", "backoff", "resign", "lookup"]
"""What may be done after an error.

never: nothing. backoff: wait, growing and jittered, and send the same again. resign: sign a new token and send the same
again, once. lookup: a task may exist; look for it by its external_task_id before the same is sent again.
"""

Call = Literal["read", "create"]


class KlingError(Exception):
    """Any error of this package."""

    retry_after: float | None = None
    """Seconds that the service asked to wait (`Retry-After`); None where it did not say."""

    nothing_made: bool = False
    """True where a submission has surely made no task, so that it costs nothing."""

    def retry(self, call: Call) -> Retry:
        """What may be done after this error of a read, or of the POST that makes a task."""
        return "never"

    @property
    def transient(self) -> bool:
        """Whether the same read may succeed a little later."""
        return self.retry("read") == "backoff"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a request; `field` is its path on the wire, such as `multi_prompt[2].duration`.

    `change` are the request's fields to set that mend it, where there is one plain way; None as a value leaves the
    field out.
    """

    field: str
    message: str
    fix: str
    change: Mapping[str, Any] | None = dataclasses.field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.field}: {self.message} {self.fix}".rstrip()


class InvalidRequest(KlingError, ValueError):
    """Raised when a request, a picture or a drawing is built wrong. Nothing was sent."""

    nothing_made = True

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        self._again: Callable[[Mapping[str, Any]], Any] | None = None
        super().__init__(self.problems)

    @property
    def change(self) -> dict[str, Any] | None:
        """Fields of the request to set that mend what can be mended; None as a value leaves the field out."""
        return combined(self.problems)

    def fixed(self) -> Any:
        """The request built again, with the `change` of every problem that has one.

        Raises InvalidRequest with what is left where that does not mend it all.
        """
        error = self
        # What was mended may bring another problem to light: the shots' sum, and then that no model is so long.
        for _ in range(ROUNDS):
            change = error.change
            if error._again is None or change is None:
                break
            try:
                return error._again(change)
            except InvalidRequest as left:
                error = left
        if error is self:
            error = InvalidRequest(self.problems)
            error.add_note("No change that can be made by itself mends any of this.")
        raise error from None

    def __str__(self) -> str:
        lines = [f"{len(self.problems)} problems:", *(f"- {problem}" for problem in self.problems[:SHOWN])]
        if len(self.problems) > SHOWN:
            lines.append(f"- and {len(self.problems) - SHOWN} more, in error.problems.")
        text = str(self.problems[0]) if len(self.problems) == 1 else "\n".join(lines)
        # A name may hold half a character; the words about it must be printable all the same.
        return text.encode(errors="backslashreplace").decode()

    def __reduce__(self) -> tuple[type[InvalidRequest], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # the refused fields, pictures among them, do not travel


def combined(problems: Iterable[Problem]) -> dict[str, Any] | None:
    """The changes of several problems as one; of two that set the same field the first counts. None: there is none."""
    change: dict[str, Any] = {}
    for problem in problems:
        if problem.change and not problem.change.keys() & change.keys():
            change |= problem.change
    return change or None


class ConnectionFailed(KlingError, ConnectionError):
    """Raised when no answer came. `sent` is False where the request surely never left."""

    def __init__(self, message: str, sent: bool = True) -> None:
        self.sent = sent
        super().__init__(message, sent)

    def __str__(self) -> str:
        return str(self.args[0])

    def retry(self, call: Call) -> Retry:
        return _without_code("lost" if self.sent else "unsent", call)


class ResponseError(KlingError):
    """Raised when an answer cannot be read. `http_status` is None where the frame was good and one field was not."""

    def __init__(self, message: str, http_status: int | None = None) -> None:
        self.http_status = http_status
        super().__init__(message, http_status)

    def __str__(self) -> str:
        return str(self.args[0])

    def retry(self, call: Call) -> Retry:
        # A proxy's page passes, and so does a captive portal's 200; a good frame with a bad field reads no better.
        if self.http_status is None:
            return "lookup" if call == "create" else "never"
        return _without_code(_event(self.http_status), call)


class APIError(KlingError):
    """Raised when the service answers with a code other than 0. `APIError.of` picks the class that fits the code."""

    def __init__(self, code: int, http_status: int, message: str, request_id: str = "") -> None:
        self.code = code
        self.http_status = http_status
        self.message = message
        self.request_id = request_id
        super().__init__(code, http_status, message, request_id)

    @classmethod
    def of(cls, code: int, http_status: int, message: str, request_id: str = "") -> APIError:
        return _family(code, http_status)(code, http_status, message, request_id)

    def __str__(self) -> str:
        row = _codes().get(self.code)
        meaning = row["meaning"] if row else "a code this version does not know"
        said = f'"{self.message}"' if self.message else "no message"
        where = f"code {self.code}, HTTP {self.http_status}" + (
            f", request {self.request_id}" if self.request_id else ""
        )
        # A pointer to another part of the table is for its readers, not for whoever sees the error.
        advice = f" What to do: {row['action'].partition('; see about')[0]}." if row else ""
        return f"The service refused: {meaning}. It said {said} ({where}).{advice}"

    def retry(self, call: Call) -> Retry:
        row = _codes().get(self.code)
        if row is None:
            # A code that nobody knows is a refusal still; where HTTP has its own word, that counts.
            return "never" if 200 <= self.http_status < 300 else _without_code(_event(self.http_status), call)
        verdict: Retry = row["retry"][call]
        return verdict


class NotAuthorized(APIError):
    """Raised for codes 1000-1004: the key, the token or the clock is wrong."""


class AccountError(APIError):
    """Raised for codes 1100-1103: the account may not do this, or cannot pay for it."""


class RateLimited(APIError):
    """Raised for codes 1302 and 1303: wait for a while, or for a running task to end."""


class Rejected(APIError):
    """Raised for codes 12xx, 1300, 1301 and 1304: the same call can never succeed."""


class ServerError(APIError):
    """Raised for codes 5xxx: the service is in trouble."""


class TaskFailed(KlingError):
    """Raised when a task ended as `failed`; `task.message` is the service's reason."""

    def __init__(self, task: Task) -> None:
        self.task = task
        super().__init__(task)

    def __str__(self) -> str:
        said = f'"{self.task.message.rstrip(".")}"' if self.task.message else "no reason was given"
        return f"Task {self.task.id} failed: {said}. {in_our_words(self.task.message)}"


class OverBudget(KlingError):
    """Raised for a request that the budget of its batch cannot pay for. Nothing was sent."""

    nothing_made = True


class TaskTimeout(KlingError, TimeoutError):
    """Raised when waiting took longer than asked. The task itself goes on."""

    def __init__(self, task: Task) -> None:
        self.task = task
        super().__init__(task)

    def __str__(self) -> str:
        return (
            f"Stopped waiting for task {self.task.id}, which is {self.task.status}. It still runs and is still billed: "
            "wait(error.task) goes on where this stopped."
        )


class BadSignature(KlingError):
    """Raised when a callback is not signed with our secret, or was signed too long ago; `kw.callbacks` has it too."""

    def __str__(self) -> str:
        return f"A callback was not taken: {self.args[0]}"


class MissingExtra(KlingError, ImportError):
    """Raised when a part is used that is installed apart."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(what, extra)

    def __str__(self) -> str:
        return f'{self.args[0]} is not installed. Run: pip install "kling-widgets[{self.extra}]"'


def _family(code: int, http_status: int) -> type[APIError]:
    match code:
        case 1302 | 1303:
            return RateLimited
        case _ if 1000 <= code < 1100:
            return NotAuthorized
        case _ if 1100 <= code < 1200:
            return AccountError
        case _ if 1200 <= code < 1400:
            return Rejected
        case _ if code >= 5000 or http_status >= 500:
            return ServerError
    return APIError


def in_our_words(message: str) -> str:
    """What a failed task's message means, and what to do; the last row of the table is for those nobody has seen."""
    said = message.lower()
    row = next(row for row in _table()["task_messages"] if row["contains"] in said)
    return f"{row['meaning']} {row['action']}".strip()


@functools.cache
def _codes() -> dict[int, dict[str, Any]]:
    """The rows of data/errors.json by their code, but for 0, which is no error."""
    return {row["code"]: row for row in _table()["errors"] if row["code"]}


def _event(status: int) -> str:
    """An answer without a code, by its HTTP status, as the table has it."""
    return str(status) if status in (408, 429) else f"{status // 100}xx"


def _without_code(event: str, call: Call) -> Retry:
    """After what happens outside the vendor's frame: a row of the table by its `when`."""
    row = next((row for row in _table()["transport"] if row["when"] == event), None)
    verdict: Retry = row["retry"][call] if row else "never"
    return verdict


@functools.cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(resources.files("kling_widgets").joinpath("data/errors.json").read_text("utf-8"))
    return table
