"""Camera moves: signs as the vendor words them, strength, no black, held to a transform fitted between two frames."""

from collections.abc import Mapping
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator.camera import frames, homography
from kling_widgets.emulator.job import Camera, Job
from kling_widgets.emulator.warp import warped

SIZE = WIDTH, HEIGHT = 240, 160
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
PRESETS = ("down_back", "forward_up", "right_turn_forward", "left_turn_forward")


def scenery() -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.clip(cv2.GaussianBlur(rng.normal(127, 160, (HEIGHT, WIDTH, 3)), (0, 0), 2.5) * 2 - 127, 10, 255).astype(
        np.uint8
    )


def fitted(type: str, config: Mapping[str, float] | None = None) -> tuple[float, float, float, float]:
    """What the picture does early in the move: shift right and down in pixels, growth, clockwise turn in radians."""
    photo, camera = scenery(), Camera(type, config or {})
    pictures = [cv2.cvtColor(warped(photo, homography(camera, done, SIZE)), cv2.COLOR_RGB2GRAY) for done in (0.1, 0.25)]
    places = np.stack(np.meshgrid(np.arange(70, 171, 20), np.arange(40, 121, 20)), -1).reshape(-1, 1, 2)
    start = places.astype(np.float32)
    end, found, _ = cv2.calcOpticalFlowPyrLK(*pictures, start, None, winSize=(31, 31), maxLevel=3)
    move, _ = cv2.estimateAffinePartial2D(start[found == 1], end[found == 1])

    middle = np.array([WIDTH / 2, HEIGHT / 2])
    shift = move[:, :2] @ middle + move[:, 2] - middle
    return float(shift[0]), float(shift[1]), float(np.hypot(*move[:, 0])), float(np.arctan2(move[1, 0], move[0, 0]))


@pytest.mark.parametrize("strength", [10, 3])
@pytest.mark.parametrize(
    ("axis", "sign", "seen", "direction"),
    [
        ("horizontal", 1, 0, -1),  # the camera goes right, the picture left
        ("horizontal", -1, 0, 1),
        ("vertical", 1, 1, 1),  # the camera goes up, the picture down
        ("vertical", -1, 1, -1),
        ("pan", 1, 0, -1),  # it turns right, the picture goes left
        ("pan", -1, 0, 1),
        ("tilt", 1, 1, 1),  # it turns up, the picture goes down
        ("tilt", -1, 1, -1),
        ("roll", 1, 3, -1),  # it turns clockwise, the picture counterclockwise
        ("roll", -1, 3, 1),
    ],
)
def test_signs(axis: str, sign: int, seen: int, direction: int, strength: float) -> None:
    """Each axis moves the picture against the camera."""
    assert fitted("simple", {axis: sign * strength})[seen] * direction > (0.5 if seen < 2 else 0.004)


def test_zoom_sign() -> None:
    """A longer focal length (below zero) makes the picture grow, a shorter one makes it shrink."""
    assert fitted("simple", {"zoom": -10})[2] > 1.02
    assert fitted("simple", {"zoom": 10})[2] < 0.98


@pytest.mark.parametrize(
    ("preset", "right", "down", "growth"),
    [
        ("down_back", 0, -1, -1),
        ("forward_up", 0, 1, 1),
        ("right_turn_forward", -1, 0, 0),
        ("left_turn_forward", 1, 0, 0),
    ],
)
def test_presets(preset: str, right: int, down: int, growth: int) -> None:
    """Down and back: up goes the picture and shrinks; forward and up: down it goes and grows; turns go first."""
    x, y, size, _ = fitted(preset)

    assert right == 0 or x * right > 1
    assert down == 0 or y * down > 0.8
    assert growth == 0 or (size - 1) * growth > 0.01


@pytest.mark.parametrize("preset", ["right_turn_forward", "left_turn_forward"])
def test_turns_end_going_forward(preset: str) -> None:
    """At the end of a turn the picture grows."""
    scales = [np.sqrt(abs(np.linalg.det(homography(Camera(preset), done, SIZE)[:2, :2]))) for done in (0.7, 1)]
    assert scales[1] > 1.05 * scales[0]


@pytest.mark.parametrize("axis", AXES)
def test_one_is_visible_and_ten_is_strong(axis: str) -> None:
    """At 1 some place of the picture moves by at least 0.7 % of the width, at 10 by at least 7 times as much."""
    corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [0, HEIGHT, 1], [WIDTH, HEIGHT, 1.0]]).T

    def travel(value: float) -> float:
        start, end = (homography(Camera("simple", {axis: value}), done, SIZE) @ corners for done in (0, 1))
        return float(np.hypot(*(end[:2] / end[2] - start[:2] / start[2])).max())

    assert travel(1) > 0.007 * WIDTH
    assert travel(10) > 7 * travel(1)


