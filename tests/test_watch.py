"""Watching many tasks for long: what it costs, and what it survives."""

import asyncio
import gc
import json
import threading
import time as clock
import tracemalloc
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import httpx
import pytest

import kling_widgets as kw
from kling_widgets.poller import Pollers
from kling_widgets.task import Task
from kling_widgets.watch import Pace, watch
from tests.test_callbacks import Time

T = TypeVar("T")
POLL = 5.0
STAGES = ("submitted", "processing", "succeed")


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(60):
            return await work

    return asyncio.run(bounded())


def task(id: str, kind: str = "image2video") -> Task:
    return Task.from_wire(kind, Service.row(id, "submitted"))


class Service:
    """An account whose tasks live by a clock: task n is processed after 5 to 60 s, and ends 60 to 180 s later.

    `trouble` is what a call meets instead of an answer: it is given the path.
    """

    def __init__(self, tasks: int, time: Time | None = None) -> None:
        self.time = time or Time()
        self.ids = [f"{n:06}" for n in range(tasks)]
        self.queries: list[str] = []
        self.trouble: Callable[[str], Exception | httpx.Response | None] = lambda path: None

    @staticmethod
    def row(id: str, status: str) -> dict[str, Any]:
        films = [{"id": "f", "url": f"https://films.example/{id}.mp4"}] if status == "succeed" else []
        dates = {"created_at": 1722769557708, "updated_at": 1722769557708}
        return {"task_id": id, "task_status": status, "task_result": {"videos": films}, **dates}

    @staticmethod
    def times(id: str) -> tuple[float, float, float]:
        n = int(id)
        begins = 5 + n * 7 % 56
        return 0.0, begins, begins + 60 + n * 13 % 121

    def status(self, id: str) -> str:
        return [word for word, begins in zip(STAGES, self.times(id), strict=True) if begins <= self.time.now][-1]

    async def get(self, path: str, query: dict[str, int] | None = None) -> Any:
        self.queries.append(path)
        if query:
            first = (query["pageNum"] - 1) * query["pageSize"]
            return [self.row(id, self.status(id)) for id in self.ids[first : first + query["pageSize"]]]
        id = path.rpartition("/")[2]
        return self.row(id, self.status(id))

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, {name: int(value) for name, value in request.url.params.items()}
        trouble = self.trouble(path)
        if isinstance(trouble, Exception):
            self.queries.append(path)
            raise trouble
        if trouble:
            self.queries.append(path)
            return trouble
        return self.frame(await self.get(path, query))

    @staticmethod
    def frame(data: Any) -> httpx.Response:
        return httpx.Response(200, text=json.dumps({"code": 0, "message": "", "request_id": "", "data": data}))

    @staticmethod
    def refuse(status: int, code: int, **headers: str) -> httpx.Response:
        return httpx.Response(status, json={"code": code, "message": "no", "request_id": "r"}, headers=headers)

    def client(self, **options: Any) -> kw.Client:
        return kw.Client(
            kw.ApiKey("k"),
            **{
                "transport": httpx.MockTransport(self),
                "sleep": self.time.sleep,
                "now": lambda: self.time.now,
                "jitter": iter(lambda: 0.5, None).__next__,
                "poll": POLL,
                **options,
            },
        )


async def seen(states: AsyncIterator[Task], time: Time) -> list[tuple[str, float]]:
    return [(state.status, time.now) async for state in states]


