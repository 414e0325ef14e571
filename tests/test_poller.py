"""Many tasks for a few queries: which pages are read, whose turn it is, and when the poller sleeps."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.looks import FEW, PARDON, SHARE, SIZES, TOGETHER, Looks
from kling_widgets.poller import Poller, Pollers, Wish
from kling_widgets.task import Task

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(20):
            return await work

    return asyncio.run(bounded())


def row(id: str, status: str = "processing", **more: Any) -> dict[str, Any]:
    films = [{"id": "f", "url": f"https://films.example/{id}.mp4"}] if status == "succeed" else []
    task = {"task_id": id, "task_status": status, "created_at": 1722769557708, "updated_at": 1722769557708}
    return {**task, "task_result": {"videos": films}, **more}


def task(id: str, status: str = "processing") -> Task:
    return Task.from_wire("image2video", row(id, status))


class Account:
    """The tasks of an account, in the order of its list; a wire's `get` in front of them that counts."""

    def __init__(self, ids: Iterable[str] = (), status: str = "processing") -> None:
        self.rows: dict[str, Any] = {id: row(id, status) for id in ids}
        self.unlisted: set[str] = set()
        self.lists: list[tuple[int, int]] = []  # page and size of each list query
        self.singles: list[str] = []
        self.trouble: Callable[[str], kw.KlingError | None] = lambda id: None  # "" is the list's
        self.flying = self.most = 0

    async def get(self, path: str, query: dict[str, int] | None = None) -> Any:
        self.flying += 1
        self.most = max(self.most, self.flying)
        await asyncio.sleep(0)
        self.flying -= 1
        id = "" if query else path.rpartition("/")[2]
        if query:
            self.lists.append((query["pageNum"], query["pageSize"]))
        else:
            self.singles.append(id)
        if error := self.trouble(id):
            raise error
        if query:
            first = (query["pageNum"] - 1) * query["pageSize"]
            shown = [row for id, row in self.rows.items() if id not in self.unlisted]
            return shown[first : first + query["pageSize"]]
        if id not in self.rows:
            raise kw.APIError.of(1201, 400, f"Task not found by id/external id: {id}")
        return self.rows[id]

    @property
    def queries(self) -> int:
        return len(self.lists) + len(self.singles)

    def looks(self) -> Looks:
        return Looks("image2video", self.get)


def asking(error: kw.KlingError, seconds: float) -> kw.KlingError:
    """With a Retry-After."""
    error.retry_after = seconds
    return error


def ids(count: int, name: str = "") -> list[str]:
    return [f"{name}{n}" for n in range(count)]


def budget(tasks: int) -> int:
    return max(3, math.ceil(tasks / 100))


