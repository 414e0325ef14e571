"""Hears the browser while a cell awaits.

A kernel takes one message of its shell channel at a time, and a cell that awaits is one. JupyterLab from 4.4 sends the
widgets' messages another way (subshells), and ipykernel from 7.4 lets them pass a cell that awaits. Where neither is so
they would lie in a queue until the cell has ended, which waits for them: here they are taken out of it.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

# How often a queue is looked through, in seconds: nobody sees it, and it costs nothing.
TICK = 0.03
PASSING = {"comm_open", "comm_msg", "comm_close"}

log = logging.getLogger("kling_widgets")


@asynccontextmanager
async def hearing() -> AsyncIterator[None]:
    """Inside it, widgets hear the browser though the cell goes on; cells that are run meanwhile keep their turn."""
    kernel = _kernel()
    manager: Any = getattr(getattr(kernel, "shell_channel_thread", None), "manager", None)
    heard = kernel is None or "concurrent" in inspect.signature(kernel.dispatch_shell).parameters
    queued = not heard and hasattr(kernel, "msg_queue")
    locked = not heard and not queued and hasattr(manager, "set_on_recv_callback")
    ticking = asyncio.ensure_future(_tick(kernel if queued else None))
    if locked:
        manager.set_on_recv_callback(_past(kernel))
    try:
        yield
    finally:
        ticking.cancel()
        if locked:
            manager.set_on_recv_callback(kernel.shell_main)


async def _tick(queued: Any) -> None:
    """Looks through the queue, where there is one. Without anything to do a loop would not see an interrupt either."""
    while True:
        if queued:
            await _empty(queued)
        await asyncio.sleep(TICK)


def _kernel() -> Any:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    kernel = getattr(get_ipython(), "kernel", None)
    known = all(hasattr(kernel, name) for name in ("dispatch_shell", "shell_handlers", "session"))
    return kernel if known else None


async def _empty(kernel: Any) -> None:
    """For ipykernel 6: its queue holds (number, dispatch, [message]); what does not pass goes back in its order."""
    waiting = []
    with suppress(Exception):  # the queue is asyncio's or tornado's, each with an exception of its own for "empty"
        while True:
            waiting.append(kernel.msg_queue.get_nowait())
    passing = []
    for entry in waiting:
        message = entry[-1]
        if message and _kind(kernel, message[0]) in PASSING:
            passing.append(message[0])
        else:
            kernel.msg_queue.put_nowait(entry)
    for frames in passing:
        await _handle(kernel, frames)


def _past(kernel: Any) -> Any:
    """For ipykernel 7.0 to 7.3, whose messages wait for a lock: those that pass do not ask for it."""

    async def receive(subshell: str | None, frames: Any) -> None:
        if subshell is None and _kind(kernel, frames) in PASSING:
            await _handle(kernel, frames)
        else:
            await kernel.shell_main(subshell, frames)

    return receive


def _kind(kernel: Any, frames: Any) -> str:
    """What a message is, by its header alone: a whole message may be read only once."""
    try:
        _, parts = kernel.session.feed_identities(frames, copy=False)
        return str(kernel.session.unpack(parts[1].bytes)["msg_type"])
    except Exception:  # a message of the kernel's own, or one that it will complain of by itself
        return ""


async def _handle(kernel: Any, frames: Any) -> None:
    """As the kernel would, but without becoming what the cell's output belongs to."""
    session = kernel.session
    try:
        idents, parts = session.feed_identities(frames, copy=False)
        message = session.deserialize(parts, content=True, copy=False)
    except Exception:
        log.exception("A message of the browser could not be read.")
        return

    def say(state: str) -> None:
        # Front ends wait for "idle" before they send the next change of a trait.
        about = {"execution_state": state}
        session.send(kernel.iopub_socket, "status", about, parent=message, ident=kernel._topic("status"))

    say("busy")
    try:
        result = kernel.shell_handlers[message["header"]["msg_type"]](kernel.shell_stream, idents, message)
        if inspect.isawaitable(result):
            await result
    except Exception:
        log.exception("A message of the browser could not be answered.")
    finally:
        say("idle")
