"""From a request's bytes to an order whose pictures are at hand and within the limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request

from . import answers, pictures
from .answers import Refusal
from .order import FilmOrder, Reading
from .outward import Unreachable
from .room import Room
from .rules import brush

# Eight pictures of 10 MB as Base64 and a long prompt; the vendor's own limit is not known.
_MOST_BODY_BYTES = 128 * 1024 * 1024
# The longest that a sender may say nothing in the middle of a body, while others wait for its room.
_SECONDS_A_PIECE = 60.0
# Read on the spot, since a thread's turn takes longer.
_SMALL = 64 * 1024

Fetch = Callable[[str, int], Awaitable[bytes]]
"""A URL and the most bytes to take from it; raises Unreachable."""


def length(request: Request) -> int:
    """The most bytes that the body may have. Raises Refusal (1200) when it says itself that it is too long."""
    said = request.headers.get("content-length", "")
    if not said.isdecimal():
        return _MOST_BODY_BYTES

    if len(said) > 18 or int(said) > _MOST_BODY_BYTES:
        raise _too_long()

    return int(said)


async def json_object(request: Request) -> dict[str, object]:
    """The body as a JSON object. Raises Refusal (1200) for anything else."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":  # R4; demanded of a POST only (C20)
        raise Refusal(answers.INVALID_REQUEST, "Content-Type must be application/json")

    raw = bytearray()
    pieces = request.stream()
    while (piece := await _next(pieces)) is not None:
        raw += piece
        if len(raw) > _MOST_BODY_BYTES:
            raise _too_long()

    return _parse(raw) if len(raw) < _SMALL else await asyncio.to_thread(_parse, raw)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(_SECONDS_A_PIECE):
            return await anext(pieces, None)
    except TimeoutError as error:
        raise Refusal(answers.INVALID_REQUEST, "The request was not sent to its end") from error


def _too_long() -> Refusal:
    return Refusal(answers.INVALID_REQUEST, f"The body is larger than {_MOST_BODY_BYTES // 1024 // 1024} MB")


def _parse(raw: bytearray) -> dict[str, object]:
    try:
        value = json.loads(raw)
        if b"\\u" in raw:  # half a surrogate pair is legal JSON and no text: it could never be answered
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal(answers.INVALID_REQUEST, "The body is not valid JSON") from error

    if not isinstance(value, dict):
        raise Refusal(answers.INVALID_REQUEST, "The body must be a JSON object")

    return value


async def files(reading: Reading, fetch: Fetch, room: Room) -> dict[str, bytes]:
    """The pictures of a reading as files, by field name; opened by turns, as `room` has it.

    Raises Refusal (1201) with everything that is wrong: the reading's own problems first, then those of the pictures.
    """
    _refuse(reading.problems)
    found: dict[str, bytes] = {}
    problems = []
    size = (0, 0)
    for field, (role, value) in reading.pictures.items():
        try:
            found[field] = await _file(field, value, fetch)
            async with room.opening:
                width_height = await asyncio.to_thread(pictures.check, field, found[field], role)
        except pictures.BadPicture as error:
            problems.append(str(error))
        else:
            size = width_height if field == "image" else size

    if isinstance(reading.order, FilmOrder) and not problems:
        problems = brush.outside(reading.order.trajectories, *size)
    _refuse(problems)
    return found


async def _file(field: str, value: str, fetch: Fetch) -> bytes:
    if not value.lower().startswith(("http://", "https://")):
        if len(value) < _SMALL:
            return pictures.from_base64(field, value)

        return await asyncio.to_thread(pictures.from_base64, field, value)

    try:
        return await fetch(value, pictures.MOST_BYTES)
    except Unreachable as error:
        raise pictures.BadPicture(f"{field} cannot be fetched from its URL: {error}") from error


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Refusal(answers.INVALID_FIELD, "; ".join(dict.fromkeys(problems)))
