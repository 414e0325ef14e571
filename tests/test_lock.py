"""A lock that keeps out, is not left behind, and is not fooled by one that was."""

from __future__ import annotations

import asyncio
import fcntl
import threading
from pathlib import Path

import pytest

from kling_widgets.lock import Lock, take


class Waited(Exception):  # noqa: N818 - no error
    """Somebody else has it."""


async def sleep(seconds: float) -> None:
    raise Waited


def taken(place: Path) -> Lock:
    return asyncio.run(take(place, sleep))


def test_one_holds_it(tmp_path: Path) -> None:
    """The next waits; given back it can be had again, and in the end nothing is left."""
    place = tmp_path / "boat.mp4"
    lock = taken(place)
    assert lock.alone
    with pytest.raises(Waited):
        taken(place)
    other = taken(tmp_path / "goat.mp4")

    lock.free()
    taken(place).free()
    other.free()
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_left_behind_holds_nobody(tmp_path: Path) -> None:
    """Its process is dead, and it goes with the next."""
    (tmp_path / "boat.mp4.lock").touch()
    taken(tmp_path / "boat.mp4").free()
    assert list(tmp_path.iterdir()) == []


def test_a_file_removed_between_open_and_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The holder ends and a third comes just then: what we lock is a file that nobody sees, so it is not ours."""
    place, flock = tmp_path / "boat.mp4", fcntl.flock
    first, third = taken(place), []

    def late(handle: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        first.free()
        thread = threading.Thread(target=lambda: third.append(taken(place)))
        thread.start()
        thread.join()
        flock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(Waited):
        taken(place)
    [lock] = third
    assert lock.alone

    lock.free()
    assert list(tmp_path.iterdir()) == []


def test_many_at_once(tmp_path: Path) -> None:
    """Threads with loops of their own, each coming and going: never two inside."""
    inside, seen = [0], []

    async def rounds() -> None:
        for _ in range(40):
            lock = await take(tmp_path / "boat.mp4", lambda seconds: asyncio.sleep(0))
            inside[0] += 1
            await asyncio.sleep(0)
            seen.append(inside[0])
            inside[0] -= 1
            lock.free()

    threads = [threading.Thread(target=lambda: asyncio.run(rounds())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 160
    assert list(tmp_path.iterdir()) == []
