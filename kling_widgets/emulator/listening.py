"""Taking an address and a certificate, or saying in words for a person why that cannot be."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from contextlib import suppress
from pathlib import Path

_PORT = "port"
"""Name of the file that remembers it."""

Tls = tuple[str | os.PathLike[str], str | os.PathLike[str]]
"""Paths of a certificate chain and of its private key."""


def check_tls(tls: Tls | None) -> None:
    """Raises OSError."""
    if tls is None:
        return

    for path in tls:
        with open(path, "rb"):
            pass
    certificate, key = tls
    try:
        # Without a password of ours, the library would ask for one at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        words = f"{certificate} and {key} are no certificate with its own private key (PEM, without a password)"
        raise OSError(errno.EINVAL, words) from error


def trusted() -> ssl.SSLContext | bool:
    """Whom to trust on https addresses outside: the authorities of SSL_CERT_FILE, or True, the usual ones.

    Raises OSError.
    """
    path = os.environ.get("SSL_CERT_FILE")
    if not path:
        return True

    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise OSError(errno.EINVAL, f"SSL_CERT_FILE names {path}, where no certificates can be read") from error


def listen_again(host: str, port: int, data: Path | None) -> socket.socket:
    """Like listen; with port 0 on the port that is remembered in the folder, if it can be had. Raises OSError."""
    remembered = 0 if port or data is None else _remembered(data)
    if remembered:
        with suppress(OSError):
            return listen(host, remembered)
    return listen(host, port)


def remember(port: int, data: Path) -> None:
    """For the next emulator on this folder. A disk without room for it is no reason not to start."""
    with suppress(OSError):
        (data / _PORT).write_text(f"{port}\n", "utf-8")


def _remembered(data: Path) -> int:
    try:
        port = int((data / _PORT).read_text("utf-8"))
    except (OSError, ValueError):
        return 0

    return port if 0 < port <= 65535 else 0


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError."""
    if not 0 <= port <= 65535:
        raise OSError(errno.EINVAL, f"There is no port {port}: ports go from 0 to 65535")

    try:
        family, type, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends without delay only over sockets that name their protocol, as socket.create_server's do not:
        # each answer would wait 40 ms for an acknowledgement.
        listener = socket.socket(family, type, proto)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = (
                f"Port {port} of {host} is taken by another program: stop it, or choose another port (0: any free one)"
            )
        else:
            words = f"Cannot listen on {host}, port {port}: {error.strerror}"
        raise OSError(error.errno, words) from error

    return listener
