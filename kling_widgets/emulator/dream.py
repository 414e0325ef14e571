"""A picture from words alone: a calm place, painted as the words' mood has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks import particles
from kling_widgets.emulator.looks.paint import masked
from kling_widgets.emulator.mood import Mood, mood
from kling_widgets.emulator.scenery import downpour
from kling_widgets.emulator.scenery.canvas import Canvas
from kling_widgets.emulator.scenery.palette import palette
from kling_widgets.emulator.scenery.places import PLACES, Easel

MOMENT = 0.8
"""The time, 0 to 1, at which a still picture shows its weather: by then snow is everywhere."""


@dataclass(frozen=True, eq=False)
class Dream:
    """A painted place in two planes, so that a camera may pass by the nearer one."""

    mood: Mood
    back: Photo
    front: Photo
    """What stands near, in its own colours; seen where `cover` is."""
    cover: NDArray[np.float32]
    """Shape (height, width), 0..1."""
    top: int
    """The first row that the near plane reaches; the height where there is none."""

    def flat(self) -> Photo:
        """Both planes as one picture."""
        return masked(self.back, self.front, self.cover)


def dream(prompt: str, size: Size, take: int = 0) -> Dream:
    """The place that any text speaks of, at this size; always the same for the same text and take."""
    place = mood(prompt, take)
    shape = size[1], size[0], 3
    easel = Easel(
        place, palette(place), np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape[:2], np.float32)
    )
    PLACES[place.land](easel)

    reached = easel.cover.any(axis=1)
    top = int(reached.argmax()) if reached.any() else size[1]
    back, front = _dithered(easel.back, place.seed), _dithered(easel.front, place.seed + 1)
    return Dream(place, back, front, easel.cover, top)


def paint(prompt: str, size: Size, take: int = 0) -> Photo:
    """The same as one still picture, with snow or rain in the air."""
    made = dream(prompt, size, take)
    return weather(made.flat(), MOMENT, made.mood)


def weather(frame: Photo, t: float, place: Mood) -> Photo:
    """The picture with the snow or rain that falls at a time; t goes on past 1 for as long as one likes."""
    if place.land in ("room", "space"):
        return frame

    if place.weather == "snow":
        return particles.rain(
            frame, t, place.seed, shape="soft", count=110, size=0.016, speed=0.7, drift=0.05, tumble=0
        )
    return downpour.rain(frame, t, place.seed) if place.weather == "rain" else frame


def _dithered(canvas: Canvas, seed: int) -> Photo:
    """To whole numbers with a grain finer than a level: else the sky would show steps."""
    grain = np.random.default_rng(seed).random(canvas.shape[:2], np.float32) * 2.2 - 1.1
    return np.clip(canvas + grain[..., None] + 0.5, 0, 255).astype(np.uint8)
