"""What becomes of a task between its create and its film, as a client sees it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
Picture = Callable[..., str]


async def test_a_task_is_submitted_then_processing_then_succeeds(rig: Any, plain: Plain) -> None:
    """One second submitted, four processing; each change moves updated_at, and the price comes at the end."""
    created = await rig.create(plain(external_task_id="rocket-1", duration="10"))
    id, start = created["task_id"], created["created_at"]
    assert created == {
        "task_id": id,
        "task_info": {"external_task_id": "rocket-1"},
        "task_status": "submitted",
        "created_at": 1_722_769_557_000,
        "updated_at": 1_722_769_557_000,
    }
    assert len(id) == 18

    seen = []
    for _ in range(7):
        task = await rig.task(id)
        seen.append((task["task_status"], task["updated_at"] - start, task.get("final_unit_deduction")))
        await rig.clock.advance(0.9)
    assert seen == [
        ("submitted", 0, None),
        ("submitted", 0, None),
        ("processing", 1000, None),
        ("processing", 1000, None),
        ("processing", 1000, None),
        ("processing", 1000, None),
        ("succeed", 5000, "5"),
    ]


async def test_a_finished_task_names_its_film(rig: Any, plain: Plain) -> None:
    id = (await rig.create(plain(watermark_info={"enabled": "true"})))["task_id"]
    await rig.clock.advance(5)

    [video] = (await rig.task(id))["task_result"]["videos"]
    assert video.keys() == {"id", "url", "watermark_url", "duration"}
    assert video["duration"] == "5.042"
    assert video["url"] != video["watermark_url"]
    assert (await rig.client.get(video["url"])).content == b"a film, or so it says"
    assert (await rig.client.get(video["watermark_url"])).content == b"the same with a mark"


async def test_the_watermarked_address_is_there_only_when_asked_for(rig: Any, plain: Plain) -> None:
    id = (await rig.create(plain()))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id)
    assert task["watermark_info"] == {"enabled": False}
    assert "watermark_url" not in task["task_result"]["videos"][0]


async def test_speed_divides_the_waits(start: Any, plain: Plain) -> None:
    async with start(speed=50) as rig:
        id = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(0.099)
        assert (await rig.task(id))["task_status"] == "processing"
        await rig.clock.advance(0.001)
        assert (await rig.task(id))["task_status"] == "succeed"


async def test_a_film_that_cannot_be_made_fails_the_task_with_the_reason(start: Any, plain: Plain) -> None:
    def render(job: object, path: object, watermarked: object) -> None:
        raise ValueError("The photo has no pixels left after the crop.")

    async with start(render=render) as rig:
        id = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(5)
        task = await rig.task(id)
        assert (task["task_status"], task["task_status_msg"]) == (
            "failed",
            "The photo has no pixels left after the crop.",
        )
        assert task["task_result"] == {"videos": []}
        assert task["final_unit_deduction"] == "0"


async def test_a_bug_in_the_renderer_fails_the_task_and_not_the_server(start: Any, plain: Plain) -> None:
    def render(job: object, path: object, watermarked: object) -> None:
        raise ZeroDivisionError

    async with start(render=render) as rig:
        id = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(5)
        assert (await rig.task(id))["task_status"] == "failed"


async def test_a_task_is_found_by_both_ids_on_its_own_endpoint_by_its_own_account(rig: Any, plain: Plain) -> None:
    id = (await rig.create(plain(external_task_id="rocket/1 ü")))["task_id"]
    assert (await rig.task("rocket%2F1%20%C3%BC"))["task_id"] == id
    assert (await rig.task(id))["task_info"] == {"external_task_id": "rocket/1 ü"}

    for answer in (await rig.get(f"effects/{id}"), await rig.get(f"image2video/{id}", account="other")):
        assert answer.status_code == 400
        assert (answer.json()["code"], answer.json()["message"]) == (1201, f"Task not found by id/external id: {id}")


async def test_an_external_id_is_used_once_over_both_endpoints(rig: Any, plain: Plain, picture: Picture) -> None:
    """One name space an account, also after a failure; what is refused costs no slot."""
    effect = {"effect_scene": "squish", "input": {"image": picture()}, "external_task_id": "rocket-1"}
    await rig.create(plain(external_task_id="rocket-1"))
    for _ in range(9):
        answer = await rig.post("effects", effect)
        assert (answer.status_code, answer.json()["code"]) == (400, 1201)
        assert answer.json()["message"] == "External_task_id rocket-1 already exists"
    await rig.create(effect, "effects", account="other")
    await rig.create(plain(external_task_id=""))
    await rig.create(plain(external_task_id=""))


async def test_tasks_above_the_slots_are_refused_until_one_ends(start: Any, plain: Plain, picture: Picture) -> None:
    async with start(slots=2) as rig:
        await rig.create(plain())
        await rig.clock.advance(2)
        await rig.create({"effect_scene": "squish", "input": {"image": picture()}}, "effects")
        answer = await rig.post("image2video", plain())
        assert (answer.status_code, answer.json()["code"]) == (429, 1303)
        assert answer.json()["message"] == "parallel task over resource pack limit"
        await rig.create(plain(), account="other")
        await rig.clock.advance(3)
        await rig.create(plain())


async def test_the_list_is_newest_first_in_pages(rig: Any, plain: Plain, picture: Picture) -> None:
    for number in range(5):
        await rig.create(plain(external_task_id=f"film-{number}"))
        await rig.clock.advance(5)
    await rig.create({"effect_scene": "squish", "input": {"image": picture()}}, "effects")

    async def names(query: str) -> list[str]:
        answer = await rig.get(f"image2video{query}")
        return [task["task_info"]["external_task_id"] for task in answer.json()["data"]]

    assert await names("") == ["film-4", "film-3", "film-2", "film-1", "film-0"]
    assert await names("/?pageNum=&pageSize=") == ["film-4", "film-3", "film-2", "film-1", "film-0"]
    assert await names("?pageSize=2") == ["film-4", "film-3"]
    assert await names("?pageNum=3&pageSize=2") == ["film-0"]
    assert await names("?pageNum=1000&pageSize=500") == []
    assert (await rig.get("image2video", account="other")).json()["data"] == []


@pytest.mark.parametrize(
    "query", ["pageNum=0", "pageNum=1001", "pageNum=-1", "pageNum=x", "pageNum=1.0", "pageSize=0", "pageSize=501"]
)
@pytest.mark.parametrize("kind", ["image2video", "effects"])
async def test_a_page_out_of_range_is_refused_by_its_name(rig: Any, kind: str, query: str) -> None:
    answer = await rig.get(f"{kind}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)
    assert answer.json()["message"].startswith(query.partition("=")[0])


async def test_an_effect_has_no_duration_and_no_watermark_info_in_the_list(rig: Any, picture: Picture) -> None:
    id = (await rig.create({"effect_scene": "bloombloom", "input": {"image": picture()}}, "effects"))["task_id"]
    await rig.clock.advance(5)
    one = await rig.task(id, "effects")
    [listed] = (await rig.get("effects")).json()["data"]
    assert one["task_result"]["videos"][0].keys() == {"id", "url"}
    assert one["final_unit_deduction"] == "3.5"
    assert one == listed | {"watermark_info": {"enabled": False}}
    assert "watermark_info" not in listed


async def test_films_are_cleared_after_thirty_days(rig: Any, plain: Plain) -> None:
    id = (await rig.create(plain()))["task_id"]
    await rig.clock.advance(5)
    url = (await rig.task(id))["task_result"]["videos"][0]["url"]
    await rig.clock.advance(30 * 24 * 3600 - 1)
    assert (await rig.client.get(url)).status_code == 200
    await rig.clock.advance(1)
    answer = await rig.client.get(url)
    assert (answer.status_code, answer.json()["code"]) == (404, 1203)
    assert (await rig.task(id))["task_status"] == "succeed"
    assert list((rig.folder / "films").iterdir()) == []


async def test_unfinished_tasks_are_taken_up_again(start: Any, plain: Plain) -> None:
    """An emulator that went away comes back with its tasks, their states and films; a torso of a film is swept away."""
    async with start() as rig:
        done = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(5)
        before = await rig.task(done)
        working = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(2)
        waiting = (await rig.create(plain(external_task_id="late")))["task_id"]
        (rig.folder / "films" / "x.part.mp4").write_bytes(b"half")

    async with start(clock=rig.clock) as rig:
        assert not (rig.folder / "films" / "x.part.mp4").exists()
        assert await rig.task(done) == before
        assert (await rig.client.get(before["task_result"]["videos"][0]["url"])).status_code == 200
        states = [(await rig.task(id))["task_status"] for id in (working, waiting)]
        assert states == ["processing", "submitted"]
        await rig.clock.advance(5)
        states = [(await rig.task(id))["task_status"] for id in (working, "late")]
        assert states == ["succeed", "succeed"]
        assert len(rig.jobs) == 2


async def test_each_task_keeps_its_own_pictures_until_its_end(start: Any, plain: Plain, picture: Picture) -> None:
    async with start() as rig:
        for width in (400, 500):
            await rig.create(plain(image=picture(width, 300)))
            await rig.clock.advance(4.5)
        await rig.clock.advance(5)
        assert [job.photos[0].shape for job in rig.jobs] == [(300, 400, 3), (300, 500, 3)]

    with contextlib.closing(sqlite3.connect(rig.folder / "tasks.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM pictures").fetchone() == (0,)


async def test_a_folder_belongs_to_one_emulator_at_a_time(start: Any, rig: Any) -> None:
    with pytest.raises(OSError, match="in use by another emulator"):
        async with start():
            pass
