"""The tasks, in SQLite: each state is on disk before anybody hears of it, so one that is killed loses none."""
# ruff: noqa: S608 (what is put into a statement is text of this file; values are parameters)

from __future__ import annotations

import dataclasses
import errno
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from .order import Kind, Order
from .task import Task

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT,
    task_order TEXT NOT NULL,
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    video_id TEXT,
    film TEXT UNIQUE,
    watermarked TEXT UNIQUE,
    seconds REAL,
    UNIQUE (account, external_id)
);
CREATE INDEX IF NOT EXISTS newest ON tasks (account, kind, number);
CREATE TABLE IF NOT EXISTS pictures (
    task_id TEXT NOT NULL,
    field TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (task_id, field)
);
"""
_COLUMNS = (
    "task_id, account, kind, task_order, origin, status, message, "
    "created_at, updated_at, video_id, film, watermarked, seconds"
)
_RUNNING = "status IN ('submitted', 'processing')"


class ExternalIdTaken(Exception):  # noqa: N818
    """Raised when the account has used this external_task_id before, on either endpoint (R98, C19)."""


class NoFreeSlot(Exception):  # noqa: N818
    """Raised when the account has as many tasks running as it has slots."""


class Store:
    """Usable from several threads. Raises OSError, in words for a person, when the file cannot be had."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        """`now` returns Unix time in seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._database = _open(path)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def add(
        self, *, account: str, kind: Kind, order: Order, origin: str, files: Mapping[str, bytes], slots: int
    ) -> Task:
        """Raises ExternalIdTaken and NoFreeSlot."""
        # 18 digits, as the vendor's.
        task_id = str(secrets.randbelow(9 * 10**17) + 10**17)
        external_id = order.external_task_id or None
        with self._lock:
            if external_id and self._row("account = ? AND external_id = ?", account, external_id):
                raise ExternalIdTaken

            running = self._database.execute(f"SELECT count(*) FROM tasks WHERE account = ? AND {_RUNNING}", (account,))
            if running.fetchone()[0] >= slots:
                raise NoFreeSlot

            time = self._milliseconds()
            text = json.dumps(dataclasses.asdict(order))
            values = (task_id, account, kind, external_id, text, origin, "submitted", time, time)
            self._database.execute("BEGIN")
            try:
                self._database.execute(
                    "INSERT INTO tasks (task_id, account, kind, external_id, task_order, origin, status, created_at, "
                    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
                self._database.executemany(
                    "INSERT INTO pictures VALUES (?, ?, ?)", [(task_id, field, data) for field, data in files.items()]
                )
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        return self.task(task_id)

    def task(self, task_id: str) -> Task:
        """A task of whatever account, by its own id. Raises KeyError."""
        with self._lock:
            row = self._row("task_id = ?", task_id)
        if row is None:
            raise KeyError(task_id)

        return _task(row)

    def find(self, account: str, kind: Kind, id: str) -> Task | None:
        """By task_id or external_task_id (R104, R138)."""
        with self._lock:
            row = self._row("account = ? AND kind = ? AND task_id = ?", account, kind, id) or self._row(
                "account = ? AND kind = ? AND external_id = ?", account, kind, id
            )
        return row and _task(row)

    def page(self, account: str, kind: Kind, *, offset: int, count: int) -> list[Task]:
        """Newest first; the vendor does not state an order."""
        with self._lock:
            rows = self._database.execute(
                f"SELECT {_COLUMNS} FROM tasks WHERE account = ? AND kind = ? ORDER BY number DESC LIMIT ? OFFSET ?",
                (account, kind, count, offset),
            ).fetchall()
        return [_task(row) for row in rows]

    def unfinished(self) -> list[Task]:
        with self._lock:
            rows = self._database.execute(f"SELECT {_COLUMNS} FROM tasks WHERE {_RUNNING} ORDER BY number").fetchall()
        return [_task(row) for row in rows]

    def files(self, task_id: str) -> dict[str, bytes]:
        with self._lock:
            rows = self._database.execute("SELECT field, data FROM pictures WHERE task_id = ?", (task_id,)).fetchall()
        return dict(rows)

    def filmed(self, name: str) -> Task | None:
        """The task whose film has this file name, or had it as the watermarked one."""
        with self._lock:
            row = self._row("film = ? OR watermarked = ?", name, name)
        return row and _task(row)

    def processing(self, task_id: str) -> Task:
        return self._change(task_id, "status = 'processing'")

    def succeed(self, task_id: str, *, film: str, watermarked: str | None, seconds: float) -> Task:
        return self._change(
            task_id,
            "status = 'succeed', video_id = ?, film = ?, watermarked = ?, seconds = ?",
            str(secrets.randbelow(9 * 10**17) + 10**17),
            film,
            watermarked,
            seconds,
        )

    def failed(self, task_id: str, message: str) -> Task:
        return self._change(task_id, "status = 'failed', message = ?", message)

    def _change(self, task_id: str, what: str, *values: object) -> Task:
        with self._lock:
            self._database.execute("BEGIN")
            self._database.execute(
                f"UPDATE tasks SET {what}, updated_at = max(?, created_at) WHERE task_id = ?",
                (*values, self._milliseconds(), task_id),
            )
            # Once a task has ended nobody asks for its pictures again.
            self._database.execute(
                "DELETE FROM pictures WHERE task_id = "
                f"(SELECT task_id FROM tasks WHERE task_id = ? AND NOT {_RUNNING})",
                (task_id,),
            )
            self._database.execute("COMMIT")
        return self.task(task_id)

    def _row(self, where: str, *values: object) -> Any:
        return self._database.execute(f"SELECT {_COLUMNS} FROM tasks WHERE {where}", values).fetchone()

    def _milliseconds(self) -> int:
        return int(self._now() * 1000)


def _open(path: Path) -> sqlite3.Connection:
    try:
        database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # One emulator a folder: two would both work on its tasks. The lock dies with the process.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(_SCHEMA)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise OSError(errno.EBUSY, f"{path.parent} is in use by another emulator") from error

        raise OSError(errno.EIO, f"{path} cannot be used: {error}") from error

    return database


def _task(row: tuple[Any, ...]) -> Task:
    task_id, account, kind, text, *rest = row
    values = json.loads(text)
    paths = (tuple((x, y) for x, y in points) for points in values.pop("trajectories"))
    order = Order(**values, trajectories=tuple(paths))
    return Task(task_id, account, cast(Kind, kind), order, *rest)
