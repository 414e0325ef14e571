"""The emulator on a port, in a thread of this process."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import math
import os
import secrets
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
from starlette.types import ASGIApp

from . import signature
from .account import UNITS
from .app import create_app
from .faults import Faults
from .listening import Tls, check_tls, listen_again, remember, trusted
from .making import Draw, Render, warm
from .outward import Outward
from .pool import Pool, one_a_core
from .render import render as render_film
from .results import MOST_MB
from .settings import Settings
from .stills import draw as draw_pictures
from .store import MOST_TASKS
from .strike import Strike

# How long stop() lets open answers finish, in seconds.
_GRACE = 2


class Emulator:
    """A local stand-in for the vendor's API, as a context manager or between start() and stop().

    `keys` holds the secret key of each access key. `speed` divides the nominal waits, `slots` is how many tasks of one
    account may run at once. With `data` tasks and films outlive the emulator in that folder; without, they go with it.
    Port 0 means any free port; after a stop() the next start() takes the same one again, and with `data` so does the
    next emulator on that folder where it can: addresses of films stay good. `units` is the size of each account's
    resource packs. `api_keys` are let in as they are, each as an account of its own. `tls` is a certificate
    chain and its private key, as PEM files; the emulator then speaks https only. With `webhook_secret` callbacks are
    signed.

    `private` lets callbacks and pictures' URLs lead into local networks. When all results take more than `disk_mb` MB
    the oldest are cleared; when there are more than `most_tasks` tasks the oldest ended ones are forgotten.

    With `workers` films are rendered by so many processes beside this one, which answers at once then. Without, threads
    render them: a new process imports the program's main module once more, so a script needs its
    `if __name__ == "__main__":` for that. Or hand in an `executor`: what makes one, at each start, since it is shut
    down at each stop. It may be any whose work and results can be pickled, also one whose workers share no disk with
    this machine. With Dask, for many people or long films:

        with distributed.Client("tcp://scheduler:8786") as dask, Emulator(keys, executor=dask.get_executor) as emulator:

    `faults` lets things go wrong: the share of calls, 0 to 1, by name of fault (see /docs), thrown anew at each start
    from `seed`. Raises ValueError, in words for a person, for a senseless setting.
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
        private: bool = False,
        disk_mb: float = MOST_MB,
        most_tasks: int = MOST_TASKS,
        faults: Mapping[str, float] | None = None,
        seed: int | None = None,
        render: Render = render_film,
        draw: Draw = draw_pictures,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        workers: int = 0,
        executor: Callable[[], Executor] | None = None,
    ) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(f"speed must be a positive number, not {speed}")

        if slots < 1:
            raise ValueError(f"slots must be at least 1, not {slots}")

        if not (units >= 0 and math.isfinite(units)):
            raise ValueError(f"units must be 0 or more, not {units}")

        if not (disk_mb > 0 and math.isfinite(disk_mb)):
            raise ValueError(f"disk_mb must be a positive number, not {disk_mb}")

        if most_tasks < 1:
            raise ValueError(f"most_tasks must be at least 1, not {most_tasks}")

        if workers < 0:
            raise ValueError(f"workers must be 0 or more, not {workers}")

        if workers and executor is not None:
            raise ValueError("workers and executor must not be given both: the executor says itself how many it has")

        if not all(api_keys):
            raise ValueError("an API key must not be empty")

        self._rates = dict(faults or {})
        self.seed = secrets.randbelow(10**9) if seed is None else seed
        """What the faults are thrown from."""
        self.faults = Faults(self._rates, self.seed)
        """Those that strike, and how often each has (`struck`)."""
        self._private = private
        self._disk_mb = disk_mb
        self._most_tasks = most_tasks
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
        self._workers = workers
        self._executor = executor or self._usual_executor
        self._pool: Pool | None = None
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
        listener = listen_again(self._host, self._port, self._data)
        try:
            self._server = _Server(self._app(listener), self._tls)
        except BaseException:
            listener.close()
            self._forget()
            raise

        self._port = listener.getsockname()[1]
        if self._data is not None:
            remember(self._port, self._data)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="kling-emulator", daemon=True
        )
        self._thread.start()
        self._server.up.wait()
        if not self._server.started:
            self.stop()
            raise OSError(errno.EIO, "The emulator did not start; the log says why")

        if self._pool is not None:
            # One for now: it takes a second and some memory, and others follow when there is work for them.
            self._pool.submit(warm)
        return self

    def stop(self) -> None:
        """Return when the port is free and neither thread nor process is left.

        A film that is being rendered in a thread is waited for; one in a process of its own, by `workers`, is dropped.
        With `data` it is begun anew at the next start.
        """
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

    def _app(self, listener: socket.socket) -> ASGIApp:
        self.faults = Faults(self._rates, self.seed)
        if self._data is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="kling-emulator-", ignore_cleanup_errors=True)
        app = create_app(
            Settings(
                keys=self._keys,
                folder=self._data or Path(self._temporary.name if self._temporary else ""),
                render=self._render,
                draw=self._draw,
                executor=self._executor(),
                outward=Outward(
                    loopback=ipaddress.ip_address(listener.getsockname()[0]).is_loopback,
                    private=self._private,
                    verify=trusted(),
                ),
                most_tasks=self._most_tasks,
                disk_mb=self._disk_mb,
                speed=self._speed,
                slots=self._slots,
                units=self._units,
                api_keys=self._api_keys,
                sign=self._sign,
                faults=self.faults,
                now=self._now,
                sleep=self._sleep,
            )
        )
        return Strike(app, self.faults, sleep=self._sleep, speed=self._speed) if self.faults else app

    def _usual_executor(self) -> Executor:
        if not self._workers:
            return ThreadPoolExecutor(one_a_core(), "film")

        self._pool = Pool(self._workers)
        return self._pool

    def _forget(self) -> None:
        self._pool = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


class _Server(uvicorn.Server):
    """A uvicorn that says when it is up, and leaves the logging of the program around it as it is."""

    def __init__(self, app: ASGIApp, tls: Tls | None) -> None:
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
