"""Two photos: the first the left half, the second the right half of the frame, and what happens between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sin
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator.fit import Size, cover
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.bend import Grid, Rule, bent
from kling_widgets.emulator.looks.film import reveal
from kling_widgets.emulator.looks.paint import masked, smoothstep


def together(
    left: Photo, right: Photo, size: Size, t: float, seed: int, *, pull: float = 0.2, lean: float = 0.1, sway: int = 2
) -> Photo:
    """Both are drawn to the middle, lean on each other and sway; the seam between them melts."""
    drawn = float(smoothstep(0.05, 0.6, t))
    return _joined(left, right, size, pull * drawn, (lean + 0.02 * sin(2 * pi * sway * t)) * drawn, 0.11 * drawn)


def clash(
    left: Photo,
    right: Photo,
    size: Size,
    t: float,
    seed: int,
    *,
    pull: float = 0.24,
    blows: Sequence[float] = (0.25, 0.5, 0.75),
) -> Photo:
    """They charge at each other and are thrown back, blow by blow."""
    push = sum(np.exp(-(((t - blow) / 0.06) ** 2)) for blow in blows)
    return _joined(left, right, size, pull * float(push), 0.12 * float(push), 0.02)


def swept(left: Photo, right: Photo, size: Size, t: float, seed: int, *, way: str = "wipe") -> Photo:
    """Side by side at first; then the left one fills the frame and gives way to the right one."""
    beside = _joined(left, right, size, 0, 0, 0)
    first = reveal(beside, cover(left, size), t, seed, way=way, start=0.08, end=0.35)

    return reveal(first, cover(right, size), t, seed, way=way, start=0.55, end=0.9)


def _joined(left: Photo, right: Photo, size: Size, pull: float, tilt: float, soft: float) -> Photo:
    """The halves moved towards each other by pull (of the short side) and tilted, and the seam's softness likewise."""
    width, height = size
    half = width // 2, width - width // 2
    sheets = (
        cv2.copyMakeBorder(cover(left, (half[0], height)), 0, 0, 0, half[1], cv2.BORDER_REFLECT),
        cv2.copyMakeBorder(cover(right, (half[1], height)), 0, 0, half[0], 0, cv2.BORDER_REFLECT),
    )
    if not pull and not tilt:
        return cast(Photo, np.concatenate([sheets[0][:, : half[0]], sheets[1][:, half[0] :]], axis=1))

    moved = [
        bent(cast(Photo, sheet), _rule(side, pull, tilt, half[0] / 2 / min(size)))
        for side, sheet in zip((-1, 1), sheets, strict=True)
    ]
    place = (np.arange(width) + 0.5 - half[0]) / min(size)
    edge = max(soft, 1 / min(size))
    return masked(moved[0], moved[1], np.broadcast_to(smoothstep(-edge, edge, place), (height, width)))


def _rule(side: int, pull: float, tilt: float, quarter: float) -> Rule:
    """One half's way: towards the middle and a little nearer, so that less of its mirrored margin comes in."""
    nearer = 1 + 0.9 * abs(pull)

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        middle = side * quarter
        return middle + (x + side * (pull + tilt * (0.3 - y)) - middle) / nearer, y / nearer

    return rule
