"""The places that words may name, each put together of sky, land, trees and water, from the far to the near."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kling_widgets.emulator.mood import Mood
from kling_widgets.emulator.scenery import city, ground, heavens, inside, trees
from kling_widgets.emulator.scenery.canvas import Canvas, Sheet, cloudy, land, short, wander
from kling_widgets.emulator.scenery.palette import SNOW, Palette
from kling_widgets.emulator.scenery.water import water

HORIZON = {"sea": 0.52, "lake": 0.54, "city": 0.74, "forest": 0.62, "mountain": 0.6, "desert": 0.56}
"""How far down the horizon lies, as a share of the height; elsewhere 0.58."""

SUN = {"day": 0.28, "night": 0.32, "sunset": 0.86, "dawn": 0.74}
"""How far down the sky the sun or the moon stands."""

CLOUDS = {"rain": 1.0, "snow": 0.8, "fog": 0.2}
CLEAR = {"rain": 0.0, "snow": 0.7, "fog": 0.45, "clear": 1.0}
"""How much of the sky is clouded, and how much of sun, moon and stars comes through the air."""

ROUGH = {"rain": 1.0, "fog": 0.35}
"""How the weather moves the sea."""


@dataclass(frozen=True, eq=False)
class Easel:
    """What a place is painted on and with."""

    mood: Mood
    colours: Palette
    back: Canvas
    front: Canvas
    """The near plane, seen where `cover` is 1."""
    cover: Sheet

    @property
    def horizon(self) -> float:
        return HORIZON.get(self.mood.land, 0.58)

    @property
    def snow(self) -> bool:
        return self.mood.weather == "snow"

    def level(self, share: float, swing: float, long: float, salt: int) -> Sheet:
        """A line across the canvas at a share of its height, swinging softly; lengths in short sides."""
        unit, (height, width) = short(self.back), self.back.shape[:2]
        line = share * height + swing * unit * wander(width, long * unit, self.mood.seed + salt, octaves=3)
        return np.asarray(line, np.float32)


def _outdoors(easel: Easel) -> tuple[float, float]:
    """The sky. Returns where the sun or moon stands, in shares of the sides."""
    place, horizon = easel.mood, easel.horizon
    rng = np.random.default_rng(place.seed)
    sun = float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)])), horizon * SUN[place.hour]
    night = place.hour == "night"
    cover = CLOUDS.get(place.weather, rng.uniform(0.15, 0.75)) * (0.4 if night else 1)
    heavens.sky(easel.back, easel.colours, horizon, sun, place.seed, cover=cover, clear=CLEAR[place.weather])
    if night and CLEAR[place.weather] > 0.5 and place.land in ("lake", "mountain", "forest"):
        heavens.aurora(easel.back, horizon, place.seed)
    return sun


def _hills(easel: Easel) -> None:
    _outdoors(easel)
    seed = easel.mood.seed
    green = SNOW if easel.snow else ("#5f8a55", "#7c9150", "#4f8068")[seed % 3]
    crest = ground.hills(easel.back, easel.colours, easel.horizon, seed, green)
    line = crest + 0.02 * short(easel.back)
    trees.conifers(easel.back, easel.colours, line, seed + 3, size=0.06, distance=0.1, dense=0.3, snow=easel.snow)
    _grassy(easel)


def _meadow(easel: Easel) -> None:
    _outdoors(easel)
    seed = easel.mood.seed
    green = SNOW if easel.snow else "#7fae4e"
    crest = ground.hills(easel.back, easel.colours, easel.horizon, seed, green, lowest=0.74)
    if not easel.snow:
        trees.flowers(easel.back, easel.colours, crest, seed)
    _grassy(easel)


def _mountain(easel: Easel) -> None:
    sun = _outdoors(easel)
    snow = 0.75 if easel.snow else 0.45
    ground.mountains(easel.back, easel.colours, easel.horizon, easel.mood.seed, sun[0], snow=snow)
    _woods(easel, (0.7, 0.8), 0.09)


def _forest(easel: Easel) -> None:
    _outdoors(easel)
    _woods(easel, (0.42, 0.52, 0.64, 0.78), 0.2)


def _desert(easel: Easel) -> None:
    sun = _outdoors(easel)
    base = SNOW if easel.snow else "#d9a066"
    ground.dunes(easel.back, easel.colours, easel.horizon, easel.mood.seed, sun[0], base=base)


def _sea(easel: Easel) -> None:
    sun = _outdoors(easel)
    _headland(easel, sun[0])
    _wet(easel, sun, ROUGH.get(easel.mood.weather, 0.6))


def _lake(easel: Easel) -> None:
    sun = _outdoors(easel)
    seed = easel.mood.seed
    ground.mountains(easel.back, easel.colours, easel.horizon - 0.03, seed, sun[0], count=2)
    shore = easel.level(easel.horizon - 0.015, 0.015, 0.7, 5)
    trees.conifers(easel.back, easel.colours, shore, seed + 2, size=0.055, distance=0.45, snow=easel.snow)
    _wet(easel, sun, 0.12)
    _grassy(easel)


def _city(easel: Easel) -> None:
    sun = _outdoors(easel)
    city.skyline(easel.back, easel.colours, easel.horizon, easel.mood.seed)
    _wet(easel, sun, 0.22)


def _room(easel: Easel) -> None:
    inside.room(easel.back, easel.mood.hour, easel.mood.seed)


def _space(easel: Easel) -> None:
    inside.space(easel.back, easel.mood.seed)


PLACES: Mapping[str, Callable[[Easel], None]] = {
    "hills": _hills,
    "meadow": _meadow,
    "mountain": _mountain,
    "forest": _forest,
    "desert": _desert,
    "sea": _sea,
    "lake": _lake,
    "city": _city,
    "room": _room,
    "space": _space,
}
"""What paints each land."""


def _woods(easel: Easel, levels: tuple[float, ...], size: float) -> None:
    """Rows of conifers down to the foreground; the last row stands in the near plane."""
    colours, seed, snow = easel.colours, easel.mood.seed, easel.snow
    for number, level in enumerate(levels):
        near = (number + 1) / (len(levels) + 1)
        line, tall = easel.level(level, 0.045, 0.9, 60 + number), size * (0.6 + 0.9 * near)
        trees.conifers(easel.back, colours, line, seed + number, size=tall, distance=0.9 * (1 - near), snow=snow)

    line, tall = easel.level(1.0, 0.05, 1.4, 90), 2.1 * size * short(easel.back)
    shape = easel.back.shape
    top, cover, colour = trees.wood(shape, colours, line, seed + 91, size=tall, distance=0, dense=0.5, snow=snow)
    easel.front[top:], easel.cover[top:] = (1.0 if snow else 0.7) * colour, cover


def _grassy(easel: Easel) -> None:
    """Blades of grass along the lower edge, dark against the light."""
    line = easel.level(0.985, 0.02, 0.8, 70)
    easel.front[:] = easel.colours.land("#8fa0a8" if easel.snow else "#2c3f2a", 0.0) * 0.75
    easel.cover[:] = trees.grass(easel.back.shape, line, easel.mood.seed + 71, size=0.075 * short(easel.back))


def _wet(easel: Easel, sun: tuple[float, float], rough: float) -> None:
    clear = CLEAR[easel.mood.weather]
    water(easel.back, easel.colours, easel.horizon, easel.mood.seed, sun, rough=rough, clear=clear)


def _headland(easel: Easel, sun: float) -> None:
    """A coast that comes in from the side away from the sun."""
    height, width = easel.back.shape[:2]
    unit, seed = short(easel.back), easel.mood.seed
    share = np.linspace(0, 1, width, dtype=np.float32)
    reach = np.clip(((share if sun < 0.5 else 1 - share) - 0.55) / 0.45, 0, 1) ** 0.8
    rock = 0.11 * reach * (1 + 0.4 * wander(width, 0.5 * unit, seed + 8)) - 0.002
    line = np.asarray(easel.horizon * height - rock * unit, np.float32)
    near, far = (easel.colours.land("#5b6a5f", distance) for distance in (0.55, 0.8))
    relief = np.asarray((cloudy(easel.back.shape, 0.05, seed) - 0.5) * 0.5, np.float32)
    land(easel.back, line, near, far, 0.12 * unit, relief=relief)
