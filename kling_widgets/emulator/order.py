"""What a body asks for, once it has been read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["image2video", "effects"]
"""The last part of the endpoint's path."""

Point = tuple[int, int]
"""x and y in pixels of the picture, origin BOTTOM-left, as on the wire."""

Role = Literal["photo", "tail", "mask"]
"""Which of the page's limits hold for a picture."""


@dataclass(frozen=True)
class Order:
    """One film to make, without its pictures, which lie beside it as bytes by field name. All of it survives JSON."""

    seconds: int
    short_side: int
    fps: int
    prompt: str = ""
    scene: str | None = None
    camera_type: str | None = None
    camera_config: Mapping[str, float] = field(default_factory=dict)
    trajectories: tuple[tuple[Point, ...], ...] = ()
    """One for each of dynamic_masks."""
    units: str = "0"
    """What the vendor would deduct for it."""
    watermark: bool = False
    callback_url: str = ""
    external_task_id: str = ""


@dataclass(frozen=True)
class Reading:
    """A body after reading. The order may be trusted only where there are no problems."""

    order: Order
    pictures: Mapping[str, tuple[Role, str]]
    """By field name: what the picture is for, and the Base64 text or URL that was sent."""
    problems: list[str]
