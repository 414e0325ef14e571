"""The client against a service of 60 lines: submit once, follow, fetch; and everything that may go wrong on the way."""

import asyncio
import json
import logging
import sys
import types
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

import kling_widgets as kw
from kling_widgets import wire
from kling_widgets.image import Image
from kling_widgets.poller import Poller
from kling_widgets.task import Task
from kling_widgets.watch import Pace, watch
from tests.tiny_film import FILM

T = TypeVar("T")
PHOTO = Image.of("notebooks/photos/rocket.jpg")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


class Service:
    """Speaks the API for one account. `story` is what each look at a task finds, the last one for ever."""

    def __init__(self, *story: Any) -> None:
        self.story = list(story) or ["processing", "succeed"]
        self.tasks: list[dict[str, Any]] = []
        self.requests: list[httpx.Request] = []
        self.creates: list[Any] = []  # what happens to the next creates instead of a task
        self.film: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(200, content=FILM)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "films.example":
            return self.film(request)

        kind, _, id = request.url.path.removeprefix("/v1/videos/").partition("/")
        if request.method == "POST":
            return self.create(kind, json.loads(request.content))
        if not id:
            number, size = (int(request.url.params[name]) for name in ("pageNum", "pageSize"))
            return self.frame([self.told(task) for task in self.tasks][(number - 1) * size : number * size])

        for task in self.tasks:
            if id in (task["task_id"], task["external"]) and task["kind"] == kind:
                return self.look(task)
        return self.refuse(400, 1201, f"Task not found by id/external id: {id}")

    def create(self, kind: str, body: dict[str, Any]) -> httpx.Response:
        spoilt = self.creates.pop(0) if self.creates else None
        if isinstance(spoilt, httpx.Response):
            return spoilt
        if any(task["external"] == body["external_task_id"] for task in self.tasks):
            return self.refuse(400, 1201, f"External_task_id {body['external_task_id']} already exists")

        id = str(100 + len(self.tasks))
        task = {"task_id": id, "external": body["external_task_id"], "kind": kind, "status": "submitted"}
        self.tasks.append(task)
        if isinstance(spoilt, Exception):
            raise spoilt
        return self.frame(self.told(task))

    def look(self, task: dict[str, Any]) -> httpx.Response:
        seen = self.story.pop(0) if len(self.story) > 1 else self.story[0]
        if isinstance(seen, Exception):
            raise seen
        if isinstance(seen, httpx.Response):
            return seen
        task["status"] = seen
        return self.frame(self.told(task))

    def told(self, task: dict[str, Any]) -> dict[str, Any]:
        done = task["status"] == "succeed"
        film = {"id": "f", "url": f"https://films.example/{task['task_id']}.mp4", "duration": "5"}
        return {
            "task_id": task["task_id"],
            "task_status": task["status"],
            "task_status_msg": "Failure to pass the risk control system" if task["status"] == "failed" else "",
            "task_info": {"external_task_id": task["external"]},
            "task_result": {"videos": [film] if done else []},
            "created_at": 1722769557708,
            "updated_at": 1722769557708,
        }

    @staticmethod
    def frame(data: Any) -> httpx.Response:
        return httpx.Response(200, json={"code": 0, "message": "SUCCEED", "request_id": "r", "data": data})

    @staticmethod
    def refuse(status: int, code: int, message: str) -> httpx.Response:
        return httpx.Response(status, json={"code": code, "message": message, "request_id": "r"})

    def count(self, method: str) -> int:
        return sum(request.method == method and request.url.host != "films.example" for request in self.requests)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def client_of(service: Service, time: Time | None = None, **options: Any) -> kw.Client:
    time = time or Time()
    return kw.Client(
        kw.KeyPair("access-key", "secret-key-of-the-test"),
        **{
            "transport": httpx.MockTransport(service),
            "sleep": time.sleep,
            "now": lambda: time.now,
            "jitter": lambda: 0.5,
            **options,
        },
    )


def film(**fields: Any) -> kw.ImageToVideo:
    return kw.ImageToVideo(**{"image": PHOTO, "prompt": "up", "model_name": "kling-v2-6", **fields})


