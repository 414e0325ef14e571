"""All tasks of one kind, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from kling_widgets.endpoint import Kind, path_of
from kling_widgets.errors import ResponseError
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.wire import Wire

SIZE = 100
"""Tasks of a page; the API allows 500."""
LAST = 1000
"""The last page that the API gives."""

Get = Callable[..., Awaitable[Any]]
"""Gives the `data` of an answer, of a path and a query."""


async def page(get: Get, kind: Kind, number: int, size: int) -> list[Any]:
    """The rows of one page, unread. Raises KlingError."""
    rows = await get(path_of(kind), {"pageNum": number, "pageSize": size})
    if not isinstance(rows, list):
        raise ResponseError(f"A list of tasks came as {type(rows).__name__}. Is there a newer version?")
    return rows


async def listed(wire: Wire, kind: Kind, patience: Patience | None = None) -> AsyncIterator[Task]:
    """Every task once, in the service's order; a page is fetched when it is needed.

    With `patience` a page whose fetching fails is asked for again, where that may help.
    """
    seen: set[str] = set()
    for number in range(1, LAST + 1):
        ask = partial(page, wire.get, kind, number, SIZE)
        rows = await (patience.read(ask) if patience else ask())

        known = len(seen)
        for row in rows:
            task = Task.from_wire(kind, row)
            # A task made meanwhile pushes the last one of a page onto the next.
            if task.id not in seen:
                seen.add(task.id)
                yield task
        # A page of nothing new comes of a service that does not count pages.
        if len(rows) < SIZE or len(seen) == known:
            return
