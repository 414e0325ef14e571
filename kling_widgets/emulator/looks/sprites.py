"""Small drawn things that rain, rise and burst: hearts, coins, petals. Drawn once, stamped to a fraction of a pixel."""

from __future__ import annotations

from functools import lru_cache
from math import cos, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.shapes import CANVAS, SHAPES, Brush
from kling_widgets.emulator.looks.things import THINGS

Sprite = NDArray[np.float32]
"""Premultiplied RGBA, colours 0..255 and alpha 0..1, shape (n, n, 4); empty at its rim."""

SIZES = (16, 32, 64, 128, 256)
"""Sides kept ready, so that a small stamp is taken from a small sprite and does not flicker."""

BLUR = 0.05
"""How far a thing close to the lens is out of focus, as a share of its size."""

SHINING = frozenset({"soft", "spark"})
"""Shapes made of light: they brighten what is under them and hide nothing."""


@lru_cache(maxsize=512)
def sprite(shape: str, colour: str, side: int, blurred: bool = False) -> Sprite:
    """The named shape in a colour "#rrggbb", at one of SIZES. Raises KeyError for a shape that is not drawn here."""
    image = Image.new("RGBA", (CANVAS, CANVAS), (0, 0, 0, 0))
    (SHAPES | THINGS)[shape](ImageDraw.Draw(image), Brush(colour))
    drawn = np.asarray(image, np.float32)
    premultiplied = np.dstack([drawn[..., :3] * drawn[..., 3:] / 255, drawn[..., 3:] / 255]).astype(np.float32)
    if blurred:
        premultiplied = np.asarray(cv2.GaussianBlur(premultiplied, (0, 0), BLUR * CANVAS))

    return np.asarray(cv2.resize(premultiplied, (side, side), interpolation=cv2.INTER_AREA))


def stamp(
    canvas: Photo,
    shape: str,
    colour: str,
    x: float,
    y: float,
    size: float,
    *,
    angle: float = 0.0,
    flip: float = 1.0,
    strength: float = 1.0,
    blurred: bool = False,
) -> None:
    """Put the shape on the canvas, in place: middle at (x, y) and size in pixels, angle in radians clockwise.

    flip squeezes it sideways, from 1 over 0 (edge on) to -1 (its mirror image): a coin that tumbles.
    """
    if size < 1 or strength <= 0:
        return

    height, width = canvas.shape[:2]
    reach = size * 0.75 + 1
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    right, bottom = min(width, int(x + reach) + 1), min(height, int(y + reach) + 1)
    if left >= right or top >= bottom:
        return

    # What is blurred is as well taken from a small sprite.
    least = size / 3 if blurred else size
    side = next((each for each in SIZES if each >= least), SIZES[-1])
    scale = size / side
    thin = flip if abs(flip) > 0.08 else 0.08
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]) @ np.diag([scale * thin, scale])
    middle = np.array([x - left, y - top]) - turn @ np.array([side / 2 - 0.5, side / 2 - 0.5])
    matrix = np.column_stack([turn, middle])
    drawn = sprite(shape, colour, side, blurred)
    piece = cv2.warpAffine(drawn, matrix, (right - left, bottom - top)) * np.float32(strength)

    under = canvas[top:bottom, left:right]
    if shape in SHINING:
        light = piece[..., :3]
        under[:] = under + light * (1 - under * np.float32(1 / 255)) + 0.5
    else:
        under[:] = under * (1 - piece[..., 3:]) + piece[..., :3] + 0.5