class TestMany:
    """A thousand watches of one client."""

    def test_a_hundredth_of_the_queries(self) -> None:
        """A thousand tasks from their beginning to their end: each status once, within a tick, for 2 queries a tick.

        `on_poll` hears of each look at a task: with a query for each look, the same looks would cost their number.
        """
        service, looks = Service(1000), list[object]()
        chances = iter(lambda: (len(service.queries) * 0.37 + len(looks) * 0.61) % 1, None)
        client = service.client(jitter=chances.__next__)

        async def all_of_them() -> list[list[tuple[str, float]]]:
            watches = [client.watch(task(id), on_poll=looks.append) for id in service.ids]
            return await asyncio.gather(*(seen(states, service.time) for states in watches))

        for id, states in zip(service.ids, run(all_of_them()), strict=True):
            assert [status for status, _ in states] == ["submitted", "processing", "succeed"]
            assert all(0 <= at - began <= POLL for (_, at), began in zip(states, service.times(id), strict=True))
        assert set(looks) == {None}
        assert len(service.queries) <= len(looks) / 100, f"{len(service.queries)} queries for {len(looks)} looks"

    def test_those_that_begin_one_after_the_other(self) -> None:
        """Their first looks are taken together too: 500 watches begun within 25 s cost a few queries, not 500."""
        service, started = Service(500), list[asyncio.Task[Any]]()
        client, time = service.client(), service.time

        async def all_of_them() -> int:
            for n, id in enumerate(service.ids):
                time.plans.append(
                    (n / 20, lambda id=id: started.append(asyncio.create_task(seen(client.watch(task(id)), time))))
                )
            while len(started) < 500:
                await time.sleep(1) if not started else await asyncio.sleep(0)
            spent = len(service.queries)
            await asyncio.gather(*started)
            return spent

        assert run(all_of_them()) <= 15

    def test_each_ends_in_time(self) -> None:
        """A hundred waits with the same deadline: one list is the last look of all."""
        service = Service(100)
        client = service.client()

        async def all_of_them() -> list[Any]:
            waits = [client.wait(task(id), timeout=12) for id in service.ids]
            return await asyncio.gather(*waits, return_exceptions=True)

        assert {type(error) for error in run(all_of_them())} == {kw.TaskTimeout}
        assert service.time.now == 12
        assert len(service.queries) <= 5

    def test_ten_thousand_at_once(self) -> None:
        """Their tick costs about ten times that of a thousand, not a hundred times."""

        def seconds(tasks: int) -> float:
            service = Service(tasks)
            service.times = lambda id: (0.0, 1e9, 1e9)  # type: ignore[method-assign]
            pollers, time = Pollers(service.get, service.time.sleep, lambda: service.time.now, POLL), service.time
            pace = Pace(POLL, time.sleep, lambda: time.now)
            began: list[float] = []
            time.plans = [(at, lambda: began.append(clock.process_time())) for at in (7.0, 12.0)]

            async def two_ticks() -> None:
                watches = [seen(watch(task(id), pollers.of, pace, timeout=13), time) for id in service.ids]
                await asyncio.gather(*watches, return_exceptions=True)

            run(two_ticks())
            assert len(service.queries) <= 5 * max(3, tasks // 100)
            return began[1] - began[0]

        assert seconds(10_000) <= 30 * seconds(1000)

    def test_memory_is_flat(self) -> None:
        """Ten thousand tasks, one after the other and a hundred at a time: after the first 2,000 nothing grows."""
        service = Service(0)
        client = service.client()
        pollers, mailbox = Pollers(service.get, service.time.sleep, lambda: service.time.now, POLL), client._mailbox
        service.times = lambda id: (0.0, began + 5, began + 10)  # type: ignore[method-assign]
        began = 0.0

        async def some(first: int, count: int) -> None:
            nonlocal began
            began, service.ids = service.time.now, [str(n) for n in range(first, first + count)]
            watches = [seen(watch(task(id), pollers.of, client._pace, mailbox), service.time) for id in service.ids]
            assert [states[-1][0] for states in await asyncio.gather(*watches)] == ["succeed"] * count
            service.queries.clear()

        async def all_of_them() -> tuple[int, int]:
            sizes = []
            for thousand in range(10):
                for n in range(0, 900, 100):
                    await some(thousand * 1000 + n, 100)
                for n in range(900, 1000):
                    await some(thousand * 1000 + n, 1)
                if thousand in (1, 9):
                    gc.collect()
                    sizes.append(tracemalloc.get_traced_memory()[0])
            return sizes[0], sizes[1]

        tracemalloc.start()
        try:
            before, after = run(all_of_them())
        finally:
            tracemalloc.stop()
        assert after - before < 50_000, f"{before} bytes became {after}"


class TestEndurance:
    """What a watch survives."""

    @pytest.mark.parametrize("tasks", [1, 50])
    def test_hours_without_a_network(self, tasks: int) -> None:
        """Each failure is heard of, a minute apart in the end; afterwards each status comes once, the last at once."""
        service, heard = Service(tasks), list[Any]()
        service.trouble = lambda path: httpx.ConnectError("no route") if 10 <= service.time.now < 18_000 else None
        client = service.client()

        async def all_of_them() -> list[Any]:
            watches = [client.watch(task(id), on_poll=heard.append) for id in service.ids]
            return await asyncio.gather(*(seen(states, service.time) for states in watches))

        for states in run(all_of_them()):
            assert [status for status, _ in states] in (
                ["submitted", "processing", "succeed"],
                ["submitted", "succeed"],
            )
            assert 18_000 <= states[-1][1] <= 18_070
        lost = [look for look in heard if look]
        assert {type(look) for look in lost} == {kw.ConnectionFailed}
        assert 300 * tasks <= len(lost) <= 310 * tasks
        assert len(service.queries) <= 320

    @pytest.mark.parametrize("tasks", [1, 50])
    def test_a_laptop_that_sleeps(self, tasks: int) -> None:
        """The nap of five seconds ends a night later: one look, and everything is known."""
        service = Service(tasks)
        sleep = service.time.sleep

        async def closed(seconds: float) -> None:
            await sleep(seconds if service.time.now < 20 else seconds + 8 * 3600)

        client = service.client(sleep=closed)

        async def all_of_them() -> list[Any]:
            watches = [client.watch(task(id)) for id in service.ids]
            return await asyncio.gather(*(seen(states, service.time) for states in watches))

        ends = {states[-1] for states in run(all_of_them())}
        assert ends == {("succeed", 25 + 8 * 3600)}

    def test_the_pace_of_what_does_not_change(self) -> None:
        """Every 5 s for five minutes, then slower and slower up to 15 s; after a change as at the beginning."""
        service = Service(1)
        service.times = lambda id: (0.0, 3000.0, 3100.0)  # type: ignore[method-assign]
        looks: list[float] = []
        client = service.client()

        run(seen(client.watch(task("0"), on_poll=lambda error: looks.append(service.time.now)), service.time))
        gaps = [later - earlier for earlier, later in zip(looks, looks[1:], strict=False)]
        assert gaps[:60] == [5.0] * 60
        change = gaps.index(0.0)  # the second look after a change comes at once
        assert gaps[:change] == sorted(gaps[:change])
        assert (gaps[change - 1], set(gaps[change + 1 :])) == (15.0, {5.0})

    def test_what_the_service_asks_for(self) -> None:
        """Retry-After is waited out, by hints too; the deadline is kept all the same."""
        service = Service(1)
        busy = Service.refuse(429, 1302, **{"Retry-After": "100"})
        service.trouble = lambda path: busy if service.time.now < 50 else None
        client = service.client()
        looks: list[float] = []
        hint = kw.callbacks.task(Service.row("0", "succeed"))
        service.time.plans = [(at, lambda: client.hear(hint)) for at in (10.0, 20.0)]

        run(seen(client.watch(task("0"), on_poll=lambda error: looks.append(service.time.now)), service.time))
        # Once with the class of errors that carries what the service asked for, and not before.
        asked = getattr(kw.RateLimited, "retry_after", None)
        assert asked is None
        assert looks[:2] == [0, 100]

        service.time.now = 0
        with pytest.raises(kw.TaskTimeout):
            run(client.wait(task("0"), timeout=40))
        assert service.time.now == 40


class TestApart:
    """Whose errors are whose."""

    def watched(self, service: Service, count: int) -> list[Any]:
        client = service.client()

        async def all_of_them() -> list[Any]:
            watches = [seen(client.watch(task(id)), service.time) for id in service.ids[:count]]
            return await asyncio.gather(*watches, return_exceptions=True)

        return [end if isinstance(end, Exception) else end[-1][0] for end in run(all_of_them())]

    @pytest.mark.parametrize("count", [3, 20])
    def test_what_is_wrong_with_one_task(self, count: int) -> None:
        """Is raised to its watcher, in the list or not; the others go on to their end."""
        service = Service(30)
        service.ids.remove("000001")
        unknown = Service.refuse(400, 1201)
        service.trouble = lambda path: unknown if path.endswith("/000001") else None
        service.ids[count:] = []
        client_ids = ["000000", "000001", *service.ids[1:]]
        service_ids, service.ids = service.ids, client_ids
        client = service.client()

        async def all_of_them() -> list[Any]:
            watches = [seen(client.watch(task(id)), service.time) for id in client_ids[:count]]
            service.ids = service_ids
            return await asyncio.gather(*watches, return_exceptions=True)

        ends = run(all_of_them())
        assert isinstance(ends.pop(1), kw.Rejected)
        assert [end[-1][0] for end in ends] == ["succeed"] * (count - 1)

    def test_a_key_that_ends(self) -> None:
        """Everybody is told, for a handful of queries."""
        service = Service(500)
        service.trouble = lambda path: Service.refuse(401, 1002) if service.time.now > 20 else None

        assert {type(end) for end in self.watched(service, 500)} == {kw.NotAuthorized}
        assert len(service.queries) <= 20

    def test_a_service_without_a_list(self) -> None:
        """Costs a query a look, and everybody gets to the end."""
        service = Service(20)
        service.trouble = lambda path: None if path.count("/") == 4 else Service.refuse(404, 1202)

        assert self.watched(service, 20) == ["succeed"] * 20

    def test_a_slow_look_is_not_starved_by_hints(self) -> None:
        """A look that takes 10 s, and a lie a second: what it finds is seen."""
        service = Service(1)
        client, time = service.client(), service.time
        lie = kw.callbacks.task(Service.row("0", "failed"))

        async def slow(request: httpx.Request) -> httpx.Response:
            for _ in range(10):
                client.hear(lie)
                await asyncio.sleep(0)
                time.now += 1
            return await service(request)

        client._wire._transport = httpx.MockTransport(slow)
        states = run(seen(client.watch(task("0")), time))
        assert [status for status, _ in states] == ["submitted", "processing", "succeed"]

    def test_a_flood_of_true_words_hides_no_change(self) -> None:
        """Anybody may say "submitted" each second; a look every twelve polls is made all the same."""
        service = Service(1)
        client, time = service.client(), service.time
        word = kw.callbacks.task(Service.row("000000", "submitted"))
        time.plans = [(float(n), lambda: client.hear(word)) for n in range(1, 300)]

        states = run(seen(client.watch(task("000000")), time))
        assert [(status, at <= 131) for status, at in states] == [(status, True) for status in STAGES]


class TestEnds:
    """What a watch leaves behind: nothing."""

    @pytest.mark.parametrize("how", ["cancelled", "left", "closed"])
    @pytest.mark.parametrize("steps", [1, 2, 3, 4, 6, 9])
    def test_no_task_is_left(self, how: str, steps: int) -> None:
        """Cancelled, left by a break, or with its client closed: at whatever moment."""
        service = Service(10)
        gate = asyncio.Event()

        async def stuck(seconds: float) -> None:
            await gate.wait()

        client = service.client(sleep=stuck)

        async def all_of_them() -> list[Any]:
            watches = [client.watch(task(id)) for id in service.ids]
            tasks = [asyncio.ensure_future(seen(states, service.time)) for states in watches]
            for _ in range(steps):
                await asyncio.sleep(0)
            if how == "closed":
                await client.aclose()
            else:
                for one in tasks:
                    one.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            if how == "left":
                await asyncio.gather(*(states.aclose() for states in watches))  # type: ignore[attr-defined]
            for _ in range(5):
                await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            assert client._mailbox._lines == {}
            return ends

        ends = run(all_of_them())
        if how == "closed":
            assert [str(end).partition(".")[0] for end in ends] == ["The client was closed while it watched"] * 10

    def test_a_break_ends_it(self) -> None:
        """The generator closed while it holds the state at hand, and the client closed after it."""
        service = Service(1)
        client = service.client()

        async def first() -> str:
            states = client.watch(task("0"))
            async for state in states:
                if state.status == "processing":
                    await states.aclose()  # type: ignore[attr-defined]
            await asyncio.sleep(0)
            assert len(asyncio.all_tasks()) == 1
            await client.aclose()
            return state.status

        assert run(first()) == "processing"

    def test_a_closed_client_watches_again(self) -> None:
        """As all its calls do: in the same loop, and with the watch begun anew."""
        service = Service(1)
        client = service.client()

        async def twice() -> list[Any]:
            states = client.watch(task("0"))
            assert [(await anext(states)).status, (await anext(states)).status] == ["submitted", "processing"]
            await client.aclose()
            with pytest.raises(kw.KlingError, match="Watch the task again"):
                await anext(states)
            return await seen(client.watch(task("0")), service.time)

        assert [status for status, _ in run(twice())] == ["submitted", "processing", "succeed"]


class TestLoops:
    """One client in many event loops."""

    def test_one_after_the_other_and_at_the_same_time(self) -> None:
        """Each loop has pollers of its own, and none is left when the loop has ended."""
        service = Service(8)
        service.times = lambda id: (0.0, 0.0, 0.0)  # type: ignore[method-assign]
        client = service.client(sleep=asyncio.sleep, now=clock.monotonic, poll=0.01)
        ends: list[list[str]] = []

        def watched() -> None:
            async def all_of_them() -> list[list[tuple[str, float]]]:
                watches = [client.watch(task(id)) for id in service.ids]
                return await asyncio.gather(*(seen(states, service.time) for states in watches))

            ends.append([states[-1][0] for states in run(all_of_them())])

        watched()
        watched()
        threads = [threading.Thread(target=watched) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert ends == [["succeed"] * 8] * 8
        gc.collect()
        assert len(client._pollers._open) == 0
