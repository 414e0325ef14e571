"""A film of words alone: the painted place, and a camera that drifts through it.

The place is painted a little larger than the frame, in two planes: what stands near passes faster than what lies far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator import camera
from kling_widgets.emulator.dream import Dream, dream, weather
from kling_widgets.emulator.fit import Size, even
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.warp import ease, progress

MARGIN = 0.14
"""How much larger than the frame the place is painted, so that no move shows an edge."""

LARGEST = 1440
"""Short side in pixels of the largest frame that is painted pixel by pixel: a painting for 4k is enlarged."""

MOVES = (
    # across and down, from and to, in margins from the middle; growth from and to.
    ((-0.35, 0.0), (0.35, 0.0), 1.0, 1.03),
    ((0.0, 0.0), (0.0, -0.06), 1.0, 1.09),
    ((0.3, 0.15), (-0.3, -0.15), 1.02, 1.02),
    ((0.0, -0.08), (0.0, 0.04), 1.09, 1.0),
    ((0.0, -0.4), (0.0, 0.35), 1.02, 1.0),
)
"""What the camera does, one of these a film."""

NEARER = 2.0
"""How much faster the near plane passes."""


def frames(job: Job, size: Size, take: int = 0) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own. A camera move that was asked for is made.

    `take` is the number of the shot: another picture and another move.
    """
    if job.camera is not None:
        still = dream(job.prompt, size, take)
        moved = camera.frames(replace(job, photos=(still.flat(),)), size)
        for done, frame in zip(progress(job), moved, strict=True):
            yield weather(frame, _span(job, done), still.mood)
        return

    larger = (1 + MARGIN) * min(1, LARGEST / min(size))
    place = dream(job.prompt, (even(size[0] * larger), even(size[1] * larger)), take)
    here, there, small, large = MOVES[(place.mood.seed + take) % len(MOVES)]
    for done in progress(job):
        share = ease(done)
        x, y = (one + (other - one) * share for one, other in zip(here, there, strict=True))
        frame = view(place, (x, y), small + (large - small) * share, size)
        yield weather(frame, _span(job, done), place.mood)


def _span(job: Job, done: float) -> float:
    """Snow falls no faster in a short shot; and it has been falling before the film began."""
    return 0.7 + done * job.seconds / 10


def view(place: Dream, shift: tuple[float, float], growth: float, size: Size) -> Photo:
    """The part of the place in view: both planes, the near one moved and grown more."""
    frame = cast(Photo, cv2.warpAffine(place.back, _window(place.back, shift, growth, size), size))
    near = shift[0] * NEARER, shift[1] * NEARER
    move = _window(place.back, near, 1 + (growth - 1) * NEARER, size)
    top = max(0, int(move[1, 1] * place.top + move[1, 2]))
    if top < size[1]:
        move[1, 2] -= top
        planes = place.front, place.cover
        front, cover = (
            cv2.warpAffine(each, move, (size[0], size[1] - top), borderMode=cv2.BORDER_REPLICATE) for each in planes
        )
        frame[top:] = cv2.blendLinear(front, frame[top:], cover, 1 - cover)
    return frame


def _window(picture: Photo, shift: tuple[float, float], growth: float, size: Size) -> NDArray[np.float64]:
    """From places in the painting to places in the frame: the middle, shifted against the camera."""
    height, width = picture.shape[:2]
    part = MARGIN / (1 + MARGIN) / 2
    x, y = width * (0.5 + shift[0] * part), height * (0.5 + shift[1] * part)
    across, down = (growth * (1 + MARGIN) * there / here for there, here in zip(size, (width, height), strict=True))
    # Half a pixel each way: a pixel's place is its centre.
    return np.array(
        [
            [across, 0, size[0] / 2 - across * x + across / 2 - 0.5],
            [0, down, size[1] / 2 - down * y + down / 2 - 0.5],
        ]
    )
