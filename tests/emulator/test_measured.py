"""The motion brush measured on finished films, as decoded: the proof that what was drawn is what one sees.

One small film of a real photo and one of a painted one; everything is measured on these two.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from kling_widgets.emulator.fit import scaled, scaled_mask
from kling_widgets.emulator.job import Area, Job
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.layers import Layers
from kling_widgets.emulator.render import film_size, render

PHOTOS = Path(__file__).parents[2] / "notebooks" / "photos"

CODED = 12
"""Levels by which coding may change a pixel."""


def ellipse(photo: np.ndarray, x: float, y: float, width: float, height: float) -> np.ndarray:
    rows, columns = np.indices(photo.shape[:2])
    return ((columns - x) / width) ** 2 + ((rows - y) / height) ** 2 <= 1


def curve(x: float, y: float, right: float, up: float, points: int = 20) -> np.ndarray:
    """A quarter of an ellipse, at an even pace in its angle."""
    angle = np.linspace(0, np.pi / 2, points)
    return np.stack([x + right * (1 - np.cos(angle)), y - up * np.sin(angle)], axis=1)


def rocket() -> Job:
    """The rocket rises in a curve, a mast creeps by a few pixels, smoke drifts behind what must not move."""
    photo = np.asarray(Image.open(PHOTOS / "rocket.jpg").convert("RGB"))
    areas = (
        Area(ellipse(photo, 430, 390, 30, 30), np.array([[430.0, 390], [500, 360]])),
        Area(ellipse(photo, 190, 230, 25, 110), np.array([[190.0, 230], [195, 228], [200, 230]])),
        Area(ellipse(photo, 322, 275, 36, 152), curve(322, 275, -60, 110)),
    )
    return Job(
        photos=(photo,), areas=areas, static=ellipse(photo, 500, 300, 60, 130), seconds=2, short_side=240, fps=12
    )


def painted() -> Job:
    """Two striped discs on soft texture, one at a tenth of a pixel a frame, one on a zigzag; and an area of mere
    ground that goes behind what must not move."""
    rng = np.random.default_rng(5)
    noise = cv2.GaussianBlur(rng.normal(0, 90, (240, 360, 3)), (0, 0), 3)
    photo = np.clip(100 + noise + np.linspace(0, 40, 360)[:, None], 30, 220).astype(np.uint8)
    stripes = np.where(np.indices((240, 360)).sum(axis=0) // 6 % 2, 250, 190)[..., None] * np.array([1, 0.95, 0.3])
    for x, y in ((70, 60), (80, 180)):
        photo[ellipse(photo, x, y, 22, 22)] = stripes[ellipse(photo, x, y, 22, 22)]
    zigzag = np.array([[70.0, 60], [130, 100], [190, 60], [250, 100]])
    areas = (
        Area(ellipse(photo, 200, 170, 25, 25), np.array([[200.0, 170], [300, 170]])),
        Area(ellipse(photo, 80, 180, 28, 28), np.array([[80.0, 180], [82.4, 180]])),
        Area(ellipse(photo, 70, 60, 28, 28), zigzag),
    )
    return Job(photos=(photo,), areas=areas, static=ellipse(photo, 300, 170, 30, 40), seconds=2, short_side=240, fps=12)


@dataclass(frozen=True)
class Filmed:
    job: Job
    photo: np.ndarray
    """At the film's size."""
    frames: list[np.ndarray]
    layers: Layers
    seen: np.ndarray
    """Where the label is not."""

    @property
    def ten(self) -> list[int]:
        """Ten frames, the first and the last among them."""
        return [int(index) for index in np.linspace(0, len(self.frames) - 1, 10).round()]

    def mask(self, area: Area) -> np.ndarray:
        return scaled_mask(area.mask, self.photo.shape[1::-1])

    def way(self, area: Area, index: int) -> np.ndarray:
        """How far the drawn path has led, in pixels of the film."""
        knots = np.linspace(0, self.job.seconds, len(area.path))
        time = index / self.job.fps
        at = np.array([np.interp(time, knots, area.path[:, axis]) for axis in (0, 1)])
        return (at - area.path[0]) * self.photo.shape[1] / self.job.photos[0].shape[1]


