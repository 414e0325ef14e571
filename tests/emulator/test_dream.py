"""Pictures and films from words alone: always the same for the same words, and of what the words speak of."""

import dataclasses
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator.dream import Dream, dream, paint
from kling_widgets.emulator.drift import frames, view
from kling_widgets.emulator.job import Camera, Job
from kling_widgets.emulator.mood import Mood, mood, tables
from kling_widgets.emulator.render import render
from kling_widgets.emulator.scenery.places import PLACES

SIZE = (192, 108)


@pytest.mark.parametrize(
    ("prompt", "land", "hour", "weather"),
    [
        ("A city at night in the rain", "city", "night", "rain"),
        ("Sunset over the SEA", "sea", "sunset", "clear"),
        ("A fox in a snowy forest, early morning", "forest", "dawn", "snow"),
        ("camels in the desert, sunny", "desert", "day", "clear"),
        ("夜晚的城市，下雨", "city", "night", "rain"),
        ("海上日落", "sea", "sunset", "clear"),
        ("Two friends talking under a streetlight at night. Warm glow.", "city", "night", "clear"),
        ("A woman hugging a cat. Soft sunlight, cozy home setting.", "room", "day", "clear"),
    ],
)
def test_words_name_a_place(prompt: str, land: str, hour: str, weather: str) -> None:
    """Keywords in English and Chinese choose land, hour and weather, whatever their case."""
    found = mood(prompt)
    assert (found.land, found.hour, found.weather) == (land, hour, weather)


def test_parts_of_words_say_nothing() -> None:
    """A seat is not the sea, a scar no car."""
    assert mood("a seat with a scar") == Mood(*[getattr(mood("a seat with a scar"), part) for part in vars(mood(""))])
    counted = {mood(f"seat scar {number}").land for number in range(60)}
    assert "city" not in counted
    assert len(counted) > 2


def test_every_land_can_be_painted() -> None:
    """What the table of words knows, the painters know."""
    assert set(tables()["lands"]) == set(PLACES)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.integers(0, 9))
def test_any_text(prompt: str, take: int) -> None:
    """R39: any text paints a picture, the empty one and half a surrogate pair too."""
    picture = paint(prompt + "\ud83d", (96, 54), take)

    assert (picture.shape, picture.dtype) == ((54, 96, 3), np.uint8)
    assert picture.std() > 3


def test_longest_prompt() -> None:
    """R39: 2500 characters are one prompt like any other."""
    assert paint("forest " * 357, SIZE).shape == (108, 192, 3)


@pytest.mark.parametrize("hour", ["day", "sunset", "dawn", "night"])
@pytest.mark.parametrize("land", PLACES)
@pytest.mark.parametrize("weather", ["", "snow", "rain", "fog"])
def test_every_place(land: str, hour: str, weather: str) -> None:
    """Every land at every hour in every weather: neither flat nor burnt out, and painted over to the last pixel."""
    words = {"hills": "hill", "room": "kitchen"}.get(land, land)
    picture = paint(f"{words} {hour} {weather}", SIZE)

    assert mood(f"{words} {hour} {weather}").land == land
    assert picture.std() > 4
    assert 5 < picture.mean() < 245
    assert (picture.min(axis=2) >= 254).mean() < 0.2


@pytest.mark.parametrize("size", [(64, 64), (240, 96), (96, 240), (321, 181)])
@pytest.mark.parametrize("land", PLACES)
def test_any_size(land: str, size: tuple[int, int]) -> None:
    """Wide, upright, odd: the picture has the size asked for."""
    assert paint(land, size).shape == (size[1], size[0], 3)


def test_the_same_again() -> None:
    """The same words give the same picture to the value; other words, and another take, another one."""
    first = paint("a lake", SIZE)

    np.testing.assert_array_equal(first, paint("a lake", SIZE))
    assert np.abs(first.astype(int) - paint("the lake", SIZE)).mean() > 5
    assert np.abs(first.astype(int) - paint("a lake", SIZE, 1)).mean() > 5


