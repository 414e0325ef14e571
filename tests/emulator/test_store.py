"""A data folder of an older emulator, and one of a newer."""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

# As the first emulator wrote it.
_OLD = """
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL,
    external_id TEXT, task_order TEXT NOT NULL, origin TEXT NOT NULL, status TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, video_id TEXT,
    film TEXT UNIQUE, watermarked TEXT UNIQUE, seconds REAL, UNIQUE (account, external_id)
);
CREATE INDEX newest ON tasks (account, kind, number);
CREATE TABLE pictures (task_id TEXT NOT NULL, field TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (task_id, field));
"""
_ORDER = {
    "seconds": 5,
    "short_side": 720,
    "fps": 30,
    "prompt": "Go",
    "scene": None,
    "camera_type": None,
    "camera_config": {},
    "trajectories": [[[1, 2], [3, 4]]],
    "units": "3.5",
    "watermark": True,
    "callback_url": "",
    "external_task_id": "old-1",
}
_NOW = 1_722_769_557_000


def old_folder(folder: Path, picture: bytes) -> None:
    """One task that succeeded, one that failed, and one in the making."""
    (folder / "films").mkdir(parents=True)
    (folder / "films" / "film.mp4").write_bytes(b"an old film")
    names = (
        "task_id, account, kind, external_id, task_order, origin, status, created_at, updated_at, video_id, film, "
        "watermarked, seconds"
    )
    order = json.dumps(_ORDER)
    bare = json.dumps(_ORDER | {"trajectories": [], "watermark": False, "external_task_id": ""})
    known = ("http://emulator", "succeed", _NOW, _NOW, "7", "film.mp4", "mark.mp4", 5.0)
    failed, working = (("http://emulator", status, _NOW, _NOW, *[None] * 4) for status in ("failed", "processing"))
    rows = [
        ("1" * 18, "ak", "image2video", "old-1", order, *known),
        ("2" * 18, "ak", "image2video", None, bare, *failed),
        ("3" * 18, "ak", "image2video", None, bare, *working),
    ]
    with contextlib.closing(sqlite3.connect(folder / "tasks.sqlite")) as database, database:
        database.executescript(_OLD)
        database.executemany(f"INSERT INTO tasks ({names}) VALUES ({', '.join('?' * 13)})", rows)
        database.execute("INSERT INTO pictures VALUES (?, 'image', ?)", ("3" * 18, picture))


async def test_the_folder_of_an_older_emulator_opens(
    start: Any, tmp_path: Path, picture: Callable[..., str], plain: Any
) -> None:
    """Its tasks, films, prices and taken ids are all there, and what was unfinished is finished."""
    old_folder(tmp_path / "data", base64.b64decode(picture()))
    async with start() as rig:
        task = await rig.task("old-1")
        [video] = task["task_result"]["videos"]
        assert (task["task_status"], task["final_unit_deduction"], video["id"]) == ("succeed", "3.5", "7")
        assert video["duration"] == "5"
        for url in (video["url"], video["watermark_url"]):
            assert (await rig.client.get(url)).content == b"an old film"
        assert (await rig.task("2" * 18))["task_status"] == "failed"

        await rig.clock.advance(5)
        assert (await rig.task("3" * 18))["task_status"] == "succeed"
        answer = await rig.post("image2video", plain(external_task_id="old-1"))
        assert answer.json()["message"] == "External_task_id old-1 already exists"
        costs = await rig.send("GET", "/account/costs", params={"start_time": 0, "end_time": 1})
        assert costs.json()["data"]["resource_pack_subscribe_infos"][0]["remaining_quantity"] == 99993.0

        new = (await rig.create(plain()))["task_id"]
        listed = (await rig.get("image2video")).json()["data"]
        assert [task["task_id"] for task in listed] == [new, "3" * 18, "2" * 18, "1" * 18]

    async with start(clock=rig.clock) as again:
        assert len((await again.get("image2video")).json()["data"]) == 4


async def test_the_folder_of_a_newer_emulator_is_left_alone(start: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "tasks.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(OSError, match="written by a newer emulator"):
        async with start():
            pass
