"""How near things seem: guesses that one can check by eye."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kling_widgets.emulator.depth import depth

PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"


def ground(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(110 + cv2.GaussianBlur(rng.normal(0, 60, (120, 180, 3)), (0, 0), 2), 0, 255).astype(np.uint8)


def at(plane: np.ndarray, x: float, y: float) -> float:
    return float(plane[int(y * plane.shape[0]), int(x * plane.shape[1])])


@pytest.mark.parametrize("x", [0.35, 0.6])
def test_thing_in_the_middle_is_near(x: float) -> None:
    """A thing unlike all around it is nearer than what lies beside it, and is what one looks at."""
    photo = ground()
    cv2.circle(photo, (round(180 * x), 60), 22, (230, 60, 40), -1)
    guess = depth(photo)

    assert guess.sure > 0.5
    assert at(guess.near, x, 0.5) > at(guess.near, 1 - x if x < 0.5 else 0.15, 0.5) + 0.4
    assert guess.focus[0] == pytest.approx(x, abs=0.12)


@pytest.mark.parametrize(
    ("name", "near", "far"),
    [
        ("astronaut.png", [(0.45, 0.25), (0.4, 0.7), (0.65, 0.85)], [(0.1, 0.1), (0.65, 0.1)]),
        ("coffee.png", [(0.45, 0.35), (0.3, 0.6)], [(0.05, 0.05), (0.95, 0.2)]),
        ("rocket.jpg", [(0.5, 0.5), (0.5, 0.9)], [(0.2, 0.1), (0.7, 0.2), (0.3, 0.5)]),
        ("chelsea.png", [(0.4, 0.4), (0.55, 0.8)], [(0.95, 0.1), (0.95, 0.5)]),
    ],
)
def test_sample_photos(name: str, near: list[tuple[float, float]], far: list[tuple[float, float]]) -> None:
    """The woman, the cup, the rocket, the cat stand before what is around them."""
    guess = depth(np.asarray(Image.open(PHOTOS / name).convert("RGB")))

    assert min(at(guess.near, *place) for place in near) > max(at(guess.near, *place) for place in far) + 0.15


def test_plain_is_unsure() -> None:
    """Where nothing stands out only being low tells: the ground comes nearer by even steps."""
    guess = depth(np.full((90, 160, 3), 120, np.uint8))

    assert guess.sure == 0
    assert (np.diff(guess.near[:, 40]) > 0).all()
    assert guess.near.max() < 0.3


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), width=st.integers(2, 90), height=st.integers(2, 90))
def test_any_picture(seed: int, width: int, height: int) -> None:
    """Any picture has a depth, within bounds and the same each time; its focus is well inside."""
    photo = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    guess, again = depth(photo), depth(photo)

    np.testing.assert_array_equal(guess.near, again.near)
    assert 0 <= guess.near.min() <= guess.near.max() <= 1
    assert 0 <= guess.sure <= 1
    assert all(0.3 < place < 0.7 for place in guess.focus)


def test_steps_are_gentle() -> None:
    """No step is so steep that what moves by it would fold: less than a sixteenth of all depth from pixel to pixel."""
    photo = ground()
    photo[30:, 60:120] = (240, 200, 40)
    near = depth(photo).near * (240 / 180)

    assert max(float(np.abs(np.diff(near, axis=axis)).max()) for axis in (0, 1)) < 1 / 6
