"""Pictures in their folder: where each lies, whether it lies there whole, how it comes."""

from __future__ import annotations

import asyncio
import os
import warnings
from pathlib import Path

import PIL.Image

from kling_widgets.fetch import fetch, stem
from kling_widgets.picture import Picture
from kling_widgets.task import Task
from kling_widgets.wire import Wire

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


async def fetched(wire: Wire, task: Task, folder: Path, *, preview: bool) -> tuple[Picture, ...]:
    """A finished task's pictures; fetched is what does not lie there yet. Raises KlingError."""
    found = []
    for n, image in enumerate(task.images):
        # Its ending is what its bytes say.
        place = folder / f"{stem(task, preview=preview)}-{n}"
        there = await asyncio.to_thread(_on_disk, place, image.url)
        found.append(there or await _download(wire, task, image.url, place))
    return tuple(found)


def _on_disk(place: Path, url: str) -> Picture | None:
    """The picture, where it already lies there whole."""
    for ending in ENDINGS.values():
        try:
            return _read(path := place.with_name(place.name + ending), path, url)
        except (OSError, ValueError):
            continue
    return None


async def _download(wire: Wire, task: Task, url: str, place: Path) -> Picture:
    """Raises KlingError; what was half fetched is then gone."""

    def checked(part: Path) -> tuple[Picture, Path]:
        with _opened(part) as picture:
            path = place.with_name(place.name + ENDINGS[str(picture.format)])
        return _read(part, path, url), path

    return await fetch(wire, task, url, "picture", checked, place)


def _read(file: Path, path: Path, url: str) -> Picture:
    """Decodes all of it: a picture that breaks off is none. Raises OSError or ValueError."""
    with _opened(file) as picture:
        try:
            picture.load()
        except (OSError, SyntaxError) as error:
            raise ValueError(f"it ends too early or is broken ({error})") from error
        return Picture(path, url, picture.width, picture.height)


def _opened(file: Path) -> PIL.Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
            return PIL.Image.open(file, formats=list(ENDINGS))
    except PIL.UnidentifiedImageError:
        size = os.path.getsize(file)
        raise ValueError(f"its {size} bytes are no PNG, JPEG or WebP picture") from None
    except PIL.Image.DecompressionBombError as error:
        raise ValueError(str(error).rstrip(".")) from error
