"""Films made in processes beside the server, which has its interpreter to itself then and answers at once."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

from .child import Child, Ended

_log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")

MOST = 4
_TRIES = 2


def cores() -> int:
    """Those that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_a_core() -> int:
    """How many films at once suit this machine: each keeps about one core busy."""
    return min(MOST, cores())


class Lost(BrokenExecutor):
    """Raised when the processes that did the work were killed, again and again."""


class Pool(Executor):
    """Up to `workers` processes, each started when there is work that none of the others is free for.

    A process that is killed in the middle, as for want of memory, is replaced, and its work is tried once more; the
    others do not notice. (`ProcessPoolExecutor` would give up all that is under way or waiting, and itself.)
    """

    def __init__(self, workers: int) -> None:
        self._threads = max(1, cores() // workers)
        # Each sees one piece of work through: what waits, waits here, unpickled.
        self._feeders = ThreadPoolExecutor(workers, "film")
        self._lock = threading.Lock()
        self._folder: TemporaryDirectory[str] | None = None
        self._children: set[Child] = set()
        self._free: list[Child] = []
        """The last one is the warmest."""
        self._closed = False

    def submit(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """`work` is found by its module and name in the other process; all that goes there and back is pickled."""
        return self._feeders.submit(self._done, work, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes at once: a film under way is dropped, since waiting for it would help nobody."""
        with self._lock:
            self._closed = True
            for child in self._children:
                child.kill()
        self._feeders.shutdown(wait=wait, cancel_futures=True)
        if not wait:
            return

        with self._lock:
            for child in self._children:
                child.bury()
            self._children.clear()
            self._free.clear()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def pids(self) -> list[int]:
        """The processes that are there."""
        with self._lock:
            return [child.pid for child in self._children if child.pid is not None]

    def _done(self, work: Callable[..., _T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _T:
        call = pickle.dumps((work, args, kwargs), pickle.HIGHEST_PROTOCOL)
        for _ in range(_TRIES):
            child = self._taken()
            try:
                answer: _T = child.do(call)
            except Ended:
                self._bury(child)
            except BaseException:
                self._give_back(child)
                raise
            else:
                self._give_back(child)
                return answer

        raise Lost(f"The process was killed in the middle, {_TRIES} times")

    def _taken(self) -> Child:
        with self._lock:
            if self._closed:
                raise RuntimeError("The pool has been shut down")

            while self._free:
                child = self._free.pop()
                if child.alive():
                    return child

                # Killed while it had nothing to do, so no work is to blame.
                self._children.discard(child)
                child.bury()
            if self._folder is None:
                self._folder = TemporaryDirectory(prefix="kling-films-", ignore_cleanup_errors=True)
            child = Child(self._folder.name, self._threads)
            self._children.add(child)
            return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._free.append(child)

    def _bury(self, child: Child) -> None:
        with self._lock:
            if self._closed:
                return

            self._children.discard(child)
            asked = child.bury() == -signal.SIGTERM
        # Whoever asks all processes to end, as systemd does, asks the server too: it has nothing to complain of.
        _log.log(logging.INFO if asked else logging.WARNING, "process %s was killed while it rendered", child.pid)
