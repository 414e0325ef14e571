"""client.map: as many at once as the account takes, each as it ends, nothing twice and nothing lost."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.batch import Outcome
from kling_widgets.endpoint import path_of
from tests.clockwork import Clockwork
from tests.test_budget import Priced
from tests.test_client import FILM, PHOTO, Service, client_of


def png() -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()


class Account(Service):
    """Has so many slots for films and nine for pictures. What a prompt says befalls its task.

    `others` are slots that are not ours, until the clock says `until`. From `revoked` on our key is none.
    """

    def __init__(self, clock: Clockwork, slots: int = 3) -> None:
        super().__init__()
        self.clock = clock
        self.slots = {"videos": slots, "images": 9}
        self.others, self.until = 0, 0.0
        self.revoked = float("inf")
        self.most = Counter[str]()
        self.refusals = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "films.example":
            picture = request.url.path.endswith(".png")
            return httpx.Response(200, content=png() if picture else FILM)
        if self.clock.now >= self.revoked:
            return self.refuse(401, 1002, "no such key")

        _, _, pack, kind, *id = request.url.path.split("/")
        if request.method == "POST":
            return self.made(pack, kind, json.loads(request.content))
        tasks = [task for task in self.tasks if task["kind"] == kind]
        if not id:
            number, size = (int(request.url.params[name]) for name in ("pageNum", "pageSize"))
            return self.frame([self.told(task) for task in tasks][::-1][(number - 1) * size : number * size])
        found = [task for task in tasks if id[0] in (task["task_id"], task["external"])]
        return self.frame(self.told(found[0])) if found else self.refuse(400, 1201, "Task not found by id")

    def made(self, pack: str, kind: str, body: dict[str, Any]) -> httpx.Response:
        key, count, wish = body["external_task_id"], body.get("n", 1) if pack == "images" else 1, body["prompt"]
        if any(task["external"] == key for task in self.tasks):
            return self.refuse(400, 1201, f"External_task_id {key} already exists")
        if wish == "policy":
            return self.refuse(400, 1301, "no")
        taken = sum(task["count"] for task in self.tasks if task["pack"] == pack and self.runs(task))
        if taken + count + (self.others if self.clock.now < self.until else 0) > self.slots[pack]:
            self.refusals += 1
            return self.refuse(429, 1303, "parallel task over resource pack limit")

        self.most[pack] = max(self.most[pack], taken + count)
        seconds = float(wish.rpartition(" ")[2]) if wish.startswith("takes") else 60.0
        task = {"task_id": str(100 + len(self.tasks)), "external": key, "kind": kind, "pack": pack, "count": count}
        task |= {"ends": self.clock.now + seconds, "wish": wish, "units": body.get("units", 2.0)}
        self.tasks.append(task)
        if wish == "lost" and not any(each["external"] == key for each in self.tasks[:-1]):
            raise httpx.ReadError("reset")
        return self.frame(self.told(task))

    def runs(self, task: dict[str, Any]) -> bool:
        return bool(self.clock.now < task["ends"])

    def told(self, task: dict[str, Any]) -> dict[str, Any]:
        if task["wish"] == "odd" and self.clock.now > task["ends"] - 30:
            return {**super().told({**task, "status": "paused"})}
        status = "processing" if self.runs(task) else "failed" if task["wish"].startswith("fails") else "succeed"
        told = super().told({**task, "status": status})
        if status == "succeed" and task["pack"] == "images":
            address = f"https://films.example/{task['task_id']}"
            told["task_result"] = {"images": [{"index": n, "url": f"{address}-{n}.png"} for n in range(task["count"])]}
        if not self.runs(task):
            told["final_unit_deduction"] = str(task["units"] if status == "succeed" else 0)
        return told

    def keys(self) -> list[str]:
        return sorted(task["external"] for task in self.tasks)


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
def account(clock: Clockwork) -> Account:
    return Account(clock)


@pytest.fixture
def client(account: Account, tmp_path: Path) -> kw.Client:
    return having(account, tmp_path)


def having(account: Account, folder: Path, name: str = "a") -> kw.Client:
    clock = account.clock
    files = {"journal": folder / f"{name}.sqlite", "videos": folder / name}
    return client_of(account, sleep=clock.sleep, now=lambda: clock.now, **files)  # type: ignore[arg-type]


def wish(words: str) -> kw.ImageToVideo:
    return kw.ImageToVideo(image=PHOTO, prompt=words, model_name="kling-v2-6")


def wishes(count: int) -> list[kw.ImageToVideo]:
    return [wish(f"wish {n}") for n in range(count)]


async def all_of(outcomes: AsyncIterator[Outcome]) -> list[Outcome]:
    return [outcome async for outcome in outcomes]


def mapped(client: kw.Client, account: Account, requests: Any, **options: Any) -> list[Outcome]:
    return account.clock.run(all_of(client.map(requests, **{"progress": False, **options})))


class TestMap:
    """A good day, and its bad moments."""

    def test_all_of_them(self, client: kw.Client, account: Account) -> None:
        """Twelve films on three slots: each is made once, is on disk, and knows its place in the batch."""
        requests = wishes(12)
        outcomes = mapped(client, account, requests)

        assert sorted(outcome.index for outcome in outcomes) == [*range(12)]
        assert all(outcome.request is requests[outcome.index] for outcome in outcomes)
        assert all(outcome.ok and not outcome.found for outcome in outcomes)
        assert len({outcome.video.path for outcome in outcomes if outcome.video and outcome.video.path.exists()}) == 12
        assert account.keys() == sorted(request.key() for request in requests)

    def test_as_many_at_once_as_the_account_takes(self, client: kw.Client, account: Account) -> None:
        """The first refusals teach how many; from then on one is tried a round. No slot is left empty for long."""
        mapped(client, account, wishes(30))

        assert account.most == {"videos": 3}
        assert account.refusals <= 2 + 30 / 3
        assert account.clock.now < 1.3 * 60 * 30 / 3

    def test_a_large_account_is_found_out(self, clock: Clockwork, tmp_path: Path) -> None:
        """Five, ten, twenty: in the third round all its slots are taken."""
        account = Account(clock, slots=20)
        mapped(having(account, tmp_path), account, wishes(50))

        assert (account.most, account.refusals <= 3) == ({"videos": 20}, True)

    def test_each_as_it_ends(self, client: kw.Client, account: Account) -> None:
        """Not in the order of asking; who comes first is given while the others are in the making."""
        account.slots["videos"] = 5

        async def story() -> list[tuple[int, float]]:
            batch = [wish("takes 300"), wish("takes 20"), wish("takes 100")]
            return [(outcome.index, account.clock.now) async for outcome in client.map(batch, progress=False)]

        seen = account.clock.run(story())
        assert [index for index, _ in seen] == [1, 2, 0]
        assert seen[0][1] < 40 < 100 <= seen[1][1] < 130 < 300 <= seen[2][1]

    def test_one_failure_stops_nothing(self, client: kw.Client, account: Account) -> None:
        """A task that failed, one that was turned down, what is no request, a lost answer: each has its outcome."""
        batch = [wish("fails"), wish("policy"), "boat.jpg", wish("lost"), None, wish("fine")]
        outcomes = sorted(mapped(client, account, batch), key=lambda outcome: outcome.index)
        errors = [type(outcome.error) for outcome in outcomes]

        assert errors == [kw.TaskFailed, kw.Rejected, kw.InvalidRequest, type(None), kw.InvalidRequest, type(None)]
        assert [outcome.task.status if outcome.task else "" for outcome in outcomes] == [
            *["failed", "", "", "succeed", "", "succeed"]
        ]
        assert str(outcomes[2].error).startswith("requests[2]: A str is no request. Give requests, such as")
        assert str(outcomes[1]) == f"1: {outcomes[1].error}"
        assert str(outcomes[5]) == f"5: {outcomes[5].video}"
        assert account.keys() == sorted(wish(words).key() for words in ("fails", "lost", "fine"))

    def test_others_have_the_account_to_themselves(self, client: kw.Client, account: Account) -> None:
        """For some minutes; then it goes on."""
        account.others, account.until = 3, 400
        outcomes = mapped(client, account, wishes(4))

        assert [outcome.error for outcome in outcomes] == [None] * 4
        assert 400 < account.clock.now < 800

    def test_a_generator_is_asked_when_there_is_room(self, client: kw.Client, account: Account) -> None:
        """Of a million wishes no more are written than can be in hand, and the rest never where one leaves."""
        asked = []

        def dream() -> Iterator[kw.ImageToVideo]:
            for n in range(10**6):
                asked.append(n)
                yield wish(f"wish {n}")

        async def story() -> None:
            outcomes = client.map(dream(), progress=False)
            for _ in range(4):
                await anext(outcomes)
                assert len(asked) <= len(account.tasks) + 3
            await outcomes.aclose()

        account.clock.run(story())
        assert len(asked) < 15

    def test_a_generator_that_breaks(self, client: kw.Client, account: Account) -> None:
        """What was begun is paid for and comes to its end; then the error is raised."""

        def breaking() -> Iterator[kw.ImageToVideo]:
            yield from wishes(2)
            raise RuntimeError("no more ideas")

        async def story() -> None:
            outcomes = client.map(breaking(), progress=False)
            assert [(await anext(outcomes)).ok for _ in range(2)] == [True, True]
            with pytest.raises(RuntimeError, match="no more ideas"):
                await anext(outcomes)

        account.clock.run(story())

    def test_nothing_to_do(self, client: kw.Client, account: Account) -> None:
        """Is done at once."""
        assert mapped(client, account, []) == []
        assert account.requests == []

    def test_the_same_wish_several_times(self, client: kw.Client, account: Account) -> None:
        """Is one film, given as often as it was asked for."""
        outcomes = mapped(client, account, [wish("up")] * 3 + [wish("down")] + [wish("up")])

        assert len({outcome.video.path for outcome in outcomes if outcome.video}) == 2
        assert (len(outcomes), account.keys()) == (5, sorted([wish("up").key(), wish("down").key()]))

    def test_another_take(self, client: kw.Client, account: Account) -> None:
        """Of each."""
        mapped(client, account, wishes(2))
        outcomes = mapped(client, account, wishes(2), take=2)

        assert all(outcome.ok and not outcome.found for outcome in outcomes)
        assert account.keys() == sorted(each.key(take) for each in wishes(2) for take in (1, 2))

    def test_pictures_and_films(self, client: kw.Client, account: Account) -> None:
        """Each on slots of its own: a picture takes one, so three requests for four of them are two and one."""
        stills = [kw.ImageGeneration(prompt=f"still {n}", n=4) for n in range(3)]
        outcomes = mapped(client, account, [*stills, *wishes(3)])
        by_index = sorted(outcomes, key=lambda outcome: outcome.index)

        assert [len(outcome.images) for outcome in by_index] == [4, 4, 4, 0, 0, 0]
        assert [outcome.video is not None for outcome in by_index] == [False] * 3 + [True] * 3
        assert account.most == {"videos": 3, "images": 8}
        assert str(by_index[0]) == "0: 4 pictures"

    def test_a_key_that_is_revoked(self, client: kw.Client, account: Account) -> None:
        """Each outcome says so, with the task that is in the making; it can be gone on with later."""
        account.revoked = 30
        outcomes = mapped(client, account, wishes(6))
        running = [outcome.task.id for outcome in outcomes if outcome.task]

        assert {type(outcome.error) for outcome in outcomes} == {kw.NotAuthorized}
        assert (len(outcomes), sorted(running)) == (6, ["100", "101", "102"])
        account.revoked = float("inf")
        assert all(outcome.ok for outcome in mapped(client, account, wishes(6)))
        assert account.keys() == sorted(each.key() for each in wishes(6))

    def test_a_twin_keeps_no_slot_from_the_one_it_waits_for(self, client: kw.Client, account: Account) -> None:
        """The same wish twice in a batch and a full account: the first gets the slot, the second its task."""
        account.slots["videos"], account.others, account.until = 1, 1, 100.0
        outcomes = mapped(client, account, [wish("a twin")] * 2)

        assert [outcome.ok for outcome in outcomes] == [True, True]
        assert len(account.tasks) == 1
        assert account.clock.now < 200


class TestAgain:
    """Interrupted and run again: nothing twice, nothing lost, nothing left behind."""

    def test_a_batch_that_is_done_costs_nothing(self, client: kw.Client, account: Account, tmp_path: Path) -> None:
        """No network at all, in another kernel neither."""
        first = mapped(client, account, wishes(4))
        before = len(account.requests)
        again = mapped(client, account, wishes(4)) + mapped(having(account, tmp_path), account, wishes(4))

        assert len(account.requests) == before
        assert all(outcome.found and outcome.task is None for outcome in again)
        assert {outcome.video.path for outcome in again if outcome.video} == {
            outcome.video.path for outcome in first if outcome.video
        }
        assert str(again[0]).endswith(", already made")

    def test_left_in_the_middle(self, client: kw.Client, account: Account, tmp_path: Path) -> None:
        """After three of ten: nothing goes on here, and another kernel goes on where this one stopped."""

        async def some() -> None:
            outcomes = client.map(wishes(10), progress=False)
            for _ in range(3):
                assert (await anext(outcomes)).ok
            await outcomes.aclose()
            await asyncio.sleep(0)
            assert names() == {"the work"}

        account.clock.run(some())
        before = [task["task_id"] for task in account.tasks]
        assert len(before) < 10
        outcomes = mapped(having(account, tmp_path), account, wishes(10))

        assert all(outcome.ok for outcome in outcomes)
        assert sum(outcome.found for outcome in outcomes) == len(before)
        assert account.keys() == sorted(each.key() for each in wishes(10))

    @settings(max_examples=15, deadline=None)
    @given(
        moment=st.sampled_from([0.0, 1.5, 4.0, 60.0, 65.0, 120.0, 130.0]), steps=st.integers(0, 80), again=st.booleans()
    )
    def test_interrupted_anywhere(
        self, tmp_path_factory: pytest.TempPathFactory, moment: float, steps: int, again: bool
    ) -> None:
        """At any moment and any step of the loop, lost answers and refusals among them."""
        account, folder = Account(Clockwork()), tmp_path_factory.mktemp("batch")
        batch = [wish("lost"), *wishes(5), wish("lost"), wish("policy"), wish("fails")]
        first = having(account, folder)

        async def interrupted() -> None:
            mapping = asyncio.create_task(all_of(first.map(batch, progress=False)))
            await account.clock.sleep(moment)
            for _ in range(steps):
                await asyncio.sleep(0)
            mapping.cancel()
            await asyncio.wait([mapping])
            await asyncio.sleep(0)
            assert names() == {"the work"}

        account.clock.run(interrupted())
        assert not [entry.key for entry in first.journal.entries() if entry.state == "sending"]
        outcomes = mapped(first if again else having(account, folder), account, batch)
        errors = Counter(type(outcome.error).__name__ for outcome in outcomes)

        assert errors == {"NoneType": 7, "Rejected": 1, "TaskFailed": 1}
        books = Counter(task["wish"] for task in account.tasks)
        assert books.pop("fails") <= 2  # where it had failed before, it is another take, and costs nothing either
        assert books == {"lost": 1, **{f"wish {n}": 1 for n in range(5)}}
        first.journal.close()


def names() -> set[str]:
    """Who is at work, but for the clock."""
    return {task.get_name() for task in asyncio.all_tasks() if "_ticking" not in repr(task.get_coro())} - {
        task.get_name() for task in asyncio.all_tasks() if "alone" in repr(task.get_coro())
    }


PRICES = st.sampled_from([0.1, 0.5, 1, 2, 3.5])
ENDS = st.sampled_from(["fine", "fine", "fails", "policy", "lost", "odd", "takes 5", "takes 200"])


def priced(words: str, units: float, n: int = 0) -> kw.Request:
    return Priced("omni-video", {"prompt": words, "units": units, "n": n})


class TestBudget:
    """What a batch may cost."""

    def test_what_fits_is_made_and_the_rest_is_said(self, client: kw.Client, account: Account) -> None:
        """In the order of asking; what a failure gives back is spent on the next one."""
        batch = [priced("fails", 3), priced("one", 2), priced("two", 2), priced("three", 1)]
        outcomes = sorted(mapped(client, account, batch, budget_units=4), key=lambda outcome: outcome.index)

        assert [type(outcome.error) for outcome in outcomes] == [kw.TaskFailed, type(None), type(None), kw.OverBudget]
        assert "It costs 1 units, and of the budget of 4 units 0 are left. Nothing was sent." in str(outcomes[3].error)

    def test_what_was_made_before_counts(self, client: kw.Client, account: Account) -> None:
        """Run again with the same budget, a batch gets no further: it is of all of it."""
        batch = [priced("one", 2), priced("two", 2)]
        for _ in range(2):
            outcomes = mapped(client, account, batch, budget_units=3)
            assert sorted(type(outcome.error).__name__ for outcome in outcomes) == ["NoneType", "OverBudget"]

        assert len(account.tasks) == 1

    def test_what_is_lost_sight_of_stays_spent(self, client: kw.Client, account: Account) -> None:
        """A task that runs costs, whether its states can be read or not."""
        outcomes = mapped(client, account, [priced("odd", 2), priced("two", 2)], budget_units=3)

        assert [type(outcome.error) for outcome in outcomes] == [kw.ResponseError, kw.OverBudget]
        assert outcomes[0].task is not None

    def test_a_film_that_cannot_be_looked_for_gives_its_place_back(self, client: kw.Client, account: Account) -> None:
        """Nobody waits for ever for what never began."""

        def broken(request: kw.Request, take: int = 1) -> None:
            raise kw.KlingError("no disk") if request is first else AssertionError("the next one")

        first, second = priced("one", 2), priced("two", 2)
        client.found = broken  # type: ignore[method-assign, assignment]
        outcomes = mapped(client, account, [first, second], budget_units=2)

        assert [str(outcome.error) for outcome in outcomes] == ["no disk", "the next one"]

    @settings(max_examples=30, deadline=None)
    @given(
        wanted=st.lists(st.tuples(ENDS, PRICES, st.integers(0, 2)), max_size=10),
        budget=st.sampled_from([0, 0.3, 2, 5, 12]),
        slots=st.integers(1, 6),
        revoked=st.sampled_from([float("inf"), float("inf"), 50, 130]),
        runs=st.integers(1, 2),
    )
    def test_never_passed(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        wanted: Any,
        budget: float,
        slots: int,
        revoked: float,
        runs: int,
    ) -> None:
        """Any costs, failures, order and repetitions, by the service's own books; nothing that fits is left out."""
        account, folder = Account(Clockwork(), slots), tmp_path_factory.mktemp("budget")
        account.revoked = revoked
        client = having(account, folder)
        batch = [priced(*each) for each in wanted]
        for _ in range(runs):
            outcomes = mapped(client, account, batch, budget_units=budget)
            assert len(outcomes) == len(batch)

        spent = sum(task["units"] for task in account.tasks if not task["wish"].startswith("fails"))
        assert round(spent, 6) <= budget
        if round(sum({request.key(): request.cost().units for request in batch}.values()), 6) <= budget:  # type: ignore[union-attr]
            assert not any(isinstance(outcome.error, kw.OverBudget) for outcome in outcomes)
        client.journal.close()


