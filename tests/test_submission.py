"""One wish is one task, whatever becomes of the answers; held to the table data/errors.json row by row."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets import sending, submission
from tests.clockwork import step_by_step
from tests.rough import Mishap, Rough
from tests.test_client import FILM, PHOTO, Service, Time, client_of, film, run

TABLE = json.loads(Path("kling_widgets/data/errors.json").read_text("utf-8"))
ROWS = [row for row in TABLE["errors"] if row["code"]]
KEY = film().key()
SAFE = "Submit the same request again"


def answer(row: dict[str, Any]) -> httpx.Response:
    """With the date of a service whose clock is two hours ahead, for those who ask what time it is."""
    body = {"code": row["code"], "message": "no", "request_id": "r"}
    return httpx.Response(row["http"], json=body, headers={"date": "Tue, 01 Sep 2126 12:00:00 GMT"})


CODES = [pytest.param(lambda row=row: answer(row), row["retry"]["create"], id=str(row["code"])) for row in ROWS]
EVENTS: dict[str, Callable[[], httpx.Response | Exception]] = {
    "unsent": lambda: httpx.ConnectError("refused"),
    "lost": lambda: httpx.RemoteProtocolError("gone"),
    "5xx": lambda: httpx.Response(502, text="<html>Bad gateway"),
    "2xx": lambda: httpx.Response(200, text='{"code": 0, "da'),
    "3xx": lambda: httpx.Response(302, headers={"location": "https://hotel.example"}),
    "408": lambda: httpx.Response(408),
    "429": lambda: httpx.Response(429, text="slow down"),
    "4xx": lambda: httpx.Response(403, text="<html>Forbidden"),
}
TRANSPORT = [pytest.param(EVENTS[row["when"]], row["retry"]["create"], id=row["when"]) for row in TABLE["transport"]]
MORE = [
    pytest.param(lambda: httpx.ReadTimeout("slow"), "lookup", id="timeout"),
    pytest.param(lambda: httpx.WriteError("reset"), "lookup", id="reset"),
    pytest.param(lambda: httpx.ProxyError("no way"), "backoff", id="proxy"),
    pytest.param(lambda: Service.frame({}), "lookup", id="no task in it"),
    pytest.param(lambda: Service.refuse(500, 77, "new"), "lookup", id="unknown code with 500"),
    pytest.param(lambda: Service.refuse(502, 0, "SUCCEED"), "lookup", id="code 0 with 502"),
    pytest.param(lambda: Service.refuse(400, 77, "new"), "never", id="unknown code with 400"),
]


ALL = [*CODES, *TRANSPORT, *MORE]


class TestTable:
    """What may be done after each answer, and nothing else."""

    @pytest.mark.parametrize(("spoilt", "verdict"), ALL)
    def test_each_row(self, spoilt: Any, verdict: str) -> None:
        """How often is sent, how often looked up and in which order; always with the same id."""
        service, time = Rough(Mishap(spoilt())), Time()
        client = client_of(service, time)
        task, error = attempt(client)
        entry = client.journal.entry(KEY)

        expected = {
            "never": (["POST"], []),
            "backoff": (["POST", "POST"], [1.25]),
            "resign": (["POST", "POST"], []),
            "lookup": (["POST", "GET", "GET", "POST"], [1.25, 2.5]),
        }
        assert (service.calls, time.naps) == expected[verdict]
        assert service.ids == {KEY}
        assert entry is not None
        if verdict == "never":
            assert error is not None
            assert (len(service.tasks), error.nothing_made, entry.state) == (0, True, "refused")
        else:
            assert task is not None
            assert (len(service.tasks), task.found, entry.task) == (1, False, task)

    @pytest.mark.parametrize(
        "spoilt",
        [pytest.param(row.values[0], id=row.id) for row in ALL if row.values[1] == "lookup"],
    )
    def test_what_was_made_all_the_same_is_not_sent_again(self, spoilt: Any) -> None:
        """One POST, one look, one task."""
        service = Rough(Mishap(spoilt(), acted=True))
        task, _ = attempt(client_of(service))

        assert task is not None
        assert (service.calls, task.id, len(service.tasks)) == (["POST", "GET"], "100", 1)

    @pytest.mark.parametrize(
        ("spoilt", "sends"),
        [
            pytest.param(row.values[0], 4 if row.id in ("unsent", "proxy") else 6, id=row.id)
            for row in ALL
            if row.values[1] in ("lookup", "backoff") and row.id != "1303"
        ],
    )
    def test_it_comes_to_an_end(self, spoilt: Any, sends: int) -> None:
        """Of what is unclear there are two looks before each repetition, and two before it is given up."""
        service, time = Rough(*[Mishap(spoilt()) for _ in range(99)]), Time()
        client = client_of(service, time)
        _, error = attempt(client)
        entry = client.journal.entry(KEY)

        assert error is not None
        assert entry is not None
        unclear = error.retry("create") == "lookup"
        assert service.calls == (["POST", "GET", "GET"] * sends if unclear else ["POST"] * sends)
        said = "".join([str(error), *getattr(error, "__notes__", [])])
        assert (SAFE in said, error.nothing_made, entry.state) == (
            (True, False, "unclear") if unclear else (False, True, "refused")
        )
        assert service.ids == {KEY}
        assert time.now < 600

    def test_a_second_1003_is_raised(self) -> None:
        """A new signature is tried once."""
        row = next(row for row in ROWS if row["code"] == 1003)
        service = Rough(*[Mishap(answer(row)) for _ in range(9)])
        _, error = attempt(client_of(service))

        assert (type(error), service.calls) == (kw.NotAuthorized, ["POST", "POST"])

    @pytest.mark.parametrize(("jitter", "naps"), [(0.0, [1, 2, 4, 8, 16]), (1.0, [1.5, 3, 6, 12, 24])])
    def test_the_waits_grow_and_spread_upwards(self, jitter: float, naps: list[float]) -> None:
        """Never less than the vendor's second."""
        time = Time()
        attempt(
            client_of(Rough(*[Mishap(Service.refuse(429, 1302, "")) for _ in range(9)]), time, jitter=lambda: jitter)
        )

        assert time.naps == naps

    @pytest.mark.parametrize("code", [1302, 1303, 5001])
    @pytest.mark.parametrize(
        ("headers", "wait"),
        [
            ({"retry-after": "30"}, 30),
            ({"retry-after": "Tue, 01 Sep 2026 12:00:40 GMT", "date": "Tue, 01 Sep 2026 12:00:00 GMT"}, 40),
            ({"retry-after": "0"}, 1.25),
            ({"retry-after": "9999999999999"}, 300),
            ({"retry-after": "soon"}, 1.25),
        ],
    )
    def test_the_service_may_say_how_long(self, code: int, headers: dict[str, str], wait: float) -> None:
        """In seconds or as a date; neither less than a second, nor for ever. A look waits as long as a repetition."""
        busy = Service.refuse(503 if code == 5001 else 429, code, "busy")
        busy.headers.update(headers)
        service, time = Rough(Mishap(busy)), Time()
        attempt(client_of(service, time))

        assert (time.naps[0], len(service.tasks)) == (wait, 1)


