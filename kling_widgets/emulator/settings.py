"""All that one emulator is made of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import account, results, signature, stills, store
from .faults import Faults
from .making import Draw, Render
from .outward import Outward
from .signature import Sign


@dataclass(frozen=True, eq=False)
class Settings:
    """All that one emulator is made of; time, threads and the way outside are arguments, so that tests own them."""

    keys: Mapping[str, str]
    """Secret key by access key; each access key is an account."""
    folder: Path
    """Where tasks and results lie."""
    render: Render
    executor: Executor
    """Where films and pictures are made; what it is given and gives back may cross to another process."""
    outward: Outward
    draw: Draw = stills.draw
    disk: Executor = field(default_factory=lambda: ThreadPoolExecutor(4, "disk"))
    """What writes and reads files and the database, so that nobody else waits for it."""
    speed: float = 1.0
    slots: int = 5
    """How many videos of one account may be made at once."""
    most_tasks: int = store.MOST_TASKS
    """How many are remembered; above that the oldest that have ended are forgotten, with their results."""
    disk_mb: float = results.MOST_MB
    """How much all results may take; above that the oldest are cleared."""
    units: float = account.UNITS
    """Size of an account's packs."""
    api_keys: Collection[str] = ()
    """Plain keys that are let in as they are; each is an account."""
    sign: Sign = signature.unsigned
    """The headers of a callback."""
    faults: Faults | None = None
    """Those that strike around it, for the page to tell."""
    now: Callable[[], float] = time.time
    """Unix time in seconds."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
