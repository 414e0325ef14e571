"""Faults on tap: which call meets which, and what a client sees of it over a real connection."""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_widgets.emulator.faults import FAULTS, Call, Faults, rate
from kling_widgets.emulator.job import Film, Job
from kling_widgets.emulator.serve import Emulator
from kling_widgets.emulator.strike import call_of

KEYS = {"ak": "sk" * 16}
_FILM = random.Random(1).randbytes(1 << 20)
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no authority: to read them all takes longer than the calls of a test, and http needs none."""
_NAMES = [fault.name for fault in FAULTS]
_RATES = st.dictionaries(st.sampled_from(_NAMES), st.floats(0, 1 / len(_NAMES)))

Plain = Callable[..., dict[str, object]]


def render(job: Job, path: Path, watermarked: Path | None) -> Film:
    path.write_bytes(_FILM)
    return Film(job.seconds, 1280, 720)


class Caller:
    """A client without any patience, and the emulator it calls."""

    def __init__(self, emulator: Emulator) -> None:
        now = int(time.time())
        token = jwt.encode({"iss": "ak", "exp": now + 1800, "nbf": now - 5}, KEYS["ak"])
        self.emulator = emulator
        self.http = httpx.Client(
            base_url=emulator.url,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=20,
            verify=_NOBODY,
        )

    def create(self, body: dict[str, object]) -> httpx.Response:
        return self.http.post("/v1/videos/image2video", json=body)

    def query(self, id: str) -> httpx.Response:
        return self.http.get(f"/v1/videos/image2video/{id}")

    def listed(self) -> httpx.Response:
        return self.http.get("/v1/videos/image2video")

    def known(self, id: str) -> bool:
        """Whether there is such a task; asked of the store, which no fault strikes."""
        app: Any = self.emulator._server and self.emulator._server.config.app
        while hasattr(app, "_app"):
            app = app._app
        return app.routes[0].endpoint.__self__._store.find("ak", "image2video", id) is not None

    def film(self, id: str) -> str:
        """The address of the finished film."""
        for _ in range(10_000):
            task = self.query(id).json()["data"]
            if task["task_status"] == "succeed":
                return str(task["task_result"]["videos"][0]["url"])

        raise AssertionError(f"the task never ended: {task}")


@pytest.fixture
def faulty(caplog: pytest.LogCaptureFixture) -> Any:
    """Start an emulator with these faults; in the end nothing has complained in a log, and no thread is left."""

    @contextmanager
    def faulty(speed: float = 1000, **rates: float) -> Iterator[Caller]:
        before = set(threading.enumerate())
        faults = {name.replace("_", "-"): share for name, share in rates.items()}
        with Emulator(KEYS, speed, 1000, render=render, faults=faults, seed=7) as emulator:
            caller = Caller(emulator)
            with caller.http:
                yield caller
        assert set(threading.enumerate()) == before
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []

    return faulty


def received(answer: httpx.Response) -> tuple[bytes, str]:
    """The bytes that came, and what ended them before their time."""
    got = b""
    try:
        for chunk in answer.iter_raw():
            got += chunk
    except httpx.RemoteProtocolError as error:
        return got, str(error)

    return got, ""


# --- the throw of the die ---


@given(_RATES, st.integers(0, 10**18), st.lists(st.sampled_from(get_args(Call)), max_size=50))
def test_the_same_seed_and_calls_give_the_same_faults(rates: dict[str, float], seed: int, calls: list[Call]) -> None:
    """And each is one that touches the call, and was asked for."""
    first, second = Faults(rates, seed), Faults(rates, seed)
    drawn = [first.draw(call) for call in calls]
    assert drawn == [second.draw(call) for call in calls]
    assert all(fault is None or call in fault.calls for call, fault in zip(calls, drawn, strict=True))
    assert first.struck == Counter(fault.name for fault in drawn if fault)
    assert set(first.struck) <= {name for name, share in rates.items() if share}


@given(st.integers(0, 10**9))
def test_what_strikes_one_call_does_not_move_the_next(seed: int) -> None:
    """A film downloaded in between, or an order of faults in the dictionary, changes nothing for the others."""
    one = Faults({"drop-answer": 0.3, "http-503": 0.3}, seed)
    other = Faults({"http-503": 0.3, "drop-answer": 0.3, "cut-film": 0.5}, seed)
    assert [one.draw("create") for _ in range(20)] == [other.draw("create") for _ in range(20)]


def test_a_rate_is_the_share_of_the_calls_that_it_touches() -> None:
    faults = Faults({"drop-answer": 0.2, "http-503": 0.1, "cut-film": 0.5}, seed=7)
    drawn = Counter(getattr(faults.draw("create"), "name", "") for _ in range(10_000))
    assert drawn.keys() == {"", "drop-answer", "http-503"}
    assert abs(drawn["drop-answer"] - 2000) < 200
    assert abs(drawn["http-503"] - 1000) < 150


@pytest.mark.parametrize("name", _NAMES)
def test_a_rate_of_one_strikes_every_call_and_of_zero_none(name: str) -> None:
    [fault] = [fault for fault in FAULTS if fault.name == name]
    always, never = Faults({name: 1}, 7), Faults({name: 0}, 7)
    for call in get_args(Call):
        assert always.draw(call) == (fault if call in fault.calls else None)
        assert never.draw(call) is None
    assert (bool(always), bool(never)) == (True, False)


@pytest.mark.parametrize("text", ["drop-answr=0.2", "=0.2", "", "0.2"])
def test_an_unknown_name_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(ValueError, match=r"there is no fault .*; known are drop-request, drop-answer, .*, link-ended$"):
        rate(text)


@pytest.mark.parametrize("share", ["", "often", "-0.1", "1.1", "nan", "inf"])
def test_a_senseless_rate_is_refused_with_an_example(share: str) -> None:
    with pytest.raises(ValueError, match=r"fault http-503 needs a rate from 0 .never. to 1 .always., as in http-503=0"):
        rate(f"http-503={share}")


def test_a_name_alone_needs_its_rate() -> None:
    with pytest.raises(ValueError, match="needs a rate"):
        rate("http-503")
    assert rate("http-503=0.1") == ("http-503", 0.1)


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ({"drop-answr": 0.1}, "there is no fault 'drop-answr'; known are drop-request, "),
        ({"drop-answer": 2}, "needs a rate from 0"),
        ({"drop-answer": "0.2"}, "needs a rate from 0"),
        ({"drop-answer": True}, "needs a rate from 0"),
        (
            {"drop-answer": 0.6, "http-503": 0.5, "cut-film": 1},
            r"the rates for a create may add up to 1, not 1\.1: drop-answer=0\.6 \+ http-503=0\.5; lower some",
        ),
        ({"http-503": 0.5, "cut-film": 0.6}, "the rates for a download may add up to 1"),
    ],
)
def test_senseless_faults_are_refused_when_the_emulator_is_made(rates: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Emulator(KEYS, faults=rates)


def test_rates_may_add_up_to_all_calls() -> None:
    """Ten tenths are one, whatever the floating point says; and what touches other calls does not count."""
    tenths = dict.fromkeys(("drop-request", "drop-answer", "cut-answer", "half-json", "html-200"), 0.1)
    assert Faults(tenths | {"http-502": 0.5, "cut-film": 0.3}, 1)


def test_without_a_seed_one_is_made_up_that_can_be_told() -> None:
    emulators = [Emulator(KEYS, faults={"http-503": 0.1}) for _ in range(3)]
    assert len({emulator.seed for emulator in emulators}) > 1
    assert str(emulators[0].faults) == "http-503=0.1"


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("POST", "/v1/videos/image2video", "create"),
        ("POST", "/v1/images/generations/", "create"),
        ("GET", "/v1/videos/effects", "list"),
        ("GET", "/v1/videos/effects/", "list"),
        ("GET", "/account/costs", "list"),
        ("GET", "/v1/videos/text2video/a/b", "query"),
        ("GET", "/films/a.mp4", "download"),
        ("HEAD", "/images/a.png", "download"),
        ("GET", "/docs", None),
        ("GET", "/", None),
        ("POST", "/v1/videos/image2video/1", None),
        ("GET", "/v1/videos/image2videos", None),
        ("PUT", "/v1/videos/image2video", None),
        ("POST", "/v1/videos", None),
    ],
)
def test_a_call_is_known_by_method_and_path(method: str, path: str, call: Call | None) -> None:
    assert call_of(method, path) == call


# --- what a client sees ---


@pytest.mark.parametrize("name", ["drop-request", "drop-answer", "cut-answer"])
def test_a_connection_that_is_closed(faulty: Any, plain: Plain, name: str) -> None:
    """Without an answer, or in the middle of one; and the task is there where the server had acted."""
    with faulty(**{name: 1}) as caller:
        with pytest.raises(httpx.RemoteProtocolError if name == "cut-answer" else httpx.TransportError):
            caller.create(plain(external_task_id="lost"))
        assert caller.known("lost") == (name != "drop-request")
        with pytest.raises(httpx.TransportError):
            caller.listed()
        assert caller.emulator.faults.struck == {name: 2}


def test_an_answer_that_is_cut_has_told_its_whole_length(faulty: Any) -> None:
    with faulty(cut_answer=1) as caller, caller.http.stream("GET", "/v1/videos/image2video") as answer:
        got, error = received(answer)
        assert "without sending complete message body" in error
        assert answer.status_code == 200
        assert got.startswith(b'{"code":0,')
        assert len(got) == int(answer.headers["content-length"]) // 2


def test_half_a_json_is_a_complete_transfer(faulty: Any, plain: Plain) -> None:
    with faulty(half_json=1) as caller:
        answer = caller.create(plain(external_task_id="lost"))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.text.startswith('{"code":0,')
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            answer.json()
        assert caller.known("lost")


@pytest.mark.parametrize(
    ("name", "status", "words", "made"),
    [
        ("html-200", 200, "Welcome to our network", True),
        ("http-502", 502, "502 Bad Gateway", False),
        ("http-502-after", 502, "502 Bad Gateway", True),
        ("bare-429", 429, "Too Many Requests", False),
    ],
)
def test_an_answer_of_somebody_in_between(
    faulty: Any, plain: Plain, name: str, status: int, words: str, made: bool
) -> None:
    """It has not the vendor's frame, and says nothing of whether the server has acted."""
    with faulty(**{name: 1}) as caller:
        answer = caller.create(plain(external_task_id="lost"))
        assert answer.status_code == status
        assert words in answer.text
        with pytest.raises(ValueError, match="Expecting value"):
            answer.json()
        assert caller.known("lost") == made


