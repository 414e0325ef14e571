"""Two photos: the first the left half, the second the right half of the frame, and what happens between them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import pi, sin
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.bend import Grid, Rule, bent
from kling_widgets.emulator.looks.film import reveal
from kling_widgets.emulator.looks.half import Half, framed, half
from kling_widgets.emulator.looks.paint import masked, smoothstep

CHEEKS = 0.55
"""How near the middles of two heads may come, in their widths together."""


class Two:
    """Two photos and the frame that they share, with what all of a film's frames need of them worked out once."""

    def __init__(self, left: Photo, right: Photo, size: Size) -> None:
        self.size = size
        self.halves = half(left, size, -1), half(right, size, 1)
        self._whole = left, right

    @cached_property
    def whole(self) -> tuple[Photo, Photo]:
        """Each as a picture of its own that fills the frame."""
        left, right = (framed(photo, self.size) for photo in self._whole)
        return left, right


def together(two: Two, t: float, seed: int, *, pull: float = 0.2, lean: float = 0.1, sway: int = 2) -> Photo:
    """Both are drawn to the middle, lean on each other and sway; the first one's shoulder comes before the second."""
    drawn = float(smoothstep(0.05, 0.6, t))
    return _joined(two, pull, drawn, (lean + 0.02 * sin(2 * pi * sway * t)) * drawn, 0.07 * drawn)


def clash(two: Two, t: float, seed: int, *, pull: float = 0.24, blows: Sequence[float] = (0.25, 0.5, 0.75)) -> Photo:
    """They charge at each other and are thrown back, blow by blow."""
    push = float(sum(np.exp(-(((t - blow) / 0.06) ** 2)) for blow in blows))
    return _joined(two, pull, push, 0.12 * push, 0.02 + 0.04 * min(1.0, push))


def swept(two: Two, t: float, seed: int, *, way: str = "wipe") -> Photo:
    """Side by side at first; then the left one fills the frame and gives way to the right one."""
    left, right = two.whole
    first = reveal(_joined(two, 0, 0, 0, 0), left, t, seed, way=way, start=0.08, end=0.35)

    return reveal(first, right, t, seed, way=way, start=0.55, end=0.9)


def _joined(two: Two, pull: float, share: float, tilt: float, soft: float) -> Photo:
    """The halves moved towards each other by a share of pull (in short sides) and tilted, the seam softened likewise.

    They come no nearer than cheek to cheek, whatever pull says.
    """
    size, halves = two.size, two.halves
    width, height = size
    inner = width // 2
    if not share:
        return cast(Photo, np.concatenate([halves[0].sheet[:, :inner], halves[1].sheet[:, inner:]], axis=1))

    room = halves[1].head - halves[0].head - CHEEKS * (halves[0].wide + halves[1].wide)
    # Leaning brings heads nearer too: those are above the middle.
    reach = min(1.0, max(0.05, room / 2) / (pull + 0.5 * tilt / share))
    pull, tilt = pull * reach * share, tilt * reach
    rules = [_rule(side, each, pull, tilt, size) for side, each in zip((-1, 1), halves, strict=True)]
    moved = [bent(each.sheet, rule) for each, rule in zip(halves, rules, strict=True)]
    place = (np.arange(width) + 0.5 - inner) / min(size)
    edge = max(soft, 1 / min(size))
    # A matte is smooth enough to be bent at half size.
    small = cv2.resize(halves[0].matte, (max(2, width // 2), max(2, height // 2)), interpolation=cv2.INTER_AREA)
    shoulder = cv2.resize(bent(small, rules[0]), size, interpolation=cv2.INTER_LINEAR)
    # Past the seam the second one is seen, but where the first one's shoulder comes before it.
    past = smoothstep(-edge, edge, place).astype(np.float32)
    before = past * np.float32(smoothstep(0.02, 0.12, pull))

    return masked(moved[0], moved[1], past * (1 - shoulder * before))


def _rule(side: int, each: Half, pull: float, tilt: float, size: Size) -> Rule:
    """One half's way: towards the middle and a little nearer. Where the photo ends at the frame's outer edge, what lies
    between there and the head is stretched, since a mirrored rim would show things twice."""
    width = size[0] / min(size)
    nearer = 1 + 0.9 * abs(pull)
    outer, head = side * width / 2, each.head

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        across = head + (x + side * pull - head) / nearer
        lacking = side * (head + (outer + side * pull - head) / nearer - each.end)
        outwards = np.clip((x - head) / (outer - head), 0, 1)
        stretched = outwards * max(0.0, lacking)
        return across - side * stretched + side * tilt * (0.3 - y) * (1 - outwards), y / nearer

    return rule
