"""`await brush.done()`: a cell that goes on when the person at the brush says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kling_widgets.errors import KlingError
from kling_widgets.widgets.base import answers
from kling_widgets.widgets.hearing import hearing
from kling_widgets.widgets.strokes import Strokes

if TYPE_CHECKING:
    from kling_widgets.drawing import Drawing

PATIENCE = 30.0
DEAF = (
    "Nothing was heard from the brush for {seconds:.0f} s. Either no view of it is open: show it by its name on the "
    "last line of a cell. Or this notebook keeps the browser's messages until the cell has ended: then draw without "
    "waiting, and read brush.drawing in the next cell."
)


class Waiting(Strokes):
    """Shows a Done button while somebody awaits."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._brush_waiters: list[_Waiter] = []

    @property
    def drawing(self) -> Drawing:
        raise NotImplementedError

    async def done(self, *, patience: float = PATIENCE) -> Drawing:
        """Waits until "Done" is pressed in the widget: `drawing = await brush.done()`. Shows the widget if need be.

        Raises KlingError where the browser is not heard within `patience` seconds, instead of waiting for ever;
        drawing may then take as long as it likes.
        """
        waiter = _Waiter()
        self._brush_waiters.append(waiter)
        try:
            if self._stand_in is None:
                self._show_here()
            self._tell("brush.waiting", {"waiting": True})
            async with hearing():
                await asyncio.wait({waiter.heard}, timeout=patience)
                if not waiter.heard.done():
                    raise KlingError(DEAF.format(seconds=patience))
                return await waiter.pressed
        finally:
            self._brush_waiters.remove(waiter)
            if not self._brush_waiters:
                self._tell("brush.waiting", {"waiting": False})

    def _show_here(self) -> None:
        with suppress(ImportError):
            from IPython.core.getipython import get_ipython

            if get_ipython() is not None:
                self._ipython_display_()

    def _brush_also(self) -> dict[str, Any]:
        return {**super()._brush_also(), "waiting": bool(self._brush_waiters)}

    def _hear(self, widget: object, message: Any, buffers: Sequence[memoryview]) -> None:
        super()._hear(widget, message, buffers)
        for waiter in list(self._brush_waiters):
            waiter.soon(waiter.heard, None)

    @answers("brush.here")
    def _brush_is_here(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """A view heard that somebody waits; that it could say so is the news."""

    @answers("brush.done")
    def _brush_is_done(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        drawing = self.drawing
        for waiter in list(self._brush_waiters):
            waiter.soon(waiter.pressed, drawing)


class _Waiter:
    """One that awaits, in whichever loop; the browser's messages may come on another thread."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.heard: asyncio.Future[None] = self.loop.create_future()
        self.pressed: asyncio.Future[Drawing] = self.loop.create_future()

    def soon(self, future: asyncio.Future[Any], value: object) -> None:
        def settle() -> None:
            if not future.done():
                future.set_result(value)

        with suppress(RuntimeError):  # its loop has ended, and so has the waiting
            self.loop.call_soon_threadsafe(settle)
