"""A gap laid out in pieces: which shift of the picture belongs where, so that pieces are large and their seams unseen.

Each shift is tried everywhere at once; then four sweeps across the picture spread what each place prefers, and in the
end neighbours settle, by passing messages, on shifts whose pictures agree where they meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.abreast import in_threads
from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.patches import Places
from kling_widgets.emulator.pullpush import Colour
from kling_widgets.emulator.settling import settled
from kling_widgets.emulator.shifts import UNLIKE, Shifts, fitted

REACH = 4
"""A shift is judged by a square of 2 REACH + 1 pixels."""

FADING = 1.25
"""How much less the guess counts with each pixel that it lies deeper in the gap: what is known leads."""

FAINT = 0.8
"""The least that it counts."""

PARTING = 60.0
"""What it costs in the sweeps that a place has another shift than the one before it, in levels squared."""

CHOICE = 4
"""So many shifts are left to each place in the end."""

CROWD = 200.0
"""What it costs to bring what others bring too, each time, in levels squared: nothing should be seen over and over."""

NEVER = np.float32(1e7)


@dataclass(frozen=True, eq=False)
class Ground:
    """A copy of the photo, small enough to try things on."""

    picture: Colour
    """With a guess in the gap."""
    blurred: Colour
    """The photo, about as soft as the guess."""
    gap: Mask
    around: Mask
    """The gap and its rim, one pixel wide."""

    @property
    def known(self) -> Mask:
        return ~self.around


def laid(ground: Ground, rough: Shifts, scale: float) -> Shifts:
    """The shift of each pixel in the gap, shape (h, w, 2): 0 stands for the guess, where nothing can be brought.

    The rough shifts, from which they are chosen, are those of a copy that many times smaller.
    """
    away = cv2.distanceTransform((~ground.gap).astype(np.uint8), cv2.DIST_L2, 3)
    close = away <= 2 * REACH
    shifts = fitted(rough, scale, ground.picture, ground.known, close & ground.known)
    shifts = np.concatenate([np.zeros((1, 2), np.intp), shifts[shifts.any(axis=1)]])

    price = _swept(_tried(ground, shifts, close), ground.around)
    where = np.argwhere(ground.around)
    choice = np.argpartition(price[*where.T], min(CHOICE, len(shifts)) - 1, axis=1)[:, :CHOICE]
    liked = np.take_along_axis(price[*where.T], choice, axis=1)
    liked += CROWD * _crowded(where[:, None] + shifts[choice], liked.argmin(axis=1), ground.gap.shape)
    best = settled(ground.picture, ground.gap, where, shifts[choice], liked)

    result = np.zeros((*ground.gap.shape, 2), np.intp)
    result[*where.T] = best
    result[~ground.gap] = 0
    return result


def _tried(ground: Ground, shifts: Shifts, close: Mask) -> NDArray[np.float32]:
    """How unlike the picture each shift makes each place and its surroundings: shape (shifts, h, w)."""
    height, width = ground.gap.shape
    depth = cv2.distanceTransform(ground.gap.astype(np.uint8), cv2.DIST_L2, 3)
    weight = np.where(ground.gap, np.maximum(FAINT, FADING**-depth), close).astype(np.float32)
    square = (2 * REACH + 1, 2 * REACH + 1)
    source = ground.picture.astype(np.float32)
    inside = ground.gap[..., None].astype(np.float32)
    # In the gap the guess is soft: it is compared with what is as soft, else it would call for smooth examples.
    result = np.full((len(shifts), height, width), NEVER)
    result[0] = NEVER / 10

    def try_on(index: int) -> None:
        down, right = shifts[index]
        here = slice(max(0, -down), min(height, height - down)), slice(max(0, -right), min(width, width - right))
        there = slice(max(0, down), min(height, height + down)), slice(max(0, right), min(width, width + right))
        known = ground.known[there]
        if not known.any():
            return

        example = source[there] + inside[here] * (ground.blurred[there] - source[there])
        unlike = np.full((height, width), UNLIKE, np.float32)
        apart = ((source[here] - example) ** 2) @ np.ones(3, np.float32)
        unlike[here] = np.where(known, np.minimum(apart, UNLIKE), UNLIKE)
        cost = cv2.blur(unlike * weight, square, borderType=cv2.BORDER_REFLECT)
        result[index][here] = np.where(known, cost[here], NEVER)

    with in_threads() as threads:
        list(threads.map(try_on, range(1, len(shifts))))
    return result


def _crowded(sources: Places, first: NDArray[np.intp], size: tuple[int, ...]) -> NDArray[np.float32]:
    """How many others would bring the same, or what lies close to it, if everybody had their first choice."""
    taken = np.zeros(size, np.float32)
    y, x = np.clip(np.moveaxis(sources, -1, 0), 0, np.array(size)[:, None, None] - 1)
    np.add.at(taken, (y[np.arange(len(y)), first], x[np.arange(len(x)), first]), 1)
    side = 2 * REACH + 1
    return np.asarray(np.maximum(cv2.blur(taken, (side, side), borderType=cv2.BORDER_REFLECT)[y, x] - 1, 0))


def _swept(cost: NDArray[np.float32], asked: Mask) -> NDArray[np.float32]:
    """The costs, shape (h, w, shifts), with what everything left, right, above and below of each place would pay.

    After Hirschmueller (Semi-global matching).
    """
    own = np.ascontiguousarray(np.moveaxis(cost, 0, -1))
    own[~asked] = 0

    def swept(axis: int) -> NDArray[np.float32]:
        total = np.zeros_like(own)
        lines, sums = np.moveaxis(own, axis, 0), np.moveaxis(total, axis, 0)
        for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
            run = np.zeros(lines.shape[1:], np.float32)
            for line in order:
                run -= run.min(axis=-1, keepdims=True)
                np.minimum(run, PARTING, out=run)
                sums[line] += run
                run += lines[line]
        return total

    with in_threads() as threads:
        across, along = threads.map(swept, (0, 1))
    return np.asarray(own + across + along)
