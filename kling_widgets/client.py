"""The client: a request goes out once, its task is followed, its film comes home."""

from __future__ import annotations

import asyncio
import logging
import random
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import quote

import httpx

from kling_widgets import balance, films, local, pictures
from kling_widgets.auth import Keys
from kling_widgets.balance import Balance
from kling_widgets.endpoint import Kind, path_of
from kling_widgets.environment import base_url_from_env, keys_from_env
from kling_widgets.errors import InvalidRequest, KlingError, KlingWarning, Problem, TaskFailed
from kling_widgets.fetch import nothing
from kling_widgets.listing import listed
from kling_widgets.mailbox import Mailbox
from kling_widgets.picture import Picture
from kling_widgets.request import Request
from kling_widgets.submission import create
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.watch import OnPoll, Pace, watch
from kling_widgets.wire import Wire

if TYPE_CHECKING:
    from kling_widgets.emulator.serve import Emulator

SINGAPORE = "https://api-singapore.klingai.com"
YEAR = 366 * 24 * 3600 * 1000  # milliseconds: twice as long as any pack lasts

_log = logging.getLogger("kling_widgets")


class Client:
    """Speaks for one account. Usable with and without `async with`, and in any event loop.

    `videos` is the folder for films and pictures. `transport`, `sleep`, `now` (a clock in seconds that only moves
    forward), `jitter` (0 to 1) and `clock` (seconds since 1970) are arguments so that tests need no network and no
    time. `poll` is in seconds.
    """

    offline = False  # True where the emulator in this process answers and nothing is paid
    _host = "nowhere yet"  # a constructor that fails is shown by tracebacks too

    def __init__(
        self,
        auth: Keys,
        *,
        base_url: str = SINGAPORE,
        videos: str | Path = "kling_videos",
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
        poll: float = 5.0,
    ) -> None:
        if not isinstance(auth, Keys):
            del auth  # it may be the key itself, and tracebacks show arguments
            raise TypeError("Client takes kw.KeyPair(access_key, secret_key) or kw.ApiKey(key).")

        self.videos = Path(videos)
        self._wire = Wire(auth, base_url, transport)
        self._host = self._wire.host
        self._pace = Pace(poll, sleep, now, jitter)
        self._clock = clock
        self._mailbox = Mailbox()
        self._emulator: Emulator | None = None

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """Of KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY, and KLING_BASE_URL; Colab's secrets count too."""
        options.setdefault("base_url", base_url_from_env() or SINGAPORE)
        return cls(keys_from_env(), **options)

    @classmethod
    def local(cls, *, speed: float = 8.0, slots: int = 5, videos: str | Path = "kling_videos") -> Self:
        """A client of an emulator of its own inside this process; no key, no network, no price.

        `speed` divides the emulator's nominal waits. Raises MissingExtra where the emulator is not installed.
        """
        emulator, keys = local.start(speed, slots)
        client = cls(keys, base_url=emulator.url, videos=videos, poll=0.25)
        client.offline = True
        client._emulator = emulator
        local.stop_with(client, emulator)
        return client

    @property
    def origin(self) -> str:
        """Who answers, in words."""
        return "the built-in emulator" if self.offline else self._host

    async def submit(self, request: Request, take: int = 1) -> Task:
        """Make the task of `request`, or find it: the same request and take is the same task, however often submitted.

        A task that failed cost nothing; then the next take is made, unless the request has an external_task_id of its
        own. Raises ConnectionFailed, ResponseError or an APIError; after each of them submitting again is safe.
        """
        note = request.retirement()
        if note and not self._wire.loopback:
            warnings.warn(note, KlingWarning, stacklevel=2)

        body = request.payload()
        if body.get("external_task_id"):
            return (await create(self._wire, request, body, self.task))[0]

        while True:
            named = {**body, "external_task_id": request.key(take)}
            task, found = await create(self._wire, request, named, self.task)
            if not found or task.status != "failed":
                return task

            _log.warning(
                "Task %s, take %d of this request, failed (%s); making take %d.", task.id, take, task.message, take + 1
            )
            take += 1

    async def task(self, id: str, kind: Kind = "image2video") -> Task:
        """The task of this task_id or external_task_id. Raises Rejected where there is none of this kind."""
        if not id.strip():
            raise InvalidRequest([Problem("id", "It is empty.", "Give a task_id or an external_task_id.")])
        path = path_of(_checked(kind))
        return Task.from_wire(kind, await self._wire.get(f"{path}/{quote(id, safe='', errors='replace')}"))

    def tasks(self, kind: Kind = "image2video") -> AsyncIterator[Task]:
        """Every task of the account, newest first as far as is known; pages are fetched as they are needed."""
        return listed(self._wire, _checked(kind))

    def watch(self, task: Task, *, on_poll: OnPoll | None = None) -> AsyncIterator[Task]:
        """Yield the state at hand, then each change of status, and end at succeed or failed.

        Lost connections and the service's own trouble end nothing: `on_poll` hears of each look, the error or None.
        """
        return self._changes(task, on_poll=on_poll)

    def hear(self, task: Task, *, signed: bool = False) -> None:
        """Take the news of a callback, from any thread: `kw.callbacks.receiver(client)` does so by itself.

        Watchers of that task believe what was `signed` at once, and on anything else they look. While callbacks tell
        all there is to know, they look but once in twelve polls.
        """
        self._mailbox.put(task, signed=signed)

    async def wait(self, task: Task, timeout: float | None = None) -> Task:  # noqa: ASYNC109 - by the clock given
        """The task once it has succeeded. Raises TaskFailed, or TaskTimeout after `timeout` seconds."""
        async for seen in self._changes(task, timeout=timeout):
            task = seen
        if task.status == "failed":
            raise TaskFailed(task)
        return task

    async def video(self, task: Task) -> Video:
        """The task's film on disk, waited for and fetched unless it lies there already. Raises TaskFailed."""
        if task.status == "failed":
            raise TaskFailed(task)

        path = films.place(self.videos, task, preview=self._wire.loopback)
        if there := films.on_disk(path, task.videos[0].url if task.videos else ""):
            return there

        task = await self.wait(task)
        if not task.videos:
            raise nothing(task, "film", "pictures" if task.images else "", "client.images(task)")
        return await films.download(self._wire, task, path)

    async def images(self, task: Task) -> tuple[Picture, ...]:
        """The task's pictures on disk, waited for and fetched unless they lie there already. Raises TaskFailed."""
        task = await self.wait(task)
        if not task.images:
            raise nothing(task, "picture", "a film" if task.videos else "", "client.video(task)")
        return await pictures.fetched(self._wire, task, self.videos, preview=self._wire.loopback)

    async def film(self, request: Request, take: int = 1) -> Video:
        """Submit, wait, fetch. Raises KlingError for a request for pictures, before anything is paid."""
        if request.endpoint.startswith("/v1/images/"):
            remedy = "await client.images(await client.submit(request))"
            raise KlingError(f"A request to {request.endpoint} gives pictures, no film: {remedy}.")
        return await self.video(await self.submit(request, take))

    async def balance(self, name: str | None = None) -> Balance:
        """What is left of the account's resource packs, or of those of this very `name`; up to 12 hours late.

        Asking is free, but the service wants no more than one such question a second.
        """
        as_of = datetime.fromtimestamp(self._clock(), UTC)
        end = round(as_of.timestamp() * 1000)
        query: dict[str, int | str] = {"start_time": end - YEAR, "end_time": end}
        if name is not None:
            query["resource_pack_name"] = name
        return balance.read(await self._wire.get("/account/costs", query), as_of)

    async def aclose(self) -> None:
        """Close the connections, and the emulator where it is this client's own."""
        await self._wire.aclose()
        if self._emulator is not None:
            await asyncio.to_thread(local.stop, self._emulator)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"Client({self.origin})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client is not pickled. Make it anew on the other side, with Client.from_env().")

    def _changes(
        self, task: Task, *, on_poll: OnPoll | None = None, timeout: float | None = None
    ) -> AsyncIterator[Task]:
        return watch(
            task,
            lambda: self.task(task.id, task.kind),
            self._pace,
            self._mailbox,
            on_poll=on_poll,
            timeout=timeout,
        )


def _checked(kind: Kind) -> Kind:
    if not isinstance(kind, str) or not kind.strip(" /"):
        fix = 'Give the word of an endpoint, such as "image2video", or its path.'
        raise InvalidRequest([Problem("kind", f"{kind!r:.40} is no kind of task.", fix)])
    return kind
