"""What `kling-widgets serve` can be told."""

from __future__ import annotations

import argparse
import math
import re
import textwrap
from pathlib import Path

from . import faults

DEFAULT_PORT = 8787
SECRET_VARIABLE = "KLING_WEBHOOK_SECRET"  # noqa: S105 (a name)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"0: any free one (default {DEFAULT_PORT})")
    parser.add_argument(
        "--key",
        type=_pair,
        action="append",
        metavar="ACCESS:SECRET",
        help="a key pair that is let in; may be given several times, each is an account (default: one is made up)",
    )
    parser.add_argument(
        "--api-key",
        type=_word,
        action="append",
        metavar="KEY",
        help="a plain key that is let in without a token; may be given several times, each is an account",
    )
    parser.add_argument("--speed", type=_speed, default=1.0, help="50 makes the waits 50 times shorter (default 1)")
    parser.add_argument("--slots", type=_slots, default=5, help="videos an account may have made at once (default 5)")
    parser.add_argument(
        "--workers",
        type=_workers,
        metavar="N",
        help="processes that render films beside the server; 0: its own threads do (default: one a core, at most 4)",
    )
    parser.add_argument(
        "--units",
        type=_units,
        default=100_000,
        help="size of each account's two resource packs, 0: nothing left (default 100000)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep tasks and films there (default: until it stops)")
    parser.add_argument(
        "--disk",
        type=_disk,
        default=4096.0,
        metavar="MB",
        help="when films and pictures take more, the oldest are cleared (default 4096)",
    )
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="let callbacks and pictures' URLs lead into local networks such as 192.168.0.0/16 (default: refused)",
    )
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="certificate chain: serve https; needs --tls-key")
    parser.add_argument(
        "--tls-key", type=Path, metavar="PEM", help="private key of the certificate, without a password"
    )
    parser.add_argument(
        "--webhook-secret",
        metavar="SECRET",
        help=f"sign callbacks with it, e.g. whsec_...; {SECRET_VARIABLE} in the environment does so out of sight",
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        metavar="NAME=RATE",
        help="let things go wrong, to rehearse it: drop-answer=0.2 is every fifth call; may be given several times",
    )
    parser.add_argument("--seed", type=_seed, metavar="N", help="the same faults again (default: one is made up)")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _known_faults()


def _known_faults() -> str:
    lines = [
        textwrap.fill(fault.text, 100, initial_indent=f"  {fault.name:<16}", subsequent_indent=" " * 18)
        for fault in faults.FAULTS
    ]
    return "\n".join(["names of faults (at most one strikes a call):", *lines])


def _pair(text: str) -> tuple[str, str]:
    access_key, _, secret_key = text.partition(":")
    if not access_key or not secret_key:
        raise argparse.ArgumentTypeError("a key pair is written ACCESS:SECRET")

    return access_key, secret_key


def _word(text: str) -> str:
    if not text.isascii() or not text.isprintable() or not text or " " in text:
        raise argparse.ArgumentTypeError("an API key is one word of plain letters, digits and signs")

    return text


def _speed(text: str) -> float:
    speed = _number(text)
    if not 0 < speed < math.inf:
        raise argparse.ArgumentTypeError("speed must be a positive number")

    return speed


def _slots(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("at least 1 slot is needed")

    return int(text)


def _workers(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text):
        raise argparse.ArgumentTypeError("workers is a whole number, 0 or more")

    return int(text)


def _units(text: str) -> float:
    units = _number(text)
    if not 0 <= units < math.inf:
        raise argparse.ArgumentTypeError("units must be a number, 0 or more")

    return units


def _fault(text: str) -> tuple[str, float]:
    try:
        return faults.rate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError("a seed is a whole number, 0 or more")

    return int(text)


def _disk(text: str) -> float:
    size = _number(text)
    if not 0 < size < math.inf:
        raise argparse.ArgumentTypeError("disk must be a positive number of MB")

    return size


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
