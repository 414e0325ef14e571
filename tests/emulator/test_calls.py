"""The pages' sentences about calls, headers and answers, each as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
Picture = Callable[..., str]
KINDS = ("image2video", "text2video", "effects", "images/generations")


@pytest.fixture
def bodies(plain: Plain, picture: Picture) -> dict[str, dict[str, object]]:
    """By kind, a body that is accepted."""
    return {
        "image2video": plain(),
        "text2video": {"prompt": "A lighthouse"},
        "effects": {"effect_scene": "squish", "input": {"image": picture()}},
        "images/generations": {"prompt": "A lighthouse"},
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_post_creates_get_asks_and_get_lists(rig: Any, bodies: Any, kind: str) -> None:
    """R1, R2, R3, R116, R117, R118: three calls on each endpoint, all about the same task."""
    id = (await rig.create(bodies[kind], kind))["task_id"]
    assert (await rig.task(id, kind))["task_id"] == id
    assert [task["task_id"] for task in (await rig.get(kind)).json()["data"]] == [id]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_slash_at_the_end_and_a_charset_change_nothing(rig: Any, bodies: Any, kind: str) -> None:
    """R6: as one of the page's samples posts."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    path = f"/v1/{kind}/" if "/" in kind else f"/v1/videos/{kind}/"
    answer = await rig.send("POST", path, content=json.dumps(bodies[kind]), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["task_status"] == "submitted"


async def test_a_sample_that_is_not_json_is_refused_at_its_path_with_a_slash(rig: Any) -> None:
    """C7: the voice sample has a comment inside and a stray quotation mark; the path is right."""
    content = b'{ "model_name": "kling-v2-6", "prompt": "Hello\'", //If a specific dialogue\n "voice_list": [] }'
    answer = await rig.send(
        "POST", "/v1/videos/image2video/", content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, 1200)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_query_needs_no_content_type(rig: Any, bodies: Any, kind: str) -> None:
    """R4, R119: required by the table, left out by the samples of the queries; only a create is held to it."""
    id = (await rig.create(bodies[kind], kind))["task_id"]
    for path in (kind, f"{kind}/{id}"):
        for headers in ({}, {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}):
            assert (await rig.get(path, headers=headers)).status_code == 200


async def test_content_type_is_asked_of_a_create_only(rig: Any, plain: Plain) -> None:
    """C20: see above; without it a create is refused by name."""
    answer = await rig.send("POST", "/v1/videos/image2video", content=json.dumps(plain()))
    assert (answer.status_code, answer.json()["code"]) == (400, 1200)
    assert "Content-Type" in answer.json()["message"]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_token_stands_behind_bearer(rig: Any, kind: str) -> None:
    """R5, R119: and nowhere else."""
    token = rig.token()
    path = f"/v1/{kind}" if "/" in kind else f"/v1/videos/{kind}"
    for header, status in ((f"Bearer {token}", 200), (token, 401), (f"Token {token}", 401)):
        answer = await rig.client.get(path, headers={"Authorization": header})
        assert answer.status_code == status
    assert (await rig.client.get(path, params={"access_token": token})).json()["code"] == 1001


@pytest.mark.parametrize("kind", KINDS)
async def test_every_answer_has_the_frame(rig: Any, bodies: Any, kind: str) -> None:
    """R99, R137: code, message and request_id always, data where it is good; no request_id comes twice."""
    created = await rig.post(kind, bodies[kind])
    id = created.json()["data"]["task_id"]
    good = [created, await rig.get(f"{kind}/{id}"), await rig.get(kind)]
    bad = [await rig.post(kind, {}), await rig.get(f"{kind}/none"), await rig.get(f"{kind}?pageNum=0")]
    for answer in good:
        frame = answer.json()
        assert answer.status_code == 200
        assert frame.keys() == {"code", "message", "request_id", "data"}
        assert (frame["code"], frame["message"]) == (0, "SUCCEED")
    for answer in bad:
        frame = answer.json()
        assert answer.status_code == 400
        assert frame.keys() == {"code", "message", "request_id"}
        assert type(frame["code"]) is int
        assert frame["message"]
    ids = [answer.json()["request_id"] for answer in good + bad]
    assert len(set(ids)) == 6
    assert all(type(id) is str for id in ids)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_new_task_is_shown_as_the_page_shows_it(rig: Any, bodies: Any, kind: str) -> None:
    """R100, R101, R102, R103, R137: id and status as text, times as whole milliseconds, our id where we gave one."""
    data = await rig.create(bodies[kind] | {"external_task_id": "mine"}, kind)
    assert data == {
        "task_id": data["task_id"],
        "task_info": {"external_task_id": "mine"},
        "task_status": "submitted",
        "created_at": 1_722_769_557_000,
        "updated_at": 1_722_769_557_000,
    }
    assert type(data["task_id"]) is str


@pytest.mark.parametrize("kind", KINDS)
async def test_a_finished_task_is_shown_as_the_page_shows_it(rig: Any, bodies: Any, kind: str) -> None:
    """R105, R107, R110, R112, R139, R140: every field of the page, and no other."""
    id = (await rig.create(bodies[kind] | {"watermark_info": {"enabled": True}}, kind))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id, kind)
    assert task.keys() == {
        "task_id",
        "task_status",
        "task_status_msg",
        "watermark_info",
        "task_result",
        "task_info",
        "final_unit_deduction",
        "created_at",
        "updated_at",
    }
    assert type(task["final_unit_deduction"]) is str
    [(name, [result])] = task["task_result"].items()
    assert (name, result.keys()) == {
        "image2video": ("videos", {"id", "url", "watermark_url", "duration"}),
        "text2video": ("videos", {"id", "url", "watermark_url", "duration"}),
        "effects": ("videos", {"id", "url"}),
        "images/generations": ("images", {"index", "url", "watermark_url"}),
    }[kind]
    assert all(type(value) is str for field, value in result.items() if field != "index")


