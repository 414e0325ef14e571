"""What of a painted area is the thing itself, how softly it ends, and what is taken out of the background for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.cutout import Box
from kling_widgets.emulator.job import Mask, Photo
from kling_widgets.emulator.matte import Matte, soften
from kling_widgets.emulator.trim import trimmed

SOFTNESS = 1 / 45
"""Radius over which a mask's edge may soften, as a share of the frame's short side."""

TAKE_OUT = 1 / 120
"""How much more than the matte is taken out of the background, likewise: no rim of the thing stays as a ghost."""

OVERHANG = 1 / 20
"""How far a layer goes on past the frame's edge, mirrored and fading, likewise: moved in, it shows no straight cut."""

THIN = 3.0
"""Pixels from its edge to its middle below which a thing is a dot or a line, in which no filter finds an edge."""

HAZE = 0.02
"""Coverage below this does not count as part of the thing."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Where one area is, and how much of each pixel is it."""

    box: Box
    """Of the matte. It overhangs the frame where the mask touches the frame's edge."""
    matte: Matte
    hole: Mask
    """Of the whole frame: all that the matte covers, and a little more around it."""

    @classmethod
    def of(cls, mask: Mask, backdrop: Mask, photo: Photo) -> Shape:
        """`backdrop` is where the photo shows what is filled in behind it; the mask has something painted."""
        thing = trimmed(mask, backdrop, Box.around(mask))
        box, matte = _matte(thing, photo)
        return cls(box, matte, _hole(thing, box, matte))


def take_out(short: int) -> int:
    """TAKE_OUT in pixels."""
    return max(1, round(TAKE_OUT * short))


def grown(mask: Mask, box: Box) -> Mask:
    """The mask with the rim that is taken out of the background too. Nothing of it lies outside the box."""
    reach = take_out(min(mask.shape))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    part = box.grown(reach + 1).within((mask.shape[1], mask.shape[0])).cut
    result = np.zeros_like(mask)
    result[part] = cv2.dilate(mask[part].astype(np.uint8), disc)

    return result


def widened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with a mirrored margin of the overhang's width."""
    pad = overhang(picture)
    return cast(NDArray[np.uint8], cv2.copyMakeBorder(picture, pad, pad, pad, pad, cv2.BORDER_REFLECT_101))


def overhang(picture: NDArray[np.generic]) -> int:
    """OVERHANG in pixels."""
    short: int = min(picture.shape[:2])
    return round(OVERHANG * short)


def _matte(mask: Mask, photo: Photo) -> tuple[Box, Matte]:
    height, width = mask.shape
    pad, radius = overhang(mask), max(1, round(SOFTNESS * min(mask.shape)))
    wide = widened(mask.astype(np.uint8)).astype(bool)
    box = Box.around(wide).grown(2 * radius + 2).within((width + 2 * pad, height + 2 * pad))

    thing = wide[box.cut]
    thick = float(cv2.distanceTransform(thing.astype(np.uint8), cv2.DIST_L2, 3).max())
    # Softened farther than it is thick, a thing would fade altogether.
    matte = _edged(thing) if thick < THIN else soften(thing, widened(photo)[box.cut], min(radius, round(2 * thick)))
    matte *= np.outer(_fading(height, pad)[box.cut[0]], _fading(width, pad)[box.cut[1]])
    matte[0], matte[-1], matte[:, 0], matte[:, -1] = 0, 0, 0, 0
    matte[matte <= HAZE] = 0  # else a rim that takes nothing out of the background would still tint what lies below
    return box.moved(-pad, -pad), matte


def _edged(mask: Mask) -> Matte:
    """The matte of a dot or a thin line: all of it, and a soft edge around."""
    around = cv2.GaussianBlur(cv2.dilate(mask.astype(np.float32), np.ones((3, 3))), (0, 0), 0.8)
    return np.maximum(around, mask.astype(np.float32))


def _fading(length: int, pad: int) -> NDArray[np.float32]:
    """1 along the frame's side, falling to 0 over the margins before and after it."""
    place = np.arange(-pad, length + pad)
    outside = np.maximum(np.maximum(-place, place - length + 1), 0)

    return np.clip(1 - outside / max(1, pad), 0, 1).astype(np.float32)


def _hole(thing: Mask, box: Box, matte: Matte) -> Mask:
    seen = box.within((thing.shape[1], thing.shape[0]))
    hole = thing.copy()
    hole[seen.cut] |= matte[seen.moved(-box.left, -box.top).cut] > HAZE
    return grown(hole, seen)
