"""The emulator on a port, in a thread of this process."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import math
import os
import socket
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from .app import Settings, create_app
from .outward import Outward
from .render import render as render_film
from .worker import Render

# A film keeps about one core busy.
_FILMS_AT_ONCE = min(4, os.cpu_count() or 1)
# How long stop() lets open answers finish, in seconds.
_GRACE = 2


class Emulator:
    """A local stand-in for the vendor's API, as a context manager or between start() and stop().

    `keys` holds the secret key of each access key. `speed` divides the nominal waits, `slots` is how many tasks of one
    account may run at once. With `data` tasks and films outlive the emulator in that folder; without, they go with it.
    Port 0 means any free port; after a stop() the next start() takes the same one again.
    """

    def __init__(
        self,
        keys: Mapping[str, str],
        speed: float = 1.0,
        slots: int = 5,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        render: Render = render_film,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        executor: Callable[[], Executor] = lambda: ThreadPoolExecutor(_FILMS_AT_ONCE, "film"),
    ) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(f"speed must be a positive number, not {speed}")

        if slots < 1:
            raise ValueError(f"slots must be at least 1, not {slots}")

        self._keys = dict(keys)
        self._speed = speed
        self._slots = slots
        self._data = data
        self._host = host
        self._port = port
        self._render = render
        self._now = now
        self._sleep = sleep
        self._executor = executor
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers, e.g. http://127.0.0.1:8787. Meaningful once it has been started."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 (compared, not bound)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    def start(self) -> Self:
        """Return when it is listening.

        Raises OSError, in words for a person, when the address or `data` is not to be had.
        """
        if self._thread is not None:
            raise RuntimeError("The emulator is running already.")

        listener = _listen(self._host, self._port)
        try:
            self._server = _Server(self._app(listener))
        except BaseException:
            listener.close()
            self._forget()
            raise

        self._port = listener.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="kling-emulator", daemon=True
        )
        self._thread.start()
        self._server.up.wait()
        if not self._server.started:
            self.stop()
            raise OSError(errno.EIO, "The emulator did not start; the log says why")

        return self

    def stop(self) -> None:
        """Return when the port is free and no thread is left; a film that is being rendered is waited for."""
        if self._thread is None or self._server is None:
            return

        self._server.should_exit = True
        self._thread.join()
        self._thread = self._server = None
        self._forget()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _app(self, listener: socket.socket) -> Starlette:
        if self._data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="kling-emulator-", ignore_cleanup_errors=True)
        return create_app(
            Settings(
                keys=self._keys,
                folder=self._data or Path(self._temporary.name if self._temporary else ""),
                render=self._render,
                executor=self._executor(),
                outward=Outward(loopback=ipaddress.ip_address(listener.getsockname()[0]).is_loopback),
                speed=self._speed,
                slots=self._slots,
                now=self._now,
                sleep=self._sleep,
            )
        )

    def _forget(self) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


class _Server(uvicorn.Server):
    """A uvicorn that says when it is up, and leaves the logging of the program around it as it is."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                ws="none",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:  # whoever waits is told of a failure too
            self.up.set()


def _listen(host: str, port: int) -> socket.socket:
    """Raises OSError in words for a person."""
    if not 0 <= port <= 65535:
        raise OSError(errno.EINVAL, f"There is no port {port}: ports go from 0 to 65535")

    try:
        family, type, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends without delay only over sockets that name their protocol, as socket.create_server's do not:
        # each answer would wait 40 ms for an acknowledgement.
        listener = socket.socket(family, type, proto)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = (
                f"Port {port} of {host} is taken by another program: stop it, or choose another port (0: any free one)"
            )
        else:
            words = f"Cannot listen on {host}, port {port}: {error.strerror}"
        raise OSError(error.errno, words) from error

    return listener
