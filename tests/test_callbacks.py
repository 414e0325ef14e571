"""Callbacks: what they say, who signed them, and what a watcher makes of them."""

import asyncio
import base64
import json
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.routing import Mount, Route

import kling_widgets as kw
from kling_widgets.mailbox import KEPT, Mailbox, News
from kling_widgets.receiver import MAX_BODY
from kling_widgets.task import Task
from kling_widgets.watch import SILENCE

T = TypeVar("T")
VECTOR = json.loads(Path("tests/wire/webhook-signature.json").read_text("utf-8"))
SECRET, HEADERS, RAW = VECTOR["secret"], VECTOR["headers"], VECTOR["raw_body"].encode()
NOW = 1781080800.0
OTHER = "whsec_" + base64.b64encode(b"another secret of 24 by.").decode()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def told(status: str = "submitted", id: str = "8", **more: Any) -> dict[str, Any]:
    """A callback's body."""
    return {"task_id": id, "task_status": status, "created_at": 1722769557708, "updated_at": 1722769557708, **more}


def signed(body: bytes, secret: str = SECRET, at: float = NOW) -> dict[str, str]:
    """The headers of a callback with this body."""
    signature = Webhook(secret).sign("m", datetime.fromtimestamp(int(at), UTC), body.decode())
    return {"Webhook-Id": "m", "Webhook-Timestamp": str(int(at)), "Webhook-Signature": signature}


class TestTask:
    """What a body tells."""

    @pytest.mark.parametrize("form", [json.dumps, lambda body: json.dumps(body).encode(), dict])
    def test_a_body_is_a_task(self, form: Callable[[Any], Any]) -> None:
        """As bytes, as text and as a dict; it is the same as the answer to a look."""
        film = {"id": "f", "url": "https://a/b.mp4", "duration": "5.041"}
        body = told("succeed", task_result={"videos": [film]}, final_unit_deduction="2.4")

        assert kw.callbacks.task(form(body), "effects") == Task.from_wire("effects", body)

    def test_pictures_tell_their_kind(self) -> None:
        """The body does not name the endpoint; who knows better says so."""
        body = told("succeed", task_result={"images": [{"index": 0, "url": "https://a/b.png"}]})

        assert kw.callbacks.task(body).kind == "images/generations"
        assert kw.callbacks.task(body, "images/omni-image").kind == "images/omni-image"
        assert kw.callbacks.task(body).images == (kw.ImageResult(0, "https://a/b.png"),)

    def test_the_newer_style_is_read_too(self) -> None:
        """{id, status, outputs...}, with or without outputs; a test callback has none."""
        film, picture = {"url": "https://a/b.mp4", "duration": "5"}, {"url": "https://a/b.png?sign=1"}
        body = {**json.loads(RAW), "external_id": "mine", "outputs": [film, picture, {"text": "no address"}]}
        task = kw.callbacks.task(body)

        assert kw.callbacks.task(RAW).status == "succeed"
        assert (task.id, task.external_id, task.status) == ("1234567890", "mine", "succeed")
        assert (task.videos[0].url, task.images[0].url) == ("https://a/b.mp4", "https://a/b.png?sign=1")
        assert task.result["outputs"] == body["outputs"]
        assert kw.callbacks.task({**body, "status": "submitted", "outputs": []}).videos == ()

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "not JSON"),
            (b"\xff\xfe", "not JSON"),
            (b"[" * 100_000, "not JSON"),
            (b"[]", "field body"),
            (b"7", "field body"),
            (b"{}", "task_status is missing"),
            (json.dumps(told("cancelled")), "cancelled"),
            (json.dumps(told(id="")), "task_id"),
            (b'{"id": "1", "status": "succeeded", "outputs": {"a": 1}}', "outputs"),
            (b'{"id": "1", "status": "succeeded", "outputs": [7]}', r"outputs\[0\]"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, body: Any, words: str) -> None:
        """A ResponseError, whatever was posted."""
        with pytest.raises(kw.ResponseError, match=words):
            kw.callbacks.task(body)


