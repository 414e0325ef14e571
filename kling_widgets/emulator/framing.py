"""One photo, several shots: each looks at another part of it, and moves in another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator import blend, camera
from kling_widgets.emulator.depth import depth
from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.looks.paint import graded
from kling_widgets.emulator.mood import hour_named
from kling_widgets.emulator.warp import ease, progress

SMALL = 96
"""Pixels of the longer side of the picture in which places of interest are looked for."""

LIGHT = {
    "night": {"light": -34.0, "warmth": -16.0, "saturation": 0.8},
    "sunset": {"light": -4.0, "warmth": 20.0, "saturation": 1.1},
    "dawn": {"light": 8.0, "warmth": 9.0, "saturation": 0.92},
    "day": {"light": 6.0, "warmth": 0.0, "saturation": 1.06},
}
"""What an hour named in a shot's words does to the photo: a hint of it."""


CLOSEST = 2.15
"""How much the closest shot enlarges."""

SHARP = 3.0
"""Pixels of the film to one of the photo, at most: beyond that a close shot is a blur."""

LEAST_CLOSE = 1.5
"""And yet, in the closest shot, at least so much: a cut to nearly the same picture looks like a mistake."""


@dataclass(frozen=True)
class View:
    """The part of the photo that fills the frame: its middle in shares of the sides, and how much it is enlarged."""

    x: float
    y: float
    zoom: float

    def towards(self, other: View, share: float) -> View:
        """The view on the way to another one; enlarging goes by equal factors, as it looks even so."""
        x, y = self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share
        return View(x, y, self.zoom * (other.zoom / self.zoom) ** share)

    def limited(self, most: float) -> View:
        """The view enlarged less, all of them in proportion, so that the closest one is enlarged `most` at most."""
        if most >= CLOSEST:
            return self

        return View(self.x, self.y, self.zoom ** (log(most) / log(CLOSEST))).inside()

    def inside(self) -> View:
        """The view moved so that it shows nothing beyond the photo's edges."""
        half = 0.5 / self.zoom
        return View(min(max(self.x, half), 1 - half), min(max(self.y, half), 1 - half), self.zoom)


def frames(job: Job, size: Size, number: int, *, last: bool = False) -> Iterator[Photo]:
    """Every frame of the shot with this number, counted from 0: the first begins on the whole photo.

    The last shot of a film with an end frame comes to rest on it.
    """
    if job.tail is not None and (last or not job.photos):
        yield from blend.frames(replace(job, photos=()), size) if last else _moved(job, size, number, job.tail)
    elif job.camera is not None:
        yield from camera.frames(job, size)
    else:
        yield from _moved(job, size, number, job.photos[0])


def views(photo: Photo, number: int) -> tuple[View, View]:
    """Where the shot with this number begins and ends."""
    whole = View(0.5, 0.5, 1)
    if number == 0:
        return whole, View(0.5, 0.5, 1.1)

    # Close on the main thing, back from it, then what else there is to see, and at last out to the whole.
    x, y = depth(photo).focus
    others = [place for place in places(photo, 5) if abs(place[0] - x) + abs(place[1] - y) > 0.25] or [(x, y)]
    aside, beside = others[0]
    slide = 0.05 if x < 0.5 else -0.05
    moves = (
        (View(x - slide, y, 1.75), View(x + slide, y, 1.85)),
        (View(x, y, 1.45), View(x, y, 1.22)),
        (View(aside, beside + 0.05, CLOSEST), View(aside, beside - 0.05, CLOSEST)),
        (View(0.36, y, 1.38), View(0.64, y, 1.38)),
        (View(x, y, 2.0), whole),
    )
    begin, end = moves[(number - 1) % len(moves)]
    return begin.inside(), end.inside()


def places(photo: Photo, count: int) -> list[tuple[float, float]]:
    """Places worth a look, in shares of the sides, the most striking first, no two of them close together."""
    height, width = photo.shape[:2]
    scale = SMALL / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.cvtColor(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB).astype(np.float32)
    # What stands out from its surroundings, in light or in colour.
    apart = np.abs(cv2.GaussianBlur(small, (0, 0), 2) - cv2.GaussianBlur(small, (0, 0), 14)).sum(axis=2)
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    interest = cv2.GaussianBlur(apart, (0, 0), 4) + 1e-3
    interest *= np.exp(-1.2 * (across**2 + down**2))
    found = []
    for _ in range(count):
        row, column = np.unravel_index(int(interest.argmax()), interest.shape)
        x, y = (float(column) + 0.5) / size[0], (float(row) + 0.5) / size[1]
        found.append((x, y))
        interest *= 1 - np.exp(-((across - 2 * x + 1) ** 2 + (down - 2 * y + 1) ** 2) / (2 * 0.35**2))
    return found


def seen(photo: Photo, view: View, size: Size) -> Photo:
    """The part of the photo, at the frame's size."""
    height, width = photo.shape[:2]
    across, down = view.zoom * size[0] / width, view.zoom * size[1] / height
    # Half a pixel each way: a pixel's place is its centre.
    move = np.array(
        [
            [across, 0, size[0] / 2 - view.x * width * across + across / 2 - 0.5],
            [0, down, size[1] / 2 - view.y * height * down + down / 2 - 0.5],
        ]
    )
    if (width, height) == size and np.allclose(move, np.eye(2, 3), atol=1e-9):
        return photo.copy()

    return cast(Photo, cv2.warpAffine(photo, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))


def _moved(job: Job, size: Size, number: int, photo: Photo) -> Iterator[Photo]:
    most = max(LEAST_CLOSE, SHARP * photo.shape[1] / size[0])
    begin, end = (view.limited(most) for view in views(photo, number))
    ready = _close(photo, size, min(begin.zoom, end.zoom))
    hour = hour_named(job.prompt)
    if number and hour:
        ready = graded(ready, **LIGHT[hour])
    for done in progress(job):
        yield seen(ready, begin.towards(end, ease(done)), size)


def _close(photo: Photo, size: Size, zoom: float) -> Photo:
    """The photo as large as a view enlarged so much needs it: smaller it would lose detail, larger it would flicker."""
    return scaled(photo, (max(size[0], round(size[0] * zoom)), max(size[1], round(size[1] * zoom))))
