"""The watermarked copy of a picture, for whoever asked for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from .label import Label
from .watermark import Watermark


def mark(picture: Path, copy: Path) -> None:
    """Write the picture to `copy` with a mark all over it, but for its label."""
    with Image.open(picture) as image:
        pixels = np.array(image.convert("RGB"))
    size = image.size
    Watermark(size, spare=Label(size).place).stamp(pixels)
    Image.fromarray(pixels).save(copy, "PNG", compress_level=4)
