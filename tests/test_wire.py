"""Held to the vendor's examples in tests/wire: what the client writes, and what it makes of each answer."""

import asyncio
import base64
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

import kling_widgets as kw
from kling_widgets.endpoint import Kind
from kling_widgets.task import Task

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path("tests/wire").glob("*.json"))}
ANSWERS = {
    "<string>": "",
    "<text>": "a reason in words",
    "<digits>": "842250903629086720",
    "<int ms>": 1722769557708,
    "<decimal string>": "5.041",
    "<url>": "https://example.com/film.mp4",
    "<bool>": False,
    "<number>": 96.5,
    "<external_task_id>": "rocket-1",
}
OURS = {"callback_url": "", "external_task_id": ""}
WORDS = {**OURS, "model_name": "kling-v1", "negative_prompt": "", "watermark_info": {"enabled": False}}
FILM = {**WORDS, "multi_shot": False, "prompt": "", "sound": "off", "mode": "std", "duration": "5"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "image2video": FILM,
    "text2video": {**FILM, "aspect_ratio": "16:9"},
    "effects": OURS,
    "images/generations": {**WORDS, "n": 1, "resolution": "1k", "aspect_ratio": "16:9"},
}
KINDS: dict[str, Kind] = {"effects": "effects", "text2video": "text2video", "images": "images/generations"}


async def at_once(seconds: float) -> None:
    """Nobody waits here."""


def encoded(picture: PIL.Image.Image, format: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, format, quality=95)
    return file.getvalue()


def mask(width: int, height: int, box: tuple[int, int, int, int]) -> bytes:
    picture = PIL.Image.new("L", (width, height))
    picture.paste(255, box)
    return encoded(picture)


PHOTO = Path("notebooks/photos/rocket.jpg").read_bytes()
UPRIGHT = PIL.Image.open(io.BytesIO(PHOTO)).convert("RGB")
PICTURES = {
    "photo": PHOTO,
    "photo.left": encoded(PIL.ImageOps.mirror(UPRIGHT), "JPEG"),
    "photo.right": encoded(PIL.ImageOps.flip(UPRIGHT), "JPEG"),
    "mask": mask(640, 427, (0, 347, 640, 427)),
    "mask.left": mask(640, 427, (100, 200, 180, 280)),
    "mask.right": mask(640, 427, (440, 120, 520, 200)),
    "mask.square": mask(427, 427, (100, 200, 180, 280)),
}
NAMES = {name.replace(".", "_"): data for name, data in PICTURES.items()} | {"callback": "http://127.0.0.1:9/done"}


def built(case: dict[str, Any]) -> Any:
    requests = (kw.ImageToVideo, kw.VideoEffect, kw.TextToVideo, kw.ImageGeneration)
    return eval(case["python"], {request.__name__: request for request in requests} | NAMES)


def kind_of(name: str) -> Kind:
    """Which endpoint an example is of."""
    return next((kind for word, kind in KINDS.items() if word in name.split("-")), "image2video")


def expected(value: Any) -> Any:
    """A body of an example, its `@` filled in."""
    if isinstance(value, dict):
        return {name: expected(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [expected(inner) for inner in value]
    if value == "@callback":
        return NAMES["callback"]
    if isinstance(value, str) and value.startswith("@"):
        return base64.b64encode(PICTURES[value[1:]]).decode()
    return value


def completed(body: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """The page's defaults filled in."""
    full = {**DEFAULTS[kind], **body}
    if kind.endswith("2video") and not full["model_name"].startswith("kling-v2"):
        full = {"cfg_scale": 0.5, **full}
    return full


def same(ours: Any, theirs: Any) -> bool:
    """Equal with types, but for pictures, which are compared as such."""
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and ours.keys() == theirs.keys() and all(same(ours[k], theirs[k]) for k in theirs)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, str) and len(theirs) > 500:
        return same_picture(base64.b64decode(ours, validate=True), base64.b64decode(theirs))
    if isinstance(theirs, float) or isinstance(ours, float):
        return not isinstance(ours, bool | str) and ours == theirs
    return type(ours) is type(theirs) and ours == theirs


def same_picture(ours: bytes, theirs: bytes) -> bool:
    a, b = (PIL.Image.open(io.BytesIO(data)) for data in (ours, theirs))
    if a.format not in ("JPEG", "PNG") or a.size != b.size:
        return False
    if b.mode == "L":
        return a.mode == "L" and np.array_equal(np.asarray(a), np.asarray(b))
    return float(np.abs(np.asarray(a).astype(int) - np.asarray(b).astype(int)).mean()) <= 6


def filled(value: Any, *, whole: bool) -> Any:
    """An answer of an example, its `<>` filled in, with every `?` field or with none."""
    if isinstance(value, dict):
        return {
            name.removesuffix("?"): filled(inner, whole=whole)
            for name, inner in value.items()
            if whole or not name.endswith("?")
        }
    if isinstance(value, list):
        return [filled(inner, whole=whole) for inner in value]
    if isinstance(value, str):
        value = value.replace("{task_id}", ANSWERS["<digits>"]).replace("{external_task_id}", "rocket-1")
        return ANSWERS.get(value, value)
    return value


def answered(case: dict[str, Any], *, whole: bool) -> httpx.MockTransport:
    answer = case["answer"]
    return httpx.MockTransport(lambda request: httpx.Response(answer["http"], json=filled(answer["body"], whole=whole)))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "python" in case and "refused" not in case])