class TestVerify:
    """Whether the service signed it."""

    def test_the_vendors_own_vector(self) -> None:
        """The published secret, headers and body belong together."""
        assert kw.callbacks.verify(HEADERS, RAW, SECRET, now=NOW) == RAW
        kw.callbacks.verify(HEADERS, RAW.decode(), SECRET, now=lambda: NOW)

    @pytest.mark.parametrize(
        "headers",
        [
            {name.upper(): value for name, value in HEADERS.items()},
            [(name.encode(), value.encode()) for name, value in HEADERS.items()],
            httpx.Headers(HEADERS),
            {**HEADERS, "webhook-signature": f"v1,{'A' * 43}= v1a,x {HEADERS['webhook-signature']}"},
        ],
        ids=["capitals", "pairs", "httpx", "several signatures"],
    )
    def test_headers_come_in_many_forms(self, headers: Any) -> None:
        """In any letter case, as pairs of bytes, and with the signatures of several secrets."""
        kw.callbacks.verify(headers, RAW, SECRET, now=NOW)

    @pytest.mark.parametrize(
        ("headers", "body", "secret", "now", "words"),
        [
            (HEADERS, RAW.replace(b"1234567890", b"1234567891"), SECRET, NOW, "another secret, or changed"),
            (HEADERS, RAW + b" ", SECRET, NOW, "another secret, or changed"),
            (HEADERS, b"\xff", SECRET, NOW, "no text"),
            (HEADERS, RAW, OTHER, NOW, "another secret, or changed"),
            ({**HEADERS, "webhook-id": "1"}, RAW, SECRET, NOW, "another secret, or changed"),
            ({**HEADERS, "webhook-timestamp": "1781080795"}, RAW, SECRET, NOW, "another secret, or changed"),
            ({**HEADERS, "webhook-timestamp": "soon"}, RAW, SECRET, NOW, 'timestamp "soon"'),
            ({**HEADERS, "webhook-timestamp": "9" * 400}, RAW, SECRET, NOW, "no time in seconds"),
            ({**HEADERS, "webhook-signature": "v1,\u00e9 v1 ,, v2,x"}, RAW, SECRET, NOW, "another secret, or changed"),
            ({"webhook-id": "1"}, RAW, SECRET, NOW, "no webhook-timestamp and no webhook-signature"),
            ({}, RAW, SECRET, NOW, "no webhook-id"),
            (HEADERS, RAW, SECRET, 1781080794 + 301, "301 s behind"),
            (HEADERS, RAW, SECRET, 1781080794 - 301, "301 s ahead of"),
        ],
    )
    def test_what_was_not_signed_is_refused(
        self, headers: Any, body: bytes, secret: str, now: float, words: str
    ) -> None:
        """A BadSignature that says what is wrong; it is a KlingError."""
        with pytest.raises(kw.callbacks.BadSignature, match=words) as caught:
            kw.callbacks.verify(headers, body, secret, now=now)
        assert isinstance(caught.value, kw.KlingError)
        assert secret not in str(caught.value)

    def test_how_old_a_callback_may_be(self) -> None:
        """Five minutes to either side, unless one says otherwise."""
        for off in (-300, 300):
            kw.callbacks.verify(HEADERS, RAW, SECRET, now=1781080794 + off)
        kw.callbacks.verify(HEADERS, RAW, SECRET, now=NOW + 3600, tolerance=7200)

    @pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!", "é"])
    def test_a_secret_that_is_none(self, secret: str) -> None:
        """Told when the receiver is made, not at the first callback."""
        with pytest.raises(kw.InvalidRequest, match=r"secret: .*Copy it from the vendor's console"):
            kw.callbacks.receiver(kw.Client(kw.ApiKey("k")), secret)

    def test_without_the_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The extra is named; without a secret nothing is needed."""
        monkeypatch.setitem(sys.modules, "standardwebhooks", None)
        client = kw.Client(kw.ApiKey("k"))

        with pytest.raises(kw.MissingExtra, match=r"kling-widgets\[callbacks\]"):
            kw.callbacks.receiver(client, SECRET)
        kw.callbacks.receiver(client)


class Ear:
    """A client that only listens."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bool]] = []

    def hear(self, task: Task, *, signed: bool = False) -> None:
        self.heard.append((task.id, task.status, signed))


