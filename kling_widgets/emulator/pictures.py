"""Pictures as they arrive: Base64 text to bytes, bytes to arrays, and the page's limits on both.

An EXIF orientation is left alone: the page names no rule for it,
and masks and trajectories count in the pixels as sent.
"""

from __future__ import annotations

import base64
import binascii
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .job import Mask, Photo
from .order import Role

MOST_BYTES = 10 * 1024 * 1024
_SLICE = 128 * 1024
_FORMATS = ("JPEG", "PNG")
SHORTEST_SIDE = 300
_WIDEST = 2.5
# Far above any photo that fits into 10 MB; a picture of more unpacks to a multiple of our memory.
_MOST_PIXELS = 80_000_000
_PAINTED = 127


class BadPicture(ValueError):  # noqa: N818
    """Raised when the vendor would not take a picture; its text is the vendor's message or like it."""


def from_base64(field: str, text: str) -> bytes:
    """Raises BadPicture, also for a value with a data: prefix (R14, R125, R132)."""
    if len(text) > MOST_BYTES * 4 // 3 + 4:
        raise BadPicture(_too_big(field))

    text += "=" * (-len(text) % 4)
    try:
        # In slices, since nobody else has the interpreter while one is decoded; the padding stays with what it pads.
        last = max(0, (len(text) - 8) // _SLICE * _SLICE)
        slices = [text[place : place + _SLICE] for place in range(0, last, _SLICE)]
        if any("=" in each for each in slices):
            raise ValueError("something follows the padding")

        return b"".join(base64.b64decode(each, validate=True) for each in (*slices, text[last:]))
    except (ValueError, binascii.Error) as error:
        # The vendor's words for image [observed] do not say which; of several pictures one wants to know.
        place = "" if field == "image" else f": {field}"
        raise BadPicture(f"File is not in a valid base64 format{place}") from error


def check(field: str, data: bytes, role: Role) -> tuple[int, int]:
    """Return width and height in pixels. Raises BadPicture with the limit that is broken."""
    if len(data) > MOST_BYTES:  # R16, R20, R127
        raise BadPicture(_too_big(field))

    image = _open(field, data)
    width, height = image.size
    # Decoded at an eighth of the size where the format can: enough to meet every byte of a truncated file.
    image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
    _load(field, image)
    if role != "mask" and min(width, height) < SHORTEST_SIDE:  # R17, R21, R128
        raise BadPicture(f"{field} is {width} x {height} px, width and height must be at least {SHORTEST_SIDE} px")

    # R18, R129; no such rule for image_tail (R22). A mask of another shape fails the task, not the create (R64, R70).
    if role == "photo" and max(width, height) > _WIDEST * min(width, height):
        raise BadPicture(f"{field} is {width} x {height} px, its aspect ratio must be between 1:2.5 and 2.5:1")

    return width, height


def photo(field: str, data: bytes) -> Photo:
    image = _open(field, data)
    _load(field, image)
    return np.asarray(image.convert("RGB"))


def mask(field: str, data: bytes) -> Mask:
    """True where the mask is white: the page does not say which colour is painted, published records do."""
    image = _open(field, data)
    _load(field, image)
    if image.mode.startswith("I"):  # 16 bits
        return np.asarray(image, dtype=np.int64) > _PAINTED * 257

    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "black"), image.convert("RGBA"))
    grey: NDArray[np.uint8] = np.asarray(image.convert("L"))
    return grey > _PAINTED


def _open(field: str, data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception as error:  # Pillow raises whatever its parsers raise
        raise BadPicture(f"{field} is not a supported image: it must be .jpg, .jpeg or .png") from error

    if image.width * image.height > _MOST_PIXELS:
        raise BadPicture(
            f"{field} is {image.width} x {image.height} px, more than {_MOST_PIXELS // 1_000_000} million pixels"
        )

    return image


def _load(field: str, image: Image.Image) -> None:
    try:
        image.load()
    except Exception as error:
        raise BadPicture(f"{field} cannot be decoded: the file is damaged or truncated") from error


def _too_big(field: str) -> str:
    return f"{field} file size exceeds {MOST_BYTES // 1024 // 1024} MB"
