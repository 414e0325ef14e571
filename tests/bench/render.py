"""Five seconds of 720p with six moving areas, beside encoding the very same frames: `python tests/bench/render.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.job import Area, Job
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
            start = perf_counter()
            with Encoder(path, *size, asked.fps) as film:
                for frame in made:
                    film.write(frame)
            encoded = perf_counter() - start

            start = perf_counter()
            render(asked, path)
            rendered = perf_counter() - start
            ratios.append(rendered / encoded)
            sys.stdout.write(f"encode {encoded:.2f} s, render {rendered:.2f} s, ratio {ratios[-1]:.2f}\n")

    sys.stdout.write(f"median ratio {np.median(ratios):.2f}, target {TARGET}\n")


if __name__ == "__main__":
    main()
