"""How near things seem in a photo, guessed without any model: the thing in the middle, what is low, what is sharp.

A guess may be wrong, so it says how sure it is; and it is laid so that a thing is of one depth all over, with its
steps just outside the thing's edge. What moves by such a depth moves as one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.fit import scaled
from kling_widgets.emulator.job import Photo

Plane = NDArray[np.floating[Any]]
"""One value for each place, shape (height, width)."""

SMALL = 240
"""Pixels of the longer side of the picture that depth is guessed from: it is a guess, and wants no detail."""

FLOOR = 0.22
"""Share of nearness that lies in being low in the picture, where the ground comes towards us."""

SOFT = 1 / 40
"""Width of a depth step, as a share of the longer side: broad enough that nothing tears."""


@dataclass(frozen=True, eq=False)
class Depth:
    """A guess."""

    near: Plane
    """0 far to 1 near, at a size of its own."""
    sure: float
    """0..1: how clearly one thing stands out before the rest."""
    focus: tuple[float, float]
    """The middle of what is near, in shares of the sides."""


def depth(photo: Photo) -> Depth:
    """How near everything in the photo is, as far as one can tell from colour, place and sharpness."""
    height, width = photo.shape[:2]
    scale = min(1.0, SMALL / max(height, width))
    small = scaled(photo, (max(8, round(width * scale)), max(8, round(height * scale))))
    across, down = _grid(small)

    striking = standing_out(small) * np.exp(-0.9 * across**2) * _sharpness(photo, small)
    level = _level(striking)
    thing = np.clip((striking - 0.55 * level) / (0.9 * level), 0, 1).astype(np.float32)
    # What is enclosed by a thing, or stands below it, belongs to it, or lies still nearer.
    thing = _standing(cast(Plane, cv2.morphologyEx(thing, cv2.MORPH_CLOSE, _disc(max(small.shape) // 16))))
    sure = _clearness(thing, striking)

    reach = max(2, round(SOFT * max(small.shape)))
    thing = followed(_smooth(thing, reach / 2), small, 2 * reach)
    # Grown first, so that the step that smoothing makes lies outside the edge, where it bends the background alone.
    matte = _smooth(cast(Plane, cv2.dilate(thing, _disc(reach))), reach)

    near = FLOOR * (1 + down) / 2 + (1 - FLOOR) * sure * matte
    # The upper part of a thing is the one to look at: a face, a tip; and a thing goes out of view at the top first.
    weight = (matte * sure + 0.05) * np.exp(-1.8 * down)
    focus = [float(0.5 + 0.5 * (weight * axis).sum() / weight.sum()) for axis in (across, down)]
    return Depth(near.astype(np.float32), sure, (_central(focus[0]), _central(focus[1])))


def followed(values: Plane, small: Photo, radius: int) -> Plane:
    """The values drawn to the photo's own edges by a guided filter on its light."""
    light = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: Plane) -> Plane:
        return cast(Plane, cv2.blur(plane, window, borderType=cv2.BORDER_REFLECT))

    average, level = mean(light), mean(values)
    gain = (mean(light * values) - average * level) / (mean(light * light) - average * average + 3e-3)
    return np.clip(mean(gain) * light + mean(level - gain * average), 0, 1)


def _standing(thing: Plane) -> Plane:
    """Each place is at least nearly as near as what is above it."""
    rows = thing.copy()
    fade = 0.75 ** (1 / len(rows))
    for row in range(1, len(rows)):
        np.maximum(rows[row], rows[row - 1] * fade, out=rows[row])
    return rows


def _level(plane: Plane) -> float:
    """The value that parts high from low best (Otsu)."""
    most = float(plane.max()) or 1.0
    found, _ = cv2.threshold((plane * (255 / most)).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    return max(1e-3, found * most / 255)


def _disc(radius: int) -> NDArray[np.uint8]:
    return cast(NDArray[np.uint8], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))


def standing_out(small: Photo) -> Plane:
    """0..1: how unlike the picture's upper and side edges each place is. Not the lower edge: things stand on it."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_RGB2LAB).astype(np.float32)
    rim = max(2, round(min(small.shape[:2]) * 0.06))
    upper = lab[: round(0.8 * len(lab))]
    unlike = [_distance(lab, side.reshape(-1, 3)) for side in (lab[:rim], upper[:, :rim], upper[:, -rim:])]
    # Unlike each side: the nearest of them decides, softly.
    apart = np.prod(unlike, axis=0) ** (1 / 3)
    return cast(Plane, np.clip(apart / max(1e-6, float(np.percentile(apart, 97))), 0, 1))


def _distance(lab: NDArray[np.float32], rim: NDArray[np.float32]) -> Plane:
    """How far each colour is from those of the rim, in spreads of these."""
    mean = rim.mean(axis=0)
    spread = np.cov(rim.T) + 60 * np.eye(3)
    apart = lab - mean
    return cast(Plane, np.sqrt(np.einsum("ijk,kl,ijl->ij", apart, np.linalg.inv(spread), apart)).astype(np.float32))


def _sharpness(photo: Photo, small: Photo) -> Plane:
    """0.5..1: where the photo has its fine detail; even everywhere when all of it is as sharp."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 1.2))
    size = small.shape[1], small.shape[0]
    detail = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    detail = _smooth(detail, max(small.shape) / 24)
    low, high = np.percentile(detail, (10, 90))
    return cast(Plane, 0.5 + 0.5 * np.clip((detail - low) / max(1.5, high - low), 0, 1))


def _clearness(thing: Plane, striking: Plane) -> float:
    """How much more striking the thing is than the rest; nothing, and everything, is not one thing."""
    share = float(thing.mean())
    if not 0.01 < share < 0.9:
        return 0.0

    inside, outside = (float((striking * part).sum() / part.sum()) for part in (thing, 1 - thing))
    return float(np.clip((inside - outside) / 0.3, 0, 1))


def _smooth(plane: Plane, sigma: float) -> Plane:
    return cast(Plane, cv2.GaussianBlur(plane, (0, 0), sigma))


def _grid(small: Photo) -> tuple[Plane, Plane]:
    """Across and down, from -1 to 1."""
    height, width = small.shape[:2]
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    return across.astype(np.float32), down.astype(np.float32)


def _central(share: float) -> float:
    """Not too near an edge: what lies beyond the middle would leave the picture fast."""
    return min(max(share, 0.36), 0.64)
