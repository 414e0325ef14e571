"""Anything image-like becomes an upright picture of 8-bit RGB in memory; the first frame where there are several."""

from __future__ import annotations

import io
import math
import os
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from kling_widgets.errors import InvalidRequest, Problem
from kling_widgets.source import read

ImageSource = str | os.PathLike[str] | bytes | bytearray | memoryview | PIL.Image.Image | NDArray[Any]

# Pillow can also open EPS, which runs Ghostscript; a photo never needs that.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "JPEG2000", "HEIF")
MAX_PIXELS = 128_000_000  # 384 MB once decoded: more than a phone takes, less than a kernel dies of
ACCEPTED = "a path, an http(s) URL, bytes, a PIL image or a numpy array"

_TURNS = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, eq=False)
class Decoded:
    """`rgb` is upright, nobody else's, and perhaps smaller than the source, whose upright (width, height) is `size`."""

    rgb: PIL.Image.Image
    size: tuple[int, int]
    lossy: bool
    subsampling: int  # of a JPEG source: 0 for 4:4:4, 1 for 4:2:2, 2 for 4:2:0; else 0


def decode(
    source: ImageSource, *, field: str = "image", at_most: int | None = None, backdrop: str = "white"
) -> Decoded:
    """Read `source`. A JPEG may come smaller, but no side the caller wants `at_most` pixels long falls short of that.

    What is transparent shows the `backdrop`. Raises InvalidRequest, with words that fit what is wrong with the source.
    """
    if isinstance(source, PIL.Image.Image):
        decoded = _loaded(source, field, "the PIL image", backdrop)
        return decoded if decoded.rgb is not source else replace(decoded, rgb=source.copy())

    if isinstance(source, np.ndarray) or hasattr(source, "__array__"):
        picture = _from_array(np.asarray(source), field, backdrop)
        return Decoded(picture, picture.size, lossy=False, subsampling=0)

    if not isinstance(source, str | os.PathLike | bytes | bytearray | memoryview):
        raise InvalidRequest([Problem(field, f"A {type(source).__name__} is no picture.", f"Pass {ACCEPTED}.")])

    data, name = read(source, field)
    with warnings.catch_warnings():
        # Pillow warns from 89 megapixels on, which phones take today; MAX_PIXELS is our bound.
        warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
        picture = _open(data, field, name)
        return _loaded(picture, field, name, backdrop, at_most)


def _open(data: bytes, field: str, name: str) -> PIL.Image.Image:
    PIL.Image.init()
    try:
        return PIL.Image.open(io.BytesIO(data), formats=[f for f in FORMATS if f in PIL.Image.OPEN])
    except PIL.Image.DecompressionBombError:
        raise InvalidRequest([_too_many_pixels(field, name)]) from None
    except Exception as error:  # a fuzzed header makes Pillow's plugins raise nearly anything
        raise InvalidRequest([_unreadable(data, field, name)]) from error


def _loaded(picture: PIL.Image.Image, field: str, name: str, backdrop: str, at_most: int | None = None) -> Decoded:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise InvalidRequest([_too_many_pixels(field, f"{name} ({width} x {height})")])

    lossy = picture.format in ("JPEG", "MPO")
    sampling = _subsampling(picture) if lossy else 0
    if at_most and max(picture.size) > at_most:
        # A JPEG decodes to a half or a quarter for a fraction of the time and memory; other formats ignore this.
        part = at_most / max(picture.size)
        picture.draft("RGB", (math.ceil(width * part), math.ceil(height * part)))

    try:
        picture.load()
        orientation = _orientation(picture)
        rgb = _flatten(picture, backdrop)
    except Exception as error:  # as above: truncated and broken files raise nearly anything
        raise InvalidRequest([_broken(error, field, name)]) from error

    if orientation in _TURNS:
        rgb = rgb.transpose(_TURNS[orientation])
    size = (height, width) if orientation >= 5 else (width, height)
    return Decoded(rgb, size, lossy, sampling)


def _orientation(picture: PIL.Image.Image) -> int:
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # a broken EXIF block is no reason to refuse the photo
        return 1


def _subsampling(picture: PIL.Image.Image) -> int:
    from PIL.JpegImagePlugin import get_sampling

    return max(get_sampling(picture), 0)  # -1: not a case it knows


def _flatten(picture: PIL.Image.Image, backdrop: str) -> PIL.Image.Image:
    """Any mode to RGB: 16 bits to 8, transparency over the backdrop."""
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture).astype(np.float64)
        top = 1.0 if picture.mode == "F" and values.max(initial=0) <= 1 else 255.0 if picture.mode == "F" else 65535.0
        grey = np.rint(np.clip(values / top, 0, 1) * 255).astype(np.uint8)
        return PIL.Image.fromarray(grey).convert("RGB")

    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        opaque = PIL.Image.new("RGB", clear.size, backdrop)
        opaque.paste(clear, mask=clear.getchannel("A"))
        return opaque

    return _to_rgb(picture)


def _to_rgb(picture: PIL.Image.Image) -> PIL.Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK" and profile:
        from PIL import ImageCms

        try:
            # Ink has no meaning without its profile. RGB numbers do, and stay as they are: an array of the same photo
            # must give the same picture, whatever profile its file had.
            ink = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mixed = ImageCms.profileToProfile(picture, ink, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return mixed if mixed is not None else picture
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is as good as none

    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _from_array(array: NDArray[Any], field: str, backdrop: str) -> PIL.Image.Image:
    shape = " x ".join(map(str, array.shape))
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or 0 in array.shape:
        message = f"An array of shape {shape or 'nothing'} is no picture."
        raise InvalidRequest([Problem(field, message, "Use (H, W), (H, W, 3) or (H, W, 4).")])

    if array.dtype != np.uint8:
        hint = "(array * 255).astype('uint8')" if array.dtype.kind == "f" else "array.astype('uint8')"
        message = f"The array has dtype {array.dtype}; a picture has uint8, 0 to 255."
        raise InvalidRequest([Problem(field, message, f"For instance: {hint}.")])

    if array.shape[0] * array.shape[1] > MAX_PIXELS:
        raise InvalidRequest([_too_many_pixels(field, f"the array ({shape})")])

    return _flatten(PIL.Image.fromarray(np.ascontiguousarray(array)), backdrop)


def _too_many_pixels(field: str, name: str) -> Problem:
    limit = MAX_PIXELS // 1_000_000
    return Problem(field, f"{name} has too many pixels: at most {limit} megapixels are opened.", "Scale it down first.")


def _broken(error: Exception, field: str, name: str) -> Problem:
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return Problem(field, f"{name} ends before the picture is complete.", "Copy or download it again.")
    return Problem(field, f"{name} is damaged: {error}.", "Open it in an image editor and save it anew.")


def _unreadable(data: bytes, field: str, name: str) -> Problem:
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        message = f"{name} is a HEIC photo, which Pillow cannot read."
        fix = "Export it as JPEG, or: pip install pillow-heif, then pillow_heif.register_heif_opener()."
        return Problem(field, message, fix)

    head = data[:256]
    if head.isascii() and not any(byte < 9 for byte in head):
        start = head.decode("ascii").strip().splitlines()
        message = f"{name} is text, not a picture" + (f'; it begins with "{start[0][:40]}".' if start else ".")
        return Problem(field, message, "Whatever its name says, it must hold a JPEG, PNG, WebP or the like.")

    return Problem(field, f"{name} is no picture that can be read.", "Use a JPEG or a PNG.")