async def test_every_video_has_an_id_of_its_own(rig: Any, bodies: Any) -> None:
    """R108: over tasks, endpoints and accounts."""
    for kind in ("image2video", "text2video", "effects"):
        for account in ("ak", "other"):
            await rig.create(bodies[kind], kind, account=account)
    await rig.clock.advance(5)
    ids = []
    for kind in ("image2video", "text2video", "effects"):
        for account in ("ak", "other"):
            [task] = (await rig.get(kind, account=account)).json()["data"]
            ids += [task["task_id"], task["task_result"]["videos"][0]["id"]]
    assert len(set(ids)) == 12


@pytest.mark.parametrize("kind", KINDS)
async def test_a_list_is_a_bare_array(rig: Any, bodies: Any, kind: str) -> None:
    """R113, R118, R142: of such tasks, without a total or a cursor; those of effects have no watermark_info."""
    id = (await rig.create(bodies[kind], kind))["task_id"]
    await rig.clock.advance(5)
    [listed] = (await rig.get(kind)).json()["data"]
    left_out = (await rig.task(id, kind)).keys() - listed.keys()
    assert left_out == ({"watermark_info"} if kind == "effects" else set())


async def test_pages_have_thirty_tasks_unless_told_otherwise(start: Any, bodies: Any) -> None:
    """R114, R115, R143: page 1 of 30 is the default."""
    async with start(slots=100) as rig:
        for kind in ("text2video", "effects"):
            for _ in range(31):
                await rig.create(bodies[kind], kind)
            for query, count in (("", 30), ("?pageNum=2", 1), ("?pageNum=1&pageSize=500", 31), ("?pageSize=1", 1)):
                assert len((await rig.get(f"{kind}{query}")).json()["data"]) == count


async def test_an_empty_place_in_the_path_is_the_list(rig: Any, plain: Plain) -> None:
    """C14: both ids are optional there."""
    id = (await rig.create(plain()))["task_id"]
    assert [task["task_id"] for task in (await rig.get("image2video/")).json()["data"]] == [id]


async def test_effects_know_no_watermark(rig: Any, picture: Picture) -> None:
    """C18: their answers have the field, the request has not; so it is off, and left out of the list."""
    body = {"effect_scene": "squish", "input": {"image": picture()}, "watermark_info": {"enabled": True}}
    id = (await rig.create(body, "effects"))["task_id"]
    assert (await rig.task(id, "effects"))["watermark_info"] == {"enabled": False}


async def test_names_of_tasks_are_shared_by_all_endpoints_of_an_account(rig: Any, bodies: Any) -> None:
    """C19: "within a single user account" on one page, "for each user" on the other."""
    await rig.create(bodies["effects"] | {"external_task_id": "mine"}, "effects")
    for kind in KINDS:
        answer = await rig.post(kind, bodies[kind] | {"external_task_id": "mine"})
        assert answer.json()["message"] == "External_task_id mine already exists"
        await rig.create(bodies[kind] | {"external_task_id": f"mine on {kind}"}, kind, account="other")


async def test_an_effect_is_asked_for_by_its_scene_alone(rig: Any, picture: Picture) -> None:
    """R120, R122, R123, R136: five seconds by the picture, whatever else is in the body."""
    body = {"effect_scene": "squish", "input": {"image": picture(400, 300), "duration": "10"}, "mode": "pro"}
    await rig.create(body, "effects")
    await rig.clock.advance(5)
    [job] = rig.jobs
    assert (job.scene, job.seconds, job.photos[0].shape) == ("squish", 5, (300, 400, 3))


@pytest.mark.parametrize(
    ("kind", "control"),
    [
        *[("image2video", {"type": "simple", "config": {axis: -4}}) for axis in ("horizontal", "roll", "zoom")],
        *[("image2video", {"type": "simple", "config": {axis: 4}}) for axis in ("vertical", "pan", "tilt")],
        *[("text2video", {"type": type}) for type in ("down_back", "forward_up")],
        *[("text2video", {"type": type}) for type in ("right_turn_forward", "left_turn_forward")],
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value),
)
async def test_the_camera_moves_as_it_was_told(rig: Any, plain: Plain, kind: str, control: dict[str, Any]) -> None:
    """R85, R86, R87, R88, R89, R90, R91, R92: type, axis and sign reach the renderer as they were sent."""
    body = plain(model_name="kling-v1-5") if kind == "image2video" else {"prompt": "A lighthouse"}
    await rig.create(body | {"camera_control": control}, kind)
    await rig.clock.advance(5)
    [job] = rig.jobs
    assert (job.camera.type, job.camera.config) == (control["type"], control.get("config", {}))