@pytest.mark.parametrize(
    ("name", "status", "code", "made"),
    [
        ("http-500", 500, 5000, False),
        ("http-503", 503, 5001, False),
        ("http-504", 504, 5002, False),
        ("http-504-after", 504, 5002, True),
        ("rate-limit", 429, 1302, False),
        ("no-slot", 429, 1303, False),
        ("token-early", 401, 1003, False),
        ("token-ended", 401, 1004, False),
    ],
)
def test_an_answer_in_the_vendors_frame(
    faulty: Any, plain: Plain, name: str, status: int, code: int, made: bool
) -> None:
    """Retry-After is the rate limit's alone."""
    with faulty(**{name: 1}) as caller:
        answer = caller.create(plain(external_task_id="lost"))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json().keys() == {"code", "message", "request_id"}
        assert answer.headers.get("retry-after") == ("1" if name == "rate-limit" else None)
        assert caller.known("lost") == made


def test_a_body_is_heard_out_before_a_refusal(faulty: Any) -> None:
    """A client that is still sending would see a broken connection instead; this one goes on being used."""
    with faulty(http_503=1) as caller:
        host, port = caller.emulator.url.removeprefix("http://").split(":")
        head = f"POST /v1/videos/effects HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\n".encode()
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            for _ in range(2):
                connection.sendall(head)
                connection.sendall(b"{half")
                # Another call there and back: by then an answer to the first would be here.
                assert caller.listed().status_code == 503
                connection.setblocking(False)
                with pytest.raises(BlockingIOError):
                    connection.recv(1)
                connection.settimeout(20)
                connection.sendall(b"one}")
                answer = b""
                while not answer.endswith(b'"}'):
                    answer += connection.recv(65536)
                assert answer.startswith(b"HTTP/1.1 503 ")


