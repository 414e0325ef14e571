"""Watching a thousand tasks against a query for each, of the same service. Target: at most 1/100 of the queries."""

from __future__ import annotations

import asyncio
import math
import time

from tests.test_watch import POLL, STAGES, Service, lives, row

TASKS = 1000


async def one_by_one() -> tuple[int, int]:
    """Each unfinished task asked for every POLL seconds: the queries, and the ticks."""
    service = Service(TASKS)
    going, ticks = list(service.ids), 0
    while going:
        rows = [await service.get(f"/v1/videos/image2video/{id}") for id in going]
        going = [row["task_id"] for row in rows if row["task_status"] != STAGES[-1]]
        ticks += 1
        await service.time.sleep(POLL)
    return len(service.queries), ticks


async def together() -> tuple[int, int, float]:
    """All of them watched: the queries, the ticks, and by how many seconds the latest status was late."""
    service = Service(TASKS)
    states = await asyncio.gather(*(service.seen(service.watch(id)) for id in service.ids))
    assert all([status for status, _ in seen] == STAGES for seen in states)
    late = max(at - began for n, seen in enumerate(states) for (_, at), began in zip(seen, lives(n), strict=True))
    return len(service.queries), len({at for at, _ in service.heard}), late


async def tick(tasks: int) -> float:
    """Seconds of work that one tick of so many watches takes, the service's own left out."""
    service = Service(tasks, lambda n: (0, math.inf, math.inf))
    rows = {id: row(id) for id in service.ids}
    service.row = rows.__getitem__  # type: ignore[method-assign]
    began: list[float] = []
    service.time.plans = [(at, lambda: began.append(time.process_time())) for at in (0.1, 5.0)]
    await asyncio.gather(*(service.seen(service.watch(id, 6)) for id in service.ids), return_exceptions=True)
    return began[1] - began[0]


def main() -> None:
    single, ticks = asyncio.run(one_by_one())
    print(f"one by one: {single:7,} queries in {ticks} ticks  {single / ticks:7.1f} a tick")
    shared, more, late = asyncio.run(together())
    print(
        f"together:   {shared:7,} queries in {more} ticks  {shared / more:7.1f} a tick   {single / shared:.0f} x fewer"
    )
    print(f"            {ticks * shared / more / single:.4f} of the queries a tick; each status within {late:.1f} s")
    for tasks in (1000, 10_000):
        print(f"a tick of {tasks:6,} watches: {asyncio.run(tick(tasks)) * 1000:5.0f} ms of work")


if __name__ == "__main__":
    main()
