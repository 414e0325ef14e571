"""A task as it stands at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .order import FilmOrder, Kind, SheetOrder

Status = Literal["submitted", "processing", "succeed", "failed"]


@dataclass(frozen=True)
class Result:
    """A finished film or picture."""

    id: str
    file: str
    """A name nobody can guess, with its suffix."""
    watermarked: str | None = None
    """Name of the copy that bears a mark, where watermark_info.enabled was true."""


@dataclass(frozen=True)
class Task:
    task_id: str
    account: str
    kind: Kind
    order: FilmOrder | SheetOrder
    origin: str
    """Scheme and host by which the emulator was reached."""
    status: Status
    message: str
    created_at: int
    """Unix time in ms, like updated_at."""
    updated_at: int
    seconds: float | None = None
    """Length of the film that came out."""
    results: tuple[Result, ...] = ()

    @property
    def ended(self) -> bool:
        return self.status in ("succeed", "failed")
