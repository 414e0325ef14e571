"""What an account has, what it spends, and what happens when nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
WORDS = {"model_name": "kling-v1", "prompt": "A lighthouse by the sea"}
PERIOD = {"start_time": "0", "end_time": "1800000000000"}


async def packs(rig: Any, *, account: str = "ak", **query: str) -> list[dict[str, Any]]:
    answer = await rig.send("GET", "/account/costs", account=account, params=PERIOD | query)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert (data["code"], bool(data["msg"])) == (0, True)
    infos: list[dict[str, Any]] = data["resource_pack_subscribe_infos"]
    return infos


async def test_an_account_has_a_pack_for_videos_and_one_for_pictures(rig: Any) -> None:
    video, image = await packs(rig)
    assert video == {
        "resource_pack_name": "Local-Video-100000Units-5Con",
        "resource_pack_id": video["resource_pack_id"],
        "resource_pack_type": "decreasing_total",
        "total_quantity": 100000.0,
        "remaining_quantity": 100000.0,
        "purchase_time": 1_722_769_557_000,
        "effective_time": 1_722_769_557_000,
        "invalid_time": 1_722_769_557_000 + 3650 * 24 * 3600 * 1000,
        "status": "online",
    }
    assert image["resource_pack_name"] == "Local-Image-100000Units-9Con"
    ids = {pack["resource_pack_id"] for pack in [video, image, *await packs(rig, account="other")]}
    assert len(ids) == 4
    assert {len(id) for id in ids} == {32}


async def test_a_pack_is_asked_for_by_its_exact_name(rig: Any) -> None:
    assert len(await packs(rig, resource_pack_name="Local-Image-100000Units-9Con")) == 1
    assert await packs(rig, resource_pack_name="Local-Image") == []
    assert len(await packs(rig, resource_pack_name="")) == 2


@pytest.mark.parametrize("name", ["start_time", "end_time"])
@pytest.mark.parametrize("value", ["", "yesterday", "-1", "1.5", "9" * 30, None])
async def test_both_times_are_demanded_as_whole_milliseconds(rig: Any, name: str, value: str | None) -> None:
    query = {key: text for key, text in (PERIOD | {name: value}).items() if text is not None}
    answer = await rig.send("GET", "/account/costs", params=query)
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)
    assert answer.json()["message"].startswith(name)


async def test_asking_needs_a_token(rig: Any) -> None:
    answer = await rig.client.get("/account/costs", params=PERIOD)
    assert (answer.status_code, answer.json()["code"]) == (401, 1001)


async def test_units_go_when_a_task_has_ended_well(start: Any, plain: Plain) -> None:
    """R112: what final_unit_deduction says is what the pack has lost; a failed task costs nothing."""
    fail = [False, True, False]

    def render(job: Any, path: Any, watermarked: Any) -> Any:
        if fail.pop(0):
            raise ValueError("The sky is too dark.")
        path.write_bytes(b"film")
        return job

    async with start(render=render) as rig:
        for _ in range(3):
            await rig.create(plain())
            await rig.clock.advance(2)
            assert (await packs(rig))[0]["remaining_quantity"] in (100000.0, 99997.5)
            await rig.clock.advance(3)
        deducted = [task["final_unit_deduction"] for task in (await rig.get("image2video")).json()["data"]]
        assert deducted == ["2.5", "0", "2.5"]
        assert [pack["remaining_quantity"] for pack in await packs(rig)] == [99995.0, 100000.0]
        assert [pack["remaining_quantity"] for pack in await packs(rig, account="other")] == [100000.0, 100000.0]


async def test_an_empty_pack_pays_for_nothing(start: Any) -> None:
    """The vendor's 1102; running tasks count as paid, so a pack is never overdrawn."""
    async with start(units=2.5) as rig:
        for _ in range(2):
            await rig.create(WORDS, "text2video")
        answer = await rig.post("text2video", WORDS)
        assert (answer.status_code, answer.json()["code"]) == (429, 1102)
        assert answer.json()["message"] == "Account balance not enough"
        await rig.clock.advance(5)
        assert [(pack["remaining_quantity"], pack["status"]) for pack in await packs(rig)] == [
            (0.5, "online"),
            (2.5, "online"),
        ]
        assert (await rig.post("text2video", WORDS)).json()["code"] == 1102
        await rig.create({"prompt": "A lighthouse"}, "images/generations")
        await rig.create(WORDS, "text2video", account="other")


async def test_a_pack_that_is_used_up_says_so(start: Any) -> None:
    async with start(units=0) as rig:
        assert [(pack["remaining_quantity"], pack["status"]) for pack in await packs(rig)] == [(0.0, "runOut")] * 2
        for kind in ("text2video", "images/generations"):
            assert (await rig.post(kind, WORDS)).json()["code"] == 1102


async def test_what_was_spent_is_remembered(start: Any, plain: Plain) -> None:
    async with start() as rig:
        await rig.create(plain())
        await rig.clock.advance(5)
        before = await packs(rig)
    async with start(clock=rig.clock) as later:
        await later.clock.advance(100)
        assert await packs(later) == before


async def test_pictures_have_slots_of_their_own_and_take_n_of_them(start: Any, plain: Plain) -> None:
    """The largest n always fits into an idle account, and videos do not count."""
    async with start(slots=2) as rig:
        for _ in range(2):
            await rig.create(plain())
        nine = {"prompt": "A lighthouse", "n": 9}
        await rig.create(nine, "images/generations")
        for body in (nine, {"prompt": "A lighthouse"}):
            answer = await rig.post("images/generations", body)
            assert (answer.status_code, answer.json()["code"]) == (429, 1303)
            assert answer.json()["message"] == "parallel task over resource pack limit"
        await rig.clock.advance(5)
        await rig.create({"prompt": "A lighthouse", "n": 4}, "images/generations")
        answer = await rig.post("images/generations", {"prompt": "A lighthouse", "n": 6})
        assert answer.json()["code"] == 1303
        await rig.create({"prompt": "A lighthouse", "n": 5}, "images/generations")


async def test_more_slots_hold_for_pictures_too(start: Any) -> None:
    async with start(slots=12) as rig:
        await rig.create({"prompt": "A lighthouse", "n": 9}, "images/generations")
        await rig.create({"prompt": "A lighthouse", "n": 3}, "images/generations")
        assert (await packs(rig))[1]["resource_pack_name"] == "Local-Image-100000Units-12Con"


async def test_an_api_key_is_an_account_of_its_own(start: Any, plain: Plain) -> None:
    """It stands in the place of a token, and nowhere in what is stored."""
    async with start(api_keys=["key-one", "key.two.three"]) as rig:
        for key in ("key-one", "key.two.three"):
            headers = {"Authorization": f"Bearer {key}"}
            answer = await rig.client.post("/v1/videos/image2video", json=plain(external_task_id="a"), headers=headers)
            assert answer.status_code == 200, answer.text
            listed = await rig.client.get("/v1/videos/image2video", headers=headers)
            assert [task["task_id"] for task in listed.json()["data"]] == [answer.json()["data"]["task_id"]]
        assert (await rig.get("image2video")).json()["data"] == []
        answer = await rig.client.get("/v1/videos/image2video", headers={"Authorization": "Bearer key-on"})
        assert (answer.status_code, answer.json()["code"]) == (401, 1002)
    assert not any(b"key-one" in file.read_bytes() for file in rig.folder.iterdir() if file.is_file())
