"""The pages' rules on calls and answers, by number, as far as a client can keep or break them."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import kling_widgets as kw
from kling_widgets.task import Task
from tests.test_client import PHOTO

FILM = kw.ImageToVideo(image=PHOTO, prompt="up", model_name="kling-v2-6")
EFFECT = kw.VideoEffect(effect_scene="color_mixing", image=PHOTO)
FULL: dict[str, Any] = {
    "task_id": "842250903629086720",
    "task_status": "succeed",
    "task_status_msg": "",
    "watermark_info": {"enabled": True},
    "task_info": {"external_task_id": "mine"},
    "task_result": {
        "videos": [
            {"id": "v1", "url": "https://a/1.mp4", "watermark_url": "https://a/1w.mp4", "duration": "5.041"},
            {"id": "v2", "url": "https://a/2.mp4", "watermark_url": "", "duration": "9.6"},
        ]
    },
    "final_unit_deduction": "2.4",
    "created_at": 1722769557708,
    "updated_at": 1722769657000,
}


class Ear:
    """A service that answers each call with the next of `answers`, the last for ever, and remembers what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = [*answers] or [FULL]
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        data = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(data, httpx.Response):
            return data
        return httpx.Response(200, json={"code": 0, "message": "SUCCEED", "request_id": "r", "data": data})

    @property
    def client(self) -> kw.Client:
        return kw.Client(kw.KeyPair("access", "secret"), transport=httpx.MockTransport(self))

    def lines(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.asked]


async def listed(client: kw.Client, kind: str = "image2video") -> list[Task]:
    return [task async for task in client.tasks(kind)]


def calls(ear: Ear, request: kw.ImageToVideo | kw.VideoEffect) -> None:
    """One of each: a create, a look, a list."""

    async def made() -> None:
        task = await ear.client.submit(request)
        await ear.client.task(task.id, request.kind)
        await listed(ear.client, request.kind)

    asyncio.run(made())


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        pytest.param(FILM, "/v1/videos/image2video", id="R1, R2, R3: image to video"),
        pytest.param(EFFECT, "/v1/videos/effects", id="R116, R117, R118: effects"),
    ],
)
def test_a_create_a_look_and_a_list(request_: Any, path: str) -> None:
    """Each by its method and path, and no other call."""
    ear = Ear(FULL, FULL, [FULL])
    calls(ear, request_)

    assert ear.lines() == [f"POST {path}", f"GET {path}/842250903629086720", f"GET {path}"]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(FILM, id="R4, R5: image to video"),
        pytest.param(FILM, id="C20: the type is sent, whatever the samples do"),
        pytest.param(EFFECT, id="R119: effects"),
    ],
)
def test_every_call_bears_type_and_token(request_: Any) -> None:
    """The two GETs as well."""
    ear = Ear(FULL, FULL, [FULL])
    calls(ear, request_)

    assert len(ear.asked) == 3
    for asked in ear.asked:
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["authorization"].startswith("Bearer eyJ")


def test_of_the_two_paths_the_schemas_is_sent() -> None:
    """R6: no slash at the end and no charset, also where a path was given with one."""
    ear = Ear(FULL, [])

    async def both() -> None:
        await ear.client.submit(kw.RawRequest("/v1/videos/image2video/", FILM.payload()))
        await listed(ear.client, "/v1/videos/image2video/")

    asyncio.run(both())
    assert ear.lines() == ["POST /v1/videos/image2video", "GET /v1/videos/image2video"]
    assert ear.asked[0].headers["content-type"] == "application/json"


def test_the_frame_is_taken_off() -> None:
    """R99, R137: `data` alone comes out; a code other than 0 is raised, with the message and the request's id."""
    refusal = httpx.Response(400, json={"code": 1201, "message": "no", "request_id": "r-1", "data": None})

    assert asyncio.run(Ear(FULL).client.task("x")).id == "842250903629086720"
    for status in (200, 400):
        refusal.status_code = status
        with pytest.raises(kw.Rejected) as caught:
            asyncio.run(Ear(refusal).client.task("x", "effects"))
        error = caught.value
        assert (error.code, error.http_status, error.message, error.request_id) == (1201, status, "no", "r-1")


