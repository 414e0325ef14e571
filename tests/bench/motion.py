"""A frame of each move of the whole picture at 720p and 1080p, in processor time beside one plain zoom of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from PIL import Image

from kling_widgets.emulator.depth import depth
from kling_widgets.emulator.fit import frame_size, scaled
from kling_widgets.emulator.flow import match
from kling_widgets.emulator.morph import Morph
from kling_widgets.emulator.parallax import Parallax
from kling_widgets.emulator.push import ASIDE, FAR, NEAR
from kling_widgets.emulator.warp import zoomed

ROUNDS = 15

PHOTO = Path(__file__).parents[2] / "notebooks" / "photos" / "coffee.png"


def main() -> None:
    photo = np.asarray(Image.open(PHOTO).convert("RGB"))
    for short in (720, 1080):
        size = frame_size(photo.shape[1] / photo.shape[0], short)
        start = scaled(photo, size)
        tail = zoomed(start, 1.2)
        found = match(start, tail)
        if found is None:
            raise SystemExit("The two pictures should match.")

        scene, morph = Parallax(start, depth(photo)), Morph(start, tail, found)
        makers: dict[str, Callable[[], object]] = {
            "zoom": lambda: zoomed(start, 1.1),  # noqa: B023
            "push": lambda: scene.seen(FAR, NEAR, ASIDE * size[0]),  # noqa: B023
            "morph": lambda: morph.at(0.5),  # noqa: B023
            "prepare push": lambda: depth(photo),
            "prepare morph": lambda: match(start, tail),  # noqa: B023
        }
        taken: dict[str, list[float]] = {name: [] for name in makers}
        # In turn, so that what else the machine does falls on all alike.
        for _ in range(ROUNDS):
            for name, make in makers.items():
                begin = process_time()
                make()
                taken[name].append(process_time() - begin)

        plain = float(np.median(taken["zoom"]))
        for name, times in taken.items():
            middle = float(np.median(times))
            sys.stdout.write(f"{short}p {name}: {1000 * middle:.1f} ms, {middle / plain:.1f} x a zoom\n")
    sys.stdout.write(f"OpenCV {cv2.__version__}; target: push at most 10 ms beyond the zoom\n")


if __name__ == "__main__":
    main()
