"""`client.map`: a batch on this client, or on the workers of a cluster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from kling_widgets.batch import Batch, Outcome, shown
from kling_widgets.budget import Budget
from kling_widgets.cluster import Make, made_on
from kling_widgets.request import Request
from kling_widgets.sending import Full
from kling_widgets.slots import Slots
from kling_widgets.task import Task

if TYPE_CHECKING:
    from kling_widgets.client import Client
    from kling_widgets.picture import Picture
    from kling_widgets.video import Video

UNBOUND = 1_000_000  # slots: a cluster has a queue of its own


async def outcomes(
    client: Client,
    requests: Iterable[Request],
    *,
    take: int,
    budget_units: float | None,
    progress: bool,
    cluster: Any,
    make: Make,
) -> AsyncGenerator[Outcome]:
    """As `Client.map` tells. `make` makes a client on each worker of `cluster`, where there is one."""
    there = None if cluster is None else made_on(cluster, take, make)
    unbound = Slots(UNBOUND)

    async def found(request: Request) -> Video | None:
        return await asyncio.to_thread(client.found, request, take)

    async def submitted(request: Request, full: Full) -> Task:
        return await (there(request) if there else client._submitted(request, take, full))

    async def ended(task: Task) -> Task:
        async for seen in client.watch(task):
            task = seen
        return task

    async def fetched(task: Task) -> Video | tuple[Picture, ...]:
        return await (client.images(task) if task.images else client.video(task))

    def slots(request: Request) -> tuple[Slots, int]:
        return client._packs.of(request) if there is None else (unbound, 1)

    batch = Batch(
        found=found,
        submitted=submitted,
        ended=ended,
        fetched=fetched,
        key=lambda request: request.own_id() or request.key(take),
        slots=slots,
        budget=Budget(budget_units),
        patience=client._patience,
    )
    every = batch.run(requests)
    async with aclosing(shown(every, requests) if progress else every) as each:
        async for outcome in each:
            yield outcome
