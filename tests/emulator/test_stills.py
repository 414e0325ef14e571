"""Still pictures: as many as asked for, each another one, marked as previews."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kling_widgets.emulator.job import Sheet
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.looks.catalogue import STYLES
from kling_widgets.emulator.stills import HANDS, WORDS, draw, look_named, picture_of


def scenery(width: int = 200, height: int = 150) -> np.ndarray:
    rng = np.random.default_rng(4)
    soft = cv2.GaussianBlur(rng.normal(127, 150, (height, width, 3)), (0, 0), 6) * 2 - 127
    return np.clip(soft, 20, 235).astype(np.uint8)


def opened(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        return np.asarray(picture).astype(int)


@pytest.mark.parametrize("photo", [None, scenery()], ids=["words", "photo"])
def test_nine_different_pictures(photo: np.ndarray | None, tmp_path: Path) -> None:
    """Nine PNG files of the size asked for, no two of them alike."""
    paths = [tmp_path / f"{number}.png" for number in range(9)]
    draw(Sheet("A lighthouse by the sea", 192, 128, 9, photo), paths)

    pictures = [opened(path) for path in paths]
    assert {picture.shape for picture in pictures} == {(128, 192, 3)}
    for number, one in enumerate(pictures):
        assert all(np.abs(one - other).mean() > 4 for other in pictures[:number])


@pytest.mark.parametrize("photo", [None, scenery()], ids=["words", "photo"])
def test_bears_the_label(photo: np.ndarray | None, tmp_path: Path) -> None:
    """Nobody takes it for the vendor's picture: the label is in the corner, and only there."""
    sheet = Sheet("hills", 400, 300, 1, photo)
    draw(sheet, [tmp_path / "a.png"])
    changed = np.abs(opened(tmp_path / "a.png") - picture_of(sheet, 0)).max(axis=2)
    rows, columns = Label((400, 300)).place

    assert changed[rows, columns].max() > 60
    changed[rows, columns] = 0
    assert changed.max() == 0


def test_the_same_again() -> None:
    """The same sheet is drawn the same."""
    sheet = Sheet("a rocket", 96, 96, 1, scenery())
    np.testing.assert_array_equal(picture_of(sheet, 0), picture_of(sheet, 0))


def test_photo_is_recognised() -> None:
    """Re-imagined, but still the photo: where it is light the picture is light."""
    photo = np.full((96, 144, 3), 40, np.uint8)
    photo[:, 72:] = 220
    for number in range(len(HANDS)):
        picture = picture_of(Sheet("", 144, 96, 9, photo), number).astype(int)
        assert picture[:, 130:].mean() > picture[:, :14].mean() + 40


@pytest.mark.parametrize(
    ("prompt", "look"),
    [("A Watercolor of her", "oil"), ("as a pencil sketch", "sketch"), ("Pixel art", "pixels"), ("my cat", None)],
)
def test_words_name_a_look(prompt: str, look: str | None) -> None:
    """A look that the words ask for is the look of all pictures."""
    assert look_named(prompt) == look


def test_looks_exist() -> None:
    """Every look that words or order may call for is in the catalogue."""
    assert {*WORDS, *(look for look, _ in HANDS)} <= set(STYLES)


def test_one_look_nine_pictures() -> None:
    """Where the words fix the look, the pictures still differ."""
    sheet = Sheet("oil painting", 120, 90, 9, scenery())
    pictures = [picture_of(sheet, number).astype(int) for number in range(9)]
    for number, one in enumerate(pictures):
        assert all(np.abs(one - other).mean() > 1 for other in pictures[:number])


def test_night_darkens_the_photo() -> None:
    """An hour in the words is seen in the photo's picture too."""
    day, night = (picture_of(Sheet(f"a felt thing at {hour}", 96, 96, 1, scenery()), 0) for hour in ("noon", "night"))
    assert night.mean() < day.mean() - 20


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.integers(64, 160), st.integers(64, 160), st.integers(0, 8), st.booleans())
def test_any_sheet(prompt: str, width: int, height: int, number: int, photo: bool) -> None:
    """Any words and any aspect."""
    picture = picture_of(Sheet(prompt, width, height, 9, scenery() if photo else None), number)
    assert (picture.shape, picture.dtype) == ((height, width, 3), np.uint8)


def test_all_or_none(tmp_path: Path) -> None:
    """When one file cannot be written none is left."""
    with pytest.raises(OSError, match="No such file"):
        draw(Sheet("hills", 64, 64, 2), [tmp_path / "a.png", tmp_path / "no" / "b.png"])

    assert list(tmp_path.iterdir()) == []


def test_a_path_for_each(tmp_path: Path) -> None:
    """Two pictures need two paths."""
    with pytest.raises(ValueError, match="2 pictures need 2 paths, not 1"):
        draw(Sheet("hills", 64, 64, 2), [tmp_path / "a.png"])