def attempt(client: kw.Client, request: Any = None, take: int = 1) -> tuple[kw.Task | None, kw.KlingError | None]:
    """What became of a submission."""
    try:
        return run(client.submit(request or film(), take)), None
    except kw.KlingError as error:
        return None, error


class TestUnclear:
    """As long as there may be a task that nobody has told us of, nothing is sent before a look."""

    LOST = Mishap(httpx.ReadTimeout("slow"), acted=True)

    @pytest.mark.parametrize(
        "trouble",
        [
            lambda: Service.refuse(401, 1002, "no token"),
            lambda: httpx.Response(403, text="<html>Forbidden"),
            lambda: Service.refuse(429, 1101, "in arrears"),
            lambda: Service.frame({"task_id": "100", "task_status": "paused"}),
        ],
    )
    def test_what_cannot_be_looked_up_is_not_sent_again(self, trouble: Any) -> None:
        """The error says so; the next submission begins with a look, and finds the task."""
        service = Rough(self.LOST, looks=[Mishap(trouble())])
        client = client_of(service)
        _, error = attempt(client)
        entry = client.journal.entry(KEY)

        assert error is not None
        assert SAFE in "".join([str(error), *getattr(error, "__notes__", [])])
        assert (service.calls, error.nothing_made, entry and entry.state) == (["POST", "GET"], False, "unclear")
        task, _ = attempt(client)
        assert task is not None
        assert (service.calls[2:], task.id, task.found, len(service.tasks)) == (["GET"], "100", True, 1)

    def test_a_look_is_patient(self) -> None:
        """Looks are free, so what passes is waited out."""
        service = Rough(self.LOST, looks=[Mishap(httpx.ConnectError("no route")), Mishap(httpx.Response(502))])
        task, _ = attempt(client_of(service))

        assert task is not None
        assert (service.calls, len(service.tasks)) == (["POST", "GET", "GET", "GET"], 1)

    def test_a_refusal_does_not_make_it_clear(self) -> None:
        """A lost answer, and then "too fast", and then no money: the first POST may still be on its way."""
        service = Rough(
            Mishap(httpx.ReadTimeout("slow")),
            Mishap(Service.refuse(429, 1302, "")),
            Mishap(Service.refuse(429, 1101, "")),
        )
        client = client_of(service)
        _, error = attempt(client)
        entry = client.journal.entry(KEY)

        assert isinstance(error, kw.AccountError)
        assert (error.nothing_made, entry and entry.state) == (False, "unclear")
        attempt(client)
        assert service.calls[-3:] == ["GET", "GET", "POST"]

    @pytest.mark.parametrize("acted", [True, False])
    @pytest.mark.parametrize("other_journal", [True, False])
    def test_interrupted_in_the_middle_of_the_post(self, tmp_path: Path, acted: bool, other_journal: bool) -> None:
        """A cell is stopped and run again, on this machine or on another: one task, and no waiting for who has gone."""
        service, time = Rough(Mishap(None, acted)), Time()
        client = client_of(service, time, journal=tmp_path / "a.sqlite")

        async def stopped() -> None:
            submission = asyncio.create_task(client.submit(film()))
            await service.reached.wait()
            submission.cancel()
            await submission

        with pytest.raises(asyncio.CancelledError):
            run(stopped())
        steps = client.journal.transitions(KEY)
        assert [(step.state, step.note) for step in steps] == [("sending", ""), ("unclear", "CancelledError")]

        time.naps.clear()
        again = client_of(service, time, journal=tmp_path / "b.sqlite") if other_journal else client
        task = run(again.submit(film()))
        assert (task.id, [each["external"] for each in service.tasks]) == ("100", [KEY])
        looked = ["GET"] if acted else ["GET", "GET", "POST"]
        assert service.calls[1:] == ((["POST", "GET"] if acted else ["POST"]) if other_journal else looked)
        assert sending.FULL_FOR > sum(time.naps) < 2

    @pytest.mark.parametrize("twice", [False, True])
    def test_interrupted_anywhere(self, tmp_path: Path, twice: bool) -> None:
        """At whatever step of the loop, and impatiently too: nothing is held by who has gone, and there is one task."""

        def interrupted(steps: int) -> bool:
            lost = Mishap(httpx.ReadError("gone"), acted=steps % 2 == 0)
            service, time = Rough(lost, Mishap(httpx.Response(503))), Time()

            async def sleep(seconds: float) -> None:
                await asyncio.sleep(0)
                await time.sleep(seconds)

            async def stopped() -> bool:
                submission = asyncio.create_task(client.submit(film()))
                for _ in range(steps):
                    await asyncio.sleep(0)
                submission.cancel()
                if twice:
                    await asyncio.sleep(0)
                    submission.cancel()
                await asyncio.wait([submission])
                return submission.cancelled()

            client = client_of(service, journal=tmp_path / f"{steps}.sqlite", sleep=sleep)
            cancelled = step_by_step(stopped())
            entry = client.journal.entry(KEY)
            assert entry is None or entry.state != "sending"
            time.naps.clear()
            assert step_by_step(client.submit(film())).id == "100"
            assert len(service.tasks) == 1
            assert 0.5 not in time.naps  # nobody else was waited for
            client.journal.close()
            return cancelled

        steps = 0
        while interrupted(2 * steps) | interrupted(2 * steps + 1):
            steps += 1
        assert steps > 10

    def test_half_a_deed_is_waited_for(self) -> None:
        """However often one is interrupted while the disk is slow: what follows comes after it."""
        go, steps = threading.Event(), []

        async def interrupted() -> None:
            loop, begun = asyncio.get_running_loop(), asyncio.Event()

            def slow() -> None:
                loop.call_soon_threadsafe(begun.set)
                steps.append(go.wait(10))

            waiting = asyncio.create_task(submission._done(slow))
            await begun.wait()
            for _ in range(3):
                waiting.cancel()
                await asyncio.sleep(0)
            steps.append("still waiting" if not waiting.done() else "gone")
            go.set()
            await waiting

        with pytest.raises(asyncio.CancelledError):
            run(interrupted())
        assert steps == ["still waiting", True]

    def test_a_loop_that_ends_without_a_word(self, tmp_path: Path) -> None:
        """Then nothing can be awaited, and the journal is told all the same."""
        reached = asyncio.Event()

        async def sleep(seconds: float) -> None:
            reached.set()
            await asyncio.Event().wait()

        client = client_of(Rough(Mishap(httpx.ReadError("gone"))), sleep=sleep)
        loop = asyncio.new_event_loop()
        doing = loop.create_task(client.submit(film()))
        loop.run_until_complete(reached.wait())
        doing._log_destroy_pending = False  # type: ignore[attr-defined]
        doing.get_coro().close()  # type: ignore[union-attr]
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

        assert [step.state for step in client.journal.transitions(KEY)] == ["sending", "unclear"]


