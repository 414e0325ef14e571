"""Where a moved area stands at a given time.

The one definition of motion along a drawn path, shared with the browser's preview through tests/motion/*.json: the
points are equally spaced in time over the whole film (the vendor does not say; this is our assumption), and between two
points the position is linear and sub-pixel. Before the start it is the first point, after the end the last one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x and y in pixels. The origin is the caller's affair: only differences matter here."""


def position(points: ArrayLike, duration: float, time: ArrayLike) -> Points:
    """The place on the path at each time: shape (..., 2) for times of shape (...), in seconds."""
    along = np.asarray(points, np.float64)
    where = np.asarray(time, np.float64) / duration * (len(along) - 1)
    knots = np.arange(len(along))

    return np.stack([np.interp(where, knots, along[:, 0]), np.interp(where, knots, along[:, 1])], axis=-1)


def displacement(points: ArrayLike, duration: float, time: ArrayLike) -> Points:
    """How far from its first point the path has come: what an area is moved by. Shape (..., 2)."""
    start: Points = np.asarray(points, np.float64)[0]
    return position(points, duration, time) - start
