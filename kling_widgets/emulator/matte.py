"""From a hard, hasty brush mask to a matte that follows the photo: crisp along its edges, wide where there are none."""

from __future__ import annotations

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

    colour, share = mean(guide), mean(mask)
    covariance = np.empty((*mask.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(i, 3):
            term = mean(guide[..., i] * guide[..., j]) - colour[..., i] * colour[..., j]
            covariance[..., i, j] = covariance[..., j, i] = term
    covariance += EPSILON * np.eye(3, dtype=np.float32)

    together = mean(guide * mask[..., None]) - colour * share[..., None]
    gain = np.linalg.solve(covariance, together[..., None])[..., 0].astype(np.float32)
    offset = share - np.einsum("ijk,ijk->ij", gain, colour)
    return mean(gain), mean(offset.astype(np.float32))
