"""The motion brush: what is painted moves as drawn, and nothing else does."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator.job import Area, Job
from kling_widgets.emulator.layers import Layers, frames

SIZE = WIDTH, HEIGHT = 120, 80


def scenery(seed: int = 0) -> np.ndarray:
    """A photo-like picture: a soft gradient with soft texture."""
    rng = np.random.default_rng(seed)
    texture = cv2.GaussianBlur(rng.normal(0, 60, (HEIGHT, WIDTH, 3)), (0, 0), 2)
    gradient = np.linspace(60, 140, HEIGHT)[:, None, None] + np.linspace(0, 40, WIDTH)[None, :, None]
    return np.clip(gradient + texture, 0, 255).astype(np.uint8)


def disc(x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.indices((HEIGHT, WIDTH))
    return (columns - x) ** 2 + (rows - y) ** 2 <= radius**2


def ball(photo: np.ndarray, x: int, y: int, radius: int = 9) -> np.ndarray:
    """The photo with a white ball in front."""
    return np.where(disc(x, y, radius)[..., None], np.uint8([250, 245, 240]), photo)


def centre(frame: np.ndarray) -> np.ndarray:
    """Where the white ball is: (x, y)."""
    rows, columns = np.nonzero(frame.min(axis=2) > 215)
    return np.array([columns.mean(), rows.mean()])


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, float)


masks = st.builds(disc, st.integers(0, WIDTH), st.integers(0, HEIGHT), st.integers(0, 40))
paths = st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=2, max_size=6).map(
    lambda points: np.array(points, float)
)
areas = st.lists(st.builds(Area, masks, paths), max_size=6).map(tuple)


@settings(max_examples=12, deadline=None)
@given(areas=areas, static=masks, time=st.floats(0, 5), seed=st.integers(0, 3))
def test_what_does_not_move_is_the_photo(areas: tuple[Area, ...], static: np.ndarray, time: float, seed: int) -> None:
    """However the masks lie: before anything has moved the composite is the photo, to the value, and so is the static
    area whatever passes."""
    photo = scenery(seed)
    layers = Layers(Job(photos=(photo,), areas=areas, static=static if static.any() else None), SIZE)

    np.testing.assert_array_equal(layers.at(0), photo)
    np.testing.assert_array_equal(layers.at(time)[static], photo[static])


def test_first_frame_is_the_photo_where_the_rim_of_one_area_lies_over_another() -> None:
    """The faintest rim of the upper area once changed a pixel of the lower one by a value."""
    photo, still = scenery(3), line((0, 0), (0, 0))
    areas = (Area(disc(14, 64, 24), still), Area(disc(56, 66, 15), still))
    np.testing.assert_array_equal(Layers(Job(photos=(photo,), areas=areas), SIZE).at(0), photo)


@pytest.mark.parametrize(
    "path",
    [
        line((30, 40), (90, 40)),
        line((30, 40), (30, 14)),
        line((30, 40), (80, 40), (80, 20)),
        line((30, 40), (45, 47), (60, 30), (75, 47), (88, 33)),
    ],
    ids=["right", "up", "L", "zigzag"],
)
def test_patch_follows_path(path: np.ndarray) -> None:
    """The thing's centre is on the path at ten times, within a third of a percent of the width."""
    photo = ball(scenery(), 30, 40)
    layers = Layers(Job(photos=(photo,), areas=(Area(disc(30, 40, 13), path),)), SIZE)
    times = np.linspace(0, 5, 10)

    knots = np.linspace(0, 5, len(path))
    expected = np.stack([np.interp(times, knots, path[:, axis]) for axis in (0, 1)], axis=1)
    found = np.array([centre(layers.at(time)) for time in times])
    np.testing.assert_allclose(found, expected, atol=0.0033 * WIDTH)


def test_no_ghost_and_no_hole() -> None:
    """Where the thing was, the background goes on: no light left, no black."""
    plain = scenery()
    job = Job(photos=(ball(plain, 30, 40),), areas=(Area(disc(30, 40, 13), line((30, 40), (90, 40))),))
    frame = Layers(job, SIZE).at(5)

    left = np.abs(frame.astype(int) - plain)[disc(30, 40, 16)]
    assert left.mean() < 14
    assert frame[disc(30, 40, 16)].max() < 215
    assert frame[disc(30, 40, 16)].min() > 20


def test_outside_nothing_changes() -> None:
    """Far from every mask and path the photo's values stay."""
    photo = ball(scenery(), 30, 40)
    frame = Layers(Job(photos=(photo,), areas=(Area(disc(30, 40, 13), line((30, 40), (60, 40))),)), SIZE).at(3)

    np.testing.assert_array_equal(frame[:, 90:], photo[:, 90:])


