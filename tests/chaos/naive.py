"""A client as most are written today: it sends again whatever went wrong, and knows its task by the answer alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.chaos import world
from tests.chaos.person import request

PATH = "/v1/videos/image2video"
TRIES = 3
POLLS = 200

T = TypeVar("T")


class Lost(Exception):  # noqa: N818
    """Raised when it gives up."""


async def film(http: httpx.AsyncClient, wish: str, folder: Path) -> Path:
    """Submit, wait, fetch, each with three tries. Raises Lost."""
    body = request(wish).payload()
    task = await _tried(lambda: _data(http, "POST", PATH, json=body))
    for _ in range(POLLS):
        await world.sleep(5)
        seen = await _tried(lambda: _data(http, "GET", f"{PATH}/{task['task_id']}"))
        if seen["task_status"] == "succeed":
            data = await _tried(lambda: _bytes(http, seen["task_result"]["videos"][0]["url"]))  # noqa: B023 - at once
            return await asyncio.to_thread(_saved, folder / f"{task['task_id']}.mp4", data)
    raise Lost(wish)


async def ask(base_url: str, wishes: Iterable[str], folder: Path, at_once: int = 30) -> dict[str, Path]:
    """The films that it got, by wish."""
    got: dict[str, Path] = {}
    turn = asyncio.Semaphore(at_once)

    async def one(wish: str) -> None:
        async with turn:
            with contextlib.suppress(Lost):
                got[wish] = await film(http, wish, folder)

    async with httpx.AsyncClient(base_url=base_url, headers=world.token(), transport=world.Impatient()) as http:
        await asyncio.gather(*map(one, wishes))
    return got


async def _tried(call: Callable[[], Awaitable[T]]) -> T:
    for tries in range(1, TRIES + 1):
        try:
            return await call()
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            if tries == TRIES:
                raise Lost from error
            await world.sleep(2.0**tries)
    raise AssertionError


async def _data(http: httpx.AsyncClient, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = await http.request(method, path, **more)
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data


async def _bytes(http: httpx.AsyncClient, url: str) -> bytes:
    answer = await http.get(url)
    answer.raise_for_status()
    return answer.content


def _saved(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