def test_a_slow_answer_is_done_at_once(start: Any, plain: Plain) -> None:
    """It waits two nominal seconds before its first byte."""
    waits = []

    async def sleep(seconds: float) -> None:
        if seconds == 2 / 1000:
            waits.append(caller.known("late"))

    with Emulator(KEYS, 1000, render=render, faults={"slow-answer": 1}, sleep=sleep) as emulator:
        caller = Caller(emulator)
        with caller.http:
            assert caller.create(plain(external_task_id="late")).json()["code"] == 0
    assert waits == [True]


def test_a_young_task_is_not_found_yet(faulty: Any, plain: Plain) -> None:
    """In the vendor's words, by both ids; an older one is."""
    moment = time.time()
    with Emulator(KEYS, 0.5, render=render, faults={"not-found-yet": 1}, now=lambda: moment) as emulator:
        caller = Caller(emulator)
        with caller.http:
            id = caller.create(plain(external_task_id="new")).json()["data"]["task_id"]
            moment += 3.9
            for name in (id, "new"):
                answer = caller.query(name)
                assert (answer.status_code, answer.json()["code"]) == (400, 1201)
                assert answer.json()["message"] == f"Task not found by id/external id: {name}"
            assert len(caller.listed().json()["data"]) == 1
            moment += 0.2
            assert caller.query("new").json()["data"]["task_id"] == id


