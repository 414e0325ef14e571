"""Pictures in their folder: where each lies, whether it lies there whole, how it comes."""

from __future__ import annotations

import asyncio
import os
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import PIL.Image

from kling_widgets import sidecar
from kling_widgets.fetch import NOTHING, PATIENCE, Errand, alone, fetch, stem
from kling_widgets.picture import Picture
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.wire import Wire

ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


async def fetched(
    wire: Wire,
    task: Task,
    folder: Path,
    *,
    preview: bool,
    note: Mapping[str, Any] = NOTHING,
    patience: Patience = PATIENCE,
    now: Callable[[], float] = time.time,
) -> tuple[Picture, ...]:
    """A finished task's pictures; fetched is what does not lie there yet, and what broke off is gone on with.

    Beside them lies one file of facts, with `note`; `now` is in seconds since 1970. Raises KlingError, LinkEnded among
    them.
    """
    # The ending of each is what its bytes say.
    name = stem(task, preview=preview)
    places = [(folder / f"{name}-{n}", image.url) for n, image in enumerate(task.images)]
    there = [await asyncio.to_thread(_on_disk, *place) for place in places]
    if None not in there:
        return tuple(picture for picture in there if picture)

    def errand(place: Path, url: str) -> Errand[Picture]:
        def facts(picture: Picture, part: Path) -> Mapping[str, Any]:
            row = {"file": picture.path.name, "width": picture.width, "height": picture.height}
            others = [other for other in _described(beside, task) if other.get("file") != picture.path.name]
            rows = sorted([*others, {**row, **sidecar.measured(part, url)}], key=lambda row: str(row.get("file")))
            return {**sidecar.told(task, note, now()), "pictures": rows}

        return Errand("picture", task, url, place, lambda part: _checked(part, place, url), beside, facts)

    beside = folder / f"{name}.json"
    found = []
    async with alone(folder / name, "picture", patience) as kept_out:
        for place, url in places:
            picture = await asyncio.to_thread(_on_disk, place, url)
            if picture is None:
                picture = await fetch(wire, errand(place, url), alone=kept_out, patience=patience, now=now)
            found.append(picture)
    return tuple(found)


def _described(beside: Path, task: Task) -> list[dict[str, Any]]:
    """The pictures of this task that the file of facts has so far."""
    facts = sidecar.read(beside) or {}
    same = isinstance(facts.get("task"), dict) and facts["task"].get("id") == task.id
    rows = facts.get("pictures") if same else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _on_disk(place: Path, url: str) -> Picture | None:
    """The picture, where it already lies there whole."""
    for ending in ENDINGS.values():
        try:
            return _read(path := place.with_name(place.name + ending), path, url)
        except (OSError, ValueError):
            continue
    return None


def _checked(part: Path, place: Path, url: str) -> tuple[Picture, Path]:
    """The picture, and where it belongs. Raises OSError or ValueError."""
    with _opened(part) as picture:
        path = place.with_name(place.name + ENDINGS[str(picture.format)])
    return _read(part, path, url), path


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