class TestTaken:
    """An id that exists already."""

    @pytest.mark.parametrize("hidden", [0, 1, 2])
    def test_it_is_adopted(self, tmp_path: Path, hidden: int) -> None:
        """Made on another machine; also when it cannot be seen at first."""
        service = Rough()
        run(client_of(service, journal=tmp_path / "a").submit(film()))
        service.hidden = hidden
        task = run(client_of(service, journal=tmp_path / "b").submit(film()))

        assert (task.id, task.found, len(service.tasks)) == ("100", True, 1)
        assert service.calls == ["POST", "POST", *["GET"] * (hidden + 1)]

    def test_it_is_not_shown_for_long(self, tmp_path: Path) -> None:
        """It is ours, whatever the service shows: asking again later finds it."""
        service = Rough()
        run(client_of(service, journal=tmp_path / "a").submit(film()))
        service.hidden = 3
        client = client_of(service, journal=tmp_path / "b")
        _, error = attempt(client)

        assert isinstance(error, kw.ResponseError)
        assert "exists already, but does not show it" in str(error)
        assert error.nothing_made is False
        task, _ = attempt(client)
        assert task is not None
        assert (task.id, task.found, service.calls[-1]) == ("100", True, "GET")

    def test_an_own_id_of_something_else(self, tmp_path: Path) -> None:
        """Another kind has it: nothing was made, and another one must be chosen."""
        service = Rough()
        run(client_of(service, journal=tmp_path / "a").submit(film(external_task_id="mine")))
        effect = kw.VideoEffect(effect_scene="color_mixing", image=PHOTO, external_task_id="mine")
        client = client_of(service, journal=tmp_path / "b")
        _, error = attempt(client, effect)
        entry = client.journal.entry("mine")

        assert isinstance(error, kw.Rejected)
        assert "not for effects; choose another external_task_id" in str(error)
        assert (error.nothing_made, entry and entry.state, len(service.tasks)) == (True, "refused", 1)

    def test_trouble_with_the_look(self, tmp_path: Path) -> None:
        """It is known to exist, so it stays unclear, and is looked for first the next time."""
        service = Rough()
        run(client_of(service, journal=tmp_path / "a").submit(film()))
        service.looks = [Mishap(httpx.ConnectError("no route")) for _ in range(3)]
        client = client_of(service, journal=tmp_path / "b")
        _, error = attempt(client)
        entry = client.journal.entry(KEY)

        assert isinstance(error, kw.ConnectionFailed)
        assert SAFE in str(error)
        assert entry is not None
        assert entry.state == "unclear"
        assert attempt(client)[0] is not None
        assert service.calls == ["POST", "POST", "GET", "GET", "GET", "GET"]


