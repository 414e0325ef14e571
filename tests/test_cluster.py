"""A batch on a Dask cluster of real processes: the keys are all that the workers share."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import kling_widgets as kw
from kling_widgets.emulator.serve import Emulator
from tests.chaos import film

distributed = pytest.importorskip("distributed")

KEY = ("cluster", "k" * 32)
CAT = "notebooks/photos/chelsea.png"


def test_a_worker_is_killed_in_the_middle_and_each_request_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys come from the workers' environment; the batch completes; the books of the emulator show it."""
    requests = [kw.ImageToVideo(image=CAT, prompt=f"wish {n}") for n in range(6)]

    async def batch(url: str, dask: Any) -> list[kw.Outcome]:
        async with kw.Client(kw.KeyPair(*KEY), base_url=url, videos=tmp_path / "films") as client:
            ended = []
            async for outcome in client.map(requests, cluster=dask, progress=False):
                if not ended:
                    kill_one(dask)
                ended.append(outcome)
            return ended

    with Emulator(dict([KEY]), speed=2, slots=4, data=tmp_path / "books", render=film.render) as emulator:
        monkeypatch.setenv("KLING_ACCESS_KEY", KEY[0])
        monkeypatch.setenv("KLING_SECRET_KEY", KEY[1])
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, dashboard_address="127.0.0.1:0", local_directory=str(tmp_path / "dask")
        )
        with cluster, distributed.Client(cluster) as dask:
            outcomes = asyncio.run(batch(emulator.url, dask))

    assert sorted(outcome.index for outcome in outcomes) == [*range(6)]
    assert [outcome.error for outcome in outcomes] == [None] * 6
    assert len({outcome.video.path for outcome in outcomes if outcome.video}) == 6
    with sqlite3.connect(tmp_path / "books/tasks.sqlite") as books:
        made = Counter(row[0] for row in books.execute("SELECT external_id FROM tasks"))
    books.close()
    assert made == {request.key(): 1 for request in requests}


def kill_one(dask: Any) -> None:
    """A worker that is at work, without a word."""
    busy = [address for address, keys in dask.processing().items() if keys]
    [pid] = dask.run(os.getpid, workers=busy[:1]).values()
    os.kill(pid, signal.SIGKILL)


def test_what_fails_on_a_worker_is_told_here(tmp_path: Path) -> None:
    """Without keys there, the words of the missing key come back as the outcome's error; nothing else is stopped."""

    async def batch(dask: Any) -> list[kw.Outcome]:
        async with kw.Client(kw.ApiKey("key-of-here"), base_url="http://127.0.0.1:9", videos=tmp_path) as client:
            wishes = [kw.ImageToVideo(image=CAT, prompt=words) for words in ("a", "b")]
            return [outcome async for outcome in client.map(wishes, cluster=dask, progress=False)]

    with (
        distributed.LocalCluster(processes=False, n_workers=1, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster) as dask,
    ):
        outcomes = asyncio.run(batch(dask))
    assert {str(outcome.error)[:17] for outcome in outcomes} == {"No key was found."}
    assert threading.active_count() < 50
