"""Watching many tasks for long: what it costs, and what it survives."""

import asyncio
import gc
import sys
import threading
import time as clock
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from itertools import pairwise
from typing import Any, TypeVar

import httpx
import pytest

import kling_widgets as kw
from kling_widgets.mailbox import Mailbox
from kling_widgets.poller import Pollers
from kling_widgets.task import Task
from kling_widgets.watch import Pace, watch
from tests.test_callbacks import Time

T = TypeVar("T")
POLL = 5.0
STAGES = ["submitted", "processing", "succeed"]


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(60):
            return await work

    return asyncio.run(bounded())


def row(id: str, status: str = "submitted") -> dict[str, Any]:
    films = [{"id": "f", "url": f"https://films.example/{id}.mp4"}] if status == "succeed" else []
    dates = {"created_at": 1722769557708, "updated_at": 1722769557708}
    return {"task_id": id, "task_status": status, "task_result": {"videos": films}, **dates}


def task(id: str, status: str = "submitted") -> Task:
    return Task.from_wire("image2video", row(id, status))


def lives(n: int) -> tuple[float, float, float]:
    """The seconds at which task `n` is submitted, processed and ready: after 5 to 60 s, and 60 to 180 s later."""
    begins = 5 + n * 7 % 56
    return 0.0, begins, begins + 60 + n * 13 % 121


class Service:
    """An account whose tasks live by a clock that only sleeping moves, and the watches of one client.

    `trouble` is what a call meets instead of an answer; it is given a task's id, or "" for a list.
    """

    def __init__(self, tasks: int, life: Callable[[int], tuple[float, float, float]] = lives) -> None:
        self.ids = [f"{n:05}" for n in range(tasks)]
        self.life = life
        self.time = Time()
        self.queries: list[str] = []
        self.heard: list[tuple[float, kw.KlingError | None]] = []
        self.trouble: Callable[[str], kw.KlingError | None] = lambda id: None
        self.chances = iter(lambda: (len(self.heard) * 0.61) % 1, None)
        self.mailbox = Mailbox()
        self.pollers = Pollers(self.get, lambda seconds: self.time.sleep(seconds), lambda: self.time.now, POLL)
        self.pace = Pace(POLL, lambda: self.time.now, self.chances.__next__)

    async def get(self, path: str, query: dict[str, int] | None = None) -> Any:
        id = "" if query else path.rpartition("/")[2]
        self.queries.append(id)
        if error := self.trouble(id):
            raise error
        if not query:
            return self.row(id)
        first = (query["pageNum"] - 1) * query["pageSize"]
        return [self.row(id) for id in self.ids[first : first + query["pageSize"]]]

    def row(self, id: str) -> dict[str, Any]:
        life = zip(STAGES, self.life(int(id)), strict=True)
        return row(id, [word for word, begins in life if begins <= self.time.now][-1])

    def watch(self, id: str, timeout: float | None = None) -> AsyncGenerator[Task]:
        def heard(error: kw.KlingError | None) -> None:
            self.heard.append((self.time.now, error))

        return watch(task(id), self.pollers.of, self.pace, self.mailbox, on_poll=heard, timeout=timeout)

    async def seen(self, states: AsyncIterator[Task]) -> list[tuple[str, float]]:
        return [(state.status, self.time.now) async for state in states]

    def watched(self, ids: list[str] | None = None, timeout: float | None = None) -> list[Any]:
        """All watched to their ends, or of `ids`: what each saw and when, or the error that ended it."""

        async def all_of_them() -> list[Any]:
            watches = (self.seen(self.watch(id, timeout)) for id in ids or self.ids)
            return await asyncio.gather(*watches, return_exceptions=True)

        return run(all_of_them())


