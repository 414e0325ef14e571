"""The motion brush: the photo cut into layers, as an animator would, and the painted ones moved.

From the bottom up: the background, which is the photo with every moving area taken out and the gap filled; the areas,
the first one lowest, each moved rigidly by its path's displacement; the static area, which never changes by a value.
At displacement zero the composite is the photo, to the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.cutout import Box, Cutout, unmixed
from kling_widgets.emulator.fill import fill
from kling_widgets.emulator.fit import Size, scaled, scaled_mask
from kling_widgets.emulator.job import Job, Mask, Photo
from kling_widgets.emulator.matte import Matte, soften
from kling_widgets.emulator.path import Points, displacement
from kling_widgets.emulator.trim import alike, trimmed

SOFTNESS = 1 / 45
"""Radius over which a mask's edge may soften, as a share of the frame's short side."""

TAKE_OUT = 1 / 120
"""How much more than the matte is taken out of the background, likewise: no rim of the thing stays as a ghost."""

OVERHANG = 1 / 20
"""How far a layer goes on past the frame's edge, mirrored and fading, likewise: moved in, it shows no straight cut."""

SETTLE = 1 / 90
"""Displacement over which the last differences between composite and photo fade, likewise."""

HAZE = 0.02
"""Coverage below this does not count as part of the thing."""


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


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    layers = Layers(job, size)
    for index in range(round(job.seconds * job.fps)):
        yield layers.at(index / job.fps)


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
        painted = [(mask, path) for mask, path in zip(masks, paths, strict=True) if mask.any()]
        behind = fill(self.photo, _union([_grown(mask) for mask, _ in painted], nothing))
        backdrop = alike(self.photo, behind)
        things = [trimmed(mask, backdrop) for mask, _ in painted]
        cuts = [(*_matte(thing, self.photo), path) for thing, (_, path) in zip(things, painted, strict=True)]
        holes = [_hole(thing, box, matte) for thing, (box, matte, _) in zip(things, cuts, strict=True)]
        self.background = _with_hole_filled(self.photo, behind, _union(holes, nothing))
        self._static.cover(self.background, Box(0, 0, *size))

        unmoved = self.background.copy()
        self._layers: list[Layer] = []
        for index, (box, matte, path) in enumerate(cuts):
            cutout = Cutout(box, _colour(box, matte, self.photo, self.background), matte)
            cutout.draw(unmoved, 0, 0)
            mine = holes[index] & ~_union(holes[index + 1 :], static)
            home = Box.around(holes[index])
            rest = (self.photo[home.cut].astype(np.int16) - unmoved[home.cut]) * mine[home.cut][..., None]
            unmoved[home.cut] = _plus(unmoved[home.cut], rest)
            self._layers.append(Layer(cutout, path, home, rest))

    def at(self, time: float) -> Photo:
        """The frame at a time in seconds: a new array."""
        canvas = self.background.copy()
        touched = []
        for layer in self._layers:
            x, y = displacement(layer.path, self._seconds, time)
            touched.append(layer.cutout.draw(canvas, float(x), float(y)))

            unsettled = 1 - float(np.hypot(x, y)) / self._settle
            if unsettled > 0:
                place = canvas[layer.home.cut]
                place[:] = _plus(place, layer.rest * unsettled)
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
        matte[matte < HAZE] = 0
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


def _union(masks: Sequence[Mask], last: Mask) -> Mask:
    return cast(Mask, np.logical_or.reduce([*masks, last]))


def _matte(mask: Mask, photo: Photo) -> tuple[Box, Matte]:
    """The matte of an area and its box, which overhangs the frame where the mask touches the frame's edge."""
    height, width = mask.shape
    pad, radius = round(OVERHANG * min(mask.shape)), max(1, round(SOFTNESS * min(mask.shape)))
    wide = _widened(mask.astype(np.uint8), pad).astype(bool)
    box = Box.around(wide).grown(2 * radius + 2).within((width + 2 * pad, height + 2 * pad))

    matte = soften(wide[box.cut], _widened(photo, pad)[box.cut], radius)
    matte *= np.outer(_fading(height, pad), _fading(width, pad))[box.cut]
    matte[0], matte[-1], matte[:, 0], matte[:, -1] = 0, 0, 0, 0
    matte[matte <= HAZE] = 0  # else a rim that takes nothing out of the background would still tint what lies below
    return box.moved(-pad, -pad), matte


def _colour(box: Box, matte: Matte, photo: Photo, behind: Photo) -> Photo:
    pad = round(OVERHANG * min(photo.shape[:2]))
    part = box.moved(pad, pad).cut

    return unmixed(_widened(photo, pad)[part], _widened(behind, pad)[part], matte)


def _hole(thing: Mask, box: Box, matte: Matte) -> Mask:
    """What is taken out of the background for an area: all that its matte covers, and a little more around it."""
    seen = box.within((thing.shape[1], thing.shape[0]))
    hole = thing.copy()
    hole[seen.cut] |= matte[seen.moved(-box.left, -box.top).cut] > HAZE
    return _grown(hole)


def _grown(mask: Mask) -> Mask:
    reach = 2 * max(1, round(TAKE_OUT * min(mask.shape))) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))

    return cast(Mask, cv2.dilate(mask.astype(np.uint8), disc).astype(bool))


def _with_hole_filled(photo: Photo, filled: Photo, hole: Mask) -> Photo:
    """The photo with the hole as it was filled in; the seam runs over the rim by which the hole exceeds the thing."""
    inside = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(inside / max(1, round(TAKE_OUT * min(hole.shape))), 0, 1)

    return cast(Photo, cv2.blendLinear(photo, filled, 1 - share, share))


def _widened(picture: NDArray[np.uint8], pad: int) -> NDArray[np.uint8]:
    """The picture with a mirrored margin."""
    return cast(NDArray[np.uint8], cv2.copyMakeBorder(picture, pad, pad, pad, pad, cv2.BORDER_REFLECT_101))


def _fading(length: int, pad: int) -> NDArray[np.float32]:
    """1 along the frame's side, falling to 0 over the margins before and after it."""
    place = np.arange(-pad, length + pad)
    outside = np.maximum(np.maximum(-place, place - length + 1), 0)

    return np.clip(1 - outside / max(1, pad), 0, 1).astype(np.float32)


def _plus(picture: Photo, difference: NDArray[np.signedinteger[Any]] | NDArray[np.floating[Any]]) -> Photo:
    return cast(Photo, np.clip(np.rint(picture + difference), 0, 255).astype(np.uint8))
