"""The same batch on a Dask cluster: each worker submits, follows and fetches by itself.

Workers share nothing but the keys of the requests, which every machine computes alike. So where a worker is lost in the
middle, the next one finds its task instead of making another. Dask is the scheduler; there is none of our own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kling_widgets.errors import KlingError, MissingExtra
from kling_widgets.request import Request
from kling_widgets.task import Task

if TYPE_CHECKING:
    from kling_widgets.client import Client

Make = Callable[[], "Client"]
"""Makes a client on a worker; it travels there, so keys come from the worker's own environment."""


def made_on(cluster: Any, take: int, make: Make) -> Callable[[Request], Awaitable[Task]]:
    """What gives the task of a request, ended and fetched by one of the workers of `cluster`, a distributed.Client."""
    try:
        import distributed  # noqa: F401 - what brings the cluster has brought it; its absence is told in words
    except ImportError as error:
        raise MissingExtra("Dask's distributed", "cluster") from error

    async def made(request: Request) -> Task:
        # The same key here as well: asked for twice, it is one task of Dask's too.
        key = f"kling-{request.own_id() or request.key(take)}"
        future = cluster.submit(work, request, take, make, key=key)
        try:
            task: Task = await _result(future, asynchronous=cluster.asynchronous)
        finally:
            future.release()
        return task

    return made


def work(request: Request, take: int, make: Make) -> Task:
    """On the worker: the task, once it has ended; its film lies in the worker's folder for films then.

    Once it is submitted nothing is an error here: who asked for it takes it from where it stands.
    """

    async def whole() -> Task:
        async with make() as client:
            task = await client.submit(request, take)
            with suppress(KlingError):
                async for seen in client.watch(task):
                    task = seen
                if task.status == "succeed":
                    await (client.images(task) if task.images else client.video(task))
            return task

    return asyncio.run(whole())


async def _result(future: Any, *, asynchronous: bool) -> Any:
    if asynchronous:
        return await future
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def tell(_: object) -> None:  # on a thread of Dask's; the loop may have gone meanwhile
        if not loop.is_closed():
            loop.call_soon_threadsafe(done.set)

    future.add_done_callback(tell)
    await done.wait()
    return await asyncio.to_thread(future.result)
