"""One photo of two, cut so that its subject stands well in its half of the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import smoothstep
from kling_widgets.emulator.looks.subject import Subject, subject
from kling_widgets.emulator.matte import Matte

HEADROOM = 0.1
"""Least room above the head where a photo is cut above and below, as a share of the frame's height."""


@dataclass(frozen=True, eq=False)
class Half:
    sheet: Photo
    """A picture of the whole frame's size: the photo in its half, and what it goes on with in the other."""
    matte: Matte
    """The subject on it; nothing where the sheet is not the photo but its mirror image."""
    head: float
    """Middle of the head, in short sides right of the frame's middle."""
    wide: float
    """Width of the head, in short sides."""
    end: float
    """Where the photo ends at the outer side, likewise."""


def half(photo: Photo, size: Size, side: int) -> Half:
    """The photo as the left (side -1) or the right (1) half of a frame."""
    width, height = size
    inner = width // 2
    who = subject(photo)
    picture, left, top = _placed(photo, (inner if side < 0 else width - inner, height), who)
    rows, columns = picture.shape[:2]

    # Real picture on both sides of the half as far as there is some, its mirror image beyond.
    before = 0 if side < 0 else inner
    start, stop = max(0, left - before), min(columns, left + width - before)
    part = picture[top : top + height, start:stop]
    lead = before - (left - start)
    tail = width - lead - (stop - start)
    sheet = cv2.copyMakeBorder(part, 0, 0, lead, tail, cv2.BORDER_REFLECT)
    matte = cv2.resize(who.matte, (columns, rows), interpolation=cv2.INTER_AREA)[top : top + height, start:stop]
    fade = smoothstep(0, 0.06 * min(size), (np.arange(stop - start) if side > 0 else np.arange(stop - start)[::-1]))
    shown = np.pad((matte * fade).astype(np.float32), ((0, 0), (lead, tail)))

    short = min(size)
    end = (lead if side < 0 else lead + stop - start) - width / 2
    head = before - left + who.x * columns - width / 2
    wide = who.wide * min(rows, columns) / short
    return Half(cast(Photo, sheet), cast(Matte, shown), float(head) / short, wide, float(end) / short)


def framed(photo: Photo, size: Size) -> Photo:
    """The photo cut to fill the size, its subject's head well within."""
    picture, left, top = _placed(photo, size, subject(photo))
    return np.ascontiguousarray(picture[top : top + size[1], left : left + size[0]])


def _placed(photo: Photo, size: Size, who: Subject) -> tuple[Photo, int, int]:
    """The photo scaled to fill the size, and where to cut it: the first column and row."""
    width, height = size
    rows, columns = photo.shape[:2]
    factor = max(width / columns, height / rows)
    picture = scaled(photo, (max(width, round(columns * factor)), max(height, round(rows * factor))))
    rows, columns = picture.shape[:2]
    left = int(np.clip(round(who.x * columns - width / 2), 0, columns - width))
    top = int(np.clip(round(who.top * rows - HEADROOM * height), 0, rows - height))

    # Where little is cut there is no need to look for a head.
    return picture, left, min(top, (rows - height) // 2)
