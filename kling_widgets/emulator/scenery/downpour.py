"""Rain: fine slanting streaks, the near ones longer and faster."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo

PLANES = ((260, 0.035, 2.6, 22), (70, 0.07, 3.6, 30))
"""Drops, length in short sides, speed in heights a film, brightness 0..255: far and near."""

SLANT = 0.12
"""How far a drop goes aside for each pixel that it falls."""


def rain(frame: Photo, t: float, seed: int) -> Photo:
    """The picture with rain at a time from 0 to 1. Heights pass many times in a film: rain is fast."""
    height, width = frame.shape[:2]
    unit = min(height, width)
    rng = np.random.default_rng(seed)
    light = np.zeros((height, width), np.uint8)
    for drops, length, speed, bright in PLANES:
        for x, start, near in rng.random((drops, 3)):
            long = length * unit * (0.6 + 0.8 * near)
            y = ((start + 4 * speed * t * (0.8 + 0.4 * near)) % 1.0) * (height + long)
            foot = np.array([(x * 1.2 * width - SLANT * y), y])
            ends = np.rint(np.stack([foot, foot + np.array([SLANT * long, -long])]) * 16).astype(np.int32)
            thick = max(1, round(0.0013 * unit * (0.7 + near)))
            cv2.line(light, ends[0].tolist(), ends[1].tolist(), bright, thick, cv2.LINE_AA, 4)
    return np.asarray(cv2.add(frame, cv2.merge([light, light, light])))
