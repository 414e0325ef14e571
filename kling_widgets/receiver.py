"""What takes callbacks in: an ASGI application of its own, that Starlette, FastAPI and others can mount."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from kling_widgets.errors import BadSignature, KlingError

MAX_BODY = 256 * 1024
"""Bytes of one callback: nine pictures with long addresses take a tenth of it."""

Headers = Iterable[tuple[bytes, bytes]]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_log = logging.getLogger("kling_widgets")


class Receiver:
    """Hands each POST's headers and body to `take`, wherever below its mount it comes, and answers at once.

    200: taken. 400: unreadable. 401: not signed with our secret. 405: no POST. 413: larger than MAX_BODY. `take` raises
    KlingError for what it cannot take.
    """

    def __init__(self, take: Callable[[Headers, bytes], None]) -> None:
        self._take = take

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                status, words = await self._answer(scope, receive)
                await _send(send, status, words)
            case "websocket":
                await send({"type": "websocket.close"})
            case "lifespan":  # where it is served alone
                await _live(receive, send)

    async def _answer(self, scope: Message, receive: Receive) -> tuple[int, str]:
        if scope["method"] != "POST":
            return 405, "Callbacks come as POST."

        body = await _body(receive, scope["headers"])
        if body is None:
            return 413, f"A callback has {MAX_BODY} bytes at most."
        try:
            self._take(scope["headers"], body)
        except BadSignature as error:
            _log.warning("%s", error)
            return 401, str(error)
        except KlingError as error:
            _log.warning("A callback could not be read: %s", error)
            return 400, str(error)
        return 200, "OK"


async def _body(receive: Receive, headers: Headers) -> bytes | None:
    """None where it is too large; no more of it is then read."""
    promised = dict(headers).get(b"content-length", b"")
    if promised.isdigit() and int(promised[:20]) > MAX_BODY:
        return None

    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break  # what came is no whole callback, and is refused as such
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        more = message.get("more_body", False)
    return bytes(body)


async def _send(send: Send, status: int, words: str) -> None:
    body = words.encode(errors="backslashreplace")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
