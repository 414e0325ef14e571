"""After aclose() nothing of a client is left: no file handle, no thread, no task of asyncio."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from pathlib import Path

import pytest

import kling_widgets as kw

CAT = "notebooks/photos/chelsea.png"


def handles() -> set[str]:
    """What this process has open that has a name; what Python itself keeps in passing has none."""
    found = set()
    for handle in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{handle}"))
        except OSError:  # that of the listing itself
            continue
    return {name for name in found if name.startswith(("/", "socket:"))}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells what a process has open")
def test_after_aclose_nothing_is_left(tmp_path: Path) -> None:
    """Of one that has submitted, watched, fetched, mapped, and was left in the middle of a watch and of a batch."""

    clients = []  # held, so that what ends them is aclose() and not the garbage collector

    async def life(n: int) -> set[str]:
        client = kw.Client.local(speed=50, journal=tmp_path / f"journal-{n}", videos=tmp_path)
        clients.append(client)
        desert = kw.ImageGeneration(prompt=f"A desert, day {n}", aspect_ratio="1:1")
        await client.images(await client.submit(desert))
        client.journal.entries()
        # Left in the middle, and not even closed.
        watching = client.watch(await client.submit(kw.ImageGeneration(prompt=f"Night {n}", aspect_ratio="1:1")))
        await anext(watching)
        looking = asyncio.ensure_future(anext(watching))
        await asyncio.sleep(0)
        batch = client.map([desert, kw.ImageGeneration(prompt=f"Noon {n}", aspect_ratio="1:1")], progress=False)
        await anext(batch)
        await batch.aclose()
        await client.aclose()
        with pytest.raises((kw.KlingError, StopAsyncIteration)):
            await looking
        await watching.aclose()
        return {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    assert asyncio.run(life(0)) == set()  # what is imported and opened once for all is there from now on
    gc.collect()
    before, threads = handles(), {thread.name for thread in threading.enumerate()}
    assert asyncio.run(life(1)) == set()
    gc.collect()
    assert handles() - before == set()
    assert {thread.name for thread in threading.enumerate()} <= threads
