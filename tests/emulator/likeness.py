"""How alike two films look: perceptual hashes of some of their frames, compared bit by bit.

A hash has bits for three things, each in lightness and in two colours, so that looks of another colour differ too:
which of two neighbouring patches has more, how much each quarter has (a scale), and how much it varies within each
patch (a scale too): there are the snowflakes and the coins, too small to move a mean.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SCALE = np.arange(24, 232, 8)
"""A level is as many bits as it passes of these: near levels share nearly all of them."""

VARIES = np.array([10, 20, 35, 50, 75, 100])
"""Likewise for the difference between the lightest and the darkest place of a patch."""

PATCH = np.ones((7, 7), np.uint8)

Bits = NDArray[np.bool_]


def hashed(film: NDArray[np.uint8]) -> Bits:
    """Shape (frames, bits) for frames of shape (frames, height, width, 3), RGB."""
    return np.stack([_frame(frame) for frame in film])


def apart(one: Bits, other: Bits) -> int:
    """In how many bits the moment differs at which the two films differ most."""
    return int((one != other).sum(axis=1).max())


def copied(film: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same film as a rough copy: a third of a pixel aside, a little brighter, with noise."""
    move = np.array([[1, 0, 1 / 3], [0, 1, -1 / 3]])
    noise = np.random.default_rng(0).normal(2, 2, film[0].shape)
    aside = [cv2.warpAffine(frame, move, frame.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101) for frame in film]
    return np.stack([np.clip(frame + noise, 0, 255).astype(np.uint8) for frame in aside])


def _frame(frame: NDArray[np.uint8]) -> Bits:
    lab = cv2.cvtColor(frame, cv2.COLOR_RGB2LAB)
    parts = []
    for channel, cells in zip(cv2.split(lab), (8, 4, 4), strict=True):
        small = cv2.resize(channel, (cells + 1, cells), interpolation=cv2.INTER_AREA).astype(int)
        parts.append((np.diff(small, axis=1) > 0).ravel())
        quarters = cv2.resize(channel, (2, 2), interpolation=cv2.INTER_AREA).ravel()
        parts.append((quarters[:, None] > SCALE).ravel())
        range_ = cv2.morphologyEx(cv2.GaussianBlur(channel, (0, 0), 0.7), cv2.MORPH_GRADIENT, PATCH)
        parts.append((range_[4::8, 4::8, None] > VARIES).ravel())

    return np.concatenate(parts)
