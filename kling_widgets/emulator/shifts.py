"""By what shifts may a photo bring what is missing in it? A few dozen, which many of its patches agree on.

After He and Sun (Statistics of patch offsets for image completion): textures and edges repeat at a handful of offsets.
"""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.patches import EXAMPLES, Gap, Places, in_waves, nearest
from kling_widgets.emulator.pullpush import Colour

Shifts = NDArray[np.intp]
"""Down and to the right, in pixels: shape (..., 2). Where a pixel is to be taken from, seen from where it is put."""

MANY = 36
"""At most so many shifts from either source."""

REST = 16
"""At most so many more for the places that those cannot reach."""

ASKED = 600
"""At most so many known patches are asked where their like is."""

NEAR = 1 / 10
"""A patch that is like its neighbour says nothing: its like is sought further off, as a share of the short side."""

RIM = 250
"""Pixels around the gap on which a shift is tried when it is fitted to a larger copy."""

UNLIKE = 3 * 90.0**2
"""Difference of two colours, squared, above which they are simply not alike."""


def common(seekers: Places, found: Places, gap: Gap) -> Shifts:
    """The shifts that come up most often; and for what they cannot reach, the ones that come up most often there."""
    chosen = [_most_common(found - seekers, MANY)]
    left = np.ones(len(seekers), bool)
    for _ in range(REST):
        for shift in chosen[-1]:
            there = seekers + shift
            inside = ((there >= 0) & (there < gap.mask.shape)).all(axis=1)
            left[inside] &= ~gap.whole[*there[inside].T]
        if not left.any():
            break
        chosen.append(_most_common((found - seekers)[left], 1))

    return np.concatenate(chosen)


def repeating(picture: Colour, gap: Gap) -> Shifts:
    """The shifts at which the surroundings of the gap are like the rest of the picture."""
    short = min(gap.mask.shape)
    away = cv2.distanceTransform((~gap.mask).astype(np.uint8), cv2.DIST_L2, 3)
    examples = np.argwhere(gap.whole)
    asked = np.argwhere(gap.whole & (away < 6 + short / 6))
    if len(asked) == 0:
        asked = examples
    asked, examples = (places[:: -(-len(places) // most)] for places, most in ((asked, ASKED), (examples, EXAMPLES)))

    found = nearest(in_waves(picture), asked, examples, beyond=NEAR * short)
    return _most_common(found - asked, MANY)


def _most_common(shifts: Shifts, many: int) -> Shifts:
    each, times = np.unique(shifts, axis=0, return_counts=True)
    return each[np.argsort(-times, kind="stable")[:many]]


def fitted(shifts: Shifts, scale: float, picture: Colour, known: Mask, rim: Mask) -> Shifts:
    """The shifts in a copy so many times larger, each moved a little: to where the rim is most like its example."""
    height, width = known.shape
    places = np.argwhere(rim)
    places = places[:: max(1, -(-len(places) // RIM))]
    mine = picture[*places.T].astype(np.float32)
    reach = ceil(scale / 2) if scale > 1 else 0
    nudges = np.array(list(np.ndindex(2 * reach + 1, 2 * reach + 1))) - reach
    exact = []
    for shift in np.unique(np.rint(shifts * scale).astype(np.intp), axis=0):
        tries = shift + nudges
        y, x = np.moveaxis(places + tries[:, None], -1, 0)
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        y, x = np.where(inside, y, 0), np.where(inside, x, 0)
        apart = ((picture[y, x] - mine) ** 2).sum(axis=-1)
        apart = np.where(inside & known[y, x], np.minimum(apart, UNLIKE), UNLIKE)
        exact.append(tries[apart.sum(axis=1).argmin()])

    return np.unique(np.array(exact, np.intp).reshape(-1, 2), axis=0)
