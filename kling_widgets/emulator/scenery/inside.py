"""Where the words speak of no land: lights out of focus, and the depth of space."""

from __future__ import annotations

import numpy as np

from kling_widgets.emulator.looks.paint import rgb, smoothstep
from kling_widgets.emulator.scenery.canvas import Canvas, cloudy, over, short, wander
from kling_widgets.emulator.scenery.heavens import stars
from kling_widgets.emulator.scenery.palette import Colour, mix

ROOMS = {
    "day": ("#f2e6d4", "#c9a887", ("#fff6e2", "#ffe1b0", "#f7c9a0")),
    "dawn": ("#efd9cd", "#a58a9b", ("#fff0df", "#ffd2b0", "#f2b7b7")),
    "sunset": ("#b4643f", "#3a1f2b", ("#ffd591", "#ff9f5a", "#ff7a6b")),
    "night": ("#2a2140", "#0d0b18", ("#ffc978", "#ff8f6b", "#6fb7ff", "#c58bff")),
}
"""Wall by the lamp, wall away from it, lights."""

NEBULAE = (("#3b1d6e", "#d0568f", "#ffb07a"), ("#0e3a66", "#2aa6b8", "#b8f0c8"), ("#2b1250", "#5a62d8", "#f08fc0"))

DUST, NIGHT_SIDE, AIR = (np.array(colour, np.float32) for colour in ((8, 6, 14), (6, 9, 20), (120, 170, 230)))
"""Of space: dark clouds before the bright ones, a planet where no sun shines, the air around it."""


def room(canvas: Canvas, hour: str, seed: int) -> None:
    """A room seen out of focus: a lamp's warmth on the wall and lights as large soft discs."""
    height, width = canvas.shape[:2]
    unit = short(canvas)
    near, far, lights = ROOMS[hour]
    rng = np.random.default_rng(seed)
    x, y = rng.uniform((0.25, 0.2), (0.75, 0.45))
    across = (np.arange(width, dtype=np.float32) - x * width) / unit
    down = (np.arange(height, dtype=np.float32)[:, None] - y * height) / unit
    fall = np.exp(-((across / 0.75) ** 2) - (down / 0.65) ** 2)
    canvas[:] = rgb(far) + (rgb(near) - rgb(far)) * fall[..., None]
    table = 0.74 * height
    rows = np.arange(height, dtype=np.float32)[:, None]
    below = np.broadcast_to(smoothstep(table - 0.05 * unit, table + 0.05 * unit, rows), (height, width))
    over(canvas, rgb(far) * 0.55, np.asarray(0.75 * below, np.float32))
    for number in range(64):
        # Most hang in two rows, like lamps on a string; some are anywhere.
        across_at = rng.uniform(-0.05, 1.05)
        string = (0.24 if number % 2 else 0.46) + 0.1 * (2 * across_at - 1) ** 2 + rng.normal(0, 0.035)
        place = across_at * width, (string if number < 44 else rng.uniform(0.05, 0.8)) * height
        radius = unit * rng.uniform(0.016, 0.07) * (0.6 + 0.8 * rng.random() ** 2)
        strength = rng.uniform(0.12, 0.6) * (0.55 if hour in ("day", "dawn") else 1)
        _bokeh(canvas, place[0], place[1], radius, lights[number % len(lights)], strength)
        # What shines above the table shines back from it.
        if place[1] > 0.4 * height:
            _bokeh(canvas, place[0], 2 * table - place[1], radius * 1.3, lights[number % len(lights)], 0.35 * strength)


def space(canvas: Canvas, seed: int) -> None:
    """A nebula, stars, and the lit limb of a planet."""
    height, width = canvas.shape[:2]
    unit = short(canvas)
    deep, cloud, core = (rgb(colour) for colour in NEBULAE[seed % len(NEBULAE)])
    canvas[:] = (5, 6, 16)
    slant = (
        np.linspace(-1, 1, width, dtype=np.float32)[None] * 0.5 + np.linspace(1, -1, height, dtype=np.float32)[:, None]
    )
    band = np.exp(-((slant + 0.35 * (cloudy(canvas.shape, 0.7, seed) - 0.5)) ** 2) / 0.28)
    gas, dust = cloudy(canvas.shape, 0.42, seed + 2), cloudy(canvas.shape, 0.22, seed + 8)
    thick = band * smoothstep(0.3, 0.75, gas)
    over(canvas, deep, np.asarray(np.clip(band * 0.6, 0, 1), np.float32))
    over(canvas, cloud, np.asarray(np.clip(thick * 0.7, 0, 1), np.float32))
    over(canvas, core, np.asarray(np.clip(band**3 * smoothstep(0.52, 0.85, gas) * 0.75, 0, 1), np.float32))
    over(canvas, DUST, np.asarray(band * smoothstep(0.52, 0.72, dust) * 0.7, np.float32))
    stars(canvas, seed, count=900)
    side = 0.22 if seed % 2 else 0.78
    _planet(canvas, side * width, height + 0.72 * unit, 1.0 * unit, mix(cloud, AIR, 0.6), seed)


def _planet(canvas: Canvas, x: float, y: float, radius: float, air: Colour, seed: int) -> None:
    """A great ball low in the frame, lit from above, with a rim of air."""
    height, width = canvas.shape[:2]
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    away = np.hypot(columns - x, rows - y) / radius
    ball = np.clip((1 - away) * radius + 0.5, 0, 1)
    day = smoothstep(0.8, 1.0, away) * smoothstep(0.0, 0.9, (y - rows) / radius)
    bands = cloudy(canvas.shape, 0.3, seed + 40) + 0.08 * wander(height, 0.2 * radius, seed + 41)[:, None]
    face = NIGHT_SIDE + (air * (0.35 + 0.5 * bands[..., None])) * day[..., None]
    over(canvas, np.asarray(face, np.float32), np.asarray(ball, np.float32))
    rim = np.exp(-np.abs(away - 1) / 0.012) * 0.9 + np.exp(-np.clip(away - 1, 0, None) / 0.06) * 0.3 * (1 - ball)
    canvas += (air - canvas * 0.5) * np.clip(rim * smoothstep(0.2, 1.0, (y - rows) / radius), 0, 1)[..., None]


def _bokeh(canvas: Canvas, x: float, y: float, radius: float, colour: str, strength: float) -> None:
    """A disc of light, a little brighter at its rim, as a lens draws a lamp out of focus."""
    reach = int(radius * 1.15) + 2
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    part = canvas[top : max(0, int(y) + reach), left : max(0, int(x) + reach)]
    if not part.size:
        return

    rows, columns = np.indices(part.shape[:2], dtype=np.float32)
    away = np.hypot(columns + left - x, rows + top - y) / radius
    soft = max(0.05, 2 / radius)
    disc = (1 - smoothstep(1 - soft, 1 + soft, away)) * (0.72 + 0.28 * smoothstep(0.6, 1.0, away))
    part += (rgb(colour) * (strength * disc)[..., None]) * (1 - part / 255)
