"""Mixing pictures, colours and light."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo

T = TypeVar("T", bound=np.generic)

Light = NDArray[Any]
"""Added light or a share 0..1: shape (height, width) or (height, width, 3)."""


def rgb(colour: str) -> NDArray[np.float32]:
    """A colour written "#rrggbb", as three numbers 0..255."""
    return np.array([int(colour[index : index + 2], 16) for index in (1, 3, 5)], np.float32)


def rounded(picture: NDArray[Any]) -> Photo:
    """The nearest whole numbers from 0 to 255."""
    # In one pass; numpy's rint, clip and astype take four times as long.
    whole = np.ascontiguousarray(picture, np.float32)
    return cast(Photo, np.reshape(cv2.addWeighted(whole, 1, whole, 0, 0, dtype=cv2.CV_8U), picture.shape))


def mixed(first: Photo, second: Photo, share: float) -> Photo:
    """`share` of the second picture, the rest of the first."""
    return cast(Photo, cv2.addWeighted(first, 1 - share, second, share, 0))


def masked(first: NDArray[Any], second: NDArray[Any], share: Light) -> Photo:
    """The second picture where the share (height, width) is 1, the first where it is 0."""
    weight = np.clip(share, 0, 1).astype(np.float32)
    return cast(Photo, cv2.blendLinear(first, second, 1 - weight, weight))


def lit(picture: Photo, light: Light) -> Photo:
    """The picture with light of 0..255 screened over it: what is bright already cannot burn out."""
    glow = np.ascontiguousarray(np.broadcast_to(rounded(light), picture.shape))
    return ~cast(Photo, cv2.multiply(~picture, ~glow, scale=1 / 255))


def tinted(picture: Photo, colour: str, share: float) -> Photo:
    """The picture's brightness in one colour, mixed into the picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None] / 255
    tone = grey * (0.35 + 0.65 * rgb(colour) / 255) * 255

    return rounded(picture * (1 - share) + tone * share)


def graded(picture: Photo, *, warmth: float = 0, saturation: float = 1, contrast: float = 1, light: float = 0) -> Photo:
    """Colour correction: warmth and light in levels, saturation and contrast as factors about grey."""
    to_grey = np.outer(np.ones(3), (0.299, 0.587, 0.114))
    mixing = contrast * (to_grey + saturation * (np.eye(3) - to_grey))
    offset = (1 - contrast) * 127 + light + np.array([warmth, 0, -warmth])

    return cast(Photo, cv2.transform(picture, np.column_stack([mixing, offset])))


def vignetted(picture: Photo, depth: float = 0.6) -> Photo:
    """Darker towards the corners."""
    left = _left_of_light(*picture.shape[:2], depth)
    return cast(Photo, cv2.blendLinear(np.zeros_like(picture), picture, 1 - left, left))


@lru_cache(maxsize=4)
def _left_of_light(height: int, width: int, depth: float) -> NDArray[np.float32]:
    left = 1 - depth * np.clip((distance((height, width)) - 0.45) / 0.75, 0, 1) ** 1.5
    return shared(left.astype(np.float32))


def blurred(picture: Photo, share: float) -> Photo:
    """Softened, by a share of the short side: at a quarter of the size, since nothing sharp is left."""
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.6, share * min(small.shape[:2])))
    return cast(Photo, cv2.resize(soft, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR))


def backdrop(picture: Photo, light: float) -> Photo:
    """The picture far out of focus and dimmed: a ground that suits whatever lies on it."""
    return vignetted(rounded(blurred(picture, 0.06) * light), 0.5)


def shared(values: NDArray[T]) -> NDArray[T]:
    """One array for many callers: none may write on it."""
    values.flags.writeable = False
    return values


@lru_cache(maxsize=8)
def _distance(height: int, width: int, x: float, y: float) -> Light:
    across = np.arange(width, dtype=np.float32) + 0.5 - x * width
    down = np.arange(height, dtype=np.float32)[:, None] + 0.5 - y * height
    return shared((np.hypot(across, down) / (np.hypot(width, height) / 2)).astype(np.float32))


def distance(shape: tuple[int, ...], x: float = 0.5, y: float = 0.5) -> Light:
    """How far each pixel is from a place (in shares of the sides), in half diagonals."""
    return _distance(shape[0], shape[1], x, y)


def noise(shape: tuple[int, ...], grain: float, seed: int) -> NDArray[np.float32]:
    """Soft random numbers 0..1, shape (height, width); grain is the size of a blot as a share of the short side."""
    height, width = shape[:2]
    cells = max(2, round(height / (grain * min(height, width)))), max(2, round(width / (grain * min(height, width))))
    coarse = np.random.default_rng(seed).random(cells).astype(np.float32)
    soft = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))

    return np.clip(soft, 0, 1).astype(np.float32)


def clouds(shape: tuple[int, ...], grain: float, seed: int) -> NDArray[np.float32]:
    """Noise of several sizes laid over one another, 0..1: smoke, cloud, marble."""
    parts = [noise(shape, grain / 2**octave, seed + octave) / 2**octave for octave in range(4)]
    return cast(NDArray[np.float32], np.sum(parts, axis=0) / 1.875)


def smoothstep(start: float, end: float, value: Any) -> Any:
    """0 before start, 1 after end, smooth between; for numbers and arrays."""
    share = np.clip((value - start) / (end - start), 0, 1)
    return share * share * (3 - 2 * share)