def stepwise(camera: Camera) -> np.ndarray:
    """What the picture does from each tenth of the move to the next, as an affine fitted to all of the frame's middle:
    rows of shift right, shift down, growth, clockwise turn."""
    grid = np.stack(np.meshgrid(np.linspace(60, 180, 5), np.linspace(40, 120, 5)), -1).reshape(-1, 2)
    here = np.column_stack([grid - (WIDTH / 2, HEIGHT / 2), np.ones(len(grid))])
    found = []
    for begin, end in pairwise(np.linspace(0, 1, 11)):
        step = homography(camera, end, SIZE) @ np.linalg.inv(homography(camera, begin, SIZE))
        seen = np.column_stack([grid, np.ones(len(grid))]) @ step.T
        fit = np.linalg.lstsq(here, seen[:, :2] / seen[:, 2:] - (WIDTH / 2, HEIGHT / 2), rcond=None)[0]
        found.append((*fit[2], np.sqrt(abs(np.linalg.det(fit[:2]))) - 1, np.arctan2(fit[0, 1], fit[0, 0])))
    return np.array(found)


@pytest.mark.parametrize("strength", [10, -10, 1, -1])
@pytest.mark.parametrize(
    ("axis", "column", "sign"),
    [
        ("horizontal", 0, -1),
        ("vertical", 1, 1),
        ("pan", 0, -1),
        ("tilt", 1, 1),
        ("roll", 3, -1),
        ("zoom", 2, -1),
    ],
)
def test_one_way_all_along(axis: str, column: int, sign: int, strength: float) -> None:
    """From the first frame to the last the picture goes the same way, and leans or slides in no other."""
    steps = stepwise(Camera("simple", {axis: strength}))

    assert (steps[:, column] * sign * np.sign(strength) > 0).all()
    others = {0: (1, 3), 1: (0, 3), 2: (0, 1, 3), 3: (0, 1)}[column]
    scale = np.array([WIDTH, WIDTH, 1, 1])
    assert np.abs(steps[:, others] / scale[list(others)]).max() < 0.1 * np.abs(steps[:, column] / scale[column]).max()


@pytest.mark.parametrize(
    ("preset", "column", "first", "then"),
    [
        ("down_back", 1, -1, -1),  # down all along: the picture goes up
        ("down_back", 2, -1, -1),  # and back
        ("forward_up", 1, 1, 1),
        ("forward_up", 2, 1, 1),
        ("right_turn_forward", 0, -1, 0),  # first the turn
        ("right_turn_forward", 2, 0, 1),  # then forward
        ("left_turn_forward", 0, 1, 0),
        ("left_turn_forward", 2, 0, 1),
    ],
)
def test_parts_of_presets(preset: str, column: int, first: int, then: int) -> None:
    """Both parts of each preset, in the order in which the page names them."""
    steps = stepwise(Camera(preset))[:, column]

    assert first == 0 or (steps[:3] * first > 0).all()
    assert then == 0 or (steps[-3:] * then > 0).all()


@settings(max_examples=60, deadline=None)
@given(
    camera=st.builds(lambda axis, value: Camera("simple", {axis: value}), st.sampled_from(AXES), st.floats(-10, 10))
    | st.sampled_from([Camera(preset) for preset in PRESETS]),
    done=st.floats(0, 1),
    size=st.sampled_from([(240, 160), (160, 240), (128, 128), (400, 160)]),
)
def test_the_photo_fills_the_frame(camera: Camera, done: float, size: tuple[int, int]) -> None:
    """Every corner of the frame shows a place within the photo, to a pixel: no mirrored double looks in."""
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1.0]]).T
    x, y, depth = np.linalg.inv(homography(camera, done, size)) @ corners

    assert -1 <= (x / depth).min() <= (x / depth).max() <= width + 1
    assert -1 <= (y / depth).min() <= (y / depth).max() <= height + 1


@settings(max_examples=30, deadline=None)
@given(
    camera=st.builds(lambda axis, value: Camera("simple", {axis: value}), st.sampled_from(AXES), st.floats(-10, 10))
    | st.sampled_from([Camera(preset) for preset in PRESETS]),
    done=st.floats(0, 1),
)
def test_never_black(camera: Camera, done: float) -> None:
    """What comes into view is the photo, mirrored if need be."""
    assert warped(scenery(), homography(camera, done, SIZE)).min() >= 10


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("value", [-10, 10])
def test_begins_or_ends_on_the_photo(axis: str, value: float) -> None:
    """The first frame is the photo; a zoom that widens the view begins on a part of it and ends on all of it."""
    photo = scenery()
    made = list(frames(Job(photos=(photo,), camera=Camera("simple", {axis: value}), seconds=1, fps=3), SIZE))

    np.testing.assert_array_equal(made[-1] if (axis, value) == ("zoom", 10) else made[0], photo)


def test_unknown_move() -> None:
    """A type the page does not name is refused in words."""
    with pytest.raises(ValueError, match="no camera move 'sideways'"):
        homography(Camera("sideways"), 0.5, SIZE)