def test_night_is_dark_and_sunset_is_warm() -> None:
    """The hour is seen."""
    night, day, sunset = (paint(f"hill {hour}", SIZE).astype(float) for hour in ("night", "day", "sunset"))

    assert night.mean() < 0.55 * day.mean()
    assert (sunset[..., 0] - sunset[..., 2]).mean() > (day[..., 0] - day[..., 2]).mean() + 30


def test_every_size_shows_the_same() -> None:
    """A small picture is the large one made small, near enough."""
    small, large = paint("sunset sea", SIZE).astype(float), paint("sunset sea", (384, 216)).astype(float)
    assert np.abs(small - large.reshape(108, 2, 192, 2, 3).mean(axis=(1, 3))).mean() < 9


def test_two_planes() -> None:
    """The grass at the lower edge is a plane of its own; where nothing stands near there is one plane."""
    made = dream("a lake", SIZE)
    assert 0.5 * SIZE[1] < made.top < SIZE[1]
    assert made.cover[: made.top].max() == 0
    assert dream("the sea", SIZE).top == SIZE[1]


def test_near_plane_passes_faster() -> None:
    """While the camera goes sideways the near trees move about twice as far as the sky: there is depth."""
    place, size = dream("a forest, day", (220, 124)), (192, 108)
    far, near = (dataclasses.replace(place, **planes) for planes in ({"top": 124}, {"back": place.front * 0}))

    def shift(made: Dream, rows: slice) -> float:
        """How far the picture moves from a view on the left to one on the right."""
        grey = [cv2.cvtColor(view(made, (x, 0), 1, size)[rows], cv2.COLOR_RGB2GRAY) for x in (-0.3, 0.3)]
        (moved, _), _ = cv2.phaseCorrelate(*(each.astype(np.float32) for each in grey))
        return -moved

    assert shift(far, slice(0, 108)) > 3
    assert shift(near, slice(54, 108)) == pytest.approx(2 * shift(far, slice(0, 108)), rel=0.3)


@pytest.mark.parametrize("prompt", ["", "snowy forest", "rain over the sea", "galaxy", "a cozy room", "a lake at dawn"])
def test_film_is_calm(prompt: str) -> None:
    """It moves, and never jumps: no frame differs from its neighbours by more than three times the median."""
    job = Job(photos=(), aspect=16 / 9, seconds=2, fps=12, prompt=prompt)
    made = [frame.astype(int) for frame in frames(job, SIZE)]
    changes = [np.abs(one - other).mean() for one, other in pairwise(made)]

    assert len(made) == 24
    assert np.abs(made[0] - made[-1]).mean() > 0.7
    assert max(changes) < 3 * np.median(changes)


def test_camera_that_was_asked_for() -> None:
    """A camera move is made instead of the gentle one, and begins on the picture."""
    job = Job(photos=(), aspect=16 / 9, seconds=1, fps=4, prompt="hills", camera=Camera("simple", {"pan": 8}))
    made = list(frames(job, SIZE))

    np.testing.assert_array_equal(made[0], dream("hills", SIZE).flat())
    assert np.abs(made[0].astype(int) - made[-1]).mean() > 5


@pytest.mark.parametrize(("aspect", "size"), [(16 / 9, (128, 72)), (9 / 16, (72, 128)), (1.0, (72, 72))])
def test_film_has_the_aspect_asked_for(aspect: float, size: tuple[int, int], tmp_path: Path) -> None:
    """16:9, 9:16 and 1:1, where there is no picture to follow."""
    film = render(Job(photos=(), aspect=aspect, seconds=0.5, fps=8, short_side=72), tmp_path / "film.mp4")
    assert (film.width, film.height) == size


@pytest.mark.parametrize("seconds", range(3, 16))
def test_every_length(seconds: int, tmp_path: Path) -> None:
    """R61: from 3 to 15 seconds, exactly."""
    film = render(Job(photos=(), aspect=1, seconds=seconds, fps=8, short_side=32), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert float(stream.duration * stream.time_base) == film.seconds == seconds
