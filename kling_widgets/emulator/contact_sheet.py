"""All effects at a glance, on your own photo: `contact_sheet("me.jpg").save("effects.webp")`.

From the command line: `kling-widgets contact-sheet me.jpg`. Each cell shows a moment well into the effect, its title,
and the name that a request calls it by.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

from kling_widgets.emulator.contact_page import Effect, effects, page
from kling_widgets.emulator.fit import Size, cover, fitted, scaled
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.scenes import scene
from kling_widgets.emulator.thumbnails import STILL

SIDE, MOVING_SIDE = 168, 84
"""Pixels of a cell's side, were it square; the moving sheet's are smaller, for there are many frames of it."""

FRAMES, MILLISECONDS = 10, 220
"""Of the moving sheet: how many frames, and how long each one stays."""

LARGER = 2
"""Effects are drawn so many times larger than they are shown: fine lines and small particles survive."""

NARROWEST = 2 / 3
"""Cells have the photo's own aspect, from this to its inverse: a panorama would make a sheet of ribbons."""

Given = Photo | str | Path


def contact_sheet(
    photo: Given, second: Given | None = None, *, side: int = SIDE, only: str = "", workers: int | None = None
) -> Image.Image:
    """One picture with every effect on this photo. Effects of two photos show both, or the one and its mirror image.

    `only="dance"` leaves those whose title, category or tags have the word. Raises ValueError, in words for the person
    who asked, when there are none, and for a file that is no picture.
    """
    shown = effects(only)
    made = cells(opened(photo, second), side, [STILL], shown, workers)
    return page([still for (still,) in made], shown)


def moving_sheet(
    photo: Given,
    second: Given | None = None,
    *,
    side: int = MOVING_SIDE,
    frames: int = FRAMES,
    only: str = "",
    workers: int | None = None,
) -> list[Image.Image]:
    """The frames of the same sheet in motion, each effect played once. The first one is good to stand still on."""
    moments = [(STILL + index / frames) % 1 for index in range(frames)]
    shown = effects(only)
    made = cells(opened(photo, second), side, moments, shown, workers)
    return [page(pictures, shown) for pictures in zip(*made, strict=True)]


def save(sheet: Image.Image | list[Image.Image], out: Path) -> None:
    """Write it: several as an animation."""
    first, *more = sheet if isinstance(sheet, list) else [sheet]
    # Pillow's words for what a format takes; the others ignore what they do not know.
    moving: dict[str, Any] = {"save_all": True, "append_images": more, "duration": MILLISECONDS, "loop": 0}
    first.save(out, quality=50 if more else 82, method=3, **(moving if more else {}))


def opened(photo: Given, second: Given | None) -> tuple[Photo, Photo]:
    """Both photos, upright; without a second one, the first and its mirror image."""
    first = _read(photo)
    return first, np.ascontiguousarray(first[:, ::-1]) if second is None else _read(second)


def cells(
    pair: tuple[Photo, Photo],
    side: int,
    moments: Sequence[float],
    shown: Sequence[Effect],
    workers: int | None = None,
) -> Iterator[list[Photo]]:
    """For each effect, in this order, its pictures at these moments.

    In threads: numpy and OpenCV let go of the interpreter's lock, and processes take longer to start than they save.
    """
    size = _cell(pair[0], side)
    photos = [cover(photo, (size[0] * LARGER, size[1] * LARGER)) for photo in pair]
    draw = partial(_drawn, photos, size, moments)
    with _one_thread_each(), ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="cells") as pool:
        yield from pool.map(draw, shown)


def _drawn(photos: list[Photo], size: Size, moments: Sequence[float], effect: Effect) -> list[Photo]:
    width, height = size[0] * LARGER, size[1] * LARGER
    if effect["images"] == 1:
        at = scene(effect["scene"], photos[:1], (width, height))
        return [scaled(at(moment), size) for moment in moments]

    # Side by side the two are wider than a cell: both are seen whole, on a blur of themselves.
    at = scene(effect["scene"], photos, (2 * width, height))
    return [fitted(at(moment), size) for moment in moments]


def _cell(photo: Photo, side: int) -> Size:
    aspect = min(max(photo.shape[1] / photo.shape[0], NARROWEST), 1 / NARROWEST)
    return round(side * aspect**0.5), round(side / aspect**0.5)


def _read(given: Given) -> Photo:
    if isinstance(given, np.ndarray):
        return given

    try:
        with Image.open(given) as picture:
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except FileNotFoundError:
        raise ValueError(f"There is no file {given}: check the name and the folder.") from None
    except Exception as error:  # Pillow raises whatever its parsers raise
        raise ValueError(f"{given} cannot be read as a picture ({error}): give a JPEG, PNG or WebP file.") from error


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """OpenCV keeps to the thread that calls it: with a cell a thread, its own would only get in each other's way."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
