"""The emulator of Client.local: one for all that share a journal, outliving each of them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import kling_widgets as kw
from kling_widgets import local

CAT = "notebooks/photos/chelsea.png"
HOST = """
import asyncio, sys
import kling_widgets as kw

async def main():
    client = kw.Client.local(speed={speed}, journal={journal!r}, videos={videos!r})
    if {submit}:
        await client.submit(kw.VideoEffect(effect_scene="squish", image={photo!r}))
    print(client._wire.place, flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


def squish() -> kw.VideoEffect:
    return kw.VideoEffect(effect_scene="squish", image=CAT)


def desert() -> kw.ImageGeneration:
    """Quicker to make than a film."""
    return kw.ImageGeneration(prompt="A desert at sunset", aspect_ratio="1:1")


def host(folder: Path, *, submit: bool, speed: float = 1.0) -> subprocess.Popen[str]:
    """Another kernel that has the emulator of this folder's journal, until its input ends."""
    code = HOST.format(
        speed=speed,
        submit=submit,
        photo=CAT,
        journal=str(folder / "journal.sqlite"),
        videos=str(folder / "theirs"),
    )
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_without_the_emulator_local_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra's command, as an ImportError too."""
    monkeypatch.setitem(sys.modules, "kling_widgets.emulator.serve", None)

    with pytest.raises(ImportError, match=r'pip install "kling-widgets\[emulator\]"'):
        kw.Client.local()


def test_clients_of_one_journal_are_one_account(tmp_path: Path) -> None:
    """Of two journals they are two; and the emulator stays until the last of its clients has gone."""

    async def all_three() -> tuple[str, list[str], list[str]]:
        async with kw.Client.local(journal=tmp_path / "one", videos=tmp_path) as one:
            async with kw.Client.local(journal=tmp_path / "two", videos=tmp_path) as two:
                assert (one.offline, one.origin) == (True, "the built-in emulator")
                task = await one.submit(desert())
                theirs = [task.id async for task in two.tasks("images/generations")]
            async with kw.Client.local(journal=tmp_path / "one", videos=tmp_path) as again:
                ours = [task.id async for task in again.tasks("images/generations")]
            return task.id, ours, theirs + [task.id async for task in one.tasks("images/generations")]

    id, ours, others = asyncio.run(all_three())
    assert (ours, others) == ([id], [id])


def test_a_later_kernel_finds_what_an_earlier_one_has_made(tmp_path: Path) -> None:
    """The task by its id, though emulator and client are new and the picture was taken away."""

    async def made() -> kw.Task:
        async with kw.Client.local(speed=50, journal=tmp_path / "journal", videos=tmp_path / "made") as client:
            task = await client.submit(desert())
            (await client.images(task))[0].path.unlink()
            return task

    first, second = asyncio.run(made()), asyncio.run(made())
    assert (second.id, first.found, second.found) == (first.id, False, True)


def test_other_options_begin_to_count_and_lose_nothing(tmp_path: Path) -> None:
    """Another speed starts the emulator anew; a client of before goes on without a word."""

    async def made() -> tuple[str, str, tuple[kw.Picture, ...]]:
        slow = kw.Client.local(speed=0.01, journal=tmp_path / "journal", videos=tmp_path)
        task = await slow.submit(desert())
        async with kw.Client.local(speed=50, journal=tmp_path / "journal", videos=tmp_path) as fast:
            pictures = await fast.images(task)
            found = await slow.task(task.id, "images/generations")
        await slow.aclose()
        return task.id, found.id, pictures

    first, found, pictures = asyncio.run(made())
    assert first == found
    assert pictures[0].path.exists()


def test_a_guest_takes_over_when_the_kernel_with_the_emulator_is_killed(tmp_path: Path) -> None:
    """In the middle of a task: it is found again by the journal, its film is made and fetched, and it is one task."""
    kernel = host(tmp_path, submit=True, speed=2)
    assert kernel.stdout is not None
    place = kernel.stdout.readline().strip()

    async def go_on() -> tuple[str, bool, kw.Video, int]:
        journal = tmp_path / "journal.sqlite"
        async with kw.Client.local(speed=50, journal=journal, videos=tmp_path / "ours") as client:
            met = client._wire.place
            task = await client.submit(squish())
            kernel.kill()
            kernel.wait()
            video = await client.video(task)
            return met, task.found, video, len([task async for task in client.tasks("effects")])

    try:
        met, found, video, tasks = asyncio.run(go_on())
    finally:
        kernel.kill()
        kernel.communicate()
    assert (met, found, tasks) == (place, True, 1)
    assert video.path.parent == tmp_path / "ours"


def test_kernels_that_start_together_share_one_emulator(tmp_path: Path) -> None:
    """And one key, whoever of them was first."""
    kernels = [host(tmp_path, submit=False) for _ in range(3)]
    try:
        places = {kernel.stdout.readline().strip() for kernel in kernels if kernel.stdout}
    finally:
        for kernel in kernels:
            kernel.communicate("")
    assert len(places) == 1
    assert [kernel.returncode for kernel in kernels] == [0, 0, 0]


def test_its_key_is_for_its_user_alone(tmp_path: Path) -> None:
    """Nobody else of the machine may read it."""
    house = local.house(tmp_path / "journal")
    _, keys = house.enter(local.options(8, 5, None, None))
    house.leave()

    assert (tmp_path / "journal.emulator/key").stat().st_mode & 0o077 == 0
    assert "local-" not in repr(keys)


@pytest.mark.parametrize(
    ("options", "words"), [({"speed": 0}, "speed must be"), ({"faults": {"gremlins": 1}}, "gremlins")]
)
def test_what_cannot_be_is_said(tmp_path: Path, options: dict[str, object], words: str) -> None:
    """A speed of nothing, a fault that nobody knows; and the next call is not spoilt by it."""
    with pytest.raises(kw.KlingError, match=f"The built-in emulator cannot start: .*{words}"):
        kw.Client.local(journal=tmp_path / "journal", **options)  # type: ignore[arg-type]

    asyncio.run(kw.Client.local(journal=tmp_path / "journal").aclose())
