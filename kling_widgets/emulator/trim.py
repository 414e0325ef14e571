"""A loose mask drawn in to the thing inside it: the sky around the rocket stays where it is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.cutout import Box
from kling_widgets.emulator.job import Mask, Photo

ALIKE = 11
"""Levels of 255 by which photo and filled background may differ where there is nothing but background."""

FINE = 1 / 240
"""What is thinner than this is ragged edge, not shape; a share of the frame's short side."""

LEAST = 0.03
"""If less than this share of a mask is a thing of its own, the mask is what its painter wants moved: a piece of sky."""


def alike(photo: Photo, behind: Photo) -> Mask:
    """Where the photo shows the same as the background filled in behind it."""
    red, green, blue = cv2.split(cv2.absdiff(photo, behind))
    apart = cv2.GaussianBlur(cv2.max(cv2.max(red, green), blue), (0, 0), 1.5)
    return np.asarray(apart) < ALIKE


def trimmed(mask: Mask, backdrop: Mask, box: Box) -> Mask:
    """The mask without its margins in which there is nothing but backdrop.

    Only margins: what looks like backdrop in the middle of the thing belongs to the thing. Nothing of the mask lies
    outside the box.
    """
    size = 2 * max(1, round(FINE * min(mask.shape))) + 1
    part = box.grown(2 * size).within((mask.shape[1], mask.shape[0])).cut
    kept = np.zeros_like(mask)
    kept[part] = _trimmed(mask[part], backdrop[part], size)

    return kept if kept.sum() >= LEAST * mask.sum() else mask


def _trimmed(mask: Mask, backdrop: Mask, size: int) -> Mask:
    empty = mask & backdrop
    _, parts = cv2.connectedComponents(empty.astype(np.uint8), connectivity=4)
    rim = cv2.dilate((~mask).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    outer = np.unique(parts[rim & empty])

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    thing: NDArray[Any] = (mask & ~np.isin(parts, outer)).astype(np.uint8)
    thing = cv2.morphologyEx(cv2.morphologyEx(thing, cv2.MORPH_OPEN, disc), cv2.MORPH_CLOSE, disc)
    # A little of the margin comes along: the matte finds the true edge from outside better than from inside.
    result: Mask = (cv2.dilate(thing, disc) > 0) & mask

    return result
