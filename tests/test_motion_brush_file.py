"""A drawing in one small file: what is saved is what is loaded, and what is no such file is refused in words."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kling_widgets import InvalidRequest, KlingWarning, MotionBrush
from kling_widgets.widgets.drawing_file import FORMAT, DrawingFile
from tests.test_motion_brush import Views

WIDTH, HEIGHT = 400, 300
POINT = st.floats(-1e4, 1e4)


def photo(width: int = WIDTH, height: int = HEIGHT, colour: str = "steelblue") -> PIL.Image.Image:
    return PIL.Image.new("RGB", (width, height), colour)


def painted() -> MotionBrush:
    brush = MotionBrush(photo())
    rows, columns = np.indices((HEIGHT, WIDTH))
    brush.set_area(1, mask=np.hypot(rows - 100, columns - 100) < 50, path=[(100, 100), (300.25, 120)])
    brush.set_area(6, mask=np.hypot(rows - 200, columns - 300) < 60)
    brush.set_static(rows > 280)
    return brush


def held(brush: MotionBrush) -> tuple[list[Any], dict[int, list[Any]]]:
    return brush._brush_labels.tolist(), {number: path.tolist() for number, path in brush._brush_paths.items()}


@settings(max_examples=60, deadline=None)
@given(
    labels=arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)), elements=st.integers(0, 7)),
    paths=st.dictionaries(st.integers(1, 6), st.lists(st.tuples(POINT, POINT), min_size=2, max_size=5)),
)
def test_what_is_saved_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, labels: np.ndarray, paths: dict[int, list[tuple[float, float]]]
) -> None:
    place = tmp_path_factory.mktemp("drawings") / "any.drawing"
    DrawingFile(labels, {number: np.array(path) for number, path in paths.items()}, "abc").write(place)
    read = DrawingFile.read(place)
    assert np.array_equal(read.labels, labels)
    assert {number: list(map(tuple, path.tolist())) for number, path in read.paths.items()} == paths
    assert (read.fingerprint, read.photo) == ("abc", None)


def test_a_brush_loads_what_another_saved_as_one_step(tmp_path: Path) -> None:
    place = painted().save(tmp_path / "boat.drawing")
    assert list(tmp_path.iterdir()) == [place]
    assert place.stat().st_size < 3_000
    brush = MotionBrush(photo())
    brush.set_area(2, mask=np.ones((HEIGHT, WIDTH), bool), path=[(1, 2), (3, 4)])
    views = Views(brush)
    brush.load(str(place))
    assert held(brush) == held(painted())
    ((message, _),) = views.said
    assert message["body"]["paths"] == {"1": [[100, 100], [300.25, 120]], "2": None}
    assert not message["body"]["more"]


def test_the_same_drawing_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = (painted().save(tmp_path / name).read_bytes() for name in ("one.drawing", "other.drawing"))
    assert one == other


def test_with_its_photo_a_file_is_a_brush(tmp_path: Path) -> None:
    place = painted().save(tmp_path / "boat.drawing", photo=True)
    brush = MotionBrush.from_file(place)
    assert held(brush) == held(painted())
    assert (brush.image.fingerprint, brush.image.original) == (painted().image.fingerprint, (WIDTH, HEIGHT))


def test_a_photo_that_was_scaled_down_keeps_the_size_one_draws_at(tmp_path: Path) -> None:
    brush = MotionBrush(photo(5000, 2500))
    brush.set_area(1, path=[(1, 2), (4900, 2400)])
    again = MotionBrush.from_file(brush.save(tmp_path / "large.drawing", photo=True))
    assert again.image.original == (5000, 2500)
    assert again.drawing.image.scale == brush.image.scale


def test_without_its_photo_a_file_asks_for_one(tmp_path: Path) -> None:
    place = painted().save(tmp_path / "boat.drawing")
    with pytest.raises(InvalidRequest, match=r"boat\.drawing was saved without its photo\. Pass it as image="):
        MotionBrush.from_file(place)
    assert held(MotionBrush.from_file(place, image=photo())) == held(painted())


def test_another_size_is_refused_with_both_and_fitted_when_asked(tmp_path: Path) -> None:
    place = painted().save(tmp_path / "boat.drawing")
    brush = MotionBrush(photo(800, 600))
    with pytest.raises(InvalidRequest, match=r"a photo of 400 x 300 pixels; this one has 800 x 600\. Pass scale=True"):
        brush.load(place)
    assert not brush.areas[0].painted
    brush.load(place, scale=True)
    assert brush.areas[0].path.tolist() == [[200, 200], [600.5, 240]]
    assert brush.areas[0].mask.sum() == 4 * painted().areas[0].mask.sum()


def test_another_photo_of_the_same_size_is_told_of(tmp_path: Path) -> None:
    place = painted().save(tmp_path / "boat.drawing")
    with pytest.warns(KlingWarning, match="drawn on another photo"):
        MotionBrush(photo(colour="red")).load(place)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MotionBrush(photo()).load(place)


def test_a_place_that_cannot_be_written_keeps_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "boat.drawing"
    place.mkdir()
    with pytest.raises(IsADirectoryError):
        painted().save(place)
    assert list(tmp_path.iterdir()) == [place]


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def facts(**changes: object) -> bytes:
    usual = {"format": FORMAT, "version": 1, "size": [4, 2], "paths": {}, "fingerprint": "", "photo": False}
    return json.dumps(usual | changes).encode()


def png(width: int, height: int, mode: str = "L", colour: object = 0) -> bytes:
    out = io.BytesIO()
    PIL.Image.new(mode, (width, height), colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no drawing, or only a part of one"),
        (png(4, 2), "is no drawing, or only a part of one"),
        (packed(readme_txt=b"hello"), "is a zip file, but no drawing"),
        (packed(drawing_json=b"[]", labels_png=png(4, 2)), "is a zip file, but no drawing"),
        (packed(drawing_json=facts(version=2), labels_png=png(4, 2)), "is of version 2; this package reads version 1"),
        (packed(drawing_json=facts()), "is damaged"),
        (packed(drawing_json=b"{", labels_png=png(4, 2)), "is damaged"),
        (packed(drawing_json=facts(), labels_png=png(4, 2)[:-30]), "is damaged"),
        (packed(drawing_json=facts(), labels_png=b"nonsense"), "is damaged"),
        (packed(drawing_json=facts(size=None), labels_png=png(4, 2)), "is damaged"),
        (packed(drawing_json=facts(), labels_png=png(9, 9)), "labels do not have the size it names, 4 x 2"),
        (packed(drawing_json=facts(), labels_png=png(4, 2, "RGB")), "labels do not have the size it names"),
        (packed(drawing_json=facts(), labels_png=png(4, 2, colour=9)), "Label 9 of any.drawing is none"),
        (packed(drawing_json=facts(paths={"9": [[1, 2], [3, 4]]}), labels_png=png(4, 2)), "There is no Area 9."),
        (packed(drawing_json=facts(paths={"1": [[1, 2]]}), labels_png=png(4, 2)), "a path needs a start and an end"),
        (packed(drawing_json=facts(photo=True), labels_png=png(4, 2)), "is damaged"),
        (packed(drawing_json=b" " * (17 << 20), labels_png=png(4, 2)), "unpacks to more than 16 MB of drawing.json"),
        (
            packed(drawing_json=facts(size=[20_000, 20_000]), labels_png=png(20_000, 20_000, "1")),
            "at most 128 megapixels are opened",
        ),
    ],
)
def test_what_is_no_drawing_is_refused_in_words_and_changes_nothing(tmp_path: Path, data: bytes, words: str) -> None:
    place = tmp_path / "any.drawing"
    place.write_bytes(data)
    brush = painted()
    with pytest.raises(InvalidRequest) as caught:
        brush.load(place)
    assert words in str(caught.value)
    assert held(brush) == held(painted())


@settings(max_examples=100, deadline=None)
@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_refused_or_is_still_a_drawing(
    tmp_path_factory: pytest.TempPathFactory, at: float, byte: int, cut: bool
) -> None:
    place = tmp_path_factory.mktemp("drawings") / "any.drawing"
    data = bytearray(painted().save(place).read_bytes())
    where = min(int(at * len(data)), len(data) - 1)
    data[where] = byte
    place.write_bytes(data[:where] if cut else data)
    try:
        read = DrawingFile.read(place)
    except InvalidRequest:
        return
    assert read.labels.max() <= 7


def test_a_file_that_is_not_there_is_what_python_says_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        painted().load(tmp_path / "none.drawing")
