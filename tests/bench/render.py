"""Five seconds of 720p with six moving areas, beside encoding the very same frames: `python -m tests.bench render`.

Target: at most 1.5 x. Processor time is printed too: it tells more on a machine that has other things to do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Area, Job, Photo
from kling_widgets.emulator.layers import frames
from kling_widgets.emulator.render import film_size, render

TARGET = 1.5
ROUNDS = 5

PHOTO = Path(__file__).parents[2] / "notebooks" / "photos" / "rocket.jpg"

PATCHES = [
    # x, y of the middle, half width, half height, way in x and y; pixels of the photo
    (322, 275, 36, 152, 0, -120),
    (190, 230, 25, 110, 30, -30),
    (450, 230, 25, 110, -30, 20),
    (150, 375, 25, 25, 50, -100),
    (430, 390, 30, 30, 30, -150),
    (250, 380, 30, 30, -50, -50),
]


def job() -> Job:
    photo = np.asarray(Image.open(PHOTO).convert("RGB"))
    rows, columns = np.indices(photo.shape[:2])
    areas = tuple(
        Area(((columns - x) / w) ** 2 + ((rows - y) / h) ** 2 <= 1, np.array([[x, y], [x + dx, y + dy]], float))
        for x, y, w, h, dx, dy in PATCHES
    )
    return Job(photos=(photo,), areas=areas, static=columns < 110)


def main() -> None:
    asked = job()
    size = film_size(asked)
    made = list(frames(asked, size))
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        for _ in range(ROUNDS):
            encoded = took(lambda: encode(made, path, size, asked.fps))
            rendered = took(lambda: render(asked, path))
            ratios.append(rendered / encoded)
            sys.stdout.write(
                f"encode {encoded[0]:.2f} s, render {rendered[0]:.2f} s, ratio {ratios[-1][0]:.2f}; "
                f"processor {encoded[1]:.2f} s, {rendered[1]:.2f} s, {ratios[-1][1]:.2f}\n"
            )

    wall, busy = np.median(ratios, axis=0)
    sys.stdout.write(f"median ratio {wall:.2f}, target {TARGET}; of processor time {busy:.2f}\n")


def encode(frames: list[Photo], path: Path, size: Size, fps: int) -> None:
    with Encoder(path, *size, fps) as film:
        for frame in frames:
            film.write(frame)


def took(work: Callable[[], object]) -> NDArray[np.float64]:
    """Seconds by the clock, and of all processors together."""
    start = perf_counter(), process_time()
    work()
    return np.array([perf_counter() - start[0], process_time() - start[1]])


if __name__ == "__main__":
    main()
