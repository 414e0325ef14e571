"""The tables of a data folder, and how those of an older emulator become today's."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

_FIRST = """
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

# Pictures as results, packs that pay, and callbacks that are remembered until they are told.
_SECOND = """
BEGIN;
ALTER TABLE tasks RENAME TO old;
DROP INDEX newest;
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT,
    pack TEXT NOT NULL,
    slots INTEGER NOT NULL,
    price INTEGER NOT NULL,
    task_order TEXT NOT NULL,
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    paid INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    seconds REAL,
    results TEXT NOT NULL DEFAULT '[]',
    UNIQUE (account, external_id)
);
CREATE INDEX newest ON tasks (account, kind, number);
CREATE INDEX spent ON tasks (account, pack, status);
CREATE TABLE files (name TEXT PRIMARY KEY, task_id TEXT NOT NULL);
CREATE TABLE packs (account TEXT, pack TEXT, bought_at INTEGER NOT NULL, PRIMARY KEY (account, pack));
CREATE TABLE news (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX untold ON news (task_id, number);
-- The second name of a film, its watermarked one, was the same file.
INSERT INTO tasks
    SELECT number, task_id, account, kind, external_id, 'video', 1,
        CAST(round(json_extract(task_order, '$.units') * 10000) AS INTEGER),
        task_order, origin, status, status = 'succeed', message, created_at, updated_at, seconds,
        CASE WHEN film IS NULL THEN '[]' ELSE json_array(
            json_array(video_id, film, CASE WHEN watermarked IS NULL THEN NULL ELSE film END)
        ) END
    FROM old;
INSERT INTO files SELECT film, task_id FROM old WHERE film IS NOT NULL;
DROP TABLE old;
PRAGMA user_version = 2;
COMMIT;
"""

# What has been paid is kept apart, since tasks may be forgotten, and summing up all of them took ever longer.
_THIRD = """
BEGIN;
ALTER TABLE packs ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
INSERT INTO packs (account, pack, bought_at, paid)
    SELECT account, pack, min(created_at), sum(price) FROM tasks WHERE paid GROUP BY account, pack
    ON CONFLICT (account, pack) DO UPDATE SET paid = excluded.paid;
DROP INDEX spent;
CREATE INDEX running ON tasks (account, pack, status, price, slots)
    WHERE status IN ('submitted', 'processing');
CREATE INDEX made ON files (task_id);
PRAGMA user_version = 3;
COMMIT;
"""
_VERSIONS = (_FIRST, _SECOND, _THIRD)
"""Each makes the tables of the one before it into its own, or changes nothing at all."""


def opened(path: Path) -> sqlite3.Connection:
    """The database with today's tables, held by nobody else.

    Raises OSError, in words for a person, when the file cannot be had.
    """
    try:
        database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # One emulator a folder: two would both work on its tasks. The lock dies with the process.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            _bring_up_to_date(database, path)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise OSError(errno.EBUSY, f"{path.parent} is in use by another emulator") from error

        raise OSError(errno.EIO, f"{path} cannot be used: {error}") from error

    return database


def _bring_up_to_date(database: sqlite3.Connection, path: Path) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_VERSIONS):
        raise OSError(errno.EIO, f"{path} was written by a newer emulator: update this one, or choose another folder")

    for script in _VERSIONS[version:]:
        database.executescript(script)
