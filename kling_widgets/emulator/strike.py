"""Where faults strike: around the whole application, at the last step before the connection itself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import answers, endpoints, results
from .answers import Refusal
from .faults import NOMINAL, Call, Faults
from .line import Cut, Line

_log = logging.getLogger(__name__)

RISK = "Failure to pass the risk control system"
_MARK = "kling_widgets.emulator.fault"

_PAGE = "<!doctype html><html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>\n"
_FRAMES = {
    "http-500": (answers.INTERNAL, "Internal server error"),
    "http-503": (answers.UNAVAILABLE, "Service temporarily unavailable"),
    "http-504": (answers.TIMEOUT, "Internal timeout"),
    "http-504-after": (answers.TIMEOUT, "Internal timeout"),
    "rate-limit": (answers.TOO_FAST, "Requests come too fast: API rate limit exceeded"),
    "no-slot": (answers.NO_FREE_SLOT, "parallel task over resource pack limit"),
    "token-early": (answers.TOKEN_TOO_EARLY, "The token is not valid yet: nbf lies in the future"),
    "token-ended": (answers.TOKEN_EXPIRED, "The token has expired: exp has passed"),
    "link-ended": (answers.NO_SUCH_RESOURCE, results.CLEARED),
}


def marked(scope: Scope, name: str) -> bool:
    """Whether this call has drawn a fault that only the application itself can bring about."""
    return scope.get(_MARK) == name


def call_of(method: str, path: str) -> Call | None:
    """What kind of call it is; None where no fault strikes, as on the page of explanations."""
    if method in ("GET", "HEAD") and path.startswith(("/films/", "/images/")):
        return "download"

    if method == "GET" and path == "/account/costs":
        return "list"

    for kind in endpoints.READERS:
        place = endpoints.path(kind)
        if path in (place, f"{place}/"):
            return "create" if method == "POST" else "list" if method == "GET" else None

        if path.startswith(f"{place}/") and method == "GET":
            return "query"

    return None


class Strike:
    """An ASGI application with faults around it. `sleep` takes seconds, `speed` divides the nominal ones."""

    def __init__(
        self, app: ASGIApp, faults: Faults, *, sleep: Callable[[float], Awaitable[None]], speed: float
    ) -> None:
        self._app = app
        self._faults = faults
        self._sleep = sleep
        self._speed = speed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = call_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        fault = self._faults.draw(call) if call else None
        if fault is None:
            await self._app(scope, receive, send)
            return

        _log.info("fault %s: %s %s", fault.name, scope["method"], scope["path"])
        match fault.name:
            case "drop-request":
                await Line(receive, send).drop()
            case "drop-answer":
                await self._app(scope, receive, _nowhere)
                await Line(receive, send).drop()
            case "cut-answer":
                await self._cut(scope, receive, send)
            case "cut-film" if scope["method"] == "GET" and "range" not in Headers(scope=scope):
                await self._cut(scope, receive, send)
            case "slow-answer":
                await self._app(scope, receive, self._late(send))
            case "half-json":
                await self._app(scope, receive, _Halved(send))
            case "fail-task" | "not-found-yet" | "cut-film":  # with a range this last one does nothing
                await self._app({**scope, _MARK: fault.name}, receive, send)
            case name:
                await (self._app(scope, receive, _nowhere) if fault.acted else _heard_out(receive))
                await _answer(name)(scope, receive, send)

    async def _cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        cut = Cut(receive, send)
        await self._app(scope, receive, cut)
        await cut.closed()

    def _late(self, send: Send) -> Send:
        async def late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._sleep(NOMINAL / self._speed)
            await send(message)

        return late


def _answer(name: str) -> Response:
    if name == "html-200":
        return HTMLResponse(_PAGE.format("Welcome to our network"))

    if name in ("http-502", "http-502-after"):
        return HTMLResponse(_PAGE.format("502 Bad Gateway"), 502)

    if name == "bare-429":
        return PlainTextResponse("Too Many Requests\n", 429)

    answer = answers.bad(Refusal(*_FRAMES[name]))
    if name == "rate-limit":
        answer.headers["Retry-After"] = "1"
    return answer


class _Halved:
    """Sends the first half of the body as if it were all of it, whatever the answer was with HTTP 200."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return

        self._body += message.get("body", b"")
        if message.get("more_body"):
            return

        half = self._body[: len(self._body) // 2]
        headers = MutableHeaders(raw=list(self._start["headers"]))
        headers["content-length"] = str(len(half))
        await self._send({**self._start, "status": 200, "headers": headers.raw})
        await self._send({**message, "body": half})


async def _nowhere(message: Message) -> None:
    """Where an answer goes that nobody shall have."""


async def _heard_out(receive: Receive) -> None:
    """Read the body to its end, as a proxy does: a client that is still sending may miss the answer."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
