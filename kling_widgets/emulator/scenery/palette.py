"""The colours of an hour and its weather."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.looks.paint import rgb
from kling_widgets.emulator.mood import Mood

Colour = NDArray[np.float32]
"""Three numbers 0..255."""

SNOW = "#eef3f9"
"""The one land that is not coloured by its own colour: see Palette.snow."""


@dataclass(frozen=True, eq=False)
class Palette:
    """Colours to paint a place with."""

    sky: tuple[Colour, ...]
    """From the zenith down to the horizon."""
    glow: Colour
    """Light around the sun or the moon."""
    disc: Colour
    haze: Colour
    """What far things fade into."""
    ambient: Colour
    """What the light leaves of a white thing near by."""
    mist: float
    """0..1: how soon things fade."""
    night: bool

    def land(self, base: str, distance: float) -> Colour:
        """A thing of this colour "#rrggbb" by this light, from near (0) to the horizon (1)."""
        if base == SNOW:
            return self.snow(distance)

        share = min(1.0, (0.05 + 0.8 * self.mist) * distance + 0.12 * self.mist)
        return mix(np.asarray(rgb(base) * self.ambient / 255, np.float32), self.haze, share)

    def snow(self, distance: float) -> Colour:
        """Snow throws back more light than anything else: of the hour's colour, yet the brightest thing about."""
        bright = 0.34 if self.night else 0.92
        tint = self.ambient / self.ambient.max()
        white = np.asarray(255 * bright * (0.55 * tint + 0.45), np.float32)
        return mix(white, self.haze, (0.1 + 0.55 * self.mist) * distance)


HOURS = {
    "day": (("#2a67ad", "#6fa8dc", "#b9d8ee", "#eaf3f4"), "#fff3d6", "#fffdf4", "#cfe0ec", "#f4f1ea", 0.62),
    "sunset": (("#27305f", "#7a4a86", "#e2707a", "#ffb873"), "#ffb45e", "#fff1cf", "#e8937a", "#8f6270", 0.72),
    "dawn": (("#5a7db2", "#a9b3d6", "#efc9cb", "#ffe4c2"), "#ffd9a3", "#fff7e4", "#ead0cb", "#a9a0b4", 0.85),
    "night": (("#050a1c", "#0c1a3d", "#1d3766", "#3f6390"), "#a9c4ee", "#f4f6ff", "#35557f", "#2c3a5e", 0.62),
}
"""Sky, glow, disc, haze, ambient, mist."""

WEATHERS = {
    "rain": ("#75828f", 0.62, 0.25),
    "snow": ("#d5dee8", 0.45, 0.2),
    "fog": ("#c9d0d3", 0.5, 0.4),
}
"""Grey that the air turns to, by how much, and how much sooner things fade."""


def palette(place: Mood) -> Palette:
    """The colours of this place, the hue a little different with each seed."""
    sky, glow, disc, haze, ambient, mist = HOURS[place.hour]
    night = place.hour == "night"
    colours = [_shifted(rgb(colour), place.seed) for colour in (*sky, glow, haze)]
    light = rgb(ambient)
    if place.weather in WEATHERS:
        grey, share, more = WEATHERS[place.weather]
        # Grey by the light of the hour: fog at night is dark, at sunset it is warm.
        air = rgb(grey) * (0.35 * rgb(ambient) / rgb(ambient).max() + 0.65) * (0.3 if night else 1)
        colours = [mix(colour, air, share) for colour in colours]
        light = mix(light, np.full(3, light.mean(), np.float32), 0.5 * share)
        mist = min(1.0, mist + more)

    *heaven, around, far = colours
    return Palette(tuple(heaven), around, rgb(disc), far, light, mist, night)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of the second colour, the rest of the first."""
    return np.asarray(first + (second - first) * share, np.float32)


def _shifted(colour: Colour, seed: int) -> Colour:
    """The hue turned a little about grey."""
    angle = ((seed >> 8) % 1000 / 1000 - 0.5) * 0.34
    third, root = (1 - np.cos(angle)) / 3, np.sin(angle) / np.sqrt(3)
    turn = np.cos(angle) * np.eye(3) + third + root * np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    return np.asarray(np.clip(turn @ colour, 0, 255), np.float32)
