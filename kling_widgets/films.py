"""Films on their way to disk: streamed beside their place, checked, then renamed, so that none is ever found half."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from datetime import timedelta
from pathlib import Path

import httpx

from kling_widgets import mp4
from kling_widgets.errors import KlingError, ResponseError
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.wire import Wire

KEPT = timedelta(days=30)  # the vendor clears films after that


def place(folder: Path, task: Task, *, preview: bool) -> Path:
    """Where a task's film belongs. A preview has a name of its own: the real film of the same request is another."""
    name = task.external_id or task.id
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:80]
    if safe != name:  # what the service names is not trusted as a path, and two ids must not meet in one file
        safe += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return folder / f"{safe}{'.preview' if preview else ''}.mp4"


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
    part = await asyncio.to_thread(_new_part, path)
    try:
        try:
            async with wire.stream(url) as response:
                await _write(response, part)
        except ResponseError as error:
            raise _ended(error, task) from error

        try:
            movie = mp4.read(part)
        except ValueError as error:
            raise ResponseError(f"The film of task {task.id} cannot be used: {error}. Fetch it again.", 200) from error

        await asyncio.to_thread(os.replace, part, path)
    except OSError as error:
        if isinstance(error, KlingError):
            raise
        raise KlingError(f"The film of task {task.id} cannot be saved as {path}: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return Video(path, url, movie.duration, movie.width, movie.height)


def _new_part(path: Path) -> Path:
    """An empty file beside `path`, of this download alone: two kernels may fetch the same film at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise KlingError(f"No film can be saved in {path.parent}: {error.strerror or error}.") from error
    os.close(handle)
    # mkstemp keeps others out; a film is an ordinary file.
    os.chmod(part, 0o666 & ~_umask())
    return Path(part)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


async def _write(response: httpx.Response, part: Path) -> None:
    # A film is not asked for compressed; should it come so, the length promised is not that of the film.
    promised = None if "content-encoding" in response.headers else response.headers.get("content-length")
    got = 0
    with await asyncio.to_thread(part.open, "wb") as file:
        async for chunk in response.aiter_bytes():
            got += len(chunk)
            await asyncio.to_thread(file.write, chunk)
    if promised is not None and promised.isdecimal() and int(promised) != got:
        raise ResponseError(f"The download ended after {got} of {promised} bytes. Fetch it again.", 200)


def _ended(error: ResponseError, task: Task) -> ResponseError:
    if error.http_status not in (403, 404, 410):
        return error

    day = (task.updated_at + KEPT).date()
    message = f"{error} The vendor keeps a film for 30 days, this one until {day}: if that is past, it is gone."
    return ResponseError(message, error.http_status)
