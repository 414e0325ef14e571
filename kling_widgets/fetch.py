"""Results on their way to disk: fetched beside their place, checked, then renamed, so that none is ever found half."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from kling_widgets import lock, room, sidecar
from kling_widgets.download import Download
from kling_widgets.errors import KlingError, ResponseError
from kling_widgets.partial import Part, Parts
from kling_widgets.reading import printable
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.wire import Wire

T = TypeVar("T")

PATIENCE = Patience()
NOTHING: Mapping[str, Any] = MappingProxyType({})


class LinkEnded(ResponseError):  # noqa: N818 - as all of ours
    """Raised when an address gives nothing any more: HTTP 403, 404 or 410.

    `until` is when the vendor clears the file. Where `gone` is False that has not come yet, so the task may have a
    fresh address for it.
    """

    def __init__(self, message: str, http_status: int, until: datetime, gone: bool) -> None:
        super().__init__(message, http_status)
        self.until = until
        self.gone = gone
        self.args = (message, http_status, until, gone)


@dataclass(frozen=True)
class Errand(Generic[T]):
    """What is fetched, and where to.

    `noun` is what it is called: "film". `check` reads the file and says where exactly it belongs, or raises ValueError.
    `facts` is what the file `beside` it will say then.
    """

    noun: str
    task: Task
    url: str
    place: Path
    check: Callable[[Path], tuple[T, Path]]
    beside: Path
    facts: Callable[[T, Path], Mapping[str, Any]]

    @property
    def name(self) -> str:
        return f"The {self.noun} of task {self.task.id}"


def stem(task: Task | str, *, preview: bool) -> str:
    """The name of what a task made, without an ending. A preview has one of its own: the real thing is another."""
    name = task if isinstance(task, str) else task.external_id or task.id
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:80]
    if safe != name:  # what the service names is not trusted as a path, and two ids must not meet in one file
        safe += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{safe}{'.preview' if preview else ''}"


@asynccontextmanager
async def alone(place: Path, noun: str, patience: Patience) -> AsyncIterator[bool]:
    """Wait until nobody else fetches to `place`, whose folder is made. Gives False where nobody can be kept out.

    Raises KlingError where nothing can be written there.
    """
    try:
        await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
        held = await lock.take(place, patience.sleep)
    except OSError as error:
        if room.is_full(error):
            raise room.full(place.parent, None, noun) from error
        raise KlingError(f"No {noun} can be saved in {place.parent}: {error.strerror or error}.") from error
    try:
        yield held.alone
    finally:
        held.free()


async def fetch(
    wire: Wire, errand: Errand[T], *, alone: bool, patience: Patience = PATIENCE, now: Callable[[], float] = time.time
) -> T:
    """Bring what an errand is about to its place; `alone` says whether others are kept from it.

    Raises KlingError. Of what was fetched till then only parts stay that a later call can go on with.
    """
    parts = await asyncio.to_thread(Parts, errand.place, alone=alone)
    download = Download(wire, errand.url, parts, patience)
    try:
        part, found, path = await _good(download, parts, errand, patience)
        facts = await asyncio.to_thread(errand.facts, found, part.path)
        await asyncio.to_thread(_put, parts, part, path, errand.beside, facts)
    except KlingError as error:
        if isinstance(error, ResponseError) and error.http_status in (403, 404, 410):
            raise _ended(error, errand, now()) from error
        raise
    except OSError as error:
        if room.is_full(error):
            parts.sweep(errand.beside.name)
            raise room.full(errand.place.parent, download.total, errand.noun) from error
        message = f"{errand.name} cannot be saved as {errand.place}: {error.strerror or error}."
        raise KlingError(message) from error
    finally:
        parts.end()
    return found


def nothing(task: Task, wanted: str, instead: str, call: str) -> KlingError:
    """Why a task that succeeded has no `wanted`: what it made `instead`, and the `call` for that."""
    if instead:
        return KlingError(f"Task {task.id} made {instead}, no {wanted}: await {call}.")
    if made := printable(", ".join(str(name) for name, results in task.result.items() if results)):
        return KlingError(f"Task {task.id} made no {wanted}. What it made is in task.result: {made:.200}.")
    return ResponseError(f"Task {task.id} succeeded, but its answer names no {wanted}.")


async def _good(download: Download, parts: Parts, errand: Errand[T], patience: Patience) -> tuple[Part, T, Path]:
    """Fetched whole and found in order; what is not is fetched once more, for it may have been spoilt on its way."""
    for chances in (1, 0):
        part = await download.whole()
        try:
            found, path = await asyncio.to_thread(errand.check, part.path)
        except ValueError as error:
            parts.drop(part)
            if not chances:
                words = f"cannot be used: {error}. It came like that twice; its address stands in the task"
                raise ResponseError(f"{errand.name} {words}.", 200) from error
            await patience.pause(1)
        else:
            return part, found, path
    raise AssertionError("unreachable")


def _put(parts: Parts, part: Part, path: Path, beside: Path, facts: Mapping[str, Any]) -> None:
    """First all that belongs to it, then the thing itself: whoever finds that finds it in order."""
    parts.sweep(beside.name, but=part)
    new = not beside.exists()
    sidecar.write(beside, facts)
    try:
        os.replace(part.path, path)
    except OSError:
        if new:
            beside.unlink(missing_ok=True)
        raise


def _ended(error: ResponseError, errand: Errand[T], now: float) -> LinkEnded:
    """What has become of an address that gives nothing any more."""
    until = sidecar.kept_until(errand.task)
    gone = now > until.timestamp()
    kept = f"The vendor keeps a {errand.noun} for 30 days, this one until {until.date()}"
    rest = "that is past, so it is gone" if gone else "so its address may have changed; look the task up for a new one"
    return LinkEnded(f"{error} {kept}: {rest}.", error.http_status or 0, until, gone)
