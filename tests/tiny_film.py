"""A real film, for tests: it has boxes, pictures and an end, and 50,000 bytes whatever encoded it."""

from __future__ import annotations

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import av

SIZE = 50_000


def filmed(seconds: int = 5, width: int = 1280, height: int = 720, *, shade: int = 0) -> bytes:
    """An mp4 of one grey, a frame a second; each `shade` (0 to 255) gives other bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        _film(path, seconds, width, height, shade)
        film = path.read_bytes()
    room = SIZE - len(film)
    return film + struct.pack(">I4s", room, b"free") + bytes(room - 8)


def _film(path: Path, seconds: int, width: int, height: int, shade: int) -> None:
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        # One thread, so that the same film has the same bytes on every machine.
        stream = container.add_stream("libx264", rate=1, options={"preset": "ultrafast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for second in range(seconds):
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([shade]) * plane.buffer_size)
            frame.pts = second
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


FILM = filmed()
"""5 s, 1280 x 720."""