class TestKnown:
    """What the journal knows need not be asked for."""

    def test_a_film_on_disk_needs_no_network(self, tmp_path: Path) -> None:
        """Not for the film, nor for its task; not in another client with another folder either."""
        service = Service()
        first = client_of(service, videos=tmp_path / "a")
        video = run(first.film(film()))
        task = run(first.task("100"))
        before = len(service.requests)

        for client in (first, client_of(service, videos=tmp_path / "b")):
            assert run(client.film(film())) == kw.Video(video.path, "", video.duration, video.width, video.height)
            again = run(client.submit(film()))
            assert (again, again.found) == (task, True)
        assert len(service.requests) == before

    def test_a_film_that_was_moved_away_is_fetched_again(self, tmp_path: Path) -> None:
        """From the address that the service gives now."""
        service = Service()
        client = client_of(service, videos=tmp_path)
        run(client.film(film())).path.unlink()

        assert run(client.film(film())).path.read_bytes() == FILM
        assert service.count("POST") == 1

    def test_out_of_reach(self) -> None:
        """The task as it was last seen, soon: the watch waits, not the submission."""
        service, time = Rough(), Time()
        client = client_of(service, time)
        made = run(client.submit(film()))
        service.looks = [Mishap(httpx.ConnectError("no route")) for _ in range(9)]
        again = run(client.submit(film()))

        assert (again, again.found, service.count("POST")) == (made, True, 1)
        assert sum(time.naps) < 2

    def test_a_key_that_has_ended(self) -> None:
        """What cannot pass is raised: nobody would see that the account is no more."""
        service = Rough()
        client = client_of(service)
        run(client.submit(film()))
        service.looks = [Mishap(Service.refuse(401, 1002, "no"))]

        assert isinstance(attempt(client)[1], kw.NotAuthorized)

    def test_an_emulator_that_has_forgotten(self) -> None:
        """Makes it again: nothing was paid for."""
        service = Rough()
        client = client_of(service, base_url="http://127.0.0.1:8787")
        run(client.submit(film()))
        service.story = ["succeed"]
        run(client.task("100"))
        service.tasks.clear()
        task = run(client.submit(film()))

        assert (task.found, service.count("POST"), len(service.tasks)) == (False, 2, 1)
        assert [step.state for step in client.journal.transitions(KEY)] == [
            *["sending", "submitted", "succeed", "unclear", "sending", "submitted"]
        ]

    def test_the_vendor_that_has_cleared_a_film(self) -> None:
        """It is not paid for again by itself, and the words say what can be done; nothing is sent."""
        service = Rough()
        client = client_of(service)
        run(client.submit(film()))
        service.story = ["succeed"]
        run(client.task("100"))
        service.tasks.clear()
        for _ in range(2):
            _, error = attempt(client)
            assert "This was made and paid for on" in str(error)
            assert "ask for another take, such as take=2" in str(error)
            assert error is not None
            assert error.nothing_made is False
        assert service.count("POST") == 1

        assert run(client.submit(film(), take=2)).external_id == film().key(2)

    def test_the_vendor_that_has_lost_what_was_in_the_making(self) -> None:
        """After three looks in vain it is sent again, under the same id."""
        service = Rough()
        client = client_of(service)
        run(client.submit(film()))
        service.tasks.clear()
        run(client.submit(film()))

        assert (service.calls, service.ids) == (["POST", "GET", "GET", "GET", "POST"], {KEY})

    def test_the_next_take_of_what_failed(self, caplog: pytest.LogCaptureFixture) -> None:
        """Of failures that are known nothing is asked; the third run makes the third take."""
        service = Rough()
        client = client_of(service)
        for take in (1, 2):
            assert run(client.submit(film())).external_id == film().key(take)
            service.tasks[-1]["status"] = "failed"
            service.story = ["failed"]
            run(client.task(service.tasks[-1]["task_id"]))
        before = len(service.requests)

        assert run(client.submit(film())).external_id == film().key(3)
        assert [request.method for request in service.requests[before:]] == ["POST"]
        assert "making take 3" in caplog.text

    def test_the_same_id_for_another_request(self) -> None:
        """Is said; not where only what goes without saying was said, and never of our own keys."""
        client = client_of(Rough())
        run(client.submit(film(external_task_id="mine")))
        with pytest.warns(kw.KlingWarning, match='external_task_id "mine" was used before for another request'):
            run(client.submit(film(external_task_id="mine", prompt="down")))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run(client.submit(film(external_task_id="mine", mode="std", callback_url="https://a.b/c")))
            run(client.submit(film()))
            run(client.submit(film(mode="std", duration=5, sound=False)))
            raw = kw.RawRequest("omni-video", {"prompt": "up"})
            for _ in range(2):
                run(client.submit(raw))


