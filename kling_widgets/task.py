"""A task: what the service says of one film in the making, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from kling_widgets.errors import ResponseError

Kind = Literal["image2video", "effects"]
Status = Literal["submitted", "processing", "succeed", "failed"]

# The vendor's newer style says "succeeded" where this one says "succeed".
_STATUSES: dict[str, Status] = {**{status: status for status in get_args(Status)}, "succeeded": "succeed"}


@dataclass(frozen=True)
class Result:
    """One film of a task. `duration` is in seconds and None where the service does not say; urls end after 30 days."""

    id: str
    url: str
    watermark_url: str | None = None
    duration: float | None = None


@dataclass(frozen=True, repr=False)
class Task:
    """The state of a task. Times are aware, in UTC. `units` is what it cost, known once it has ended."""

    id: str
    external_id: str | None
    kind: Kind
    status: Status
    message: str
    videos: tuple[Result, ...]
    created_at: datetime
    updated_at: datetime
    units: float | None = None

    @property
    def ended(self) -> bool:
        return self.status in ("succeed", "failed")

    @classmethod
    def from_wire(cls, kind: Kind, data: object) -> Task:
        """Read the `data` of an answer, or the body of a callback. Raises ResponseError naming what is unreadable."""
        fields = _mapping(data, "data")
        word = _text(fields, "task_status")
        if word not in _STATUSES:
            known = ", ".join(get_args(Status))
            raise ResponseError(
                f'The answer has task_status "{word}", which is none of {known}. Is there a newer version?'
            )

        info = _mapping(fields.get("task_info") or {}, "task_info")
        result = _mapping(fields.get("task_result") or {}, "task_result")
        videos = result.get("videos") or ()
        if not isinstance(videos, list | tuple):
            raise _unreadable("task_result.videos", videos)

        return cls(
            id=_text(fields, "task_id"),
            external_id=_optional(info, "external_task_id", "task_info.") or None,
            kind=kind,
            status=_STATUSES[word],
            message=_optional(fields, "task_status_msg") or "",
            videos=tuple(_result(video, f"task_result.videos[{n}]") for n, video in enumerate(videos)),
            created_at=_time(fields, "created_at"),
            updated_at=_time(fields, "updated_at"),
            units=_number(fields, "final_unit_deduction"),
        )

    def __repr__(self) -> str:
        films = {0: "", 1: ", 1 film"}.get(len(self.videos), f", {len(self.videos)} films")
        units = "" if self.units is None else f", {self.units:g} unit{'s' * (self.units != 1)}"
        reason = f": {self.message}" if self.message else ""
        return f"Task {self.id} ({self.kind}) {self.status}{films}{units}{reason}"


def _result(data: object, path: str) -> Result:
    fields = _mapping(data, path)
    return Result(
        id=_optional(fields, "id", f"{path}.") or "",
        url=_text(fields, "url", f"{path}."),
        watermark_url=_optional(fields, "watermark_url", f"{path}.") or None,
        duration=_number(fields, "duration", f"{path}."),
    )


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _unreadable(path, value)
    return value


def _text(fields: Mapping[str, Any], name: str, path: str = "") -> str:
    value = fields.get(name)
    # Ids have 18 digits; should one come as a number, it is still the same id.
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise _unreadable(path + name, value)
    return str(value)


def _optional(fields: Mapping[str, Any], name: str, path: str = "") -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _unreadable(path + name, value)
    return value


def _number(fields: Mapping[str, Any], name: str, path: str = "") -> float | None:
    """Decimal text such as "5.041"; absent and empty are unknown."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _unreadable(path + name, value) from None
    if not 0 <= number < float("inf"):
        raise _unreadable(path + name, value)
    return number


def _time(fields: Mapping[str, Any], name: str) -> datetime:
    value = fields.get(name)
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise _unreadable(name, value) from None


def _unreadable(path: str, value: object) -> ResponseError:
    shown = "is missing" if value is None else f"is {str(value)[:80]!r}"
    return ResponseError(f"The answer's field {path} {shown}, which cannot be read. Is there a newer version?")
