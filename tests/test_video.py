"""A film on disk shows itself."""

from pathlib import Path
from typing import Any

import pytest

import kling_widgets as kw

VIDEO = kw.Video(Path("kling_videos/a.mp4"), "https://films.example/a.mp4", 5.0, 1280, 720)


def test_a_video_is_one_line_of_text() -> None:
    """Where nothing can play."""
    assert str(VIDEO) == f"{VIDEO.path} (5 s, 1280 x 720)"
    assert "\n" not in repr(VIDEO)


def test_in_a_notebook_a_video_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is displayed is a player of its file."""
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)

    VIDEO._ipython_display_()

    (player,) = shown
    assert (type(player).__name__, player.path) == ("Player", VIDEO.path)
