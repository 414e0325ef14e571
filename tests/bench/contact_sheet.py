"""All 229 effects on one's own photo, part by part. Target: under 30 s on two cores.

Threads against processes (which pay for their start), against one thread after the other: all in the same run.
Run it with `python -m tests.bench contact_sheet`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from kling_widgets.emulator import contact_sheet
from kling_widgets.emulator.contact_page import effects, page
from kling_widgets.emulator.fit import cover
from kling_widgets.emulator.thumbnails import STILL

PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"
TARGET = 30.0


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    made = work()
    return perf_counter() - began, made


def in_processes(pair: tuple[Any, Any], workers: int) -> list[Any]:
    """What `cells` does, in fresh processes: each imports the looks first."""
    size = contact_sheet._cell(pair[0], contact_sheet.SIDE)
    photos = [cover(photo, (2 * size[0], 2 * size[1])) for photo in pair]
    draw = partial(contact_sheet._drawn, photos, size, [STILL])
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return list(pool.map(draw, effects(), chunksize=8))


def main() -> None:
    cores = os.cpu_count() or 1
    took = {}
    took["reading two photos"], pair = timed(
        lambda: contact_sheet.opened(PHOTOS / "astronaut.png", PHOTOS / "chelsea.png")
    )
    took[f"drawing 229 effects, {cores} threads"], made = timed(
        lambda: list(contact_sheet.cells(pair, contact_sheet.SIDE, [STILL], effects()))
    )
    took["laying out with titles"], sheet = timed(lambda: page([still for (still,) in made], effects()))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "effects.webp"
        took["writing WebP"], _ = timed(lambda: contact_sheet.save(sheet, out))
        size = out.stat().st_size

    total = sum(took.values())
    for part, seconds in took.items():
        print(f"{part:36} {seconds:6.2f} s   {seconds / total:4.0%}")
    longest = max(took, key=lambda part: took[part])
    print(
        f"{'together':36} {total:6.2f} s   {TARGET:.0f} s allowed; {sheet.width} x {sheet.height}, {size / 1e6:.1f} MB"
    )
    print(f"longest: {longest}")

    alone, _ = timed(lambda: list(contact_sheet.cells(pair, contact_sheet.SIDE, [STILL], effects(), 1)))
    apart, other = timed(lambda: in_processes(pair, cores))
    assert np.array_equal(made, other)
    print(f"{'drawing, one thread':36} {alone:6.2f} s\n{f'drawing, {cores} processes':36} {apart:6.2f} s")

    took_moving, frames = timed(lambda: contact_sheet.moving_sheet(*pair))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "effects.webp"
        writing, _ = timed(lambda: contact_sheet.save(frames, out))
        print(f"animated: {took_moving:.1f} s and {writing:.1f} s to write, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
