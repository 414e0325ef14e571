"""Completion by example: every patch in a gap looks for the most similar patch outside, and those found vote.

After Wexler, Shechtman, Irani (Space-time completion of video), with an exact search: on the small copies it runs on,
comparing every patch with every other is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.pullpush import Colour, smooth_fill

Places = NDArray[np.intp]
"""Shape (n, 2): row and column."""

REACH = 3
"""Patches are squares of 2 REACH + 1 pixels."""

EXAMPLES = 2500
"""At most so many patches are searched."""

WAVES = 4
"""A patch is compared by so many of its slowest waves, either way."""

ROUNDS = 3
"""Times the search and the vote are repeated."""

NEARNESS = 50.0
"""Colour difference that a patch a whole short side away must make up for: what is near belongs here."""

CERTAINTY = 1.3
"""How much less a patch's vote counts with each pixel that it lies deeper in the gap: what is known leads."""

SEAM = 40.0
"""The most, in levels, by which the completion is shifted to meet the picture at the gap's edge."""


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
        found = nearest(_placed(current), gap.seekers, examples)
        said = _voted(current, gap.seekers, found, trust)
        current = np.where(inside, said, picture)

    current = np.where(inside, said + _seam(picture - said, gap), picture)
    return current, found


def nearest(patches: NDArray[np.float32], seekers: Places, examples: Places, *, beyond: float = 0) -> Places:
    """For each seeker the centre of the most similar example; of those further off than a distance, if it is given.

    patches has the shape (h, w, numbers): what is compared, at every pixel.
    """
    known = patches[*examples.T]
    # One product gives the squared distance, but for what all examples have in common.
    table = np.hstack([-2 * known, (known**2).sum(axis=1, keepdims=True)])
    found = []
    # In parts of some hundred, so that the table of all distances stays small.
    for part in np.array_split(seekers, -(-len(seekers) // 500)):
        asked = np.hstack([patches[*part.T], np.ones((len(part), 1), np.float32)])
        # Not numpy's product: its threads would wait for the next one at full load.
        apart = np.asarray(cv2.gemm(asked, table, 1, asked, 0, flags=cv2.GEMM_2_T))
        if beyond:
            apart[((part[:, None] - examples) ** 2).sum(axis=-1) < beyond**2] = np.inf
        found.append(examples[apart.argmin(axis=1)])

    return np.concatenate(found)


def in_waves(picture: Colour) -> NDArray[np.float32]:
    """The patch around every pixel, said in slow waves as in JPEG: shape (height, width, numbers).

    A few numbers say nearly all about a patch, and so few are quickly compared.
    """
    side = 2 * REACH + 1
    wave = np.cos((np.arange(side) + 0.5) * np.arange(WAVES)[:, None] * np.pi / side)
    wave /= np.linalg.norm(wave, axis=1, keepdims=True)
    down, right = np.nonzero(np.add.outer(np.arange(WAVES), np.arange(WAVES)) < WAVES)
    coloured = picture.astype(np.float32)
    said = [
        cv2.sepFilter2D(coloured, -1, wave[x], wave[y], borderType=cv2.BORDER_REPLICATE)
        for y, x in zip(down, right, strict=True)
    ]
    return np.concatenate(said, axis=-1)


def _placed(picture: Colour) -> NDArray[np.float32]:
    """The patch around every pixel, and where it is: shape (height, width, numbers)."""
    height, width = picture.shape[:2]
    place = NEARNESS * 3**0.5 * (2 * REACH + 1) / min(height, width)
    where = np.moveaxis(np.indices((height, width)), 0, -1) * place

    return np.concatenate([in_waves(picture), where], axis=-1, dtype=np.float32)


def _voted(picture: Colour, seekers: Places, found: Places, trust: NDArray[np.float32]) -> Colour:
    """What the patches lying over each pixel say of its colour, on the mean; 0 where none does."""
    height, width = picture.shape[:2]
    flat = picture.reshape(-1, 3)
    number = np.full((height + 2 * REACH, width + 2 * REACH), len(seekers))
    number[*(seekers + REACH).T] = np.arange(len(seekers))
    centre = np.append(found @ (width, 1), REACH * (width + 1))
    trust = np.append(trust, np.float32(0))
    total, votes = np.zeros((len(seekers), 3), np.float32), np.zeros(len(seekers), np.float32)
    for down, right in np.ndindex(2 * REACH + 1, 2 * REACH + 1):
        step = np.array((down, right)) - REACH
        who = number[*(seekers + REACH - step).T]
        weight = np.float32(0.7 ** np.abs(step).sum()) * trust[who]
        total += weight[:, None] * flat[centre[who] + step @ (width, 1)]
        votes += weight

    said = np.zeros((height, width, 3), np.float32)
    said[*seekers.T] = total / np.maximum(votes, 1e-30)[:, None]
    return said


def _seam(missing: Colour, gap: Gap) -> Colour:
    """What is missing at the gap's edge, spread smoothly inwards, so that no edge of the gap is seen."""
    edge = np.zeros_like(gap.mask)
    edge[*gap.seekers.T] = True

    return smooth_fill(np.clip(missing, -SEAM, SEAM), edge & ~gap.mask)
