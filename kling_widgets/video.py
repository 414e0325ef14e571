"""A film on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Video:
    """A finished film: its file, the address it came from, its length in seconds and its size in pixels.

    As the last value of a notebook's cell it plays there.
    """

    path: Path
    url: str
    duration: float
    width: int
    height: int

    def _ipython_display_(self) -> None:
        from IPython.display import display

        from kling_widgets.widgets.player import Player

        display(Player(self.path))

    def __str__(self) -> str:
        return f"{self.path} ({self.duration:g} s, {self.width} x {self.height})"
