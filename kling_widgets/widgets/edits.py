"""One edit as the browser sends it (js/src/brush/outbox.ts), read with care: anybody's page may have written it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from kling_widgets.drawing import Points
from kling_widgets.errors import InvalidRequest
from kling_widgets.widgets.given import a_path, area_number, refusal
from kling_widgets.widgets.labels import Labels, Rect, inflate


@dataclass(frozen=True, eq=False)
class Edit:
    """What `page` changed in its `revision`th edit: the labels of `rect`, and paths by their area's number."""

    page: str
    revision: int
    rect: Rect | None
    labels: Labels
    paths: dict[int, Points | None]

    @classmethod
    def of(cls, body: dict[str, Any], buffers: Sequence[memoryview], onto: Labels) -> Self:
        """The edit of a message, checked against the drawing it is for. Raises InvalidRequest."""
        page, revision, place, given = (body.get(name) for name in ("page", "rev", "rect", "paths"))
        if not isinstance(revision, int) or not isinstance(given, dict) or not isinstance(page, str | None):
            raise _odd("It lacks its number or its paths.")
        paths = {area_number(name): a_path(points, area_number(name)) for name, points in given.items()}
        if place is None:
            return cls(page or "", revision, None, np.empty((0, 0), np.uint8), paths)
        if not isinstance(place, list) or len(place) != 4 or not all(type(value) is int for value in place):
            raise _odd("Its rectangle is none.")
        rect = Rect(*place)
        if not rect.within(onto):
            raise refusal("brush.edit", "The edit is of another photo.", "Run the cell again.")
        if len(buffers) != 1:
            raise _odd("Its labels are missing.")
        return cls(page or "", revision, rect, inflate(buffers[0], rect), paths)


def _odd(what: str) -> InvalidRequest:
    return refusal("brush.edit", f"The edit cannot be read. {what}", "Run the cell again.")
