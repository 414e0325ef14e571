"""The client: a request goes out once, its task is followed, its film comes home."""

from __future__ import annotations

import asyncio
import functools
import logging
import random
import time
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import quote

import httpx

from kling_widgets import balance, local
from kling_widgets.auth import Keys
from kling_widgets.balance import Balance
from kling_widgets.batch import Outcome
from kling_widgets.cluster import Make
from kling_widgets.endpoint import Kind, path_of
from kling_widgets.environment import base_url_from_env, home, keys_from_env
from kling_widgets.errors import InvalidRequest, KlingError, KlingWarning, Problem, TaskFailed
from kling_widgets.journal import Journal
from kling_widgets.library import Library
from kling_widgets.listing import listed
from kling_widgets.mailbox import Mailbox
from kling_widgets.mapping import outcomes
from kling_widgets.picture import Picture
from kling_widgets.poller import Pollers
from kling_widgets.request import Request
from kling_widgets.retry import Patience
from kling_widgets.sending import Full
from kling_widgets.slots import Packs
from kling_widgets.submission import Submissions
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.watch import OnPoll, Pace, watch
from kling_widgets.wire import Wire

SINGAPORE = "https://api-singapore.klingai.com"
YEAR = 366 * 24 * 3600 * 1000  # milliseconds: twice as long as any pack lasts

_log = logging.getLogger("kling_widgets")