@pytest.fixture(scope="module", params=[rocket, painted], ids=["rocket", "painted"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filmed:
    job: Job = request.param()
    size, path = film_size(job), tmp_path_factory.mktemp("measured") / "film.mp4"
    render(job, path)
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    seen = np.ones(size[::-1], bool)
    seen[Label(size).place] = False
    return Filmed(job, scaled(job.photos[0], size), frames, Layers(job, size), seen)


def found(frame: np.ndarray, photo: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """How far the part of the photo has moved, to a fraction of a pixel: where it fits the frame best of all places."""
    rows, columns = np.nonzero(inner)
    cut = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    weight = np.repeat(inner[cut].astype(np.float32)[..., None], 3, axis=2)
    apart = cv2.matchTemplate(frame.astype(np.float32), photo[cut].astype(np.float32), cv2.TM_SQDIFF, mask=weight)
    _, _, (x, y), _ = cv2.minMaxLoc(apart)

    def vertex(before: float, here: float, after: float) -> float:
        return (before - after) / (2 * (before - 2 * here + after))

    wide = np.pad(apart, 1, mode="edge")
    finer = vertex(*wide[y + 1, x : x + 3]), vertex(*wide[y : y + 3, x + 1])
    return np.array([x - cut[1].start + finer[0], y - cut[0].start + finer[1]])


@pytest.mark.parametrize("index", [1, 2], ids=["slow", "far"])
def test_patch_is_on_its_path(film: Filmed, index: int) -> None:
    """At ten times the patch is where the path is, within a third of a pixel: far within 1.5 % of the width."""
    area = film.job.areas[index]
    inner = cv2.erode(film.mask(area).astype(np.uint8), np.ones((9, 9))).astype(bool)
    there = np.array([found(film.frames[at], film.photo, inner) for at in film.ten])

    np.testing.assert_allclose(there, [film.way(area, at) for at in film.ten], atol=0.35)


def test_static_area_is_still(film: Filmed) -> None:
    """Before coding its pixels are the photo's, to the value; in the film the mean flow is under half a pixel."""
    assert film.job.static is not None
    static = scaled_mask(film.job.static, film.photo.shape[1::-1])
    first, *later = (cv2.cvtColor(film.frames[at], cv2.COLOR_RGB2GRAY) for at in film.ten)
    for frame in later:
        flow = cv2.calcOpticalFlowFarneback(first, frame, None, 0.5, 3, 15, 3, 5, 1.2, 0)  # type: ignore[call-overload]
        assert np.linalg.norm(flow[static & film.seen], axis=1).mean() < 0.5

    for at in film.ten:
        np.testing.assert_array_equal(film.layers.at(at / film.job.fps)[static], film.photo[static])


def test_no_hole(film: Filmed) -> None:
    """What a thing uncovers shows the background that was filled in: no pixel is farther from it than its texture."""
    near = np.ones((9, 9))
    darkest, lightest = (np.asarray(change(film.layers.background, near)) for change in (cv2.erode, cv2.dilate))
    texture = (lightest.astype(int) - darkest).max(axis=2) + CODED
    painted = np.logical_or.reduce([film.mask(area) for area in film.job.areas])
    ring = cv2.dilate(painted.astype(np.uint8), np.ones((31, 31))).astype(bool) & ~painted
    around = np.percentile(film.photo[ring].max(axis=1), 1)
    for at in film.ten[5:]:
        bare = painted & film.seen
        for area in film.job.areas:
            x, y = film.way(area, at)
            shift = np.array([[1, 0, x], [0, 1, y]])
            there = cv2.warpAffine(film.mask(area).astype(np.uint8), shift, film.photo.shape[1::-1])
            # Where a mask or the frame cuts through a thing, the thing ends softly, outside of the mask as well.
            bare &= cv2.dilate(there, np.ones((31, 31))) == 0

        apart = np.abs(film.frames[at].astype(int) - film.layers.background).max(axis=2)
        assert bare.sum() > 500
        assert (apart[bare] <= texture[bare]).all()
        # And that background is one: as light as the photo around it, with no trace of black.
        assert film.frames[at][bare].max(axis=1).min() >= around - CODED


def test_first_frame_is_the_photo(film: Filmed) -> None:
    """Over 32 dB, as decoded, all of the frame but the label."""
    error = (film.frames[0].astype(float) - film.photo)[film.seen]
    assert 10 * np.log10(255**2 / np.mean(error**2)) > 32


def test_nothing_jumps(film: Filmed) -> None:
    """No frame differs from the one before by more than three times the median, keyframes and first steps included."""
    steps = [np.abs(b.astype(int) - a).mean() for a, b in zip(film.frames, film.frames[1:], strict=False)]
    assert max(steps) <= 3 * np.median(steps)
