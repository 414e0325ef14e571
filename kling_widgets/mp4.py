"""Length and size of an mp4 file, read from its boxes: enough to know that a download is whole, without a codec."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Movie:
    """`duration` in seconds; `width` and `height` in pixels, as shown."""

    duration: float
    width: int
    height: int


def read(path: Path) -> Movie:
    """Raises ValueError, in words, when the file is no mp4, has no picture track or ends too early."""
    size = path.stat().st_size
    with path.open("rb") as file:
        # Every box is visited, so that a file cut off in its last one, the pictures, is noticed.
        boxes = dict(_boxes(file, 0, size))
        if b"ftyp" not in boxes:
            raise ValueError("it is not an mp4 file")
        if b"moov" not in boxes or b"mdat" not in boxes:
            raise ValueError("it has no film in it")

        duration, pictures = 0.0, None
        for kind, span in _boxes(file, *boxes[b"moov"]):
            if kind == b"mvhd":
                duration = _duration(_body(file, *span))
            elif kind == b"trak" and pictures is None:
                pictures = _picture_size(file, *span)

    if pictures is None or duration <= 0:
        raise ValueError("it has no pictures in it")
    return Movie(duration, *pictures)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """(kind, (first, last + 1) of its content) of the boxes that fill start to end."""
    while start < end:
        file.seek(start)
        head = file.read(16)
        if len(head) < 8 or start + 8 > end:
            raise ValueError("it ends too early")

        size, kind = struct.unpack(">I4s", head[:8])
        content = start + 8
        if size == 1 and len(head) == 16:  # the true size follows, in 64 bits
            (size,) = struct.unpack(">Q", head[8:])
            content = start + 16
        elif size == 0:  # up to the end of the file
            size = end - start
        if size < content - start or start + size > end:
            raise ValueError("it ends too early")

        yield kind, (content, start + size)
        start += size


def _body(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(min(end - start, 256))  # the header boxes asked for are about 100 bytes long


def _duration(mvhd: bytes) -> float:
    wide = mvhd[:1] == b"\x01"  # version 1 counts in 64 bits
    form, offset = (">IQ", 20) if wide else (">II", 12)
    if len(mvhd) < offset + struct.calcsize(form):
        raise ValueError("its header is damaged")
    timescale, duration = struct.unpack_from(form, mvhd, offset)
    return duration / timescale if timescale else 0.0


def _picture_size(file: BinaryIO, start: int, end: int) -> tuple[int, int] | None:
    """(width, height) of a track of pictures; None for sound."""
    size, is_video = None, False
    for kind, (first, last) in _boxes(file, start, end):
        if kind == b"tkhd":
            body = _body(file, first, last)
            if len(body) < 84:
                raise ValueError("its header is damaged")
            width, height = struct.unpack(">II", body[-8:])  # 16.16 fixed point, the last two fields
            size = (width >> 16, height >> 16)
        elif kind == b"mdia":
            is_video |= any(
                k == b"hdlr" and _body(file, *span)[8:12] == b"vide" for k, span in _boxes(file, first, last)
            )
    return size if is_video and size and min(size) > 0 else None