async def listed(tasks: AsyncIterator[Task]) -> list[Task]:
    return [task async for task in tasks]


class TestSubmit:
    """One request, one task."""

    def test_a_request_becomes_a_task_under_its_key(self) -> None:
        """The body is the payload and the id; the answer is the task."""
        service = Service()
        task = run(client_of(service).submit(film()))

        (post,) = service.requests
        assert json.loads(post.content) == {**film().payload(), "external_task_id": film().key()}
        assert (task.id, task.external_id, task.status) == ("100", film().key(), "submitted")
        assert str(post.url) == "https://api-singapore.klingai.com/v1/videos/image2video"

    def test_submitting_again_finds_the_same_task(self) -> None:
        """In another client too: the service refuses the second create, and its task is adopted."""
        service = Service("processing")
        first = run(client_of(service).submit(film()))
        second = run(client_of(service).submit(film()))

        assert (first.id, second.id, second.status, len(service.tasks)) == ("100", "100", "processing", 1)

    def test_another_take_is_another_task(self) -> None:
        """take=2 asks for another film of the same request."""
        service = Service()
        client = client_of(service)

        assert [run(client.submit(film(), take)).id for take in (1, 2)] == ["100", "101"]
        assert service.tasks[1]["external"] == film().key(2)

    def test_a_task_that_failed_makes_room_for_the_next_take(self, caplog: pytest.LogCaptureFixture) -> None:
        """It cost nothing, so the same request is tried anew, and that is said."""
        service = Service("failed")
        client = client_of(service)
        run(client.submit(film()))
        with caplog.at_level(logging.WARNING):
            task = run(client.submit(film()))

        assert (task.id, task.external_id) == ("101", film().key(2))
        assert "risk control" in caplog.text
        assert "making take 2" in caplog.text

    def test_an_id_of_the_users_own_is_sent_as_it_is(self) -> None:
        """And adopted as it is, failed or not: the user counts the takes then."""
        service = Service("failed")
        client = client_of(service)
        first = run(client.submit(film(external_task_id="rocket/1")))
        again = run(client.submit(film(external_task_id="rocket/1")))

        assert (first.external_id, again.id, again.status) == ("rocket/1", first.id, "failed")

    def test_an_id_that_another_kind_has_taken_is_refused(self, tmp_path: Path) -> None:
        """Ids are unique in an account: before any network where the journal knows it, else by the service."""
        service = Service()
        client = client_of(service)
        run(client.submit(film(external_task_id="mine")))
        effect = kw.VideoEffect(effect_scene="color_mixing", image=PHOTO, external_task_id="mine")

        before = len(service.requests)
        with pytest.raises(kw.InvalidRequest, match=r"used for image2video \(task 100\)\. Choose another"):
            run(client.submit(effect))
        assert len(service.requests) == before
        with pytest.raises(kw.Rejected, match="not for effects; choose another external_task_id"):
            run(client_of(service, journal=tmp_path / "of another machine").submit(effect))

    def test_other_refusals_are_raised(self) -> None:
        """1201 is not always "already exists"."""
        service = Service()
        service.creates = [service.refuse(400, 1201, "Image tail is not supported by the current model")]

        with pytest.raises(kw.Rejected, match="Image tail is not supported"):
            run(client_of(service).submit(film()))

    @pytest.mark.parametrize(
        "spoilt",
        [
            httpx.ReadTimeout("slow"),
            httpx.RemoteProtocolError("gone"),
            httpx.Response(502, text="<html>Bad gateway"),
            httpx.Response(200, text='{"code": 0, "da'),
            httpx.Response(200, json={"code": 0, "data": {}}),
        ],
    )
    def test_a_lost_answer_is_looked_up(self, spoilt: Any) -> None:
        """The task was made, or it was not: there is one in the end, and nobody had to do anything."""
        service = Service("processing")
        service.creates = [spoilt]
        task = run(client_of(service).submit(film()))

        assert [made["task_id"] for made in service.tasks] == [task.id]
        methods = [request.method for request in service.requests]
        assert methods[:2] == ["POST", "GET"]

    @pytest.mark.parametrize("spoilt", [httpx.ReadTimeout("slow"), httpx.Response(502, text="<html>Bad gateway")])
    def test_where_looking_up_is_in_vain_too_submitting_again_is_safe(self, spoilt: Any) -> None:
        """The error says so, and it is true: there is one task in the end."""
        service = Service(spoilt)
        service.creates = [httpx.ReadTimeout("slow")]
        client = client_of(service)

        with pytest.raises(kw.KlingError, match="Submit the same request again"):
            run(client.submit(film()))
        service.story = ["processing"]
        assert run(client.submit(film())).id == "100"
        assert len(service.tasks) == 1

    def test_where_nothing_was_sent_it_is_sent_again(self) -> None:
        """A refused connection made no task; four times it is tried, and then said."""
        service = Service()
        service.creates = [httpx.ConnectError("refused")]
        assert run(client_of(service).submit(film())).id == "100"

        def nobody(request: httpx.Request) -> httpx.Response:
            service.requests.append(request)
            raise httpx.ConnectError("refused")

        service.requests.clear()
        alone = client_of(service, transport=httpx.MockTransport(nobody))
        with pytest.raises(kw.ConnectionFailed, match=r"could not be reached: refused\. Nothing was sent\.$"):
            run(alone.submit(film(prompt="down")))
        assert [request.method for request in service.requests] == ["POST"] * 4

    def test_what_has_retired_warns_when_it_is_sent_to_the_vendor(self) -> None:
        """Not on an emulator, and not with check="off"."""
        old = film(model_name="kling-v1")

        with pytest.warns(kw.KlingWarning, match="kling-v1 for 2026-09-15"):
            run(client_of(Service()).submit(old))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run(client_of(Service(), base_url="http://127.0.0.1:8787").submit(old))
            run(client_of(Service()).submit(film(model_name="kling-v1", check="off")))