class TestTogether:
    """Two who want the same at the same time."""

    @pytest.mark.parametrize("clients", ["one", "two", "two journals"])
    def test_one_task(self, tmp_path: Path, clients: str) -> None:
        """In one notebook, in two kernels, on two machines; whoever asks, and however often."""
        service = Rough(Mishap(httpx.ReadError("gone"), acted=True))
        names = {"one": "a", "two": "aa", "two journals": "ab"}[clients]
        crowd = [client_of(service, journal=tmp_path / name) for name in names]

        async def all_at_once() -> list[kw.Task]:
            wishes = [client.submit(film()) for client in crowd for _ in range(4)]
            return await asyncio.gather(*wishes)

        tasks = run(all_at_once())
        assert {task.id for task in tasks} == {"100"}
        assert len(service.tasks) == 1
        assert service.count("POST") <= len(set(names)) + 1

    def test_who_slept_through_his_time(self, tmp_path: Path) -> None:
        """Another kernel took over: it is waited for, and nothing more is sent."""
        service, time = Rough(Mishap(Service.refuse(429, 1302, ""))), Time()
        seconds = [0.0]
        other = client_of(service, journal=tmp_path / "j", clock=lambda: seconds[0])
        elsewhere = []

        async def sleep(wait: float) -> None:
            if not elsewhere:
                seconds[0] += 1000
                elsewhere.append(await other.submit(film()))

        client = client_of(service, time, journal=tmp_path / "j", clock=lambda: seconds[0], sleep=sleep)
        task = run(client.submit(film()))

        assert (task.id, task.found) == (elsewhere[0].id, True)
        assert service.calls == ["POST", "GET", "GET", "POST", "GET"]


