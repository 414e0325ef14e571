"""The brush's second bundle: what one can draw without, sent once the first view is open (js/src/brush/more.ts)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from kling_widgets.errors import KlingError
from kling_widgets.widgets.base import STATIC, KlingWidget, Reply, answers


class More(KlingWidget):
    """A widget whose front end comes in two parts."""

    @answers("brush.more")
    def _more(self, _: dict[str, Any], __: Sequence[memoryview]) -> Reply:
        return Reply({}, _bundle())


@cache
def _bundle() -> bytes:
    try:
        return (STATIC / "brush_more.js").read_bytes()
    except FileNotFoundError:
        raise KlingError("A part of the front end is not built. Run: pip install -e .") from None
