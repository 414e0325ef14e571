"""What one points at becomes a mask: the sample photos' objects in three clicks, and what every answer keeps to."""

from __future__ import annotations

from functools import cache

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.segment import BoolMask, Finder, Seeds
from kling_widgets.segment.colour import lab
from kling_widgets.segment.cut import cut
from kling_widgets.segment.shape import connected, filled, tidied
from kling_widgets.shipped import sample
from tests.outlines import CAT, CUP, ROCKET, TOWER, Corners, outline

Clicks = list[tuple[float, float]]

THREE_CLICKS = [
    ("rocket.jpg", ROCKET, [(322, 300), (322, 150)]),
    ("rocket.jpg", ROCKET, [(322, 360), (322, 150)]),
    ("rocket.jpg", ROCKET, [(325, 390), (323, 260), (322, 160)]),
    ("coffee.png", CUP, [(270, 150), (130, 230)]),
    ("coffee.png", CUP, [(300, 55), (130, 230)]),
    ("coffee.png", CUP, [(440, 220), (270, 160), (300, 60)]),
    ("chelsea.png", CAT, [(260, 215), (100, 60), (100, 280)]),
    ("chelsea.png", CAT, [(230, 150), (250, 285), (80, 250)]),
    ("chelsea.png", CAT, [(110, 70), (100, 280), (290, 280)]),
]


@cache
def finder(name: str) -> tuple[Finder, tuple[int, int]]:
    photo = PIL.Image.open(sample(name)).convert("RGB")
    return Finder(photo), (photo.height, photo.width)


def clicked(name: str, clicks: Clicks) -> BoolMask:
    """One click after the other, as a hand does it."""
    found, shape = finder(name)
    mask = np.zeros(shape, bool)
    for count in range(1, len(clicks) + 1):
        mask = found.find(Seeds(np.array(clicks[:count], float), mask=mask))
    return mask


def likeness(one: BoolMask, other: BoolMask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize(("name", "corners", "clicks"), THREE_CLICKS)
def test_three_clicks_cut_the_object_out(name: str, corners: Corners, clicks: Clicks) -> None:
    mask = clicked(name, clicks)
    # The tower that leans on the rocket may be taken for a part of it.
    counted = ~outline(mask.shape, TOWER) if name == "rocket.jpg" else np.ones_like(mask)
    assert likeness(mask & counted, outline(mask.shape, corners) & counted) > 0.85


def test_a_loose_loop_cuts_the_object_out() -> None:
    found, shape = finder("coffee.png")
    loop = np.array([(20, 100), (300, 1), (560, 60), (560, 390), (40, 395)], float)
    assert likeness(found.find(Seeds(loop=loop)), outline(shape, CUP)) > 0.85


def test_a_scribble_cuts_the_object_out() -> None:
    found, shape = finder("coffee.png")
    scribble = np.array([(x, 230 - abs(x - 285) / 3) for x in range(110, 460, 8)], float)
    assert likeness(found.find(Seeds(scribble)), outline(shape, CUP)) > 0.85


def test_what_is_clicked_as_outside_is_taken_away_and_the_rest_stays() -> None:
    found, shape = finder("coffee.png")
    both = np.zeros(shape, bool)
    both[10:390, 70:480] = True
    less = found.find(Seeds(np.array([(300.0, 60.0)]), np.array([(90.0, 380.0)]), mask=both, adds=False))
    assert not less[380, 90]
    assert less[60, 300]
    assert not (less & ~both).any()


def test_an_area_keeps_what_it_holds() -> None:
    found, shape = finder("rocket.jpg")
    held = np.zeros(shape, bool)
    held[20:40, 20:40] = True
    assert found.find(Seeds(np.array([(322.0, 300.0)]), mask=held))[20:40, 20:40].all()


def test_a_click_on_what_is_there_already_changes_nothing() -> None:
    found, shape = finder("rocket.jpg")
    held = np.zeros(shape, bool)
    held[20:40, 20:40] = True
    assert np.array_equal(found.find(Seeds(np.array([(30.0, 30.0)]), mask=held)), held)


def test_work_ends_between_two_steps_when_nobody_wants_it() -> None:
    found, _ = finder("rocket.jpg")
    steps = []

    def alive() -> None:
        steps.append(1)
        if len(steps) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        found.find(Seeds(np.array([(322.0, 300.0)])), alive)
    assert len(steps) == 3


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 599.9), st.floats(0, 399.9)), min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(0, 599.9), st.floats(0, 399.9)), max_size=3),
)
def test_every_point_inside_is_in_and_every_point_outside_is_out(inside: Clicks, outside: Clicks) -> None:
    found, shape = finder("coffee.png")
    mask = found.find(Seeds(np.array(inside, float), np.array(outside, float).reshape(-1, 2)))
    pixels = {(int(y), int(x)) for x, y in inside}
    assert mask.shape == shape
    assert all(mask[pixel] for pixel in pixels)
    assert not any(mask[int(y), int(x)] for x, y in outside if (int(y), int(x)) not in pixels)


@pytest.mark.parametrize("colour", ["black", "white", "steelblue"])
def test_a_photo_of_one_colour_has_an_answer_too(colour: str) -> None:
    even = Finder(PIL.Image.new("RGB", (400, 300), colour))
    assert even.find(Seeds(np.array([(200.0, 150.0)])))[150, 200]


def test_colours_are_as_the_standard_has_them() -> None:
    """Red and grey of sRGB under D65."""
    pixels = lab(np.array([[[255, 0, 0], [128, 128, 128], [0, 0, 0]]], np.uint8))[0]
    assert np.abs(pixels - [[53.24, 80.09, 67.20], [53.59, 0, 0], [0, 0, 0]]).max() < 0.1


def test_the_cut_runs_along_the_cheap_line() -> None:
    """One end wants in and the other out; between them nothing is said, but column 7 costs little to cut."""
    cost = np.zeros((8, 16), np.float32)
    cost[:, 0], cost[:, 15] = -9, 9
    toll = np.ones((8, 16), np.float32)
    toll[:, 7] = 0.05
    part = cut(cost, toll, np.zeros((8, 16), np.float32), 400)
    assert np.array_equal(part > 0.5, np.broadcast_to(np.arange(16) < 8, (8, 16)))


def drawn(*rows: str) -> BoolMask:
    return np.array([[letter == "#" for letter in row] for row in rows])


def test_parts_hang_together_up_down_left_and_right() -> None:
    mask = drawn("##.#", ".#.#", "#.##", "####")
    start = drawn("#...", "....", "....", "....")
    assert np.array_equal(connected(mask, start), drawn("##..", ".#..", "....", "...."))
    assert np.array_equal(connected(mask, mask), mask)


def test_holes_are_filled_but_for_those_that_were_pointed_at() -> None:
    mask = drawn("#####", "#.#.#", "#####")
    assert np.array_equal(filled(mask, drawn(".....", ".#...", ".....")), drawn("#####", "#.###", "#####"))


def test_crumbs_go_and_pinholes_close() -> None:
    mask = drawn("######.", "#.####.", "######.", "######.", ".......", "#.....#")
    kept = drawn(".......", ".......", ".......", ".......", ".......", "......#")
    expected = drawn("######.", "######.", "######.", "######.", ".......", "......#")
    assert np.array_equal(tidied(mask, 0.1, kept, np.zeros_like(mask)), expected)
