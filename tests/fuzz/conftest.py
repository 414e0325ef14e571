"""One emulator for thousands of bodies: in this process, without a port, a clock or a renderer."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jwt
import pytest

from kling_widgets.emulator.app import Settings, create_app
from kling_widgets.emulator.outward import Outward

NOW = 1_722_769_557
KEY = {"ak": "s" * 32}
TOKEN = jwt.encode({"iss": "ak", "exp": NOW + 1800, "nbf": NOW - 5}, KEY["ak"], "HS256")


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


class Idle(Executor):
    """Nothing is ever rendered: the tasks are not what is looked at."""

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


class Service:
    """The emulator, called from ordinary code. An exception that it would answer with 5xx comes out here."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        app = create_app(
            Settings(
                keys=KEY,
                folder=folder,
                render=lambda *_: None,  # type: ignore[arg-type, return-value]
                executor=Idle(),
                outward=Outward(loopback=False, transport=httpx.MockTransport(lambda _: httpx.Response(404))),
                now=lambda: NOW,
                sleep=lambda _: asyncio.Event().wait(),  # type: ignore[arg-type, return-value]
                slots=10**9,
            )
        )
        self._lifespan = app.router.lifespan_context(app)
        self._runner.run(self._lifespan.__aenter__())
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://emulator", headers={"Authorization": f"Bearer {TOKEN}"}
        )

    def post(self, path: str, body: Any) -> Answer:
        """`body` is sent as JSON, bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._call("POST", path, content=content)

    def create(self, path: str, body: dict[str, Any]) -> Answer:
        """Under an id that no earlier example had."""
        return self.post(path, body | {"external_task_id": str(uuid.uuid4())})

    def newest(self, path: str) -> str | None:
        """The id of the endpoint's newest task."""
        tasks = self._call("GET", path, params={"pageSize": 1}).body["data"]
        return tasks[0]["task_id"] if tasks else None

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.run(self._lifespan.__aexit__(None, None, None))
        self._runner.close()

    def _call(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Content-Type": "application/json"}
        answer = self._runner.run(self._client.request(method, path, headers=headers, **more))
        return Answer(answer.status_code, answer.json())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("emulator"))
    yield service
    service.close()