class TestLookUp:
    """One task, and all of them."""

    def test_a_task_is_found_by_either_id(self) -> None:
        """Also by one that needs quoting in a path."""
        service = Service("processing")
        client = client_of(service)
        run(client.submit(film(external_task_id="a/b c")))

        assert run(client.task("100")).id == run(client.task("a/b c")).id == "100"
        assert service.requests[-1].url.raw_path == b"/v1/videos/image2video/a%2Fb%20c"

    def test_no_such_task(self) -> None:
        """The service says so; an empty id is not even sent, since it would be the list."""
        service = Service()

        with pytest.raises(kw.Rejected, match="Task not found"):
            run(client_of(service).task("7"))
        with pytest.raises(kw.InvalidRequest, match="It is empty"):
            run(client_of(service).task(" "))

    def test_tasks_are_paged_as_they_are_needed(self) -> None:
        """250 tasks are three pages; of the first ten only one page is fetched; none comes twice."""
        service = Service()
        service.tasks = [
            {"task_id": str(n), "external": f"e{n}", "kind": "image2video", "status": "succeed"} for n in range(250)
        ]
        client = client_of(service)

        async def first_ten() -> list[str]:
            found = []
            async for task in client.tasks():
                found.append(task.id)
                if len(found) == 10:
                    break
            return found

        assert run(first_ten()) == [str(n) for n in range(10)]
        assert service.count("GET") == 1
        assert [task.id for task in run(listed(client.tasks()))] == [str(n) for n in range(250)]
        assert service.count("GET") == 4

    def test_a_task_that_slips_to_the_next_page_comes_once(self) -> None:
        """A task made while one pages pushes the others on."""
        service = Service()
        service.tasks = [
            {"task_id": str(n), "external": "", "kind": "image2video", "status": "succeed"} for n in range(150)
        ]

        async def ids() -> list[str]:
            found = []
            async for task in client_of(service).tasks():
                if len(found) == 50:
                    service.tasks.insert(0, {**service.tasks[0], "task_id": "new"})
                found.append(task.id)
            return found

        assert run(ids()) == [str(n) for n in range(150)]

    def test_a_list_that_is_none(self) -> None:
        """`data` must be an array."""
        client = kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(lambda _: Service.frame({})))

        with pytest.raises(kw.ResponseError, match="came as dict"):
            run(listed(client.tasks()))


