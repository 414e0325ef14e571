"""The picture bent like rubber: every place of the frame shows another place of the photo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo

Grid = NDArray[np.floating[Any]]
"""One number per place of a coarse grid over the frame."""

Rule = Callable[[Grid, Grid], tuple[Grid, Grid]]
"""From places in the frame to places in the photo: x and y from the middle, in short sides, y downwards."""

CELL = 8
"""Pixels per cell of the coarse grid: a bend is smooth, so its rule is worked out at few places."""


def bent(picture: NDArray[Any], rule: Rule) -> Photo:
    """The picture with each place (x, y) showing what rule(x, y) names; beyond its edges it goes on mirrored."""
    height, width = picture.shape[:2]
    short = min(width, height)
    across, down = max(2, width // CELL), max(2, height // CELL)
    x = ((np.arange(across) + 0.5) / across - 0.5) * width / short
    y = ((np.arange(down) + 0.5) / down - 0.5) * height / short
    from_x, from_y = rule(*np.meshgrid(x, y))

    def whole(values: Grid, side: int) -> NDArray[np.float32]:
        places = np.broadcast_to(values, (down, across)) * short + side / 2 - 0.5
        raised = cv2.resize(_framed(places), (width + 2 * CELL, height + 2 * CELL), interpolation=cv2.INTER_LINEAR)
        return cast(NDArray[np.float32], raised[CELL : CELL + height, CELL : CELL + width])

    maps = whole(from_x, width), whole(from_y, height)
    return cast(Photo, cv2.remap(picture, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))


def _framed(places: Grid) -> NDArray[np.float32]:
    """One more cell all round, going on straight: a linear map stays linear up to the frame's edge."""
    return np.pad(places, 1, mode="reflect", reflect_type="odd").astype(np.float32)


def turned(x: Grid, y: Grid, angle: float | Grid) -> tuple[Grid, Grid]:
    """Places turned about the middle; a picture read there appears turned clockwise by minus the angle."""
    return x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
