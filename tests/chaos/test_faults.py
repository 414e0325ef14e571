"""The same through the emulator's own faults, which users can rehearse with."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kling_widgets.emulator.faults import FAULTS
from tests.chaos import person
from tests.chaos.judge import Verdict, books, judge
from tests.chaos.world import emulator

COUNT = 40
RATE = 0.03


def test_every_fault_on_tap_costs_nothing(tmp_path: Path) -> None:
    """Each of them at once. A task that the fault itself lets fail is free, and the next take of it is made."""
    server, folder, wishes = tmp_path / "server", tmp_path / "client", person.wishes(COUNT)
    with emulator(server, faults={fault.name: RATE for fault in FAULTS}, seed=1) as real:
        got = asyncio.run(person.ask_all(real.url, folder, wishes))
    tasks = [task for task in books(server) if task.status != "failed"]

    assert judge(tasks, wishes, got.films, [folder]) == Verdict(tasks=COUNT), got.seen
