"""Who is sending: a name that tells other kernels, on this machine or on another, whether he may still be at it."""

from __future__ import annotations

import os
import secrets
import socket

_LIFE = secrets.token_hex(4)
"""This run of the process: in a container each restart has the number of the one before."""


def named(number: str) -> str:
    """Him who has this number in this process."""
    return f"{socket.gethostname()} {os.getpid()} {_LIFE}:{number}"


def lives(sender: str) -> bool:
    """Whether the process may still run; surely not only where it ran on this machine and has ended."""
    host, pid, number = sender.rsplit(" ", 2)
    if host != socket.gethostname():
        return True
    if int(pid) == os.getpid():
        return number.startswith(f"{_LIFE}:")
    if os.name != "posix":
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:  # it lives, and is somebody else's
        pass
    return True
