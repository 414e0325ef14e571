"""One of two kernels that want the same, for a process of its own: it imports no more than it needs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from kling_widgets.journal import Journal


def at_once(paths: Iterable[str], start: Barrier, ended: Barrier, said: Queue[list[bool]]) -> None:
    """Make each journal and claim the same key in it, at the same instant as the other; then live until it is done."""
    got = []
    for path in paths:
        journal = Journal(path, "account", "host")
        start.wait()
        got.append(journal.claim("key", "image2video", {}, None, journal.sender())[2])
        journal.close()
    said.put(got)
    ended.wait()


def and_die(path: str) -> None:
    """Claim, and be gone before anything is sent."""
    journal = Journal(path, "account", "host")
    journal.claim("key", "image2video", {}, None, journal.sender())
    os._exit(0)