def test_a_task_that_is_made_to_fail_says_so_in_the_vendors_words(faulty: Any, plain: Plain, tmp_path: Path) -> None:
    """It costs nothing; and it fails after a restart without faults too, for it had been settled at its create."""
    with Emulator(KEYS, 0.001, data=tmp_path, render=render, faults={"fail-task": 1}) as emulator:
        caller = Caller(emulator)
        with caller.http:
            assert caller.create(plain(external_task_id="bad")).json()["data"]["task_status"] == "submitted"
    with Emulator(KEYS, 1000, data=tmp_path, render=render) as emulator:
        caller = Caller(emulator)
        with caller.http:
            while not (task := caller.query("bad").json()["data"]).get("final_unit_deduction"):
                pass
    assert (task["task_status"], task["task_status_msg"]) == ("failed", "Failure to pass the risk control system")
    assert (task["final_unit_deduction"], task["task_result"]["videos"]) == ("0", [])


def test_a_film_that_is_cut_can_be_gone_on_with_by_ranges(faulty: Any, plain: Plain) -> None:
    with faulty(cut_film=1) as caller:
        url = caller.film(caller.create(plain()).json()["data"]["task_id"])
        with caller.http.stream("GET", url) as answer:
            assert answer.headers["content-length"] == str(len(_FILM))
            got, error = received(answer)
        assert "without sending complete message body" in error
        assert got == _FILM[: len(_FILM) // 2]
        rest = caller.http.get(url, headers={"Range": f"bytes={len(got)}-"})
        assert (rest.status_code, got + rest.content) == (206, _FILM)
        assert caller.http.head(url).headers["content-length"] == str(len(_FILM))


def test_a_link_that_has_ended_is_told_as_after_thirty_days(faulty: Any, plain: Plain) -> None:
    with faulty(link_ended=1) as caller:
        url = caller.film(caller.create(plain()).json()["data"]["task_id"])
        answer = caller.http.get(url)
        assert (answer.status_code, answer.json()["code"]) == (404, 1203)
        assert answer.json()["message"] == "The result has been cleared: results are kept for 30 days"


@pytest.mark.parametrize("name", ["drop-request", "html-200", "http-502", "http-503", "slow-answer"])
def test_a_download_meets_the_faults_of_every_call(faulty: Any, name: str) -> None:
    with faulty(**{name: 1}) as caller:
        if name == "drop-request":
            with pytest.raises(httpx.TransportError):
                caller.http.get("/films/a.mp4")
        else:
            wanted = {"html-200": 200, "http-502": 502, "http-503": 503, "slow-answer": 404}
            assert caller.http.get("/films/a.mp4").status_code == wanted[name]


def test_the_pages_for_people_are_never_struck(faulty: Any) -> None:
    """And the page tells what strikes here."""
    with faulty(drop_request=0.9, http_503=0.1) as caller:
        answer = caller.http.get("/", follow_redirects=True)
        assert answer.status_code == 200
        assert "Here: drop-request=0.9, http-503=0.1." in answer.text
        assert not caller.emulator.faults.struck


def test_everything_at_once_leaves_nothing_open(faulty: Any, plain: Plain) -> None:
    """Nine hundred calls through all the faults: each closed connection was one of theirs, and nothing complains."""
    share = 1 / len(FAULTS)
    with faulty(**dict.fromkeys(_NAMES, share)) as caller:
        closed = 0
        for number in range(300):
            body, id = plain(external_task_id=f"t{number}"), f"t{number}"
            for method, path, json in (
                ("POST", "/v1/videos/image2video", body),
                ("GET", f"/v1/videos/image2video/{id}", None),
                ("GET", "/films/nothing.mp4", None),
            ):
                try:
                    caller.http.request(method, path, json=json)
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                    closed += 1
        struck = caller.emulator.faults.struck
        assert set(struck) == set(_NAMES)
        assert closed == sum(struck[name] for name in ("drop-request", "drop-answer", "cut-answer", "cut-film"))
