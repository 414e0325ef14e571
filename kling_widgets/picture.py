"""A picture on disk."""

from __future__ import annotations

import base64
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import PIL.Image

PREVIEW = (1024, 1024)
"""Pixels of what the notebook keeps of a picture, at most: the file is whole, the notebook stays small."""


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
        """A preview for the notebook, as JPEG; words alone where the file has gone."""
        try:
            with PIL.Image.open(self.path) as picture:
                small = picture.convert("RGB")
        except OSError:
            return {"text/plain": f"{self} - the file has gone"}
        small.thumbnail(PREVIEW)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=85)
        return {"text/plain": str(self), "image/jpeg": base64.b64encode(out.getvalue()).decode()}

    def __str__(self) -> str:
        return f"{self.path} ({self.width} x {self.height})"
