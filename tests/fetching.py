"""Fetch one film, as a process of its own: `python -m tests.fetching URL FOLDER` tells each byte that is on disk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

import kling_widgets as kw
from kling_widgets import films
from kling_widgets.wire import Wire
from tests.shelf import told


class Telling(httpx.AsyncHTTPTransport):
    """Asked for the next bytes, it prints how many have been written before them."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, stream=Told(response.stream))


class Told(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self.stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        written = 0
        async for chunk in self.stream:
            yield chunk
            written += len(chunk)
            print(written, flush=True)

    async def aclose(self) -> None:
        await self.stream.aclose()


if __name__ == "__main__":
    url, folder = sys.argv[1:]
    wire = Wire(kw.ApiKey("secret-key"), "http://127.0.0.1:1", Telling())
    asyncio.run(films.download(wire, told(url), Path(folder) / "boat.mp4"))
