"""A process of our own that does one piece of work after another and says how each went."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import pickle
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

NICE = 5
"""How far rendering stands back behind the server, which needs little and should have it at once."""

# Threads are running here, with locks that a forked copy would find shut for ever.
_SPAWN = multiprocessing.get_context("spawn")


class Ended(Exception):  # noqa: N818
    """Raised when the process has ended in the middle of its work."""


class Child:
    """Starts at once. One thread at a time may give it work; any may end it."""

    def __init__(self, folder: str, threads: int) -> None:
        """It writes what is temporary into `folder`, and shares its work among `threads` threads where it can."""
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_live, args=(theirs, folder, threads), name="film", daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        # Else the pipe had an end here too, and would not tell when the process is gone.
        theirs.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.is_alive()

    def do(self, call: bytes) -> Any:
        """What the pickled (work, args, kwargs) give, or what they raise. Raises Ended."""
        try:
            self._pipe.send_bytes(call)
            answer = self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise Ended from error

        good, value = pickle.loads(answer)  # noqa: S301 (from our own process)
        if not good:
            raise value

        return value

    def kill(self) -> None:
        """Whoever waits for its work is told Ended."""
        self._process.kill()

    def bury(self) -> int | None:
        """Free what it held here, once nobody uses it any more; how it ended, as a negative signal."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
        return self._process.exitcode


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C reaches the whole group. A child inherits what this thread blocks, so it is deaf from its first moment."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return

    from multiprocessing import resource_tracker

    # It is started with the first child, and lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live(pipe: Connection, folder: str, threads: int) -> None:
    """The child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    tempfile.tempdir = folder

    import cv2

    cv2.setNumThreads(threads)
    while True:
        try:
            call = pipe.recv_bytes()
        except (EOFError, OSError):
            return

        pipe.send_bytes(_answer(call))


def _end_with_parent(folder: str) -> None:
    """A server that is killed cannot end its processes: they notice, and tidy up after it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def _answer(call: bytes) -> bytes:
    try:
        work, args, kwargs = pickle.loads(call)  # noqa: S301 (from our own process)
        return pickle.dumps((True, work(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        # The place where it happened does not travel by itself.
        error.add_note("".join(traceback.format_exception(error)))
        return pickle.dumps((False, _travelling(error)))


def _travelling(error: BaseException) -> BaseException:
    """The error, or its words where it cannot be pickled and read again."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (just written)
    except Exception:
        return RuntimeError("\n".join([repr(error), *error.__notes__]))

    return error
