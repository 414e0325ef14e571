"""The journal's file: one SQLite database that several kernels may have open, and how an older one becomes today's."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kling_widgets.errors import KlingError

BUSY = 30.0
"""Seconds to wait for another kernel's write; each takes milliseconds."""

_FIRST = """
CREATE TABLE submissions (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    request TEXT NOT NULL,
    cost TEXT,
    state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    sender TEXT,
    sent_at REAL,
    task TEXT,
    film TEXT,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX newest ON submissions (account, created_at);
CREATE TABLE transitions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    at REAL NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX of_one ON transitions (account, key, number);
"""

VERSIONS = (_FIRST,)
"""Each makes the tables of the one before it into its own. Never edit one that was released: add another."""


def opened(path: Path, versions: tuple[str, ...] = VERSIONS) -> sqlite3.Connection:
    """The database with today's tables, usable from any thread. Raises KlingError, with what to do."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise unusable(path, error) from error
    try:
        _let_read_while_writing(database)
        _bring_up_to_date(database, path, versions)
    except BaseException as error:
        database.close()
        if isinstance(error, sqlite3.Error):
            raise unusable(path, error) from error
        raise
    return database


@contextmanager
def whole(database: sqlite3.Connection) -> Iterator[None]:
    """All of the block is written, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # not where SQLite took it back by itself, as it may on a full disk
            database.execute("ROLLBACK")
        raise


def unusable(path: Path, error: Exception) -> KlingError:
    """Nothing is sent without a journal, or it could be paid for twice."""
    why = str(error).rstrip(".")
    if "not a database" in why or "malformed" in why:
        remedy = "Move it away: a new one is made, and tasks are found again at the service by their ids."
    elif "locked" in why:
        remedy = "Another kernel has been writing to it for long. Try again once it is done or has ended."
    else:
        remedy = "Check the disk and the permissions, or choose another file with journal=."
    return KlingError(f"The journal {path} cannot be used: {why}. {remedy}")


def _let_read_while_writing(database: sqlite3.Connection) -> None:
    """WAL; where the file system cannot do it, SQLite keeps its older mode by itself."""
    until = time.monotonic() + BUSY
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Of two kernels that make a new file at the same instant one is told so, and SQLite does not wait then.
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _bring_up_to_date(database: sqlite3.Connection, path: Path, versions: tuple[str, ...]) -> None:
    if _version(database) == len(versions):
        return  # without taking the lock that another kernel may hold

    with whole(database):
        version = _version(database)  # another kernel may just have done it
        if version > len(versions):
            raise KlingError(
                f"The journal {path} was written by a newer kling_widgets. Update this one, or choose another file "
                "with journal=."
            )
        for script in versions[version:]:
            for statement in filter(None, map(str.strip, script.split(";"))):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(versions)}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])
