"""Looks and scenes: every effect has an illustration of its own, and looks keep their promises."""

import inspect
import itertools
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kling_widgets.emulator.job import Job
from kling_widgets.emulator.looks.bend import bent
from kling_widgets.emulator.looks.catalogue import MOVES, PAIRS, STYLES
from kling_widgets.emulator.looks.film import reveal
from kling_widgets.emulator.looks.shapes import SHAPES
from kling_widgets.emulator.looks.sprites import stamp
from kling_widgets.emulator.scenes import frames, looks, scene
from tests.emulator.likeness import apart, copied, hashed

EFFECTS = json.loads(files("kling_widgets").joinpath("data/effects.json").read_text(encoding="utf-8"))["effects"]
SIZE = (64, 64)


PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"
FACES = [
    np.asarray(Image.open(PHOTOS / "astronaut.png").convert("RGB"))[:300, 80:380],
    np.asarray(Image.open(PHOTOS / "chelsea.png").convert("RGB"))[:, 75:375],
]


def portrait(number: int = 0, size: int = 64) -> np.ndarray:
    """A real face, small: 0 a person's, 1 a cat's."""
    return np.asarray(cv2.resize(FACES[number], (size, size), interpolation=cv2.INTER_AREA))


def photos_of(effect: dict) -> list[np.ndarray]:
    return [portrait(number) for number in range(effect["images"])]


def film(effect: dict, moments: tuple[float, ...] = (0, 0.2, 0.45, 0.7, 0.95)) -> np.ndarray:
    at = scene(effect["scene"], photos_of(effect), SIZE)
    return np.stack([at(moment) for moment in moments])


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """OpenCV's own threads cost more than they save on frames as small as these."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.fixture(scope="module")
def begun() -> dict[str, np.ndarray]:
    """Of each scene the first frame, and four well into it."""
    return {effect["scene"]: film(effect) for effect in EFFECTS}


@pytest.fixture(scope="module")
def films(begun: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: made[1:] for name, made in begun.items()}


def test_every_scene_has_looks() -> None:
    """All 229 scenes are there and no other, each of known looks with parameters that these take."""
    assert list(looks()) == [effect["scene"] for effect in EFFECTS]
    assert len(looks()) == 229
    for name, steps in looks().items():
        for step in steps:
            look = (STYLES | MOVES | PAIRS)[step["look"]]
            known = {key for key, part in inspect.signature(look).parameters.items() if part.kind is part.KEYWORD_ONLY}
            assert set(step) - {"look", "reveal"} <= known, name


def test_two_photo_scenes_take_two() -> None:
    """A scene that wants two photos begins by joining them; the others never do."""
    for effect in EFFECTS:
        names = [step["look"] for step in looks()[effect["scene"]]]
        assert [name in PAIRS for name in names] == [effect["images"] == 2, *[False] * (len(names) - 1)]


def test_no_two_scenes_are_described_alike() -> None:
    """Every scene has looks or parameters of its own."""
    described = [json.dumps(steps, sort_keys=True) for steps in looks().values()]
    assert len(set(described)) == len(described)


def test_each_scene_changes_the_picture(films: dict[str, np.ndarray]) -> None:
    """A person sees that something happens: some frame differs from the photo by more than 2 levels on the mean."""
    for effect in EFFECTS:
        if effect["images"] == 1:
            changed = np.abs(films[effect["scene"]].astype(int) - portrait()).mean(axis=(1, 2, 3))
            assert changed.max() > 2, effect["scene"]


def test_each_scene_begins_on_the_photo(begun: dict[str, np.ndarray]) -> None:
    """The first frame is the photo, but for a camera that draws back from it."""
    for effect in EFFECTS:
        steps = looks()[effect["scene"]]
        if effect["images"] == 1 and not any(step.get("out") for step in steps):
            assert np.abs(begun[effect["scene"]][0].astype(int) - portrait()).mean() < 6, effect["scene"]


def test_scenes_differ_from_one_another(films: dict[str, np.ndarray]) -> None:
    """No scene looks like another: two are farther apart than either is from a rough copy of itself, which a person
    takes for the same film. The distance is that of perceptual hashes, of lightness and colours, over four moments."""
    differ(films)


def differ(films: dict[str, np.ndarray]) -> None:
    hashes = {name: hashed(film) for name, film in films.items()}
    copies = {name: apart(hashes[name], hashed(copied(film))) for name, film in films.items()}
    for one, other in itertools.combinations(films, 2):
        assert apart(hashes[one], hashes[other]) > max(copies[one], copies[other]), (one, other)


def test_first_photo_is_left_second_is_right() -> None:
    """Two-photo effects begin with the first photo's middle on the left and the second's on the right."""
    red, blue = (np.broadcast_to(np.uint8(colour), (64, 64, 3)) for colour in ([200, 30, 30], [30, 30, 200]))
    for effect in EFFECTS:
        if effect["images"] == 2:
            frame = scene(effect["scene"], [red, blue], (128, 64))(0)
            left, right = frame[24:40, 4:60].mean(axis=(0, 1)), frame[24:40, 68:124].mean(axis=(0, 1))
            assert left[0] > 150 > left[2], effect["scene"]
            assert right[2] > 150 > right[0], effect["scene"]


def dim(size: int = 96) -> np.ndarray:
    """The face at dusk and out of focus: what is seen on it is the look, be it as small as a snowflake."""
    return np.asarray(cv2.GaussianBlur(portrait(size=size), (0, 0), 2) * 0.6).astype(np.uint8)


@pytest.fixture(scope="module")
def alone() -> dict[str, np.ndarray]:
    """Each look by itself, with nothing but its defaults, at some moments; and the photo without any."""
    made = {name: np.stack([look(dim(), t, 1) for t in (0.2, 0.35, 0.6, 0.8)]) for name, look in MOVES.items()}
    made |= {name: np.stack([look(dim(), 1)] * 4) for name, look in STYLES.items()}
    return made | {"nothing": np.stack([dim()] * 4)}


def test_looks_differ_from_one_another_and_from_none(alone: dict[str, np.ndarray]) -> None:
    """Each look changes the photo, and no two make the same of it, measured likewise."""
    differ(alone)


def test_likeness_sees_colour_place_and_amount() -> None:
    """A hash tells pictures apart by colour alone, by its mirror image, by sixteen flakes; and knows one again."""
    photo = dim(64)
    flakes = photo.copy()
    for row, column in itertools.product(range(5, 64, 16), range(9, 64, 16)):
        flakes[row : row + 2, column : column + 2] = 255
    hashes = hashed(np.stack([photo, photo, photo[..., ::-1], photo[:, ::-1], flakes]))
    least = apart(hashes[:1], hashed(copied(photo[None])))

    assert apart(hashes[:1], hashes[1:2]) == 0
    for other in hashes[2:]:
        assert apart(hashes[:1], other[None]) > least


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(MOVES)),
    t=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
    shape=st.sampled_from([(40, 64), (64, 40), (33, 33)]),
)
def test_moves_are_pure(name: str, t: float, seed: int, shape: tuple[int, int]) -> None:
    """The same in, the same out; the frame handed in is untouched; size and type stay."""
    frame = np.ascontiguousarray(cv2.resize(portrait(), shape[::-1]))
    before = frame.copy()
    once, again = MOVES[name](frame, t, seed), MOVES[name](frame, t, seed)

    np.testing.assert_array_equal(frame, before)
    np.testing.assert_array_equal(once, again)
    assert (once.shape, once.dtype) == (frame.shape, np.uint8)


@pytest.mark.parametrize("name", STYLES)
def test_styles_are_pure(name: str) -> None:
    """Likewise for styles."""
    photo = portrait()
    before = photo.copy()
    once, again = STYLES[name](photo, 5), STYLES[name](photo, 5)

    np.testing.assert_array_equal(photo, before)
    np.testing.assert_array_equal(once, again)
    assert (once.shape, once.dtype) == (photo.shape, np.uint8)


def test_scene_plays_as_a_film() -> None:
    """As many frames as the film has, of its size, each an array of its own; the first one near the photo."""
    job = Job(photos=(portrait(),), scene="bullet_time_lite", seconds=1, fps=5)
    made = list(frames(job, (48, 48)))

    assert [frame.shape for frame in made] == [(48, 48, 3)] * 5
    assert len({id(frame) for frame in made}) == 5
    assert np.abs(made[0].astype(int) - cv2.resize(portrait(), (48, 48), interpolation=cv2.INTER_AREA)).mean() < 3


def test_unknown_scene_and_wrong_number_of_photos() -> None:
    """Refused in words, with the scene's name."""
    with pytest.raises(ValueError, match="no looks for the effect 'pet_lion'"):
        scene("pet_lion", [portrait()], SIZE)
    with pytest.raises(ValueError, match="'hug_pro' takes two photos, not 1"):
        scene("hug_pro", [portrait()], SIZE)
    with pytest.raises(ValueError, match="'squish' takes one photo, not 2"):
        scene("squish", [portrait(), portrait()], SIZE)


