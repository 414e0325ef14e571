"""Light painted on a black sheet at half size, with a bloom around it."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import clouds, lit, shared

COARSE = 2
"""Glow is soft: it is painted at half size."""


def dark_sheet(frame: Photo) -> NDArray[np.float32]:
    """A black sheet to paint light on, at half size."""
    return np.zeros((max(2, frame.shape[0] // COARSE), max(2, frame.shape[1] // COARSE), 3), np.float32)


def shining(frame: Photo, light: NDArray[np.float32], glow: float) -> Photo:
    """The light with a bloom around it, over the frame."""
    sigma = max(0.6, glow * min(light.shape[:2]))
    height, width = light.shape[:2]
    # The wide bloom at a quarter of the size: nobody sees the difference, and it costs a tenth.
    small = cv2.resize(light, (max(2, width // 4), max(2, height // 4)), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(small, (0, 0), max(0.4, 0.75 * sigma)), (width, height))
    bloom = light + np.float32(1.2) * cv2.GaussianBlur(light, (0, 0), sigma) + np.float32(0.6) * wide
    return lit(frame, whole(bloom, frame))


def whole(light: NDArray[np.float32], frame: Photo) -> NDArray[np.float32]:
    return cast(NDArray[np.float32], cv2.resize(light, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR))


@lru_cache(maxsize=6)
def drift(height: int, width: int, grain: float, seed: int) -> NDArray[np.float32]:
    """Clouds to move over a frame, 0..1: drawn once for a film, since every frame shows another part of them."""
    return shared(clouds((height, width), grain, seed))
