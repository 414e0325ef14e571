"""A proxy on loopback with bad weather of its own: most calls pass, and the rest goes wrong in every way there is."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.chaos import http1
from tests.chaos.http1 import Message
from tests.chaos.misfortune import ALL, ONCE, Call, Misfortune

LONGEST = 30.0
"""Seconds that an answer is held back, should a client never give up."""


@dataclass(frozen=True)
class Weather:
    """How likely it is that a call goes wrong, 0 to 1, and that a good one is a little late.

    The same `seed` is the same weather for the same calls, in whatever order they come.
    """

    create: float = 0.4
    read: float = 0.2
    film: float = 0.3
    late: float = 0.1
    seed: int = 1
    only: frozenset[str] | None = None
    """Misfortunes by their whole text, where only these shall be met."""

    def of(self, call: Call, what: str, times: int) -> tuple[Misfortune | None, random.Random]:
        """What the call meets that was made so many `times` before; and the chance that is left to it."""
        chance = random.Random(f"{self.seed} {call} {what} {times}")
        there = [one for one in ALL[call] if not self.only or str(one) in self.only]
        bad = chance.random() < getattr(self, call) and there
        return (chance.choice(there) if bad else None), chance


@dataclass
class Books:
    """What has passed, for the test to read when the proxy has ended."""

    calls: Counter[Call] = field(default_factory=Counter)
    misfortunes: Counter[str] = field(default_factory=Counter)
    forwarded: Counter[str] = field(default_factory=Counter)
    """POSTs that reached the server, by external_task_id, "" where there is none."""


class Proxy:
    """Stands before `upstream`, in a thread with a loop of its own. A context manager."""

    def __init__(self, upstream: str, weather: Weather | None = None) -> None:
        address = urlsplit(upstream)
        self.upstream = address.hostname, address.port
        self.weather = weather or Weather()
        self.books = Books()
        self.url = ""
        self._troubles: list[Exception] = []
        self._changed = threading.Condition()
        self._before: defaultdict[tuple[Call, str], int] = defaultdict(int)
        self._met: set[tuple[str, str]] = set()

    def draw(self, call: Call, what: str) -> tuple[Misfortune | None, random.Random]:
        times = self._before[call, what]
        self._before[call, what] += 1
        misfortune, chance = self.weather.of(call, what, times)
        if misfortune and misfortune.name in ONCE:
            if ("signature", what) in self._met:
                return None, chance
            self._met.add(("signature", what))
        return misfortune, chance

    def note(self, call: Call, misfortune: Misfortune | None) -> None:
        with self._changed:
            self.books.calls[call] += 1
            if misfortune:
                self.books.misfortunes[f"{call}: {misfortune}"] += 1
            self._changed.notify_all()

    def note_forwarded(self, key: str) -> None:
        with self._changed:
            self.books.forwarded[key] += 1
            self._changed.notify_all()

    def await_books(self, written: Callable[[Books], bool], timeout: float) -> bool:
        """Wait, in another thread, for the books to say so; False when `timeout` seconds pass before."""
        with self._changed:
            return self._changed.wait_for(lambda: written(self.books), timeout)

    def __enter__(self) -> Self:
        up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(up)), name="chaos", daemon=True)
        self._thread.start()
        assert up.wait(20), "the proxy did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the proxy did not end"
        if self._troubles and not error:
            raise ExceptionGroup("the proxy itself failed", self._troubles)

    async def _serve(self, up: threading.Event) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        open_lines: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._talk(reader, writer))
            open_lines.add(task)
            task.add_done_callback(open_lines.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=1000)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        up.set()
        await self._end.wait()
        server.close()
        for task in open_lines:
            task.cancel()
        await asyncio.gather(*open_lines, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, call after call."""
        try:
            while not writer.is_closing() and (request := await http1.read(reader)):
                line = _Line(self, reader, writer, request)
                await line.live()
        except ConnectionError:  # the client was quicker to go
            pass
        except Exception as error:
            self._troubles.append(error)
        finally:
            writer.close()


class _Line:
    """One call: see `misfortune.Line`."""

    def __init__(
        self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Message
    ) -> None:
        self._proxy, self._reader, self._writer, self._request = proxy, reader, writer, request
        self._body = json.loads(request.body) if request.body else {}

    async def live(self) -> None:
        call, what = self._kind()
        misfortune, chance = self._proxy.draw(call, what)
        self._proxy.note(call, misfortune)
        good = await self.forward() if misfortune is None or misfortune.acted else None
        if misfortune:
            await misfortune.ending(self, good, chance)
        else:
            if chance.random() < self._proxy.weather.late:
                await asyncio.sleep(chance.random() * 0.05)
            assert good
            await self.send(bytes(good))

    async def forward(self) -> Message:
        if self._request.start.startswith("POST"):
            self._proxy.note_forwarded(self._body.get("external_task_id", ""))
        reader, writer = await asyncio.open_connection(*self._proxy.upstream)
        try:
            writer.write(bytes(self._request))
            answer = await http1.read(reader)
        finally:
            writer.close()
        assert answer, "the emulator gave no answer"
        return answer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def hung_up(self) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                await self._reader.read()
        except (TimeoutError, ConnectionError):
            pass

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        http1.reset(self._writer)

    def _kind(self) -> tuple[Call, str]:
        """What is asked for. The same wish is the same weather, whatever the client calls it."""
        method, target, _ = self._request.start.split(" ")
        if method == "POST":
            return "create", str(self._body.get("prompt", target))
        return ("read" if target.startswith("/v1/") else "film"), target
