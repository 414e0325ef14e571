"""A drawing as a still picture: paths as the live brush shows them."""

import numpy as np
import PIL.Image

from kling_widgets.widgets.sketch import COLOURS, sketch

NOTHING = np.zeros((200, 900), np.uint8)
BACKGROUND = (20, 40, 60)


def drawn(*path: tuple[float, float]) -> np.ndarray:
    photo = PIL.Image.new("RGB", (900, 200), BACKGROUND)
    return np.asarray(sketch(photo, NOTHING, {2: np.array(path)}), dtype=int)


def at(picture: np.ndarray, x: float, y: float) -> tuple[int, int, int]:
    red, green, blue = picture[round(y), round(x)]
    return red, green, blue


def test_a_white_dot_stands_where_the_area_is_at_each_tenth_of_the_film() -> None:
    """Points are equally spaced in time: ten points that lie ever further apart, and a dot on each."""
    places = [(60.0 + 8 * step * step, 100.0) for step in range(11)]
    picture = drawn(*places)

    assert [at(picture, x, y) for x, y in places[1:-1]] == [(255, 255, 255)] * 9
    assert at(picture, 60 + 8 * 9.5 * 9.5, 100) == PIL.ImageColor.getrgb(COLOURS[2])


def test_chevrons_each_56_pixels_say_which_way_it_goes() -> None:
    """To the right the arms of the third chevron lie left of its tip; the other way round they lie right of it."""
    right, left = drawn((100, 100), (800, 100)), drawn((800, 100), (100, 100))

    assert (at(right, 266, 94) == BACKGROUND, at(right, 271, 94) == BACKGROUND) == (False, True)
    assert (at(left, 634, 94) == BACKGROUND, at(left, 629, 94) == BACKGROUND) == (False, True)


def test_what_is_far_from_a_path_is_the_photo() -> None:
    """Marks are laid on; nothing is dimmed."""
    picture = drawn((100, 100), (800, 100))

    assert (picture[:80] == BACKGROUND).all()
    assert (picture[120:] == BACKGROUND).all()


def test_a_path_of_one_point_is_still_a_mark() -> None:
    """A start without an end shows where it is."""
    assert at(drawn((100, 100)), 100, 100) != BACKGROUND