@given(
    matrix=st.tuples(*[st.floats(-0.3, 0.3)] * 4),
    shift=st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)),
)
@settings(max_examples=25, deadline=None)
def test_bend_of_a_linear_rule_is_affine(matrix: tuple[float, ...], shift: tuple[float, float]) -> None:
    """A rule that is linear gives what an affine warp gives, up to the frame's edge."""
    photo = cv2.GaussianBlur(portrait(size=80)[:56], (0, 0), 2)
    a, b, c, d = np.add(matrix, (1, 0, 0, 1))
    made = bent(photo, lambda x, y: (a * x + b * y + shift[0], c * x + d * y + shift[1]))

    middle, linear = np.array([40, 28]) - 0.5, np.array([[a, b], [c, d]])
    move = np.column_stack([linear, middle + np.array(shift) * 56 - linear @ middle])
    wanted = cv2.warpAffine(
        photo, move, (80, 56), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101
    )
    assert np.abs(made.astype(int) - wanted).mean() < 0.6


@pytest.mark.parametrize("way", ["fade", "wipe", "rise", "iris", "ink"])
def test_reveal(way: str) -> None:
    """At first the one picture, at last the other, in the middle something of both."""
    black, white = np.zeros((32, 48, 3), np.uint8), np.full((32, 48, 3), 255, np.uint8)
    np.testing.assert_array_equal(reveal(black, white, 0, 1, way=way), black)
    np.testing.assert_array_equal(reveal(black, white, 1, 1, way=way), white)
    assert 20 < reveal(black, white, 0.31, 1, way=way).mean() < 235


@pytest.mark.parametrize("shape", SHAPES)
def test_sprites(shape: str) -> None:
    """Each shape leaves a mark about its place and none elsewhere, wherever it lies, also over the edge."""
    canvas = np.full((60, 60, 3), 90, np.uint8)
    stamp(canvas, shape, "#ff5d8f", 30.3, 29.6, 24, angle=0.4)
    rows, columns = np.nonzero((canvas != 90).any(axis=2))
    assert len(rows) > 10
    assert max(abs(rows - 29.6).max(), abs(columns - 30.3).max()) <= 24 * 0.75 + 2

    for place in ((-3, 30), (63, 30), (30, -500), (0, 0)):
        stamp(canvas, shape, "#ff5d8f", *place, 24)