class TestReceiver:
    """The ASGI application."""

    def post(self, app: Any, content: Any, headers: Any = None, method: str = "POST", path: str = "/") -> Any:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
                return await http.request(method, path, content=content, headers=headers)

        return run(sent())

    def test_good_ones_are_taken(self) -> None:
        """200, and the client hears; repeats and disorder are taken too."""
        ear = Ear()
        app = kw.callbacks.receiver(ear)
        for status in ("succeed", "succeed", "submitted"):
            assert self.post(app, json.dumps(told(status))).status_code == 200

        assert ear.heard == [("8", "succeed", False), ("8", "succeed", False), ("8", "submitted", False)]

    def test_with_a_secret_only_signed_ones_are(self) -> None:
        """401 for the others, and nobody hears of them."""
        ear = Ear()
        app = kw.callbacks.receiver(ear, SECRET, now=lambda: NOW)
        body = json.dumps(told("processing")).encode()

        assert self.post(app, body).status_code == 401
        assert self.post(app, body, signed(body, OTHER)).status_code == 401
        assert self.post(app, body, signed(body, at=NOW - 400)).status_code == 401
        assert ear.heard == []
        assert self.post(app, body, signed(body)).status_code == 200
        assert self.post(app, RAW, HEADERS).status_code == 200
        assert ear.heard == [("8", "processing", True), ("1234567890", "succeed", True)]

    @pytest.mark.parametrize(
        ("method", "content", "status"),
        [
            ("POST", b"no JSON", 400),
            ("POST", json.dumps(told("cancelled")).encode(), 400),
            ("POST", b"", 400),
            ("GET", b"", 405),
            ("PUT", b"{}", 405),
            ("POST", b" " * (MAX_BODY + 1), 413),
        ],
    )
    def test_what_is_not_taken(self, method: str, content: bytes, status: int) -> None:
        """Each with the status that says why, and words."""
        ear = Ear()
        answer = self.post(kw.callbacks.receiver(ear), content, method=method)

        assert (answer.status_code, ear.heard, answer.text != "") == (status, [], True)
        assert answer.headers.get("allow") == ("POST" if status == 405 else None)

    def test_a_body_without_an_end_is_left(self) -> None:
        """Also where no length was promised: not much more than the limit is ever read."""
        pieces: list[bytes] = []

        async def endless() -> dict[str, Any]:
            pieces.append(bytes(60_000))
            assert len(pieces) < 50
            return {"type": "http.request", "body": pieces[-1], "more_body": True}

        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "headers": [(b"content-length", b"7")]}
        run(kw.callbacks.receiver(Ear())(scope, endless, send))

        assert sent[0]["status"] == 413
        assert len(pieces) == MAX_BODY // 60_000 + 1

    @pytest.mark.parametrize("path", ["/kling/", "/kling/of/anyone", "/here"])
    def test_starlette_mounts_it(self, path: str) -> None:
        """Below a path, or as the endpoint of a route."""
        ear = Ear()
        app = kw.callbacks.receiver(ear)
        site = Starlette(routes=[Mount("/kling", app), Route("/here", app)])

        assert self.post(site, json.dumps(told()), path=path).status_code == 200
        assert ear.heard == [("8", "submitted", False)]

    def test_it_can_be_served_alone(self) -> None:
        """It answers a server's lifespan; a web socket is closed."""
        app, sent = kw.callbacks.receiver(Ear()), list[str]()
        waiting = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> dict[str, Any]:
            return {"type": next(waiting)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message["type"])

        run(app({"type": "lifespan"}, receive, send))
        run(app({"type": "websocket"}, receive, send))
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


class Time:
    """A clock that only sleeping moves; what is planned for a moment happens on the way there."""

    def __init__(self) -> None:
        self.now = 0.0
        self.plans: list[tuple[float, Callable[[], None]]] = []

    async def sleep(self, seconds: float) -> None:
        end = self.now + seconds
        self.plans.sort(key=lambda plan: plan[0])
        while self.plans and self.plans[0][0] <= end:
            moment, happens = self.plans.pop(0)
            self.now = max(self.now, moment)
            happens()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        self.now = end


