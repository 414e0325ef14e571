"""What was asked for and what came of it, on disk: the id of each submission before the service hears of it.

One SQLite file for all kernels of this machine. It holds ids, states, small outlines of requests and where films lie;
no picture, no key.
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from kling_widgets.cost import Cost
from kling_widgets.endpoint import Kind
from kling_widgets.journal_file import opened, unusable, whole
from kling_widgets.sender import lives, named
from kling_widgets.task import Status, Task, stage

State = Literal["sending", "unclear", "refused"] | Status
"""sending: the POST may be under way. unclear: it got no answer. refused: nothing was made. Then the task's."""

HELD = 180.0
"""Seconds that a submission belongs to its sender: longer than any POST lasts."""

COLUMNS = "key, kind, origin, request, cost, state, note, sender, sent_at, task, film, created_at, updated_at"
_SENDER = 7


@dataclass(frozen=True)
class Entry:
    """One submission. `request` is its outline, `task` the task as last seen, `film` where it, or the first of its
    pictures, was saved.
    """

    key: str
    kind: Kind
    origin: str
    request: Mapping[str, Any]
    cost: Cost | None
    state: State
    note: str
    task: Task | None
    film: Path | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Transition:
    """That a submission came into a state, when, and why where there is more to say."""

    state: State
    at: datetime
    note: str


