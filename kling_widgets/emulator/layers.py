"""The motion brush: the photo cut into layers, as an animator would, and the painted ones moved.

From the bottom up: the background, which is the photo with every moving area taken out and the gap filled; the areas,
the first one lowest, each moved rigidly by its path's displacement; the static area, which never changes by a value.
At displacement zero the composite is the photo, to the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.abreast import in_threads
from kling_widgets.emulator.cutout import Box, Cutout, unmixed
from kling_widgets.emulator.fill import fill
from kling_widgets.emulator.fit import Size, scaled, scaled_mask
from kling_widgets.emulator.job import Job, Mask, Photo
from kling_widgets.emulator.matte import Matte
from kling_widgets.emulator.path import Points, displacement
from kling_widgets.emulator.shape import Shape, grown, overhang, take_out, widened
from kling_widgets.emulator.trim import alike

SETTLE = 1 / 90
"""Displacement over which the last differences between composite and photo fade, as a share of the short side."""

NEXT_TO_NOTHING = 0.02
"""Share of the static area below which its soft edge ends."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One area, ready to be drawn at any time."""

    cutout: Cutout
    path: Points
    """In frame pixels."""
    home: Box
    """The part of the frame that the area was taken out of."""
    rest: NDArray[np.int16]
    """What the unmoved composite lacks of the photo at home: next to nothing on the thing, more on the filled rim."""

    def settle(self, canvas: Photo, share: float) -> None:
        """Give the canvas this share of what it lacks at home; all of it makes the photo."""
        place = canvas[self.home.cut]
        cv2.addWeighted(place, 1, self.rest, share, 0, dst=place, dtype=cv2.CV_8U)


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    layers = Layers(job, size)
    yield from layers.through(np.arange(round(job.seconds * job.fps)) / job.fps)


class Layers:
    """A motion-brush job made ready: all that does not depend on time is done here, once."""

    def __init__(self, job: Job, size: Size) -> None:
        self.photo = scaled(job.photos[0], size)
        self._seconds = job.seconds
        self._settle = SETTLE * min(size)
        nothing = np.zeros(self.photo.shape[:2], bool)
        static = nothing if job.static is None else scaled_mask(job.static, size)
        self._static = _Static.of(static, self.photo)

        masks = _disjoint([scaled_mask(area.mask, size) for area in job.areas], static)
        paths = [area.path * (size[0] / job.photos[0].shape[1], size[1] / job.photos[0].shape[0]) for area in job.areas]
        # An area may be hidden altogether: the mask painted over by another, or lost in scaling down.
        painted = _joined([(mask, path) for mask, path in zip(masks, paths, strict=True) if mask.any()])
        behind = fill(self.photo, _union([grown(mask, Box.around(mask)) for mask, _ in painted], nothing))
        backdrop = alike(self.photo, behind)
        with in_threads() as threads:
            shapes = list(threads.map(lambda one: Shape.of(one[0], backdrop, self.photo), painted))
        holes = [shape.hole for shape in shapes]
        self.background = _with_hole_filled(self.photo, behind, _union(holes, nothing))
        self._static.cover(self.background, Box(0, 0, *size))

        photo_on, background_on = widened(self.photo), widened(self.background)
        pad = overhang(self.photo)
        with in_threads() as threads:
            cutouts = list(threads.map(lambda shape: _cutout(shape, photo_on, background_on, pad), shapes))
        unmoved = self.background.copy()
        self._layers: list[Layer] = []
        for index, (cutout, (_, path)) in enumerate(zip(cutouts, painted, strict=True)):
            cutout.draw(unmoved, 0, 0)
            mine = holes[index] & ~_union(holes[index + 1 :], static)
            home = Box.around(holes[index])
            rest = (self.photo[home.cut].astype(np.int16) - unmoved[home.cut]) * mine[home.cut][..., None]
            self._layers.append(Layer(cutout, path, home, rest))
            self._layers[-1].settle(unmoved, 1)

    def at(self, time: float) -> Photo:
        """The frame at a time in seconds: a new array."""
        return next(self.through(np.array([time])))

    def through(self, times: NDArray[np.float64]) -> Iterator[Photo]:
        """The frames at these times, each an array of its own."""
        ways = [displacement(layer.path, self._seconds, times) for layer in self._layers]
        for index in range(len(times)):
            yield self._composed([(float(x), float(y)) for x, y in (way[index] for way in ways)])

    def _composed(self, ways: Sequence[tuple[float, float]]) -> Photo:
        # A whole copy: it takes a twentieth of the time that drawing does, and no frame shares memory with another.
        canvas = self.background.copy()
        touched = []
        for layer, (x, y) in zip(self._layers, ways, strict=True):
            touched.append(layer.cutout.draw(canvas, x, y))
            unsettled = 1 - float(np.hypot(x, y)) / self._settle
            if unsettled > 0:
                layer.settle(canvas, unsettled)
                touched.append(layer.home)

        for box in touched:
            self._static.cover(canvas, box)
        return canvas


