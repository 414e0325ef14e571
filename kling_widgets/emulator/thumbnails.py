"""The little moving pictures of the effects: `python -m kling_widgets.emulator.thumbnails` makes them from the looks.

They lie in sheets: one row a scene, in the order of data/effects.json, one column a frame. The first column is a moment
well into the effect, good to stand still on; stepping through the columns, and on from the last to the first, plays it.
data/thumbnails.json says {size, frames, sheets: [{file, first, count}]}: pixels of a side, columns, and for each sheet
the number of its first scene and how many there are.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from kling_widgets.emulator.fit import cover, fitted
from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.scenes import scene

SIZE, FRAMES, ROWS = 80, 6, 40
"""Pixels of a side, frames of a scene, scenes of a sheet."""

STILL = 0.6
"""The moment of the effect that the first column shows."""

WORKING_SIZE = 2 * SIZE
"""Looks are drawn at twice the size: fine lines and small particles survive."""

QUALITY = 17
"""WebP quality at which all sheets together stay under a megabyte."""

DATA = Path(__file__).parents[1] / "data"
PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"

PERSON, PET, PLACE = "astronaut.png", "chelsea.png", "rocket.jpg"
BY_CATEGORY = {"Pets": PET, "Camera & transitions": PLACE}
"""Which sample photo stands for which kind of effect; the others show the person."""


def make(effects: Sequence[dict[str, Any]], photos: Path, data: Path) -> dict[str, Any]:
    """Write the sheets and thumbnails.json for these effects; answer with what the latter says."""
    pictures = {name: _square(photos / name) for name in (PERSON, PET, PLACE)}
    sheets = []
    for number, first in enumerate(range(0, len(effects), ROWS)):
        part = effects[first : first + ROWS]
        sheet = np.concatenate([row(effect, pictures) for effect in part])
        file = f"thumbnails-{number}.webp"
        Image.fromarray(sheet).save(data / file, quality=QUALITY, method=6)
        sheets.append({"file": file, "first": first, "count": len(part)})

    layout = {"size": SIZE, "frames": FRAMES, "sheets": sheets}
    (data / "thumbnails.json").write_text(json.dumps(layout, indent=2) + "\n", encoding="utf-8")
    return layout


def row(effect: dict[str, Any], pictures: dict[str, Photo]) -> Photo:
    """The frames of one effect side by side: shape (SIZE, FRAMES * SIZE, 3)."""
    two = effect["images"] == 2
    photos = [pictures[PERSON], pictures[PET]] if two else [pictures[BY_CATEGORY.get(effect["category"], PERSON)]]
    # Two photos side by side are wider than a cell: without its bands above and below, each would show half a face.
    at = scene(effect["scene"], photos, (WORKING_SIZE * 4 // 3 if two else WORKING_SIZE, WORKING_SIZE))
    moments = [(STILL + index / FRAMES) % 1 for index in range(FRAMES)]

    return np.concatenate([fitted(at(moment), (SIZE, SIZE)) for moment in moments], axis=1)


def _square(path: Path) -> Photo:
    """The photo's middle; of a portrait the upper part, where the face is."""
    picture = np.asarray(Image.open(path).convert("RGB"))
    if path.name == PERSON:
        picture = picture[:400, 25:425]

    return cover(picture, (WORKING_SIZE, WORKING_SIZE))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(description="Make the effect thumbnails from the sample photos.")
    parser.add_argument("--photos", type=Path, default=PHOTOS, help="folder of the sample photos (%(default)s)")
    parser.add_argument("--data", type=Path, default=DATA, help="folder to write to (%(default)s)")
    given = parser.parse_args(arguments)
    effects = json.loads((DATA / "effects.json").read_text(encoding="utf-8"))["effects"]

    layout = make(effects, given.photos, given.data)
    size = sum((given.data / sheet["file"]).stat().st_size for sheet in layout["sheets"])
    sys.stdout.write(f"{len(effects)} effects in {len(layout['sheets'])} sheets, {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
