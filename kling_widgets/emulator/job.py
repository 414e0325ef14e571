"""What the renderer is asked for: one film, in pixels and seconds, with the wire left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Photo = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""

Mask = NDArray[np.bool_]
"""Shape (height, width) of the photo it belongs to; True where the brush has painted."""


@dataclass(frozen=True, eq=False)
class Area:
    """A painted patch and the way it goes."""

    mask: Mask
    path: NDArray[np.float64]
    """Shape (n, 2), n >= 2: x and y in photo pixels, origin TOP-left, equally spaced over the film's duration."""


@dataclass(frozen=True)
class Camera:
    """A camera move, as the vendor's page words it."""

    type: str
    config: Mapping[str, float] = field(default_factory=dict)
    """For type "simple": horizontal, vertical, pan, tilt, roll, zoom, each in [-10, 10]; absent means 0."""


@dataclass(frozen=True)
class Shot:
    """One of several shots of a film, between two cuts."""

    seconds: float
    prompt: str = ""


@dataclass(frozen=True, eq=False)
class Job:
    """One film to make."""

    photos: tuple[Photo, ...]
    """The start frame; for a two-photo effect left and right; empty when only a tail is given."""
    seconds: float = 5.0
    fps: int = 24
    short_side: int = 720
    """Length in pixels of the film's shorter side; the aspect ratio is the photo's."""
    prompt: str = ""
    tail: Photo | None = None
    areas: tuple[Area, ...] = ()
    """Higher areas lie over lower ones."""
    static: Mask | None = None
    camera: Camera | None = None
    scene: str | None = None
    """An effect scene of data/effects.json."""
    aspect: float | None = None
    """Width divided by height, where there is no picture to take it from: a film of words alone."""
    shots: tuple[Shot, ...] = ()
    """Several shots, one after the other, together as long as the film; empty for a single one."""
    sound: bool = False


@dataclass(frozen=True)
class Film:
    """What came out."""

    seconds: float
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pictures to make, not a film."""

    prompt: str
    width: int
    height: int
    n: int = 1
    photo: Photo | None = None
    """The picture to start from, where one was sent."""
