"""All tasks of one kind, page after page."""

from __future__ import annotations

from collections.abc import AsyncIterator

from kling_widgets.endpoint import Kind, path_of
from kling_widgets.errors import ResponseError
from kling_widgets.task import Task
from kling_widgets.wire import Wire

SIZE = 100
"""Tasks of a page; the API allows 500."""
LAST = 1000
"""The last page that the API gives."""


async def listed(wire: Wire, kind: Kind) -> AsyncIterator[Task]:
    """Every task once, in the service's order; a page is fetched when it is needed."""
    seen: set[str] = set()
    for page in range(1, LAST + 1):
        rows = await wire.get(path_of(kind), {"pageNum": page, "pageSize": SIZE})
        if not isinstance(rows, list):
            raise ResponseError(f"A list of tasks came as {type(rows).__name__}. Is there a newer version?")

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
