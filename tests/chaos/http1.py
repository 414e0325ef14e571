"""HTTP/1.1 on raw streams, as far as a proxy needs it that must be able to break it at any byte."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Message:
    """A request or an answer, byte for byte: `head` ends with the blank line."""

    head: bytes
    body: bytes

    def __bytes__(self) -> bytes:
        return self.head + self.body

    @property
    def start(self) -> str:
        """The first line."""
        return self.head.partition(b"\r\n")[0].decode("latin-1")

    def header(self, name: str) -> str | None:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


async def read(reader: asyncio.StreamReader) -> Message | None:
    """The next message, its length as its head says; None where the other side has gone instead."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        message = Message(head, b"")
        if message.header("transfer-encoding"):
            raise NotImplementedError(f"Neither the client nor the emulator sends in chunks: {message.start}")
        return Message(head, await reader.readexactly(int(message.header("content-length") or 0)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def answer(status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer with its length; in names of headers _ stands for -."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {kind}"] if body else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, as a box on the way does that has forgotten the connection."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
