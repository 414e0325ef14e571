"""The one place that speaks HTTP: requests out, the vendor's frame off, foreign exceptions into ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from kling_widgets.auth import Keys
from kling_widgets.environment import trusted
from kling_widgets.errors import APIError, ConnectionFailed, KlingError, ResponseError
from kling_widgets.reading import printable, shown

# A create carries up to 10 MB of Base64 uphill, and the service answers it only after a look at the pictures.
TIMEOUT = httpx.Timeout(60, connect=20)

# What httpx raises before the first byte has left.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Wire:
    """Calls of one account at one base URL. Works in any event loop, in several one after the other too."""

    def __init__(self, auth: Keys, base_url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._auth = auth
        self._base = httpx.URL(base_url.rstrip("/"))
        self._transport = transport
        self.revive: Callable[[], Awaitable[str]] | None = None
        """Says where the service is by now, where it may move: called when it cannot be reached."""
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[httpx.AsyncClient, AsyncGenerator[None]]]
        self._open = WeakKeyDictionary()

    @property
    def host(self) -> str:
        return self._base.host

    @property
    def place(self) -> str:
        """Where the service is, as one word, without a name and password that may stand in it."""
        return str(self._base.copy_with(userinfo=b""))

    @property
    def loopback(self) -> bool:
        """Whether the service is on this machine, as only an emulator is."""
        return self._base.host in LOOPBACK

    async def get(self, path: str, query: Mapping[str, int | str] | None = None) -> Any:
        """The `data` of the answer. Raises ConnectionFailed, ResponseError or an APIError, as `post` does."""
        return await self._call("GET", path, params=query)

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return await self._call("POST", path, json=body)

    @asynccontextmanager
    async def stream(self, url: str, start: int = 0) -> AsyncIterator[httpx.Response]:
        """The response to a download from byte `start` on, wherever it lies; no key goes along.

        Given are 200 and 206, and 416 where `start` is past the end; raises ResponseError for any other.
        """
        address, http = _address(url), await self._http()
        try:
            # Compressed, neither its length nor the place of a byte in it would be the file's.
            headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
            async with http.stream("GET", address, headers=headers, follow_redirects=True) as response:
                status = response.status_code
                if status not in (200, 206) and not (status == 416 and start):
                    message = f"{response.url.host} answered the download with HTTP {status}."
                    raise _asking(ResponseError(message, status), response)
                yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if isinstance(error, httpx.ConnectError) and self.revive is not None:
                await self.revive()  # the next try finds it
            raise mapped(error, address.host) from error
        except UnicodeError as error:  # a redirect to a host that cannot be
            raise ResponseError(f"{address.host} sent the download on to an address that is none.") from error

    async def aclose(self) -> None:
        """Close this loop's connections. A later call opens new ones."""
        http, keeper = self._open.pop(asyncio.get_running_loop(), (None, None))
        if http is not None and keeper is not None:
            await keeper.aclose()

    async def _call(self, method: str, path: str, **arguments: Any) -> Any:
        try:
            try:
                response = await self._sent(method, path, **arguments)
            except httpx.ConnectError:
                if self.revive is None:
                    raise
                self._base = httpx.URL(await self.revive())
                response = await self._sent(method, path, **arguments)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise mapped(error, self.host) from error

        return self._unframed(response)

    async def _sent(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        http = await self._http()
        headers = {"Content-Type": "application/json"}  # the page asks for it on GET as well
        return await http.request(method, f"{self._base}{path}", headers=headers, auth=self._auth, **arguments)

    def _unframed(self, response: httpx.Response) -> Any:
        """`data` out of {code, message, request_id, data}."""
        status = response.status_code
        try:
            # What a server echoes must not show a key: not in an error, and not in a task that is kept.
            frame = self._hidden(response.json())
        except (ValueError, RecursionError):  # bytes that are no text, text that is no JSON, and JSON without a bottom
            frame = None
        if not isinstance(frame, dict) or isinstance(frame.get("code"), bool) or not isinstance(frame.get("code"), int):
            kind = response.headers.get("content-type", "no type").split(";")[0]
            start = printable(self._auth.hide(response.text.strip())[:80])
            message = (
                f'{self.host} answered HTTP {status} with something that is not the API\'s JSON ({kind}): "{start}".'
            )
            raise _asking(ResponseError(message, status), response)

        if frame["code"] != 0 or not response.is_success:
            said, request_id = (_words(frame.get(name)) for name in ("message", "request_id"))
            raise _asking(APIError.of(frame["code"], status, said, request_id), response)

        return frame.get("data")

    def _hidden(self, value: Any) -> Any:
        """JSON without the secrets. They are looked for in what was read: on the way they may be written in escapes."""
        match value:
            case str():
                return self._auth.hide(value)
            case list():
                return [self._hidden(inner) for inner in value]
            case dict():
                return {self._auth.hide(name): self._hidden(inner) for name, inner in value.items()}
        return value

    async def _http(self) -> httpx.AsyncClient:
        """The running loop's own client: connections cannot move from one loop to another."""
        loop = asyncio.get_running_loop()
        if loop not in self._open:
            # On loopback no proxy of the environment stands between; its certificates count everywhere, but a transport
            # that was given sees to that by itself.
            verify = trusted() if self._transport is None else True
            http = httpx.AsyncClient(
                transport=self._transport, timeout=TIMEOUT, trust_env=not self.loopback, verify=verify
            )
            keeper = _closing(http)
            self._open[loop] = http, keeper
            await anext(keeper)
        return self._open[loop][0]


def _asking(error: KlingError, response: httpx.Response) -> KlingError:
    """The error, with the seconds that the answer's Retry-After asks for: a number, or a date."""
    asked = response.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        error.retry_after = float(asked[:9])
    elif asked:
        try:
            until, now = (parsedate_to_datetime(text) for text in (asked, response.headers["date"]))
            error.retry_after = max(0.0, (until - now).total_seconds())
        except (ValueError, TypeError, KeyError):
            pass  # neither; our own waits do
    return error


def _words(value: object) -> str:
    """What a person can be shown, of what should be text."""
    return printable(value if isinstance(value, str) else "" if value is None else shown(value))


def _address(url: str) -> httpx.URL:
    """Checked whole: httpx leaves some of it to be found out on the way, in words of others."""
    try:
        address = httpx.URL(url)
        good = address.scheme in ("http", "https") and address.host != "" and (address.port or 0) < 65536
    except (httpx.InvalidURL, UnicodeError):
        good = False
    if not good:
        raise ResponseError(f'The answer gives the address "{printable(url):.80}", from which nothing can be fetched.')
    return address


async def _closing(http: httpx.AsyncClient) -> AsyncGenerator[None]:
    """Closes `http` when its loop ends: asyncio.run() closes every generator that was begun, before the loop."""
    try:
        yield
    finally:
        await http.aclose()


def mapped(error: httpx.HTTPError | httpx.InvalidURL, host: str) -> KlingError:
    """Our exception for one of httpx's."""
    reason = str(error) or type(error).__name__
    if isinstance(error, _UNSENT):
        return ConnectionFailed(
            f"{host or 'The service'} could not be reached: {reason}. Nothing was sent.", sent=False
        )
    if isinstance(error, httpx.TimeoutException):
        return ConnectionFailed(f"{host} gave no answer in time ({type(error).__name__}).")
    if isinstance(error, httpx.TransportError):
        return ConnectionFailed(f"The connection to {host} was lost: {reason}.")
    return ResponseError(f"The answer of {host} could not be read: {reason}.", 200)
