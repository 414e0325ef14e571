"""The emulator's HTTP surface: the vendor's paths, envelope and error codes, over Starlette."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from . import answers, docs, endpoints, signature, strike, tokens, view
from .account import Accounts
from .answers import Refusal
from .callbacks import Callbacks
from .creates import Creates
from .faults import NOMINAL
from .order import Kind
from .reading import whole_in
from .results import Results
from .settings import Settings
from .store import Store
from .task import Task
from .worker import Worker

_PAGES, _DEFAULT_PAGE = range(1, 1001), 1
_SWEEP = 3600.0
"""Seconds between two looks for results that are too old."""
_PAGE_SIZES, _DEFAULT_PAGE_SIZE = range(1, 501), 30


def create_app(settings: Settings) -> Starlette:
    """The emulator as an ASGI application; its tasks run only while its lifespan does."""
    service = _Service(settings)
    routes = [
        Route("/", service.front, methods=["GET"]),
        Route("/docs", service.docs, methods=["GET"]),
        Route("/account/costs", service.costs, methods=["GET"]),
        Route("/films/{name}", service.result, methods=["GET"]),
        Route("/images/{name}", service.result, methods=["GET"]),
    ]
    for kind in endpoints.READERS:
        path = endpoints.path(kind)
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
        self._store = Store(settings.folder / "tasks.sqlite", settings.now, view.callback, settings.most_tasks)
        self._results = Results(settings.folder / "films", self._store, settings.now, settings.disk_mb)
        self._accounts = Accounts(self._store, settings.units, settings.slots)
        self._creates = Creates(self._store, self._results, self._accounts, settings.outward.fetch)
        self._callbacks = Callbacks(
            self._store, settings.outward, sign=settings.sign, now=settings.now, sleep=settings.sleep
        )
        self._worker = Worker(
            self._store,
            self._results,
            self._callbacks.tell,
            render=settings.render,
            draw=settings.draw,
            executor=settings.executor,
            disk=settings.disk,
            sleep=settings.sleep,
            speed=settings.speed,
        )

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._callbacks.resume()
        for task in self._store.unfinished():
            self._worker.accept(task)
        sweeper = asyncio.create_task(self._sweep())
        yield
        sweeper.cancel()
        await self._worker.aclose()
        await self._callbacks.aclose()
        await self._settings.outward.aclose()
        # What waited has been taken back. A film under way in a thread cannot be: it is waited for.
        await asyncio.to_thread(self._settings.executor.shutdown)
        await asyncio.to_thread(self._settings.disk.shutdown)
        self._store.close()

    async def _sweep(self) -> None:
        """Clear what is older than 30 days, once an hour; at the start it has been done."""
        now = self._settings.now()
        while True:
            await self._settings.sleep(_SWEEP)
            # A test's sleep may take no time at all: then there are no hours.
            if self._settings.now() < now + _SWEEP / 2:
                return

            now = self._settings.now()
            await asyncio.get_running_loop().run_in_executor(self._settings.disk, self._results.sweep)

    def of(
        self, kind: Kind, endpoint: Callable[[Request, Kind, str], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for one kind of task, open to known accounts only."""

        async def checked(request: Request) -> Response:
            return await endpoint(request, kind, self._caller(request))

        return checked

    async def create(self, request: Request, kind: Kind, account: str) -> Response:
        task = await self._creates.take(request, kind, account, _origin(request))
        self._callbacks.tell(task)
        self._worker.accept(task)
        return answers.good(view.created(task))

    async def one(self, request: Request, kind: Kind, account: str) -> Response:
        id = request.path_params["id"]
        task = self._store.find(account, kind, id)
        if task is None or self._not_yet(request, task):  # not HTTP 404 [observed]
            raise Refusal(answers.INVALID_FIELD, f"Task not found by id/external id: {id}")

        return answers.good(view.one(task, _origin(request)))

    async def listing(self, request: Request, kind: Kind, account: str) -> Response:
        page = whole_in(request.query_params, "pageNum", _PAGES, _DEFAULT_PAGE)  # R114, R143
        size = whole_in(request.query_params, "pageSize", _PAGE_SIZES, _DEFAULT_PAGE_SIZE)  # R115, R143
        tasks = self._store.page(account, kind, offset=(page - 1) * size, count=size)
        return answers.good([view.listed(task, _origin(request)) for task in tasks])

    async def costs(self, request: Request) -> Response:
        return answers.good(self._accounts.costs(self._caller(request), request.query_params))

    async def result(self, request: Request) -> Response:
        return self._results.answer(request.path_params["name"])

    async def docs(self, request: Request) -> Response:
        facts = docs.Facts(
            speed=self._settings.speed,
            video_slots=self._accounts.allowance("video").slots,
            image_slots=self._accounts.allowance("image").slots,
            units=self._settings.units,
            signed=self._settings.sign is not signature.unsigned,
            pages=_PAGES,
            page=_DEFAULT_PAGE,
            sizes=_PAGE_SIZES,
            size=_DEFAULT_PAGE_SIZE,
            disk_mb=self._settings.disk_mb,
            most_tasks=self._settings.most_tasks,
            faults=str(self._settings.faults or ""),
        )
        routes = [route for route in request.app.routes if isinstance(route, Route)]
        page = docs.page(_origin(request), routes, facts)
        return HTMLResponse(page, headers={"Content-Security-Policy": docs.POLICY})

    async def front(self, request: Request) -> Response:
        return RedirectResponse("/docs")

    def _not_yet(self, request: Request, task: Task) -> bool:
        age = self._settings.now() - task.created_at / 1000
        return strike.marked(request.scope, "not-found-yet") and age < NOMINAL / self._settings.speed

    def _caller(self, request: Request) -> str:
        """The account. Raises Refusal (1000 to 1004)."""
        header = request.headers.get("authorization")
        return tokens.account(header, self._settings.keys, self._settings.now(), self._settings.api_keys)


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


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
