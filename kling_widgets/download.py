"""Every byte of one address: where a connection breaks off, the next goes on."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
from pathlib import Path
from typing import IO

import httpx

from kling_widgets import room
from kling_widgets.errors import ConnectionFailed, KlingError, ResponseError
from kling_widgets.partial import Part, Parts
from kling_widgets.retry import Patience
from kling_widgets.wire import Wire

TRIES = 6
"""Failures in a row, without one new byte, before we give up: about half a minute."""


class Download:
    """What lies at `url` on its way into one of `parts`. `total` is its length in bytes, once that is known."""

    def __init__(self, wire: Wire, url: str, parts: Parts, patience: Patience) -> None:
        self.total: int | None = None
        self._wire = wire
        self._url = url
        self._parts = parts
        self._patience = patience
        self._reached = 0  # the bytes there are after the latest request
        self._shortened = False

    async def whole(self) -> Part:
        """All of it. Raises KlingError, keeping what came; and OSError where the disk takes no more."""
        kept = self._parts.latest()
        failures, most = 0, kept.size if kept else 0
        while True:
            self._reached = 0
            try:
                part = await self._asked()
            except KlingError as error:
                failures = 1 if self._reached > most else failures + 1
                most = max(most, self._reached)
                if error.transient and failures < TRIES:
                    await self._patience.pause(failures, error)
                elif error.transient and (part := self._parts.latest()) and self._parts.alone:
                    raise self._kept(error, part) from error
                else:
                    raise
            else:
                if part:
                    return part

    async def _asked(self) -> Part | None:
        """One request. None: what was kept is of no use, so begin anew."""
        part = self._parts.latest()
        start = part.size if part else 0
        async with self._wire.stream(self._url, start) as response:
            first, self.total = _span(response)
            if first == 0:
                return await self._filled(response, self._parts.new(version(response, self.total)), 0)
            if part is None:
                message = f"{response.url.host} answered the download with a piece that nobody asked for."
                raise ResponseError(message, response.status_code)
            if first == start and version(response, self.total) == part.version:
                return await self._filled(response, part, start)

            if response.status_code == 416 and self.total == start and not self._shortened:
                # Nothing is missing, perhaps. Asked for its last byte, the service will say which file it is of.
                self._shortened = True
                os.truncate(part.path, start - 1)
            else:
                self._parts.pass_over(part)
            return None

    async def _filled(self, response: httpx.Response, part: Part, start: int) -> Part:
        if self.total is not None:
            await asyncio.to_thread(room.check, part.path.parent, self.total - start)

        self._reached = start
        with _opened(part.path, start) as file:
            async for chunk in response.aiter_bytes():
                await asyncio.to_thread(_written, file, chunk)
                self._reached += len(chunk)
            await asyncio.to_thread(_settled, file)

        if self.total is None or self._reached == self.total:
            return part
        if self._reached > self.total:
            self._parts.drop(part)
        raise ResponseError(f"The download ended after {self._reached} of {self.total} bytes. Fetch it again.", 200)

    def _kept(self, error: KlingError, part: Part) -> KlingError:
        """The same, and what is there of it."""
        of = f" of {self.total}" if self.total else ""
        words = f"{error} {part.size}{of} bytes are kept: fetch it again, and it goes on there."
        if isinstance(error, ConnectionFailed):
            return ConnectionFailed(words, error.sent)
        return ResponseError(words, error.http_status if isinstance(error, ResponseError) else None)


def version(response: httpx.Response, total: int | None) -> str:
    """Eight hex digits that name these very bytes; empty where nothing does, so that none can be added to them."""
    tag = response.headers.get("etag", "")
    if not tag or tag.startswith("W/"):  # weak: alike, but perhaps not byte by byte
        tag = response.headers.get("last-modified", "")
    if not tag or total is None:
        return ""
    return hashlib.sha256(f"{tag} {total}".encode()).hexdigest()[:8]


def _span(response: httpx.Response) -> tuple[int | None, int | None]:
    """The number of the first byte that comes, and how many there are in all; None for what cannot be known."""
    status, headers = response.status_code, response.headers
    if headers.get("content-encoding", "identity") != "identity":  # not asked for: lengths are not those of the file
        return (0 if status == 200 else None), None
    if status == 200:
        return 0, _number(headers.get("content-length"))
    match = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", headers.get("content-range", "").strip().lower())
    if match is None:
        return None, None
    return (_number(match[1]) if status == 206 else None), _number(match[2])


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,18}", text) else None


def _opened(path: Path, start: int) -> IO[bytes]:
    file = path.open("r+b" if start else "wb")
    file.seek(start)
    return file


def _written(file: IO[bytes], chunk: bytes) -> None:
    file.write(chunk)
    file.flush()  # what a killed process leaves is then all that came


def _settled(file: IO[bytes]) -> None:
    """On the disk itself: a name must not outlive a loss of power that its bytes do not."""
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # some file systems do not know how
            raise
