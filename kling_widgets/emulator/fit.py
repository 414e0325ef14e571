"""Photos, masks and tails brought to the size of the film."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask, Photo

Size = tuple[int, int]
"""(width, height) in pixels."""

NEARLY = 0.02
"""Aspect ratios this close count as one: the difference is a rounding of even sizes, or nobody sees it."""


def even(length: float) -> int:
    """The nearest even number of pixels (yuv420p halves both sides), at least 2."""
    return max(2, 2 * round(length / 2))


def frame_size(aspect: float, short_side: int) -> Size:
    """The film's (width, height), both even, for a picture of the given width : height."""
    if aspect >= 1:
        return even(short_side * aspect), even(short_side)

    return even(short_side), even(short_side / aspect)


def scaled(picture: Photo, size: Size) -> Photo:
    """The picture at exactly this size; averaged when it shrinks, so that fine texture does not shimmer."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture.copy()

    shrinks = size[0] * size[1] < width * height
    return cast(Photo, cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def scaled_mask(mask: Mask, size: Size) -> Mask:
    """The mask at this size: a pixel belongs to it when at least half of it is covered."""
    soft = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)

    return cast(Mask, np.asarray(soft >= 0.5))


def cover(picture: Photo, size: Size) -> Photo:
    """The middle of the picture, large enough to fill the size; what sticks out is cut."""
    width, height = size
    rows, columns = picture.shape[:2]
    factor = max(width / columns, height / rows)
    inner = max(width, round(columns * factor)), max(height, round(rows * factor))
    left, top = (inner[0] - width) // 2, (inner[1] - height) // 2

    return np.ascontiguousarray(scaled(picture, inner)[top : top + height, left : left + width])


def fitted(picture: Photo, size: Size) -> Photo:
    """The whole picture within the size; where its aspect is another, a dim blur of itself lies around it."""
    width, height = size
    rows, columns = picture.shape[:2]
    if abs(columns / rows / (width / height) - 1) <= NEARLY:
        return scaled(picture, size)

    factor = min(width / columns, height / rows)
    inner = min(width, round(columns * factor)), min(height, round(rows * factor))
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2

    around = cv2.GaussianBlur(cover(picture, size), (0, 0), min(size) / 24)
    result: NDArray[np.uint8] = (around * 0.6).astype(np.uint8)
    result[top : top + inner[1], left : left + inner[0]] = scaled(picture, inner)
    return result