class TestFull:
    """An account whose slots are taken."""

    def test_a_slot_is_waited_for(self) -> None:
        """Longer than anything else, up to a minute at a time; a lost answer after that still has its own tries."""
        full = [Mishap(Service.refuse(429, 1303, "parallel task over resource pack limit")) for _ in range(12)]
        service, time = Rough(*full, Mishap(httpx.ReadError("gone")), Mishap(httpx.ReadError("gone"))), Time()
        task, _ = attempt(client_of(service, time))

        assert task is not None
        assert time.naps[:12] == [1.25, 2.5, 5, 10, 20, 40, *[75] * 6]
        assert time.naps[12:] == [1.25, 2.5, 2.5, 5]

    def test_not_for_ever(self) -> None:
        """After half an hour others have the account."""
        service, time = Rough(*[Mishap(Service.refuse(429, 1303, "full")) for _ in range(99)]), Time()
        _, error = attempt(client_of(service, time))

        assert isinstance(error, kw.RateLimited)
        assert error.nothing_made
        assert 1800 < time.now < 1900


class TestBooks:
    """The journal and the words around it."""

    def test_a_service_that_does_not_repeat_the_id(self) -> None:
        """The task bears what it was submitted as, and the journal knows it."""
        service = Service("processing")
        service.told = lambda task: {**Service.told(service, task), "task_info": {}}  # type: ignore[method-assign]
        client = client_of(service)
        first, again = run(client.submit(film())), run(client.submit(film()))

        assert (first.external_id, again.external_id, service.count("POST")) == (KEY, KEY, 1)

    def test_what_is_made_is_given_though_it_cannot_be_noted_down(self, caplog: pytest.LogCaptureFixture) -> None:
        """The journal breaks between the POST and its answer: the task is paid for, and here it is."""

        class Breaking(Rough):
            def create(self, kind: str, body: dict[str, Any]) -> httpx.Response:
                assert client.journal._open is not None
                client.journal._open.execute("PRAGMA query_only = 1")
                return super().create(kind, body)

        client = client_of(Breaking())
        assert run(client.submit(film())).id == "100"
        assert "cannot be used: attempt to write a readonly database" in caplog.text

        client.journal.close()
        client = client_of(Breaking(Mishap(Service.refuse(400, 1301, "no boats"), acted=True)))
        _, error = attempt(client, film(prompt="other"))
        assert isinstance(error, kw.Rejected)

    def test_an_endpoint_that_makes_no_task(self) -> None:
        """Is said to be none, and is not asked again and again."""
        service = Rough(Mishap(Service.frame({"face": 1})))
        _, error = attempt(client_of(service), kw.RawRequest("identify-face", {"video_id": "1"}))

        assert "answers at once and gives no task" in str(error)
        assert service.calls == ["POST"]

    def test_it_is_said_once_that_it_takes_long(self, caplog: pytest.LogCaptureFixture) -> None:
        """A notebook shows warnings; the rest is for whoever listens."""
        attempt(client_of(Rough(*[Mishap(httpx.ConnectError("refused")) for _ in range(9)])))

        loud = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert [record.getMessage()[:29] for record in loud] == ["Not sent yet, trying again: a"]


