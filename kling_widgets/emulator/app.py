"""The emulator's HTTP surface: the vendor's paths, envelope and error codes, over Starlette."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import answers, intake, tokens, view
from .answers import Refusal
from .callbacks import Callbacks
from .films import Films
from .order import Kind, Reading
from .outward import Outward
from .reading import shown
from .rules import effects, image2video
from .store import ExternalIdTaken, NoFreeSlot, Store
from .worker import Render, Worker

_READERS: dict[Kind, Callable[[Mapping[str, object]], Reading]] = {
    "image2video": image2video.read,
    "effects": effects.read,
}
_PAGES, _DEFAULT_PAGE = range(1, 1001), 1
_PAGE_SIZES, _DEFAULT_PAGE_SIZE = range(1, 501), 30


@dataclass(frozen=True, eq=False)
class Settings:
    """All that one emulator is made of; time, threads and the way outside are arguments, so that tests own them."""

    keys: Mapping[str, str]
    """Secret key by access key; each access key is an account."""
    folder: Path
    """Where tasks and films lie."""
    render: Render
    executor: Executor
    outward: Outward
    speed: float = 1.0
    slots: int = 5
    """How many tasks of one account may run at once."""
    now: Callable[[], float] = time.time
    """Unix time in seconds."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


def create_app(settings: Settings) -> Starlette:
    """The emulator as an ASGI application; its tasks run only while its lifespan does."""
    service = _Service(settings)
    routes = [Route("/films/{name}", service.film, methods=["GET"])]
    for kind in _READERS:
        path = f"/v1/videos/{kind}"
        routes += [
            Route(path, service.of(kind, service.create), methods=["POST"]),
            Route(f"{path}/", service.of(kind, service.create), methods=["POST"]),  # R6
            Route(path, service.of(kind, service.listing), methods=["GET"]),
            Route(f"{path}/", service.of(kind, service.listing), methods=["GET"]),  # C14: no id, so the list
            Route(path + "/{id:path}", service.of(kind, service.one), methods=["GET"]),
        ]
    app = Starlette(
        routes=routes,
        lifespan=service.lifespan,
        exception_handlers={
            Refusal: _refused,
            HTTPException: _http_error,
            ClientDisconnect: _gone,
            Exception: _broken,
        },
    )
    # A redirect would lose the body of a POST.
    app.router.redirect_slashes = False
    return app


class _Service:
    """The endpoints, over one store and one worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        settings.folder.mkdir(parents=True, exist_ok=True)
        self._store = Store(settings.folder / "tasks.sqlite", settings.now)
        self._films = Films(settings.folder / "films", self._store, settings.now)
        self._callbacks = Callbacks(settings.outward)
        self._worker = Worker(
            self._store,
            self._films,
            self._callbacks.tell,
            render=settings.render,
            executor=settings.executor,
            sleep=settings.sleep,
            speed=settings.speed,
        )

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        for task in self._store.unfinished():
            self._worker.accept(task)
        yield
        await self._worker.aclose()
        await self._callbacks.aclose()
        await self._settings.outward.aclose()
        # Films under way in a thread cannot be stopped; they need the store until they are done.
        await asyncio.to_thread(self._settings.executor.shutdown, wait=True, cancel_futures=True)
        self._store.close()

    def of(
        self, kind: Kind, endpoint: Callable[[Request, Kind, str], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for one kind of task, open to known accounts only."""

        async def checked(request: Request) -> Response:
            account = tokens.account(request.headers.get("authorization"), self._settings.keys, self._settings.now())
            return await endpoint(request, kind, account)

        return checked

    async def create(self, request: Request, kind: Kind, account: str) -> Response:
        reading = _READERS[kind](await intake.json_object(request))
        files = await intake.files(reading, self._settings.outward.fetch)
        try:
            task = await asyncio.to_thread(
                self._store.add,
                account=account,
                kind=kind,
                order=reading.order,
                origin=_origin(request),
                files=files,
                slots=self._settings.slots,
            )
        except ExternalIdTaken as error:
            message = f"External_task_id {reading.order.external_task_id} already exists"
            raise Refusal(answers.INVALID_FIELD, message) from error
        except NoFreeSlot as error:
            raise Refusal(answers.NO_FREE_SLOT, "parallel task over resource pack limit") from error

        self._callbacks.tell(task)
        self._worker.accept(task)
        return answers.good(view.created(task))

    async def one(self, request: Request, kind: Kind, account: str) -> Response:
        id = request.path_params["id"]
        task = self._store.find(account, kind, id)
        if task is None:  # not HTTP 404 [observed]
            raise Refusal(answers.INVALID_FIELD, f"Task not found by id/external id: {id}")

        return answers.good(view.one(task, _origin(request)))

    async def listing(self, request: Request, kind: Kind, account: str) -> Response:
        page = _number(request, "pageNum", _PAGES, _DEFAULT_PAGE)  # R114, R143
        size = _number(request, "pageSize", _PAGE_SIZES, _DEFAULT_PAGE_SIZE)  # R115, R143
        tasks = self._store.page(account, kind, offset=(page - 1) * size, count=size)
        return answers.good([view.listed(task, _origin(request)) for task in tasks])

    async def film(self, request: Request) -> Response:
        return self._films.answer(request.path_params["name"])


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _number(request: Request, name: str, allowed: range, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default

    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) not in allowed:
        message = f"{name} value {shown(text)} is invalid, it must lie in [{allowed.start}, {allowed.stop - 1}]"
        raise Refusal(answers.INVALID_FIELD, message)

    return int(text)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return answers.bad(error)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    place = f"{request.method} {request.url.path}"
    if error.status_code == 405:  # the vendor's is 404/1202
        return answers.bad(Refusal(answers.WRONG_METHOD, f"The HTTP method is not valid here: {place}"))

    if error.status_code == 404:
        return answers.bad(Refusal(answers.NO_SUCH_RESOURCE, f"The requested resource does not exist: {place}"))

    return answers.bad(Refusal(answers.INVALID_REQUEST, f"Invalid request: {error.detail}"))


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody is left to read it; without this the server would call a lost connection its own failure."""
    return answers.bad(Refusal(answers.INVALID_REQUEST, "The request was not sent to its end"))


async def _broken(request: Request, error: Exception) -> JSONResponse:
    return answers.bad(
        Refusal(answers.INTERNAL, "Internal server error: this is a fault of the emulator, please report it")
    )
