"""The emulator from the command line, for anybody's client in any language."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

_DEFAULT_PORT = 8787


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=_DEFAULT_PORT, help=f"0: any free one (default {_DEFAULT_PORT})")
    parser.add_argument(
        "--key",
        type=_pair,
        action="append",
        metavar="ACCESS:SECRET",
        help="a key pair that is let in; may be given several times, each is an account (default: one is made up)",
    )
    parser.add_argument("--speed", type=_speed, default=1.0, help="50 makes the waits 50 times shorter (default 1)")
    parser.add_argument("--slots", type=_slots, default=5, help="tasks an account may run at once (default 5)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep tasks and films there (default: until it stops)")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; return the exit code."""
    try:
        from .serve import Emulator
    except ModuleNotFoundError as error:
        print(f'The emulator needs {error.name}: pip install "kling-widgets[emulator]"', file=sys.stderr)
        return 1

    try:
        own = None if args.key else _own_pair(args.data)
        keys = dict([own] if own else args.key)
        emulator = Emulator(keys, args.speed, args.slots, args.data, args.host, args.port).start()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"kling-widgets serve: {where}{error.strerror or error}.", file=sys.stderr)
        return 1

    try:
        _greet(emulator.url, own)
        _wait_for_signal()
    finally:
        emulator.stop()
    return 0


def _greet(url: str, own: tuple[str, str] | None) -> None:
    """Print how to reach it. Only a made-up secret is shown, never one that was given."""
    access_key, secret_key = own or ("...", "...")
    print(
        f"The Kling emulator is listening on {url}\n\n"
        f"  export KLING_BASE_URL={url} KLING_ACCESS_KEY={access_key} KLING_SECRET_KEY={secret_key}\n\n"
        "or, by hand, with those three set (PyJWT signs the token, it is good for half an hour):\n\n"
        '  TOKEN=$(python -c "import jwt, os, time; n = int(time.time()); print(jwt.encode('
        "{'iss': os.environ['KLING_ACCESS_KEY'], 'exp': n + 1800, 'nbf': n - 5}, os.environ['KLING_SECRET_KEY']))\")\n"
        '  curl -H "Authorization: Bearer $TOKEN" "$KLING_BASE_URL/v1/videos/image2video?pageSize=10"\n\n'
        "Ctrl-C to stop.",
        flush=True,
    )


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


def _pair(text: str) -> tuple[str, str]:
    access_key, _, secret_key = text.partition(":")
    if not access_key or not secret_key:
        raise argparse.ArgumentTypeError("a key pair is written ACCESS:SECRET")

    return access_key, secret_key


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError("speed must be a positive number")

    return speed


def _slots(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("at least 1 slot is needed")

    return int(text)
