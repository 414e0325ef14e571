"""What is put around a subject leaves it free; what is written stays low; both come softly and go."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kling_widgets.emulator.looks.signs import lettered, speed_lines, viewfinder
from kling_widgets.emulator.looks.surround import mane, scrolls, unwrapped
from kling_widgets.emulator.looks.warps import slide

SIZE = 96
PHOTO = np.asarray(Image.open(Path(__file__).parents[2] / "notebooks" / "photos" / "astronaut.png").convert("RGB"))
PHOTO = np.asarray(cv2.resize(PHOTO[:400, 25:425], (SIZE, SIZE), interpolation=cv2.INTER_AREA))
MIDDLE = slice(SIZE // 2 - 16, SIZE // 2 + 16)


@pytest.mark.parametrize("look", [mane, scrolls, speed_lines, viewfinder])
@pytest.mark.parametrize("t", [0.15, 0.35, 0.6, 0.9])
def test_the_middle_is_left_free(look, t: float) -> None:
    """Not a value of the picture's middle third changes."""
    made = look(PHOTO, t, 1)
    np.testing.assert_array_equal(made[MIDDLE, MIDDLE], PHOTO[MIDDLE, MIDDLE])
    assert (made != PHOTO).any()


def test_words_stay_low_and_within_the_frame() -> None:
    """Nothing is written in the upper half, and a long word is made smaller until it fits."""
    for words in (["3", "2", "1"], ["a long greeting to everybody"]):
        changed = (lettered(PHOTO, 0.5, 1, words=words) != PHOTO).any(axis=2)
        assert changed.any()
        assert not changed[: SIZE // 2].any()
        assert not changed[:, [0, 1, -2, -1]].any()


def test_paper_opens_onto_the_photo() -> None:
    """Wrapping covers the middle at a quarter of the film, is off it at six tenths, and is gone in the end."""
    covered, opened, ended = (unwrapped(PHOTO, t, 1) for t in (0.25, 0.6, 1.0))
    assert np.abs(covered[MIDDLE, MIDDLE].astype(int) - PHOTO[MIDDLE, MIDDLE]).mean() > 60
    assert np.abs(opened[MIDDLE, MIDDLE].astype(int) - PHOTO[MIDDLE, MIDDLE]).mean() < 3
    np.testing.assert_array_equal(ended, PHOTO)


@pytest.mark.parametrize("look", [mane, scrolls, unwrapped, lettered, viewfinder, speed_lines])
def test_all_begin_with_the_photo(look) -> None:
    """At the film's first moment nothing is there yet."""
    np.testing.assert_array_equal(look(PHOTO, 0.0, 1), PHOTO)


def test_sliding_begins_and_ends_sharp() -> None:
    """The world is blurred while it races past, along its way only, and stands as it was before and after."""
    for t in (0.0, 0.05, 0.95, 1.0):
        assert np.abs(slide(PHOTO, t, 1).astype(int) - PHOTO).mean() < 0.5
    fast = slide(PHOTO, 0.5, 1).astype(int)
    assert np.abs(np.diff(fast, axis=1)).mean() < 0.8 * np.abs(np.diff(PHOTO.astype(int), axis=1)).mean()
