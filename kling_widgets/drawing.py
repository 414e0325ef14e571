"""What is painted on a photo: up to six areas with a path each, and one static area.

Masks and paths speak pixels of `image.original`, origin top left, as numpy and PIL do. The API wants the pixels of the
picture as sent, origin bottom left: `trajectory` and `encode_mask` are the two places that know.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import PIL.Image
from numpy.typing import ArrayLike, NDArray

from kling_widgets.errors import InvalidRequest, Problem
from kling_widgets.image import Image

AREAS = 6
MAX_POINTS = 77

BoolMask = NDArray[np.bool_]
Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Area:
    """`mask` is bool (H, W), `path` is float (n, 2) of x and y; both in the photo's pixels, origin top left.

    What is given is copied and cannot be written to. Raises InvalidRequest on a path that is no list of points.
    """

    mask: BoolMask | None = None
    path: Points | None = None

    def __post_init__(self) -> None:
        if self.mask is not None:
            object.__setattr__(self, "mask", as_mask(self.mask))
        if self.path is not None:
            object.__setattr__(self, "path", _as_path(self.path))

    @property
    def painted(self) -> bool:
        return self.mask is not None and bool(self.mask.any())


@dataclass(frozen=True, eq=False)
class Mask:
    """A mask as the API takes it: an opaque 8-bit PNG, white where brushed. `painted` counts the white pixels."""

    png: bytes
    width: int
    height: int
    painted: int

    @classmethod
    def of(cls, area: BoolMask, size: tuple[int, int] | None = None) -> Self:
        """Of a bool array (H, W), brought to `size` (width, height) where that differs."""
        width, height = size or (area.shape[1], area.shape[0])
        fitted = _resized(area, (width, height))
        return cls(encode_mask(fitted), width, height, int(np.count_nonzero(fitted)))

    def pixels(self) -> BoolMask:
        return np.asarray(PIL.Image.open(io.BytesIO(self.png))) > 127

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of what is brushed; the PNG's bytes differ from one encoder to the next."""
        digest = hashlib.sha256(b"%d x %d mask " % (self.width, self.height))
        digest.update(np.packbits(self.pixels()).tobytes())
        return digest.hexdigest()

    def __repr__(self) -> str:
        return f"Mask({self.width} x {self.height}, {self.painted / (self.width * self.height):.1%} painted)"


@dataclass(frozen=True, eq=False)
class Drawing:
    """A photo and what is painted on it. Short `areas` are filled up to six. Raises InvalidRequest on a wrong size."""

    image: Image
    areas: tuple[Area, ...] = ()
    static: BoolMask | None = None

    def __post_init__(self) -> None:
        problems = []
        if len(self.areas) > AREAS:
            message = f"There are {len(self.areas)} areas; the API takes at most {AREAS}."
            problems.append(Problem("dynamic_masks", message, "Leave some out."))
        for number, area in enumerate(self.areas, start=1):
            problems += self._mask_problems(area.mask, f"Area {number}", f"dynamic_masks[{number - 1}].mask")
        if self.static is not None:
            object.__setattr__(self, "static", as_mask(self.static))
        problems += self._mask_problems(self.static, "The static area", "static_mask")
        if problems:
            raise InvalidRequest(problems)

        object.__setattr__(self, "areas", (*self.areas, *[Area()] * (AREAS - len(self.areas))))

    def _mask_problems(self, mask: BoolMask | None, name: str, field: str) -> list[Problem]:
        width, height = self.image.original
        if mask is None or mask.shape == (height, width):
            return []

        message = f"{name}'s mask has shape {mask.shape}; the photo's is ({height}, {width})."
        return [Problem(field, message, "Give it one value for each pixel of the photo.")]

    def dynamic_masks(self) -> tuple[dict[str, Any], ...]:
        """The groups of the request, in the sent picture's pixels; areas without a painted pixel are left out."""
        size = (self.image.width, self.image.height)
        return tuple(
            {"mask": Mask.of(area.mask, size), "trajectories": trajectory(area.path, self.image)}
            for area in self.areas
            if area.mask is not None and area.painted
        )

    def static_mask(self) -> Mask | None:
        """The static area for the request, or None where nothing is painted."""
        if self.static is None or not self.static.any():
            return None
        return Mask.of(self.static, (self.image.width, self.image.height))


def trajectory(path: Points | None, image: Image) -> tuple[dict[str, int], ...]:
    """A path on the photo as the wire has it: at most 77 whole pixels of the sent picture, origin bottom left."""
    if path is None or len(path) == 0:
        return ()

    x, y = (resample(path) * image.scale).T
    across = np.clip(np.rint(x), 0, image.width - 1).astype(int)
    upwards = np.clip(np.rint(image.height - y), 0, image.height - 1).astype(int)
    return tuple({"x": x, "y": y} for x, y in zip(across.tolist(), upwards.tolist(), strict=True))


def resample(path: ArrayLike, most: int = MAX_POINTS, by: Literal["length", "time"] = "length") -> Points:
    """`path` (n, 2) itself where it has at most `most` points; else `most` points, evenly spaced along its length.

    A trajectory's points are equally spaced in time, so that is an even speed; `by="time"` keeps the path's own.
    """
    points = np.asarray(path, dtype=np.float64)
    if len(points) <= most:
        return points

    if by == "time":
        along = np.arange(len(points), dtype=np.float64)
    else:
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0.0, along[-1], most)
    return np.column_stack([np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])])


def as_mask(area: ArrayLike) -> BoolMask:
    """A read-only bool array (H, W). Of numbers, white is brushed: above 127, or above 0 where none exceeds 1."""
    values = np.asarray(area)
    if values.dtype == np.bool_ and not values.flags.writeable:
        return values  # nobody can change it: a 4K mask need not be copied on each look at a drawing

    if values.dtype == np.bool_:
        mask: BoolMask = values.copy()
    else:
        mask = values > (127 if values.max(initial=0) > 1 else 0)
    mask.flags.writeable = False
    return mask


def encode_mask(area: BoolMask) -> bytes:
    """The API's form of a mask (H, W): an opaque 8-bit PNG, white where brushed, black elsewhere, a hard edge.

    Nothing official says so; it is the one form that was seen to work. Should it be otherwise, it changes here.
    """
    file = io.BytesIO()
    # Two values compress well at any level; the fastest is ten times faster on a 4K mask.
    PIL.Image.fromarray(np.where(area, np.uint8(255), np.uint8(0))).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _resized(area: BoolMask, size: tuple[int, int]) -> BoolMask:
    if (area.shape[1], area.shape[0]) == size:
        return area

    grey = PIL.Image.fromarray(np.where(area, np.uint8(255), np.uint8(0))).resize(size, PIL.Image.Resampling.BOX)
    share = np.asarray(grey)
    smaller: BoolMask = share > 127
    # A hair-thin stroke covers less than half of every larger pixel; it must not vanish.
    return smaller if smaller.any() else share > 0


def _as_path(path: ArrayLike) -> Points:
    try:
        points = np.array(path, dtype=np.float64)
    except (TypeError, ValueError):
        points = np.empty(1)  # any shape that is none of ours
    if points.size == 0:
        points = np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        message = "A path is (n, 2): finite x and y, in pixels from the top left."
        raise InvalidRequest([Problem("trajectories", message, "For instance [(120, 300), (120, 80)].")])

    points.flags.writeable = False
    return points
