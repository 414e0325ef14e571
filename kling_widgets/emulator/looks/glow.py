"""Light painted on a black sheet at half size, with a bloom around it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import lit

COARSE = 2
"""Glow is soft: it is painted at half size."""


def dark_sheet(frame: Photo) -> NDArray[np.float32]:
    """A black sheet to paint light on, at half size."""
    return np.zeros((max(2, frame.shape[0] // COARSE), max(2, frame.shape[1] // COARSE), 3), np.float32)


def shining(frame: Photo, light: NDArray[np.float32], glow: float) -> Photo:
    """The light with a bloom around it, over the frame."""
    sigma = max(0.6, glow * min(light.shape[:2]))
    bloom = light + 1.2 * cv2.GaussianBlur(light, (0, 0), sigma) + 0.6 * cv2.GaussianBlur(light, (0, 0), 3 * sigma)
    return lit(frame, whole(bloom, frame))


def whole(light: NDArray[np.float32], frame: Photo) -> NDArray[np.float32]:
    return cast(NDArray[np.float32], cv2.resize(light, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR))
