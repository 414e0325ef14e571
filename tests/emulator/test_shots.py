"""Several shots in one film: cuts where they were asked for, and in each shot another view."""

from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_widgets.emulator.framing import CLOSEST, View, frames, places, seen, views
from kling_widgets.emulator.job import Camera, Job, Shot
from kling_widgets.emulator.render import render
from kling_widgets.emulator.shots import cuts, single, starts, words
from kling_widgets.emulator.shots import frames as shot_frames


def scenery(width: int = 144, height: int = 96, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(127, 150, (height, width, 3)), (0, 0), 5) * 2 - 127
    return np.clip(soft, 20, 235).astype(np.uint8)


def shot_list(*seconds: float) -> tuple[Shot, ...]:
    return tuple(Shot(each, f"number {index}") for index, each in enumerate(seconds))


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def seen_cuts(path: Path) -> list[int]:
    """Frames that differ from the one before far more than frames do within a shot."""
    film = decoded(path)
    changes = np.array([np.abs(one.astype(int) - other)[:-14].mean() for one, other in pairwise(film)])
    return [index + 1 for index in np.flatnonzero(changes > 6 * np.median(changes))]


PICTURES = {
    "photo": {"photos": (scenery(),)},
    "words": {"aspect": 1.5},
    "photo and end frame": {"photos": (scenery(),), "tail": scenery(seed=3)},
    "end frame alone": {"tail": scenery()},
}


@pytest.mark.parametrize("name", PICTURES)
def test_cuts_where_asked(name: str, tmp_path: Path) -> None:
    """R33, R38: the picture changes at the shots' times, to the frame, and at no other; the film is as long as all."""
    job = Job(**{"photos": (), **PICTURES[name]}, seconds=6, fps=12, short_side=96, shots=shot_list(1, 2, 1, 2))
    film = render(job, tmp_path / "film.mp4")

    assert film.seconds == 6
    assert seen_cuts(tmp_path / "film.mp4") == [12, 36, 48]


def test_six_shots(tmp_path: Path) -> None:
    """R34, R36: six shots, one of them a second long, are six views."""
    job = Job(photos=(scenery(),), seconds=7, fps=24, short_side=96, shots=shot_list(1, 1, 1, 2, 1, 1))
    render(job, tmp_path / "film.mp4")

    assert seen_cuts(tmp_path / "film.mp4") == [24, 48, 72, 120, 144]


def test_begins_on_the_photo(tmp_path: Path) -> None:
    """The first frame of the first shot is the photo."""
    photo = scenery()
    first = next(frames(Job(photos=(photo,), seconds=1, fps=8), (144, 96), 0))

    np.testing.assert_array_equal(first, photo)


def test_ends_on_the_end_frame() -> None:
    """The last shot comes to rest on the end frame; the ones before it show the photo."""
    job = Job(photos=(scenery(),), tail=scenery(seed=3), seconds=1, fps=8)

    np.testing.assert_array_equal(list(frames(job, (144, 96), 2, last=True))[-1], job.tail)
    np.testing.assert_array_equal(next(frames(job, (144, 96), 0)), job.photos[0])


def test_camera_in_every_shot() -> None:
    """A camera move that was asked for is made in each shot instead of the shot's own."""
    job = Job(photos=(scenery(),), camera=Camera("simple", {"pan": 6}), seconds=1, fps=4)
    one, other = (list(frames(job, (144, 96), number)) for number in (1, 2))

    np.testing.assert_array_equal(one, other)


def test_every_shot_has_its_own_words() -> None:
    """Each shot is filmed by its own words, or by those of the film where it has none."""
    job = Job(photos=(), aspect=1, prompt="a lake", seconds=3, shots=(Shot(1), Shot(2, "a city")))

    assert [(each.prompt, each.seconds, each.shots) for each in single(job)] == [("a lake", 1, ()), ("a city", 2, ())]
    assert words(job) == "a lake a city"


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_again(name: str) -> None:
    """A job made twice gives the same frames to the value."""
    job = Job(**{"photos": (), **PICTURES[name]}, seconds=2, fps=4, shots=shot_list(1, 1))
    first, again = (np.stack(list(shot_frames(job, (96, 64)))) for _ in range(2))

    np.testing.assert_array_equal(first, again)