class TestLooks:
    """What one look costs, and what it tells."""

    def look(self, account: Account, wanted: list[str], watched: list[str] | None = None) -> dict[str, Any]:
        return run(account.looks().at(wanted, watched or wanted))

    @pytest.mark.parametrize("count", [1, FEW])
    def test_a_few_are_looked_at_singly(self, count: int) -> None:
        """All at the same time."""
        account = Account(ids(10))

        assert self.look(account, ids(count)) == {id: task(id) for id in ids(count)}
        assert (account.lists, account.singles, account.most) == ([], ids(count), count)

    @pytest.mark.parametrize(
        ("count", "pages"),
        [(4, [(1, 30)]), (16, [(1, 100)]), (51, [(1, 500)]), (1000, [(1, 500), (2, 500)])],
    )
    def test_more_are_read_from_the_list(self, count: int, pages: list[tuple[int, int]]) -> None:
        """On pages as large as need be."""
        account = Account(ids(count))

        assert self.look(account, ids(count)) == {id: task(id) for id in ids(count)}
        assert (account.lists, account.singles) == (pages, [])
        assert (FEW, SHARE, SIZES) == (3, 100, (30, 100, 500))

    def test_the_list_tells_of_the_others_too(self) -> None:
        """Who was not due hears of his task for the same price; who is not watched is not even read."""
        account = Account(ids(10))
        account.rows["9"] = "no task"

        assert self.look(account, ids(5), ids(8)).keys() == set(ids(8))
        assert account.queries == 1

    def test_where_ours_lay_is_remembered(self) -> None:
        """Below 4,000 newer tasks they are searched once; afterwards two queries tell of a thousand."""
        account = Account([*ids(4000, "new"), *ids(1000)])
        looks = account.looks()
        spent = []
        for _ in range(4):
            before = account.queries
            found = run(looks.at(ids(1000), ids(1000)))
            spent.append((account.queries - before, len(found)))

        # At first seven pages of others, and three single looks; then the pages 8, 9 and 10.
        assert spent == [(10, 3), (3, 1000), (2, 1000), (2, 1000)]

    def test_they_sink_as_others_are_made(self) -> None:
        """Each look finds all of them, though 200 newer tasks push them down the list between two."""
        account = Account(ids(300))
        looks = account.looks()
        for n in range(20):
            before = account.queries
            assert len(run(looks.at(ids(300), ids(300)))) == 300
            assert account.queries - before <= 3
            account.rows = {**{id: row(id) for id in ids(200, f"new{n}-")}, **account.rows}

    @pytest.mark.parametrize(("unlisted", "queries"), [(2, 4), (8, 10)])
    def test_the_rest_is_read_singly(self, unlisted: int, queries: int) -> None:
        """Where it is little, or as much as the queries left allow: no further page is tried for it."""
        account = Account(ids(6000))
        account.unlisted = set(ids(unlisted))

        assert self.look(account, ids(1000)).keys() == set(ids(1000))
        assert account.queries == queries

    def test_small_pages_grow(self) -> None:
        """Four tasks below 200 newer ones are not searched thirty at a time."""
        account = Account([*ids(200, "new"), *ids(4)])
        looks = account.looks()

        assert run(looks.at(ids(4), ids(4))).keys() == {"0"}
        assert run(looks.at(ids(4), ids(4))).keys() == set(ids(4))
        assert account.lists == [(1, 30), (2, 30), (1, 500)]

    def test_those_that_sink_deep_are_followed(self) -> None:
        """Thousands of newer tasks at once: page after page, until they are found again."""
        account = Account(ids(300))
        looks = account.looks()
        assert len(run(looks.at(ids(300), ids(300)))) == 300

        account.rows = {**{id: row(id) for id in ids(3000, "new")}, **account.rows}
        found = [len(run(looks.at(ids(300), ids(300)))) for _ in range(8)]
        assert found[-1] == 300

    def test_those_that_leave_the_list_are_not_followed_beyond_its_end(self) -> None:
        """What was on a page, and is on none, is read singly in its turn."""
        account = Account(ids(1400))
        looks = account.looks()
        assert len(run(looks.at(ids(300), ids(300)))) == 300

        account.unlisted = set(ids(300))
        assert [len(run(looks.at(ids(300), ids(300)))) for _ in range(10)] == [1] * 10
        assert max(number for number, _ in account.lists) <= 4

    def test_those_that_lie_scattered_are_read_in_turn(self) -> None:
        """Twenty among 3,000 that have ended, on six pages: each look reads two, and each page has its turn."""
        account = Account(ids(3000))
        looks, mine = account.looks(), [str(n) for n in range(0, 3000, 150)]
        waiting, longest = dict.fromkeys(mine, 0), 0
        for n in range(1, 20):
            before = account.queries
            found = run(looks.at(sorted(mine, key=lambda id: waiting[id]), mine))
            assert account.queries - before <= 3
            waiting |= dict.fromkeys(found, n)
            if n > 8:  # it has learned by then where they are
                longest = max(longest, *(n - since for since in waiting.values()))

        assert longest <= 3

    def test_what_no_list_shows_has_its_turn(self) -> None:
        """The longest-waiting first: of 20 such tasks among 300 each is seen, however few queries a look has."""
        account = Account(ids(300))
        account.unlisted = set(ids(20))
        looks, seen, wanted = account.looks(), set[str](), ids(300)
        for _ in range(20):
            before = account.queries
            found = run(looks.at(wanted, wanted))
            assert account.queries - before <= 3
            seen |= found.keys()
            wanted = [id for id in wanted if id not in found] + [id for id in wanted if id in found]
        assert len(seen) == 300

    def test_a_row_that_cannot_be_read_harms_no_other(self) -> None:
        """The single look says what is wrong with it; a row that keeps its film back is looked at singly as well."""
        account = Account(ids(5))
        account.rows |= {"1": {**row("1"), "task_status": "cancelled"}, "2": row("2", "succeed", task_result={})}
        account.rows |= {"x": 7, "y": {"task_id": ["y"]}}
        found = self.look(account, ids(5))

        assert [found.pop(id) for id in ("0", "3", "4")] == [task("0"), task("3"), task("4")]
        assert found.keys() == {"1", "2"}
        assert (type(found["1"]), found["2"].status) == (kw.ResponseError, "succeed")
        assert (len(account.lists), account.singles) == (1, ["1", "2"])

    @pytest.mark.parametrize(
        "refusal",
        [
            kw.APIError.of(1202, 404, "no such method"),
            kw.APIError.of(1103, 403, "no permission"),
            kw.ResponseError("A list of tasks came as dict."),
        ],
    )
    def test_an_endpoint_without_a_list(self, refusal: kw.KlingError) -> None:
        """A query a task then, eight at a time; only much later the list is tried again."""
        account = Account(ids(12))
        account.trouble = lambda id: None if id else refusal
        looks = account.looks()

        async def all_looks() -> None:
            for _ in range(PARDON + 1):
                assert await looks.at(ids(12), ids(12)) == {id: task(id) for id in ids(12)}

        run(all_looks())
        assert (len(account.lists), len(account.singles), account.most) == (1, 12 * (PARDON + 1), TOGETHER)
        account.trouble = lambda id: None
        run(looks.at(ids(12), ids(12)))
        assert len(account.lists) == 2

    def test_what_passes_is_everybodys(self) -> None:
        """A list that is lost on the second page: those of the first are told, all others hear of the trouble."""
        account = Account(ids(1000))
        lost = kw.ConnectionFailed("lost")
        account.trouble = lambda id: lost if len(account.lists) == 2 else None
        found = self.look(account, ids(900), ids(1000))

        assert [found[id] for id in ids(1000)] == [task(id) for id in ids(500)] + [lost] * 500

    @pytest.mark.parametrize(
        "error",
        [
            kw.ConnectionFailed("no route"),
            kw.APIError.of(1002, 401, "no key"),
            kw.APIError.of(1101, 429, "in arrears"),
            kw.APIError.of(1302, 429, "too fast"),
            asking(kw.APIError.of(5001, 503, "maintenance"), 60),
        ],
    )
    def test_trouble_that_concerns_all_is_not_asked_for_again(self, error: kw.KlingError) -> None:
        """A dead network, or a key that ended, is found out with eight queries and not with a thousand."""
        account = Account(ids(1000))
        account.trouble = lambda id: error if id else kw.APIError.of(1202, 404, "no list")

        assert self.look(account, ids(1000)) == dict.fromkeys(ids(1000), error)
        assert account.queries == 1 + TOGETHER

    def test_trouble_with_one_is_its_own(self) -> None:
        """The others are looked at all the same."""
        account = Account(ids(20))
        unlisted = kw.APIError.of(1202, 404, "no list")
        account.trouble = lambda id: {"": unlisted, "1": kw.APIError.of(5000, 500, "oops")}.get(id)
        found = self.look(account, ids(20))

        assert [type(found[id]) for id in ids(20)] == [Task, kw.ServerError] + [Task] * 18

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_in_any_account(self, data: st.DataObject) -> None:
        """Whatever lies where: the truth is told, the queries are bounded, and everybody has a turn before long."""
        account = Account(ids(data.draw(st.integers(1, 1500))))
        everybody = list(account.rows)
        mine = data.draw(st.lists(st.sampled_from(everybody), min_size=1, unique=True))
        account.unlisted = set(data.draw(st.lists(st.sampled_from(mine), unique=True)))
        looks, waiting = account.looks(), list(mine)
        for n in range(len(mine) + 5):
            if n:
                account.rows = {**{id: row(id) for id in ids(3, f"new{n}-")}, **account.rows}
            before = account.queries
            found = run(looks.at(waiting, mine))
            assert account.queries - before <= max(budget(len(waiting)), len(waiting) if len(waiting) <= FEW else 0)
            assert found == {id: task(id) for id in found}
            waiting = [id for id in waiting if id not in found]
            if not waiting:
                return
        raise AssertionError(waiting)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.begun: list[float] = []
        self.naps: list[float] = []  # and not broken off
        self.asleep = self.most = 0

    async def sleep(self, seconds: float) -> None:
        self.begun.append(seconds)
        self.asleep += 1
        self.most = max(self.most, self.asleep)
        try:
            for _ in range(5):
                await asyncio.sleep(0)
            self.naps.append(seconds)
            self.now += seconds
        finally:
            self.asleep -= 1


