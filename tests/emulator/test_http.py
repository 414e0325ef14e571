"""The edges of the HTTP surface: whatever is sent, the answer is the vendor's envelope and never a server error."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kling_widgets.emulator import endpoints

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
Picture = Callable[..., str]

_KINDS = ("image2video", "text2video", "effects", "images/generations")


def _error(answer: httpx.Response) -> tuple[int, int]:
    assert answer.json().keys() == {"code", "message", "request_id"}
    assert answer.json()["message"]
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("PUT", "/v1/videos/image2video", (404, 1202)),
        ("DELETE", "/v1/videos/effects/842250903629086720", (404, 1202)),
        ("POST", "/v1/videos/effects/842250903629086720", (404, 1202)),
        ("OPTIONS", "/v1/videos/effects", (404, 1202)),
        ("POST", "/account/costs", (404, 1202)),
        ("POST", "/docs", (404, 1202)),
        ("GET", "/account", (404, 1203)),
        ("GET", "/images/nothing.png", (404, 1203)),
        ("GET", "/v1/videos/842250903629086720", (404, 1203)),
        ("POST", "/v1/videos/text3video", (404, 1203)),
        ("GET", "/films/nothing.mp4", (404, 1203)),
        ("GET", "/films/nothing.mp4/", (404, 1203)),
        ("GET", "/films/../tasks.sqlite", (404, 1203)),
        ("GET", "/films/..%2Ftasks.sqlite", (404, 1203)),
    ],
)
async def test_a_wrong_method_or_path_has_the_vendors_code(
    rig: Any, method: str, path: str, error: tuple[int, int]
) -> None:
    """R1, R2, R3: 1202 and 1203, both with HTTP 404."""
    assert _error(await rig.send(method, path)) == error


@pytest.mark.parametrize("kind", _KINDS)
async def test_every_call_needs_a_token(rig: Any, kind: str) -> None:
    """R5, R119: on every endpoint."""
    for method, path in (("POST", ""), ("GET", ""), ("GET", "/842250903629086720")):
        answer = await rig.client.request(method, f"{endpoints.path(kind)}{path}")
        assert _error(answer) == (401, 1001)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"image"',
        b"\xff\xfe",
        b'{"prompt": "\\ud800"}',
        b'{"external_task_id": "\\udfff", "image": "a", "prompt": "a"}',
        b'{"a":' * 100_000,
        b"[" * 100_000,
        b'{"duration": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:20]),
)
@pytest.mark.parametrize("kind", _KINDS)
async def test_what_is_no_json_object_is_refused(rig: Any, kind: str, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await rig.send("POST", endpoints.path(kind), content=content, headers=headers)
    assert _error(answer) == (400, 1200)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_a_create_is_json_by_its_content_type_too(rig: Any, plain: Plain, content_type: str) -> None:
    """R4, R119: whatever the body looks like."""
    headers = {"Content-Type": content_type}
    answer = await rig.send("POST", "/v1/videos/image2video", content=json.dumps(plain()), headers=headers)
    assert _error(answer) == (400, 1200)
    assert "application/json" in answer.json()["message"]


@pytest.mark.parametrize("field", ["element_list", "voice_list", "multi_prompt", "dynamic_masks"])
async def test_a_list_without_end_is_not_complained_of_without_end(rig: Any, plain: Plain, field: str) -> None:
    """Who sends ten thousand wrong entries is told that they are too many, and of the first hundred."""
    story = {"multi_shot": True, "shot_type": "customize"}
    answer = await rig.post("image2video", plain(**story, **{field: [1] * 10_000}))
    assert _error(answer) == (400, 1201)
    assert f"{field}[99] must be an object" in answer.json()["message"]
    assert f"{field}[100]" not in answer.json()["message"]
    assert f"{field} cannot exceed" in answer.json()["message"] or f"{field} must have 1 to" in answer.json()["message"]


async def test_a_body_without_end_is_cut_off(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless() -> Any:
        while True:
            yield bytes(16 << 20)

    headers = {"Content-Type": "application/json"}
    answer = await rig.send("POST", "/v1/videos/effects", content=endless(), headers=headers)
    assert _error(answer) == (400, 1200)


async def test_pictures_are_checked_before_a_task_exists(rig: Any, plain: Plain, picture: Picture) -> None:
    answer = await rig.post("image2video", plain(image=picture(299, 299), image_tail=picture(3000, 200)))
    assert _error(answer) == (400, 1201)
    assert answer.json()["message"] == (
        "image is 299 x 299 px, width and height must be at least 300 px; "
        "image_tail is 3000 x 200 px, width and height must be at least 300 px"
    )
    assert (await rig.get("image2video")).json()["data"] == []


async def test_a_picture_may_be_a_url(rig: Any, world: Any, plain: Plain, picture: Picture) -> None:
    world.pictures["/boat.png"] = base64.b64decode(picture(400, 300))
    id = (await rig.create(plain(image="https://photos.example/boat.png")))["task_id"]
    await rig.clock.advance(5)
    assert (await rig.task(id))["task_status"] == "succeed"
    assert rig.jobs[0].photos[0].shape == (300, 400, 3)


async def test_a_url_that_cannot_be_fetched_names_the_field_and_the_reason(rig: Any, world: Any, plain: Plain) -> None:
    world.hosts["intranet.example"] = ["10.0.0.7"]
    for url, reason in [("https://photos.example/gone.png", "HTTP 404"), ("http://intranet.example/", "private")]:
        answer = await rig.post("image2video", plain(image=url))
        assert _error(answer) == (400, 1201)
        assert answer.json()["message"].startswith("image cannot be fetched from its URL")
        assert reason in answer.json()["message"]


@pytest.mark.parametrize(
    ("x", "y", "inside"), [(0, 0, True), (640, 427, True), (641, 0, False), (0, 428, False), (-1, 5, False)]
)
async def test_a_path_stays_in_its_picture(
    rig: Any, plain: Plain, picture: Picture, x: int, y: int, inside: bool
) -> None:
    """R73, R74: from 0 to the width and the height, its far edges included."""
    masks = [{"mask": picture(mode="L"), "trajectories": [{"x": 1, "y": 1}, {"x": x, "y": y}]}]
    answer = await rig.post("image2video", plain(model_name="kling-v1", dynamic_masks=masks))
    assert answer.status_code == (200 if inside else 400)
    if not inside:
        assert f"dynamic_masks[0].trajectories[1] ({x}, {y}) lies outside" in answer.json()["message"]


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "true", "5", "on", "kling-v1", "http://[", "simple", "customize", "@picture"])
)
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def _mutated(seeds: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """A good body of which one to four places, however deep, hold something else."""

    @st.composite
    def bodies(draw: st.DrawFn) -> Any:
        body = json.loads(json.dumps(draw(st.sampled_from(seeds))))
        for _ in range(draw(st.integers(1, 4))):
            place: Any = body
            while True:
                key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
                if not place[key] or not isinstance(place[key], dict | list) or draw(st.booleans()):
                    break
                place = place[key]
            place[key] = draw(_JSON)
        return body

    return bodies()


_GROUP = {"mask": "@picture", "trajectories": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}
_SEEDS: list[dict[str, Any]] = [
    {
        "model_name": "kling-v1",
        "mode": "std",
        "image": "@picture",
        "prompt": "Go",
        "static_mask": "@picture",
        "dynamic_masks": [_GROUP, _GROUP],
        "cfg_scale": 0.5,
        "watermark_info": {"enabled": True},
        "callback_url": "http://listener.example",
    },
    {
        "model_name": "kling-v1-5",
        "mode": "pro",
        "image": "@picture",
        "prompt": "Go",
        "camera_control": {"type": "simple", "config": {"pan": 5}},
    },
    {
        "model_name": "kling-v3",
        "image": "@picture",
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": [{"index": 1, "prompt": "a", "duration": "5"}],
        "element_list": [{"element_id": 160}],
    },
    {
        "model_name": "kling-v2-6",
        "mode": "pro",
        "image": "@picture",
        "prompt": "<<<voice_1>>>",
        "voice_list": [{"voice_id": "a"}],
        "sound": "on",
    },
    {"effect_scene": "squish", "input": {"image": "@picture"}, "external_task_id": "a"},
    {"effect_scene": "hug_pro", "input": {"images": ["@picture", "@picture"]}},
    {
        "model_name": "kling-v3",
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": [{"index": 1, "prompt": "a", "duration": "2"}, {"index": 2, "prompt": "b", "duration": "3"}],
        "sound": "on",
        "aspect_ratio": "9:16",
    },
    {
        "model_name": "kling-v1",
        "prompt": "Go",
        "camera_control": {"type": "down_back"},
        "watermark_info": {"enabled": True},
        "external_task_id": "a",
    },
    {
        "model_name": "kling-v3",
        "prompt": "Go",
        "image": "@picture",
        "image_reference": "subject",
        "image_fidelity": 0.5,
        "element_list": [{"element_id": "160"}],
        "n": "1",
        "resolution": "1k",
        "aspect_ratio": "1:1",
        "watermark_info": {"enabled": True},
        "callback_url": "http://listener.example",
    },
]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(body=_mutated(_SEEDS) | st.dictionaries(st.text(max_size=9), _JSON, max_size=5) | _JSON)
def test_no_body_is_answered_with_a_server_error(start: Any, picture: Picture, body: Any) -> None:
    """Refused or accepted, and what is accepted can be asked for and ends."""
    content = json.dumps(body).replace('"@picture"', f'"{picture(300, 300)}"')

    async def scenario() -> None:
        async with start(slots=1000) as rig:
            for kind in _KINDS:
                headers = {"Content-Type": "application/json"}
                answer = await rig.send("POST", endpoints.path(kind), content=content, headers=headers)
                if answer.status_code != 200:
                    assert _error(answer)[0] in (400, 404)
                    continue

                await rig.clock.advance(5)
                task = await rig.task(answer.json()["data"]["task_id"], kind)
                assert task["task_status"] in ("succeed", "failed")

    asyncio.run(scenario())
