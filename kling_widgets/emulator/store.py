"""The tasks, in SQLite: each state is on disk before anybody hears of it, so one that is killed loses none."""
# ruff: noqa: S608 (what is put into a statement is text of this file; values are parameters)

from __future__ import annotations

import dataclasses
import errno
import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from .order import FilmOrder, Kind, Pack, SheetOrder
from .rows import COLUMNS, read
from .schema import opened
from .task import Task

_RUNNING = "status IN ('submitted', 'processing')"
_PRECISION = 10_000
"""Prices are stored as whole numbers of this part of a unit, so that sums are exact."""

_AT_ONCE = 500
"""Tasks forgotten in one go, so that nobody waits for it."""

MOST_TASKS = 100_000
"""How many are remembered, unless something else is asked for."""


class ExternalIdTaken(Exception):  # noqa: N818
    """Raised when the account has used this external_task_id before, on whatever endpoint (R98, C19)."""


class NoFreeSlot(Exception):  # noqa: N818
    """Raised when the account's running tasks of this pack leave too few slots."""


class NoUnits(Exception):  # noqa: N818
    """Raised when the account's pack cannot pay for the task."""


class NoRoom(Exception):  # noqa: N818
    """Raised when as many tasks as are remembered are all running."""


@dataclass(frozen=True)
class Allowance:
    """What an account's pack gives: units in all, and slots at once."""

    units: Decimal
    slots: int


@dataclass(frozen=True)
class News:
    """A body that waits to be told to its task's callback_url."""

    number: int
    id: str
    """The same at every attempt, so that a receiver knows a repeat."""
    url: str
    body: str