def test_words_move_and_differ() -> None:
    """Shots of the same words are other pictures, and each of them moves."""
    job = Job(photos=(), aspect=1.5, seconds=2, fps=4, prompt="hills", shots=(Shot(1), Shot(1)))
    made = list(shot_frames(job, (144, 96)))
    assert np.abs(made[0].astype(int) - made[4]).mean() > 8
    assert all(np.abs(made[first].astype(int) - made[first + 3]).mean() > 0.5 for first in (0, 4))


@given(st.lists(st.floats(1, 5), min_size=1, max_size=6), st.sampled_from([24, 25, 30]))
def test_cut_frames(seconds: list[float], fps: int) -> None:
    """Each cut is the frame nearest to the sum of the shots before it; no rounding adds up."""
    job = Job(photos=(), seconds=sum(seconds), fps=fps, shots=shot_list(*seconds))
    found = cuts(job)

    assert found[0] == 0
    assert found[-1] == round(job.seconds * fps)
    assert found == sorted(found)
    assert all(abs(frame / fps - sum(seconds[:index])) <= 0.5 / fps + 1e-9 for index, frame in enumerate(found[:-1]))
    assert starts(job) == [frame / fps for frame in found[:-1]]
    assert sum(round(each.seconds * fps) for each in single(job)) == found[-1]


def test_one_piece() -> None:
    """A film without shots is one of its whole length."""
    assert (cuts(Job(photos=(), seconds=5)), starts(Job(photos=(), seconds=5))) == ([0, 120], [0])


@given(st.integers(0, 12), st.integers(0, 3))
def test_views_stay_inside(number: int, seed: int) -> None:
    """No view shows anything beyond the photo's edges."""
    for view in views(scenery(seed=seed), number):
        half = 0.5 / view.zoom
        assert half - 1e-9 <= view.x <= 1 - half + 1e-9
        assert half - 1e-9 <= view.y <= 1 - half + 1e-9


def test_next_views_differ() -> None:
    """A shot begins clearly elsewhere than the one before it ended."""
    for number in range(8):
        (_, end), (begin, _) = views(scenery(), number), views(scenery(), number + 1)
        moved = max(abs(end.x - begin.x), abs(end.y - begin.y)) * min(end.zoom, begin.zoom)
        assert moved > 0.1 or max(end.zoom / begin.zoom, begin.zoom / end.zoom) > 1.25


def test_places_worth_a_look() -> None:
    """The one bright thing in a dull picture is the first place to look at."""
    photo = np.full((120, 200, 3), 90, np.uint8)
    cv2.circle(photo, (140, 40), 12, (250, 210, 60), -1)

    assert places(photo, 3)[0] == pytest.approx((0.7, 1 / 3), abs=0.06)


def test_view_is_enlarged() -> None:
    """A view at twice the size shows the quarter around its middle."""
    photo = np.zeros((100, 200, 3), np.uint8)
    photo[25:75, 50:150] = 200

    assert seen(photo, View(0.5, 0.5, 2), (200, 100))[4:-4, 4:-4].min() == 200


def test_close_shots_keep_the_main_thing() -> None:
    """The second and the third shot show the main thing whole, as one would frame it."""
    photo = np.full((120, 200, 3), 90, np.uint8)
    cv2.circle(photo, (120, 50), 14, (250, 210, 60), -1)

    for number in (1, 2):
        for view in views(photo, number):
            assert abs(120 / 200 - view.x) + 14 / 200 < 0.5 / view.zoom
            assert abs(50 / 120 - view.y) + 14 / 120 < 0.5 / view.zoom


@given(most=st.floats(1.5, 3), zoom=st.floats(1, CLOSEST), x=st.floats(0.3, 0.7))
def test_small_photo_is_enlarged_less(most: float, zoom: float, x: float) -> None:
    """No view is enlarged beyond what stays sharp, and what was closer stays closer."""
    view = View(x, 0.5, zoom).limited(most)

    assert view.zoom <= max(most, 1) + 1e-9
    assert view.zoom <= zoom
    assert view.zoom <= View(x, 0.5, min(CLOSEST, zoom * 1.1)).limited(most).zoom
