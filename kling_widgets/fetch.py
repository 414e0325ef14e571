"""Results on their way to disk: streamed beside their place, checked, then renamed, so that none is ever found half."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import httpx

from kling_widgets.errors import KlingError, ResponseError
from kling_widgets.reading import printable
from kling_widgets.task import Task
from kling_widgets.wire import Wire

KEPT = timedelta(days=30)  # the vendor clears films and pictures after that

T = TypeVar("T")


def stem(task: Task, *, preview: bool) -> str:
    """The name of what a task made, without an ending. A preview has one of its own: the real thing is another."""
    name = task.external_id or task.id
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:80]
    if safe != name:  # what the service names is not trusted as a path, and two ids must not meet in one file
        safe += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{safe}{'.preview' if preview else ''}"


async def fetch(wire: Wire, task: Task, url: str, noun: str, check: Callable[[Path], tuple[T, Path]], place: Path) -> T:
    """Fetch `url` near `place`; `check` reads the file and says where exactly it belongs, or raises ValueError.

    `noun` is what it is called: "film". Raises KlingError; what was half fetched is then gone.
    """
    part = await asyncio.to_thread(_new_part, place, noun)
    try:
        try:
            async with wire.stream(url) as response:
                await _write(response, part)
        except ResponseError as error:
            raise _ended(error, task, noun) from error

        try:
            found, path = await asyncio.to_thread(check, part)
        except ValueError as error:
            message = f"The {noun} of task {task.id} cannot be used: {error}. Fetch it again."
            raise ResponseError(message, 200) from error

        await asyncio.to_thread(os.replace, part, path)
    except OSError as error:
        if isinstance(error, KlingError):
            raise
        message = f"The {noun} of task {task.id} cannot be saved as {place}: {error.strerror or error}."
        raise KlingError(message) from error
    finally:
        part.unlink(missing_ok=True)
    return found


def nothing(task: Task, wanted: str, instead: str, call: str) -> KlingError:
    """Why a task that succeeded has no `wanted`: what it made `instead`, and the `call` for that."""
    if instead:
        return KlingError(f"Task {task.id} made {instead}, no {wanted}: await {call}.")
    if made := printable(", ".join(str(name) for name, results in task.result.items() if results)):
        return KlingError(f"Task {task.id} made no {wanted}. What it made is in task.result: {made:.200}.")
    return ResponseError(f"Task {task.id} succeeded, but its answer names no {wanted}.")


def _new_part(place: Path, noun: str) -> Path:
    """An empty file beside `place`, of this download alone: two kernels may fetch the same film at once."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f"{place.name}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise KlingError(f"No {noun} can be saved in {place.parent}: {error.strerror or error}.") from error
    os.close(handle)
    # mkstemp keeps others out; a film is an ordinary file.
    os.chmod(part, 0o666 & ~_umask())
    return Path(part)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


async def _write(response: httpx.Response, part: Path) -> None:
    # Nothing is asked for compressed; should it come so, the length promised is not that of the file.
    promised = None if "content-encoding" in response.headers else response.headers.get("content-length")
    got = 0
    with await asyncio.to_thread(part.open, "wb") as file:
        async for chunk in response.aiter_bytes():
            got += len(chunk)
            await asyncio.to_thread(file.write, chunk)
    if promised is not None and promised.isdecimal() and int(promised) != got:
        raise ResponseError(f"The download ended after {got} of {promised} bytes. Fetch it again.", 200)


def _ended(error: ResponseError, task: Task, noun: str) -> ResponseError:
    if error.http_status not in (403, 404, 410):
        return error

    day = (task.updated_at + KEPT).date()
    message = f"{error} The vendor keeps a {noun} for 30 days, this one until {day}: if that is past, it is gone."
    return ResponseError(message, error.http_status)
