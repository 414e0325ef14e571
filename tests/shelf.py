"""A server of one file, for tests: it knows ranges and validators, and breaks off where it is told to."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

import kling_widgets as kw
from kling_widgets import films
from kling_widgets.fetch import NOTHING
from kling_widgets.retry import Patience
from kling_widgets.task import ImageResult, Result, Task
from kling_widgets.video import Video
from kling_widgets.wire import Wire
from tests.tiny_film import FILM

BOAT = "https://films.example/boat.mp4?sign=secret"
MADE = datetime(2024, 8, 4, 11, 5, 57, tzinfo=UTC)
TASK = Task(
    id="100",
    external_id="boat",
    kind="image2video",
    status="succeed",
    message="",
    videos=(Result("v", BOAT),),
    created_at=MADE,
    updated_at=MADE,
    units=0.2,
    images=(ImageResult(0, "https://films.example/0.png?sign=secret"),),
)


class Shelf:
    """`cuts` are the numbers of bytes after which the next answers break off, None for one that does not.

    Where it is `silent` they end there as if that were all.
    """

    silent = False

    def __init__(self, *cuts: int | None, file: bytes = FILM, ranges: bool = True, **validators: str) -> None:
        self.cuts = list(cuts)
        self.file = file
        self.ranges = ranges
        self.validators = validators or {"etag": '"1"'}
        self.requests: list[httpx.Request] = []

    @property
    def asked(self) -> list[str | None]:
        """The ranges of the requests so far."""
        return [request.headers.get("range") for request in self.requests]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        cut = self.cuts.pop(0) if self.cuts else None
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", "")) if self.ranges else None
        start, size = int(match[1]) if match else 0, len(self.file)
        if start >= size > 0:
            return httpx.Response(416, headers={"content-range": f"bytes */{size}"})

        headers = {"content-length": str(size - start), **self.validators}
        if match:
            headers["content-range"] = f"bytes {start}-{size - 1}/{size}"
        return httpx.Response(206 if match else 200, headers=headers, content=self.broken(self.file[start:], cut))

    async def broken(self, content: bytes, cut: int | None) -> AsyncIterator[bytes]:
        yield content[:cut]
        if cut is not None and not self.silent:
            raise httpx.ReadError("reset by peer")


class Naps:
    """Sleeps that take no time."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.taken.append(seconds)

    @property
    def patience(self) -> Patience:
        return Patience(self.sleep, lambda: 0.0, lambda: 0.0)


def wire(server: Any = None) -> Wire:
    """To `server`, a function; without one, to whatever really listens."""
    return Wire(kw.ApiKey("secret-key"), "http://127.0.0.1:1", httpx.MockTransport(server) if server else None)


def fetched(
    server: Any, folder: Path, naps: Naps | None = None, *, days: float = 0, url: str = BOAT, **note: Any
) -> Video:
    """The film, `days` after it was made."""
    return asyncio.run(fetching(server, folder, naps or Naps(), days, url, note))


async def fetching(
    server: Any, folder: Path, naps: Naps, days: float = 0, url: str = BOAT, note: Mapping[str, Any] = NOTHING
) -> Video:
    path, now = folder / "boat.mp4", MADE.timestamp() + days * 24 * 3600
    return await films.download(wire(server), told(url), path, note=note, patience=naps.patience, now=lambda: now)


def told(url: str) -> Task:
    """The task, whose film lies there."""
    return dataclasses.replace(TASK, videos=(Result("v", url),))


def lying(folder: Path) -> set[str]:
    """The names of what lies in a folder."""
    return {path.name for path in folder.iterdir()}


WHOLE = {"boat.mp4", "boat.json"}
"""What lies there once all is well."""
