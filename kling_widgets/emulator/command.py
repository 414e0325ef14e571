"""The emulator from the command line, for anybody's client in any language."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .flags import SECRET_VARIABLE

if TYPE_CHECKING:
    from .serve import Emulator


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; return the exit code."""
    try:
        from .pool import one_a_core
        from .serve import Emulator
    except ModuleNotFoundError as error:
        print(f'The emulator needs {error.name}: pip install "kling-widgets[emulator]"', file=sys.stderr)
        return 1

    try:
        own = None if args.key or args.api_key else _own_pair(args.data)
        emulator = Emulator(
            dict([own] if own else args.key or []),
            args.speed,
            args.slots,
            args.data,
            args.host,
            args.port,
            units=args.units,
            api_keys=args.api_key or (),
            tls=_tls(args),
            private=args.allow_private,
            disk_mb=args.disk,
            faults=_rates(args.fault or ()),
            seed=args.seed,
            workers=one_a_core() if args.workers is None else args.workers,
            webhook_secret=args.webhook_secret or os.environ.get(SECRET_VARIABLE) or None,
        ).start()
    except ModuleNotFoundError as error:
        print(f'Signing callbacks needs {error.name}: pip install "kling-widgets[emulator]"', file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"kling-widgets serve: {_words(error)}.", file=sys.stderr)
        return 1

    try:
        shown = ("...", "...") if args.key else None
        _greet(emulator, own or shown)
        _wait_for_signal()
    finally:
        # Else it complains of clients that keep their connection open.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        emulator.stop()
    return 0


def _tls(args: argparse.Namespace) -> tuple[Path, Path] | None:
    """Raises ValueError when only one of the two is given."""
    if args.tls_cert is None and args.tls_key is None:
        return None

    if args.tls_cert is None or args.tls_key is None:
        raise ValueError("--tls-cert and --tls-key belong together: give both, or neither")

    return args.tls_cert, args.tls_key


def _rates(given: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Raises ValueError when a fault is named twice."""
    rates = dict(given)
    if len(rates) < len(given):
        raise ValueError("--fault names each fault once, with one rate")

    return rates


def _words(error: Exception) -> str:
    if not isinstance(error, OSError):
        return str(error)

    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _greet(emulator: Emulator, pair: tuple[str, str] | None) -> None:
    """Print how to reach it: with a key pair, or with a plain key. A secret that was given is never shown."""
    url = emulator.url
    print(f"The Kling emulator is listening on {url}\nHow to point a client there: {url}/docs\n")
    if pair is None:
        print(f'  curl -H "Authorization: Bearer YOUR-API-KEY" "{url}/v1/videos/image2video?pageSize=10"\n')
    else:
        print(
            f"  export KLING_BASE_URL={url} KLING_ACCESS_KEY={pair[0]} KLING_SECRET_KEY={pair[1]}\n\n"
            "or, by hand, with those three set (PyJWT signs the token, it is good for half an hour):\n\n"
            '  TOKEN=$(python -c "import jwt, os, time; n = int(time.time()); print(jwt.encode('
            "{'iss': os.environ['KLING_ACCESS_KEY'], 'exp': n + 1800, 'nbf': n - 5}, "
            "os.environ['KLING_SECRET_KEY']))\")\n"
            '  curl -H "Authorization: Bearer $TOKEN" "$KLING_BASE_URL/v1/videos/image2video?pageSize=10"\n'
        )
    if emulator.faults:
        print(f"Faults strike: {emulator.faults}.\nThe same ones again: --seed {emulator.seed}\n")
    print("Ctrl-C to stop.", flush=True)


def _wait_for_signal() -> None:
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    # With a timeout, since on Windows a wait without one is deaf to Ctrl-C.
    while not stopped.wait(timeout=1):
        pass


def _own_pair(data: Path | None) -> tuple[str, str]:
    """A made-up key pair; kept beside the tasks, since with another one nobody could ask for them again."""
    access_key, secret_key = f"local-{secrets.token_hex(8)}", secrets.token_hex(24)
    if data is None:
        return access_key, secret_key

    data.mkdir(parents=True, exist_ok=True)
    path = data / "key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{access_key}:{secret_key}")
    access_key, _, secret_key = path.read_text("utf-8").strip().partition(":")
    return access_key, secret_key
