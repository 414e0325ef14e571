"""What lies behind a thing taken out: texture as sharp as the photo's own, never the same scrap again, and no outline.

Discs are taken out of the wooden table of a photo, so that what should be there is known; one touches the frame's edge.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kling_widgets.emulator.fill import fill

PHOTO = Path(__file__).parents[2] / "notebooks" / "photos" / "coffee.png"

DISCS = [(520, 95, 46), (600, 320, 52)]
"""x, y and radius."""


def disc(shape: tuple[int, ...], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.indices(shape[:2])
    return (columns - x) ** 2 + (rows - y) ** 2 <= radius**2


@pytest.fixture(scope="module")
def table() -> NDArray[np.uint8]:
    return np.asarray(Image.open(PHOTO).convert("RGB"))


@pytest.fixture(scope="module")
def filled(table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The table with both discs painted over in blue, taken out, and filled."""
    hole = np.logical_or.reduce([disc(table.shape, *one) for one in DISCS])
    return fill(np.where(hole[..., None], np.uint8([20, 60, 250]), table), hole)


def around(one: tuple[int, int, int]) -> tuple[slice, slice]:
    """The part of the picture that matters for a disc."""
    x, y, radius = one
    return slice(max(0, y - 2 * radius), y + 2 * radius), slice(x - 2 * radius, x + 2 * radius)


def parts(table: NDArray[np.uint8], one: tuple[int, int, int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """A disc, and the ring around it, half as wide."""
    inside = disc(table.shape, *one)
    return inside, disc(table.shape, *one[:2], one[2] * 1.5) & ~disc(table.shape, *one[:2], one[2] + 2)


def strangeness(picture: NDArray[np.uint8], truth: NDArray[np.uint8], away: int) -> NDArray[np.float64]:
    """How far each pixel's colour is from the nearest that the truth has in a square of 13, so many pixels away."""
    best = np.full(picture.shape[:2], np.inf)
    for step in np.ndindex(13, 13):
        moved = np.roll(truth, (step[0] - 6 + away, step[1] - 6), (0, 1)).astype(float)
        best = np.minimum(best, np.linalg.norm(picture - moved, axis=-1))
    return best


def fine(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The picture's detail: grey, and without what is soft."""
    grey = picture.astype(np.float32).mean(axis=2)
    return grey - cv2.GaussianBlur(grey, (0, 0), 3)


@pytest.mark.parametrize("one", DISCS)
def test_no_hole(table: NDArray[np.uint8], filled: NDArray[np.uint8], one: tuple[int, int, int]) -> None:
    """The filling is as near to the true background as the table is to itself: nothing is left over, nothing black.

    The distance is that of a pixel's colour to the nearest within a square of the truth. The texture's spread is how
    far the surroundings' own pixels are from the nearest in the square next to their own. With a quarter to spare, 99
    of 100 pixels of the filling are within the 99th percentile of that, and the furthest is within its maximum.
    """
    inside, _ = parts(table, one)
    wide = disc(table.shape, *one[:2], 2 * one[2]) & ~inside
    # Glints, a pixel or three wide, lie here and there in the varnish, and may.
    truth, made = (cv2.medianBlur(picture[around(one)], 5) for picture in (table, filled))
    usual = strangeness(truth, truth, 13)[wide[around(one)]]
    found = strangeness(made, truth, 0)[inside[around(one)]]

    assert np.percentile(found, 99) < 1.25 * np.percentile(usual, 99)
    assert found.max() < 1.25 * usual.max()


@pytest.mark.parametrize("one", DISCS)
def test_as_sharp_as_around(table: NDArray[np.uint8], filled: NDArray[np.uint8], one: tuple[int, int, int]) -> None:
    """It is neither a blur nor noise: detail is as strong as in the ring around."""
    inside, ring = parts(table, one)
    detail = fine(filled)

    assert 0.6 < detail[inside].std() / detail[ring].std() < 1.5


def test_no_stamp(filled: NDArray[np.uint8]) -> None:
    """The same scrap is not printed again and again: moved, the filling is not like itself."""
    x, y, radius = DISCS[0]
    half = round(radius / 2**0.5)
    square = fine(filled)[y - half : y + half, x - half : x + half]
    square = square - square.mean()
    likeness = np.fft.ifft2(np.abs(np.fft.fft2(square)) ** 2).real
    likeness = np.roll(likeness / likeness[0, 0], (half, half), (0, 1))

    assert likeness[~disc(likeness.shape, half, half, 6)].max() < 0.35


@pytest.mark.parametrize("one", DISCS)
def test_no_outline(filled: NDArray[np.uint8], one: tuple[int, int, int]) -> None:
    """Across the rim colours do not change more than they do elsewhere."""
    x, y, radius = one
    angles = np.linspace(0, 2 * np.pi, 400)

    def change(distance: float) -> np.floating:
        """From two pixels inside a circle to two outside, on the mean."""
        colours = []
        for further in (-2, 2):
            right, down = x + (distance + further) * np.cos(angles), y + (distance + further) * np.sin(angles)
            seen = x + (distance + 2) * np.cos(angles) < filled.shape[1] - 1
            colours.append(filled[down.round().astype(int)[seen], right.round().astype(int)[seen]].astype(float))
        return np.linalg.norm(colours[0] - colours[1], axis=-1).mean()

    usual = np.mean([change(radius + further) for further in (8, 14, 20)])
    assert change(radius) < 1.25 * usual


def test_edge_goes_on() -> None:
    """A slanting edge that runs into the hole comes out of it, and is whole in between."""
    rows, columns = np.indices((90, 120))
    upper = rows < 30 + 0.3 * columns
    noise = np.random.default_rng(0).normal(0, 6, (90, 120, 3))
    truth = np.clip(np.where(upper[..., None], (190.0, 200, 220), (90.0, 70, 40)) + noise, 0, 255).astype(np.uint8)
    hole = disc(truth.shape, 60, 48, 20)
    made = fill(np.where(hole[..., None], np.uint8([20, 240, 20]), truth), hole)

    assert ((made.mean(axis=2) > 135) != upper)[hole].mean() < 0.05
    np.testing.assert_array_equal(made[~hole], truth[~hole])


sizes = st.tuples(st.integers(1, 32), st.integers(1, 32))


@settings(max_examples=15, deadline=None)
@given(size=sizes, data=st.data())
def test_any_hole(size: tuple[int, int], data: st.DataObject) -> None:
    """Whatever the picture and the hole, outside it not a value changes, and twice is the same."""
    seed, x, y, radius = (data.draw(st.integers(0, most)) for most in (9, size[1], size[0], 40))
    photo = np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)
    hole = disc(size, x, y, radius)
    made = fill(photo, hole)

    np.testing.assert_array_equal(made[~hole], photo[~hole])
    np.testing.assert_array_equal(made, fill(photo, hole))


def test_nothing_to_take_from() -> None:
    """A frame of one colour, too thin for any example, still gives that colour."""
    hole = np.zeros((60, 80), bool)
    hole[1:-1, 1:-1] = True
    photo = np.where(hole[..., None], np.uint8([0, 255, 0]), np.uint8([120, 60, 30]))

    np.testing.assert_allclose(fill(photo, hole).reshape(-1, 3), np.broadcast_to([120, 60, 30], (4800, 3)), atol=2)
