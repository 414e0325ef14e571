"""One at a time: a lock beside a place keeps other tasks, threads and processes out, and dies with whoever holds it."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WAIT = 0.5
"""Seconds between two looks whether the other one has ended: there is no lock that an event loop could wait for."""

_BUSY = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


@dataclass(frozen=True)
class Lock:
    """A lock that is ours. Without a `handle` the file system has none, and nobody is kept out."""

    path: Path
    handle: int | None

    @property
    def alone(self) -> bool:
        return self.handle is not None

    def free(self) -> None:
        """Give it back; nothing is left of it."""
        if self.handle is None:
            return
        if sys.platform == "win32":  # which removes no open file: whoever is last does
            os.close(self.handle)
            _remove(self.path)
        else:  # removed while it is still ours, it cannot be another's
            _remove(self.path)
            _unlock(self.handle)
            os.close(self.handle)


async def take(place: Path, sleep: Callable[[float], Awaitable[object]]) -> Lock:
    """Wait until nobody else works on `place`. Raises OSError where its folder is none or cannot be written to."""
    path = place.with_name(f"{place.name}.lock")
    # Not in a thread: cancelled there, it would be held for ever.
    while (lock := _tried(path)) is None:
        await sleep(WAIT)
        await asyncio.sleep(0)  # a sleep that takes no time must not keep the holder from going on
    return lock


def _tried(path: Path) -> Lock | None:
    """None while it is another's."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        if path.exists():  # another user's, in a folder we share
            return Lock(path, None)
        raise

    try:
        _lock(handle)
        if _seen(path, handle):
            return Lock(path, handle)
    except OSError as error:
        if error.errno not in _BUSY:
            os.close(handle)
            _remove(path)
            return Lock(path, None)
    os.close(handle)
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)  # closing is not enough: a forked child has the same file open


def _seen(path: Path, handle: int) -> bool:
    """Whether the file locked is the one that others see: its last holder may have removed it in the meantime."""
    if sys.platform == "win32":
        return True
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
