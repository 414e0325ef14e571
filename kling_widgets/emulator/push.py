"""A plain prompt: the camera comes slowly nearer."""

from __future__ import annotations

from collections.abc import Iterator

from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.warp import ease, progress, zoomed

GROWTH = 1.12
"""How much larger the picture is at the end."""


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    photo = scaled(job.photos[0], size)
    for done in progress(job):
        yield zoomed(photo, GROWTH ** ease(done))
