"""Completion by example: every patch in a gap looks for the most similar patch outside, and those found vote.

After Wexler, Shechtman, Irani (Space-time completion of video), with an exact search: on the small copies it runs on,
comparing every patch with every other is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.pullpush import Colour, smooth_fill

Places = NDArray[np.intp]
"""Shape (n, 2): row and column."""

REACH = 3
"""Patches are squares of 2 REACH + 1 pixels."""

EXAMPLES = 4000
"""At most so many patches are searched."""

ROUNDS = 3
"""Times the search and the vote are repeated."""

NEARNESS = 50.0
"""Colour difference that a patch a whole short side away must make up for: what is near belongs here."""

CERTAINTY = 1.3
"""How much less a patch's vote counts with each pixel that it lies deeper in the gap: what is known leads."""

SEAM = 40.0
"""The most, in levels, by which the completion is shifted to meet the picture at the gap's edge."""

SWEEPS = 10
"""Rounds in which neighbouring patches look for a common shift."""

AGREEMENT = 100.0
"""What agreeing with one neighbour is worth, in levels squared of difference."""

BESIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True, eq=False)
class Gap:
    """A gap in a picture, and the patches that bear on it."""

    mask: Mask
    seekers: Places
    """Centres of the patches that touch the gap."""
    whole: Mask
    """Centres of the patches that lie wholly outside the gap and inside the picture."""

    @classmethod
    def of(cls, mask: Mask) -> Gap:
        square = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
        touching = cv2.dilate(mask.astype(np.uint8), square) > 0
        whole = np.zeros_like(mask)
        inner = slice(REACH, -REACH), slice(REACH, -REACH)
        whole[inner] = ~touching[inner]
        return cls(mask, np.argwhere(touching), whole)


def completed(picture: Colour, start: Colour, gap: Gap) -> tuple[Colour, Places]:
    """The picture with its gap completed, beginning from a first guess, and for each seeker the centre of its example.

    The gap must have examples: gap.whole somewhere True.
    """
    examples = np.argwhere(gap.whole)
    examples = examples[:: -(-len(examples) // EXAMPLES)]
    depth = cv2.distanceTransform(gap.mask.astype(np.uint8), cv2.DIST_L2, 3)
    trust = CERTAINTY ** -depth[*gap.seekers.T]

    inside = gap.mask[..., None]
    current = np.where(inside, start, picture)
    for _ in range(ROUNDS):
        found = _search(current, gap.seekers, examples)
        said = _voted(current, gap.seekers, found, trust)
        current = np.where(inside, said, picture)

    current = np.where(inside, said + _seam(picture - said, gap), picture)
    return current, _coherent(current, gap, found)


def _search(picture: Colour, seekers: Places, examples: Places) -> Places:
    """For each seeker the centre of the most similar example."""
    windows = _windows(picture)
    place = np.float32(NEARNESS * windows.shape[-1] * 3**0.5 / min(picture.shape[:2]))

    def features(centres: Places) -> NDArray[np.float32]:
        return np.hstack([windows[*centres.T].reshape(len(centres), -1), centres * place]).astype(np.float32)

    known = features(examples)
    length = (known**2).sum(axis=1)
    # In parts of some hundred, so that the table of all distances stays small.
    parts = np.array_split(features(seekers), -(-len(seekers) // 500))
    best = np.concatenate([np.argmin(length - 2 * part @ known.T, axis=1) for part in parts])
    return cast(Places, examples[best])


def _windows(picture: Colour) -> NDArray[np.float32]:
    """The patch around every pixel: shape (height, width, 3, side, side). A view."""
    side = 2 * REACH + 1
    wide = np.pad(picture.astype(np.float32), ((REACH, REACH), (REACH, REACH), (0, 0)), mode="edge")

    return cast(NDArray[np.float32], sliding_window_view(wide, (side, side), axis=(0, 1)))


def _voted(picture: Colour, seekers: Places, found: Places, trust: NDArray[np.float32]) -> Colour:
    """What the patches lying over each pixel say of its colour, on the mean; 0 where none does."""
    height, width = picture.shape[:2]
    total, votes = np.zeros((height, width, 3)), np.zeros((height, width, 1))
    for offset in np.ndindex(2 * REACH + 1, 2 * REACH + 1):
        step = np.array(offset) - REACH
        target = seekers + step
        inside = ((target >= 0) & (target < (height, width))).all(axis=1)
        weight = (0.7 ** np.abs(step).sum() * trust[inside])[:, None]
        rows, columns = target[inside].T
        total[rows, columns] += weight * picture[*(found + step)[inside].T]
        votes[rows, columns] += weight

    return cast(Colour, total / np.maximum(votes, 1e-30))


def _seam(missing: Colour, gap: Gap) -> Colour:
    """What is missing at the gap's edge, spread smoothly inwards, so that no edge of the gap is seen."""
    edge = np.zeros_like(gap.mask)
    edge[*gap.seekers.T] = True

    return smooth_fill(np.clip(missing, -SEAM, SEAM), edge & ~gap.mask)


def _coherent(picture: Colour, gap: Gap, found: Places) -> Places:
    """Nearly the same examples, but neighbours agree on one shift where they can, so that texture comes in pieces."""
    windows, seekers, size = _windows(picture), gap.seekers, gap.mask.shape
    rows, columns = seekers.T
    number = np.full((size[0] + 2, size[1] + 2), -1)
    number[rows + 1, columns + 1] = np.arange(len(seekers))
    beside = [number[1 + rows + y, 1 + columns + x] for y, x in BESIDE]
    shift = found - seekers
    apart = _apart(windows, seekers, found)

    for sweep in range(SWEEPS):
        # Like the fields of a chessboard: nobody agrees with a neighbour who is changing his mind at the same time.
        turn = (rows + columns + sweep) % 2 == 0
        for neighbour in beside:
            there = seekers + shift[neighbour]
            possible = turn & (neighbour >= 0) & ((there >= 0) & (there < size)).all(axis=1)
            possible[possible] = gap.whole[*there[possible].T]
            who = np.flatnonzero(possible)

            offer, cost = shift[neighbour][who], _apart(windows, seekers[who], there[who])
            others = [other[who] for other in beside]
            agreeing = _agreeing(offer, shift, others) - _agreeing(shift[who], shift, others)
            better = apart[who] - cost + AGREEMENT * agreeing > 0
            shift[who[better]], apart[who[better]] = offer[better], cost[better]

    return cast(Places, seekers + shift)


def _agreeing(mine: Places, shift: Places, others: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """How many neighbours have the same shift as mine; -1 stands for no neighbour."""
    same = [(mine == shift[other]).all(axis=1) & (other >= 0) for other in others]
    return cast(NDArray[np.intp], np.sum(same, axis=0))


def _apart(windows: NDArray[np.float32], here: Places, there: Places) -> NDArray[np.float32]:
    """Mean square difference of patches, in levels squared."""
    difference = windows[*here.T] - windows[*there.T]
    return cast(NDArray[np.float32], (difference**2).mean(axis=(1, 2, 3)))