BEFORE, AFTER = Mishap(httpx.ReadError("reset")), Mishap(httpx.ReadTimeout("slow"), acted=True)
CREATES: dict[str, Mishap] = {
    "refused connection": Mishap(httpx.ConnectError("refused")),
    "dropped before": BEFORE,
    "dropped after": AFTER,
    "5xx before": Mishap(httpx.Response(503, text="<html>")),
    "5xx after": Mishap(httpx.Response(504, json={"code": 5002, "message": "", "request_id": "r"}), acted=True),
    "garbage": Mishap(httpx.Response(200, text='{"code": 0, "data"'), acted=True),
    "too fast": Mishap(Service.refuse(429, 1302, "")),
    "full": Mishap(Service.refuse(429, 1303, "")),
    "policy": Mishap(Service.refuse(400, 1301, "")),
    "interrupted before": Mishap(None),
    "interrupted after": Mishap(None, acted=True),
}
WORDS = kw.TextToVideo(prompt="up", model_name="kling-v2-6")  # they are sent quicker than a photo
TAKEN = f"External_task_id {WORDS.key()} already exists"
RACE = {"made elsewhere": Mishap(Service.refuse(400, 1201, TAKEN), acted=True)}
LOOKS: dict[str, Mishap | None] = {
    "good": None,
    "lost": BEFORE,
    "maintenance": Mishap(Service.refuse(503, 5001, "")),
    "no key": Mishap(Service.refuse(401, 1002, "")),
    "forbidden": Mishap(httpx.Response(403, text="<html>")),
    "interrupted": Mishap(None),
}


@settings(max_examples=100, deadline=None)
@given(
    mishaps=st.lists(st.sampled_from([*CREATES, *RACE]), max_size=10),
    looks=st.lists(st.sampled_from([*LOOKS]), max_size=10),
    machines=st.lists(st.booleans(), max_size=12),
    unique=st.booleans(),
)
@example(mishaps=["interrupted after"], looks=[], machines=[], unique=False)
@example(mishaps=["dropped after"], looks=["no key"], machines=[], unique=False)
@example(mishaps=["interrupted before", "made elsewhere"], looks=["interrupted"], machines=[True], unique=True)
def test_never_two(
    tmp_path_factory: pytest.TempPathFactory, mishaps: list[str], looks: list[str], machines: list[bool], unique: bool
) -> None:
    """Whatever befalls a wish: one task in the end, never two; and when all is calm, submitting gives it.

    A service that would make two of one id is met by one machine alone: there it is the looks that save us.
    """
    if not unique:
        mishaps = [name for name in mishaps if name in CREATES]
        machines = []
    service = Rough(*[(CREATES | RACE)[name] for name in mishaps], looks=[LOOKS[name] for name in looks])
    service.unique = unique
    folder = tmp_path_factory.mktemp("chaos")
    clients = [client_of(service, journal=folder / name) for name in "ab"]

    async def submitted(client: kw.Client) -> kw.Task | None:
        service.reached = asyncio.Event()
        submission = asyncio.create_task(client.submit(WORDS))
        stop = asyncio.create_task(service.reached.wait())
        await asyncio.wait([submission, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not submission.done():
            submission.cancel()
        await asyncio.wait([submission, stop])
        if submission.cancelled() or isinstance(submission.exception(), kw.KlingError):
            return None
        return submission.result()

    async def until_calm() -> kw.Task:
        turns = iter(machines)
        for _ in range(len(mishaps) + len(looks) + 1):
            task = await submitted(clients[next(turns, False)])
            assert len(service.tasks) <= 1
            if task is not None:
                assert [task.id] == [each["task_id"] for each in service.tasks]
        service.mishaps, service.looks = [], []
        return await clients[0].submit(WORDS)

    task = step_by_step(until_calm())
    assert [task.id] == [each["task_id"] for each in service.tasks]
    assert service.ids == {WORDS.key()}
    for client in clients:
        client.journal.close()