def test_what_a_create_answers() -> None:
    """R100, R101, R103, R137: id, external id, status and two times; no more is needed."""
    data = {name: FULL[name] for name in ("task_id", "task_info", "created_at", "updated_at")}
    task = asyncio.run(Ear({**data, "task_status": "submitted"}).client.submit(EFFECT))

    assert task == Task(
        id="842250903629086720",
        external_id="mine",
        kind="effects",
        status="submitted",
        message="",
        videos=(),
        created_at=datetime(2024, 8, 4, 11, 5, 57, 708000, tzinfo=UTC),
        updated_at=datetime(2024, 8, 4, 11, 7, 37, tzinfo=UTC),
    )


@pytest.mark.parametrize("word", ["R102, R137: cancelled", "R102: Succeed", "R102: "])
def test_an_unknown_status_is_an_error(word: str) -> None:
    """Never taken for one of the four, never waited for."""
    ear = Ear({**FULL, "task_status": word.partition(": ")[2] or None})

    with pytest.raises(kw.ResponseError, match="task_status"):
        asyncio.run(ear.client.wait(Task.from_wire("image2video", {**FULL, "task_status": "submitted"})))
    assert len(ear.asked) == 1


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        pytest.param("image2video", "842250903629086720", id="R104, R97: the service's id"),
        pytest.param("image2video", "my film/1", id="R104, R97: an id of one's own"),
        pytest.param("effects", "7", id="C14: one of the two there must be"),
        pytest.param("effects", "my effect", id="R138, R135: an effect's"),
    ],
)
def test_either_id_stands_in_the_path(kind: str, id: str) -> None:
    """Quoted where it must be; none at all would be the list, and is refused."""
    ear = Ear()
    asyncio.run(ear.client.task(id, kind))

    assert ear.asked[0].url.path == f"/v1/videos/{kind}/{id}"
    assert ear.asked[0].url.raw_path.count(b"/") == 4
    with pytest.raises(kw.InvalidRequest):
        asyncio.run(ear.client.task("", kind))


def test_one_task_has_all_its_fields() -> None:
    """R105, R107, R108, R110, R111, R112: films with their lengths, units as a number, the raw result."""
    task = asyncio.run(Ear().client.task("x"))

    assert task.videos == (
        kw.Result("v1", "https://a/1.mp4", "https://a/1w.mp4", 5.041),
        kw.Result("v2", "https://a/2.mp4", None, 9.6),
    )
    assert (task.units, task.external_id, task.message) == (2.4, "mine", "")
    assert task.result == FULL["task_result"]


def test_a_failed_task_says_why() -> None:
    """R106: the service's own words are kept and raised."""
    failed = {**FULL, "task_status": "failed", "task_status_msg": "content risk control", "task_result": {}}
    task = asyncio.run(Ear(failed).client.task("x"))

    with pytest.raises(kw.TaskFailed, match='"content risk control"'):
        asyncio.run(Ear().client.wait(task))
    assert (task.message, task.reason != "") == ("content risk control", True)


@pytest.mark.parametrize(
    ("request_", "id"),
    [pytest.param(FILM, "", id="R109: a film"), pytest.param(EFFECT, "", id="R141: an effect")],
)
def test_a_film_that_was_cleared(request_: Any, id: str, tmp_path: Any) -> None:
    """After 30 days nothing lies there; that is said, with the day."""
    ear = Ear(FULL, httpx.Response(404))
    client = kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(ear), videos=tmp_path)

    with pytest.raises(kw.ResponseError, match="keeps a film for 30 days, this one until 2024-09-03"):
        asyncio.run(client.film(request_))


