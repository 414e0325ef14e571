"""Files that the browser sends in pieces (js/src/ui/pieces.ts), put together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kling_widgets.errors import KlingError

LIMIT = 200 * 1024 * 1024  # a photo of 60 megapixels fits, even as a PNG
# A view that closes while it sends never finishes; more than this many are not on the way at once.
OPEN_AT_ONCE = 4


class Pieces:
    """Holds the pieces of each upload until it is whole."""

    def __init__(self) -> None:
        self._open: dict[str, bytearray] = {}

    def add(self, body: dict[str, Any], buffers: Sequence[memoryview]) -> bytes | None:
        """The whole file with its last piece, None before. Raises KlingError for a piece out of turn or too much."""
        upload, part, parts = str(body["upload"]), int(body["part"]), int(body["parts"])
        if part == 0:
            self._open[upload] = bytearray()
            while len(self._open) > OPEN_AT_ONCE:
                del self._open[next(iter(self._open))]
        file = self._open.get(upload)
        if file is None or len(buffers) != 1:
            raise KlingError("A piece of the file is missing. Add the file again.")
        file += buffers[0]
        if len(file) > LIMIT:
            del self._open[upload]
            raise KlingError(f"The file is larger than {LIMIT >> 20} MB. Save it smaller and add it again.")
        if part < parts - 1:
            return None
        return bytes(self._open.pop(upload))
