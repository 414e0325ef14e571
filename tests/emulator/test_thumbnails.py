"""The shipped thumbnails: their layout is what the front end counts on, and the command makes them."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kling_widgets.emulator.thumbnails import FRAMES, PHOTOS, SIZE, main, make, row

DATA = Path(str(files("kling_widgets"))) / "data"
EFFECTS = json.loads((DATA / "effects.json").read_text(encoding="utf-8"))["effects"]
LAYOUT = json.loads((DATA / "thumbnails.json").read_text(encoding="utf-8"))


def test_every_scene_has_a_row() -> None:
    """The sheets follow one another without a gap, through all scenes, each as tall and wide as its layout says."""
    first = 0
    for sheet in LAYOUT["sheets"]:
        assert sheet["first"] == first
        with Image.open(DATA / sheet["file"]) as picture:
            assert (picture.format, picture.size) == (
                "WEBP",
                (LAYOUT["frames"] * LAYOUT["size"], sheet["count"] * LAYOUT["size"]),
            )
        first += sheet["count"]

    assert first == len(EFFECTS) == 229


def test_all_of_them_are_small() -> None:
    """At most a megabyte together, and a sheet well under what may load before scrolling."""
    sizes = [(DATA / sheet["file"]).stat().st_size for sheet in LAYOUT["sheets"]]
    assert sum(sizes) <= 1_000_000
    assert max(sizes) <= 250_000


def test_shipped_rows_are_what_the_looks_make() -> None:
    """Sampled rows are, WebP's losses apart, what the looks make today: thumbnails do not go stale unnoticed."""
    from kling_widgets.emulator.thumbnails import PERSON, PET, PLACE, _square

    pictures = {name: _square(PHOTOS / name) for name in (PERSON, PET, PLACE)}
    for number in (0, 57, 131, 228):
        sheet = next(sheet for sheet in reversed(LAYOUT["sheets"]) if sheet["first"] <= number)
        top = (number - sheet["first"]) * SIZE
        with Image.open(DATA / sheet["file"]) as picture:
            shipped = np.asarray(picture.convert("RGB"))[top : top + SIZE]
        assert np.abs(shipped.astype(int) - row(EFFECTS[number], pictures)).mean() < 12, EFFECTS[number]["scene"]


def test_make(tmp_path: Path) -> None:
    """A few effects make one sheet, and the layout that tells of it is written beside it."""
    layout = make(EFFECTS[:2], PHOTOS, tmp_path)

    assert layout == json.loads((tmp_path / "thumbnails.json").read_text(encoding="utf-8"))
    assert layout == {
        "size": SIZE,
        "frames": FRAMES,
        "sheets": [{"file": "thumbnails-0.webp", "first": 0, "count": 2}],
    }
    with Image.open(tmp_path / "thumbnails-0.webp") as picture:
        assert picture.size == (FRAMES * SIZE, 2 * SIZE)


def test_command_tells_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    """--help names the folders it reads and writes."""
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "--photos" in capsys.readouterr().out