@pytest.mark.parametrize(
    "kind", [pytest.param("image2video", id="R113: films"), pytest.param("effects", id="R142: effects")]
)
def test_a_list_is_an_array_of_tasks(kind: str) -> None:
    """Without a total: a short page is the end; a task in it may lack watermark_info."""
    row = {name: value for name, value in FULL.items() if name != "watermark_info"}
    ear = Ear([row, {**row, "task_id": "2"}])

    assert [task.id for task in asyncio.run(listed(ear.client, kind))] == ["842250903629086720", "2"]
    assert len(ear.asked) == 1


@pytest.mark.parametrize(
    ("kind", "tasks"),
    [
        pytest.param("image2video", 250, id="R114, R115: films"),
        pytest.param("effects", 250, id="R143: effects"),
        pytest.param("image2video", 10**6, id="R114: more than can be asked for"),
    ],
)
def test_pages_are_asked_for_within_their_ranges(kind: str, tasks: int) -> None:
    """pageNum from 1 to 1000 and no further, pageSize no more than 500, however many tasks there are."""
    pages: list[int] = []

    def endless(request: httpx.Request) -> httpx.Response:
        number, size = (int(request.url.params[name]) for name in ("pageNum", "pageSize"))
        pages.append(number)
        assert 1 <= size <= 500
        # The rest of a row is read elsewhere, and a hundred thousand of them take their time.
        rest = '"task_status": "failed", "created_at": 1, "updated_at": 1'
        ids = range((number - 1) * size, min(number * size, tasks))
        rows = ", ".join(f'{{"task_id": "{id}", {rest}}}' for id in ids)
        return httpx.Response(200, text=f'{{"code": 0, "message": "", "request_id": "", "data": [{rows}]}}')

    client = kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(endless))
    assert len(asyncio.run(listed(client, kind))) == min(tasks, 1000 * 100)
    assert pages == [*range(1, min(tasks // 100 + 1, 1000) + 1)]


def test_a_service_that_does_not_count_pages_ends() -> None:
    """R113: the same full page again and again is no list without an end."""
    ear = Ear([{**FULL, "task_id": str(n)} for n in range(100)])

    assert len(asyncio.run(listed(ear.client))) == 100
    assert len(ear.asked) == 2


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(FULL, id="R139, R140: with all its fields"),
        pytest.param({name: FULL[name] for name in FULL if name != "watermark_info"}, id="C18: as in a list"),
    ],
)
def test_an_effect_that_was_made(wire: dict[str, Any]) -> None:
    """No length, and watermark_info or not; what the page leaves open may be missing or empty."""
    videos = [{"id": "v", "url": "https://a/1.mp4", "watermark_url": "https://a/1w.mp4"}]
    task = asyncio.run(Ear({**wire, "task_result": {"videos": videos}}).client.task("x", "effects"))

    assert task.videos == (kw.Result("v", "https://a/1.mp4", "https://a/1w.mp4", None),)
    assert (task.kind, task.units) == ("effects", 2.4)


@pytest.mark.parametrize("rule", ["R98: for films", "R135: for effects", "C19: for both together"])
def test_one_name_space_for_all_ids(rule: str) -> None:
    """A film and an effect of the same picture never ask for the same id."""
    ear = Ear({**FULL, "task_status": "submitted"})

    async def both() -> None:
        await ear.client.submit(FILM)
        await ear.client.submit(EFFECT)
        await ear.client.submit(FILM, take=2)

    asyncio.run(both())
    ids = [json.loads(asked.content)["external_task_id"] for asked in ear.asked]
    assert len({*ids}) == 3


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(FILM.model_copy(update={"callback_url": "https://a/b"}), id="R96: a film"),
        pytest.param(EFFECT.model_copy(update={"callback_url": "https://a/b"}), id="R134: an effect"),
    ],
)
def test_where_to_call_is_sent(request_: Any) -> None:
    """And another address makes no other film: the id stays the same."""
    ear = Ear()
    asyncio.run(ear.client.submit(request_))

    body = json.loads(ear.asked[0].content)
    plain = request_.model_copy(update={"callback_url": ""})
    assert (body["callback_url"], body["external_task_id"]) == ("https://a/b", plain.key())
