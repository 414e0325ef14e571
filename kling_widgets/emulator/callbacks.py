"""Telling callback_url of every change of status (R96, R134), once each: the vendor documents no second attempt."""

from __future__ import annotations

import asyncio
import logging

from . import view
from .outward import Outward, Unreachable
from .task import Task

_log = logging.getLogger(__name__)


class Callbacks:
    def __init__(self, outward: Outward) -> None:
        self._outward = outward
        self._sending: dict[str, asyncio.Task[None]] = {}

    def tell(self, task: Task) -> None:
        """Send in the background; the news of one task go out in their order."""
        if task.order.callback_url:
            before = self._sending.get(task.task_id)
            self._sending[task.task_id] = asyncio.create_task(self._send(task, before))

    async def aclose(self) -> None:
        for sending in self._sending.values():
            sending.cancel()
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def _send(self, task: Task, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        try:
            await self._outward.post(task.order.callback_url, view.callback(task))
        except Unreachable as error:
            _log.warning("callback_url of task %s was not told %s: %s", task.task_id, task.status, error)
        if self._sending.get(task.task_id) is asyncio.current_task():
            del self._sending[task.task_id]
