"""Land in layers: hills, mountains, dunes, one behind the other and each paler than the one before it."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.looks.paint import smoothstep
from kling_widgets.emulator.scenery.canvas import Canvas, Line, Sheet, cloudy, land, over, short, wander
from kling_widgets.emulator.scenery.palette import Palette, mix

TEXTURE = 512
"""Side in pixels of the noise that rock is taken from."""


def hills(
    canvas: Canvas, colours: Palette, horizon: float, seed: int, base: str, *, lowest: float = 0.93, count: int = 5
) -> Line:
    """Soft hills from the horizon down to `lowest` (shares of the height). Returns the crest of the nearest."""
    height, width = canvas.shape[:2]
    ridge = np.zeros(width, np.float32)
    for number in range(count):
        near = number / (count - 1)
        level = horizon + (lowest - horizon) * near**1.25
        reach = (0.07 + 0.07 * near) * short(canvas)
        ridge = level * height + reach * wander(width, (0.7 + 0.9 * near) * short(canvas), seed + number, rough=0.42)
        crest = colours.land(base, 1 - near)
        foot = mix(crest, colours.haze, 0.55 * colours.mist * (1 - 0.7 * near))
        texture = (cloudy(canvas.shape, 0.05 + 0.08 * near, seed + 50 + number) - 0.5) * (0.15 + 0.35 * near)
        land(canvas, ridge, crest, foot, (0.12 + 0.2 * near) * short(canvas), relief=texture)
    return ridge


def mountains(
    canvas: Canvas, colours: Palette, horizon: float, seed: int, sun: float, *, snow: float = 0.45, count: int = 3
) -> None:
    """Peaks of rock, lit from the sun's side, snow on the upper part of them."""
    width, height = canvas.shape[1], canvas.shape[0]
    unit = short(canvas)
    for number in range(count):
        near = number / max(1, count - 1)
        reach = (0.25 - 0.1 * near) * unit
        wild = wander(width, (0.95 - 0.35 * near) * unit, seed + number, octaves=7, rough=0.48, sharp=True)
        ridge = (horizon + 0.025 * near) * height - reach * (0.55 + 0.75 * wild)
        crest = colours.land("#6f7683", 0.95 - 0.55 * near)
        foot = mix(crest, colours.haze, 0.75 * colours.mist)
        slopes = _slopes(canvas, ridge, unit, seed + 20 + number, sun)
        land(canvas, ridge, crest, foot, 0.34 * unit, relief=0.75 * slopes)
        if snow > 0:
            _snowed(
                canvas, colours, ridge, slopes, snow * reach * (1.25 - 0.7 * near), 0.95 - 0.55 * near, seed + number
            )


def dunes(
    canvas: Canvas, colours: Palette, horizon: float, seed: int, sun: float, *, base: str, count: int = 4
) -> None:
    """Waves of sand (or snow), each with a lit and a shaded flank and fine ripples."""
    height, width = canvas.shape[:2]
    unit = short(canvas)
    rows, columns = np.indices((height, width), dtype=np.float32)
    for number in range(count):
        near = number / (count - 1)
        level = horizon + (0.9 - horizon) * near**1.4
        long = (0.8 + 0.9 * near) * unit
        ridge = level * height + (0.05 + 0.06 * near) * unit * wander(width, long, seed + number, octaves=2, rough=0.3)
        below = np.clip(rows - ridge, 0, None)
        # The knife edge between the flanks runs down from each crest, bending away from the sun.
        edge = wander(3 * width, 0.55 * long, seed + 40 + number, octaves=2, rough=0.35)
        lean = np.clip(
            (columns + (0.6 if sun < 0.5 else -0.6) * below * (1 + below / (0.25 * unit)) + width).astype(int),
            0,
            3 * width - 1,
        )
        flank = smoothstep(-0.12, 0.1, edge[lean]) - 0.5
        ripples = np.sin(2 * np.pi * (rows + 0.012 * unit * flank + 0.25 * columns) / (0.012 + 0.016 * near) / unit)
        relief = (0.16 + 0.28 * near) * flank + 0.05 * near * ripples
        crest = colours.land(base, 0.55 * (1 - near))
        land(
            canvas,
            ridge,
            crest,
            mix(crest, colours.haze, 0.4 * colours.mist * (1 - near)),
            0.4 * unit,
            relief=np.asarray(relief, np.float32),
        )


def _slopes(canvas: Canvas, ridge: Line, unit: int, seed: int, sun: float) -> Sheet:
    """Light and shade of rock, about 0: spurs that run down from the crest, lit from the sun's side."""
    height, width = canvas.shape[:2]
    below = np.clip(np.arange(height, dtype=np.float32)[:, None] - ridge, 0, None)
    tile = np.abs(cloudy((TEXTURE, TEXTURE), 0.16, seed) - 0.5) + 0.35 * np.abs(
        cloudy((TEXTURE, TEXTURE), 0.05, seed + 7) - 0.5
    )
    # Read along the fall line: what is noise in the texture becomes a spur on the mountain.
    scale = 0.8 * TEXTURE / unit
    bent = 0.12 * unit * (cloudy((height, width), 0.2, seed + 3) - 0.5)
    across = (np.arange(width, dtype=np.float32)[None] + bent + 0.25 * below) * scale
    down = (0.42 * below + 0.25 * ridge[None] + 0.5 * bent) * scale
    rock = cv2.remap(
        np.asarray(tile, np.float32),
        np.asarray(across, np.float32),
        np.asarray(down, np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    rock = cv2.GaussianBlur(rock, (0, 0), 0.0012 * unit + 0.3)
    steep = cv2.Sobel(rock, cv2.CV_32F, 1, 0, ksize=5, scale=unit / 1500)
    fall = np.gradient(cv2.GaussianBlur(ridge[None], (0, 0), 0.015 * unit)[0])
    side = 1.0 if sun < 0.5 else -1.0
    light = 0.55 * np.tanh(1.6 * steep) + 0.45 * np.clip(-fall, -1, 1) * np.exp(-below / (0.25 * unit))
    return np.asarray(np.clip(side * light, -0.8, 0.8), np.float32)


def _snowed(
    canvas: Canvas, colours: Palette, ridge: Line, slopes: Sheet, reach: float, distance: float, seed: int
) -> None:
    """Snow that reaches so far (in pixels) below the highest crest, in ragged tongues."""
    height, width = canvas.shape[:2]
    below = np.arange(height, dtype=np.float32)[:, None] - ridge
    line = float(ridge.min()) + 1.5 * reach
    ragged = (cloudy((height, width), 0.07, seed + 5) - 0.5) * 1.6 * reach
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = smoothstep(-0.1 * reach, 0.1 * reach, line - rows + ragged - 0.5 * reach * np.abs(slopes))
    white = colours.snow(0.6 * distance) * (1 + 0.5 * np.clip(slopes, -0.7, 0.3))[..., None]
    over(
        canvas,
        np.asarray(np.clip(white, 0, 255), np.float32),
        np.asarray(cover * np.clip(below + 0.5, 0, 1), np.float32),
    )
