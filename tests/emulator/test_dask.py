"""Films made by a Dask cluster: workers in other processes, that share nothing with the emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kling_widgets.emulator import stills
from tests import dying

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]


@pytest.fixture
def dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # For the workers: one that is killed leaves its temporary files.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", local_directory=str(tmp_path / "dask")
        ) as cluster,
        distributed.Client(cluster) as dask,
    ):
        yield dask


async def test_a_worker_is_killed_in_the_middle_and_every_film_is_there(
    start: Any, plain: Plain, dask: Any, tmp_path: Path
) -> None:
    """Alike ones too, each task its own; what fails has its words."""
    prompts = [*(f"film {number}" for number in range(6)), f"once {tmp_path / 'tried'}", "bad", "film 0"]
    async with start(executor=dask.get_executor(), render=dying.render, draw=stills.draw, slots=99) as rig:
        ids = [(await rig.create(plain(prompt=prompt)))["task_id"] for prompt in prompts]
        sheet = (await rig.create({"prompt": "A lighthouse", "aspect_ratio": "1:1"}, "images/generations"))["task_id"]
        await rig.clock.advance(5)
        await asyncio.gather(*rig.app._worker._running)
        tasks = [await rig.task(id) for id in ids]
        [picture] = (await rig.task(sheet, "images/generations"))["task_result"]["images"]
        urls = [task["task_result"]["videos"][0]["url"] for task in tasks if task["task_status"] == "succeed"]
        films = [(await rig.client.get(url)).text for url in urls]
        assert (await rig.client.get(picture["url"])).content.startswith(b"\x89PNG")

    assert films == [prompt for prompt in prompts if prompt != "bad"]
    assert len(set(urls)) == 8
    assert [task["task_status_msg"] for task in tasks if task["task_status"] == "failed"] == [
        "This wish cannot be filmed."
    ]