class TestProgress:
    """A bar for whoever waits."""

    def test_the_bar(self, client: kw.Client, account: Account, capsys: pytest.CaptureFixture[str]) -> None:
        """Says how many there are, were made already and failed; not where results are printed; and it closes."""
        from tqdm.auto import tqdm

        mapped(client, account, [wish("up")])
        outcomes = mapped(client, account, [wish("up"), wish("down"), wish("fails")], progress=True)
        out, err = capsys.readouterr()

        assert len(outcomes) == 3
        assert out == ""
        assert "3/3" in err
        assert "already_made=1, failed=1" in err
        assert not [*tqdm._instances]

    @pytest.mark.parametrize("requests", [lambda: iter(wishes(2)), lambda: wishes(2)])
    def test_it_closes_where_one_leaves(
        self, client: kw.Client, account: Account, requests: Callable[[], Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And of a generator nobody knows how long it is."""
        from tqdm.auto import tqdm

        async def story() -> None:
            outcomes = client.map(requests())
            await anext(outcomes)
            await outcomes.aclose()
            await asyncio.sleep(0)
            assert names() == {"the work"}

        account.clock.run(story())
        assert not [*tqdm._instances]
        assert capsys.readouterr().out == ""

    def test_without_a_bar_none_is_loaded(self, tmp_path: Path) -> None:
        """Importing is not free."""
        script = (
            "import asyncio, sys, kling_widgets as kw\n"
            f"client = kw.Client(kw.ApiKey('k'), journal={str(tmp_path / 'j')!r})\n"
            "async def story(): return [each async for each in client.map([], progress=False)]\n"
            "asyncio.run(story()); print('tqdm' in sys.modules)"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout == "False\n"


def test_the_path_of_a_raw_request_is_the_accounts() -> None:
    """The account above splits it."""
    assert path_of("omni-video") == "/v1/videos/omni-video"
