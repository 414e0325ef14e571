"""A picture that the API takes: upright, 8-bit RGB, without metadata, JPEG or PNG, within the limits.

Sizes are (width, height) in pixels. Arrays are (height, width, 3), row 0 at the top.
"""

from __future__ import annotations

import base64
import hashlib
import io
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from kling_widgets.decode import Decoded, ImageSource, decode
from kling_widgets.errors import InvalidRequest, Problem

MAX_FILE = 10_000_000  # bytes: the page says 10 MB and not whether of 1000 or of 1024
MIN_SIDE = 300
MAX_ASPECT = Fraction(5, 2)
MAX_SIDE = 4096  # ours: no film is larger than 4K, so a 3840 x 2160 photo goes whole and a 60-megapixel one need not

Fit = Literal["pad", "crop"]


@dataclass(frozen=True, eq=False)
class Image:
    """A picture ready to be sent. `original` is the upright, fitted source's size before any scaling down.

    `fingerprint` is the SHA-256 of its pixels before they are encoded: encoders differ from one machine to the next,
    and the same photo shall be the same film on all of them.
    """

    data: bytes = field(repr=False)
    width: int
    height: int
    original: tuple[int, int]
    format: Literal["jpeg", "png"]
    fingerprint: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.fingerprint:  # made by hand, of bytes alone
            object.__setattr__(self, "fingerprint", hashlib.sha256(self.data).hexdigest())

    @classmethod
    def of(
        cls, source: Image | ImageSource, *, fit: Fit | None = None, field: str = "image", any_aspect: bool = False
    ) -> Image:
        """Make a sendable picture of a path, http(s) address, bytes, PIL image or uint8 array.

        Too large is scaled down. Too long is refused, unless `fit` says to "pad" it with black or to "crop" it to its
        middle; `any_aspect` is for the end frame, of which the API demands no aspect. Raises InvalidRequest.
        """
        if isinstance(source, Image):
            if fit is None or any_aspect or _is_fair(source.width, source.height):
                return source
            source = source.data

        decoded = decode(source, field=field, at_most=MAX_SIDE)
        if fit is not None and not any_aspect:
            decoded = _fitted(decoded, fit)
        problems = size_problems(*decoded.size, field=field, any_aspect=any_aspect)
        if problems:
            raise InvalidRequest(problems)

        sent = decoded.rgb
        target = _scaled(*decoded.size)
        if sent.size != target:
            sent = sent.resize(target, PIL.Image.Resampling.LANCZOS, reducing_gap=2.0)
        data, kind = _encoded(sent, decoded)
        return cls(data, sent.width, sent.height, decoded.size, kind, _fingerprint(sent))

    @property
    def scale(self) -> tuple[float, float]:
        """(x, y): what a coordinate of the original is multiplied by to speak of the sent picture."""
        return self.width / self.original[0], self.height / self.original[1]

    def pil(self) -> PIL.Image.Image:
        """The picture as sent, decoded anew on each call."""
        picture = PIL.Image.open(io.BytesIO(self.data))
        picture.load()
        return picture

    def pixels(self) -> NDArray[np.uint8]:
        """(height, width, 3) of the picture as sent, decoded anew on each call."""
        return np.array(self.pil(), dtype=np.uint8)

    def base64(self) -> str:
        """The wire's form: raw Base64 without a prefix."""
        return base64.b64encode(self.data).decode("ascii")


def _fingerprint(picture: PIL.Image.Image) -> str:
    digest = hashlib.sha256(b"%d x %d RGB " % picture.size)
    digest.update(picture.tobytes())
    return digest.hexdigest()


def size_problems(width: int, height: int, *, field: str, any_aspect: bool = False) -> list[Problem]:
    """What the API has against a picture of this size."""
    found = []
    if min(width, height) < MIN_SIDE:
        message = f"The picture is {width} x {height} pixels; each side needs at least {MIN_SIDE}."
        found.append(Problem(field, message, "Use a larger picture."))
    if not any_aspect and not _is_fair(width, height):
        message = f"The picture is {width} x {height} pixels; the aspect ratio must lie between 1:2.5 and 2.5:1."
        fix = 'Use Image.of(photo, fit="pad") to add black bars, or fit="crop" to keep its middle.'
        found.append(Problem(field, message, fix))
    return found


def _is_fair(width: int, height: int) -> bool:
    return max(width, height) <= MAX_ASPECT * min(width, height)


def _fitted(decoded: Decoded, fit: Fit) -> Decoded:
    """Bring a picture that is too long to an aspect of 2.5, in the source's size as in the decoded one's."""
    if _is_fair(*decoded.size):
        return decoded

    # The decoded picture may be smaller than the source; rounded apart, one of the two could miss 2.5 by a pixel.
    size = _fair(*decoded.size, fit)
    box = _fair(*decoded.rgb.size, fit)
    left, top = (decoded.rgb.width - box[0]) // 2, (decoded.rgb.height - box[1]) // 2
    # Outside the picture crop() gives black.
    rgb = decoded.rgb.crop((left, top, left + box[0], top + box[1]))
    return Decoded(rgb, size, decoded.lossy, decoded.subsampling)


def _fair(width: int, height: int, fit: Fit) -> tuple[int, int]:
    long, short = max(width, height), min(width, height)
    if fit == "pad":
        short = math.ceil(long / MAX_ASPECT)
    else:
        long = min(long, math.floor(short * MAX_ASPECT))
    return (long, short) if width > height else (short, long)


def _scaled(width: int, height: int) -> tuple[int, int]:
    """The size to send, the long side at most MAX_SIDE; the short side is rounded up, so that 2.5:1 stays 2.5:1."""
    long, short = max(width, height), min(width, height)
    part = min(Fraction(1), max(Fraction(MAX_SIDE, long), Fraction(MIN_SIDE, short)))
    long, short = math.floor(long * part), math.ceil(short * part)
    return (long, short) if width > height else (short, long)


def _encoded(picture: PIL.Image.Image, decoded: Decoded) -> tuple[bytes, Literal["jpeg", "png"]]:
    picture.info = {}  # metadata stays behind: it is private, and some of it was refused as "not valid base64"
    file = io.BytesIO()
    # A lossless source stays lossless where it has a chance to fit: photos take a half of their pixels or more.
    if not decoded.lossy and picture.width * picture.height * 3 <= 3 * MAX_FILE:
        picture.save(file, "PNG")
        if file.tell() <= MAX_FILE:
            return file.getvalue(), "png"

    # Chroma finer than the source's would be paid for in time and bytes, and show nothing.
    for quality in (95, 90, 80, 60, 30):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, subsampling=decoded.subsampling)
        if file.tell() <= MAX_FILE:
            break
    return file.getvalue(), "jpeg"
