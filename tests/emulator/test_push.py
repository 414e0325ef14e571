"""A plain prompt: the camera comes nearer, near things grow more than far ones, nothing tears."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator.depth import Depth, depth
from kling_widgets.emulator.job import Job
from kling_widgets.emulator.parallax import Parallax
from kling_widgets.emulator.push import ASIDE, FAR, NEAR, frames

SIZE = WIDTH, HEIGHT = 180, 120


def scenery(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    photo = np.clip(110 + cv2.GaussianBlur(rng.normal(0, 160, (HEIGHT, WIDTH, 3)), (0, 0), 2), 20, 235).astype(np.uint8)
    cv2.circle(photo, (90, 66), 26, (225, 60, 40), -1)
    return photo


def test_begins_on_the_photo() -> None:
    """The first frame is the photo to the value; the last is not."""
    photo = scenery()
    film = list(frames(Job(photos=(photo,), seconds=1, fps=4), SIZE))

    np.testing.assert_array_equal(film[0], photo)
    assert np.abs(film[-1].astype(int) - photo).mean() > 3


def test_near_grows_more_than_far() -> None:
    """What is nearest grows by its factor, what is farthest by its own."""
    near = np.zeros((HEIGHT, WIDTH), np.float32)
    near[:, 60:120] = 1
    x, y = Parallax(scenery(), Depth(near, 1, (0.5, 0.5))).sources(1.05, 1.2, 0)

    assert np.gradient(x, axis=1)[50:70, 80:100].mean() == pytest.approx(1 / 1.2, abs=0.01)
    assert np.gradient(y, axis=0)[50:70, 80:100].mean() == pytest.approx(1 / 1.2, abs=0.01)
    assert np.gradient(x, axis=1)[50:70, 8:32].mean() == pytest.approx(1 / 1.05, abs=0.01)


def test_far_passes_aside() -> None:
    """Moved aside, what is far goes on by as many pixels, what is near stays."""
    near = np.zeros((HEIGHT, WIDTH), np.float32)
    near[:, 110:] = 1
    x, _ = Parallax(scenery(), Depth(near, 1, (0.5, 0.5))).sources(1, 1, 4)
    columns = np.arange(WIDTH)

    assert (columns - x[60])[60] == pytest.approx(4, abs=0.1)
    assert (columns - x[60])[135] == pytest.approx(0, abs=0.1)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 50), done=st.floats(0.05, 1), side=st.sampled_from([-1, 1]))
def test_nothing_tears_and_no_margin_shows(seed: int, done: float, side: int) -> None:
    """From pixel to pixel one goes on in the photo, never back, never by a leap; and never beyond its edges."""
    photo = scenery(seed)
    x, y = Parallax(photo, depth(photo)).sources(FAR**done, NEAR**done, side * ASIDE * WIDTH * done)
    across, down = np.diff(x, axis=1), np.diff(y, axis=0)

    assert min(across.min(), down.min()) > 0.2
    assert max(across.max(), down.max()) < 1.6
    assert min(x.min(), y.min()) >= -0.55
    assert x.max() <= WIDTH - 0.45
    assert y.max() <= HEIGHT - 0.45


def test_sides_of_any_length() -> None:
    """A frame that is no multiple of the field's step is filled too."""
    photo = cv2.resize(scenery(), (98, 74))
    film = list(frames(Job(photos=(photo,), seconds=1, fps=3), (98, 74)))

    assert [frame.shape for frame in film] == [(74, 98, 3)] * 3
    assert min(frame.min() for frame in film) >= 15
