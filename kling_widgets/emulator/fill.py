"""What lies behind a thing taken out of a photo: the hole is filled from around it, texture and all.

Small copies of the photo are completed by example, from coarse to fine. At full size the finest copy gives the colours,
and the detail is the photo's own, taken from where the examples were found.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Mask, Photo
from kling_widgets.emulator.patches import BESIDE, Gap, Places, completed
from kling_widgets.emulator.pullpush import Colour, smooth_fill

LEVELS = (32, 56, 96, 144)
"""Short sides of the small copies, in pixels."""

SEEKERS = 4000
"""A finer copy is left out once the hole has more patches than this: a wide hole gets less detail, not more time."""


def fill(photo: Photo, hole: Mask) -> Photo:
    """The photo with the hole closed; outside the hole not a value changes."""
    if not hole.any():
        return photo.copy()

    small, sources = _small(photo, hole)
    colour = _resized(small, photo.shape[1::-1])
    if sources is not None:
        colour += _detail(photo, sources)

    result = photo.copy()
    result[hole] = np.clip(np.rint(colour[hole]), 0, 255)
    return result


def _small(photo: Photo, hole: Mask) -> tuple[Colour, Places | None]:
    """The finest small copy, completed, and for each of its pixels the one that it comes from: shape (h, w, 2).

    No such places where the hole leaves no example: then the colours are a smooth mixture of what there is.
    """
    short = min(hole.shape)
    small: Colour | None = None
    sources: Places | None = None
    for level in LEVELS:
        size = tuple(max(1, round(side * min(1, level / short))) for side in hole.shape[::-1])
        gap = Gap.of(_resized(hole.astype(np.float32), size) > 0)
        if small is not None and (len(gap.seekers) > SEEKERS or level > short):
            break

        copy = _resized(photo, size)
        small = smooth_fill(copy, ~gap.mask) if small is None else _resized(small, size)
        if gap.whole.any():
            small, found = completed(copy, small, gap)
            sources = np.moveaxis(np.indices(gap.mask.shape), 0, -1).copy()
            sources[*gap.seekers.T] = np.where(gap.mask[*gap.seekers.T][:, None], found, gap.seekers)

    assert small is not None
    return small, sources


def _detail(photo: Photo, sources: Places) -> Colour:
    """What a small copy has lost of the photo, for each place from where the small copy comes from."""
    height, width = photo.shape[:2]
    rows, columns = sources.shape[:2]
    lost = photo - _resized(_resized(photo, (columns, rows)), (width, height))
    lost = _without_specks(lost, max(1, 4 * height // rows))

    shift = sources - np.moveaxis(np.indices((rows, columns)), 0, -1)
    y, x = np.arange(height)[:, None], np.arange(width)
    here = shift[y * rows // height, x * columns // width]
    there_y = np.clip(y + np.rint(here[..., 0] * (height / rows)).astype(np.intp), 0, height - 1)
    there_x = np.clip(x + np.rint(here[..., 1] * (width / columns)).astype(np.intp), 0, width - 1)
    return cast(Colour, lost[there_y, there_x] * _resized(_agreement(shift), (width, height))[..., None])


def _without_specks(detail: Colour, window: int) -> Colour:
    """Detail without what stands out alone, like a star: found once, it would be sown all over the hole."""
    usual = 2 * np.sqrt(np.maximum(cv2.blur(detail**2, (window, window)), 0))
    return np.clip(detail, -usual, usual)


def _agreement(shift: Places) -> NDArray[np.float32]:
    """The share of each pixel's neighbours that have its shift: one alone would print its scrap of detail as a grid."""
    height, width = shift.shape[:2]
    wide = np.pad(shift, ((1, 1), (1, 1), (0, 0)), mode="edge")
    same = [(shift == wide[1 + y : 1 + y + height, 1 + x : 1 + x + width]).all(axis=-1) for y, x in BESIDE]

    return cast(NDArray[np.float32], np.mean(same, axis=0, dtype=np.float32))


def _resized(picture: NDArray[np.generic], size: Size | tuple[int, ...]) -> NDArray[np.float32]:
    """The picture in float32 at (width, height): averaged when it shrinks, smooth when it grows."""
    shrinks = size[0] < picture.shape[1]
    flag = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cast(NDArray[np.float32], cv2.resize(picture.astype(np.float32), (size[0], size[1]), interpolation=flag))
