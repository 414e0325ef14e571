"""Reading an mp4's boxes: its length and size, and whether it is whole."""

import struct
from pathlib import Path

import pytest

from kling_widgets.mp4 import Movie, read


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mvhd(duration: int, timescale: int = 1000, version: int = 0) -> bytes:
    times = (
        struct.pack(">QQIQ", 0, 0, timescale, duration) if version else struct.pack(">IIII", 0, 0, timescale, duration)
    )
    return box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))


def track(handler: bytes, width: int = 0, height: int = 0) -> bytes:
    tkhd = box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    return box(b"trak", tkhd + box(b"mdia", box(b"mdhd", bytes(24)) + box(b"hdlr", bytes(8) + handler + bytes(12))))


def movie(*, version: int = 0, tracks: bytes = track(b"soun") + track(b"vide", 1280, 720)) -> bytes:
    moov = box(b"moov", mvhd(5041, version=version) + tracks)
    return box(b"ftyp", b"isom" + bytes(4)) + moov + box(b"mdat", bytes(1000))


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("version", [0, 1])
def test_length_and_size_are_read(tmp_path: Path, version: int) -> None:
    """5041 of 1000 a second, 1280 x 720 of the picture track, not of the sound before it."""
    assert read(saved(tmp_path, movie(version=version))) == Movie(5.041, 1280, 720)


def test_a_box_may_have_a_long_size_or_reach_to_the_end(tmp_path: Path) -> None:
    """Sizes of 64 bits and the size 0, "up to the end", are both in use for mdat."""
    start = movie().removesuffix(box(b"mdat", bytes(1000)))

    assert read(saved(tmp_path, start + struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100))).width == 1280
    assert read(saved(tmp_path, start + struct.pack(">I4s", 0, b"mdat") + bytes(100))).width == 1280


@pytest.mark.parametrize("cut", [1, 500, 999, 1004, 1200])
def test_a_film_that_ends_too_early_is_noticed(tmp_path: Path, cut: int) -> None:
    """Whichever byte is the last one."""
    with pytest.raises(ValueError, match=r"ends too early|no film in it"):
        read(saved(tmp_path, movie()[:-cut]))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html>not found, sorry</html>", "ends too early|not an mp4"),
        (box(b"free", bytes(20)), "not an mp4"),
        (box(b"ftyp"), "no film in it"),
        (movie(tracks=track(b"soun")), "no pictures in it"),
        (movie(tracks=b""), "no pictures in it"),
        (box(b"ftyp") + box(b"moov", box(b"mvhd", b"")) + box(b"mdat"), "header is damaged"),
        (box(b"ftyp") + box(b"moov", mvhd(5) + box(b"trak", box(b"tkhd"))) + box(b"mdat"), "header is damaged"),
        (box(b"ftyp") + struct.pack(">I4s", 3, b"moov"), "ends too early"),
        (b"", "not an mp4"),
    ],
)
def test_what_is_no_film_says_so(tmp_path: Path, data: bytes, words: str) -> None:
    """Each in its own words, as a ValueError."""
    with pytest.raises(ValueError, match=words):
        read(saved(tmp_path, data))
