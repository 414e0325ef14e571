"""Films in their folder: where each lies, whether it lies there whole, how it comes."""

from __future__ import annotations

from pathlib import Path

from kling_widgets import mp4
from kling_widgets.fetch import fetch, stem
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.wire import Wire


def place(folder: Path, task: Task, *, preview: bool) -> Path:
    """Where a task's film belongs."""
    return folder / f"{stem(task, preview=preview)}.mp4"


def on_disk(path: Path, url: str) -> Video | None:
    """The film, where it already lies there whole."""
    try:
        movie = mp4.read(path)
    except (OSError, ValueError):
        return None
    return Video(path, url, movie.duration, movie.width, movie.height)


async def download(wire: Wire, task: Task, path: Path) -> Video:
    """Fetch a finished task's film to `path`. Raises KlingError; what was half fetched is then gone."""
    url = task.videos[0].url

    def checked(part: Path) -> tuple[Video, Path]:
        movie = mp4.read(part)
        return Video(path, url, movie.duration, movie.width, movie.height), path

    return await fetch(wire, task, url, "film", checked, path)
