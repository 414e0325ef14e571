"""From a start frame to an end frame; or, with an end frame alone, a gentle move that comes to rest on it.

Where the two pictures show the same thing, optical flow carries each towards the other while they dissolve. Where they
do not, flow would only smear: then they dissolve while the camera glides on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import Size, fitted, scaled
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.warp import ease, progress, zoomed

Flow = NDArray[np.float32]
"""Shape (height, width, 2): where each pixel's content lies in the other picture, as a step in pixels (x, y)."""

GLIDE = 1.06
"""Zoom of each picture at the far side of the dissolve."""

ARRIVAL = 1.12
"""Zoom at which a film with an end frame alone begins."""

SAME = 0.45
"""Pictures count as showing the same when flow leaves less than this share of the difference between them."""


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
    flows = _matched(start, tail)
    for done in progress(job):
        yield _morphed(start, tail, flows, ease(done)) if flows else _dissolved(start, tail, done)


def _dissolved(start: Photo, tail: Photo, done: float) -> Photo:
    """Both pictures glide nearer, the one on its way out, the other on its way in; the change sits in the middle."""
    out, into = zoomed(start, GLIDE ** ease(done)), zoomed(tail, GLIDE ** (ease(done) - 1))
    share = float(np.clip((done - 0.2) / 0.6, 0, 1))
    return _mixed(out, into, share * share * (3 - 2 * share))


def _morphed(start: Photo, tail: Photo, flows: tuple[Flow, Flow], done: float) -> Photo:
    there, back = flows
    return _mixed(_carried(start, there, done), _carried(tail, back, 1 - done), done)


def _mixed(first: Photo, second: Photo, share: float) -> Photo:
    return cast(Photo, cv2.addWeighted(first, 1 - share, second, share, 0))


def _carried(picture: Photo, flow: Flow, share: float) -> Photo:
    """The picture moved a share of its flow. The flow is read at the target, near enough for fields this smooth."""
    height, width = picture.shape[:2]
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = columns - share * flow[..., 0], rows - share * flow[..., 1]

    return cast(Photo, cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))


def _matched(start: Photo, tail: Photo) -> tuple[Flow, Flow] | None:
    """Flow both ways, or None where the pictures do not show the same."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (start, tail)]
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    there, back = (_flow(finder, one, other) for one, other in (grey, grey[::-1]))
    apart = float(np.abs(start.astype(np.int16) - tail).mean())
    left = float(np.abs(_carried(start, there, 1).astype(np.int16) - tail).mean())
    return (there, back) if left < SAME * max(apart, 1) else None


def _flow(finder: Any, one: NDArray[Any], other: NDArray[Any]) -> Flow:
    """Smoothed: a tear in the flow is a tear in every frame."""
    return cast(Flow, cv2.GaussianBlur(finder.calc(one, other, None), (0, 0), 4))