class Watcher:
    """Asks once, and waits for the answer."""

    def __init__(self, poller: Poller, id: str) -> None:
        self.heard = asyncio.Event()
        self.poller = poller
        self.context = poller.wish(id, self.heard.set)
        self.wish: Wish = self.context.__enter__()

    def ask(self, due: float, *, by: float = math.inf) -> "Watcher":
        self.poller.ask(self.wish, due, by=by)
        return self

    async def answer(self) -> tuple[float, Any]:
        while not (answer := self.wish.take()):
            await self.heard.wait()
            self.heard.clear()
        return answer

    def leave(self) -> None:
        self.context.__exit__(None, None, None)


def poller_of(account: Account, time: Time, sleep: Callable[[float], Awaitable[object]] | None = None) -> Poller:
    return Poller(account.looks(), sleep or time.sleep, lambda: time.now, poll=5)


class TestPoller:
    """When it looks, and for whom."""

    def test_one_sleep_for_all(self) -> None:
        """Three watchers, each at his own second; two whose seconds are close go together."""
        account, time = Account(ids(3)), Time()

        async def watched() -> list[Any]:
            poller = poller_of(account, time)
            watchers = [Watcher(poller, id).ask(due) for id, due in (("0", 7), ("1", 3), ("2", 7.5))]
            return [await watcher.answer() for watcher in watchers]

        assert run(watched()) == [(7, task("0")), (3, task("1")), (7, task("2"))]
        assert (account.singles, time.naps, time.most) == (["1", "0", "2"], [3, 4], 1)

    def test_a_crowd_goes_together(self) -> None:
        """The first that is due takes along whoever is within a poll, and the list tells the others too."""
        account, time = Account(ids(5)), Time()

        async def watched() -> list[Any]:
            poller = poller_of(account, time)
            watchers = [Watcher(poller, str(n)).ask(2 + n * 1.5) for n in range(4)] + [Watcher(poller, "4").ask(60)]
            return [await watcher.answer() for watcher in watchers]

        assert run(watched()) == [(2, task(id)) for id in ids(5)]
        assert (account.queries, time.naps) == (1, [2])

    def test_who_joins_a_crowd_waits_for_it(self) -> None:
        """At most a poll; but whoever cannot wait does not."""
        account, time = Account(ids(9)), Time()

        async def watched() -> list[Any]:
            poller = poller_of(account, time)
            crowd = [Watcher(poller, id).ask(0) for id in ids(5)]
            for watcher in crowd:
                await watcher.answer()
                watcher.ask(5)
            late, soon = Watcher(poller, "7").ask(0), Watcher(poller, "8").ask(1, by=1)
            return [await soon.answer(), await late.answer()]

        assert run(watched()) == [(1, task("8")), (4.5, task("7"))]
        assert (len(account.lists), account.singles) == (2, ["8"])

    def test_two_watchers_of_one_task_cost_one_look(self) -> None:
        """They are told the same."""
        account, time = Account(ids(1)), Time()

        async def watched() -> list[Any]:
            poller = poller_of(account, time)
            watchers = [Watcher(poller, "0").ask(1), Watcher(poller, "0").ask(1)]
            return [await watcher.answer() for watcher in watchers]

        assert run(watched()) == [(1, task("0"))] * 2
        assert account.singles == ["0"]

    def test_an_earlier_wish_ends_the_sleep(self) -> None:
        """A wish may be made, or made anew, while the poller sleeps; a later one lets it sleep."""
        account, time = Account(ids(2)), Time()

        async def watched() -> list[Any]:
            poller = poller_of(account, time)
            first = Watcher(poller, "0").ask(100)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            first.ask(150)
            await asyncio.sleep(0)
            second = Watcher(poller, "1").ask(50)
            second.ask(10)
            return [await second.answer(), await first.answer()]

        assert run(watched()) == [(10, task("1")), (150, task("0"))]
        assert (time.begun, time.naps, time.most) == ([100, 10, 140], [10, 140], 1)

    def slow(self, account: Account) -> tuple[Poller, Time, asyncio.Event, asyncio.Event]:
        """A poller whose first look begins, as the first event says, and goes on when the second is set."""
        time, begun, go = Time(), asyncio.Event(), asyncio.Event()

        async def get(path: str, query: Any = None) -> Any:
            found = await account.get(path, query)
            begun.set()
            await go.wait()
            return found

        return Poller(Looks("image2video", get), time.sleep, lambda: time.now, poll=5), time, begun, go

    def test_a_look_is_not_broken_off_for_another(self) -> None:
        """Who comes while it lasts, and cannot wait, waits for its end."""
        account = Account(ids(2))

        async def watched() -> list[Any]:
            poller, _, begun, go = self.slow(account)
            one = Watcher(poller, "0").ask(5)
            await begun.wait()
            other = Watcher(poller, "1").ask(0, by=0)
            for _ in range(5):
                await asyncio.sleep(0)
            go.set()
            return [await one.answer(), await other.answer()]

        assert run(watched()) == [(5, task("0")), (5, task("1"))]
        assert account.singles == ["0", "1"]

    def test_an_answer_is_not_older_than_its_wish(self) -> None:
        """A wish withdrawn while the look lasts, and asked for again, is told by the next look."""
        account = Account(ids(2))

        async def watched() -> list[Any]:
            poller, _, begun, go = self.slow(account)
            one, other = Watcher(poller, "0").ask(0), Watcher(poller, "1").ask(0)
            await begun.wait()
            poller.withdraw(other.wish)
            other.ask(7)
            account.rows["1"] = row("1", "succeed")
            go.set()
            return [await one.answer(), await other.answer()]

        assert run(watched()) == [(0, task("0")), (7, task("1", "succeed"))]

    def test_who_cannot_wait_is_answered(self) -> None:
        """With None where so many cannot that the queries do not suffice; who can wait keeps his place."""
        account, time = Account(ids(40)), Time()
        account.unlisted = set(ids(40))

        async def watched() -> tuple[list[Any], list[Any]]:
            poller = poller_of(account, time)
            urgent = [Watcher(poller, id).ask(1, by=1) for id in ids(30)]
            patient = [Watcher(poller, str(n)).ask(1) for n in range(30, 33)]
            return [await one.answer() for one in urgent], [await one.answer() for one in patient]

        urgent, patient = run(watched())
        assert [answer for _, answer in urgent] == [task("0"), task("1"), *[None] * 28]
        assert [answer for _, answer in patient] == [task(str(n)) for n in range(30, 33)]

    def test_the_services_wish_is_everybodys(self) -> None:
        """After Retry-After nobody asks before its time, newcomers neither; five hours are a mistake."""
        account, time = Account(ids(2)), Time()
        busy = kw.APIError.of(1302, 429, "too fast")

        async def watched(asked: float) -> list[Any]:
            poller = poller_of(account, time)
            time.now = 0
            account.trouble = lambda id: asking(busy, asked)
            one = Watcher(poller, "0").ask(0)
            answers = [await one.answer()]
            account.trouble = lambda id: None
            return [*answers, await Watcher(poller, "1").ask(0).answer()]

        assert run(watched(40)) == [(0, busy), (40, task("1"))]
        assert run(watched(18_000)) == [(0, busy), (300, task("1"))]

    def test_the_sleep_is_believed(self) -> None:
        """A clock that stands still, or is set back, holds nobody up."""
        account, time = Account(ids(1)), Time()

        async def sleep(seconds: float) -> None:
            time.naps.append(seconds)
            time.now -= 3600

        async def watched() -> Any:
            return await Watcher(poller_of(account, time, sleep), "0").ask(5).answer()

        assert run(watched()) == (5, task("0"))
        assert time.naps == [5]

    def test_a_sleep_that_fails_says_so(self) -> None:
        """It is the user's own, and so are its errors; the next wish begins anew."""
        account, time = Account(ids(1)), Time()
        sleeps = iter([RuntimeError("no sleep"), None])

        async def sleep(seconds: float) -> None:
            if error := next(sleeps):
                raise error
            await time.sleep(seconds)

        async def watched() -> list[Any]:
            one = Watcher(poller_of(account, time, sleep), "0").ask(7)
            return [repr((await one.answer())[1]), await one.ask(7).answer()]

        assert run(watched()) == ["RuntimeError('no sleep')", (7, task("0"))]

    @pytest.mark.parametrize("steps", range(8))
    def test_who_leaves_leaves_nothing(self, steps: int) -> None:
        """With the last watcher the poller ends, and its sleep or the look in flight with it, at any moment."""
        account, time = Account(ids(1)), Time()

        async def watched() -> int:
            poller = poller_of(account, time)
            watchers = [Watcher(poller, "0").ask(2), Watcher(poller, "0").ask(3)]
            for _ in range(steps):
                await asyncio.sleep(0)
            for watcher in watchers:
                watcher.leave()
            for _ in range(6):
                await asyncio.sleep(0)
            assert poller._wishes == {}
            return len(asyncio.all_tasks())

        assert run(watched()) == 1

    def test_one_who_comes_as_the_last_leaves_is_served(self) -> None:
        """Though the poller was about to end."""
        account, time = Account(ids(2)), Time()

        async def watched() -> Any:
            poller = poller_of(account, time)
            gone = Watcher(poller, "0").ask(50)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            gone.leave()
            return await Watcher(poller, "1").ask(3).answer()

        assert run(watched()) == (3, task("1"))
        assert account.singles == ["1"]

    @pytest.mark.parametrize("steps", range(12))
    def test_closing_tells_those_who_wait(self, steps: int) -> None:
        """And those who ask later; nothing is left behind."""
        account, time = Account(ids(1)), Time()

        async def watched() -> None:
            pollers = Pollers(account.get, time.sleep, lambda: time.now, 5)
            one = Watcher(pollers.of("image2video"), "0").ask(1000)
            for _ in range(steps):
                await asyncio.sleep(0)
            await pollers.aclose()
            assert len(asyncio.all_tasks()) == 1
            if not time.naps:
                with pytest.raises(kw.KlingError, match="was closed"):
                    raise (await one.answer())[1]
            with pytest.raises(kw.KlingError, match="was closed"):
                raise (await one.ask(0).answer())[1]
            assert (await Watcher(pollers.of("image2video"), "0").ask(0).answer())[1] == task("0")

        run(watched())

    def test_one_a_kind_and_loop(self) -> None:
        """However the kind is spelt; an ended loop's is forgotten."""
        pollers = Pollers(Account().get, asyncio.sleep, lambda: 0.0, 5)

        async def some() -> list[Poller]:
            kinds = ("image2video", "/v1/videos/image2video/", "effects", "image2video")
            return [pollers.of(kind) for kind in kinds]

        one, same, other, again = run(some())
        assert (one is same is again, one is other) == (True, False)
        assert run(some())[0] is not one
        assert len(pollers._open) <= 1