def test_the_body_is_the_pages(name: str) -> None:
    """`payload()` equals the example's body."""
    case = CASES[name]
    with_warnings_off = built(case)

    kind = kind_of(name)
    assert same(completed(with_warnings_off.payload(), kind), completed(expected(case["request"]["body"]), kind))
    assert with_warnings_off.endpoint == case["request"]["path"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "refused" in case])
def test_what_is_never_sent_cannot_be_built(name: str) -> None:
    """InvalidRequest, with a problem for each field that the example names."""
    with pytest.raises(kw.InvalidRequest) as caught:
        built(CASES[name])
    for field in CASES[name]["refused"]:
        assert any(problem.field.startswith(field) for problem in caught.value.problems)


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "python" in case and "refused" not in case])
def test_a_create_gives_a_submitted_task(name: str, whole: bool) -> None:
    """What is sent is the body with an external_task_id, and the answer is read."""
    case, sent = CASES[name], []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=filled(case["answer"]["body"], whole=whole))

    request = built(case).model_copy(update={"check": "off"})  # no word on what has retired since
    client = kw.Client(kw.KeyPair("a", "b"), sleep=at_once, transport=httpx.MockTransport(answer))
    task = asyncio.run(client.submit(request))

    assert (task.id, task.status, task.kind) == ("842250903629086720", "submitted", request.kind)
    (post,) = sent
    body = json.loads(post.content)
    own = case["request"]["body"].get("external_task_id")
    assert body.pop("external_task_id") == own if own else len(body.pop("external_task_id")) >= 8
    assert body == {key: value for key, value in request.payload().items() if key != "external_task_id"}
    assert (post.method, post.url.path) == ("POST", case["request"]["path"])
    assert post.headers["content-type"] == "application/json"
    assert post.headers["authorization"].startswith("Bearer ey")


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("name", [name for name in CASES if "-task-" in name and not name.startswith("error")])
def test_a_queried_task_is_read(name: str, whole: bool) -> None:
    """Each status, with and without the fields that may be missing; a failure is raised where one waits for it."""
    case = CASES[name]
    kind = kind_of(name)
    client = kw.Client(kw.KeyPair("a", "b"), sleep=at_once, transport=answered(case, whole=whole))

    task = asyncio.run(client.task("842250903629086720", kind))

    data = filled(case["answer"]["body"], whole=whole)["data"]
    assert task == Task.from_wire(kind, data)
    assert (task.id, task.status, task.external_id) == (data["task_id"], data["task_status"], "rocket-1")
    if task.status == "succeed":
        results = task.images if kind == "images/generations" else task.videos
        assert results[0].url == "https://example.com/film.mp4"
        assert task.units == 5.041
        assert task.result == data["task_result"]
    if "raises" in case:
        with pytest.raises(getattr(kw, case["raises"])):
            asyncio.run(client.wait(task))


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("name", [name for name in CASES if "-list" in name])
def test_a_list_is_read(name: str, whole: bool) -> None:
    """A bare array; an empty page is the end."""
    kind = kind_of(name)
    client = kw.Client(kw.KeyPair("a", "b"), sleep=at_once, transport=answered(CASES[name], whole=whole))

    async def listed() -> list[Task]:
        return [task async for task in client.tasks(kind)]

    assert [task.status for task in asyncio.run(listed())] == ([] if "past-the-end" in name else ["succeed"])


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if name.startswith("error") and "raises" in case]
)
def test_an_error_is_raised_as_its_class(name: str, whole: bool) -> None:
    """With the example's code, status and message."""
    case = CASES[name]
    client = kw.Client(kw.KeyPair("a", "b"), sleep=at_once, transport=answered(case, whole=whole))

    with pytest.raises(getattr(kw, case["raises"])) as caught:
        asyncio.run(client.task("no-such-task"))
    body = filled(case["answer"]["body"], whole=whole)
    assert (caught.value.code, caught.value.http_status, caught.value.message) == (
        body["code"],
        case["answer"]["http"],
        body["message"],
    )


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("callback")])
def test_a_callback_is_a_task(name: str, whole: bool) -> None:
    """The bare body, without the frame."""
    kind = kind_of(name)
    body = filled(CASES[name]["request"]["body"], whole=whole)

    task = kw.callbacks.task(json.dumps(body).encode(), "image2video" if kind == "images/generations" else kind)
    assert task == Task.from_wire(kind, body)
    assert (task.id, task.status, task.external_id) == (body["task_id"], body["task_status"], "rocket-1")


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "bare"])
def test_the_account_is_read(whole: bool) -> None:
    """Its packs, their sums, and what was asked for them."""
    case, sent = CASES["account-costs"], []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=filled(case["answer"]["body"], whole=whole))

    client = kw.Client(kw.KeyPair("a", "b"), sleep=at_once, transport=httpx.MockTransport(answer))
    balance = asyncio.run(client.balance())

    assert (balance.remaining, balance.total, [pack.status for pack in balance.packs]) == (193, 193, ["online"] * 2)
    (get,) = sent
    assert (get.method, get.url.path, {*get.url.params}) == ("GET", "/account/costs", {*case["request"]["query"]})
