"""Masks as shapes: what hangs together, holes, outlines of a hand."""

from __future__ import annotations

import numpy as np
import PIL.Image
import PIL.ImageDraw
from numpy.typing import NDArray

from kling_widgets.segment.colour import mean
from kling_widgets.segment.seeds import BoolMask, Points


def connected(mask: BoolMask, start: BoolMask) -> BoolMask:
    """The parts of `mask` that `start` touches. Up, down, left and right are neighbours."""
    runs = _Runs(mask)
    return runs.painted(runs.parts_at(mask & start))


class _Runs:
    """The stretches of a mask, row by row, and which of them hang together: thousands, of millions of pixels."""

    def __init__(self, mask: BoolMask) -> None:
        height, width = mask.shape
        self._shape = (height, width + 1)
        # A column of nothing behind each row: no stretch goes on in the next.
        flat = np.zeros(self._shape, np.int8)
        flat[:, :-1] = mask
        steps = np.diff(flat.ravel(), prepend=np.int8(0))
        self._starts, self._ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
        above = self._starts - (width + 1), self._ends - (width + 1)
        first = np.searchsorted(self._ends, above[0], side="right")
        count = np.maximum(np.searchsorted(self._starts, above[1], side="left") - first, 0)
        lower = np.repeat(np.arange(len(count)), count)
        upper = np.arange(len(lower)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
        self._part = _joined(len(count), lower, upper)

    def parts_at(self, pixels: BoolMask) -> NDArray[np.bool_]:
        """Whether each stretch belongs to a part that has one of these pixels, all of them inside the mask."""
        rows, columns = np.nonzero(pixels)
        places = rows * self._shape[1] + columns
        touched = np.zeros(len(self._part), bool)
        touched[self._part[np.searchsorted(self._starts, places, side="right") - 1]] = True
        return touched[self._part]

    def larger(self, area: float) -> NDArray[np.bool_]:
        """Whether each stretch belongs to a part of at least so many pixels."""
        areas = np.bincount(self._part, self._ends - self._starts, minlength=1)
        return areas[self._part] >= area

    def painted(self, runs: NDArray[np.bool_]) -> BoolMask:
        steps = np.zeros(self._shape[0] * self._shape[1], np.int8)
        steps[self._starts[runs]] = 1
        steps[self._ends[runs]] = -1
        return np.cumsum(steps, dtype=np.int8).reshape(self._shape)[:, :-1].astype(bool)


def _joined(count: int, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `count` things the first of those it hangs together with, by the pairs that do."""
    leader = np.arange(count)
    while True:
        low = np.minimum(leader[one], leader[other])
        high = np.maximum(leader[one], leader[other])
        if np.array_equal(low, high):
            return leader
        np.minimum.at(leader, high, low)
        while not np.array_equal(leader, leader[leader]):
            leader = leader[leader]


def frame(mask: NDArray[np.bool_]) -> BoolMask:
    """True along the four edges."""
    edge = np.zeros(mask.shape, bool)
    edge[[0, -1]] = True
    edge[:, [0, -1]] = True
    return edge


def filled(mask: BoolMask, open_: BoolMask) -> BoolMask:
    """`mask` without its holes, but for those that `open_` touches."""
    outside = connected(~mask, frame(mask) | open_)
    return ~outside


def tidied(mask: BoolMask, share: float, kept: BoolMask, open_: BoolMask) -> BoolMask:
    """`mask` without crumbs and pinholes: parts, and holes, of less than `share` of it.

    A part that `kept` touches stays all the same, and a hole that `open_` touches.
    """
    least = share * float(mask.sum())
    parts = _Runs(mask)
    clean = parts.painted(parts.larger(least) | parts.parts_at(mask & kept))
    gaps = _Runs(~clean)
    return ~gaps.painted(gaps.larger(least) | gaps.parts_at(~clean & (open_ | frame(clean))))


def smoothed(mask: BoolMask, radius: int) -> BoolMask:
    """Corners rounded, threads and crumbs thinner than `radius` gone."""
    smooth: BoolMask = mean(mean(mask, radius), radius) > 0.5
    return smooth


def polygon(outline: Points, shape: tuple[int, int]) -> BoolMask:
    """What an outline goes round."""
    picture = PIL.Image.new("1", (shape[1], shape[0]))
    PIL.ImageDraw.Draw(picture).polygon([(float(x), float(y)) for x, y in outline], fill=1)
    return np.array(picture, bool)


def dots(points: Points, shape: tuple[int, int], radius: float) -> BoolMask:
    """Every pixel within `radius` of one of the points, each point's own pixel always."""
    mask = np.zeros(shape, bool)
    height, width = shape
    reach = int(radius) + 1
    for x, y in points:
        left, top = max(0, int(x) - reach), max(0, int(y) - reach)
        rows, columns = np.ogrid[top : min(height, int(y) + reach + 1), left : min(width, int(x) + reach + 1)]
        near = np.hypot(columns + 0.5 - x, rows + 0.5 - y) <= radius
        mask[top : top + near.shape[0], left : left + near.shape[1]] |= near
        mask[min(height - 1, max(0, int(y))), min(width - 1, max(0, int(x)))] = True
    return mask


def resized(mask: BoolMask, shape: tuple[int, int]) -> BoolMask:
    """The mask at another size."""
    if mask.shape == shape:
        return mask
    # Every second or every tenth pixel says enough of what becomes smaller still.
    step = max(1, mask.shape[0] // (2 * shape[0]))
    picture = PIL.Image.fromarray(mask[::step, ::step].astype(np.uint8) * 255)
    how = PIL.Image.Resampling.BOX if shape[0] < mask.shape[0] else PIL.Image.Resampling.BILINEAR
    return np.asarray(picture.resize((shape[1], shape[0]), how)) > 127