class TestWatch:
    """Each change once, through whatever passes."""

    def watched(self, *story: Any, **options: Any) -> tuple[list[str], list[Any], Time, Service]:
        service, time, looks = Service(*story), Time(), []
        client = client_of(service, time, **options)

        async def follow() -> list[str]:
            task = await client.submit(film())
            return [task.status async for task in client.watch(task, on_poll=looks.append)]

        return run(follow()), looks, time, service

    def test_every_change_once_and_then_the_end(self) -> None:
        """Looks that find nothing new yield nothing."""
        statuses, looks, time, _ = self.watched("submitted", "submitted", "processing", "processing", "succeed")

        assert statuses == ["submitted", "processing", "succeed"]
        assert looks == [None] * 5
        assert time.naps == [5.0] * 2 + [5.0]

    def test_a_task_that_has_ended_costs_no_look(self) -> None:
        """It is yielded, and that is all."""
        service = Service("succeed")
        client = client_of(service)
        task = run(client.task(run(client.submit(film())).id))
        before = len(service.requests)

        assert run(listed(client.watch(task))) == [task]
        assert len(service.requests) == before

    def test_what_passes_ends_nothing(self) -> None:
        """Lost connections, maintenance, the rate limit, a proxy's page: heard of, and waited out longer and longer."""
        trouble = [
            httpx.ConnectError("no route"),
            Service.refuse(503, 5001, "maintenance"),
            Service.refuse(429, 1302, "too fast"),
            httpx.Response(502, text="<html>"),
        ]
        statuses, looks, time, _ = self.watched(*trouble, "processing", "succeed")

        assert statuses == ["submitted", "processing", "succeed"]
        assert [type(look) for look in looks] == [
            kw.ConnectionFailed,
            kw.ServerError,
            kw.RateLimited,
            kw.ResponseError,
            type(None),
            type(None),
        ]
        assert time.naps == [10, 20, 40, 60]

    @pytest.mark.parametrize(
        ("trouble", "error"),
        [
            (Service.refuse(401, 1002, "no token"), kw.NotAuthorized),
            (Service.refuse(429, 1101, "in arrears"), kw.AccountError),
            (Service.refuse(400, 1201, "Task not found"), kw.Rejected),
            (Service.frame({"task_id": "1", "task_status": "cancelled"}), kw.ResponseError),
        ],
    )
    def test_what_cannot_pass_is_raised(self, trouble: httpx.Response, error: type[Exception]) -> None:
        """A key that has ended will not begin again by waiting."""
        with pytest.raises(error):
            self.watched("processing", trouble)

    def test_time_is_not_turned_back(self) -> None:
        """A look that finds an older state, from a lagging copy of the service, is no change."""
        assert self.watched("processing", "submitted", "processing", "succeed")[0] == [
            "submitted",
            "processing",
            "succeed",
        ]

    @pytest.mark.parametrize("poll", [0.25, 5.0, 90.0])
    def test_the_pace(self, poll: float) -> None:
        """About `poll` seconds; after failures longer, up to twelve polls or a minute, never shorter than one poll."""
        pace = Pace(poll, lambda: 0.0, jitter=lambda: 0.5)
        delays = [pace.delay(failures) for failures in (0, 1, 5, 1000)]

        assert delays[0] == poll
        assert delays == sorted(delays)
        assert delays[-1] == max(poll, min(60, 12 * poll))
        spread = [Pace(poll, lambda: 0.0, jitter=lambda at=at: at).delay(0) for at in (0.0, 1.0)]
        assert spread == pytest.approx([poll * 0.9, poll * 1.1])

    def test_nothing_is_polled_before_the_state_at_hand_is_given(self) -> None:
        """The first item needs no network."""

        async def first() -> Task:
            def never(kind: str) -> Poller:
                raise AssertionError

            task = Task.from_wire(
                "image2video",
                Service().told({"task_id": "1", "external": "e", "kind": "image2video", "status": "processing"}),
            )
            return await anext(watch(task, never, Pace(5, lambda: 0.0)))

        assert run(first()).status == "processing"


