"""From a hard, hasty brush mask to a matte that follows the photo: crisp along its edges, wide where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask, Photo

Matte = NDArray[np.float32]
"""Coverage 0..1, shape (height, width)."""

EPSILON = 2e-4
"""Colour variance (of 0..1) below which the guided filter takes a window for flat and blurs the mask there."""

COARSE = 2
"""The filter's linear model is fitted at half size and applied at full size: a quarter of the work, same look."""


def soften(mask: Mask, photo: Photo, radius: int) -> Matte:
    """A matte of the mask, softened within about `radius` pixels of its edge along the photo's own edges."""
    guide = photo.astype(np.float32) / np.float32(255)
    height, width = mask.shape
    small = max(1, width // COARSE), max(1, height // COARSE)
    gain, offset = _linear_model(
        _resized(guide, small),
        _resized(mask.astype(np.float32), small),
        max(1, radius // COARSE),
    )
    matte = np.einsum("ijk,ijk->ij", _resized(gain, (width, height)), guide) + _resized(offset, (width, height))

    # The filter leaves a faint haze over everything it has looked at; stretched, flat stays flat.
    return cast(Matte, np.clip((matte - 0.05) / 0.9, 0, 1).astype(np.float32))


def _resized(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    shrinks = size[0] < values.shape[1]
    return cast(
        NDArray[np.float32],
        cv2.resize(values, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR),
    )


def _linear_model(guide: NDArray[np.float32], mask: Matte, radius: int) -> tuple[NDArray[np.float32], Matte]:
    """In each window, the mask as a linear function of colour (He, Sun, Tang: Guided image filtering)."""
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return cast(NDArray[np.float32], cv2.blur(values, window, borderType=cv2.BORDER_REFLECT))

    channels = cast(Sequence[Matte], cv2.split(guide))
    colour, share = [mean(channel) for channel in channels], mean(mask)
    r, g, b = channels
    rr, rg, rb = mean(r * r) - colour[0] ** 2, mean(r * g) - colour[0] * colour[1], mean(r * b) - colour[0] * colour[2]
    gg, gb, bb = mean(g * g) - colour[1] ** 2, mean(g * b) - colour[1] * colour[2], mean(b * b) - colour[2] ** 2
    together = [mean(channel * mask) - mid * share for channel, mid in zip(channels, colour, strict=True)]
    gain = _solved((rr + EPSILON, rg, rb, gg + EPSILON, gb, bb + EPSILON), together)

    offset = share - sum(slope * mid for slope, mid in zip(gain, colour, strict=True))
    return cast(NDArray[np.float32], cv2.merge([mean(slope) for slope in gain])), mean(offset)


def _solved(matrix: Sequence[Matte], right: Sequence[Matte]) -> list[Matte]:
    """x of A x = y in every pixel, by LDL^T; the symmetric, positive A as its upper triangle."""
    # By hand and a plane at a time: a quarter of the time of numpy.linalg.solve, and as steady in float32.
    rr, rg, rb, gg, gb, bb = matrix
    g_r, b_r = rg / rr, rb / rr
    gg, gb, bb = gg - g_r * rg, gb - g_r * rb, bb - b_r * rb
    b_g = gb / gg
    r, g, b = right
    g = g - g_r * r
    b = (b - b_r * r - b_g * g) / (bb - b_g * gb)
    g = g / gg - b_g * b

    return [r / rr - g_r * g - b_r * b, g, b]
