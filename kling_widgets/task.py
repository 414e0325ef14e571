"""A task: what the service says of one film, or of some pictures, in the making, at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from kling_widgets import reading
from kling_widgets.endpoint import Kind
from kling_widgets.errors import ResponseError, in_our_words

Status = Literal["submitted", "processing", "succeed", "failed"]

# The vendor's newer style says "succeeded" where this one says "succeed".
_STATUSES: dict[str, Status] = {**{status: status for status in get_args(Status)}, "succeeded": "succeed"}
_STAGES: dict[Status, int] = {"submitted": 0, "processing": 1, "succeed": 2, "failed": 2}


@dataclass(frozen=True)
class Result:
    """One film of a task. `duration` is in seconds and None where the service does not say; urls end after 30 days."""

    id: str
    url: str
    watermark_url: str | None = None
    duration: float | None = None


@dataclass(frozen=True)
class ImageResult:
    """One picture of a task. `index` counts from 0; urls end after 30 days."""

    index: int
    url: str
    watermark_url: str | None = None


@dataclass(frozen=True, repr=False)
class Task:
    """The state of a task. Times are aware, in UTC. `units` is what it cost, known once it has ended.

    `result` is the service's `task_result` as it came, for what is neither film nor picture: voices, audios, elements.
    `found` is True where `submit` did not make it but found it, made before: nothing was charged again.
    """

    id: str
    external_id: str | None
    kind: Kind
    status: Status
    message: str
    videos: tuple[Result, ...]
    created_at: datetime
    updated_at: datetime
    units: float | None = None
    images: tuple[ImageResult, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict, compare=False)
    found: bool = field(default=False, compare=False)

    @property
    def ended(self) -> bool:
        return self.status in ("succeed", "failed")

    @property
    def reason(self) -> str:
        """Why it failed and what to do, in our words; `message` is the service's. Empty unless it failed."""
        return in_our_words(self.message) if self.status == "failed" else ""

    @classmethod
    def from_wire(cls, kind: Kind, data: object) -> Task:
        """Read the `data` of an answer, or the body of a callback. Raises ResponseError naming what is unreadable."""
        fields = reading.mapping(data, "data")
        word = reading.text(fields, "task_status")
        if word not in _STATUSES:
            known = ", ".join(get_args(Status))
            message = f'The answer has task_status "{word:.80}", which is none of {known}. Is there a newer version?'
            raise ResponseError(message)

        info = reading.mapping(fields.get("task_info") or {}, "task_info")
        result = reading.mapping(fields.get("task_result") or {}, "task_result")
        return cls(
            id=reading.text(fields, "task_id"),
            external_id=reading.text(info, "external_task_id", "task_info.") if info.get("external_task_id") else None,
            kind=kind,
            status=_STATUSES[word],
            message=reading.optional(fields, "task_status_msg"),
            videos=tuple(_film(row, n) for n, row in enumerate(reading.rows(result, "videos", "task_result."))),
            created_at=reading.moment(fields, "created_at"),
            updated_at=reading.moment(fields, "updated_at"),
            units=reading.number(fields, "final_unit_deduction"),
            images=tuple(_pictures(reading.rows(result, "images", "task_result."))),
            result=dict(result),
        )

    def to_wire(self) -> dict[str, Any]:
        """The `data` of an answer that `from_wire` reads as this task: what the journal keeps."""
        result = dict(self.result)
        if self.videos:
            result["videos"] = [_without_none(video) for video in self.videos]
        if self.images:
            result["images"] = [_without_none(image) for image in self.images]
        data = {
            "task_id": self.id,
            "task_status": self.status,
            "task_status_msg": self.message,
            "task_info": {"external_task_id": self.external_id} if self.external_id else {},
            "task_result": result,
            "created_at": _milliseconds(self.created_at),
            "updated_at": _milliseconds(self.updated_at),
        }
        return data if self.units is None else data | {"final_unit_deduction": f"{self.units!r}"}

    def __repr__(self) -> str:
        films, pictures = _counted(len(self.videos), "film"), _counted(len(self.images), "picture")
        units = "" if self.units is None else f", {self.units:g} unit{'s' * (self.units != 1)}"
        reason = f": {self.message}" if self.message else ""
        return f"Task {self.id} ({self.kind}) {self.status}{films}{pictures}{units}{reason}"


def stage(status: Status) -> int:
    """How far a task has come: it never goes back, and 2 is an end."""
    return _STAGES[status]


def _film(data: object, n: int) -> Result:
    path = f"task_result.videos[{n}]"
    fields = reading.mapping(data, path)
    path += "."
    return Result(
        id=reading.text(fields, "id", path) if fields.get("id") else "",
        url=reading.text(fields, "url", path),
        watermark_url=reading.text(fields, "watermark_url", path) if fields.get("watermark_url") else None,
        duration=reading.number(fields, "duration", path),
    )


def _pictures(rows: Sequence[Any]) -> Iterator[ImageResult]:
    for n, data in enumerate(rows):
        path = f"task_result.images[{n}]"
        fields = reading.mapping(data, path)
        if "url" not in fields and "url_1" in fields:
            continue  # an element's views, three in a row; they stay in `result`
        path += "."
        index = reading.number(fields, "index", path)
        if index is not None and not index.is_integer():
            raise reading.unreadable(f"{path}index", fields["index"])
        yield ImageResult(
            index=n if index is None else int(index),
            url=reading.text(fields, "url", path),
            watermark_url=reading.text(fields, "watermark_url", path) if fields.get("watermark_url") else None,
        )


def _without_none(row: Result | ImageResult) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if value is not None}


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _counted(count: int, noun: str) -> str:
    return f", {count} {noun}{'s' * (count != 1)}" if count else ""
