"""Laying one thing over another, and the noise that everything is made of."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.looks.paint import clouds
from kling_widgets.emulator.scenery.palette import Colour

Canvas = NDArray[np.float32]
"""Shape (height, width, 3), 0..255."""

Sheet = NDArray[np.float32]
"""Shape (height, width): a share or a height for each pixel."""

Line = NDArray[np.float32]
"""Shape (width,): a row for each column."""


def short(canvas: NDArray[np.float32]) -> int:
    """The shorter side, in pixels: the unit of lengths."""
    height, width = canvas.shape[:2]
    return min(int(height), int(width))


def wander(width: int, length: float, seed: int, *, octaves: int = 5, rough: float = 0.5, sharp: bool = False) -> Line:
    """A random line about 0, within about -1..1, its longest waves `length` pixels; sharp makes peaks of the crests."""
    rng = np.random.default_rng(seed)
    total = np.zeros(width)
    for octave in range(octaves):
        step = max(2.0, length / 2 / 2**octave)
        knots = rng.uniform(-1, 1, int(width / step) + 4)
        where = np.arange(width) / step + rng.random()
        whole = where.astype(int)
        share = where - whole
        share = share * share * (3 - 2 * share)
        wave = knots[whole] * (1 - share) + knots[whole + 1] * share
        total += rough**octave * ((1 - 2 * np.abs(wave)) if sharp else wave)
    return np.asarray(total * (1 - rough) / (1 - rough**octaves) * 1.4, np.float32)


def cloudy(shape: tuple[int, ...], grain: float, seed: int) -> Sheet:
    """Soft noise 0..1, made at half size: nobody sees the difference, and it costs a quarter."""
    half = clouds((shape[0] // 2 + 1, shape[1] // 2 + 1), grain, seed)
    return cast(Sheet, cv2.resize(half, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def land(canvas: Canvas, ridge: Line, top: Colour, foot: Colour, depth: float, *, relief: Sheet | None = None) -> None:
    """Fill all below the ridge: one colour at the crest, another from `depth` pixels below it on.

    `relief` (shape of the canvas, about 0) makes it lighter and darker.
    """
    height = len(canvas)
    begin = min(height, max(0, int(ridge.min()) - 1))
    below = np.arange(begin, height, dtype=np.float32)[:, None] - ridge
    share = np.clip(below / depth, 0, 1)
    colour = top + (foot - top) * (share * share * (3 - 2 * share))[..., None]
    if relief is not None:
        colour *= (1 + relief[begin:] * (1 - 0.85 * share))[..., None]
    over(canvas[begin:], np.asarray(colour, np.float32), np.clip(below + 0.5, 0, 1))


def over(canvas: Canvas, colour: NDArray[np.float32], cover: Sheet) -> None:
    """Lay a colour, or a picture of the canvas's shape, over the canvas where the cover is 1, in place."""
    if colour.shape == canvas.shape:
        canvas[:] = cv2.blendLinear(colour, np.ascontiguousarray(canvas), cover, 1 - cover)
    else:
        canvas += (colour - canvas) * cover[..., None]
