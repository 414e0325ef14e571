"""An effect: the looks that data/looks.json lists for its scene, one after the other, over one photo or two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from zlib import crc32

from kling_widgets.emulator.abreast import abreast
from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Job, Photo
from kling_widgets.emulator.looks.catalogue import ABOUT_SUBJECT, MOVES, PAIRS, STYLES, Step
from kling_widgets.emulator.looks.film import reveal
from kling_widgets.emulator.looks.pairs import Two
from kling_widgets.emulator.looks.subject import subject
from kling_widgets.emulator.warp import progress

At = Callable[[float], Photo]
"""The frame at a time from 0, where the film begins, to 1, where it ends."""


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    if job.scene is None:
        raise ValueError("This job has no effect scene.")

    yield from abreast(scene(job.scene, job.photos, size), progress(job))


def scene(name: str, photos: Sequence[Photo], size: Size) -> At:
    """The effect made ready for these photos: styles are worked out here, once.

    Raises ValueError for a scene without looks, and for a wrong number of photos.
    """
    steps = looks().get(name)
    if steps is None:
        raise ValueError(f"The emulator has no looks for the effect {name!r}: see data/looks.json.")

    # Two scenes with the same looks still differ: their particles fall elsewhere.
    seed = crc32(name.encode())
    pair = steps[0]["look"] in PAIRS
    if len(photos) != (2 if pair else 1):
        raise ValueError(f"The effect {name!r} takes {'two photos' if pair else 'one photo'}, not {len(photos)}.")

    begin = _two(steps[0], photos, size, seed) if pair else _one(steps, scaled(photos[0], size), seed)
    moves = [step for step in steps if step["look"] in MOVES]
    about = any(step["look"] in ABOUT_SUBJECT for step in moves) and not pair
    who = subject(scaled(photos[0], size)) if about else None

    def at(t: float) -> Photo:
        frame = begin(t)
        for number, step in enumerate(moves):
            told = {"subject": who} if step["look"] in ABOUT_SUBJECT else {}
            frame = MOVES[step["look"]](frame, t, seed + number, **_parameters(step), **told)
        return frame

    return at


@cache
def looks() -> dict[str, list[Step]]:
    """The looks of every scene, from data/looks.json."""
    text = files("kling_widgets").joinpath("data/looks.json").read_text(encoding="utf-8")
    scenes: dict[str, list[Step]] = json.loads(text)["scenes"]
    return scenes


def _one(steps: list[Step], photo: Photo, seed: int) -> At:
    """The photo, turned into its styles in the first half of the film."""
    styled, way = photo, None
    for step in steps:
        if step["look"] in STYLES:
            styled = STYLES[step["look"]](styled, seed, **_parameters(step))
            way = step.get("reveal", "fade")

    if way is None:
        return lambda t: photo.copy()
    return lambda t: reveal(photo, styled, t, seed, way=way)


def _two(step: Step, photos: Sequence[Photo], size: Size, seed: int) -> At:
    left, right = photos
    two = Two(left, right, size)
    return lambda t: PAIRS[step["look"]](two, t, seed, **_parameters(step))


def _parameters(step: Step) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in ("look", "reveal")}