@dataclass(frozen=True, eq=False)
class _Static:
    """The static area: on top of everything, the photo's own values, its edge smoothed outwards only."""

    photo: Photo
    box: Box | None
    matte: Matte
    mask: Mask

    @classmethod
    def of(cls, mask: Mask, photo: Photo) -> _Static:
        soft = cv2.GaussianBlur(cv2.dilate(mask.astype(np.float32), np.ones((3, 3))), (0, 0), 0.8)
        matte = np.maximum(soft, mask.astype(np.float32))
        matte[matte < NEXT_TO_NOTHING] = 0
        return cls(photo, Box.around(matte > 0) if mask.any() else None, matte, mask)

    def cover(self, canvas: Photo, box: Box) -> None:
        """Put the static area back over the part of the canvas inside the box."""
        if self.box is None or (part := self.box.common(box)).empty:
            return

        under, photo = canvas[part.cut], self.photo[part.cut]
        matte = self.matte[part.cut]
        under[:] = cv2.blendLinear(under, photo, 1 - matte, matte)
        np.copyto(under, photo, where=self.mask[part.cut][..., None])


def _disjoint(masks: Sequence[Mask], static: Mask) -> list[Mask]:
    """A pixel belongs to the highest mask that has it, and to none where the static area lies over it."""
    return [mask & ~_union(masks[index + 1 :], static) for index, mask in enumerate(masks)]


def _joined(painted: Sequence[tuple[Mask, Points]]) -> list[tuple[Mask, Points]]:
    """The same areas, but those that touch and go the same way are one thing: no seam of background between them."""
    result: list[tuple[Mask, Points]] = []
    for mask, path in painted:
        below, way = result[-1] if result else (mask, path[:1])
        near = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3))).astype(bool)
        if len(way) == len(path) and np.allclose(way - way[0], path - path[0]) and (near & below).any():
            result[-1] = below | mask, way
        else:
            result.append((mask, path))
    return result


def _union(masks: Sequence[Mask], last: Mask) -> Mask:
    return cast(Mask, np.logical_or.reduce([*masks, last]))


def _cutout(shape: Shape, photo: Photo, behind: Photo, pad: int) -> Cutout:
    """`photo` and `behind` go on past the frame's edge by `pad`."""
    part = shape.box.moved(pad, pad).cut

    return Cutout.of(shape.box, unmixed(photo[part], behind[part], shape.matte), shape.matte)


def _with_hole_filled(photo: Photo, filled: Photo, hole: Mask) -> Photo:
    """The photo with the hole as it was filled in; the seam runs over the rim by which the hole exceeds the thing."""
    inside = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(inside / take_out(min(hole.shape)), 0, 1)

    return cast(Photo, cv2.blendLinear(photo, filled, 1 - share, share))