class TestWait:
    """The end, or the reason why not."""

    def test_the_finished_task(self) -> None:
        """With its film's address."""
        service = Service("processing", "succeed")
        client = client_of(service)

        assert run(client.wait(run(client.submit(film())))).videos[0].url == "https://films.example/100.mp4"

    def test_a_failed_task_raises(self) -> None:
        """With the service's reason and the task."""
        client = client_of(Service("failed"))

        with pytest.raises(kw.TaskFailed, match="risk control") as caught:
            run(client.wait(run(client.submit(film()))))
        assert caught.value.task.status == "failed"

    def test_waiting_no_longer_than_asked(self) -> None:
        """After 12 s of the given clock, with a last look at the end; the error carries the task."""
        service, time = Service("processing"), Time()
        client = client_of(service, time)

        with pytest.raises(kw.TaskTimeout, match="still billed") as caught:
            run(client.wait(run(client.submit(film())), timeout=12))
        assert (caught.value.task.status, time.now, time.naps) == ("processing", 12, [5, 5, 2])


class TestVideo:
    """The film on disk."""

    def test_submit_wait_fetch(self, tmp_path: Path) -> None:
        """The folder is made, the film is read, and nothing else lies there but the facts beside it."""
        service = Service()
        video = run(client_of(service, videos=tmp_path / "new").film(film()))

        assert video == kw.Video(
            tmp_path / "new" / f"{film().key()}.mp4", "https://films.example/100.mp4", 5.0, 1280, 720
        )
        assert video.path.read_bytes() == FILM
        assert {path.name for path in video.path.parent.iterdir()} == {video.path.name, f"{film().key()}.json"}
        assert str(video).endswith(".mp4 (5 s, 1280 x 720)")

    def test_a_film_is_kept_by_its_key_where_no_answer_repeats_it(self, tmp_path: Path) -> None:
        """The service may leave out what we called the task: the film is found again all the same."""
        service = Service()
        service.told = lambda task: {**Service.told(service, task), "task_info": {}}  # type: ignore[method-assign]
        client = client_of(service, videos=tmp_path)

        assert run(client.film(film())).path.name == f"{film().key()}.mp4"
        before = len(service.requests)
        run(client.film(film()))
        assert len(service.requests) == before

    def test_no_key_goes_to_the_films_host(self, tmp_path: Path) -> None:
        """The download has no Authorization header; a redirect is followed."""
        service = Service()

        def moved(request: httpx.Request) -> httpx.Response:
            if request.url.path != "/there.mp4":
                return httpx.Response(302, headers={"location": "/there.mp4"})
            return httpx.Response(200, content=FILM)

        service.film = moved
        run(client_of(service, videos=tmp_path).film(film()))

        fetched = [request for request in service.requests if request.url.host == "films.example"]
        assert [request.url.path for request in fetched] == ["/100.mp4", "/there.mp4"]
        assert not any("authorization" in request.headers for request in fetched)

    def test_a_film_on_disk_costs_no_network(self, tmp_path: Path) -> None:
        """Asked for again, it is there, even of a task last seen unfinished."""
        service = Service()
        client = client_of(service, videos=tmp_path)
        early = run(client.submit(film()))
        video = run(client.video(early))
        before = len(service.requests)

        assert run(client.video(early)).path == video.path
        assert len(service.requests) == before

    def test_a_broken_file_is_fetched_anew(self, tmp_path: Path) -> None:
        """What lies there must be a whole film."""
        client = client_of(Service(), videos=tmp_path)
        (tmp_path / f"{film().key()}.mp4").write_bytes(FILM[:-1])

        assert run(client.film(film())).path.read_bytes() == FILM

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (lambda: httpx.Response(200, content=FILM[:-7]), "ends too early"),
            (lambda: httpx.Response(200, content=b"<html>please log in</html>"), "cannot be used"),
            (lambda: httpx.Response(200, content=FILM, headers={"content-length": "99999"}), "of 99999 bytes"),
            (lambda: httpx.Response(403), r"HTTP 403.*30 days, this one until 2024-09-03"),
            (lambda: httpx.Response(500), "HTTP 500"),
        ],
    )
    def test_a_spoilt_download_leaves_nothing(self, tmp_path: Path, answer: Any, words: str) -> None:
        """No half film, no .part, and the reason in words."""
        service = Service()
        service.film = lambda request: answer()

        with pytest.raises(kw.ResponseError, match=words):
            run(client_of(service, videos=tmp_path).film(film()))
        assert list(tmp_path.iterdir()) == []

    def test_a_lost_connection_leaves_nothing(self, tmp_path: Path) -> None:
        """In the middle of the film."""

        async def half() -> AsyncIterator[bytes]:
            yield FILM[:1000]
            raise httpx.ReadError("reset by peer")

        service = Service()
        service.film = lambda request: httpx.Response(200, content=half())

        with pytest.raises(kw.ConnectionFailed, match="reset by peer"):
            run(client_of(service, videos=tmp_path).film(film()))
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_is_named(self, tmp_path: Path) -> None:
        """A file stands in its place."""
        (tmp_path / "films").write_text("not a folder")

        with pytest.raises(kw.KlingError, match="No film can be saved in"):
            run(client_of(Service(), videos=tmp_path / "films").film(film()))

    def test_a_failed_task_has_no_film(self, tmp_path: Path) -> None:
        """And is not waited for."""
        service = Service("failed")
        client = client_of(service, videos=tmp_path)
        task = run(client.task(run(client.submit(film())).id))

        with pytest.raises(kw.TaskFailed):
            run(client.video(task))

    def test_a_success_without_a_film_is_unreadable(self, tmp_path: Path) -> None:
        """Not an IndexError."""
        service = Service()
        service.told = lambda task: {**Service.told(service, task), "task_result": {}}  # type: ignore[method-assign]

        with pytest.raises(kw.ResponseError, match="names no film"):
            run(client_of(service, videos=tmp_path).film(film()))

    @pytest.mark.parametrize("id", ["../../etc/passwd", "a b", "ä" * 200, "CON:1"])
    def test_an_id_is_not_trusted_as_a_path(self, tmp_path: Path, id: str) -> None:
        """Whatever the service says, the film lies in the folder."""
        video = run(client_of(Service(), videos=tmp_path).film(film(external_task_id=id)))

        assert video.path.parent == tmp_path
        assert video.path.exists()

    def test_two_ids_never_share_a_file(self, tmp_path: Path) -> None:
        """Not even two that look the same once they are made safe."""
        client = client_of(Service(), videos=tmp_path)
        paths = {run(client.film(film(external_task_id=id))).path for id in ("a/b", "a b", "a_b")}

        assert len(paths) == 3

    def test_an_emulators_film_never_stands_in_for_the_real_one(self, tmp_path: Path) -> None:
        """The same request, the same folder, two services: two files."""
        preview = run(client_of(Service(), videos=tmp_path, base_url="http://127.0.0.1:8787").film(film()))
        real = run(client_of(Service(), videos=tmp_path).film(film()))

        assert preview.path != real.path
        assert preview.path.name == f"{film().key()}.preview.mp4"


