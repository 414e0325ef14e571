"""Whatever a service answers, the client says what is wrong in words of its own, and ends."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.task import Task
from tests.test_client import FILM, PHOTO, Time

LOOKS = 40
"""More calls than any one of ours may need for an answer that never changes."""

STATES = ("submitted", "processing", "succeed", "succeeded", "failed", "online")
PLACES = ("https://films.example/a.mp4", "http://", "https://xn--a/", "file:///etc/passwd")
WORDS = st.sampled_from(["", "0", "8", "5.041", "nan", "1e999", *STATES, *PLACES, "\ud800", "\x00", "é" * 90])
NUMBERS = st.one_of(st.integers(), st.integers(10**17, 10**400), st.floats())
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(), WORDS)
JSON = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3))
)


def shaped(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with these fields; one of them, if any, is missing or anything."""
    good = st.fixed_dictionaries(fields)
    spoilt = [st.builds(lambda whole, value, name=name: {**whole, name: value}, good, JSON) for name in fields]
    missing = st.builds(lambda whole, name: {**whole, name: None}, good, st.sampled_from([*fields]))
    # one_of takes equal branches for one, however often they stand there
    fine = st.sampled_from([True] * 9 + [False])
    return fine.flatmap(lambda fine: good if fine else st.one_of(missing, *spoilt, JSON))


def mostly(good: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([good] * 20 + [*others])


AMOUNTS = mostly("5", 2.4, True, 10**400, -1, float("nan"), 10**18, "nan", "five", [], {})
IDS = mostly("8", "", "842250903629086720", "\ud800", 10**17)
ADDRESSES = mostly(*PLACES, "\ud800", "film.mp4")
RESULT = shaped(id=IDS, url=ADDRESSES, watermark_url=mostly(None, "", "u", 7), duration=AMOUNTS, index=mostly(0, 0.5))
RESULTS = st.lists(RESULT, max_size=2)
TASK = shaped(
    task_id=IDS,
    task_status=mostly("succeed", *STATES),
    task_status_msg=WORDS,
    task_info=shaped(external_task_id=WORDS),
    task_result=st.one_of(
        st.fixed_dictionaries({"videos": RESULTS}), st.fixed_dictionaries({"images": RESULTS}), shaped(videos=RESULTS)
    ),
    created_at=mostly(1722769557708, 0, -1, 10**30, "soon"),
    updated_at=st.just(1722769557708),
    final_unit_deduction=AMOUNTS,
)
TIMES = st.sampled_from([0, None, 1779000000000, "1779000000000", 10**30])
PACK = shaped(
    resource_pack_name=WORDS,
    resource_pack_id=IDS,
    total_quantity=AMOUNTS,
    remaining_quantity=AMOUNTS,
    purchase_time=TIMES,
    effective_time=TIMES,
    invalid_time=TIMES,
    status=st.sampled_from(["online", "expired", "\ud800"]),
)
PACKS = shaped(code=st.sampled_from([0, 0, 1101]), msg=WORDS, resource_pack_subscribe_infos=st.lists(PACK, max_size=2))
# A full page, the same again and again.
PAGE = st.one_of(st.lists(TASK, max_size=3), TASK.map(lambda task: [task] * 100))
CODES = st.sampled_from([0] * 40 + [1000, 1102, 1201, 1302, 5000, 7, -1])
STATUS = st.sampled_from([200] * 40 + [201, 301, 400, 404, 429, 500, 503])

CALLS = ["submit", "submit raw", "task", "tasks", "wait", "video", "images", "balance"]


async def call(name: str, client: kw.Client) -> Any:
    begun = Task.from_wire("x", {"task_id": "8", "task_status": "submitted", "created_at": 1, "updated_at": 1})
    match name:
        case "submit":
            return await client.submit(kw.ImageToVideo(image=PHOTO, prompt="up", model_name="kling-v2-6"))
        case "submit raw":
            return await client.submit(kw.RawRequest("omni-video", {"prompt": "up"}))
        case "task":
            return await client.task("8")
        case "tasks":
            return [task async for task in client.tasks()]
        case "wait":
            return await client.wait(begun, timeout=60)
        case "video":
            return await client.video(begun)
        case "images":
            return await client.images(begun)
    return await client.balance()


@pytest.mark.parametrize("name", CALLS)
@settings(deadline=None, max_examples=100)
@given(content=st.data(), status=STATUS)
def test_any_json_is_an_answer(name: str, content: st.DataObject, status: int, tmp_path_factory: Any) -> None:
    """A value or a KlingError that can be printed, after a bounded number of calls; never a KeyError."""
    data = {"tasks": PAGE, "balance": PACKS}.get(name, TASK)
    frame = content.draw(shaped(code=CODES, message=WORDS, request_id=WORDS, data=data))
    outcome(name, httpx.Response(status, content=json.dumps(frame).encode()), tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b'{"code": 0, "data": ' + b'{"task_result": ' * 900 + b"{}" + b"}" * 901,
        b'{"code": 0, "data": ' + b"9" * 5000 + b"}",
        b'{"code": 0, "data": {"task_id": NaN, "task_status": Infinity}}',
        b'{"code": 1201, "message": {"a": ["b"]}, "request_id": 7}',
        b'{"code": 1201, "message": "\\ud800", "request_id": "\\udfff"}',
        "<html>é\ud800</html>".encode("utf-8", "surrogatepass"),
        b"\xff\xfe\x00\x00",
        b'{"code": 0, "data": 7}',
        b'{"code": 0, "data": [[]]}',
    ],
    ids=range(11),
)
def test_any_bytes_are_an_answer(name: str, content: bytes, tmp_path: Path) -> None:
    """Text without an end, JSON without a bottom, half characters."""
    outcome(name, httpx.Response(200, content=content), tmp_path)
    outcome(
        name, httpx.Response(200, content=content, headers={"content-type": "text/html; charset=no-such"}), tmp_path
    )


class TooMany(AssertionError):  # noqa: N818 - as ours are
    """The client does not come to an end."""


def outcome(name: str, answer: httpx.Response, folder: Path) -> None:
    asked: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) > LOOKS:
            raise TooMany(request.url)
        if request.url.host == "films.example":
            return httpx.Response(200, content=FILM)
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    time = Time()

    async def sleep(seconds: float) -> None:
        await time.sleep(seconds)
        if time.now > 600:  # what passes is waited out for ever: that is not what is asked here
            raise kw.KlingError("ten minutes")

    client = kw.Client(
        kw.ApiKey("k"),
        transport=httpx.MockTransport(service),
        sleep=sleep,
        now=lambda: time.now,
        videos=folder,
        poll=60,
    )

    async def words() -> str:
        try:
            return repr(await call(name, client))
        except kw.KlingError as error:
            return str(error)

    assert asyncio.run(words()).encode()
