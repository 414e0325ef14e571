"""What every widget here shares: its built bundle, questions and answers, and refusals a person can read."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from kling_widgets.errors import KlingError, Problem
from kling_widgets.widgets.still import Still

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

STATIC = Path(__file__).parent.parent / "static"

# Colab drops large messages without a word and publishes no limit; pieces of this size pass everywhere we know of.
PIECE = 384 * 1024

log = logging.getLogger("kling_widgets")


@dataclass(frozen=True)
class Reply:
    """An answer to the browser: small JSON, and bytes that travel as bytes."""

    body: dict[str, Any] = field(default_factory=dict)
    data: bytes | memoryview = b""


Handler = Callable[..., "Reply | dict[str, Any] | Awaitable[Reply | dict[str, Any] | None] | None"]


def answers(kind: str) -> Callable[[Handler], Handler]:
    """Marks a method `(self, body, buffers)` as the one that answers the browser's question `kind`; it may be async."""

    def mark(method: Handler) -> Handler:
        method.__dict__["answers"] = kind
        return method

    return mark


class KlingWidget(anywidget.AnyWidget):
    """An anywidget with a wire: the browser asks, Python answers, and an error is an answer too (js/src/ui/wire.ts)."""

    _still = traitlets.Unicode("").tag(sync=True)  # class of the stand-in picture, see still.py

    _handlers: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, bundle: str | None = None, **kwargs: Any) -> None:
        if bundle is not None:
            cls._esm = _read(f"{bundle}.js")
            cls._css = _read(f"{bundle}.css")
        super().__init_subclass__(**kwargs)
        cls._handlers = {
            kind: name
            for base in reversed(cls.__mro__)
            for name, member in vars(base).items()
            if inspect.isfunction(member) and (kind := getattr(member, "answers", None))
        }

    def __init__(self, **traits: Any) -> None:
        known = self.trait_names()
        for name in traits:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                hint = f" Did you mean {close[0]!r}?" if close else ""
                raise TypeError(f"{type(self).__name__} has no argument {name!r}.{hint}")
        super().__init__(**traits)
        self._running: set[asyncio.Task[Any]] = set()
        self._loop = _running_loop()
        self._stand_in: Still | None = None
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        # What a reopened notebook shows above the stand-in picture.
        return f"{type(self).__name__} (run this cell to use it)"

    def _ipython_display_(self) -> None:
        """Shows the live widget and, beside it, the picture that stands in where no kernel runs."""
        from IPython.display import display

        self._stand_in = self._stand_in or Still(self)
        shown = self._repr_mimebundle_()
        if shown is not None:
            bundle, metadata = shown
            display(bundle, metadata=metadata, raw=True)
        self._refresh_still()

    def _picture(self) -> Picture | None:
        """What the widget shows now, as a picture; None while there is nothing worth keeping."""
        return None

    def _refresh_still(self) -> None:
        """Takes a new picture for the saved notebook; call it when what is shown has changed for good."""
        if self._stand_in is not None:
            self._stand_in.show(self._picture(), type(self).__name__)

    def _tell(self, kind: str, body: dict[str, Any] | None = None, data: bytes | memoryview = b"") -> None:
        """Says something to every view. What was said before the first view is lost: a view asks when it opens."""
        self.send({"tell": kind, "body": body or {}}, [data] if data else [])

    def _hear(self, _: object, message: Any, buffers: Sequence[memoryview]) -> None:
        if not isinstance(message, dict) or "ask" not in message:
            return
        question, body = message.get("id"), message.get("body") or {}
        name = self._handlers.get(str(message["ask"]))
        if name is None:
            self._refuse(question, KlingError(f"This version cannot answer {message['ask']!r}. Run the cell again."))
            return
        try:
            reply = getattr(self, name)(body, buffers)
        except Exception as error:
            self._refuse(question, error)
            return
        if inspect.isawaitable(reply):
            self._spawn(self._answer_later(question, reply))
        else:
            self._answer(question, reply)

    async def _answer_later(self, question: Any, reply: Awaitable[Reply | dict[str, Any] | None]) -> None:
        try:
            self._answer(question, await reply)
        except Exception as error:
            self._refuse(question, error)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine beside the notebook's cells; the widget holds it until it ends."""

        def begin() -> None:
            task = asyncio.get_running_loop().create_task(work)
            self._running.add(task)
            task.add_done_callback(self._running.discard)

        self._soon(begin)

    def _soon(self, call: Callable[[], object], delay: float = 0) -> None:
        """Calls in the cells' event loop: hosts with subshells bring the browser's messages on threads of their own.

        Where no loop runs, as in a plain script, it calls at once.
        """
        loop = self._loop or _running_loop()
        if loop is None or loop.is_closed() or (loop is _running_loop() and not delay):
            call()
        else:
            loop.call_soon_threadsafe(loop.call_later, delay, call)

    @answers("ping")
    def _ping(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """Answers come in the order of the questions: what this one overtakes, a host has lost."""

    def _answer(self, question: Any, reply: Reply | dict[str, Any] | None) -> None:
        if not isinstance(reply, Reply):
            reply = Reply(reply or {})
        data = memoryview(reply.data)
        parts = max(1, -(-len(data) // PIECE))
        for part in range(parts):
            piece = data[part * PIECE : (part + 1) * PIECE]
            body = reply.body if part == parts - 1 else {}
            message = {"answer": question, "ok": True, "body": body, "part": part, "parts": parts}
            self.send(message, [piece] if len(piece) else [])

    def _refuse(self, question: Any, error: Exception) -> None:
        problems: tuple[Problem, ...] = getattr(error, "problems", ())
        if not isinstance(error, KlingError):
            # Ours to mend, not the user's: the words go on screen, the traceback to the log.
            log.error("A widget could not answer.", exc_info=error)
        body = {
            "message": str(error) or type(error).__name__,
            "problems": [{"field": p.field, "message": p.message, "fix": p.fix} for p in problems],
        }
        self.send({"answer": question, "ok": False, "error": body})


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _read(name: str) -> str:
    """A built bundle as text. A `Path` would be watched, and keep every widget alive for ever."""
    try:
        return (STATIC / name).read_text("utf-8")
    except FileNotFoundError:
        return _unbuilt(name)


def _unbuilt(name: str) -> str:
    """An unbuilt checkout imports; its widgets say in one sentence what to run."""
    if name.endswith(".css"):
        return ""
    words = "The front end of kling_widgets is not built. Run: pip install -e . (or, in js/, npm ci and npm run build)"
    return f"export default {{ render({{ el }}) {{ el.textContent = {words!r}; }} }};"