def test_higher_area_lies_over_lower() -> None:
    """Where two areas cross, the one named later is seen."""
    plain = scenery()
    photo = ball(plain, 30, 40)
    photo[disc(90, 40, 9)] = 0
    white = Area(disc(30, 40, 11), line((30, 40), (60, 40)))
    black = Area(disc(90, 40, 11), line((90, 40), (60, 40)))

    assert Layers(Job(photos=(photo,), areas=(white, black)), SIZE).at(5)[40, 60].max() < 10
    assert Layers(Job(photos=(photo,), areas=(black, white)), SIZE).at(5)[40, 60].min() > 230


def test_overlapping_masks_belong_to_the_higher_area() -> None:
    """A thing under two masks goes with the later one and leaves nothing with the earlier."""
    photo = ball(scenery(), 60, 40)
    up, down = Area(disc(60, 40, 12), line((60, 40), (60, 15))), Area(disc(60, 40, 12), line((60, 40), (60, 65)))
    frame = Layers(Job(photos=(photo,), areas=(up, down)), SIZE).at(5)

    np.testing.assert_allclose(centre(frame), (60, 65), atol=0.5)


def test_areas_that_touch_and_go_together_are_one() -> None:
    """A thing painted with two brushes does not come apart when both go the same way."""
    photo, whole = ball(scenery(), 30, 40), disc(30, 40, 13)
    left = whole & (np.indices(whole.shape)[1] < 30)
    halves = (Area(left, line((25, 40), (75, 50))), Area(whole & ~left, line((35, 40), (85, 50))))
    together, one = (
        Layers(Job(photos=(photo,), areas=areas), SIZE).at(4)
        for areas in (halves, (Area(whole, line((25, 40), (75, 50))),))
    )

    np.testing.assert_array_equal(together, one)


def test_sub_pixel() -> None:
    """A tenth of a pixel is a tenth of a pixel: the centre moves smoothly, in no steps."""
    photo = ball(scenery(), 40, 40)
    layers = Layers(Job(photos=(photo,), areas=(Area(disc(40, 40, 13), line((40, 40), (42, 40))),), seconds=2), SIZE)
    area = disc(40, 40, 14)

    place = np.arange(WIDTH) - 40
    mass = [(layers.at(t)[..., 0].astype(float) * area * place).sum() for t in np.linspace(0.5, 1.5, 11)]
    steps = np.diff(mass)
    assert steps.min() > 0.6 * steps.mean()
    assert steps.max() < 1.5 * steps.mean()


def test_area_may_leave_the_frame() -> None:
    """Gone over the edge it is gone: what stays is the filled background."""
    photo = ball(scenery(), 30, 40)
    layers = Layers(Job(photos=(photo,), areas=(Area(disc(30, 40, 13), line((30, 40), (-60, 40))),)), SIZE)

    np.testing.assert_array_equal(layers.at(5), layers.background)


@pytest.mark.parametrize("radius", [0, 1, 3])
def test_dot_moves_whole(radius: int) -> None:
    """A speck of a few pixels is not lost in the softness of its edge: it arrives, and nothing of it stays."""
    photo = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    photo[disc(30, 40, radius)] = 240
    frame = Layers(Job(photos=(photo,), areas=(Area(disc(30, 40, radius), line((30, 40), (60, 40))),)), SIZE).at(5)

    assert frame[40, 60].min() > 225
    assert np.abs(frame[30:51, 20:41].astype(int) - 60).max() <= 3


def test_smooth_area_moves_whole() -> None:
    """A mask on plain sky is not trimmed to nothing: its painter wants the sky moved."""
    photo = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    layers = Layers(Job(photos=(photo,), areas=(Area(disc(60, 40, 20), line((60, 40), (60, 20))),)), SIZE)

    assert np.abs(layers.at(5).astype(int) - 120).max() <= 2


def test_mask_and_path_scale_with_the_photo() -> None:
    """A photo twice the film's size moves half as many pixels."""
    photo = ball(scenery(), 30, 40)
    big = cv2.resize(photo, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_NEAREST)
    mask = cv2.resize(disc(30, 40, 13).astype(np.uint8), (2 * WIDTH, 2 * HEIGHT)).astype(bool)
    frame = Layers(Job(photos=(big,), areas=(Area(mask, line((60, 80), (180, 80))),)), SIZE).at(5)

    np.testing.assert_allclose(centre(frame), (90, 40), atol=0.5)


def test_whole_picture_painted() -> None:
    """Even with nothing left to fill from, a film is made."""
    photo = scenery()
    everything = np.ones((HEIGHT, WIDTH), bool)
    frame = Layers(Job(photos=(photo,), areas=(Area(everything, line((0, 0), (20, 0))),)), SIZE).at(5)

    assert frame.min() > 0


def test_frames_are_separate_arrays() -> None:
    """A frame handed over does not change when the next one is made."""
    photo = ball(scenery(), 30, 40)
    job = Job(photos=(photo,), areas=(Area(disc(30, 40, 13), line((30, 40), (90, 40))),), seconds=1, fps=4)
    made = list(frames(job, SIZE))

    assert len(made) == 4
    np.testing.assert_array_equal(made[0], photo)
    assert (made[0] != made[3]).any()