class Store:
    """Usable from several threads.

    Raises OSError, in words for a person, when the file cannot be had, and when the disk is full.
    """

    def __init__(
        self, path: Path, now: Callable[[], float], news: Callable[[Task], str], most: int = MOST_TASKS
    ) -> None:
        """`now` returns Unix time in seconds; `news` is what callback_url is told of a task; `most` are remembered."""
        self._now = now
        self._news = news
        self.most = most
        self._lock = threading.Lock()
        self._database = opened(path)
        self._count = int(self._database.execute("SELECT count(*) FROM tasks").fetchone()[0])

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def add(
        self,
        *,
        account: str,
        kind: Kind,
        order: FilmOrder | SheetOrder,
        origin: str,
        files: Mapping[str, bytes],
        allowance: Allowance,
    ) -> Task:
        """Raises ExternalIdTaken, NoUnits, NoFreeSlot and NoRoom."""
        # 18 digits, as the vendor's.
        task_id = _digits()
        external_id = order.external_task_id or None
        price = int(Decimal(order.units) * _PRECISION)
        with self._changing():
            if external_id and self._row("account = ? AND external_id = ?", account, external_id):
                raise ExternalIdTaken

            # Running tasks will be paid when they end.
            held, slots = self._held(account, order.pack)
            left = int(allowance.units * _PRECISION) - self._paid(account, order.pack) - held
            if left <= 0 or left < price:
                raise NoUnits

            if slots + order.slots > allowance.slots:
                raise NoFreeSlot

            if self._count >= self.most and not self._ended(1):
                raise NoRoom

            time = self._milliseconds()
            values = {
                "task_id": task_id,
                "account": account,
                "kind": kind,
                "external_id": external_id,
                "pack": order.pack,
                "slots": order.slots,
                "price": price,
                "task_order": json.dumps(dataclasses.asdict(order)),
                "origin": origin,
                "status": "submitted",
                "created_at": time,
                "updated_at": time,
            }
            self._buy(account, order.pack)
            names = ", ".join(values)
            places = ", ".join("?" * len(values))
            self._database.execute(f"INSERT INTO tasks ({names}) VALUES ({places})", tuple(values.values()))
            self._database.executemany(
                "INSERT INTO pictures VALUES (?, ?, ?)", [(task_id, field, data) for field, data in files.items()]
            )
            task = self._noted(task_id)
        with self._lock:
            self._count += 1
        return task

    def forget(self) -> list[str]:
        """Drop the oldest ended tasks above those that are remembered; the names of their results, for nobody now."""
        if self._count <= self.most:
            return []

        with self._changing():
            forgotten = self._ended(max(0, min(self._count - self.most, _AT_ONCE)))
            places = ", ".join("?" * len(forgotten))
            found = self._database.execute(f"SELECT name FROM files WHERE task_id IN ({places})", forgotten).fetchall()
            self._database.execute(f"DELETE FROM files WHERE task_id IN ({places})", forgotten)
            self._database.execute(f"DELETE FROM tasks WHERE task_id IN ({places})", forgotten)
            self._count -= len(forgotten)
        return [row[0] for row in found]

    def task(self, task_id: str) -> Task:
        """A task of whatever account, by its own id. Raises KeyError."""
        with self._lock:
            return self._task(task_id)

    def find(self, account: str, kind: Kind, id: str) -> Task | None:
        """By task_id or external_task_id (R104, R138)."""
        with self._lock:
            row = self._row("account = ? AND kind = ? AND task_id = ?", account, kind, id) or self._row(
                "account = ? AND kind = ? AND external_id = ?", account, kind, id
            )
        return row and read(row)

    def page(self, account: str, kind: Kind, *, offset: int, count: int) -> list[Task]:
        """Newest first; the vendor does not state an order."""
        with self._lock:
            rows = self._database.execute(
                f"SELECT {COLUMNS} FROM tasks WHERE account = ? AND kind = ? ORDER BY number DESC LIMIT ? OFFSET ?",
                (account, kind, count, offset),
            ).fetchall()
        return [read(row) for row in rows]

    def unfinished(self) -> list[Task]:
        with self._lock:
            rows = self._database.execute(f"SELECT {COLUMNS} FROM tasks WHERE {_RUNNING} ORDER BY number").fetchall()
        return [read(row) for row in rows]

    def files(self, task_id: str) -> dict[str, bytes]:
        with self._lock:
            rows = self._database.execute("SELECT field, data FROM pictures WHERE task_id = ?", (task_id,)).fetchall()
        return dict(rows)

    def weight(self, task_id: str) -> int:
        """How many bytes `files` would give."""
        with self._lock:
            row = self._database.execute(
                "SELECT coalesce(sum(length(data)), 0) FROM pictures WHERE task_id = ?", (task_id,)
            ).fetchone()
        return int(row[0])

    def owner(self, file: str) -> Task | None:
        """The task that this file is a result of."""
        with self._lock:
            row = self._row("task_id = (SELECT task_id FROM files WHERE name = ?)", file)
        return row and read(row)

    def results(self) -> list[tuple[str, float]]:
        """The name of each result and the Unix time, in seconds, at which its task ended; the oldest first."""
        with self._lock:
            return self._database.execute(
                "SELECT name, updated_at / 1000.0 FROM files JOIN tasks USING (task_id) ORDER BY updated_at, number"
            ).fetchall()

    def deducted(self, account: str, pack: Pack) -> Decimal:
        """Units paid for the tasks that succeeded."""
        with self._lock:
            return Decimal(self._paid(account, pack)) / _PRECISION

    def bought_at(self, account: str, pack: Pack) -> int:
        """Unix time in ms at which the account first needed this pack."""
        with self._changing():
            self._buy(account, pack)
            found = self._database.execute(
                "SELECT bought_at FROM packs WHERE account = ? AND pack = ?", (account, pack)
            )
            return int(found.fetchone()[0])

    def processing(self, task_id: str) -> Task:
        with self._changing():
            return self._change(task_id, status="processing")

    def succeed(
        self, task_id: str, files: Sequence[str], watermarked: Sequence[str], seconds: float | None = None
    ) -> Task:
        """`files` are names of results, `watermarked` those of their marked copies: as many, or none."""
        results = [(_digits(), file, watermarked[place] if watermarked else None) for place, file in enumerate(files)]
        with self._changing():
            self._database.executemany(
                "INSERT INTO files VALUES (?, ?)", [(name, task_id) for name in (*files, *watermarked)]
            )
            self._database.execute(
                "UPDATE packs SET paid = paid + (SELECT price FROM tasks WHERE task_id = ?) "
                "WHERE (account, pack) = (SELECT account, pack FROM tasks WHERE task_id = ?)",
                (task_id, task_id),
            )
            return self._change(task_id, status="succeed", paid=True, results=json.dumps(results), seconds=seconds)

    def failed(self, task_id: str, message: str) -> Task:
        with self._changing():
            return self._change(task_id, status="failed", message=message)

    def untold(self) -> list[str]:
        """The tasks of which callback_url has not heard everything."""
        with self._lock:
            rows = self._database.execute("SELECT task_id FROM news GROUP BY task_id ORDER BY min(number)").fetchall()
        return [row[0] for row in rows]

    def news(self, task_id: str) -> News | None:
        """The oldest news of a task that callback_url has not heard."""
        with self._lock:
            row = self._database.execute(
                "SELECT number, id, url, body FROM news WHERE task_id = ? ORDER BY number LIMIT 1", (task_id,)
            ).fetchone()
        return row and News(*row)

    def told(self, number: int) -> None:
        with self._changing():
            self._database.execute("DELETE FROM news WHERE number = ?", (number,))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """All of the block is kept, or nothing."""
        with self._lock:
            try:
                self._database.execute("BEGIN")
                yield
                self._database.execute("COMMIT")
            except BaseException as error:
                if self._database.in_transaction:  # a full disk has ended it already
                    self._database.execute("ROLLBACK")
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                    raise OSError(errno.ENOSPC, "The emulator's disk is full") from error
                raise

    def _change(self, task_id: str, **columns: object) -> Task:
        what = ", ".join(f"{column} = ?" for column in columns)
        self._database.execute(
            f"UPDATE tasks SET {what}, updated_at = max(?, created_at) WHERE task_id = ?",
            (*columns.values(), self._milliseconds(), task_id),
        )
        # Once a task has ended nobody asks for its pictures again.
        self._database.execute(
            f"DELETE FROM pictures WHERE task_id = (SELECT task_id FROM tasks WHERE task_id = ? AND NOT {_RUNNING})",
            (task_id,),
        )
        return self._noted(task_id)

    def _noted(self, task_id: str) -> Task:
        """The task as it is now, with the news of it written down for callback_url."""
        task = self._task(task_id)
        if url := task.order.callback_url:
            values = (task_id, f"msg_{secrets.token_hex(12)}", url, self._news(task))
            self._database.execute("INSERT INTO news (task_id, id, url, body) VALUES (?, ?, ?, ?)", values)
        return task

    def _task(self, task_id: str) -> Task:
        row = self._row("task_id = ?", task_id)
        if row is None:
            raise KeyError(task_id)

        return read(row)

    def _row(self, where: str, *values: object) -> Any:
        return self._database.execute(f"SELECT {COLUMNS} FROM tasks WHERE {where}", values).fetchone()

    def _held(self, account: str, pack: Pack) -> tuple[int, int]:
        """Price and slots of the account's running tasks."""
        price, slots = self._database.execute(
            "SELECT coalesce(sum(price), 0), coalesce(sum(slots), 0) FROM tasks "
            f"WHERE account = ? AND pack = ? AND {_RUNNING}",
            (account, pack),
        ).fetchone()
        return price, slots

    def _paid(self, account: str, pack: Pack) -> int:
        found = self._database.execute(
            "SELECT paid FROM packs WHERE account = ? AND pack = ?", (account, pack)
        ).fetchone()
        return int(found[0]) if found else 0

    def _ended(self, most: int) -> list[str]:
        """The oldest tasks that have ended."""
        rows = self._database.execute(
            f"SELECT task_id FROM tasks WHERE NOT {_RUNNING} ORDER BY number LIMIT ?", (most,)
        )
        return [row[0] for row in rows]

    def _buy(self, account: str, pack: Pack) -> None:
        self._database.execute(
            "INSERT OR IGNORE INTO packs (account, pack, bought_at) VALUES (?, ?, ?)",
            (account, pack, self._milliseconds()),
        )

    def _milliseconds(self) -> int:
        return int(self._now() * 1000)


def _digits() -> str:
    return str(secrets.randbelow(9 * 10**17) + 10**17)
