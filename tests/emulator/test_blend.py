"""Start and end frame: one picture becomes the other."""

from itertools import pairwise

import cv2
import numpy as np

from kling_widgets.emulator.blend import frames
from kling_widgets.emulator.job import Job

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


def test_gentle_throughout() -> None:
    """No jump: no step between frames is more than three times the median step."""
    for tail in (scenery(1), np.roll(scenery(), 6, axis=1)):
        film = made(Job(photos=(scenery(),), tail=tail, seconds=2, fps=12))
        steps = [float(np.abs(b.astype(int) - a).mean()) for a, b in pairwise(film)]
        assert max(steps) < 3 * np.median(steps) + 0.5
