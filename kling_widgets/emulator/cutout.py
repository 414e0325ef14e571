"""A piece cut out of a photo with a soft edge, and laid down again elsewhere, to a fraction of a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.matte import Matte

THIN = 1 / 3
"""Where the matte is thinner, unmixing its colour would only blow up noise."""


MIXED_IN = 30.0
"""The most, in levels, that counts as mixed in: more means that the mask cut through a thing, and nothing was mixed."""

KERNEL = 2
"""Pixels that a kernel reaches at most to either side."""

UNMOVED = np.ones(1, np.float32)
"""The weights for a whole number of pixels. Most paths that people draw with a ruler need them in one direction."""

Kernel = Callable[[float], NDArray[np.float32]]


@dataclass(frozen=True)
class Box:
    """A rectangle in frame pixels: columns left..right, rows top..bottom, ends not included. May overhang the frame."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, where: NDArray[np.bool_]) -> Box:
        """The smallest box around everything True, of which there must be something."""
        rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
        return cls(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)

    def moved(self, x: int, y: int) -> Box:
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def grown(self, margin: int) -> Box:
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def common(self, other: Box) -> Box:
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def within(self, size: Size) -> Box:
        return self.common(Box(0, 0, *size))

    @property
    def empty(self) -> bool:
        return self.left >= self.right or self.top >= self.bottom

    @property
    def cut(self) -> tuple[slice, slice]:
        """The index of this box in a frame-sized array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, eq=False)
class Cutout:
    """Pixels with a matte, and the box of the photo they come from. The outermost pixels of the matte are empty."""

    box: Box
    colour: Photo
    cover: NDArray[np.uint8]
    """The matte in 255 steps, shape (height, width)."""

    @classmethod
    def of(cls, box: Box, colour: Photo, matte: Matte) -> Cutout:
        """Only the part of the box that the matte takes up: it is drawn in every frame."""
        cover = np.rint(matte * 255).astype(np.uint8)
        tight = (
            Box.around(cover > 0).grown(1).within((cover.shape[1], cover.shape[0])) if cover.any() else Box(0, 0, 1, 1)
        )
        parts = (np.ascontiguousarray(plane[tight.cut]) for plane in (colour, cover))
        return cls(tight.moved(box.left, box.top), *parts)

    def draw(self, canvas: Photo, x: float, y: float) -> Box:
        """Lay it on the canvas, moved by (x, y) pixels; answer with the box of the canvas that it touched."""
        right, down = floor(x), floor(y)
        place = self.box.moved(right, down).within((canvas.shape[1], canvas.shape[0]))
        if place.empty:
            return place

        part = place.moved(-self.box.left - right, -self.box.top - down)
        cover = cv2.cvtColor(_moved(self.cover, part, x - right, y - down, _linear), cv2.COLOR_GRAY2RGB)
        colour = _moved(self.colour, part, x - right, y - down, _cubic)
        under = canvas[place.cut]
        # In bytes all the way: half the time of blending in floats, and never more than a level away from it.
        shown = cv2.multiply(colour, cover, scale=1 / 255)
        cv2.add(cv2.multiply(under, cv2.bitwise_not(cover), scale=1 / 255), shown, dst=under)
        return place


def unmixed(photo: Photo, behind: Photo, matte: Matte) -> Photo:
    """The thing's own colour: what must have been mixed with the background, by the matte, to give the photo."""
    share = ((1 - matte) / np.maximum(matte, THIN))[..., None]
    mixed_in = np.clip((photo.astype(np.float32) - behind) * share, -MIXED_IN, MIXED_IN)
    own = photo + mixed_in

    return np.clip(np.rint(own), 0, 255).astype(np.uint8)


def _moved(values: NDArray[np.uint8], part: Box, x: float, y: float, kernel: Kernel) -> NDArray[np.uint8]:
    """The part of the array, whose content has moved right and down by fractions of a pixel, 0 <= x, y < 1."""
    if x == 0 and y == 0:
        return values[part.cut]

    across, along = kernel(x), kernel(y)
    # What the kernel reaches beyond the part, as far as there is any.
    around = part.grown(KERNEL).within((values.shape[1], values.shape[0]))
    moved = cv2.sepFilter2D(
        values[around.cut],
        -1,
        across,
        along,
        anchor=(len(across) // 2, len(along) // 2),
        borderType=cv2.BORDER_REPLICATE,
    )
    return cast(NDArray[np.uint8], moved[part.moved(-around.left, -around.top).cut])


def _linear(offset: float) -> NDArray[np.float32]:
    """Weights of the pixels before and at the place: never beyond the values they mix, as coverage needs."""
    if offset == 0:
        return UNMOVED

    return np.array([offset, 1 - offset], np.float32)


def _cubic(offset: float) -> NDArray[np.float32]:
    """Catmull-Rom weights of two pixels before, one before, at and after the place: sharp at every phase."""
    if offset == 0:
        return UNMOVED

    u = 1 - offset
    return np.array(
        [
            -0.5 * u + u**2 - 0.5 * u**3,
            1 - 2.5 * u**2 + 1.5 * u**3,
            0.5 * u + 2 * u**2 - 1.5 * u**3,
            -0.5 * u**2 + 0.5 * u**3,
        ],
        np.float32,
    )
