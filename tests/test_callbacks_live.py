"""Callbacks over real sockets: the emulator posts, an application on a port receives, a client elsewhere follows."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

import kling_widgets as kw
from kling_widgets.emulator.job import Film, Job
from kling_widgets.emulator.serve import Emulator
from tests.tiny_film import FILM

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
KEYS = ("ak", "sk" * 16)


def render(job: Job, path: Path, watermarked: Path | None) -> Film:
    path.write_bytes(FILM)
    return Film(job.seconds, 1280, 720)


class Counting(httpx.AsyncHTTPTransport):
    """Goes out to the network, and remembers the looks at tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.looks += request.method == "GET" and request.url.path.startswith("/v1/")
        return await super().handle_async_request(request)


class Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application on a port of its own, in a thread with a loop of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert server.up.wait(20)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def followed(tmp_path: Path, *, sent: str | None, wanted: str | None, poll: float) -> tuple[list[str], int, kw.Video]:
    """Films a rocket, with callbacks signed by `sent` to a receiver of `wanted`: the states, the looks, the film."""
    emulator = Emulator(dict([KEYS]), speed=20, render=render, webhook_secret=sent)
    with emulator:
        wire = Counting()
        client = kw.Client(kw.KeyPair(*KEYS), base_url=emulator.url, transport=wire, videos=tmp_path, poll=poll)
        app = Starlette(routes=[Mount("/kling", kw.callbacks.receiver(client, wanted))])
        with served(app) as address:
            request = kw.ImageToVideo(
                image="notebooks/photos/rocket.jpg",
                prompt="up",
                model_name="kling-v2-6",
                callback_url=f"{address}/kling/",
            )

            async def follow() -> tuple[list[str], kw.Video]:
                async with client:
                    task = await client.submit(request)
                    states = []
                    async for seen in client.watch(task):
                        states.append(seen.status)
                        task = seen
                    return states, await client.video(task)

            states, video = asyncio.run(asyncio.wait_for(follow(), 50))
    return states, wire.looks, video


def test_signed_callbacks_carry_a_film_home(tmp_path: Path) -> None:
    """With a minute between polls the film is there in a second or two: at most the first look was needed."""
    states, looks, video = followed(tmp_path, sent=SECRET, wanted=SECRET, poll=60)

    assert (states[0], states[-1]) == ("submitted", "succeed")
    assert looks <= 1
    assert video.path.read_bytes() == FILM


def test_unsigned_callbacks_make_it_look(tmp_path: Path) -> None:
    """A look for each of them at most, and none in vain."""
    states, looks, video = followed(tmp_path, sent=None, wanted=None, poll=60)

    assert states[-1] == "succeed"
    assert looks <= 3
    assert video.path.read_bytes() == FILM


@pytest.mark.parametrize("sent", [None, "whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYnkuLi4u"], ids=["unsigned", "a stranger's"])
def test_callbacks_that_are_refused_leave_polling_as_it_was(tmp_path: Path, sent: str | None) -> None:
    """A receiver with another secret takes nothing, and the client still gets its film."""
    states, looks, video = followed(tmp_path, sent=sent, wanted=SECRET, poll=0.05)

    assert states[-1] == "succeed"
    assert looks > 3
    assert video.path.read_bytes() == FILM
