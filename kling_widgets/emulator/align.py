"""How the camera stood to one picture when it took the other: shift, turn and zoom, found from points seen in both."""

from __future__ import annotations

from math import atan2, cos, hypot, sin
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.warp import Homography, about

Grey = NDArray[np.uint8]
"""Shape (height, width)."""

Points = NDArray[np.float64]
"""Shape (n, 2): x and y."""

POINTS = 1500
"""As many places are compared."""

ENOUGH = 14
"""So many of them must agree on the camera's move, and a quarter of all pairs: fewer agree by chance."""

FEW = 6
"""So many pairs must agree on the move of a thing, the camera's move apart."""

THINGS = 4
"""At most so many things that move by themselves are looked for."""


def moves(start: Grey, tail: Grey) -> list[Homography]:
    """From places in the start picture to the same places in the tail: what the camera did (the identity where it
    cannot be told), then what single things did."""
    finder = cv2.ORB.create(POINTS, fastThreshold=5, edgeThreshold=13, patchSize=21)
    (here, one), (there, other) = (finder.detectAndCompute(_evened(picture), None) for picture in (start, tail))
    if one is None or other is None:
        return [np.eye(3)]

    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(one, other)
    source = np.array([here[pair.queryIdx].pt for pair in pairs]).reshape(-1, 2)
    target = np.array([there[pair.trainIdx].pt for pair in pairs]).reshape(-1, 2)
    camera, agreed = _fitted(source, target, max(ENOUGH, len(pairs) / 4))
    found = [np.eye(3) if camera is None else camera]
    # What follows the camera is settled; among the close pairs of the rest each thing has its own move.
    sure = np.array([pair.distance < 48 for pair in pairs], bool)
    left = sure & ~agreed if camera is not None else sure
    for _ in range(THINGS):
        move, agreed = _fitted(source[left], target[left], FEW)
        if move is None:
            break
        found.append(move)
        left[np.flatnonzero(left)[agreed]] = False
    return found


def _fitted(source: Points, target: Points, enough: float) -> tuple[Homography | None, NDArray[np.bool_]]:
    """The move on which most pairs agree, and which pairs do; None where fewer than enough."""
    nobody = np.zeros(len(source), bool)
    if len(source) < enough:
        return None, nobody

    move, agreed = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=2.5, maxIters=3000)
    if move is None or agreed.sum() < enough or not 0.4 < hypot(move[0, 0], move[1, 0]) < 2.5:
        return None, nobody

    return np.vstack([move, [0, 0, 1]]), agreed[:, 0] == 1


def _evened(picture: Grey) -> Grey:
    """Contrast made alike everywhere: points are found in the dark too."""
    return cast(Grey, cv2.createCLAHE(4, (8, 8)).apply(picture))


def part_way(move: Homography, done: float, middle: tuple[float, float]) -> Homography:
    """The move when a share of it is done: turn and shift go evenly, growth by equal factors."""
    centred = about((-middle[0], -middle[1]), move)
    growth, angle = hypot(centred[0, 0], centred[1, 0]), atan2(centred[1, 0], centred[0, 0])
    factor = growth**done
    c, s = factor * cos(angle * done), factor * sin(angle * done)
    moved = np.array([[c, -s, centred[0, 2] * done], [s, c, centred[1, 2] * done], [0, 0, 1]])

    return about(middle, moved)


def inverse(move: Homography) -> Homography:
    """The way back."""
    return np.linalg.inv(move).astype(np.float64)
