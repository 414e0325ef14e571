"""What a body asks for, once it has been read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["image2video", "text2video", "effects", "images/generations"]
"""The end of the endpoint's path."""

Pack = Literal["video", "image"]
"""Which of an account's two resource packs pays."""

Point = tuple[int, int]
"""x and y in pixels of the picture, origin BOTTOM-left, as on the wire."""

Role = Literal["photo", "tail", "mask"]
"""Which of the page's limits hold for a picture."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every task has. Pictures lie beside it, as bytes by field name. All of it survives JSON."""

    prompt: str = ""
    units: str = "0"
    """What the vendor would deduct for it."""
    watermark: bool = False
    callback_url: str = ""
    external_task_id: str = ""
    fails: str = ""
    """What it shall fail of at its end, by a fault on tap."""

    @property
    def pack(self) -> Pack:
        return "video"

    @property
    def slots(self) -> int:
        """How much of the account's concurrency it holds while it runs."""
        return 1


@dataclass(frozen=True, kw_only=True)
class FilmOrder(Order):
    """One film to make."""

    seconds: int
    short_side: int
    fps: int
    aspect: float | None = None
    """Width divided by height, for a film of words alone."""
    shots: tuple[tuple[float, str], ...] = ()
    """Seconds and prompt of each; empty for a film of one piece."""
    sound: bool = False
    scene: str | None = None
    camera_type: str | None = None
    camera_config: Mapping[str, float] = field(default_factory=dict)
    trajectories: tuple[tuple[Point, ...], ...] = ()
    """One for each of dynamic_masks."""


@dataclass(frozen=True, kw_only=True)
class SheetOrder(Order):
    """Pictures to make, n of one size."""

    width: int
    height: int
    n: int = 1

    @property
    def pack(self) -> Pack:
        return "image"

    @property
    def slots(self) -> int:
        return self.n


@dataclass(frozen=True)
class Reading:
    """A body after reading. The order may be trusted only where there are no problems."""

    order: FilmOrder | SheetOrder
    pictures: Mapping[str, tuple[Role, str]]
    """By field name: what the picture is for, and the Base64 text or URL that was sent."""
    problems: list[str]
