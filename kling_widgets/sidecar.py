"""What is known of a film, as JSON beside it: which task made it, for how much, until when it can be had again."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kling_widgets.partial import unshared
from kling_widgets.task import Task

KEPT = timedelta(days=30)  # the vendor clears films and pictures after that
LONGEST = 4096
"""Characters of a text that is kept; what is longer is a picture, not something to read."""


def beside(path: Path) -> Path:
    """Where a film's sidecar lies: `boat.mp4` has `boat.json`."""
    return path.with_suffix(".json")


def read(path: Path) -> dict[str, Any] | None:
    """The sidecar of the film `path`, or the one at `path`; None where there is none that can be read."""
    try:
        facts = json.loads(beside(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def write(path: Path, facts: Mapping[str, Any]) -> None:
    """Put `facts` at `path`, whole or not at all. Raises OSError."""
    text = json.dumps(_short(facts), indent=2, ensure_ascii=False, allow_nan=False)
    part = unshared(path)
    try:
        with part.open("wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))  # half a character is written as JSON writes it
            file.flush()
            with suppress(OSError):  # it is the film whose loss would cost
                os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def told(task: Task, note: Mapping[str, Any], now: float) -> dict[str, Any]:
    """What a task says of itself, with the caller's `note`; `now` is in seconds since 1970."""
    return {
        **note,
        "task": {
            "id": task.id,
            "external_id": task.external_id,
            "kind": task.kind,
            "status": task.status,
            "created_at": task.created_at.isoformat(),
            "updated_at": task.updated_at.isoformat(),
            "units": task.units,
        },
        "fetched_at": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        "kept_until": kept_until(task).isoformat(),
    }


def measured(file: Path, url: str) -> dict[str, Any]:
    """What the bytes of `file` say: how many they are, and their SHA-256; and where they came from."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"url": _bare(url), "bytes": file.stat().st_size, "sha256": digest}


def kept_until(task: Task) -> datetime:
    """When the vendor clears what the task made."""
    try:
        return task.updated_at + KEPT
    except OverflowError:  # the year 9999, of a service that has lost its clock
        return task.updated_at


def _bare(url: str) -> str:
    """Without what opens it: signatures stand in the query, passwords before the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _short(value: object) -> Any:
    """As JSON can hold it and a person can read it."""
    match value:
        case str():
            return value if len(value) <= LONGEST else f"…{len(value)}"
        case bytes() | bytearray():
            return f"…{len(value)}"
        case bool() | int() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(name): _short(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_short(inner) for inner in value]
    return _short(str(value))
