"""Where the person or the pet stands in a photo: a guess, good enough to put a crown on and wings behind."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask, Photo
from kling_widgets.emulator.looks.paint import smoothstep
from kling_widgets.emulator.matte import Matte, soften

SIDE = 96
"""Pixels of the longer side at which the guess is made: a shape is wanted, no hairs."""

PLACE_WEIGHS = 60.0
"""How much of a colour's distance it counts to be one head and shoulders away from where people stand in portraits."""

LEAST, MOST = 0.06, 0.8
"""Shares of the picture between which a guess is believed."""

KEPT = 8
"""Guesses remembered: a sheet of all effects asks two hundred times about one photo."""


@dataclass(frozen=True, eq=False)
class Subject:
    """Who the picture is of."""

    x: float
    """Middle of the head, as a share of the frame's width."""
    top: float
    """Where the hair ends, as a share of the frame's height."""
    wide: float
    """Width of the head, as a share of the frame's short side."""
    matte: Matte
    """1 where the subject is, 0 behind it; shape (height, width) of the frame."""


def subject(photo: Photo) -> Subject:
    """The subject of a photo. Where nothing stands out, whoever stands in the middle of a portrait."""
    small = _small(photo)
    key = small.tobytes(), photo.shape
    with _lock:
        known = _known.get(key)
    if known is None:
        known = _found(photo, small)
        with _lock:
            _known[key] = known
            while len(_known) > KEPT:
                _known.popitem(last=False)

    return known


def forget() -> None:
    """Begin anew: what was guessed before is worked out again."""
    with _lock:
        _known.clear()


def middle(shape: tuple[int, ...]) -> Subject:
    """The subject taken for granted: head above the middle, shoulders below."""
    far = _prior(shape[:2], 0.0)
    return Subject(0.5, 0.1, 0.3, cast(Matte, (1 - smoothstep(0.7, 1.0, far)).astype(np.float32)))


_known: OrderedDict[tuple[bytes, tuple[int, ...]], Subject] = OrderedDict()
_lock = Lock()


def _small(photo: Photo) -> Photo:
    height, width = photo.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    return cast(Photo, cv2.resize(photo, size, interpolation=cv2.INTER_AREA))


def _found(photo: Photo, small: Photo) -> Subject:
    height, width = photo.shape[:2]
    mask = _mask(small)
    if not LEAST < mask.mean() < MOST:
        return middle(photo.shape)

    x, top, wide = _head(mask)
    raised = cv2.resize(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8), (width, height))
    matte = soften(np.asarray(raised > 0.5), photo, max(2, round(0.025 * min(height, width))))
    return Subject(x, top, wide, matte)


def _prior(shape: tuple[int, ...], x: float) -> NDArray[np.float32]:
    """How far each place is from a head and shoulders at x (of short sides right of the middle): 1 is their outline."""
    height, width = shape
    across = ((np.arange(width, dtype=np.float32) + 0.5) - width / 2) / min(height, width) - x
    down = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height
    head = np.hypot(across / 0.2, (down - 0.3) / 0.27)
    body = np.hypot(across / 0.36, (down - 1.0) / 0.48)
    return cast(NDArray[np.float32], np.minimum(head, body))


def _mask(small: Photo) -> Mask:
    """Grown from the place where people stand, to the borders that colour and place agree on (GrabCut)."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    rim = np.median(lab[: max(2, height // 12)].reshape(-1, 3), axis=0)
    stands_out = np.clip(np.linalg.norm(lab[height // 8 : height // 2] - rim, axis=2) - 12, 0, 60)
    across = (np.arange(width) + 0.5 - width / 2) / min(height, width)
    weight = stands_out * np.exp(-((across / 0.22) ** 2))
    far = _prior((height, width), float(np.clip(1.3 * (weight * across).sum() / (weight.sum() + 1), -0.15, 0.15)))

    # The third channel is the place, so that a colour found far away is not taken for the subject's.
    tone = 1.2 * lab[..., 1] + 0.8 * lab[..., 2] - 128
    looks = np.dstack([0.8 * lab[..., 0], tone, np.clip(far, 0, 2.5) * PLACE_WEIGHS])
    states = np.where(far < 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    states[far < 0.45], states[far > 2.4] = cv2.GC_FGD, cv2.GC_BGD
    # GrabCut draws lots: with the same seed, the same ones.
    cv2.setRNGSeed(0)
    rounded = np.clip(looks, 0, 255).astype(np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rounded, states, (0, 0, 1, 1), *models, 3, cv2.GC_INIT_WITH_MASK)
    inside = (states == cv2.GC_FGD) | (states == cv2.GC_PR_FGD)

    _, labels, sizes, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    large = sizes[:, cv2.CC_STAT_AREA] > 0.02 * inside.size
    return cast(Mask, inside & large[labels])


def _head(mask: Mask) -> tuple[float, float, float]:
    """Middle, top and width of the head: what the mask begins with, above."""
    height, width = mask.shape
    short = min(height, width)
    wide = mask.sum(axis=1)
    top = int(np.argmax(wide >= 0.06 * short))
    rows = mask[top : top + max(3, round(0.22 * short))]
    columns = rows.sum(axis=0)
    x = float((columns * (np.arange(width) + 0.5)).sum() / columns.sum()) / width
    size = float(np.median(rows.sum(axis=1))) / short
    return float(np.clip(x, 0.25, 0.75)), min(0.35, top / height), float(np.clip(1.1 * size, 0.2, 0.42))
