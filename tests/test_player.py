"""A film's way to the browser and its poster's way back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from kling_widgets.widgets.base import PIECE
from kling_widgets.widgets.player import Player
from tests.asking import Refused, ask


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """The browser alone looks inside a film, so any bytes will do; more than one piece of them."""
    path = tmp_path / "boat.mp4"
    path.write_bytes(bytes(range(256)) * (2 * PIECE // 256) + b"end")
    return path


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def test_the_browser_gets_every_byte_of_the_film_and_its_name(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body, data = ask(monkeypatch, Player(film), "film.bytes")
    assert body == {"name": "boat.mp4", "path": str(film)}
    assert data == film.read_bytes()


def test_no_film_is_a_synced_trait(film: Path) -> None:
    state = {name: value for name, value in Player(film).get_state().items() if name not in ("_esm", "_css")}
    assert len(str(state)) < 1000


def test_a_film_that_is_gone_is_refused_in_words(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player(film)
    film.unlink()
    with pytest.raises(Refused, match=r"cannot be read from .*boat.mp4: No such file.*fetch it again"):
        ask(monkeypatch, player, "film.bytes")


def test_the_poster_from_the_browser_stands_in_for_the_film(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player(film)
    before = player._picture()
    ask(monkeypatch, player, "film.poster", {}, jpeg(640, 360))
    assert before.size == (640, 120)
    assert player._picture().size == (640, 360)


@pytest.mark.parametrize(
    "sent", [(), (b"no picture",), (b"\xff\xd8cut",), (b"a", b"b"), (jpeg(9, 9) + bytes(3 << 20),)]
)
def test_a_poster_that_is_no_picture_is_refused_and_changes_nothing(
    film: Path, monkeypatch: pytest.MonkeyPatch, sent: tuple[bytes, ...]
) -> None:
    player = Player(film)
    with pytest.raises(Refused, match="Run this cell again"):
        ask(monkeypatch, player, "film.poster", {}, *sent)
    assert player._film_poster is None
