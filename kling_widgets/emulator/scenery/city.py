"""A skyline: towers in rows, their windows lit as the hour has it."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.looks.paint import rgb
from kling_widgets.emulator.scenery.canvas import Canvas, over, short
from kling_widgets.emulator.scenery.palette import Colour, Palette, mix

LAMPS = ("#ffd98a", "#ffe9b8", "#ffc46b", "#fff4d6", "#bfe3ff")
NEON = ("#ff4f9a", "#39d5ff", "#b26bff", "#ffb347")


def skyline(canvas: Canvas, colours: Palette, ground: float, seed: int) -> None:
    """Rows of towers standing on the ground (a share of the height), the nearest darkest."""
    height = len(canvas)
    unit = short(canvas)
    foot = ground * height
    if colours.night:
        # A city at night lights its own air.
        rows = (np.arange(round(foot), dtype=np.float32)[:, None] - foot) / (0.42 * unit)
        dome = np.broadcast_to(0.5 * np.exp(rows * 1.6), (round(foot), canvas.shape[1]))
        over(canvas[: round(foot)], rgb("#8a6a78"), np.asarray(dome, np.float32))
    for number, (tall, wide) in enumerate(((0.46, 0.05), (0.36, 0.07), (0.23, 0.1))):
        distance = 0.85 - 0.38 * number
        tower = colours.land("#525b70", distance)
        lit = 0.5 if colours.night else 0.3 if colours.ambient.mean() < 150 else 0.0
        rng = np.random.default_rng(seed + 5 * number)
        x = -rng.uniform(0, wide) * unit
        while x < canvas.shape[1]:
            broad = wide * unit * rng.uniform(0.6, 1.35)
            middle = 1 - 0.55 * abs((x / canvas.shape[1] - 0.5) * 2) ** 1.5
            high = tall * unit * rng.uniform(0.35, 1.0) * middle
            _tower(canvas, colours, rng, (x, foot - high, x + broad, foot), tower, lit * (0.6 + 0.25 * number))
            x += broad * rng.uniform(0.75, 1.15)
        haze = canvas[round(foot - 0.2 * unit) : round(foot)]
        rise = np.linspace(0, 1, len(haze), dtype=np.float32)[:, None] ** 1.5 * 0.6 * (1 - number / 3)
        over(haze, mix(colours.haze, colours.glow, 0.3), np.broadcast_to(rise * colours.mist, haze.shape[:2]))


def _tower(
    canvas: Canvas,
    colours: Palette,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    tone: Colour,
    lit: float,
) -> None:
    left, top, right, foot = (round(side) for side in box)
    if right - left < 2 or foot - top < 4:
        return

    width = canvas.shape[1]
    tone = tone * rng.uniform(0.85, 1.1)
    kind = rng.random()
    if kind < 0.3:
        # A narrower storey on top, and a mast on some.
        inset, storey = (right - left) // 5, (foot - top) // 9
        _fill(canvas, (left + inset, top, right - inset, top + storey), tone)
        if kind < 0.16:
            middle = (left + right) // 2
            mast = max(1, short(canvas) // 720)
            _fill(canvas, (middle, top - (foot - top) // 6, middle + mast, top), tone)
            if colours.night:
                _fill(
                    canvas,
                    (middle, top - (foot - top) // 6, middle + 2 * mast, top - (foot - top) // 6 + 2 * mast),
                    rgb("#ff5a4f"),
                )
        top += storey
    _fill(canvas, (left, top, right, foot), tone)
    shade = canvas[max(0, top) : foot, max(0, left + int(0.62 * (right - left))) : max(0, min(right, width))]
    shade *= 0.86
    if lit > 0:
        _windows(canvas, rng, (left, top, right, foot), lit)


def _windows(canvas: Canvas, rng: np.random.Generator, box: tuple[int, int, int, int], lit: float) -> None:
    """A grid of windows, some of them lit, whole storeys more often than single rooms."""
    left, top, right, foot = box
    cell = max(3.0, short(canvas) / 110 * rng.uniform(0.75, 1.25))
    across, down = int((right - left) / cell) - 1, int((foot - top) / (1.35 * cell)) - 1
    if across < 1 or down < 1:
        return

    storeys = rng.random((down, 1)) < 0.5
    rooms = rng.random((down, across)) < lit * np.where(storeys, 0.75, 0.3)
    lamp = rgb(LAMPS[rng.integers(len(LAMPS))])
    glass = np.zeros((foot - top, right - left), np.float32)
    pad = (right - left - across * cell) / 2
    for storey, room in np.argwhere(rooms):
        y, x = (storey + 0.7) * 1.35 * cell, pad + (room + 0.2) * cell
        glass[int(y) : max(int(y) + 1, int(y + 0.75 * cell)), int(x) : max(int(x) + 1, int(x + 0.6 * cell))] = (
            rng.uniform(0.45, 1)
        )
    if cell > 5:
        glass[:] = cv2.GaussianBlur(glass, (0, 0), 0.5)
    skip_x, skip_y = max(0, -left), max(0, -top)
    part = canvas[top + skip_y : foot, left + skip_x : min(right, canvas.shape[1])]
    if part.size:
        over(part, lamp, 0.9 * glass[skip_y:, skip_x : skip_x + part.shape[1]])


def _fill(canvas: Canvas, box: tuple[int, int, int, int], tone: Colour) -> None:
    left, top, right, foot = (max(0, side) for side in box)
    canvas[top:foot, left:right] = tone