class Journal:
    """The submissions of one account in the file `path`, which is made when it is missing.

    Usable from any thread; each call waits for the disk. `clock` is in seconds since 1970. Every method raises
    KlingError, with what to do, where the file cannot be used.
    """

    def __init__(self, path: str | Path, account: str, origin: str, clock: Callable[[], float] = time.time) -> None:
        self.path = Path(path).expanduser()
        self._account = account
        self._origin = origin
        self._clock = clock
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._senders = itertools.count(1)
        self._closing: weakref.finalize[..., Journal] | None = None
        _all.add(self)

    def sender(self) -> str:
        """A name for who sends now: this process, and a number in it. Waits for nothing."""
        return named(f"{id(self)}:{next(self._senders)}")

    def claim(
        self, key: str, kind: Kind, request: Mapping[str, Any], cost: Cost | None, sender: str
    ) -> tuple[Entry, State | None, bool]:
        """Note down that `sender` is about to send this, on disk when this returns.

        Gives the entry, the state before (None: it is new) and whether it is his to send: not where a task is known,
        nor while another sender is at it, unless that one has ended or had his time.
        """
        with self._changing(durable=True) as database:
            now = self._clock()
            row = self._row(database, key)
            outline = json.dumps(request, ensure_ascii=False)
            priced = None if cost is None else json.dumps([cost.units, cost.usd, cost.as_of])
            if row is None:
                database.execute(
                    "INSERT INTO submissions (account, key, kind, origin, request, cost, state, sender, sent_at,"
                    " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, ?)",
                    (self._account, key, kind, self._origin, outline, priced, sender, now, now, now),
                )
                self._note(database, key, "sending")
                return self._entry(database, key), None, True

            before = _read(row)
            if before.task is not None or (before.state == "sending" and self._is_held(row, sender, now)):
                return before, before.state, False
            database.execute(
                "UPDATE submissions SET kind = ?, request = ?, cost = ?, state = 'sending', sender = ?, sent_at = ?,"
                " updated_at = ? WHERE account = ? AND key = ?",
                (kind, outline, priced, sender, now, now, self._account, key),
            )
            self._note(database, key, "sending")
            return self._entry(database, key), before.state, True

    def settle(self, key: str, sender: str, state: State, note: str = "") -> None:
        """`sender` is done, without a task: refused, or unclear. Not where it is no longer his, or a task is known."""
        with self._changing() as database:
            row = self._row(database, key)
            if row and row[_SENDER] == sender and _read(row).task is None:
                self._without_task(database, key, state, note)

    def gone(self, key: str, task: Task) -> None:
        """The service knows this task no more. Not where another was made in its place."""
        with self._changing() as database:
            row = self._row(database, key)
            known = _read(row).task if row else None
            if known and known.id == task.id:
                self._without_task(database, key, "unclear", f"Task {task.id} is gone.")

    def saw(self, task: Task, key: str | None = None) -> None:
        """The task as the service told it, unless it was not submitted here. What is known never goes back.

        `key` is what it was submitted as, where the service has not repeated that.
        """
        with self._changing() as database:
            row = self._row(database, key or task.external_id or "")
            known = _read(row) if row else None
            if known is None or known.kind != task.kind or not _news(known.task, task):
                return
            database.execute(
                "UPDATE submissions SET state = ?, note = ?, sender = NULL, task = ?, updated_at = ?"
                " WHERE account = ? AND key = ?",
                (task.status, task.message, json.dumps(task.to_wire()), self._clock(), self._account, known.key),
            )
            if known.state != task.status:
                self._note(database, known.key, task.status, task.message)

    def keep(self, key: str, film: Path) -> None:
        """Where the film of a submission lies."""
        with self._changing() as database:
            database.execute(
                "UPDATE submissions SET film = ? WHERE account = ? AND key = ? AND film IS NOT ?",
                (where := os.fspath(film.absolute()), self._account, key, where),
            )

    def entry(self, key: str) -> Entry | None:
        """The submission with this external_task_id."""
        with self._reading() as database:
            row = self._row(database, key)
        return _read(row) if row else None

    def entries(self, limit: int = 100) -> list[Entry]:
        """The account's submissions, newest first."""
        with self._reading() as database:
            rows = database.execute(
                f"SELECT {COLUMNS} FROM submissions WHERE account = ? ORDER BY created_at DESC, rowid DESC LIMIT ?",  # noqa: S608
                (self._account, limit),
            ).fetchall()
        return [_read(row) for row in rows]

    def transitions(self, key: str) -> list[Transition]:
        """All that happened to a submission, in order."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT state, at, note FROM transitions WHERE account = ? AND key = ? ORDER BY number",
                (self._account, key),
            ).fetchall()
        return [Transition(state, _moment(at), note) for state, at, note in rows]

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._closing is not None:
                self._closing()
            self._open = self._closing = None

    def __repr__(self) -> str:
        return f"Journal({str(self.path)!r})"

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database()
            except sqlite3.Error as error:
                raise unusable(self.path, error) from error

    @contextmanager
    def _changing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """All of the block is kept, or nothing. What is `durable` survives a power cut too."""
        with self._reading() as database:
            # Only the claim must be on the platter before money moves; the rest can be learnt again from the service.
            database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            with whole(database):
                yield database

    def _database(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = opened(self.path)
            self._closing = weakref.finalize(self, self._open.close)
        return self._open

    def _forked(self) -> None:
        """In a new process, which has a copy of everything but of the threads that use it."""
        self._lock = threading.Lock()  # a thread of the other process may have held it
        if self._closing is not None and self._open is not None:
            # SQLite's connections must not cross a fork: not even to be closed.
            self._closing.detach()
            _left_alone.append(self._open)
        self._open = self._closing = None

    def _row(self, database: sqlite3.Connection, key: str) -> tuple[Any, ...] | None:
        where = "account = ? AND key = ?"
        row: tuple[Any, ...] | None = database.execute(
            f"SELECT {COLUMNS} FROM submissions WHERE {where}",  # noqa: S608
            (self._account, key),
        ).fetchone()
        return row

    def _entry(self, database: sqlite3.Connection, key: str) -> Entry:
        row = self._row(database, key)
        assert row is not None
        return _read(row)

    def _without_task(self, database: sqlite3.Connection, key: str, state: State, note: str) -> None:
        database.execute(
            "UPDATE submissions SET state = ?, note = ?, sender = NULL, task = NULL, updated_at = ?"
            " WHERE account = ? AND key = ?",
            (state, note, self._clock(), self._account, key),
        )
        self._note(database, key, state, note)

    def _note(self, database: sqlite3.Connection, key: str, state: State, note: str = "") -> None:
        database.execute(
            "INSERT INTO transitions (account, key, at, state, note) VALUES (?, ?, ?, ?, ?)",
            (self._account, key, self._clock(), state, note),
        )

    def _is_held(self, row: tuple[Any, ...], sender: str, now: float) -> bool:
        """Whether another sender is still at it."""
        holder, since = row[_SENDER], row[_SENDER + 1]
        # A clock that was set back makes it a little longer, and does not let go of what is on its way.
        return holder not in (None, sender) and abs(now - since) < HELD and lives(holder)


_all: weakref.WeakSet[Journal] = weakref.WeakSet()
_left_alone: list[sqlite3.Connection] = []


def _after_fork() -> None:
    for journal in _all:
        journal._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _news(known: Task | None, seen: Task) -> bool:
    """Whether `seen` tells more than is known: a task never goes back."""
    if known is None or known.id != seen.id:
        return True
    if seen.status == known.status:
        return seen != known and seen.updated_at >= known.updated_at
    return stage(seen.status) > stage(known.status)


def _read(row: tuple[Any, ...]) -> Entry:
    key, kind, origin, request, cost, state, note, _sender, _sent, task, film, created_at, updated_at = row
    return Entry(
        key=key,
        kind=kind,
        origin=origin,
        request=json.loads(request),
        cost=Cost(*json.loads(cost)) if cost else None,
        state=state,
        note=note,
        task=Task.from_wire(kind, json.loads(task)) if task else None,
        film=Path(film) if film else None,
        created_at=_moment(created_at),
        updated_at=_moment(updated_at),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
