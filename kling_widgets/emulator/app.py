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

from . import answers, docs, endpoints, intake, signature, tokens, view
from .account import Accounts
from .answers import Refusal
from .callbacks import Callbacks
from .order import Kind
from .reading import whole_in
from .results import Results
from .settings import Settings
from .store import ExternalIdTaken, NoFreeSlot, NoUnits, Store
from .worker import Worker

_PAGES, _DEFAULT_PAGE = range(1, 1001), 1
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
        self._store = Store(settings.folder / "tasks.sqlite", settings.now, news=view.callback)
        self._results = Results(settings.folder / "films", self._store, settings.now)
        self._accounts = Accounts(self._store, settings.units, settings.slots)
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
            sleep=settings.sleep,
            speed=settings.speed,
        )

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._callbacks.resume()
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
            return await endpoint(request, kind, self._caller(request))

        return checked

    async def create(self, request: Request, kind: Kind, account: str) -> Response:
        reading = endpoints.READERS[kind](await intake.json_object(request))
        files = await intake.files(reading, self._settings.outward.fetch)
        try:
            task = await asyncio.to_thread(
                self._store.add,
                account=account,
                kind=kind,
                order=reading.order,
                origin=_origin(request),
                files=files,
                allowance=self._accounts.allowance(reading.order.pack),
            )
        except ExternalIdTaken as error:
            message = f"External_task_id {reading.order.external_task_id} already exists"
            raise Refusal(answers.INVALID_FIELD, message) from error
        except NoUnits as error:
            raise Refusal(answers.NO_UNITS, "Account balance not enough") from error
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
        )
        routes = [route for route in request.app.routes if isinstance(route, Route)]
        page = docs.page(_origin(request), routes, facts)
        return HTMLResponse(page, headers={"Content-Security-Policy": docs.POLICY})

    async def front(self, request: Request) -> Response:
        return RedirectResponse("/docs")

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