class Client:
    """Speaks for one account. Usable with and without `async with`, and in any event loop.

    `journal` is the file that remembers what was submitted (default: one for all notebooks of this user; on a disk of
    this machine, since SQLite's locks do not hold over a network), `videos` the folder for films and pictures; both are
    made when missing. `transport`, `sleep`, `now` (a clock in seconds that only
    moves forward), `jitter` (0 to 1) and `clock` (seconds since 1970) are arguments so that tests need no network and
    no time. `poll` is in seconds.
    """

    offline = False  # True where the emulator in this process answers and nothing is paid
    _host = "nowhere yet"  # a constructor that fails is shown by tracebacks too

    def __init__(
        self,
        auth: Keys,
        *,
        base_url: str = SINGAPORE,
        journal: str | Path | None = None,
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
        self._pace = Pace(poll, now, jitter)
        self._pollers = Pollers(self._wire.get, sleep, now, poll)
        self._patience = Patience(sleep, now, jitter)
        self._clock = clock
        # Another region, another key: another account.
        account = f"{self._wire.place} {auth.name}"
        self.journal = Journal(journal or home() / "journal.sqlite", account, self._wire.host, clock)
        self._submissions = Submissions(self._wire, self.journal, self._patience, self._task)
        self._mailbox = Mailbox()
        self._packs = Packs()
        self._worker: Make = functools.partial(type(self).from_env, base_url=base_url, videos=self.videos.absolute())
        self._leave: Callable[[], None] | None = None

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """Of KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY, and KLING_BASE_URL.

        They come from the environment, from Colab's secrets or from the system's keyring (service "kling_widgets").
        """
        options.setdefault("base_url", base_url_from_env() or SINGAPORE)
        return cls(keys_from_env(), **options)

    @classmethod
    def local(
        cls,
        *,
        speed: float = 8.0,
        slots: int = 5,
        journal: str | Path | None = None,
        videos: str | Path = "kling_videos",
        faults: Mapping[str, float] | None = None,
        seed: int | None = None,
    ) -> Self:
        """A client of an emulator inside this process; no key, no network, no price.

        `speed` divides the emulator's nominal waits. Its tasks lie beside the `journal`, so that they are there again
        after a restart; clients of one journal share one emulator, in several kernels too. `faults` rehearses failures:
        the share of calls by the name of what befalls them, such as {"drop-answer": 0.2}, thrown from `seed`; the page
        at /docs of the emulator lists them. Raises MissingExtra where the emulator is not installed.
        """
        file = Path(journal or home() / "journal.sqlite")
        house = local.house(file)
        url, keys = house.enter(local.options(speed, slots, faults, seed))
        client = cls(keys, base_url=url, journal=file, videos=videos, poll=0.25)
        client.offline = True
        client._leave = local.leave_with(client, house)
        client._wire.revive = functools.partial(local.revived, house)
        client._worker = functools.partial(
            cls.local,
            speed=speed,
            slots=slots,
            journal=file.absolute(),
            videos=client.videos.absolute(),
            faults=faults,
            seed=seed,
        )
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

        return await self._submitted(request, take)

    async def _submitted(self, request: Request, take: int, full: Full | None = None) -> Task:
        if own := request.own_id():
            return await self._submissions.once(request, own, full)

        while True:
            task = await self._submissions.once(request, request.key(take), full)
            if not task.found or task.status != "failed":
                return task

            _log.warning(
                "Task %s, take %d of this request, failed (%s); making take %d.", task.id, take, task.message, take + 1
            )
            take += 1

    async def task(self, id: str, kind: Kind = "image2video") -> Task:
        """The task of this task_id or external_task_id. Raises Rejected where there is none of this kind."""
        if not id.strip():
            raise InvalidRequest([Problem("id", "It is empty.", "Give a task_id or an external_task_id.")])
        task = await self._patience.read(lambda: self._task(id, _checked(kind)))
        await self._noted(task)
        return task

    async def _task(self, id: str, kind: Kind) -> Task:
        return Task.from_wire(kind, await self._wire.get(f"{path_of(kind)}/{quote(id, safe='', errors='replace')}"))

    def tasks(self, kind: Kind = "image2video") -> AsyncIterator[Task]:
        """Every task of the account, newest first as far as is known; pages are fetched as they are needed."""
        return listed(self._wire, _checked(kind), self._patience)

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
        return await self._library.video(task, self.wait)

    async def images(self, task: Task) -> tuple[Picture, ...]:
        """The task's pictures on disk, waited for and fetched unless they lie there already. Raises TaskFailed."""
        return await self._library.images(task, self.wait)

    def found(self, request: Request, take: int = 1) -> Video | None:
        """The film of this request, where it is on disk already; no network is asked."""
        return self._library.found(request.own_id() or request.key(take))

    async def film(self, request: Request, take: int = 1) -> Video:
        """Submit, wait, fetch; a film that is on disk costs no network at all.

        Raises KlingError for a request for pictures, before anything is paid.
        """
        if request.endpoint.startswith("/v1/images/"):
            remedy = "await client.images(await client.submit(request))"
            raise KlingError(f"A request to {request.endpoint} gives pictures, no film: {remedy}.")
        if there := await asyncio.to_thread(self.found, request, take):
            return there
        return await self.video(await self.submit(request, take))

    def map(
        self,
        requests: Iterable[Request],
        *,
        take: int = 1,
        budget_units: float | None = None,
        progress: bool = True,
        cluster: Any = None,
        worker: Make | None = None,
    ) -> AsyncGenerator[Outcome]:
        """Make them all: as many at once as the account's slots allow, each outcome as it ends, with a progress bar.

        One failure stops nothing: it is in `outcome.error`. `budget_units` bounds what all of them cost together, made
        now or before, by the list price; what does not fit has OverBudget as its error. Interrupted, run it again: what
        was made is found, and the rest goes on. `requests` may be a generator; it is asked for the next one when there
        is room for it. A request's film is in `outcome.video`, its pictures in `outcome.images`.

        With `cluster`, a Dask `distributed.Client`, its workers do the work; each makes a client by `worker`, a
        function that can be pickled (default: from the keys in its own environment, or this client's emulator).
        """
        make = worker or self._worker
        return outcomes(
            self,
            requests,
            take=take,
            budget_units=budget_units,
            progress=progress,
            cluster=cluster,
            make=make,
        )

    async def balance(self, name: str | None = None) -> Balance:
        """What is left of the account's resource packs, or of those of this very `name`; up to 12 hours late.

        Asking is free, but the service wants no more than one such question a second.
        """
        as_of = datetime.fromtimestamp(self._clock(), UTC)
        end = round(as_of.timestamp() * 1000)
        query: dict[str, int | str] = {"start_time": end - YEAR, "end_time": end}
        if name is not None:
            query["resource_pack_name"] = name
        return balance.read(await self._patience.read(lambda: self._wire.get("/account/costs", query)), as_of)

    async def aclose(self) -> None:
        """Close the connections and the journal, and the emulator where this is its last client."""
        await self._pollers.aclose()
        await self._wire.aclose()
        await asyncio.to_thread(self.journal.close)
        if self._leave is not None:
            await asyncio.to_thread(self._leave)

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

    @functools.cached_property
    def _library(self) -> Library:
        def again(task: Task) -> Awaitable[Task]:
            return self.task(task.id, task.kind)

        return Library(self._wire, self.journal, self.videos, self._patience, self._clock, again)

    async def _changes(
        self,
        task: Task,
        *,
        on_poll: OnPoll | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - by the clock given
    ) -> AsyncGenerator[Task]:
        changes = watch(task, self._pollers.of, self._pace, self._mailbox, on_poll=on_poll, timeout=timeout)
        async with aclosing(changes):
            async for seen in changes:
                # An answer may leave out what we called the task, and its film is kept by that name.
                known = replace(seen, found=task.found, external_id=seen.external_id or task.external_id)
                if seen is not task:
                    await self._noted(known)
                yield known

    async def _noted(self, task: Task) -> None:
        try:
            await asyncio.to_thread(self.journal.saw, task)
        except KlingError as error:  # what the service says can be asked again; no reason to stop listening
            _log.warning("%s", error)


def _checked(kind: Kind) -> Kind:
    if not isinstance(kind, str) or not kind.strip(" /"):
        fix = 'Give the word of an endpoint, such as "image2video", or its path.'
        raise InvalidRequest([Problem("kind", f"{kind!r:.40} is no kind of task.", fix)])
    return kind
