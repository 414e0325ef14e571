"""What becomes of a task between its create and its film, as a client sees it."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
Picture = Callable[..., str]


async def test_a_task_is_submitted_then_processing_then_succeeds(rig: Any, plain: Plain) -> None:
    """R100, R101, R102, R103, R112: one second submitted, four processing; the price comes at the end."""
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
    """R94, R105, R107, R110, R111: url and watermark_url are two films; the length is text, in seconds."""
    id = (await rig.create(plain(watermark_info={"enabled": "true"})))["task_id"]
    await rig.clock.advance(5)

    [video] = (await rig.task(id))["task_result"]["videos"]
    assert video.keys() == {"id", "url", "watermark_url", "duration"}
    assert video["duration"] == "5.042"
    assert video["url"] != video["watermark_url"]
    assert (await rig.client.get(video["url"])).content == b"a film, or so it says"
    assert (await rig.client.get(video["watermark_url"])).content == b"the same with a mark"


async def test_the_watermarked_address_is_there_only_when_asked_for(rig: Any, plain: Plain) -> None:
    """R94, R107: without watermark_info there is no watermark_url."""
    id = (await rig.create(plain()))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id)
    assert task["watermark_info"] == {"enabled": False}
    assert "watermark_url" not in task["task_result"]["videos"][0]


async def test_speed_divides_the_waits(start: Any, plain: Plain) -> None:
    """At 50 a film takes a tenth of a second instead of five."""
    async with start(speed=50) as rig:
        id = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(0.099)
        assert (await rig.task(id))["task_status"] == "processing"
        await rig.clock.advance(0.001)
        assert (await rig.task(id))["task_status"] == "succeed"


async def test_a_film_that_cannot_be_made_fails_the_task_with_the_reason(start: Any, plain: Plain) -> None:
    """R102, R106, R112: the reason is in task_status_msg, and nothing is deducted."""

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
    """R2, R97, R104, R117, R135, R138: by task_id or external_task_id, and nowhere else."""
    id = (await rig.create(plain(external_task_id="rocket/1 ü")))["task_id"]
    assert (await rig.task("rocket%2F1%20%C3%BC"))["task_id"] == id
    assert (await rig.task(id))["task_info"] == {"external_task_id": "rocket/1 ü"}

    for answer in (await rig.get(f"effects/{id}"), await rig.get(f"image2video/{id}", account="other")):
        assert answer.status_code == 400
        assert (answer.json()["code"], answer.json()["message"]) == (1201, f"Task not found by id/external id: {id}")


async def test_an_external_id_is_used_once_over_all_endpoints(rig: Any, plain: Plain, picture: Picture) -> None:
    """R98, R135: one name space an account, also after a failure; what is refused costs no slot."""
    effect = {"effect_scene": "squish", "input": {"image": picture()}, "external_task_id": "rocket-1"}
    await rig.create(plain(external_task_id="rocket-1"))
    for _ in range(9):
        answer = await rig.post("effects", effect)
        assert (answer.status_code, answer.json()["code"]) == (400, 1201)
        assert answer.json()["message"] == "External_task_id rocket-1 already exists"
    for kind in ("text2video", "images/generations"):
        answer = await rig.post(kind, {"prompt": "A lighthouse", "external_task_id": "rocket-1"})
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
    """R3, R113, R114, R115, R118: a bare array, whose end is a page that is not full."""
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
@pytest.mark.parametrize("kind", ["image2video", "text2video", "effects", "images/generations"])
async def test_a_page_out_of_range_is_refused_by_its_name(rig: Any, kind: str, query: str) -> None:
    """R114, R115, R143: 1 to 1000 and 1 to 500."""
    answer = await rig.get(f"{kind}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)
    assert answer.json()["message"].startswith(query.partition("=")[0])


async def test_an_effect_has_no_duration_and_no_watermark_info_in_the_list(rig: Any, picture: Picture) -> None:
    """R137, R139, R140, R142: and in a query it has watermark_info."""
    id = (await rig.create({"effect_scene": "bloombloom", "input": {"image": picture()}}, "effects"))["task_id"]
    await rig.clock.advance(5)
    one = await rig.task(id, "effects")
    [listed] = (await rig.get("effects")).json()["data"]
    assert one["task_result"]["videos"][0].keys() == {"id", "url"}
    assert one["final_unit_deduction"] == "3.5"
    assert one == listed | {"watermark_info": {"enabled": False}}
    assert "watermark_info" not in listed


async def test_films_are_cleared_after_thirty_days(rig: Any, plain: Plain) -> None:
    """R109, R141: to the second; the task itself stays."""
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


async def test_pictures_are_as_many_as_were_asked_for(rig: Any) -> None:
    """Each a PNG of its own with an index, and a marked copy where watermark_info asks for it."""
    body = {"prompt": "A lighthouse", "n": 3, "watermark_info": {"enabled": True}, "aspect_ratio": "1:1"}
    id = (await rig.create(body, "images/generations"))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id, "images/generations")
    assert task["final_unit_deduction"] == "0"
    images = task["task_result"]["images"]
    assert [image["index"] for image in images] == [0, 1, 2]
    urls = [image[name] for image in images for name in ("url", "watermark_url")]
    assert len(set(urls)) == 6
    pixels = []
    for url in urls:
        assert url.startswith("http://emulator/images/")
        answer = await rig.client.get(url)
        assert answer.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.size == (1024, 1024)
            pixels.append(picture.tobytes())
    assert pixels[0] == pixels[2] != pixels[1] == pixels[3]
    [sheet] = rig.sheets
    assert (sheet.prompt, sheet.width, sheet.height, sheet.n, sheet.photo) == ("A lighthouse", 1024, 1024, 3, None)


async def test_pictures_that_cannot_be_made_leave_nothing(start: Any) -> None:
    """The second of two fails: the first goes too."""

    def draw(sheet: Any, paths: Any) -> None:
        paths[0].write_bytes(b"one")
        raise ValueError("The words are too long for a picture.")

    async with start(draw=draw) as rig:
        id = (await rig.create({"prompt": "A lighthouse", "n": 2}, "images/generations"))["task_id"]
        await rig.clock.advance(5)
        task = await rig.task(id, "images/generations")
        assert (task["task_status"], task["task_status_msg"]) == ("failed", "The words are too long for a picture.")
        assert task["task_result"] == {"images": []}
        assert list((rig.folder / "films").iterdir()) == []


async def test_pictures_outlive_a_restart(start: Any) -> None:
    """Finished ones as they were, unfinished ones are made."""
    body = {"prompt": "A lighthouse", "n": 2}
    async with start() as rig:
        done = (await rig.create(body, "images/generations"))["task_id"]
        await rig.clock.advance(5)
        before = await rig.task(done, "images/generations")
        working = (await rig.create(body, "images/generations"))["task_id"]
        await rig.clock.advance(2)
    async with start(clock=rig.clock) as later:
        assert await later.task(done, "images/generations") == before
        assert (await later.client.get(before["task_result"]["images"][1]["url"])).status_code == 200
        await later.clock.advance(5)
        assert (await later.task(working, "images/generations"))["task_status"] == "succeed"


async def test_words_alone_make_a_film(rig: Any) -> None:
    """Shots, sound and shape reach the renderer, and the answer has the length."""
    shots = [{"index": n, "prompt": f"Scene {n}", "duration": "3"} for n in (1, 2)]
    body = {
        "model_name": "kling-v3",
        "mode": "pro",
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": shots,
        "duration": "6",
        "sound": "on",
        "aspect_ratio": "9:16",
    }
    id = (await rig.create(body, "text2video"))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id, "text2video")
    assert task["task_result"]["videos"][0]["duration"] == "6.042"
    assert task["final_unit_deduction"] == "7.2"
    [job] = rig.jobs
    assert (job.photos, job.aspect, job.sound) == ((), 9 / 16, True)
    assert [(shot.seconds, shot.prompt) for shot in job.shots] == [(3, "Scene 1"), (3, "Scene 2")]


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
