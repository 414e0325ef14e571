"""The emulator of `Client.local`: one for all kernels that share a journal, in whichever of them came first.

Its tasks, films and keys lie beside the journal, so that they outlive the kernel. A client in another kernel is its
guest over HTTP, and takes the folder over when its host has gone.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import errno
import os
import secrets
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from kling_widgets.auth import KeyPair
from kling_widgets.errors import KlingError, MissingExtra

if TYPE_CHECKING:
    from kling_widgets.emulator.serve import Emulator

PATIENCE = 20.0
"""Seconds for another kernel's emulator to say where it is."""


@dataclass(frozen=True)
class Options:
    """What `Client.local` was told of its emulator."""

    speed: float
    slots: int
    faults: tuple[tuple[str, float], ...] = ()
    seed: int | None = None


class House:
    """One folder of an emulator, and whoever of this process lives on it. Usable from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._emulator: Emulator | None = None
        self._options: Options | None = None
        self._guests = 0

    def enter(self, options: Options) -> tuple[str, KeyPair]:
        """Where it answers, and its keys; call `leave` at the end. Raises KlingError.

        Options other than those it runs with in this process begin to count by starting it anew: its tasks go on.
        """
        with self._lock:
            if self._emulator is not None and options != self._options:
                self._stop()
            self._options = options
            url = self.open()
            self._guests += 1
            return url, _keys(self._folder)

    def leave(self) -> None:
        """Blocks until the emulator has ended, where it was its last guest; a film being rendered is waited for."""
        with self._lock:
            self._guests -= 1
            if self._guests == 0:
                self._stop()

    def open(self) -> str:
        """Where it answers by now; started here where no other process has it. Raises KlingError."""
        with self._lock:
            end = time.monotonic() + PATIENCE
            while self._emulator is None:
                if self._start():
                    break
                if (url := self._neighbour()) is not None:
                    return url
                if time.monotonic() > end:
                    raise KlingError(f"The emulator in {self._folder} belongs to another program that does not answer.")
                time.sleep(0.05)
            assert self._emulator is not None
            return self._emulator.url

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _start(self) -> bool:
        """False where another process has it."""
        from kling_widgets.emulator.serve import Emulator

        assert self._options is not None
        pair = _pair(self._folder)
        faults = dict(self._options.faults)
        try:
            # Rendered by threads: a new process would import the main module once more, and with it run a script that
            # has no `if __name__ == "__main__":`.
            self._emulator = Emulator(
                dict([pair]), self._options.speed, self._options.slots, self._folder, faults=faults,
                seed=self._options.seed,
            ).start()  # fmt: skip
        except OSError as error:
            if error.errno == errno.EBUSY:
                return False
            raise KlingError(f"The built-in emulator cannot start: {error.strerror or error}.") from error
        except ValueError as error:
            raise KlingError(f"The built-in emulator cannot start: {error}.") from error
        _replace(self._folder / "address", self._emulator.url)
        return True

    def _neighbour(self) -> str | None:
        """Where the emulator of another process answers; None while it does not."""
        try:
            url = (self._folder / "address").read_text("utf-8")
            parts = urlsplit(url)
            if parts.hostname is None or parts.port is None:
                return None
            httpx.get(f"{url}/docs", trust_env=False, timeout=PATIENCE)
        except (OSError, ValueError, httpx.HTTPError):
            return None
        return url

    def _stop(self) -> None:
        if self._emulator is not None:
            self._emulator.stop()
            self._emulator = None


_houses: dict[Path, House] = {}
_lock = threading.Lock()


def house(journal: Path) -> House:
    """The house beside this journal. Raises MissingExtra where the emulator is not installed."""
    try:
        import kling_widgets.emulator.serve  # noqa: F401 - what it needs is an extra
    except ImportError as error:
        raise MissingExtra("The emulator", "emulator") from error

    folder = journal.expanduser().absolute()
    folder = folder.with_name(f"{folder.name}.emulator")
    with _lock:
        if not _houses:
            # Thread pools close before atexit's turn, and without them the emulator cannot stop in order; the call that
            # thread pools themselves use to be told has no public name.
            getattr(threading, "_register_atexit", atexit.register)(_close_all)
        return _houses.setdefault(folder, House(folder))


def options(speed: float, slots: int, faults: Mapping[str, float] | None, seed: int | None) -> Options:
    return Options(speed, slots, tuple(sorted((faults or {}).items())), seed)


def leave_with(owner: object, house: House) -> Callable[[], None]:
    """What leaves the house, once: when it is called, or when nobody can reach `owner` any more."""
    once = contextlib.ExitStack()
    once.callback(house.leave)
    # In a thread of its own: stopping may wait, and garbage is collected in the middle of anything.
    weakref.finalize(owner, threading.Thread(target=once.close).start).atexit = False
    return once.close


async def revived(house: House) -> str:
    """Where the emulator answers after it could not be reached: its host may have ended."""
    return await asyncio.to_thread(house.open)


def _keys(folder: Path) -> KeyPair:
    return KeyPair(*_pair(folder))


def _pair(folder: Path) -> tuple[str, str]:
    """The only keys that this emulator knows, made up at its first start. They open nothing else."""
    path = folder / "key"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _replace(path, f"local-{secrets.token_hex(8)}:{secrets.token_urlsafe(32)}", only_new=True)
        access, _, secret = path.read_text("utf-8").strip().partition(":")
    except OSError as error:
        raise KlingError(f"The built-in emulator cannot keep its tasks in {folder}: {error.strerror}.") from error
    return access, secret


def _replace(path: Path, text: str, *, only_new: bool = False) -> None:
    """Written whole or not at all, for this user's eyes only; two processes may do so at once."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    if not only_new:
        os.replace(name, path)
        return
    try:
        os.link(name, path)  # unlike a rename it fails where another one was first
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _close_all() -> None:
    for each in tuple(_houses.values()):
        each.close()
