"""A plain prompt: the camera comes slowly nearer, a little to one side, and what stands near passes what lies far."""

from __future__ import annotations

from collections.abc import Iterator

from kling_widgets.emulator.depth import depth
from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.parallax import Parallax
from kling_widgets.emulator.warp import ease, progress

FAR, NEAR = 1.055, 1.155
"""How much larger the farthest and the nearest are at the end, where the guess at depth is sure."""

PLAIN = 1.1
"""The same for both where it is not."""

ASIDE = 0.016
"""How far the farthest has passed aside at the end, likewise, as a share of the width."""


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    photo = scaled(job.photos[0], size)
    guess = depth(job.photos[0])
    scene = Parallax(photo, guess)
    far, near = (PLAIN * (end / PLAIN) ** guess.sure for end in (FAR, NEAR))
    # The camera goes to the side on which the thing stands, as if to look past it.
    aside = ASIDE * guess.sure * size[0] * (1 if guess.focus[0] >= 0.5 else -1)
    for done in progress(job):
        way = ease(done)
        yield scene.seen(far**way, near**way, aside * way)