class Story:
    """A task whose true states begin at given seconds, watched every 5 s; `looks` are the seconds of each look."""

    def __init__(self, **states: float) -> None:
        self.states = states or {"submitted": 0, "processing": 20, "succeed": 200}
        self.time = Time()
        self.looks: list[float] = []
        self.seen: list[tuple[str, float]] = []
        self.client = kw.Client(
            kw.ApiKey("k"),
            transport=httpx.MockTransport(self.answer),
            sleep=self.time.sleep,
            now=lambda: self.time.now,
            jitter=lambda: 0.5,
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.looks.append(self.time.now)
        status = [status for status, begins in self.states.items() if begins <= self.time.now][-1]
        return httpx.Response(200, json={"code": 0, "message": "", "request_id": "", "data": told(status)})

    def call(self, at: float, status: str, **how: Any) -> None:
        """A callback that comes at a second."""
        task = kw.callbacks.task(told(status, task_result={"videos": [{"id": "v", "url": "https://a/b.mp4"}]}))
        self.time.plans.append((at, lambda: self.client.hear(task, **how)))

    def watched(self, **how: Any) -> list[tuple[str, float]]:
        async def follow() -> None:
            async for task in self.client.watch(Task.from_wire("effects", told())):
                self.seen.append((task.status, self.time.now))
                assert task.kind == "effects"

        run(follow())
        return self.seen


class TestWatch:
    """A watcher that hears callbacks looks no more than it must."""

    def test_without_callbacks_it_polls(self) -> None:
        """Every 5 s: what the others are measured by."""
        story = Story()

        assert story.watched() == [("submitted", 0), ("processing", 20), ("succeed", 200)]
        assert len(story.looks) == 42

    def test_signed_ones_are_believed_and_polling_stops(self) -> None:
        """Each change at the second it was told; from the first callback on a look only after twelve polls' silence."""
        story = Story()
        for at, status in ((1, "submitted"), (21, "processing"), (201, "succeed")):
            story.call(at, status, signed=True)

        assert story.watched() == [("submitted", 0), ("processing", 21), ("succeed", 201)]
        assert story.looks == [0, 81, 141]
        assert SILENCE == 12

    def test_one_that_came_before_the_watch_counts(self) -> None:
        """Then there is nothing to look for at all."""
        story = Story()
        story.client.hear(kw.callbacks.task(told("processing")), signed=True)
        story.client.hear(kw.callbacks.task(told("submitted")), signed=True)
        story.call(30, "succeed", signed=True)

        assert story.watched() == [("submitted", 0), ("processing", 0), ("succeed", 30)]
        assert story.looks == []

    def test_the_told_task_is_given_whole(self) -> None:
        """With its film, ready to be fetched, under the kind and the id that are known of it."""
        story = Story()
        story.call(3, "succeed", signed=True)

        task = run(story.client.wait(Task.from_wire("effects", told(task_info={"external_task_id": "mine"}))))
        assert (task.videos[0].url, task.kind, task.external_id) == ("https://a/b.mp4", "effects", "mine")

    def test_when_they_stop_polling_resumes(self) -> None:
        """A look that finds what no callback told is the proof; from there on it polls as ever."""
        story = Story(submitted=0, processing=20, succeed=100)
        story.call(1, "submitted", signed=True)

        assert story.watched() == [("submitted", 0), ("processing", 61), ("succeed", 101)]
        assert story.looks == [0, 61, *range(61, 102, 5)]

    def test_unsigned_ones_are_a_hint_to_look(self) -> None:
        """At once, and what the look finds is true."""
        story = Story()
        for at, status in ((1, "submitted"), (21, "processing"), (75, "succeed"), (201, "succeed")):
            story.call(at, status)

        assert story.watched() == [("submitted", 0), ("processing", 21), ("succeed", 200)]
        assert story.looks == [0, 21, *range(75, 201, 5)]  # the one at 75 s was a lie, so it polls again

    def test_true_hints_spare_the_polls(self) -> None:
        """As signed ones do."""
        story = Story(submitted=0, processing=20, succeed=70)
        for at, status in ((1, "submitted"), (21, "processing"), (71, "succeed")):
            story.call(at, status)

        assert story.watched() == [("submitted", 0), ("processing", 21), ("succeed", 71)]
        assert story.looks == [0, 21, 71]

    def test_a_flood_of_lies_costs_a_look_a_second(self) -> None:
        """Anybody can post; a thousand lies in 10 s are ten looks."""
        story = Story(submitted=0, succeed=10)
        for n in range(1000):
            story.call(n / 100, "failed")

        assert story.watched()[-1] == ("succeed", 10)
        assert len(story.looks) <= 12

    def test_repeats_and_disorder_change_nothing(self) -> None:
        """A task never goes back."""
        story = Story()
        for at, status in ((5, "processing"), (6, "submitted"), (7, "processing"), (9, "succeed"), (9, "processing")):
            story.call(at, status, signed=True)

        assert story.watched() == [("submitted", 0), ("processing", 5), ("succeed", 9)]

    def test_one_told_while_nobody_sleeps_is_heard(self) -> None:
        """Between a look and the nap after it, as another thread may."""
        story = Story(submitted=0)
        look = story.answer

        def answer(request: httpx.Request) -> httpx.Response:
            story.client.hear(kw.callbacks.task(told("failed")), signed=True)
            return look(request)

        story.client = kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(answer), sleep=story.time.sleep)
        assert story.watched() == [("submitted", 0), ("failed", 0)]

    def test_callbacks_of_other_tasks_are_none_of_its_business(self) -> None:
        """Each watcher hears of its own."""
        story = Story(submitted=0, succeed=12)
        story.time.plans.append((1, lambda: story.client.hear(kw.callbacks.task(told("failed", "9")), signed=True)))

        assert story.watched() == [("submitted", 0), ("succeed", 15)]

    def test_waiting_no_longer_than_asked(self) -> None:
        """However many callbacks come, the deadline holds, with a last look."""
        story = Story(submitted=0)
        for second in range(30):
            story.call(second + 0.5, "submitted", signed=True)

        with pytest.raises(kw.TaskTimeout):
            run(story.client.wait(Task.from_wire("effects", told()), timeout=12))
        assert (story.time.now, story.looks) == (12, [0, 12])

    def test_a_service_in_trouble_is_not_pressed_by_hints(self) -> None:
        """After a look that failed the next one waits as it always did."""
        story = Story(submitted=0, succeed=30)
        look, trouble = story.answer, iter([httpx.ConnectError("gone")] * 2)

        def answer(request: httpx.Request) -> httpx.Response:
            response = look(request)
            for error in trouble:
                raise error
            return response

        story.client._wire._transport = httpx.MockTransport(answer)
        story.call(4, "succeed")

        assert story.watched()[-1] == ("succeed", 34)
        assert story.looks == [0, 4, 24, 29, 34]


