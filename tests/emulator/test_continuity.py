"""Whatever moves the whole frame moves it evenly: no frame leaps out of the row of its neighbours."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from kling_widgets.emulator import blend, camera, framing, push
from kling_widgets.emulator.job import Camera, Job

SIZE = WIDTH, HEIGHT = 144, 96
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
PRESETS = ("down_back", "forward_up", "right_turn_forward", "left_turn_forward")


def scenery(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(127, 150, (HEIGHT, WIDTH + 20, 3)), (0, 0), 4) * 2 - 127
    photo = np.clip(soft, 20, 235).astype(np.uint8)
    cv2.circle(photo, (80, 50), 20, (230, 60, 30), -1)
    return photo


PHOTO = scenery()[:, 10:-10].copy()
CAMERAS = [Camera("simple", {axis: value}) for axis in AXES for value in (-10, 10)] + [Camera(name) for name in PRESETS]
FILMS = {
    "push": (push.frames, {}),
    "morph": (blend.frames, {"tail": scenery()[:, :-20].copy()}),
    "darker": (blend.frames, {"tail": PHOTO // 2}),
    "dissolve": (blend.frames, {"tail": scenery(3)[:, 10:-10].copy()}),
    "the same": (blend.frames, {"tail": PHOTO}),
    "end alone": (blend.frames, {"photos": (), "tail": PHOTO}),
    **{f"shot {number}": (lambda job, size, n=number: framing.frames(job, size, n), {}) for number in range(3)},
    **{f"{move.type} {dict(move.config)}": (camera.frames, {"camera": move}) for move in CAMERAS},
}


@pytest.mark.parametrize("name", FILMS)
def test_even(name: str) -> None:
    """No step between two frames is more than three times the median step."""
    make, asked = FILMS[name]
    film = list(make(Job(**{"photos": (PHOTO,), "seconds": 1.5, "fps": 12, **asked}), SIZE))
    steps = [float(np.abs(one.astype(np.int16) - other).mean()) for one, other in pairwise(film)]

    assert max(steps) <= 3 * np.median(steps) + 0.1
