"""What stands near grows more than what lies far, and passes sideways faster: a photo seen by a camera that moves.

The picture is bent, not cut: every frame is the photo read through one smooth field, worked out coarse, so nothing
tears and nothing has to be painted in behind. The camera only comes nearer, so no margin comes into view.
"""

from __future__ import annotations

from math import log
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator.depth import Depth, Plane
from kling_widgets.emulator.job import Photo

COARSE = 8
"""Pixels of the frame to a step of the field: it is smooth, nobody sees the grid."""

ROUNDS = 4
"""How often the way back is corrected. Each time the error shrinks to a fraction; four leave a hundredth of a pixel."""

ROOM = 0.12
"""Share of the width at either side over which the sideways step dies away."""


class Parallax:
    """A photo and its depth, ready to be seen from any point of the camera's way."""

    def __init__(self, photo: Photo, depth: Depth) -> None:
        height, width = self._size = photo.shape[:2]
        self._photo = photo
        self._focus = depth.focus[0] * width, depth.focus[1] * height
        self._across, self._down = np.meshgrid(_middles(width), _middles(height))
        rows, columns = depth.near.shape
        self._near = _read(depth.near, self._across * (columns / width) - 0.5, self._down * (rows / height) - 0.5)
        # Near the sides the sideways step dies away: else the margin would come into view.
        self._room = np.clip(np.minimum(self._across, width - self._across) / (ROOM * width), 0, 1)

    def seen(self, far: float, near: float, aside: float) -> Photo:
        """The photo with what is farthest grown by one factor and what is nearest by another, both at least 1.

        `aside` is how far the farthest passes to the right against the nearest, in pixels.
        """
        if far == near == 1 and aside == 0:
            return self._photo.copy()

        x, y = self.sources(far, near, aside)
        return cast(Photo, cv2.remap(self._photo, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))

    def sources(self, far: float, near: float, aside: float) -> tuple[Plane, Plane]:
        """For each pixel of the frame, where in the photo it comes from: columns and rows."""
        x, y = (self._spread(plane) for plane in self._back(log(far), log(near), aside))
        return x, y

    def _back(self, far: float, near: float, aside: float) -> tuple[Plane, Plane]:
        """For each place of the frame's grid, where in the photo it comes from: gone back, and corrected."""
        left, top = self._focus
        nearness, room = self._near, self._room
        for _ in range(ROUNDS):
            shrink = np.exp(-far - (near - far) * nearness)
            x = left + (self._across - left) * shrink - aside * (1 - nearness) ** 2 * room
            y = top + (self._down - top) * shrink
            places = x / COARSE + 0.5, y / COARSE + 0.5
            nearness, room = _read(self._near, *places), _read(self._room, *places)
        return x, y

    def _spread(self, places: Plane) -> Plane:
        """Places at the grid's points spread over the frame's pixels, and counted as pixels are, from a centre."""
        rows, columns = places.shape
        wide = cv2.resize(places - np.float32(0.5), (columns * COARSE, rows * COARSE), interpolation=cv2.INTER_LINEAR)
        return cast(Plane, wide[COARSE : COARSE + self._size[0], COARSE : COARSE + self._size[1]])


def _middles(length: int) -> Plane:
    """The middles of the cells along a side, one more at both ends: enlarged, the grid reaches past the frame."""
    return ((np.arange(-(-length // COARSE) + 2) - 0.5) * COARSE).astype(np.float32)


def _read(plane: Plane, x: Plane, y: Plane) -> Plane:
    """The plane's values at these places."""
    return cast(Plane, cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