class TestWire:
    """HTTP and its failures."""

    def test_no_exception_of_httpx_is_unmapped(self) -> None:
        """Each that a request can raise becomes one of ours, and names the host."""
        names = [getattr(httpx, name) for name in httpx.__all__]
        errors = [
            each for each in names if isinstance(each, type) and issubclass(each, httpx.RequestError | httpx.InvalidURL)
        ]

        assert len(errors) > 15
        for each in errors:
            mapped = wire.mapped(each("why"), "host.example")
            assert isinstance(mapped, kw.ConnectionFailed | kw.ResponseError)
            assert "host.example" in str(mapped)
            assert mapped.transient

    def test_only_what_never_left_is_called_unsent(self) -> None:
        """The difference between "try again" and "a task may exist"."""
        assert [wire.mapped(each("x"), "h").sent for each in (httpx.ConnectError, httpx.ConnectTimeout)] == [False] * 2  # type: ignore[attr-defined]
        assert [wire.mapped(each("x"), "h").sent for each in (httpx.ReadTimeout, httpx.WriteError)] == [True] * 2  # type: ignore[attr-defined]

    def test_the_cause_is_kept(self) -> None:
        """Ours is raised from httpx's."""
        service = Service(httpx.ReadTimeout("slow"))
        client = client_of(service)
        run(client.submit(film()))

        with pytest.raises(kw.ConnectionFailed, match="no answer in time") as caught:
            run(client.task("100"))
        assert isinstance(caught.value.__cause__, httpx.ReadTimeout)

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, text="<html>Log in to the hotel</html>", headers={"content-type": "text/html"}),
            httpx.Response(200, content=b"\xff\xfe\x00"),
            httpx.Response(200, json=[1, 2]),
            httpx.Response(200, json={"code": "zero"}),
            httpx.Response(200, json={"code": True}),
            httpx.Response(502, json={"error": "bad gateway"}),
            httpx.Response(301, headers={"location": "https://elsewhere"}),
        ],
    )
    def test_what_is_not_the_frame_is_said_to_be_none(self, answer: httpx.Response) -> None:
        """With the status, the type and the first words."""
        client = client_of(Service(), transport=httpx.MockTransport(lambda _: answer))

        with pytest.raises(kw.ResponseError, match="not the API's JSON") as caught:
            run(client.task("1"))
        assert caught.value.http_status == answer.status_code

    def test_a_secret_that_is_echoed_is_hidden(self) -> None:
        """In a message and in an unreadable answer."""

        def echo(request: httpx.Request) -> httpx.Response:
            said = request.headers["authorization"]
            return (
                httpx.Response(403, text=said) if request.url.path.endswith("/2") else Service.refuse(401, 1002, said)
            )

        client = kw.Client(kw.ApiKey("a-very-secret-key"), transport=httpx.MockTransport(echo))
        for id in ("1", "2"):
            with pytest.raises(kw.KlingError, match="Bearer •••") as caught:
                run(client.task(id))
            assert "a-very-secret-key" not in str(caught.value)

    def test_a_long_secret_that_is_echoed_is_hidden_whole(self) -> None:
        """Also where only its beginning would be shown: a token's says whose it is."""

        def echo(request: httpx.Request) -> httpx.Response:
            return httpx.Response(403, text=f"<p>{request.headers['authorization']}</p> is not welcome")

        client = kw.Client(kw.KeyPair("access-key", "secret-key-of-the-test"), transport=httpx.MockTransport(echo))
        with pytest.raises(kw.ResponseError, match='"<p>Bearer •••</p> is not welcome"'):
            run(client.task("1"))

    def test_a_secret_in_a_tasks_words_is_hidden_everywhere(self, tmp_path: Path) -> None:
        """In the task, its error, the journal and the log; written in escapes too, and as a name."""
        key = "a/very+secret=key"
        service = Service("failed")

        def leaking(task: dict[str, Any]) -> dict[str, Any]:
            told = Service.told(service, task)
            result = {"voices": [{key: [f"by {key}"]}]}
            return {**told, "task_status_msg": f"{key} was refused", "task_result": result}

        def escaped(request: httpx.Request) -> httpx.Response:
            answer = service(request)
            return httpx.Response(answer.status_code, content=answer.content.replace(b"/", b"\\/"))

        service.told = leaking  # type: ignore[method-assign]
        file = tmp_path / "journal.sqlite"
        client = kw.Client(kw.ApiKey(key), journal=file, transport=httpx.MockTransport(escaped), sleep=Time().sleep)
        run(client.submit(film()))
        task = run(client.task("100"))
        with pytest.raises(kw.TaskFailed) as caught:
            run(client.wait(task))
        entry = client.journal.entry(film().key())
        run(client.aclose())

        assert (task.message, task.result) == ("••• was refused", {"voices": [{"•••": ["by •••"]}]})
        assert entry is not None
        assert key not in f"{caught.value!s} {caught.value!r} {entry}"
        assert key.encode() not in file.read_bytes()

    def test_a_key_of_digits_spoils_no_number(self) -> None:
        """It is looked for in texts."""
        client = kw.Client(kw.ApiKey("17227695"), transport=httpx.MockTransport(Service("processing")))

        assert run(client.submit(film())).created_at.year == 2024

    def test_a_password_in_the_address_is_no_part_of_the_accounts_name(self, tmp_path: Path) -> None:
        """The journal keeps that."""
        file = tmp_path / "journal.sqlite"
        client = client_of(Service(), journal=file, base_url="https://me:a-password@kling.example/")
        run(client.submit(film()))
        run(client.aclose())

        assert b"a-password" not in file.read_bytes()
        assert b"https://kling.example " in file.read_bytes()

    def test_one_client_lives_in_many_loops(self) -> None:
        """Two asyncio.run in a row, and then `async with`; each loop's connections are closed with it."""

        class Transport(httpx.MockTransport):
            closed = 0

            async def aclose(self) -> None:
                Transport.closed += 1

        service = Service("processing")
        client = client_of(service, transport=Transport(service))
        run(client.submit(film()))
        assert Transport.closed == 1
        run(client.task("100"))
        assert Transport.closed == 2

        async def inside() -> None:
            async with client:
                await client.task("100")
            assert Transport.closed == 3
            await client.task("100")

        run(inside())
        assert Transport.closed == 4


