"""Faults on tap: what can go wrong between a client and the vendor, and when it does, by the throw of a seeded die."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Call = Literal["create", "query", "list", "download"]
"""A POST that makes a task; a GET of one task; a GET of a page of tasks or of the account; a GET of a result."""

NOMINAL = 2.0
"""Nominal seconds that an answer is late, and for which a new task is not found yet."""

_CREATE: frozenset[Call] = frozenset({"create"})
_QUERY: frozenset[Call] = frozenset({"query"})
_DOWNLOAD: frozenset[Call] = frozenset({"download"})
_API: frozenset[Call] = frozenset({"create", "query", "list"})
_ALL: frozenset[Call] = frozenset(get_args(Call))


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    calls: frozenset[Call]
    acted: bool
    """Whether the server has done what it was asked for all the same: after a create there is a task."""
    text: str

    @property
    def touches(self) -> str:
        """The calls in words, e.g. create, query."""
        return "every call" if self.calls == _ALL else ", ".join(call for call in get_args(Call) if call in self.calls)


FAULTS: tuple[Fault, ...] = (
    Fault("drop-request", _ALL, False, "The connection is closed before anything was done."),
    Fault("drop-answer", _API, True, "It is done, and then the connection is closed without an answer."),
    Fault("cut-answer", _API, True, "It is done; the answer breaks off: right length, half the body, then closed."),
    Fault("half-json", _API, True, "It is done; HTTP 200, complete as a transfer, but its body is half a JSON."),
    Fault("html-200", _ALL, True, "It is done; HTTP 200 with a page of HTML, as from a hotel's network."),
    Fault("http-502", _ALL, False, "A proxy's page of HTML with HTTP 502."),
    Fault("http-502-after", _API, True, "The same page with HTTP 502, but the request had got through and is done."),
    Fault("http-500", _ALL, False, "HTTP 500 with code 5000: internal server error."),
    Fault("http-503", _ALL, False, "HTTP 503 with code 5001: temporarily unavailable."),
    Fault("http-504", _ALL, False, "HTTP 504 with code 5002: internal timeout."),
    Fault("http-504-after", _API, True, "HTTP 504 with code 5002, but the request had got through and is done."),
    Fault("slow-answer", _ALL, True, f"It is done at once, and answered {NOMINAL:g} s later, divided by --speed."),
    Fault("rate-limit", _API, False, "HTTP 429 with code 1302: requests come too fast. Retry-After is 1 s."),
    Fault("no-slot", _CREATE, False, "HTTP 429 with code 1303, though there is room."),
    Fault("bare-429", _API, False, "HTTP 429 without the vendor's frame, as from a gateway."),
    Fault("token-early", _API, False, "HTTP 401 with code 1003: the token is not valid yet, whatever it says."),
    Fault("token-ended", _API, False, "HTTP 401 with code 1004: the token has expired, whatever it says."),
    Fault("not-found-yet", _QUERY, True, f"A task younger than {NOMINAL:g} s, divided by --speed, is not found: 1201."),
    Fault("fail-task", _CREATE, True, "The create is answered well, and the task ends failed by risk control."),
    Fault("cut-film", _DOWNLOAD, True, "A download of the whole breaks off in the middle; byte ranges go on working."),
    Fault("link-ended", _DOWNLOAD, False, "The result is not to be had, as if 30 days had passed."),
)
_BY_NAME = {fault.name: fault for fault in FAULTS}
KNOWN = ", ".join(_BY_NAME)


def rate(text: str) -> tuple[str, float]:
    """NAME=RATE as a name and a rate. Raises ValueError, in words for a person, when it is none."""
    name, sign, number = text.partition("=")
    try:
        share = float(number) if sign else math.nan
    except ValueError:
        share = math.nan
    _check(name, share)
    return name, share


def _check(name: str, share: float) -> None:
    if name not in _BY_NAME:
        raise ValueError(f"there is no fault {name!r}; known are {KNOWN}")

    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError(f"fault {name} needs a rate from 0 (never) to 1 (always), as in {name}=0.2; known are {KNOWN}")


class Faults:
    """Which call meets which fault. The same seed and the same order of calls give the same faults."""

    def __init__(self, rates: Mapping[str, float], seed: int) -> None:
        """`rates` is the share of calls, 0 to 1, by name of fault: of those calls that it touches.

        Raises ValueError when a fault is not known or a rate senseless, or when more than all calls would meet one.
        """
        for name, share in rates.items():
            _check(name, share)
        self._rates = {fault: float(rates[fault.name]) for fault in FAULTS if rates.get(fault.name)}
        for call in get_args(Call):
            total = math.fsum(share for fault, share in self._rates.items() if call in fault.calls)
            if total > 1 + 1e-9:
                names = " + ".join(
                    f"{fault.name}={share:g}" for fault, share in self._rates.items() if call in fault.calls
                )
                raise ValueError(
                    f"at most one fault strikes a call, so the rates for a {call} may add up to 1, not {total:g}: "
                    f"{names}; lower some of them"
                )
        self._random = random.Random(seed)  # noqa: S311 (a die, no secret)
        self.struck: Counter[str] = Counter()
        """How often each fault has struck."""

    def __str__(self) -> str:
        return ", ".join(f"{fault.name}={share:g}" for fault, share in self._rates.items())

    def __bool__(self) -> bool:
        """Whether there is any that may strike."""
        return bool(self._rates)

    def draw(self, call: Call) -> Fault | None:
        """What the next call meets. One throw a call, so that a fault more or less does not move the others about."""
        thrown = self._random.random()
        for fault, share in self._rates.items():
            if call not in fault.calls:
                continue

            if thrown < share:
                self.struck[fault.name] += 1
                return fault

            thrown -= share
        return None
