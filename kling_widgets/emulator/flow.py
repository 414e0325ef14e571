"""Where each pixel of one picture lies in the other, both ways, and which pixels only one of the two has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.align import Grey, inverse, moves
from kling_widgets.emulator.fit import scaled
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.warp import Homography

Field = NDArray[np.floating[Any]]
"""Shape (height, width, 2): a place or a step for each pixel (x, y)."""

Plane = NDArray[np.floating[Any]]
"""Shape (height, width)."""

NO_ARRAY: Any = None
"""Where OpenCV takes none, its types do not say so."""

SIDE = 512
"""Pixels of the longer side at which flow is looked for: details below it move with what is around them."""

STRAY = 1.5
"""Pixels by which way and way back may miss each other."""

SHARE = 0.4
"""Pictures count as showing the same when this share of what both should have is found in both ways."""

LIKENESS = 0.6
"""And when their detail, one carried to the other, correlates at least so much."""


BETTER = 1.5
"""Grey levels by which another guess must fit better than the flow that was found."""


LEAST = 5e-4
"""Share of the picture that a thing must take up to count."""


@dataclass(frozen=True, eq=False)
class Match:
    """Two pictures that show the same. All in pixels of a small copy of them, the flows' own size."""

    move: Homography
    """What the camera did: from the start picture to the tail."""
    things: tuple[Homography, ...]
    """What single things did besides, likewise."""
    there: Field
    """What else moved: steps from the start picture to the tail seen as the start's camera would see it."""
    back: Field
    """And from that to the start picture."""
    only_start: Plane
    """1 where the start picture shows what the tail does not."""
    only_tail: Plane
    """The other way round, in places of the tail as the start's camera would see it."""


def match(start: Photo, tail: Photo) -> Match | None:
    """How the two pictures, of one size, hang together; None where they do not show the same."""
    height, width = start.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    one, other = (cast(Grey, cv2.cvtColor(scaled(picture, size), cv2.COLOR_RGB2GRAY)) for picture in (start, tail))
    found = moves(one, other)
    move = found[0]

    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(other, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    common = cast(Plane, cv2.warpPerspective(np.ones(one.shape, np.float32), move, size, flags=flags))
    both = common > 0.99
    if both.mean() < 0.2:
        return None

    brought = _as_bright(cast(Grey, seen), one, both)
    things = [inverse(move) @ thing for thing in found[1:]]
    things = [thing for thing in things if _fits(one, brought, thing, both)]
    there = _steps(one, brought, things)
    back = _steps(brought, one, [inverse(thing) for thing in things])
    strays = _stray(there, back), _stray(back, there)

    carried = read(brought, places(one.shape) + there)
    alike = both & (strays[0] < STRAY)
    share = float(alike.sum() / both.sum())
    if share < SHARE or _likeness(one, carried, both) < LIKENESS:
        return None

    there, back = (_trusted(flow, common * (stray < STRAY)) for flow, stray in zip((there, back), strays, strict=True))
    # What the camera's move brings into view or out of it needs no mark: the frame's edge tells.
    only = [cast(Plane, cv2.GaussianBlur(np.clip(stray / STRAY - 0.5, 0, 1) * both, (0, 0), 1.2)) for stray in strays]
    return Match(move, tuple(things), there, back, only[0], only[1])


def places(shape: tuple[int, ...]) -> Field:
    """Each pixel's own place."""
    return np.dstack(np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32)))


def read(plane: NDArray[Any], at: Field) -> NDArray[Any]:
    """The plane's values at these places; beyond its edges those at the edge."""
    return cast(NDArray[Any], cv2.remap(plane, at, NO_ARRAY, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _steps(one: Grey, other: Grey, things: list[Homography]) -> Field:
    """Flow from one picture to the other; where the move of a single thing, or none, fits better, that. Flow finds no
    thing that went farther than its own width, and smears what was behind it."""
    own = places(one.shape)
    flow = cast(Field, cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(one, other, NO_ARRAY))
    least = _apart(one, read(other, own + flow)) - BETTER
    for move in (np.eye(3), *things):
        at = _led(one, move)
        apart = _apart(one, read(other, at))
        better = apart < least
        flow[better], least[better] = (at - own)[better], apart[better]
    return flow


def _fits(one: Grey, other: Grey, thing: Homography, both: NDArray[np.bool_]) -> bool:
    """Whether the move of a single thing explains some part of the picture that standing still does not."""
    better = _apart(one, read(other, _led(one, thing))) < _apart(one, other) - 4 * BETTER
    return bool((better & cv2.erode(both.astype(np.uint8), np.ones((15, 15))).astype(bool)).mean() > LEAST)


def _led(one: Grey, move: Homography) -> Field:
    return cast(Field, cv2.transform(places(one.shape), move[:2].astype(np.float32)))


def _apart(one: Grey, other: Grey) -> Plane:
    """How unlike two pictures are around each pixel."""
    return cast(Plane, cv2.GaussianBlur(cv2.absdiff(one, other).astype(np.float32), (0, 0), 2.5))


def _as_bright(picture: Grey, other: Grey, where: NDArray[np.bool_]) -> Grey:
    """The picture with the other one's mean and contrast."""
    mine, its = picture[where].astype(float), other[where].astype(float)
    gain = float(np.clip(its.std() / max(1e-3, mine.std()), 0.4, 2.5))
    return cast(Grey, np.clip((picture - mine.mean()) * gain + its.mean(), 0, 255).astype(np.uint8))


def _trusted(flow: Field, trust: Plane) -> Field:
    """The flow where it is sure; elsewhere it goes on as it is nearby. Smoothed a little: a tear in the flow is a tear
    in every frame."""
    weight = (cv2.erode(trust, np.ones((3, 3))) ** 4)[..., None]
    sums = np.zeros_like(flow)
    left = np.ones_like(weight)
    for reach in (1.5, 6, 24):
        near = cast(Plane, cv2.GaussianBlur(weight, (0, 0), reach))[..., None]
        mean = cv2.GaussianBlur(flow * weight, (0, 0), reach) / (near + 1e-4)
        share = left * np.clip(near * 2, 0, 1)
        sums += share * mean
        left = left - share
    return sums


def _stray(there: Field, back: Field) -> Plane:
    """By how much going there and back misses the start."""
    missed = there + read(back, places(there.shape) + there)
    return cast(Plane, np.hypot(missed[..., 0], missed[..., 1]))


def _likeness(one: NDArray[np.uint8], other: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Correlation of the detail of two pictures: light may have changed, detail has not."""
    detail = []
    for picture in (one, other):
        light = picture.astype(np.float32)
        detail.append((light - cv2.GaussianBlur(light, (0, 0), 6))[where])
    spread = float(detail[0].std() * detail[1].std())
    return float((detail[0] * detail[1]).mean() / spread) if spread > 1e-3 else 1.0
