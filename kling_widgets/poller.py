"""All watches of one kind of task share one poller: it sleeps until the first is due, and looks for everybody."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from kling_widgets.endpoint import Kind, path_of
from kling_widgets.errors import KlingError
from kling_widgets.listing import Get
from kling_widgets.looks import FEW, Looks
from kling_widgets.retry import MOST_ASKED
from kling_widgets.task import Task

Sleep = Callable[[float], Awaitable[object]]
Answer = Task | Exception | None
"""What a look found or what spoilt it; None where a wish that could not wait had no turn."""

CLOSED = "The client was closed while it watched. Watch the task again, with a client that is open; nothing is lost."


class Wish:
    """One watcher's wish that his task be looked at. He may change its times by asking again until a look has begun."""

    def __init__(self, id: str, wake: Callable[[], None]) -> None:
        self.id = id
        self.wake = wake
        self.due = self.by = math.inf
        self.begun: float | None = None  # when the look began
        self.answer: tuple[float, Answer] | None = None

    def take(self) -> tuple[float, Answer] | None:
        """When the look began, and what it found; None where there is no answer, or none since the last call."""
        answer, self.answer = self.answer, None
        return answer


class Poller:
    """Looks at the tasks of one kind, in one event loop, for all who watch them. Its task lives while somebody waits.

    Of up to three tasks each has its look when it is due. More are a crowd: they are looked at together, about every
    `poll` seconds, however they came to be due, and who comes in between waits for the rest.
    """

    def __init__(self, looks: Looks, sleep: Sleep, now: Callable[[], float], poll: float) -> None:
        self._looks = looks
        self._sleep = sleep
        self._now = now
        self._poll = poll
        self._wishes: dict[str, dict[Wish, None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._step: asyncio.Future[object] | None = None  # the one sleep, or the look, in flight
        self._alarm = -math.inf  # when the sleep in flight ends
        self._crowd_due = -math.inf
        self._rest = -math.inf  # until when the service asked to be left alone
        self._closed = False

    @contextmanager
    def wish(self, id: str, wake: Callable[[], None]) -> Iterator[Wish]:
        """For one watcher of the task `id`; `wake` is called when there is an answer. It is asked for with `ask`."""
        wish = Wish(id, wake)
        try:
            yield wish
        finally:
            self.withdraw(wish)

    def ask(self, wish: Wish, due: float, *, by: float = math.inf) -> None:
        """Have the task looked at, at `due` by the clock or a little later with the crowd, and at `by` at the latest.

        There is an answer then in any case: None where so many cannot wait that it had no turn. Raises KlingError where
        the client was closed.
        """
        if self._closed:
            raise KlingError(CLOSED)
        wish.due, wish.by = due, by
        self._wishes.setdefault(wish.id, {})[wish] = None
        if self._task is None:
            self._start()
        elif self._step and self._moment(wish) < self._alarm:
            self._step.cancel()

    def withdraw(self, wish: Wish) -> None:
        """Expect no answer, until it is asked for again."""
        self._remove(wish)
        wish.begun = None
        if not self._wishes and self._step:
            self._step.cancel()

    async def aclose(self) -> None:
        """End, and tell those who wait."""
        self._closed = True
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="kling_widgets poller")
        self._task.add_done_callback(self._ended)  # a `finally` is not reached where it is cancelled before it began

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Whatever ended it, those who wait must hear of it."""
        self._task = None
        end = KlingError(CLOSED) if task.cancelled() else task.exception()
        if isinstance(end, Exception):
            self._tell([*self._all()], end)
        elif self._wishes:  # of somebody who came just then
            self._start()

    async def _run(self) -> None:
        now = self._now()
        while self._wishes:
            alarm = min(map(self._moment, self._all()))
            if alarm > now:
                self._alarm = alarm
                slept = await self._done(self._sleep(alarm - now))
                self._alarm = -math.inf
                # The sleep is believed, whatever the clock says: it may tick coarsely, or have been set.
                now = max(self._now(), alarm if slept else -math.inf)
            else:
                await self._done(self._look(now))
                await asyncio.sleep(0)  # those who were answered ask again
                now = self._now()

    async def _done(self, work: Awaitable[object]) -> bool:
        """Whether `work` was done; False where it was broken off, for something else came first."""
        step = self._step = asyncio.ensure_future(work)
        try:
            await asyncio.wait([step])
        finally:
            self._step = None
            if not step.done():
                step.cancel()
                await asyncio.wait([step])
        if step.cancelled():
            return False
        step.result()
        return True

    async def _look(self, now: float) -> None:
        wanted = self._wanted(now)
        crowd = len(wanted) > FEW
        begun = [wish for id in (self._wishes if crowd else wanted) for wish in self._wishes[id]]
        for wish in begun:
            wish.begun = now

        found = await self._looks.at(wanted, frozenset(self._wishes))
        for wish in begun:
            if wish.begun is None:
                continue  # withdrawn
            if wish.id in found or wish.by <= now:
                self._tell([wish], found.get(wish.id))
            else:
                wish.wake()  # he may have heard something that makes him ask anew
            wish.begun = None
        now = self._now()
        asked = [answer.retry_after or 0 for answer in found.values() if isinstance(answer, KlingError)]
        self._rest = now + min(max(asked, default=0), MOST_ASKED)
        if crowd:
            self._crowd_due = now + 0.9 * self._poll  # as early as any delay of theirs

    def _wanted(self, now: float) -> list[str]:
        """The ids to be looked at, the longest-waiting first: in the order of their asking."""
        moments = {id: min(map(self._moment, wishes)) for id, wishes in self._wishes.items()}
        regular = any(self._moment(wish) <= now < wish.by for wish in self._all())
        # Who is due a little later comes along, and of a crowd everybody: so their looks fall together from then on.
        reach = self._poll if regular and len(moments) > FEW else self._poll / 5
        return [id for id, moment in moments.items() if moment <= now + reach]

    def _moment(self, wish: Wish) -> float:
        """When a wish makes the poller look."""
        crowd = self._crowd_due if len(self._wishes) > FEW else -math.inf
        return min(wish.by, max(wish.due, self._rest, crowd))

    def _all(self) -> Iterator[Wish]:
        return (wish for wishes in self._wishes.values() for wish in wishes)

    def _tell(self, wishes: Iterable[Wish], answer: Answer) -> None:
        for wish in wishes:
            self._remove(wish)
            wish.answer = (wish.begun if wish.begun is not None else self._now(), answer)
            wish.begun = None
            wish.wake()

    def _remove(self, wish: Wish) -> None:
        wishes = self._wishes.get(wish.id, {})
        wishes.pop(wish, None)
        if not wishes:
            self._wishes.pop(wish.id, None)


class Pollers:
    """A client's pollers: one a kind in each event loop. `poll` is in seconds, `now` a clock that `sleep` goes by."""

    def __init__(self, get: Get, sleep: Sleep, now: Callable[[], float], poll: float) -> None:
        self._get = get
        self._how = (sleep, now, poll)
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Poller]] = WeakKeyDictionary()

    def of(self, kind: Kind) -> Poller:
        """The running loop's own."""
        pollers = self._open.setdefault(asyncio.get_running_loop(), {})
        path = path_of(kind)
        if path not in pollers:
            pollers[path] = Poller(Looks(kind, self._get), *self._how)
        return pollers[path]

    async def aclose(self) -> None:
        """End those of the running loop; a later watch begins with new ones."""
        for poller in self._open.pop(asyncio.get_running_loop(), {}).values():
            await poller.aclose()
