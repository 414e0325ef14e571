"""A picture on disk."""

from __future__ import annotations

import base64
import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Picture(os.PathLike[str]):
    """A finished picture: its file, the address it came from, its size in pixels.

    It stands wherever a path may, so `ImageToVideo(image=picture)` films it. As the last value of a notebook's cell it
    shows itself.
    """

    path: Path
    url: str
    width: int
    height: int

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The file itself for the notebook, as it lies there; words alone where it has gone."""
        shown = {"text/plain": str(self)}
        kind = mimetypes.guess_type(self.path.name)[0]
        try:
            if kind in ("image/png", "image/jpeg"):
                shown[kind] = base64.b64encode(self.path.read_bytes()).decode()
        except OSError:
            shown["text/plain"] += " - the file has gone"
        return shown

    def __str__(self) -> str:
        return f"{self.path} ({self.width} x {self.height})"
