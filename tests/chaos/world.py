"""An emulator that renders at once, behind a proxy with bad weather; and time that runs fifty times as fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt

from kling_widgets.emulator.serve import Emulator
from tests.chaos import film
from tests.chaos.proxy import Proxy, Weather

KEY = ("chaos", "c" * 32)
SPEED = 50
PATIENCE = 1.0
"""Seconds, real ones, that a client waits for an answer."""


def emulator(server: Path, **settings: Any) -> Emulator:
    """Not yet started; `server` is its data folder, `settings` are more of its own."""
    return Emulator(dict([KEY]), speed=SPEED, slots=1000, data=server, units=10**9, render=film.render, **settings)


@contextmanager
def world(server: Path, weather: Weather | None = None) -> Iterator[Proxy]:
    """The way to a running emulator."""
    with emulator(server) as real, Proxy(real.url, weather) as proxy:
        yield proxy


def token() -> dict[str, str]:
    """The header that lets a client in which is not ours."""
    account, secret = KEY
    claims = {"iss": account, "exp": int(time.time()) + 1800, "nbf": int(time.time()) - 5}
    return {"Authorization": f"Bearer {jwt.encode(claims, secret, 'HS256')}"}


async def sleep(seconds: float) -> None:
    await asyncio.sleep(seconds / SPEED)


def now() -> float:
    return time.monotonic() * SPEED


class Impatient(httpx.AsyncHTTPTransport):
    """Goes out to the network, and hangs up after PATIENCE."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)
        return await super().handle_async_request(request)
