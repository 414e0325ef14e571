"""Start and end frame: one picture becomes the other."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kling_widgets.emulator.align import part_way
from kling_widgets.emulator.blend import GLIDE, frames
from kling_widgets.emulator.flow import match
from kling_widgets.emulator.job import Job
from kling_widgets.emulator.warp import about, zoomed

SIZE = WIDTH, HEIGHT = 160, 112


def scenery(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(127, 160, (HEIGHT, WIDTH, 3)), (0, 0), 4) * 2 - 127
    return np.clip(soft, 0, 255).astype(np.uint8)


def contrast(frame: np.ndarray) -> float:
    return float(frame.astype(float).std())


def made(job: Job) -> list[np.ndarray]:
    return list(frames(job, SIZE))


def test_ends_are_exact() -> None:
    """First frame the photo, last frame the tail, to the value."""
    start, tail = scenery(), scenery(1)
    film = made(Job(photos=(start,), tail=tail, seconds=1, fps=9))

    np.testing.assert_array_equal(film[0], start)
    np.testing.assert_array_equal(film[-1], tail)


def test_end_frame_alone_comes_to_rest_on_it() -> None:
    """It begins nearer and ends on the tail; the last step is smaller than the middle one."""
    tail = scenery()
    film = made(Job(photos=(), tail=tail, seconds=1, fps=12))
    steps = [float(np.abs(b.astype(int) - a).mean()) for a, b in pairwise(film)]

    np.testing.assert_array_equal(film[-1], tail)
    assert 0 < steps[-1] < steps[len(steps) // 2]


def test_same_scene_shifted_is_carried() -> None:
    """Where the tail shows the same, moved, the middle frame is sharp: flow carries, nothing doubles."""
    wide = cv2.resize(scenery(), (WIDTH + 10, HEIGHT), interpolation=cv2.INTER_CUBIC)
    start, tail = wide[:, 10:].copy(), wide[:, :-10].copy()
    middle = made(Job(photos=(start,), tail=tail, seconds=1, fps=3))[1]
    doubled = cv2.addWeighted(start, 0.5, tail, 0.5, 0)

    half = wide[:, 5:-5]
    inner = np.s_[16:-16, 16:-16]
    apart = np.abs(middle.astype(int) - half)[inner].mean()
    assert apart < 0.4 * np.abs(doubled.astype(int) - half)[inner].mean()
    assert contrast(middle) > contrast(doubled)


PHOTO = np.asarray(Image.open(Path(__file__).parents[2] / "notebooks" / "photos" / "coffee.png").convert("RGB"))
VIEW = VIEW_WIDTH, VIEW_HEIGHT = 300, 200


def view(right: float = 0, zoom: float = 1, turn: float = 0, light: float = 1) -> np.ndarray:
    """A part of the photo, as a camera sees it that stands a share of the view's width further right."""
    move = cv2.getRotationMatrix2D((300, 200), turn, 0.75 * zoom)
    move[:, 2] += np.array([VIEW_WIDTH * (0.5 - right), VIEW_HEIGHT / 2]) - (300, 200)
    return np.clip(cv2.warpAffine(PHOTO, move, VIEW, flags=cv2.INTER_AREA) * light, 0, 255).astype(np.uint8)


def with_thing(x: float, y: float) -> np.ndarray:
    """The photo with a checkered card on it."""
    photo = view(zoom=0.7)
    card = cv2.resize((np.indices((6, 5)).sum(axis=0) % 2 * 190 + 40).astype(np.uint8), (40, 48), interpolation=0)
    card = cv2.GaussianBlur(cv2.putText(card, "K7", (3, 30), 0, 0.8, 255, 2), (0, 0), 0.6)
    photo[round(y) : round(y) + 48, round(x) : round(x) + 40] = card[..., None] // np.uint8([1, 2, 1])
    return photo


def detail(frame: np.ndarray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())


def middle_of(start: np.ndarray, tail: np.ndarray) -> np.ndarray:
    return list(frames(Job(photos=(start,), tail=tail, seconds=1, fps=3), VIEW))[1]


@pytest.mark.parametrize(
    ("ways", "most"),
    [
        ([view(right=share) for share in (-0.04, 0, 0.04)], 0.1),
        ([view(right=share) for share in (-0.12, 0, 0.12)], 0.1),
        ([view(zoom=1.25**share) for share in (0, 0.5, 1)], 0.1),
        ([view(zoom=1.1, turn=angle) for angle in (-6, 0, 6)], 0.1),
        ([view(right=share, light=1 - 5 * share) for share in (0, 0.04, 0.08)], 0.1),
        ([with_thing(x, y) for x, y in ((60, 40), (90, 50), (120, 60))], 0.33),
    ],
    ids=["shift 8 %", "shift 24 %", "zoom", "roll", "shifted and darker", "one thing moved"],
)
def test_half_way(ways: list[np.ndarray], most: float) -> None:
    """Half way stands what a camera would have seen there: nearer by far than a cross-fade, and as sharp."""
    start, truth, tail = ways
    made = middle_of(start, tail)
    faded = cv2.addWeighted(start, 0.5, tail, 0.5, 0)

    inner = np.s_[12:-12, 12:-12]
    apart, before = (float(np.abs(each.astype(int) - truth)[inner].mean()) for each in (made, faded))
    assert apart < most * before
    assert detail(made[inner]) > 0.7 * detail(truth[inner])


def test_moved_thing_is_seen_once() -> None:
    """Where the thing was and where it will be lies what is behind it."""
    made = middle_of(with_thing(60, 40), with_thing(120, 60))
    behind = view(zoom=0.7)

    for there in (np.s_[40:88, 60:85], np.s_[60:108, 135:160]):
        assert np.abs(made[there].astype(int) - behind[there]).mean() < 14


@pytest.mark.parametrize("other", ["mirrored", "another"])
def test_unlike_pictures_dissolve(other: str) -> None:
    """Pictures that show other things do not smear: both glide while one fades into the other."""
    start = view()
    tail = start[:, ::-1].copy() if other == "mirrored" else cv2.resize(scenery(2), VIEW)
    assert match(start, tail) is None

    faded = cv2.addWeighted(zoomed(start, GLIDE**0.5), 0.5, zoomed(tail, GLIDE**-0.5), 0.5, 0)
    assert np.abs(middle_of(start, tail).astype(int) - faded).max() <= 1


@given(growth=st.floats(0.6, 1.7), angle=st.floats(-0.6, 0.6), x=st.floats(-40, 40), y=st.floats(-40, 40))
def test_part_of_a_move(growth: float, angle: float, x: float, y: float) -> None:
    """Nothing of a move is standing still, all of it is the move, and half of it twice leads the same way."""
    turned = growth * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    move = about((80, 50), np.vstack([np.column_stack([turned, (x, y)]), [0, 0, 1]]))
    half = part_way(move, 0.5, (80, 50))

    np.testing.assert_allclose(part_way(move, 0, (80, 50)), np.eye(3), atol=1e-9)
    np.testing.assert_allclose(part_way(move, 1, (80, 50)), move, atol=1e-9)
    np.testing.assert_allclose((half @ half)[:2, :2], move[:2, :2], atol=1e-9)
    np.testing.assert_allclose(half @ (80, 50, 1), (80 + x / 2, 50 + y / 2, 1), atol=1e-9)


def test_the_same_again() -> None:
    """Made twice, the frames are the same to the value."""
    start, tail = with_thing(60, 40), with_thing(120, 60)
    np.testing.assert_array_equal(middle_of(start, tail), middle_of(start, tail))
