"""Whole frames moved by a homography, and how moves are spread over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Job, Photo

Homography = NDArray[np.float64]
"""3 x 3: from a place in the photo to its place in the frame."""


def progress(job: Job) -> Iterator[float]:
    """How much of the film has passed at each frame: exactly 0 at the first and exactly 1 at the last."""
    last = round(job.seconds * job.fps) - 1
    for index in range(last + 1):
        yield index / max(1, last)


def ease(done: float) -> float:
    """Steady in the middle, soft at both ends, without the long waits of a full smoothstep."""
    return 0.6 * done + 0.4 * done * done * (3 - 2 * done)


def warped(photo: Photo, forward: Homography) -> Photo:
    """The photo seen through a homography; beyond its edges it goes on mirrored."""
    height, width = photo.shape[:2]
    # A pixel's place is its centre: without this half a pixel, a zoom would drift.
    centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    backward = np.linalg.inv(np.linalg.inv(centre) @ forward @ centre)
    if np.allclose(backward / backward[2, 2], np.eye(3), atol=1e-9):
        return photo.copy()

    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    frame = cv2.warpPerspective(photo, backward, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return cast(Photo, frame)


def zoomed(photo: Photo, factor: float) -> Photo:
    """The photo grown about its middle."""
    height, width = photo.shape[:2]
    return warped(photo, about((width / 2, height / 2), np.diag([factor, factor, 1.0])))


def about(centre: tuple[float, float], move: Homography) -> Homography:
    """The same move with its origin at the centre."""
    there = np.array([[1, 0, centre[0]], [0, 1, centre[1]], [0, 0, 1.0]])

    return there @ move @ np.linalg.inv(there)
