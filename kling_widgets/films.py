"""Films in their folder: where each lies, whether it lies there whole, how it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kling_widgets import decoding, mp4, sidecar
from kling_widgets.fetch import NOTHING, PATIENCE, Errand, alone, fetch, stem
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.wire import Wire


def place(folder: Path, task: Task, *, preview: bool) -> Path:
    """Where a task's film belongs."""
    return folder / f"{stem(task, preview=preview)}.mp4"


def on_disk(path: Path, url: str) -> Video | None:
    """The film, where it already lies there whole."""
    try:
        return _read(path, path, url)
    except (OSError, ValueError):
        return None


async def download(
    wire: Wire,
    task: Task,
    path: Path,
    *,
    note: Mapping[str, Any] = NOTHING,
    patience: Patience = PATIENCE,
    now: Callable[[], float] = time.time,
) -> Video:
    """A finished task's film at `path`, fetched unless it lies there; what broke off is gone on with.

    Beside it lies a file of facts, with `note`; `now` is in seconds since 1970. Raises KlingError, LinkEnded among
    them; what came till then stays as a part where it can be gone on with.
    """
    url = task.videos[0].url

    def checked(part: Path) -> tuple[Video, Path]:
        video = _read(part, path, url)
        decoding.check(part)
        return video, path

    def facts(video: Video, part: Path) -> Mapping[str, Any]:
        size = {"duration": video.duration, "width": video.width, "height": video.height}
        return {**sidecar.told(task, note, now()), "film": {"file": path.name, **size, **sidecar.measured(part, url)}}

    errand = Errand("film", task, url, path, checked, sidecar.beside(path), facts)
    async with alone(path, errand.noun, patience) as kept_out:
        # Whoever was before us has it there now.
        there = await asyncio.to_thread(on_disk, path, url)
        if there is not None:
            return there
        return await fetch(wire, errand, alone=kept_out, patience=patience, now=now)


def _read(file: Path, path: Path, url: str) -> Video:
    movie = mp4.read(file)
    return Video(path, url, movie.duration, movie.width, movie.height)
