"""The mark over the whole picture that the watermarked copy of a film bears."""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Photo

TEXT = "watermark"

HEIGHT = 1 / 16
"""Height of the letters as a share of the frame's short side."""

SLANT = 24.0
"""Degrees by which the lines of words climb."""

INK, SHADE = 0.30, 0.22
"""Weight of the white letters, and of the dark rim that keeps them legible on white."""


class Watermark:
    """Slanting rows of one word, see-through, over all of the frame but the places left out. Made once for a film."""

    def __init__(self, size: Size, *, spare: tuple[slice, slice] | None = None) -> None:
        """`spare`: rows and columns that stay as they are, the label's for instance."""
        letters, rim = _rows(size)
        weight = np.maximum(letters * INK, rim * SHADE)
        tone = np.where(letters * INK >= rim * SHADE, letters, 0)
        if spare is not None:
            weight[spare] = 0
        self._ink = np.repeat((tone * 255).astype(np.uint8)[..., None], 3, axis=2)
        self._weight, self._left = weight, 1 - weight

    def stamp(self, frame: Photo) -> None:
        """Lay the mark over the frame, in place."""
        cv2.blendLinear(frame, self._ink, self._left, self._weight, frame)


def _rows(size: Size) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Letters and the rim around them, each 0..1, shape (height, width)."""
    letter = max(6.0, min(size) * HEIGHT)
    font = ImageFont.load_default(letter)
    word, line = font.getlength(TEXT) + 2.2 * letter, 4.2 * letter
    side = ceil(float(np.hypot(*size)))
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    for row in range(ceil(side / line) + 1):
        for column in range(-1, ceil(side / word) + 1):
            draw.text(((column + row % 2 / 2) * word, row * line), TEXT, font=font, fill=255, anchor="lm")

    turned = np.asarray(sheet.rotate(SLANT, Image.Resampling.BICUBIC), np.float32) / 255
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    letters = np.ascontiguousarray(turned[top : top + size[1], left : left + size[0]])
    reach = max(0.8, letter / 18)
    rim = np.clip(cv2.GaussianBlur(cv2.dilate(letters, np.ones((3, 3))), (0, 0), reach) * 1.3, 0, 1)
    return np.asarray(letters, np.float32), np.asarray(rim, np.float32)
