"""Films in processes of their own: killed ones, cancelled ones, and a server that goes before them."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kling_widgets.emulator import making, render, stills, worker
from kling_widgets.emulator.child import NICE
from kling_widgets.emulator.order import FilmOrder, SheetOrder
from kling_widgets.emulator.pool import Lost, Pool
from tests import dying

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One for all the tests, since a process takes a while to start."""
    pool = Pool(2)
    yield pool
    pool.shutdown()


class Lent(Executor):
    """The pool, for an emulator that would shut it down."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(work, *args, **kwargs)


def test_work_is_done_elsewhere_and_stands_back(pool: Pool) -> None:
    """In one process as long as one is enough; at a lower priority, and with its temporary files in one folder."""
    first, second = pool.submit(os.getpid).result(), pool.submit(os.getpid).result()
    assert first == second != os.getpid()
    assert pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == os.getpriority(os.PRIO_PROCESS, 0) + NICE
    assert Path(pool.submit(tempfile.gettempdir).result()).name.startswith("kling-films-")


def test_what_is_raised_arrives_with_the_place_where_it_happened(pool: Pool) -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero") as caught:
        pool.submit(eval, "1 / 0").result()
    assert 'File "<string>", line 1' in caught.value.__notes__[0]


def test_an_error_that_does_not_travel_arrives_in_words(pool: Pool) -> None:
    """And the process goes on."""
    before = pool.submit(os.getpid).result()
    with pytest.raises(RuntimeError, match=r"Stubborn\('nobody'\)"):
        pool.submit(dying.stubborn).result()
    assert pool.submit(os.getpid).result() == before


def test_what_cannot_be_sent_is_refused_and_nothing_else(pool: Pool) -> None:
    with pytest.raises(AttributeError, match="local object"):
        pool.submit(lambda: None).result()
    assert pool.submit(max, 1, 2).result() == 2


def test_work_whose_process_is_killed_is_done_by_another(pool: Pool, tmp_path: Path) -> None:
    before = pool.submit(os.getpid).result()
    assert pool.submit(dying.once, str(tmp_path / "tried")).result() not in (before, os.getpid())


def test_a_process_that_is_killed_while_idle_is_not_counted(pool: Pool, tmp_path: Path) -> None:
    """As by a system that is short of memory: what comes next has both of its tries still."""
    pool.submit(os.getpid).result()
    for child in pool._children:
        child._process.kill()
        child._process.join()
    assert pool.submit(dying.once, str(tmp_path / "tried")).result() in pool.pids()


def test_one_that_kills_its_process_twice_is_given_up_and_nothing_else(pool: Pool, tmp_path: Path) -> None:
    """What another process has in hand meanwhile is not touched."""
    os.mkfifo(tmp_path / "go")
    other = pool.submit(dying.held, str(tmp_path / "go"))
    with pytest.raises(Lost, match="killed in the middle, 2 times"):
        pool.submit(dying.always).result()
    (tmp_path / "go").write_bytes(b"")
    assert other.result() in pool.pids()


def test_a_shutdown_waits_for_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """Neither process nor folder; what waited is cancelled, what ran is dropped, what comes is refused."""
    os.mkfifo(tmp_path / "go")
    pool = Pool(1)
    folder = pool.submit(tempfile.gettempdir).result()
    pids = pool.pids()
    running, waiting = (pool.submit(dying.held, str(tmp_path / "go")) for _ in range(2))
    # Opened for writing only once somebody reads: it runs.
    with (tmp_path / "go").open("wb"):
        pool.shutdown()
    assert waiting.cancelled()
    assert isinstance(running.exception(), RuntimeError)
    assert not Path(folder).exists()
    assert pool.pids() == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="shutdown"):
        pool.submit(max, 1, 2)


def test_a_server_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    """Not even a busy one. All of them hold the pipe of its output, which ends when the last one is gone."""
    os.mkfifo(tmp_path / "go")
    program = (
        "import sys, tempfile\nfrom kling_widgets.emulator.pool import Pool\nfrom tests import dying\n"
        "if __name__ == '__main__':\n"
        "    pool = Pool(1)\n"
        "    print(pool.submit(tempfile.gettempdir).result(), flush=True)\n"
        "    pool.submit(dying.held, sys.argv[1]).result()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "go")],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        folder = Path(server.stdout.readline().strip())
        assert folder.exists()
        with (tmp_path / "go").open("wb"):
            server.send_signal(signal.SIGKILL)
            assert server.stdout.read() == ""
    assert not folder.exists()


# --- one task's files, by any executor ---


def photo() -> bytes:
    rows, columns = np.indices((80, 128))
    pixels = np.stack([rows * 3, columns * 2, rows + columns], 2).astype(np.uint8)
    with tempfile.SpooledTemporaryFile() as file:
        Image.fromarray(pixels).save(file, "PNG")
        file.seek(0)
        return file.read()


FILM = FilmOrder(prompt="A hill", seconds=1, short_side=64, fps=4, watermark=True)
SHEET = SheetOrder(prompt="A lighthouse", width=64, height=48, n=2, watermark=True)


def test_every_executor_makes_the_same(pool: Pool) -> None:
    """Threads, processes, and ours: a film and its marked copy, pictures and theirs, to the byte."""
    spawn = multiprocessing.get_context("spawn")
    orders: list[tuple[Any, dict[str, bytes]]] = [(FILM, {"image": photo()}), (SHEET, {})]
    made = []
    with ThreadPoolExecutor(1) as threads, ProcessPoolExecutor(1, spawn) as processes:
        for executor in (threads, processes, pool):
            futures = [executor.submit(making.make, *order, render.render, stills.draw) for order in orders]
            made.append([future.result() for future in futures])
    assert made[0] == made[1] == made[2]
    film, sheet = made[0]
    assert (film.suffix, len(film.files), len(film.watermarked), film.seconds) == (".mp4", 1, 1, 1.0)
    assert (sheet.suffix, len(sheet.files), len(sheet.watermarked), sheet.seconds) == (".png", 2, 2, None)
    assert len({*film.files, *film.watermarked, *sheet.files, *sheet.watermarked}) == 6


def test_nothing_is_left_where_it_was_made(pool: Pool) -> None:
    """Nor of what failed."""
    folder = Path(pool.submit(tempfile.gettempdir).result())
    before = {*folder.iterdir()}
    pool.submit(making.make, SHEET, {}, render.render, stills.draw).result()
    with pytest.raises(ValueError, match="cannot be filmed"):
        pool.submit(making.make, bad(), {"image": photo()}, dying.render, stills.draw).result()
    assert {*folder.iterdir()} == before


def bad() -> FilmOrder:
    return FilmOrder(prompt="bad", seconds=1, short_side=64, fps=4)


async def test_a_task_ends_as_its_process_does(
    start: Any, plain: Plain, pool: Pool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A killed process is no matter once; each failure has its words, and only our own are in the log by the task."""
    prompts = ["A boat", f"once {tmp_path / 'tried'}", "always", "bad", "full", "broken", "A boat"]
    async with start(executor=Lent(pool), render=dying.render, draw=stills.draw, slots=9) as rig:
        ids = [(await rig.create(plain(prompt=prompt)))["task_id"] for prompt in prompts]
        await rig.clock.advance(5)
        await asyncio.gather(*rig.app._worker._running)
        tasks = [await rig.task(id) for id in ids]
        videos = [task["task_result"]["videos"] for task in tasks]
        films = [(await rig.client.get(video[0]["url"])).text if video else None for video in videos]

    ended = [(task["task_status"], task.get("task_status_msg")) for task in tasks]
    assert ended == [
        ("succeed", ""),
        ("succeed", ""),
        ("failed", worker.LOST),
        ("failed", "This wish cannot be filmed."),
        ("failed", worker.FULL),
        ("failed", worker.BROKEN),
        ("succeed", ""),
    ]
    assert films == [*prompts[:2], None, None, None, None, "A boat"]
    logged = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert sorted(logged) == sorted(f"task {ids[place]} could not be rendered" for place in (2, 5))


async def test_what_waits_for_a_process_is_taken_back_at_a_stop(
    start: Any, plain: Plain, pool: Pool, tmp_path: Path
) -> None:
    """And what is under way is dropped: the next emulator on the folder makes it."""
    async with start(executor=Stuck(), render=dying.render, draw=stills.draw) as rig:
        ids = [(await rig.create(plain(prompt=f"film {number}")))["task_id"] for number in range(2)]
        await rig.clock.advance(2)
        futures = rig.app._settings.executor.futures
        assert [future.cancelled() for future in futures] == [False, False]
    assert [future.cancelled() for future in futures] == [True, True]

    async with start(clock=rig.clock, executor=Lent(pool), render=dying.render, draw=stills.draw) as later:
        await later.clock.advance(5)
        await asyncio.gather(*later.app._worker._running)
        assert [(await later.task(id))["task_status"] for id in ids] == ["succeed"] * 2


class Stuck(Executor):
    """Never comes to it."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]
