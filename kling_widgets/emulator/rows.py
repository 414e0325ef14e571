"""From a row of the database to a task."""

from __future__ import annotations

import json
from typing import Any

from .order import FilmOrder, Kind, SheetOrder
from .task import Result, Task

COLUMNS = "task_id, account, kind, task_order, origin, status, message, created_at, updated_at, seconds, results"


def read(row: tuple[Any, ...]) -> Task:
    """`row` has COLUMNS, in their order."""
    task_id, account, kind, order, origin, status, message, created_at, updated_at, seconds, results = row
    return Task(
        task_id=task_id,
        account=account,
        kind=kind,
        order=_order(kind, json.loads(order)),
        origin=origin,
        status=status,
        message=message,
        created_at=created_at,
        updated_at=updated_at,
        seconds=seconds,
        results=tuple(Result(*result) for result in json.loads(results)),
    )


def _order(kind: Kind, values: dict[str, Any]) -> FilmOrder | SheetOrder:
    if kind == "images/generations":
        return SheetOrder(**values)

    # JSON knows no tuples, and an older emulator's orders have no shots.
    paths = tuple(tuple((x, y) for x, y in points) for points in values.pop("trajectories"))
    shots = tuple((seconds, prompt) for seconds, prompt in values.pop("shots", ()))
    return FilmOrder(**values, trajectories=paths, shots=shots)
