"""What can go wrong with one call, before or after the server has acted."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from tests.chaos.http1 import Message, answer

Call = Literal["create", "read", "film"]


class Line(Protocol):
    """The one call that goes wrong, as the proxy holds it in its hands."""

    async def forward(self) -> Message:
        """Bring the request to the server; its answer."""

    async def send(self, data: bytes) -> None:
        """To the client."""

    async def hung_up(self) -> None:
        """Return when the client has given up waiting."""

    def close(self) -> None: ...

    def reset(self) -> None: ...


Ending = Callable[[Line, Message | None, random.Random], Awaitable[None]]
"""What the client gets instead of the server's answer, which is None where the server was not asked."""


@dataclass(frozen=True)
class Misfortune:
    """`acted`: the server has done all it was asked to before the call goes wrong."""

    name: str
    acted: bool
    ending: Ending

    def __str__(self) -> str:
        return f"{self.name}, {'after' if self.acted else 'before'} the server acted"


def says(data: bytes) -> Ending:
    """This answer instead of the server's."""

    async def ending(line: Line, _: Message | None, chance: random.Random) -> None:
        await line.send(data)

    return ending


async def closed(line: Line, _: Message | None, chance: random.Random) -> None:
    line.close()


async def reset(line: Line, _: Message | None, chance: random.Random) -> None:
    line.reset()


async def held(line: Line, _: Message | None, chance: random.Random) -> None:
    """Nothing is answered until the client gives up."""
    await line.hung_up()
    line.close()


async def sent_late(line: Line, _: Message | None, chance: random.Random) -> None:
    """The request lies somewhere on the way, and arrives when the client has long given it up."""
    await line.hung_up()
    await line.forward()
    line.close()


async def sent_twice(line: Line, _: Message | None, chance: random.Random) -> None:
    """Something on the way repeats the request by itself; the client hears of the second one alone."""
    await line.send(bytes(await line.forward()))


async def cut_in_the_head(line: Line, good: Message | None, chance: random.Random) -> None:
    assert good
    await line.send(good.head[: chance.randrange(1, len(good.head) - 2)])
    line.close()


async def cut_in_the_body(line: Line, good: Message | None, chance: random.Random) -> None:
    assert good
    await line.send(good.head + _first_of(good, chance))
    line.close()


async def reset_in_the_body(line: Line, good: Message | None, chance: random.Random) -> None:
    assert good
    await line.send(good.head + _first_of(good, chance))
    line.reset()


async def half_a_json(line: Line, good: Message | None, chance: random.Random) -> None:
    """A whole answer of HTTP, of which the JSON ends in the middle."""
    body = good.body if good else frame(0, data={"task_id": "831922345719271433", "task_status": "submitted"})
    await line.send(answer(200, body[: chance.randrange(1, len(body) - 1)]))


async def cut_in_a_chunk(line: Line, good: Message | None, chance: random.Random) -> None:
    """No length is told, and the last chunk never comes."""
    assert good
    part = _first_of(good, chance)
    head = _without_length(good).removesuffix(b"\r\n") + b"Transfer-Encoding: chunked\r\n\r\n"
    await line.send(head + (b"%x\r\n%b\r\n" % (len(part), part) if part else b""))
    line.close()


async def cut_without_a_length(line: Line, good: Message | None, chance: random.Random) -> None:
    """As old servers answer: the end of the connection is the end of the film, so HTTP itself has no complaint."""
    assert good
    head = _without_length(good).removesuffix(b"\r\n") + b"Connection: close\r\n\r\n"
    await line.send(head + _first_of(good, chance))
    line.close()


async def spoilt(line: Line, good: Message | None, chance: random.Random) -> None:
    """As long as it should be, and other bytes: only who decodes the pictures finds it out."""
    assert good
    start = good.body.find(b"mdat") + 4
    body = bytearray(good.body)
    if start > 4:
        body[start : start + 64] = bytes(byte ^ 0xFF for byte in body[start : start + 64])
    await line.send(good.head + bytes(body))


def _first_of(good: Message, chance: random.Random) -> bytes:
    """Not all of its body; that of a 416 is empty."""
    return good.body[: chance.randrange(max(1, len(good.body)))]


def frame(code: int, message: str = "SUCCEED", data: object = None) -> bytes:
    """The vendor's envelope."""
    return json.dumps({"code": code, "message": message, "request_id": "chaos", "data": data}).encode()


def _without_length(good: Message) -> bytes:
    lines = good.head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"content-length:"))


def _page(status: int) -> Ending:
    return says(answer(status, b"<html><body><h1>Something went wrong</h1></body></html>", "text/html"))


def _refusal(status: int, code: int, message: str, **headers: str) -> Ending:
    return says(answer(status, frame(code, message), **headers))


PAGES = {f"an HTML page with {status}": _page(status) for status in (200, 502, 503, 504)}
BROKEN = {"connection closed": closed, "connection reset": reset, "held until the client gives up": held}
EITHER: dict[str, Ending] = {
    **BROKEN,
    **PAGES,
    "half a JSON with 200": half_a_json,
    "5000": _refusal(500, 5000, "Internal server error"),
    "5001": _refusal(503, 5001, "Service temporarily unavailable"),
    "5002": _refusal(504, 5002, "Server internal timeout"),
    "408 without a body": says(answer(408)),
    "429 without a body": says(answer(429)),
}
BEFORE: dict[str, Ending] = {
    "1302, Retry-After 0": _refusal(429, 1302, "Too many requests", Retry_After="0"),
    "1302, Retry-After 1": _refusal(429, 1302, "Too many requests", Retry_After="1"),
    "1303": _refusal(429, 1303, "parallel task over resource pack limit"),
    "1003": _refusal(401, 1003, "Authorization is not yet valid"),
    "1004": _refusal(401, 1004, "Authorization is expired"),
    # Port 9 of this machine answers nobody.
    "sent on to a login page": says(answer(302, Location="http://127.0.0.1:9/login")),
    "sent late, when the client has given up": sent_late,
}
CUT: dict[str, Ending] = {
    "cut in the head": cut_in_the_head,
    "cut in the body": cut_in_the_body,
    "reset in the body": reset_in_the_body,
}
FILM: dict[str, Ending] = {
    **CUT,
    **BROKEN,
    **PAGES,
    "cut in a chunk": cut_in_a_chunk,
    "cut without a length": cut_without_a_length,
    "other bytes of the same length": spoilt,
}

_BOTH = [Misfortune(name, acted, ending) for name, ending in EITHER.items() for acted in (False, True)]
_CALLS = [
    *_BOTH,
    *(Misfortune(name, False, ending) for name, ending in BEFORE.items()),
    *(Misfortune(name, True, ending) for name, ending in CUT.items()),
]
ALL: dict[Call, list[Misfortune]] = {
    "create": [*_CALLS, Misfortune("sent twice", True, sent_twice)],
    "read": _CALLS,
    "film": [Misfortune(name, True, ending) for name, ending in FILM.items()],
}
ONCE = {"1003", "1004"}
"""A second one for the same call is a wrong clock or key, which no client can mend."""
