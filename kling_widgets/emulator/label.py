"""The words that keep a rehearsal from being taken for the vendor's film."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Photo

TEXT = "local preview"

LARGEST_WIDTH, LARGEST_HEIGHT = 0.30, 0.12
"""Shares of the frame that the label never exceeds."""

HEIGHT = 1 / 28
"""Height of the label as a share of the frame's short side, as long as it fits."""


class Label:
    """A small pill at the bottom right, made once and stamped on every frame."""

    def __init__(self, size: Size) -> None:
        width, height = size
        pill = _pill(min(size) * HEIGHT, width * LARGEST_WIDTH * 0.9, height * LARGEST_HEIGHT * 0.9)
        margin = max(1, pill.shape[0] // 3)
        bottom, right = height - margin, width - margin
        self.place = slice(bottom - pill.shape[0], bottom), slice(right - pill.shape[1], right)
        """Rows and columns of the frame that the label covers."""
        self._ink = np.ascontiguousarray(pill[..., :3])
        self._weight = (pill[..., 3] / 255).astype(np.float32)

    def stamp(self, frame: Photo) -> None:
        """Write the label on the frame, in place."""
        under = frame[self.place]
        under[:] = cv2.blendLinear(np.ascontiguousarray(under), self._ink, 1 - self._weight, self._weight)


def _pill(height: float, most_width: float, most_height: float) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """White words on a dark, half transparent ground, legible on any photo: RGBA, no larger than asked."""
    size = min(height, most_height) * 0.62
    font = ImageFont.load_default(size)
    words = font.getlength(TEXT)
    size *= min(1, most_width / (words + size * 1.2))
    font = ImageFont.load_default(size)

    tall = max(2, round(size / 0.62))
    wide = max(2, round(font.getlength(TEXT) + size * 1.2))
    pill = Image.new("RGBA", (wide, tall), (0, 0, 0, 0))
    draw = ImageDraw.Draw(pill)
    draw.rounded_rectangle((0, 0, wide - 1, tall - 1), tall / 2, fill=(16, 16, 18, 150))
    draw.text((wide / 2, tall / 2), TEXT, font=font, fill=(255, 255, 255, 235), anchor="mm")
    return np.asarray(pill)
