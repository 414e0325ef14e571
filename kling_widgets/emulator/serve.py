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
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from . import signature
from .account import UNITS
from .app import create_app
from .listening import Tls, check_tls, listen, trusted
from .outward import Outward
from .render import render as render_film
from .settings import Settings
from .stills import draw as draw_pictures
from .worker import Draw, Render

# A film keeps about one core busy.
_FILMS_AT_ONCE = min(4, os.cpu_count() or 1)
# How long stop() lets open answers finish, in seconds.
_GRACE = 2


class Emulator:
    """A local stand-in for the vendor's API, as a context manager or between start() and stop().

    `keys` holds the secret key of each access key. `speed` divides the nominal waits, `slots` is how many tasks of one
    account may run at once. With `data` tasks and films outlive the emulator in that folder; without, they go with it.
    Port 0 means any free port; after a stop() the next start() takes the same one again. `units` is the size of each
    account's resource packs. `api_keys` are let in as they are, each as an account of its own. `tls` is a certificate
    chain and its private key, as PEM files; the emulator then speaks https only. With `webhook_secret` callbacks are
    signed.
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
        units: float = UNITS,
        api_keys: Collection[str] = (),
        tls: Tls | None = None,
        webhook_secret: str | None = None,
        render: Render = render_film,
        draw: Draw = draw_pictures,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        executor: Callable[[], Executor] = lambda: ThreadPoolExecutor(_FILMS_AT_ONCE, "film"),
    ) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(f"speed must be a positive number, not {speed}")

        if slots < 1:
            raise ValueError(f"slots must be at least 1, not {slots}")

        if not (units >= 0 and math.isfinite(units)):
            raise ValueError(f"units must be 0 or more, not {units}")

        if not all(api_keys):
            raise ValueError("an API key must not be empty")

        self._keys = dict(keys)
        self._units = units
        self._api_keys = tuple(api_keys)
        self._tls = tls
        self._sign = signature.signer(webhook_secret) if webhook_secret else signature.unsigned
        self._speed = speed
        self._slots = slots
        self._data = data
        self._host = host
        self._port = port
        self._render = render
        self._draw = draw
        self._now = now
        self._sleep = sleep
        self._executor = executor
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers, e.g. http://127.0.0.1:8787, or https with `tls`. Meaningful once it has been started."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 (compared, not bound)
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self._port}"

    def start(self) -> Self:
        """Return when it is listening.

        Raises OSError, in words for a person, when the address, `data` or the files of `tls` are not to be had.
        """
        if self._thread is not None:
            raise RuntimeError("The emulator is running already.")

        check_tls(self._tls)
        listener = listen(self._host, self._port)
        try:
            self._server = _Server(self._app(listener), self._tls)
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
                draw=self._draw,
                executor=self._executor(),
                outward=Outward(loopback=ipaddress.ip_address(listener.getsockname()[0]).is_loopback, verify=trusted()),
                speed=self._speed,
                slots=self._slots,
                units=self._units,
                api_keys=self._api_keys,
                sign=self._sign,
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

    def __init__(self, app: Starlette, tls: Tls | None) -> None:
        certificate, key = tls or (None, None)
        super().__init__(
            uvicorn.Config(
                app,
                ssl_certfile=certificate,
                ssl_keyfile=key and os.fspath(key),
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
