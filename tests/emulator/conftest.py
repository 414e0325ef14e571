"""One emulator in this process, with the test's own clock, renderer and threads: nothing sleeps, nothing renders."""

from __future__ import annotations

import asyncio
import base64
import functools
import io
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from PIL import Image

from kling_widgets.emulator.app import Settings, create_app
from kling_widgets.emulator.job import Film, Job, Sheet
from kling_widgets.emulator.outward import Outward

KEYS = {"ak": "sk" * 16, "other": "os" * 16}


class Clock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1_722_769_557.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleepers.append((self.time + seconds, event))
        await event.wait()

    async def advance(self, seconds: float) -> None:
        end = self.time + seconds
        await _settle()
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= end]:
            first = min(due, key=lambda sleeper: sleeper[0])
            self._sleepers.remove(first)
            self.time = first[0]
            first[1].set()
            await _settle()
        self.time = end


async def _settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


class Inline(Executor):
    """Does the work on the spot."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass
class Rig:
    """A running emulator and what a test does with it."""

    client: httpx.AsyncClient
    clock: Clock
    folder: Path
    jobs: list[Job]
    outside: list[httpx.Request]
    """What the emulator sent to the outside."""
    sheets: list[Sheet] = field(default_factory=list)
    app: Any = None
    """What is behind the endpoints."""

    def token(self, account: str = "ak", **claims: object) -> str:
        now = int(self.clock.now())
        return jwt.encode({"iss": account, "exp": now + 1800, "nbf": now - 5} | claims, KEYS[account], "HS256")

    async def send(self, method: str, path: str, *, account: str = "ak", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(account)}"} | more.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **more)

    async def post(self, kind: str, body: object, *, account: str = "ak") -> httpx.Response:
        return await self.send("POST", _path(kind), account=account, json=body)

    async def get(self, path: str, *, account: str = "ak", **more: Any) -> httpx.Response:
        return await self.send("GET", _path(path), account=account, **more)

    async def create(self, body: object, kind: str = "image2video", *, account: str = "ak") -> dict[str, Any]:
        """Create a task that must be accepted; return `data`."""
        answer = await self.post(kind, body, account=account)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def task(self, id: str, kind: str = "image2video") -> dict[str, Any]:
        answer = await self.get(f"{kind}/{id}")
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


def _path(place: str) -> str:
    return f"/v1/{place}" if place.startswith("images/") else f"/v1/videos/{place}"


@dataclass
class World:
    """What lies outside of the emulator: pictures to fetch, addresses by host name, and who listens to callbacks."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    listener: Callable[[httpx.Request], int] = lambda request: 200
    """What a callback is answered with."""


Start = Callable[..., AbstractAsyncContextManager[Rig]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def new_clock() -> type[Clock]:
    return Clock


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def start(tmp_path: Path, world: World) -> Start:
    """Start an emulator; keywords are those of Settings."""

    @asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Rig]:
        clock = settings.pop("clock", None) or Clock()
        jobs: list[Job] = []
        sheets: list[Sheet] = []
        outside: list[httpx.Request] = []

        def render(job: Job, path: Path, watermarked: Path | None) -> Film:
            jobs.append(job)
            path.write_bytes(b"a film, or so it says")
            if watermarked:
                watermarked.write_bytes(b"the same with a mark")
            return Film(job.seconds + 1 / 24, 1280, 720)

        def draw(sheet: Sheet, paths: Sequence[Path]) -> None:
            sheets.append(sheet)
            for path in paths:
                Image.new("RGB", (sheet.width, sheet.height)).save(path)

        async def answer(request: httpx.Request) -> httpx.Response:
            outside.append(request)
            if request.method == "POST":
                return httpx.Response(world.listener(request))

            picture = world.pictures.get(request.url.path)
            return httpx.Response(200, content=picture) if picture else httpx.Response(404)

        async def lookup(host: str, port: int) -> list[str]:
            return world.hosts.get(host, ["93.184.216.34"])

        default = {
            "keys": KEYS,
            "folder": tmp_path / "data",
            "render": render,
            "draw": draw,
            "executor": Inline(),
            "disk": Inline(),
            "outward": Outward(loopback=True, transport=httpx.MockTransport(answer), lookup=lookup),
            "now": clock.now,
            "sleep": clock.sleep,
        }
        app = create_app(Settings(**(default | settings)))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://emulator") as client,
        ):
            yield Rig(client, clock, tmp_path / "data", jobs, outside, sheets, app.routes[0].endpoint.__self__)

    return start


@pytest.fixture
async def rig(start: Start, anyio_backend: str) -> AsyncIterator[Rig]:
    async with start() as rig:
        yield rig


@functools.cache
def picture(width: int = 640, height: int = 427, format: str = "PNG", mode: str = "RGB", color: Any = 128) -> str:
    """A plain picture as Base64."""
    file = io.BytesIO()
    Image.new(mode, (width, height), color).save(file, format)
    return base64.b64encode(file.getvalue()).decode()


@pytest.fixture(name="picture", scope="session")
def _picture() -> Callable[..., str]:
    return picture


def plain(**fields: object) -> dict[str, object]:
    """A body that is accepted, with some fields changed; None takes one away."""
    body = {"model_name": "kling-v2-6", "image": picture(), "prompt": "The rocket rises", "mode": "pro"} | fields
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture(name="plain", scope="session")
def _plain() -> Callable[..., dict[str, object]]:
    return plain
