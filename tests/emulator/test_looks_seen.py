"""What is worn, held and shone sits where the subject is, and two photos meet without doubling anything."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kling_widgets.emulator.label import Label
from kling_widgets.emulator.looks import lights, particles, warps, wear, wings
from kling_widgets.emulator.looks import subject as place
from kling_widgets.emulator.looks.catalogue import MOVES, Step
from kling_widgets.emulator.looks.half import framed, half
from kling_widgets.emulator.looks.pairs import Two, together
from kling_widgets.emulator.looks.particles import rain
from kling_widgets.emulator.looks.sprites import SHINING, stamp
from kling_widgets.emulator.looks.subject import Subject, subject
from kling_widgets.emulator.looks.things import THINGS
from kling_widgets.emulator.scenes import looks
from tests.emulator.flashing import most_flashes

PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"


def photo(name: str, side: int = 160) -> np.ndarray:
    picture = np.asarray(Image.open(PHOTOS / name).convert("RGB"))
    scale = side / min(picture.shape[:2])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


PORTRAIT = photo("astronaut.png")
FACE = (slice(20, 48), slice(64, 86))
"""Where the face is in it: rows and columns."""
WALL = (slice(4, 40), slice(98, 112))
"""A piece of the wall behind her."""


@pytest.fixture(scope="module")
def who() -> Subject:
    return subject(PORTRAIT)


def changed(frame: np.ndarray, before: np.ndarray = PORTRAIT) -> np.ndarray:
    return np.abs(frame.astype(int) - before).max(axis=2)


def test_subject_of_a_portrait(who: Subject) -> None:
    """Head, hair and face belong to the subject, the wall and the flag do not; the head is found to a few pixels."""
    assert (who.x, who.top, who.wide) == pytest.approx((0.44, 0.03, 0.29), abs=0.04)
    assert who.matte[FACE].min() > 0.85
    assert who.matte[WALL].mean() < 0.1
    assert who.matte[:60, :40].mean() < 0.1


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "rocket.jpg"])
def test_subject_of_other_photos(name: str) -> None:
    """A pet, a cup, a place: something in the middle stands out, neither nothing nor everything."""
    found = subject(photo(name))
    assert 0.3 < found.x < 0.7
    assert 0.04 < found.matte.mean() < 0.8
    assert found.matte[:, :8].mean() < found.matte[60:100, 70:90].mean() + 0.5


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 60), st.integers(30, 60), st.integers(0, 255), st.booleans())
def test_subject_of_anything(height: int, width: int, tone: int, noisy: bool) -> None:
    """Any picture has one, a blank one too; asked twice the answer is the same."""
    picture = np.full((height, width, 3), tone, np.uint8)
    if noisy:
        picture = np.random.default_rng(tone).integers(0, 256, (height, width, 3), np.uint8)
    one = subject(picture)
    place.forget()
    again = subject(picture)

    assert one.matte.shape == (height, width)
    assert 0 <= one.matte.min() <= one.matte.max() <= 1
    assert (one.x, one.top, one.wide) == (again.x, again.top, again.wide)
    np.testing.assert_array_equal(one.matte, again.matte)
    assert 0.2 <= one.wide <= 0.42


@pytest.mark.parametrize("kind", wings.KINDS)
def test_wings_are_behind(kind: str, who: Subject) -> None:
    """Spread wings cover the wall on both sides, and nothing of the face."""
    frame = wings.wings(PORTRAIT, 0.6, 1, kind=kind, colour="#2040c0", subject=who)
    assert changed(frame)[FACE].mean() < 4
    for side in (slice(0, 60), slice(95, 160)):
        seen = (changed(frame) > 20)[:100, side][who.matte[:100, side] < 0.1]
        assert seen.mean() > 0.25


def test_aura_and_halo_leave_the_face(who: Subject) -> None:
    """Light lies about the subject, brighter than on it."""
    for frame in (
        lights.aura(PORTRAIT, 0.4, 1, colour="#00ff80", subject=who),
        wear.halo(PORTRAIT, 0.5, 1, subject=who),
    ):
        assert changed(frame).max() > 60
        assert changed(frame)[FACE].mean() < 32


def test_crown_sits_on_the_head(who: Subject) -> None:
    """Once it has landed it lies over the hair, in the middle of the head, and leaves eyes and mouth free."""
    rows, columns = np.nonzero(changed(wear.crown(PORTRAIT, 0.95, 1, shine=0, subject=who)) > 40)
    assert columns.mean() == pytest.approx(who.x * 160, abs=4)
    assert rows.max() < 33


def test_bandages_leave_the_eyes(who: Subject) -> None:
    """At first nothing is wound, at last all but a slit; the wall stays bare."""
    first, last = (changed(wear.bandage(PORTRAIT, t, 1, subject=who)) for t in (0.0, 1.0))
    assert first.mean() < 1
    assert (last[90:140, 50:90] > 15).mean() > 0.8
    assert last[33:35, 68:76].mean() < 12
    assert last[WALL].mean() < 6


def test_circling_things_leave_the_face(who: Subject) -> None:
    """They pass behind the head and before the chest."""
    for t in np.linspace(0.25, 1, 9):
        frame = particles.circle(PORTRAIT, t, 1, shape="ball", size=0.12, radius=0.25, height=1, subject=who)
        assert changed(frame)[FACE].mean() < 4
        assert changed(frame)[90:130, 50:90].mean() > 4


def test_pressed_hair_is_flat(who: Subject) -> None:
    """What is drawn out over a squished head is wall: the hair begins with a broad row, not with a spike."""
    frame = warps.squish(PORTRAIT, 0.25, 1, subject=who)
    hair = (frame[:, 45:100].max(axis=2) < 170).sum(axis=1)
    top = int(np.argmax(hair > 1))
    assert top > 40
    assert hair[top + 2] > 15


def test_landing_shows_nobody_twice(who: Subject) -> None:
    """A deep hop draws the wall out above; no second head comes in, upside down."""
    frame = warps.bounce(PORTRAIT, 0.5, 1, beats=4, hop=0.22, subject=who)
    assert frame[:24, 45:100].max(axis=2).min() > 120


@pytest.mark.parametrize("shape", THINGS)
def test_things(shape: str) -> None:
    """Each drawing leaves a mark about its place and none elsewhere."""
    canvas = np.full((60, 60, 3), 90, np.uint8)
    stamp(canvas, shape, "#ff5d8f", 30.3, 29.6, 24, angle=0.4)
    rows, columns = np.nonzero((canvas != 90).any(axis=2))
    assert len(rows) > 10
    assert max(abs(rows - 29.6).max(), abs(columns - 30.3).max()) <= 24 * 0.75 + 2


@pytest.mark.parametrize("shape", sorted(SHINING))
def test_light_only_adds(shape: str) -> None:
    """A glow never darkens what it lies on, not even what is white."""
    for tone in (0, 128, 255):
        canvas = np.full((60, 60, 3), tone, np.uint8)
        stamp(canvas, shape, "#80a0ff", 30, 30, 40)
        assert canvas.min() == tone


def test_near_things_keep_aside() -> None:
    """What passes close to the lens passes at the sides: the middle stays clearer than the margins."""
    grey = np.full((80, 160, 3), 90, np.uint8)
    seen = np.mean(
        [changed(rain(grey, t, 3, shape="ball", count=120, size=0.12), grey) for t in np.linspace(0.5, 1, 9)], axis=0
    )
    assert seen[:, 60:100].mean() < 0.8 * np.concatenate([seen[:, :40], seen[:, 120:]], axis=1).mean()


FLASHING = {"blink", "fireworks", "glimpse", "glitch", "grain", "lightning", "strobe"}


def test_flashes_are_counted() -> None:
    """Four a second on a quarter of the frame are four; on less than a quarter, or too faint or too bright, none."""
    moments = np.arange(120) / 24
    for dark, light, wide, counted in ((60, 140, 12, 4), (60, 140, 2, 0), (60, 80, 12, 0), (235, 255, 12, 0)):
        film = np.full((120, 12, 12, 3), dark, np.uint8)
        film[moments * 4 % 1 < 0.5, :, :wide] = light
        assert most_flashes(film, 24) == counted


def test_no_scene_flashes_more_than_three_times_a_second() -> None:
    """What can bring on a seizure (WCAG 2.3.1) is in none of the five seconds of any film. The photo is plain, half of
    it dark and half bright: there is nothing that a moving edge could make seem a flash. Looks that do not flash by
    themselves are left out."""
    plain = np.full((48, 48, 3), 50, np.uint8)
    plain[:, 24:] = 190
    for name, steps in looks().items():
        shining = [step for step in steps if step["look"] in FLASHING]
        if shining:
            film = np.stack([shone(plain, shining, index / 119) for index in range(120)])
            assert most_flashes(film, 24) <= 3, name


def shone(plain: np.ndarray, steps: list[Step], t: float) -> np.ndarray:
    """The frame at a time with these looks over it, small."""
    for number, step in enumerate(steps):
        parameters = {key: value for key, value in step.items() if key not in ("look", "reveal")}
        plain = MOVES[step["look"]](plain, t, number, **parameters)
    return np.asarray(cv2.resize(plain, (12, 12), interpolation=cv2.INTER_AREA))


def test_two_photos_are_framed_on_their_subjects() -> None:
    """Cut to a narrow half, the head stays whole and near its middle."""
    frame = framed(PORTRAIT, (80, 160))
    assert subject(frame).x == pytest.approx(0.5, abs=0.15)
    wide = framed(PORTRAIT, (160, 70))
    assert np.abs(wide[2:40].astype(int) - PORTRAIT[2:40]).mean() < 25


def test_nothing_is_doubled_at_the_outer_edge() -> None:
    """Drawn together, each photo's rim stays at the frame's rim: no mirror image comes in behind it."""
    stripes = photo("chelsea.png", 120)[:, 20:140].copy()
    stripes[:, :6], stripes[:, -6:] = (255, 0, 0), (0, 0, 255)
    frame = together(Two(stripes, stripes, (240, 120)), 0.7, 1, pull=0.25, lean=0.12)
    red = (frame[..., 0].astype(int) - frame[..., 2] > 150)[:, :100]
    blue = (frame[..., 2].astype(int) - frame[..., 0] > 150)[:, 140:]
    for rim in (red, blue[:, ::-1]):
        columns = np.flatnonzero(rim.any(axis=0))
        assert columns.min() <= 1
        assert columns.max() - columns.min() < 25
        assert rim[:, : columns.max() - 2].any(axis=0).all()


def test_shoulder_passes_before_the_other() -> None:
    """The first photo's subject reaches over the seam once they are together, but not before."""
    green = np.full((120, 120, 3), (0, 90, 0), np.uint8)
    other = cv2.resize(PORTRAIT, (120, 120), interpolation=cv2.INTER_AREA)
    apart, near = (together(Two(other, green, (240, 120)), t, 1, pull=0.25, lean=0.1) for t in (0.0, 0.7))

    def beyond(frame: np.ndarray) -> int:
        return int((np.abs(frame[:, 128:].astype(int) - (0, 90, 0)).max(axis=2) > 60).sum())

    assert beyond(apart) == 0
    assert beyond(near) > 150


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("size", [(240, 120), (100, 160), (201, 90)])
def test_halves_fill_the_frame(side: int, size: tuple[int, int]) -> None:
    """A sheet has the frame's size; no matte lies where the sheet is only a mirror image."""
    made = half(PORTRAIT, size, side)
    assert made.sheet.shape == (size[1], size[0], 3)
    assert made.matte.shape == (size[1], size[0])
    assert side * made.head > 0
    assert side * made.end >= side * made.head


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_label_is_legible_on_anything(tone: int) -> None:
    """On black, grey and white grounds and on noise, the words stand out from the pill around them."""
    for ground in (
        np.full((360, 640, 3), tone, np.uint8),
        np.random.default_rng(1).integers(0, 256, (360, 640, 3), np.uint8),
    ):
        label = Label((640, 360))
        frame = ground.copy()
        label.stamp(frame)
        pill = frame[label.place].astype(int).mean(axis=2)
        inside = pill[2:-2, 6:-6]
        assert np.percentile(inside, 99) - np.median(inside) > 100