class TestMany:
    """A thousand watches of one client."""

    def test_a_hundredth_of_the_queries(self) -> None:
        """A thousand tasks from beginning to end: each status once, within a tick, for a hundredth of the queries.

        `on_poll` hears of each look at a task, and polling one by one would cost a query for each of these looks.
        """
        service = Service(1000)

        for n, states in enumerate(service.watched()):
            assert [status for status, _ in states] == STAGES
            late = [at - began for (_, at), began in zip(states, lives(n), strict=True)]
            assert 0 <= min(late) <= max(late) <= 1.1 * POLL
        assert {error for _, error in service.heard} == {None}
        assert len(service.queries) <= len(service.heard) / 100, f"{len(service.queries)} for {len(service.heard)}"

    def test_those_that_begin_one_after_the_other(self) -> None:
        """Their first looks are taken together too: 500 watches begun within 25 s cost a few queries, not 500."""
        service = Service(500)
        started: list[asyncio.Task[Any]] = []

        async def all_of_them() -> int:
            for n, id in enumerate(service.ids):
                begin = lambda id=id: started.append(asyncio.create_task(service.seen(service.watch(id))))  # noqa: E731
                service.time.plans.append((n / 20, begin))
            await service.time.sleep(1)
            while len(started) < 500:  # noqa: ASYNC110 - the watches themselves move the clock
                await asyncio.sleep(0)
            spent = len(service.queries)
            for one in started:
                one.cancel()
            return spent

        assert run(all_of_them()) <= 25

    @pytest.mark.parametrize(("listed", "queries"), [(True, 4), (False, 12)])
    def test_each_ends_in_time(self, listed: bool, queries: int) -> None:
        """A hundred waits with the same deadline: one list is the last look of all, and if it shows none of them."""
        service = Service(100, lambda n: (0, 1000, 1000))
        watched = service.ids
        service.ids = watched if listed else []

        assert {type(error) for error in service.watched(watched, timeout=12)} == {kw.TaskTimeout}
        assert (service.time.now, len(service.queries)) == (12, queries)
        assert len(service.heard) == (400 if listed else len(service.queries) - service.queries.count(""))

    def test_a_hint_that_comes_while_the_crowd_is_looked_at(self) -> None:
        """Is followed right after, though that look did not reach the task."""
        service = Service(50, lambda n: (0, 1, 2))
        watched, service.ids = service.ids, []
        look, lie = service.get, [True]

        async def get(path: str, query: Any = None) -> Any:
            if lie.pop() if lie else False:
                service.time.now = 3
                service.mailbox.put(task("00049", "succeed"), signed=False)
                await asyncio.sleep(0)
            return await look(path, query)

        service.pollers = Pollers(get, lambda seconds: service.time.sleep(seconds), lambda: service.time.now, POLL)
        assert service.watched(watched)[49] == [("submitted", 0), ("succeed", 3)]

    def test_ten_thousand_at_once(self) -> None:
        """Their tick costs about ten times that of a thousand, not a hundred times."""

        def seconds(tasks: int) -> float:
            service = Service(tasks, lambda n: (0, 1e9, 1e9))
            began: list[float] = []
            service.time.plans = [(at, lambda: began.append(clock.process_time())) for at in (0.1, 5.0)]
            service.watched(timeout=6)
            assert len(service.queries) <= 3 * max(3, tasks // 100)
            return began[1] - began[0]

        assert seconds(10_000) <= 60 * seconds(1000)

    def test_memory_is_flat(self) -> None:
        """Ten thousand tasks, a hundred at a time and one after the other: after the first 2,000 nothing grows."""
        began = 0.0
        service = Service(0, lambda n: (began, began, began + 4))

        async def all_of_them() -> list[int]:
            nonlocal began
            sizes, first = [], 0
            for count in [*[100] * 15, *[1] * 500] * 5:
                began, service.ids = service.time.now, [str(n) for n in range(first, first + count)]
                first += count
                ends = await asyncio.gather(*(service.seen(service.watch(id)) for id in service.ids))
                assert {states[-1][0] for states in ends} == {"succeed"}
                service.queries.clear()
                service.heard.clear()
                service.time.now = 0.0  # floats that differ are no leak
                if first in (2000, 10_000):
                    del ends
                    gc.collect()
                    sizes.append(sys.getallocatedblocks())
            return sizes

        before, after = run(all_of_them())
        assert after - before < 500, f"{before} blocks of memory became {after}"


class TestEndurance:
    """What a watch survives."""

    @pytest.mark.parametrize("tasks", [1, 50])
    def test_hours_without_a_network(self, tasks: int) -> None:
        """Each failure is heard of, in the end one a minute; afterwards each status comes once, and soon."""
        service = Service(tasks)
        service.trouble = lambda id: kw.ConnectionFailed("no route") if 10 <= service.time.now < 18_000 else None

        for states in service.watched():
            statuses = [status for status, _ in states]
            assert statuses in (STAGES, ["submitted", "succeed"])
            assert 18_000 <= states[-1][1] <= 18_000 + 66
        lost = [error for _, error in service.heard if error]
        assert {type(error) for error in lost} == {kw.ConnectionFailed}
        assert 270 <= len(lost) / tasks <= 340
        assert len(service.queries) <= 350

    @pytest.mark.parametrize("tasks", [1, 50])
    def test_a_laptop_that_sleeps(self, tasks: int) -> None:
        """The nap of five seconds ends a night later: one look, and everything is known."""
        service = Service(tasks)
        night = iter([0.0] * 4 + [8 * 3600.0])

        class Laptop(Time):
            async def sleep(self, seconds: float) -> None:
                await super().sleep(seconds + next(night))

        service.time = Laptop()

        ends = {states[-1] for states in service.watched()}
        assert len(ends) == 1
        assert ends.pop()[1] > 8 * 3600

    def test_the_pace_of_what_does_not_change(self) -> None:
        """Every 5 s for five minutes, then slower and slower up to 15 s; after a change as at the beginning."""
        service = Service(1, lambda n: (0, 3000, 3100))
        service.pace = Pace(POLL, lambda: service.time.now, lambda: 0.5)

        service.watched()
        gaps = [later - earlier for (earlier, _), (later, _) in pairwise(service.heard)]
        change = gaps.index(0)  # the second look after a change comes at once
        before, after = gaps[:change], gaps[change + 1 :]
        assert (before[:61], before[-1], set(after)) == ([5] * 61, 15, {5})
        assert before == sorted(before)
        assert max(later / earlier for earlier, later in pairwise(before)) < 1.05

    def test_what_the_service_asks_for(self) -> None:
        """Retry-After is waited out, and no hint shortens it; a deadline is kept all the same."""
        service = Service(1, lambda n: (0, 0, 50))
        busy = kw.APIError.of(1302, 429, "too fast")
        busy.retry_after = 100.0
        service.trouble = lambda id: busy if service.time.now < 50 else None
        hint = task("00000", "succeed")
        service.time.plans = [(at, lambda: service.mailbox.put(hint, signed=False)) for at in (10.0, 20.0)]

        assert service.watched() == [[("submitted", 0), ("succeed", 100)]]
        assert service.heard == [(0, busy), (100, None)]

        service.time.now = 0
        service.pollers = Pollers(service.get, service.time.sleep, lambda: service.time.now, POLL)
        assert [type(end) for end in service.watched(timeout=40)] == [kw.TaskTimeout]
        assert service.time.now == 40

    def test_a_slow_look_is_not_starved_by_hints(self) -> None:
        """A look that takes 10 s, and a lie a second: what it finds is seen."""
        service = Service(1)
        look = service.get
        lie = task("00000", "failed")

        async def slow(path: str, query: Any = None) -> Any:
            for _ in range(10):
                service.mailbox.put(lie, signed=False)
                await asyncio.sleep(0)
                service.time.now += 1
            return await look(path, query)

        service.pollers = Pollers(slow, service.time.sleep, lambda: service.time.now, POLL)
        assert [status for status, _ in service.watched()[0]] == STAGES

    def test_a_flood_of_true_words_hides_no_change(self) -> None:
        """Anybody may say "submitted" each second; a look every twelve polls is made all the same."""
        service = Service(1)
        word = task("00000")
        service.time.plans = [(float(n), lambda: service.mailbox.put(word, signed=False)) for n in range(1, 300)]
        states = service.watched()[0]

        assert [status for status, _ in states] == STAGES
        assert states[1][1] <= 66

    def test_a_signed_word_is_believed_while_a_look_hangs(self) -> None:
        """It need not wait for the look to end, and the look is not waited for; later ones are made as ever."""
        service = Service(1, lambda n: (0, 0, 20))
        look, hanging = service.get, iter([True])

        async def hangs(path: str, query: Any = None) -> Any:
            if next(hanging, False):
                service.mailbox.put(task("00000", "processing"), signed=True)
                await asyncio.Event().wait()
            return await look(path, query)

        service.pollers = Pollers(hangs, service.time.sleep, lambda: service.time.now, POLL)
        [states] = service.watched()
        assert [status for status, _ in states] == STAGES
        assert (states[1][1], 54 <= states[2][1] <= 66) == (0, True)

    def test_a_hint_that_comes_while_its_task_is_looked_at(self) -> None:
        """Is not taken for refuted by what the look found before: there is another a breath later."""
        service = Service(1, lambda n: (0, 0.5, 0.5))
        look, hints = service.get, iter([task("00000", "succeed")])

        async def get(path: str, query: Any = None) -> Any:
            found = await look(path, query)
            for hint in hints:
                service.mailbox.put(hint, signed=False)
                for _ in range(3):
                    await asyncio.sleep(0)
            return found

        service.pollers = Pollers(get, lambda seconds: service.time.sleep(seconds), lambda: service.time.now, POLL)
        assert service.watched() == [[("submitted", 0), ("succeed", 1)]]

    def test_a_signed_word_ends_the_waiting_after_failures(self) -> None:
        """Callbacks arrive, so it looks but once in twelve polls, as if nothing had been."""
        service = Service(1, lambda n: (0, 50, 60))
        service.pace = Pace(POLL, lambda: service.time.now, lambda: 0.5)
        service.trouble = lambda id: kw.ConnectionFailed("no route") if service.time.now == 0 else None
        service.time.plans = [(1.0, lambda: service.mailbox.put(task("00000"), signed=True))]

        service.watched()
        assert [at for at, _ in service.heard] == [0, 61]


class TestApart:
    """Whose errors are whose."""

    @pytest.mark.parametrize("count", [3, 20])
    def test_what_is_wrong_with_one_task(self, count: int) -> None:
        """Is raised to its watcher, and the others go on to their ends: with a few, and with a list."""
        service = Service(count)
        watched, service.ids = service.ids, [id for id in service.ids if id != "00001"]
        service.trouble = lambda id: kw.APIError.of(1201, 400, "Task not found") if id == "00001" else None

        ends = service.watched(watched)
        assert isinstance(ends.pop(1), kw.Rejected)
        assert [states[-1][0] for states in ends] == ["succeed"] * (count - 1)

    def test_a_key_that_ends(self) -> None:
        """Everybody is told, for a handful of queries."""
        service = Service(500)
        service.trouble = lambda id: kw.APIError.of(1002, 401, "no") if service.time.now > 3 else None

        assert {type(end) for end in service.watched()} == {kw.NotAuthorized}
        assert len(service.queries) <= 15

    def test_a_service_without_a_list(self) -> None:
        """Costs a query a look, and everybody gets to the end."""
        service = Service(20)
        service.trouble = lambda id: None if id else kw.APIError.of(1202, 404, "no such method")

        assert [states[-1][0] for states in service.watched()] == ["succeed"] * 20
        assert len(service.queries) == len(service.heard) + service.queries.count("")


class TestEnds:
    """What a watch leaves behind: nothing."""

    @pytest.mark.parametrize("tasks", [2, 10])
    @pytest.mark.parametrize("steps", range(10))
    def test_a_cancelled_watch(self, tasks: int, steps: int) -> None:
        """At whatever moment, asleep or looking."""
        service = Service(tasks)

        async def all_of_them() -> None:
            watches = [asyncio.ensure_future(service.seen(service.watch(id))) for id in service.ids]
            for _ in range(steps):
                await asyncio.sleep(0)
            for one in watches:
                one.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            for _ in range(5):
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            assert service.pollers.of("image2video")._wishes == service.mailbox._lines == {}

        run(all_of_them())

    def test_a_watch_that_is_left(self) -> None:
        """By a break at a state, and with the generator closed."""
        service = Service(1)

        async def first() -> str:
            states = service.watch("00000")
            async for state in states:
                if state.status == "processing":
                    break
            await states.aclose()
            for _ in range(5):
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            return state.status

        assert run(first()) == "processing"

    def test_an_ear_that_fails(self) -> None:
        """`on_poll` is the user's own, and so are its errors."""
        service = Service(1)

        def ear(error: object) -> None:
            raise ZeroDivisionError

        async def first() -> None:
            with pytest.raises(ZeroDivisionError):
                await service.seen(watch(task("00000"), service.pollers.of, service.pace, on_poll=ear))
            for _ in range(5):
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1

        run(first())

    def test_an_event_loop_that_ends(self) -> None:
        """Its poller ends with it, at whatever moment, and is forgotten."""
        service = Service(5)

        async def begun(steps: int) -> None:
            watches = [asyncio.ensure_future(service.seen(service.watch(id))) for id in service.ids]
            for _ in range(steps):
                await asyncio.sleep(0)
            del watches

        for steps in range(10):
            run(begun(steps))
        gc.collect()
        assert len(service.pollers._open) == 0


class TestClient:
    """The client whose watches they are."""

    def client(self, service: Service, **options: Any) -> kw.Client:
        async def answer(request: httpx.Request) -> httpx.Response:
            query = {name: int(value) for name, value in request.url.params.items()}
            data = await service.get(request.url.path, query)
            return httpx.Response(200, json={"code": 0, "message": "", "request_id": "", "data": data})

        return kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(answer), poll=0.01, **options)

    @pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13])
    def test_when_it_is_closed(self, steps: int) -> None:
        """Those who wait are told so, no task is left, and a watch begun anew goes on: as all its calls do."""
        service = Service(10, lambda n: (0, 1, 2))
        client = self.client(service)

        async def all_of_them() -> None:
            watches = [asyncio.ensure_future(service.seen(client.watch(task(id)))) for id in service.ids]
            for _ in range(steps):
                await asyncio.sleep(0)
            await client.aclose()
            ends = await asyncio.gather(*watches, return_exceptions=True)
            assert {str(end).partition(".")[0] for end in ends} == {"The client was closed while it watched"}
            assert len(asyncio.all_tasks()) == 1

            service.time.now = 2
            assert [status for status, _ in await service.seen(client.watch(task("00000")))] == ["submitted", "succeed"]
            await client.aclose()

        run(all_of_them())

    def test_one_after_the_other_and_at_the_same_time(self) -> None:
        """Each event loop has pollers of its own, in threads too."""
        service = Service(8, lambda n: (0, 0, 0))
        client = self.client(service)
        ends: list[list[str]] = []

        def watched() -> None:
            async def all_of_them() -> list[list[tuple[str, float]]]:
                return await asyncio.gather(*(service.seen(client.watch(task(id))) for id in service.ids))

            ends.append([states[-1][0] for states in run(all_of_them())])

        watched()
        watched()
        threads = [threading.Thread(target=watched) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert ends == [["succeed"] * 8] * 8
