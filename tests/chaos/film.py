"""A film that really plays, made once, and for each wish a copy that says whose it is."""

from __future__ import annotations

import functools
import io
import tempfile
from pathlib import Path

import av
import numpy as np

from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.job import Film, Job

SIDE = 64
FRAMES = 4


def of(words: str) -> bytes:
    """The film of this wish: players pass over the box at its end."""
    mark = words.encode()
    return _film() + (len(mark) + 8).to_bytes(4, "big") + b"free" + mark


def render(job: Job, path: Path, watermarked: Path | None) -> Film:
    """The emulator's renderer, done at once."""
    path.write_bytes(of(job.prompt))
    return Film(job.seconds, SIDE, SIDE)


def plays(data: bytes) -> bool:
    """Whether every frame is there and can be decoded."""
    try:
        with av.open(io.BytesIO(data), "r") as film:
            return bool(film.streams.video) and len([*film.decode(video=0)]) == FRAMES
    except av.error.FFmpegError:
        return False


@functools.cache
def _film() -> bytes:
    noise = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with Encoder(path, SIDE, SIDE, 24) as film:
            for _ in range(FRAMES):
                film.write(noise.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
        return path.read_bytes()