class TestEnvironment:
    """Where keys come from."""

    @pytest.fixture(autouse=True)
    def nothing_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An environment without a single variable of ours."""
        for name in ("KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY", "KLING_BASE_URL"):
            monkeypatch.delenv(name, raising=False)

    def authorization(self) -> str:
        """What a client of the environment sends."""
        sent: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return Service.frame([])

        run(listed(kw.Client.from_env(transport=httpx.MockTransport(answer)).tasks()))
        return f"{sent[0].url.host} {sent[0].headers['authorization']}"

    def test_a_pair_a_plain_key_and_another_host(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The pair comes before the plain key."""
        monkeypatch.setenv("KLING_API_KEY", "plain ")
        assert self.authorization() == "api-singapore.klingai.com Bearer plain"

        monkeypatch.setenv("KLING_ACCESS_KEY", "ak")
        monkeypatch.setenv("KLING_SECRET_KEY", "sk")
        monkeypatch.setenv("KLING_BASE_URL", "https://api-beijing.klingai.com/")
        assert self.authorization().startswith("api-beijing.klingai.com Bearer eyJ")

    def test_no_key_says_what_to_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """All names, and the way without a key; half a pair names the other half."""
        with pytest.raises(kw.KlingError, match=r"KLING_ACCESS_KEY and KLING_SECRET_KEY.*KLING_API_KEY.*Client\.local"):
            kw.Client.from_env()
        monkeypatch.setenv("KLING_SECRET_KEY", "sk")
        with pytest.raises(kw.KlingError, match="KLING_SECRET_KEY is set, but KLING_ACCESS_KEY is not"):
            kw.Client.from_env()

    def test_colabs_secrets_count_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """By the same names, where google.colab can be imported; one it does not give is none."""
        colab = types.ModuleType("google.colab.userdata")
        colab.get = {"KLING_API_KEY": "from-colab"}.__getitem__  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "google.colab.userdata", colab)

        assert self.authorization() == "api-singapore.klingai.com Bearer from-colab"


def test_a_client_says_who_answers() -> None:
    """The host, and nothing else."""
    client = kw.Client(kw.ApiKey("a-very-secret-key"))

    assert (repr(client), client.origin, client.offline) == (
        "Client(api-singapore.klingai.com)",
        "api-singapore.klingai.com",
        False,
    )
