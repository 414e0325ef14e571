"""From a start frame to an end frame; or, with an end frame alone, a gentle move that comes to rest on it.

Where the two pictures show the same thing, optical flow carries each towards the other while they dissolve. Where they
do not, flow would only smear: then they dissolve while the camera glides on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator.fit import Size, fitted, scaled
from kling_widgets.emulator.flow import match
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.morph import Morph
from kling_widgets.emulator.warp import ease, progress, zoomed

GLIDE = 1.06
"""Zoom of each picture at the far side of the dissolve."""

ARRIVAL = 1.12
"""Zoom at which a film with an end frame alone begins."""


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own; the last one is the tail."""
    if job.tail is None:
        raise ValueError("This job has no end frame.")

    tail = fitted(job.tail, size)
    if not job.photos:
        for done in progress(job):
            yield zoomed(tail, ARRIVAL ** (1 - ease(done)))
        return

    start = scaled(job.photos[0], size)
    found = match(start, tail)
    morph = Morph(start, tail, found) if found else None
    for done in progress(job):
        yield morph.at(ease(done)) if morph else _dissolved(start, tail, done)


def _dissolved(start: Photo, tail: Photo, done: float) -> Photo:
    """Both pictures glide nearer, the one on its way out, the other on its way in; the change sits in the middle."""
    out, into = zoomed(start, GLIDE ** ease(done)), zoomed(tail, GLIDE ** (ease(done) - 1))
    share = float(np.clip((done - 0.2) / 0.6, 0, 1))
    return _mixed(out, into, share * share * (3 - 2 * share))


def _mixed(first: Photo, second: Photo, share: float) -> Photo:
    return cast(Photo, cv2.addWeighted(first, 1 - share, second, share, 0))
