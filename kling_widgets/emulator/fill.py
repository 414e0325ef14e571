"""What lies behind a thing taken out of a photo: the hole is filled from around it, texture and all.

A small copy says roughly what colours belong there. On a larger one the hole is laid out in pieces, each a part of the
photo shifted to where it fits, and at full size every piece brings the photo's own pixels along. Where nothing of the
photo is left to take, the colours around are smoothly mixed.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Mask, Photo
from kling_widgets.emulator.patches import Gap, completed
from kling_widgets.emulator.pieces import Ground, laid
from kling_widgets.emulator.pullpush import Colour, smooth_fill
from kling_widgets.emulator.seams import joined
from kling_widgets.emulator.shifts import Shifts, common, repeating

LEVELS = (32, 52)
"""Short sides of the small copies that are completed patch by patch, in pixels."""

TALLEST = 160
"""Short side of the copy that pieces are laid on, at most."""

CELLS = 4200
"""About so many pixels of that copy lie in the hole, at most: a wide hole has coarser seams, it takes no more time."""


def fill(photo: Photo, hole: Mask) -> Photo:
    """The photo with the hole closed; outside the hole not a value changes."""
    result = photo.copy()
    if not hole.any():
        return result

    guess, shifts = _guessed(photo, hole)
    if len(shifts) == 0:
        result[hole] = np.clip(np.rint(smooth_fill(photo.astype(np.float32), ~hole)[hole]), 0, 255)
        return result

    factor = max(1.0, (hole.sum() / CELLS) ** 0.5, min(hole.shape) / TALLEST)
    size = _smaller(hole, factor)
    gap = _resized(hole, size) > 0
    around = cv2.dilate(gap.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    picture = np.where(gap[..., None], _resized(guess, size), _resized(photo, size))
    ground = Ground(picture, _resized(_resized(photo, guess.shape[1::-1]), size), gap, around)

    shift = laid(ground, shifts, max(1.0, min(gap.shape) / min(guess.shape[:2])))
    colour = _resized(joined(picture, gap, shift), hole.shape[::-1])[hole]
    if factor > 1:
        colour += _detail(photo, hole, picture, shift)

    result[hole] = np.clip(np.rint(colour), 0, 255)
    return result


def _guessed(photo: Photo, hole: Mask) -> tuple[Colour, Shifts]:
    """A small copy of the photo with the hole completed, and the shifts, in its pixels, that may bring what is missing.

    No shifts where the hole leaves no example.
    """
    small: Colour | None = None
    for level in LEVELS:
        if small is not None and level > min(hole.shape):
            break

        size = _smaller(hole, max(1.0, min(hole.shape) / level))
        gap = Gap.of(_resized(hole, size) > 0)
        copy = _resized(photo, size)
        small = smooth_fill(copy, ~gap.mask) if small is None else _resized(small, size)
        small = np.where(gap.mask[..., None], small, copy)
        found = None
        if gap.whole.any():
            small, found = completed(copy, small, gap)

    assert small is not None
    if found is None:
        return small, np.empty((0, 2), np.intp)
    return small, np.concatenate([common(gap.seekers, found, gap), repeating(copy, gap)])


def _detail(photo: Photo, hole: Mask, picture: Colour, shift: Shifts) -> NDArray[np.float32]:
    """What the copy has lost of the photo, for each pixel of the hole, from where its piece was taken."""
    height, width = hole.shape
    rows, columns = shift.shape[:2]
    lost = photo - _resized(picture, (width, height))
    lost[hole] = 0
    lost = lost.reshape(-1, 3)

    far = np.rint(shift * (height / rows, width / columns)).astype(np.int64)
    step = (far[..., 0] * width + far[..., 1]).astype(np.int32)
    y, x = (place.astype(np.int32) for place in np.nonzero(hole))
    here = y * width + x
    cell = (y * rows // height) * columns + x * columns // width
    detail = lost[np.clip(here + step.ravel()[cell], 0, height * width - 1)]

    mixed = np.flatnonzero(_beside_a_seam(step).ravel()[cell])
    y, x, here = y[mixed], x[mixed], here[mixed]
    down, below = _between(y, height, rows)
    along, beside = _between(x, width, columns)
    detail[mixed] = 0
    for rise, share in ((0, 1 - below), (1, below)):
        for run, part in ((0, 1 - beside), (1, beside)):
            there = step[np.minimum(down + rise, rows - 1), np.minimum(along + run, columns - 1)]
            detail[mixed] += lost[np.clip(here + there, 0, height * width - 1)] * (share * part)[:, None]

    return cast(NDArray[np.float32], detail)


def _beside_a_seam(step: NDArray[np.int32]) -> Mask:
    """Whether any of a cell's neighbours belongs to another piece."""
    values = step.astype(np.float32)
    square = np.ones((3, 3), np.uint8)
    return cast(Mask, cv2.dilate(values, square) != cv2.erode(values, square))


def _between(place: NDArray[np.int32], length: int, cells: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The cell whose middle lies before each place, and how far on from it the place is, 0 to 1."""
    exact = np.clip((place + 0.5) * cells / length - 0.5, 0, cells - 1)
    before = exact.astype(np.intp)
    return before, (exact - before).astype(np.float32)


def _smaller(hole: Mask, factor: float) -> Size:
    height, width = hole.shape
    return max(1, round(width / factor)), max(1, round(height / factor))


def _resized(picture: NDArray[np.generic], size: Size | tuple[int, ...]) -> NDArray[np.float32]:
    """The picture in float32 at (width, height): averaged when it shrinks, smooth when it grows."""
    shrinks = size[0] < picture.shape[1] or size[1] < picture.shape[0]
    flag = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cast(NDArray[np.float32], cv2.resize(picture.astype(np.float32), (size[0], size[1]), interpolation=flag))
