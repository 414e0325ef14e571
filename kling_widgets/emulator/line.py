"""The connection under an answer: closing it, at once or in the middle of a body."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send


class Line:
    """The connection that a call came by.

    ASGI knows no way to close it. uvicorn's `send` is a method of an object that holds the transport; under any other
    server the answer breaks off instead, which that server then calls an error.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._transport: asyncio.WriteTransport | None = getattr(getattr(send, "__self__", None), "transport", None)

    async def drop(self) -> None:
        """Close it now; what was written and has not left yet is lost."""
        if self._transport is None:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            await self._send({"type": "http.response.body", "body": b"{", "more_body": True})
            return

        self._transport.abort()
        await self.closed()

    def finish(self) -> None:
        """Close it once what was written has left."""
        if self._transport is not None:
            self._transport.close()

    async def closed(self) -> None:
        """Return when the server knows: before, it would take a call without an answer for our failure."""
        if self._transport is not None:
            while (await self._receive())["type"] != "http.disconnect":
                pass


class Cut:
    """A `send` that lets the first half of the body through and then closes the connection."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._send = send
        self._line = Line(receive, send)
        self._left = 0
        self._over = False

    async def __call__(self, message: Message) -> None:
        if self._over:
            return

        if message["type"] == "http.response.start":
            self._left = int(Headers(raw=list(message["headers"])).get("content-length", 0)) // 2
            await self._send(message)
            return

        body = message.get("body", b"")[: self._left]
        self._left -= len(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        if not self._left:
            self._over = True
            self._line.finish()

    async def closed(self) -> None:
        """Wait for the end of the connection, if there has been anything to cut."""
        if self._over:
            await self._line.closed()
