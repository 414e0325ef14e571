"""The emulator inside this process, for `Client.local`: it has keys of its own and ends with its client."""

from __future__ import annotations

import atexit
import secrets
import threading
import weakref
from typing import TYPE_CHECKING

from kling_widgets.auth import KeyPair
from kling_widgets.errors import MissingExtra

if TYPE_CHECKING:
    from kling_widgets.emulator.serve import Emulator

_running: set[Emulator] = set()


def start(speed: float, slots: int) -> tuple[Emulator, KeyPair]:
    """An emulator that listens, and the only keys it knows. Raises MissingExtra where it is not installed."""
    try:
        from kling_widgets.emulator.serve import Emulator
    except ImportError as error:
        raise MissingExtra("The emulator", "emulator") from error

    if not _running:
        # Thread pools close before atexit's turn, and without them the emulator cannot stop in order; the call that
        # thread pools themselves use to be told has no public name.
        getattr(threading, "_register_atexit", atexit.register)(_stop_all)
    access, secret = f"local-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    emulator = Emulator({access: secret}, speed=speed, slots=slots).start()
    _running.add(emulator)
    return emulator, KeyPair(access, secret)


def stop(emulator: Emulator) -> None:
    """Blocks until the emulator has ended; a film that is being rendered is waited for."""
    _running.discard(emulator)
    emulator.stop()


def stop_with(owner: object, emulator: Emulator) -> None:
    """Stop the emulator once nobody can reach its owner any more."""
    # In a thread of its own: stopping may wait, and garbage is collected in the middle of anything.
    weakref.finalize(owner, threading.Thread(target=stop, args=[emulator]).start).atexit = False


def _stop_all() -> None:
    for emulator in tuple(_running):
        stop(emulator)
