"""What the emulator does not let grow for ever: bodies, tasks and results; and a disk that is full all the same."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator import intake, schema, view
from kling_widgets.emulator.job import Film, Job
from kling_widgets.emulator.order import FilmOrder
from kling_widgets.emulator.results import Results
from kling_widgets.emulator.room import Room
from kling_widgets.emulator.store import Allowance, NoRoom, Store

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]

_CLEARED = "The result has been cleared: results are kept for 30 days"
_FULL = "There is no space left on the disk of the emulator"


def filming(size: int = 1024 * 1024) -> Callable[[Job, Path, Path | None], Film]:
    """A renderer whose films have this many bytes."""

    def render(job: Job, path: Path, watermarked: Path | None) -> Film:
        path.write_bytes(bytes(size))
        return Film(job.seconds, 1280, 720)

    return render


async def film(rig: Any, plain: Plain, **fields: object) -> str:
    """Make a film; its address."""
    id = (await rig.create(plain(**fields)))["task_id"]
    await rig.clock.advance(5)
    url: str = (await rig.task(id))["task_result"]["videos"][0]["url"]
    return url


async def is_there(rig: Any, url: str) -> bool:
    answer = await rig.client.get(url)
    if answer.status_code == 200:
        return True

    assert (answer.status_code, answer.json()["code"]) == (404, 1203)
    return False


# --- tasks ---


async def test_beyond_the_number_kept_the_oldest_ended_are_forgotten(start: Any, plain: Plain) -> None:
    """With their films; what has been paid for them stays paid, and their names may be used again."""
    async with start(most_tasks=2) as rig:
        first = await film(rig, plain, external_task_id="first")
        await film(rig, plain, external_task_id="second")
        await film(rig, plain, external_task_id="third")

        listed = (await rig.get("image2video")).json()["data"]
        assert [task["task_info"]["external_task_id"] for task in listed] == ["third", "second"]
        assert (await rig.get("image2video/first")).json()["message"] == "Task not found by id/external id: first"
        assert (await rig.client.get(first)).json()["message"].startswith("There is no such result")
        assert len(list((rig.folder / "films").iterdir())) == 2
        costs = await rig.send("GET", "/account/costs", params={"start_time": 0, "end_time": 1})
        assert costs.json()["data"]["resource_pack_subscribe_infos"][0]["remaining_quantity"] == 100_000 - 3 * 2.5
        assert (await rig.create(plain(external_task_id="first")))["task_status"] == "submitted"


async def test_running_tasks_are_never_forgotten(start: Any, plain: Plain) -> None:
    """Where all are running, a create is refused in words; once one has ended there is room again."""
    async with start(most_tasks=2) as rig:
        await rig.create(plain(external_task_id="a"))
        await rig.clock.advance(2)
        await rig.create(plain(external_task_id="b"))
        answer = await rig.post("image2video", plain())
        assert (answer.status_code, answer.json()["code"]) == (503, 5001)
        assert answer.json()["message"] == (
            "All the 2 tasks that the emulator remembers are running: wait until one ends"
        )
        await rig.clock.advance(3)
        await rig.create(plain(external_task_id="c"))
        listed = (await rig.get("image2video")).json()["data"]
        assert [task["task_info"]["external_task_id"] for task in listed] == ["c", "b"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["add", "end"]), max_size=40), st.integers(1, 4))
def test_the_number_kept_is_never_passed_and_no_running_task_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], most: int
) -> None:
    """Whatever the order of creates and ends; a store that is opened again counts the same."""
    folder = tmp_path_factory.mktemp("store")
    allowance = Allowance(Decimal(1000), 1000)
    running: list[str] = []
    with contextlib.closing(_store(folder, most)) as store:
        for step in steps:
            if step == "end" and running:
                id = running.pop(0)
                store.succeed(id, [f"{id}.mp4"], [], 5.0)
            elif step == "add":
                try:
                    running.append(_add(store, allowance))
                except NoRoom:
                    assert len(running) == most
                for name in store.forget():
                    assert store.owner(name) is None
            assert [task.task_id for task in store.unfinished()] == running
            assert len(store.page("ak", "image2video", offset=0, count=100)) <= most
    with contextlib.closing(_store(folder, most)) as again:
        assert [task.task_id for task in again.unfinished()] == running
        assert len(again.page("ak", "image2video", offset=0, count=100)) == again._count


def _store(folder: Path, most: int) -> Store:
    return Store(folder / "tasks.sqlite", lambda: 1_722_769_557.0, view.callback, most)


def _add(store: Store, allowance: Allowance) -> str:
    order = FilmOrder(seconds=5, short_side=720, fps=30, units="0")
    origin = "http://emulator"
    return store.add(
        account="ak", kind="image2video", order=order, origin=origin, files={}, allowance=allowance
    ).task_id


def test_a_folder_of_the_second_emulator_keeps_what_was_paid(tmp_path: Path) -> None:
    """Whether its account had asked for its pack or not."""
    with contextlib.closing(sqlite3.connect(tmp_path / "tasks.sqlite")) as database, database:
        database.executescript(schema._FIRST + schema._SECOND)
        database.execute("INSERT INTO packs VALUES ('ak', 'video', 7)")
        names = "task_id, account, kind, pack, slots, price, paid, task_order, origin, status, created_at, updated_at"
        for id, (account, price, paid) in enumerate([("ak", 35000, 1), ("ak", 5, 1), ("ak", 9, 0), ("b", 20000, 1)]):
            values = (str(id), account, "image2video", "video", 1, price, paid, "{}", "", "succeed", 50 + id, 60)
            database.execute(f"INSERT INTO tasks ({names}) VALUES ({', '.join('?' * 12)})", values)
    with contextlib.closing(_store(tmp_path, 10)) as store:
        assert store.deducted("ak", "video") == Decimal("3.5005")
        assert store.deducted("b", "video") == Decimal(2)
        assert store.deducted("c", "video") == 0
        assert (store.bought_at("ak", "video"), store.bought_at("b", "video")) == (7, 53)


# --- results ---


async def test_when_results_take_too_much_the_oldest_are_cleared(start: Any, plain: Plain) -> None:
    """Exactly as after 30 days: the task stays, its link says so."""
    async with start(disk_mb=2.5, render=filming()) as rig:
        urls = [await film(rig, plain, external_task_id=f"t{n}") for n in range(4)]
        assert [await is_there(rig, url) for url in urls] == [False, False, True, True]
        assert (await rig.client.get(urls[0])).json()["message"] == _CLEARED
        assert (await rig.task("t0"))["task_status"] == "succeed"
        assert len(list((rig.folder / "films").iterdir())) == 2


async def test_the_newest_film_stays_however_big(start: Any, plain: Plain) -> None:
    async with start(disk_mb=0.5, render=filming()) as rig:
        urls = [await film(rig, plain) for _ in range(2)]
        assert [await is_there(rig, url) for url in urls] == [False, True]


async def test_less_disk_at_a_later_start_clears_the_oldest(start: Any, plain: Plain) -> None:
    async with start(render=filming()) as rig:
        urls = [await film(rig, plain) for _ in range(4)]
    async with start(disk_mb=2, clock=rig.clock) as again:
        assert [await is_there(again, url) for url in urls] == [False, False, True, True]


async def test_results_that_are_too_old_are_removed_at_the_start(start: Any, plain: Plain) -> None:
    async with start() as rig:
        old = await film(rig, plain)
    rig.clock.time += 20 * 24 * 3600
    async with start(clock=rig.clock) as rig:
        young = await film(rig, plain)
    rig.clock.time += 10 * 24 * 3600
    async with start(clock=rig.clock) as rig:
        assert [path.name for path in (rig.folder / "films").iterdir()] == [young.rpartition("/")[2]]
        assert [await is_there(rig, url) for url in (old, young)] == [False, True]


async def test_results_that_grow_too_old_are_removed_within_the_hour(start: Any, plain: Plain) -> None:
    """Though nobody asks for them."""
    async with start() as rig:
        await film(rig, plain)
        rig.clock.time += 30 * 24 * 3600 - 3600
        assert len(list((rig.folder / "films").iterdir())) == 1
        await rig.clock.advance(3 * 3600)
        assert list((rig.folder / "films").iterdir()) == []


async def test_a_sleep_that_takes_no_time_does_not_keep_it_busy(start: Any) -> None:
    """As tests and rehearsals bring along."""
    naps = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async with start(sleep=nap) as rig:
        await _settle()
        assert (await rig.client.get("/docs")).status_code == 200
    assert naps == [3600.0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 60))
def test_results_never_take_more_than_they_may(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], most: int
) -> None:
    """But for a newest that is bigger by itself; and what is left is always the newest."""
    folder = tmp_path_factory.mktemp("results")
    with contextlib.closing(_store(folder, 1000)) as store:
        results = Results(folder / "films", store, lambda: 0.0, most / 1024 / 1024)
        for number, size in enumerate(sizes):
            with results.writing([f"{number}.mp4"]) as [path]:
                path.write_bytes(bytes(size))
            left = sorted(int(path.stem) for path in (folder / "films").iterdir())
            assert left == list(range(left[0], number + 1))
            assert sum(sizes[left[0] : number + 1]) <= most or left == [number]
            assert left[0] == 0 or sum(sizes[left[0] - 1 : number + 1]) > most


def test_of_several_results_all_are_kept_or_none(tmp_path: Path) -> None:
    """The second was never written: the first is of no use, and counts no more."""
    with contextlib.closing(_store(tmp_path, 10)) as store:
        results = Results(tmp_path / "films", store, lambda: 0.0)
        with pytest.raises(FileNotFoundError), results.writing(["a.mp4", "b.mp4"]) as paths:
            paths[0].write_bytes(b"a film")
        assert list((tmp_path / "films").iterdir()) == []
        assert (results._sizes, results._bytes) == ({}, 0)


# --- a full disk ---


async def test_a_disk_that_fills_up_under_a_film_fails_the_task_in_words(
    start: Any, plain: Plain, caplog: pytest.LogCaptureFixture
) -> None:
    """No half film is left, nothing is paid, and it is no bug of ours to be reported."""

    def render(job: Job, path: Path, watermarked: Path | None) -> Film:
        path.write_bytes(b"half a film")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    async with start(render=render) as rig:
        id = (await rig.create(plain()))["task_id"]
        await rig.clock.advance(5)
        task = await rig.task(id)
        assert (task["task_status"], task["task_status_msg"]) == ("failed", _FULL)
        assert task["final_unit_deduction"] == "0"
        assert list((rig.folder / "films").iterdir()) == []
    assert not caplog.records


async def test_on_a_full_disk_a_create_is_refused_and_a_running_task_waits(
    start: Any, plain: Plain, caplog: pytest.LogCaptureFixture
) -> None:
    """A state that cannot be written down is tried again, so that no task hangs for ever."""

    def render(job: Job, path: Path, watermarked: Path | None) -> Film:
        raise ValueError("long " * 5000)  # a state that takes pages of its own

    async with start(slots=100, render=render) as rig:
        await rig.create(plain(external_task_id="running"))
        await rig.clock.advance(2)
        store = rig.app._store
        [pages] = store._database.execute("PRAGMA page_count").fetchone()
        store._database.execute(f"PRAGMA max_page_count = {pages}")
        # What is free within the pages may be used; then there are no more.
        for _ in range(50):
            answer = await rig.post("text2video", {"prompt": "x" * 2000, "model_name": "kling-v1"})
            if answer.status_code != 200:
                break

        assert (answer.status_code, answer.json()["code"]) == (503, 5001)
        assert answer.json()["message"] == f"{_FULL}: make some, and try again"
        assert not caplog.records

        await rig.clock.advance(9)
        assert (await rig.task("running"))["task_status"] == "processing"
        store._database.execute("PRAGMA max_page_count = 1000000")
        await rig.clock.advance(10)
        assert (await rig.task("running"))["task_status"] == "failed"
        await rig.create(plain())
    assert all("The emulator's disk is full" in record.getMessage() for record in caplog.records)
    assert caplog.records


# --- bodies ---


class Line:
    """Who waits for room, and who has it."""

    def __init__(self, most: int) -> None:
        self.room = Room(most)
        self.inside: list[int] = []
        self.ends: dict[int, asyncio.Event] = {}

    async def ask(self, size: int) -> None:
        self.ends[size] = asyncio.Event()
        async with self.room.held(size):
            self.inside.append(size)
            await self.ends[size].wait()
        self.inside.remove(size)


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
async def line(anyio_backend: str) -> AsyncIterator[Line]:
    line = Line(100)
    yield line
    for end in line.ends.values():
        end.set()
    await _settle()
    assert line.inside == []
    assert line.room._left == 100, "room was lost"


async def test_what_does_not_fit_waits_its_turn(line: Line) -> None:
    """A small one does not overtake the big one that has waited longer."""
    asked = [asyncio.create_task(line.ask(size)) for size in (60, 70, 10)]
    await _settle()
    assert line.inside == [60]
    line.ends[60].set()
    await _settle()
    assert line.inside == [70, 10]
    line.ends[70].set()
    line.ends[10].set()
    await asyncio.gather(*asked)


async def test_who_gives_up_waiting_lets_the_next_one_in(line: Line) -> None:
    first, big, small = (asyncio.create_task(line.ask(size)) for size in (60, 70, 10))
    await _settle()
    big.cancel()
    await _settle()
    assert line.inside == [60, 10]
    assert big.cancelled()
    line.ends[60].set()
    line.ends[10].set()
    await asyncio.gather(first, small)


async def test_who_gives_up_at_the_moment_of_its_turn_gives_it_back(line: Line) -> None:
    first, second = asyncio.create_task(line.ask(60)), asyncio.create_task(line.ask(70))
    await _settle()
    line.ends[60].set()
    for _ in range(10):
        if line.room._left == 30:
            break

        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert second.cancelled()
    assert line.room._left == 100


async def test_more_than_all_the_room_is_let_in_alone(line: Line) -> None:
    asked = [asyncio.create_task(line.ask(size)) for size in (1000, 1)]
    await _settle()
    assert line.inside == [1000]
    line.ends[1000].set()
    await _settle()
    assert line.inside == [1]
    line.ends[1].set()
    await asyncio.gather(*asked)


async def test_big_bodies_are_read_two_at_a_time(rig: Any) -> None:
    """The third is not read at all until one of them is done."""
    read: list[int] = []
    two, go_on = asyncio.Event(), asyncio.Event()

    async def body(number: int) -> AsyncIterator[bytes]:
        read.append(number)
        if len(read) == 2:
            two.set()
        yield b"{"
        await go_on.wait()
        yield b"}"

    headers = {"Content-Type": "application/json"}
    asked = [
        asyncio.create_task(rig.send("POST", "/v1/videos/effects", content=body(number), headers=headers))
        for number in range(4)
    ]
    # A body without a length counts as the longest, 128 of 256 MB.
    await two.wait()
    await _settle()
    assert read == [0, 1]
    go_on.set()
    assert {(await answer).json()["code"] for answer in asked} == {1201}
    assert read == [0, 1, 2, 3]


@pytest.mark.parametrize("length", [128 * 1024 * 1024 + 1, 10**30])
async def test_a_body_that_says_it_is_too_long_is_not_read(rig: Any, length: int) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    headers = {"Content-Type": "application/json", "Content-Length": str(length)}
    answer = await rig.send("POST", "/v1/videos/effects", content=body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 1200)
    assert answer.json()["message"] == "The body is larger than 128 MB"


async def test_a_sender_who_falls_silent_does_not_keep_its_room(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two of them would shut the door for everybody."""
    monkeypatch.setattr(intake, "_SECONDS_A_PIECE", 0.01)

    async def silent() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    answer = await rig.send("POST", "/v1/videos/effects", content=silent(), headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (400, "The request was not sent to its end")
    assert (await rig.post("effects", {})).json()["code"] == 1201


async def test_a_full_account_is_not_told_when_to_come_back(start: Any, plain: Plain) -> None:
    """1303 as the vendor's: without Retry-After."""
    async with start(slots=1) as rig:
        await rig.create(plain())
        answer: httpx.Response = await rig.post("image2video", plain())
        assert (answer.status_code, answer.json()["code"]) == (429, 1303)
        assert "retry-after" not in answer.headers
        assert json.loads(answer.text).keys() == {"code", "message", "request_id"}
