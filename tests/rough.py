"""A service on a bad day: what befalls each call is written down beforehand, before or after it has acted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx

from tests.test_client import Service


@dataclass(frozen=True)
class Mishap:
    """`answer` comes instead of the service's: a response, an exception, or None for none at all, ever.

    `acted`: the service has done what it was asked to before.
    """

    answer: httpx.Response | Exception | None
    acted: bool = False


class Rough(Service):
    """`mishaps` befall the next creates, `looks` the next reads of one task; a None there is a good one.

    Tasks are found only after they were `hidden` for so many reads. Where ids are not `unique`, it would make a second
    task of one id: then only who looks before he sends again is safe.
    """

    unique = True

    def __init__(self, *mishaps: Mishap | None, looks: list[Mishap | None] | None = None, hidden: int = 0) -> None:
        super().__init__("processing")
        self.mishaps = [*mishaps]
        self.looks = looks or []
        self.hidden = hidden
        self.reached = asyncio.Event()

    @property
    def calls(self) -> list[str]:
        """The methods in their order."""
        return [request.method for request in self.requests]

    @property
    def ids(self) -> set[str]:
        """The external_task_ids of all creates."""
        return {
            json.loads(request.content)["external_task_id"] for request in self.requests if request.method == "POST"
        }

    async def __call__(self, request: httpx.Request) -> httpx.Response:  # type: ignore[override]
        script = self.looks if request.method == "GET" else self.mishaps
        mishap = script.pop(0) if script else None
        await asyncio.sleep(0)
        if mishap is None:
            return self.answered(request)
        if mishap.acted:
            self.answered(request)
        else:
            self.requests.append(request)
        await asyncio.sleep(0)
        if mishap.answer is None:
            self.reached.set()
            await asyncio.Event().wait()
        if isinstance(mishap.answer, httpx.Response):
            return mishap.answer
        assert mishap.answer is not None
        raise mishap.answer

    def answered(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self.hidden:
            self.hidden -= 1
            self.requests.append(request)
            return self.refuse(400, 1201, "Task not found by id/external id: hidden")
        return super().__call__(request)

    def create(self, kind: str, body: dict[str, Any]) -> httpx.Response:
        if not self.unique:
            known, self.tasks = self.tasks, []
            answer = super().create(kind, body)
            self.tasks[0]["task_id"] = str(100 + len(known))
            self.tasks = known + self.tasks
            return answer
        return super().create(kind, body)