async def _twice(call: Callable[[], None]) -> None:
    call()
    call()


class TestMailbox:
    """What is kept."""

    def test_memory_is_bounded(self) -> None:
        """The oldest go first; a listener that has gone leaves nothing."""
        mailbox = Mailbox()
        for n in range(KEPT + 10):
            mailbox.put(kw.callbacks.task(told(id=str(n))), signed=False)
        with mailbox.line("9") as gone, mailbox.line("10") as kept:
            assert (gone.take(), kept.take()) == (None, News(claim="submitted"))

        assert (len(mailbox._kept), mailbox._lines) == (KEPT, {})

    def test_what_anybody_may_have_made_up_is_not_kept(self) -> None:
        """Of an unsigned callback only the status stays."""
        mailbox = Mailbox()
        mailbox.put(kw.callbacks.task(told("succeed", task_result={"x": "y" * 1000})), signed=False)
        with mailbox.line("8") as line:
            assert line.take() == News(None, "succeed")
            assert line.take() is None

    def test_a_watcher_whose_loop_has_ended_harms_nobody(self) -> None:
        """Another thread may ring him just then."""
        mailbox = Mailbox()
        with mailbox.line("8") as line:
            loop = asyncio.new_event_loop()
            line._nap = (loop, loop.create_future())
            loop.close()
            mailbox.put(kw.callbacks.task(told("failed")), signed=True)
            assert line.take() is not None

    def test_a_nap_ends_when_something_is_heard(self) -> None:
        """From any thread, and from the watcher's own loop; where something waits already it does not begin."""
        mailbox = Mailbox()

        async def naps() -> None:
            loop = asyncio.get_running_loop()
            with mailbox.line("8") as line:
                twice = loop.create_task(_twice(line.wake))
                await line.nap()
                await twice
                assert line.take() is None
                ringing = loop.run_in_executor(None, partial(mailbox.put, kw.callbacks.task(told()), signed=False))
                await line.nap()
                await ringing
                await line.nap()
                assert line.take() == News(claim="submitted")

        run(asyncio.wait_for(naps(), 10))

    def test_a_nap_can_be_cancelled(self) -> None:
        """Nobody is rung then, and the next nap is as good as the first."""

        async def cancelled() -> None:
            with Mailbox().line("8") as line:
                nap = asyncio.ensure_future(line.nap())
                await asyncio.sleep(0)
                nap.cancel()
                await asyncio.gather(nap, return_exceptions=True)
                line.wake()
                assert line._nap is None

        run(cancelled())
