"""A task as it stands at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .order import Kind, Order

Status = Literal["submitted", "processing", "succeed", "failed"]


@dataclass(frozen=True)
class Task:
    task_id: str
    account: str
    kind: Kind
    order: Order
    origin: str
    """Scheme and host by which the emulator was reached."""
    status: Status
    message: str
    created_at: int
    """Unix time in ms, like updated_at."""
    updated_at: int
    video_id: str | None
    film: str | None
    """File name of the result."""
    watermarked: str | None
    """A second name of the same file, where watermark_info.enabled was true."""
    seconds: float | None

    @property
    def ended(self) -> bool:
        return self.status in ("succeed", "failed")
