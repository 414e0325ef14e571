"""What came of the wishes: the server's own books beside the films that the client has on disk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import film


@dataclass(frozen=True)
class Bought:
    """A task in the emulator's books."""

    wish: str
    key: str | None
    task_id: str
    status: str
    paid: bool
    film: bytes


@dataclass(frozen=True)
class Verdict:
    """The wishes of each sort; the three sorts should be empty."""

    tasks: int
    charged_twice: tuple[str, ...] = ()
    """Wishes with more than one task that is paid, or will be."""
    lost: tuple[str, ...] = ()
    """Wishes without a paid task, or without a film on disk."""
    corrupt: tuple[str, ...] = ()
    """Wishes whose film is not, to the byte, what the server made for them; and films of nobody."""


def books(server: Path) -> list[Bought]:
    """All tasks in the data folder of an emulator that has ended."""
    query = "SELECT task_order, external_id, task_id, status, paid, results FROM tasks ORDER BY number"
    with closing(sqlite3.connect(server / "tasks.sqlite")) as database:
        return [
            Bought(
                wish=json.loads(order)["prompt"],
                key=key,
                task_id=task_id,
                status=status,
                paid=bool(paid),
                film=b"".join((server / "films" / name).read_bytes() for _, name, _ in json.loads(results)),
            )
            for order, key, task_id, status, paid, results in database.execute(query)
        ]


def journal(folder: Path) -> dict[str, tuple[str, Path | None]]:
    """State and film by key, of a client's journal, which must be in order."""
    with closing(sqlite3.connect(folder / "journal.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT key, state, film FROM submissions").fetchall()
    return {key: (state, film and Path(film)) for key, state, film in rows}


def judge(tasks: Iterable[Bought], wishes: Iterable[str], got: Mapping[str, Path], folders: Iterable[Path]) -> Verdict:
    """`got` is the film that the client gave for each wish; `folders` are where it keeps films."""
    made: dict[str, list[Bought]] = {wish: [] for wish in wishes}
    for task in tasks:
        made.setdefault(task.wish, []).append(task)

    strays = {path for folder in folders for path in folder.rglob("*.mp4")} - set(got.values())
    return Verdict(
        tasks=sum(map(len, made.values())),
        charged_twice=tuple(wish for wish, all_of_it in made.items() if sum(map(_costs, all_of_it)) > 1),
        lost=tuple(wish for wish, all_of_it in made.items() if not (any(t.paid for t in all_of_it) and wish in got)),
        corrupt=(
            *(wish for wish, path in got.items() if not _whole(wish, path, made[wish])),
            *sorted(path.name for path in strays),
        ),
    )


def _costs(task: Bought) -> bool:
    return task.paid or task.status in ("submitted", "processing")


def _whole(wish: str, path: Path, tasks: Iterable[Bought]) -> bool:
    """What the server made plays: see test_judge.py. So there is no need to decode each one."""
    data = path.read_bytes()
    return data == film.of(wish) and any(data == task.film for task in tasks if task.paid)
