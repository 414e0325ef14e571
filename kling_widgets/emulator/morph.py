"""One picture becomes another that shows the same: everything moves on its way, and nothing is seen twice.

A place in a frame is looked up in both pictures, each through its flow turned round to the frame's time. What only one
of them shows comes from that one; the rest passes over from the first to the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.align import inverse, part_way
from kling_widgets.emulator.flow import NO_ARRAY, Field, Match, Plane, places, read
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.warp import Homography

ROUNDS = 4
"""How often a flow turned round is corrected."""

CLOSE = 0.5
"""Pixels by which a flow turned round may miss its place."""

ALONE = 10.0
"""How much more a picture counts where only it shows what there is to see."""

FAINT = 1e-3
"""What a picture counts where it shows nothing of use: nowhere may there be nothing at all."""


class Morph:
    """Two pictures of one size and how they hang together, ready for any time between them."""

    def __init__(self, start: Photo, tail: Photo, found: Match) -> None:
        self._start, self._tail, self._match = start, tail, found
        self._home = [inverse(thing) for thing in found.things]
        self._rows, self._columns = found.there.shape[:2]
        self._places = places(found.there.shape)
        self._size = start.shape[1], start.shape[0]
        self._pixels = places(start.shape)
        self._scale = np.array([start.shape[1] / self._columns, start.shape[0] / self._rows], np.float32)
        self._inside = _edged(found.there.shape)
        self._light = _change_of_light(start, tail, found)

    def at(self, done: float) -> Photo:
        """The frame when a share (0..1) of the way is done: the start picture at 0, the tail at 1."""
        if done <= 0 or done >= 1:
            return (self._tail if done >= 1 else self._start).copy()

        found = self._match
        middle = ((self._columns - 1) / 2, (self._rows - 1) / 2)
        way = part_way(found.move, done, middle)
        place = _moved(self._places, inverse(way))

        one, first = _turned(place, found.there, found.things, done)
        other, second = _turned(place, found.back, self._home, 1 - done)
        first *= read(self._inside, one) * (1 + ALONE * read(found.only_start, one)) * (1 - done)
        second *= (1 + ALONE * read(found.only_tail, other)) * done
        other = _moved(other, found.move)
        second *= read(self._inside, other)
        share = (second + FAINT * done) / (first + second + FAINT)

        pictures = (self._carried(self._start, one), self._carried(self._tail, other))
        pictures = (_lit(pictures[0], self._light, done), _lit(pictures[1], self._light, done - 1))
        wide = cv2.resize(share, self._size, interpolation=cv2.INTER_LINEAR)
        return cast(Photo, cv2.blendLinear(*pictures, 1 - wide, wide))

    def _carried(self, picture: Photo, source: Field) -> Photo:
        """The picture read at places given in the flows' size. Smoothly: twice softened is soft."""
        # Steps are what is spread over the frame's pixels: places at the rim would be flattened.
        steps = (source - self._places) * self._scale
        at = cv2.resize(steps, self._size, interpolation=cv2.INTER_LINEAR)
        cv2.add(at, self._pixels, dst=at)
        return cast(Photo, cv2.remap(picture, at, NO_ARRAY, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101))


def _turned(place: Field, flow: Field, things: Sequence[Homography], share: float) -> tuple[Field, Plane]:
    """From where a share of the flow leads to each place, and how truly it does (0..1).

    Where a thing of its own move and what is behind it lead to the same place, the thing is what one sees.
    """
    source, missed = _corrected(place, place - share * read(flow, place), flow, share)
    for thing in things:
        begin = place - share * (_moved(place, thing) - place)
        other, its = _corrected(place, begin, flow, share)
        strange = _length(read(flow, other) - (_moved(other, thing) - other))
        better = (its < CLOSE) & (strange < 4 * CLOSE)
        source[better], missed[better] = other[better], its[better]
    return source, np.exp(-(missed**2) / 2)


def _corrected(place: Field, source: Field, flow: Field, share: float) -> tuple[Field, Plane]:
    """The source, led closer to where a share of the flow ends at the place; and by how much it still misses it."""
    for _ in range(ROUNDS):
        source = place - share * read(flow, source)
    return source, _length(source + share * read(flow, source) - place)


def _length(step: Field) -> Plane:
    return cast(Plane, cv2.magnitude(step[..., 0], step[..., 1]))


def _moved(at: Field, move: Homography) -> Field:
    """Places after a shift, a turn and a zoom."""
    return cast(Field, cv2.transform(at, move[:2].astype(np.float32)))


def _edged(shape: tuple[int, ...]) -> Plane:
    """1 inside, 0 at the edge and beyond: what comes from there is a mirror's."""
    inside = np.ones(shape[:2], np.float32)
    inside[[0, -1]] = 0
    inside[:, [0, -1]] = 0
    return cv2.GaussianBlur(inside, (0, 0), 1) ** 4 * inside


def _change_of_light(start: Photo, tail: Photo, found: Match) -> NDArray[np.float64]:
    """For each colour, gain and offset from the start picture to the tail, where they show the same."""
    size = found.there.shape[1], found.there.shape[0]
    one, other = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (start, tail))
    at = _moved(places(found.there.shape) + found.there, found.move)
    common = (found.only_start < 0.3) & (read(_edged(found.there.shape), at) > 0.5)
    if common.sum() < 100:
        return np.array([[1.0, 0.0]] * 3)

    here, there = one[common].astype(float), read(other, at)[common].astype(float)
    gain = np.clip(there.std(axis=0) / np.maximum(here.std(axis=0), 1), 0.5, 2)
    return np.stack([gain, there.mean(axis=0) - gain * here.mean(axis=0)], axis=1)


def _lit(picture: Photo, light: NDArray[np.float64], share: float) -> Photo:
    """The picture with a share of the change of light; a share below 0 takes it back."""
    if (np.abs(light - (1, 0)) < (0.02, 2)).all():
        return picture

    values = np.arange(256)[:, None]
    gain, offset = light.T
    whole = values * gain + offset if share > 0 else (values - offset) / gain
    table = values + abs(share) * (whole - values)
    return cast(Photo, cv2.LUT(picture, np.clip(np.rint(table), 0, 255).astype(np.uint8)[:, None, :]))
