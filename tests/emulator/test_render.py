"""Whole films: what is on disk plays anywhere, and shows what was asked for."""

import tracemalloc
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.fit import cover, fitted, frame_size, scaled, scaled_mask
from kling_widgets.emulator.job import Area, Camera, Film, Job
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.render import render


def scenery(width: int = 144, height: int = 96, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(127, 150, (height, width, 3)), (0, 0), 5) * 2 - 127
    return np.clip(soft, 20, 235).astype(np.uint8)


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def psnr(frame: np.ndarray, photo: np.ndarray) -> float:
    """Outside the corner where the label is."""
    height, width = photo.shape[:2]
    seen = np.ones((height, width), bool)
    seen[-round(0.15 * height) :, -round(0.35 * width) :] = False
    return float(-10 * np.log10(np.mean((frame[seen] / 255 - photo[seen] / 255) ** 2)))


def disc(x: float, y: float, radius: float, shape: tuple[int, ...]) -> np.ndarray:
    rows, columns = np.indices(shape[:2])
    return (columns - x) ** 2 + (rows - y) ** 2 <= radius**2


MASK = disc(40, 50, 16, (96, 144))
JOBS = {
    "prompt": Job(photos=(scenery(),), prompt="a gentle wind"),
    "brush": Job(photos=(scenery(),), areas=(Area(MASK, np.array([[40.0, 50], [90, 50]])),)),
    "static alone": Job(photos=(scenery(),), static=MASK),
    "camera": Job(photos=(scenery(),), camera=Camera("simple", {"pan": 5})),
    "start and end": Job(photos=(scenery(),), tail=scenery(seed=1)),
    "end alone": Job(photos=(), tail=scenery()),
    "effect": Job(photos=(scenery(),), scene="squish"),
    "two photos": Job(photos=(scenery(), scenery(seed=1)), scene="hug_pro"),
}


@pytest.fixture(scope="module", params=JOBS, ids=JOBS)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Film, Path]:
    job = JOBS[request.param]
    job = Job(**{**vars(job), "seconds": 1.5, "fps": 8, "short_side": 96})
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    return job, render(job, path), path


def test_plays_anywhere(film: tuple[Job, Film, Path]) -> None:
    """H.264, yuv420p, BT.709 in limited range and tagged so, index before the data, as long as asked."""
    job, made, path = film
    with av.open(str(path)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        told = (context.name, context.pix_fmt, context.width, context.height, stream.average_rate, stream.frames)
        assert told == ("h264", "yuv420p", made.width, made.height, job.fps, 12)
        assert (int(context.color_range), int(context.colorspace)) == (1, 1)
        assert (int(context.color_primaries), int(context.color_trc)) == (1, 1)
        assert float(stream.duration * stream.time_base) == made.seconds == 1.5

    data = path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_size_is_the_photos(film: tuple[Job, Film, Path]) -> None:
    """The short side is as asked, the aspect the photo's, both sides even; two photos lie side by side, to 2.5 : 1."""
    job, made, _ = film
    assert (made.width, made.height) == ((240, 96) if len(job.photos) == 2 else (144, 96))


def test_bears_the_label(film: tuple[Job, Film, Path]) -> None:
    """The label is dark and light where the photo is neither."""
    _, made, path = film
    corner = decoded(path)[5][Label((made.width, made.height)).place]
    assert corner.size > 0
    assert float(corner.astype(int).max() - corner.min()) > 60


def test_moves(film: tuple[Job, Film, Path]) -> None:
    """Everything that was asked to move does."""
    job, _, path = film
    first, *_, last = decoded(path)
    changed = float(np.abs(first[:-16].astype(int) - last[:-16]).mean())
    assert (changed < 1.5) if job.static is not None else (changed > 1.5)


@pytest.mark.parametrize("name", ["prompt", "brush", "static alone", "camera", "start and end"])
def test_first_frame_is_the_photo(name: str, tmp_path: Path) -> None:
    """Over 32 dB from the photo, label apart: colours are those of the photo."""
    job = Job(**{**vars(JOBS[name]), "seconds": 0.5, "short_side": 96})
    render(job, tmp_path / "film.mp4")

    assert psnr(decoded(tmp_path / "film.mp4")[0], job.photos[0]) > 32


@pytest.mark.parametrize("name", ["start and end", "end alone"])
def test_last_frame_is_the_tail(name: str, tmp_path: Path) -> None:
    """A film with an end frame ends on it."""
    job = Job(**{**vars(JOBS[name]), "seconds": 1, "fps": 8, "short_side": 96})
    render(job, tmp_path / "film.mp4")

    assert job.tail is not None
    assert psnr(decoded(tmp_path / "film.mp4")[-1], job.tail) > 30


def test_patch_follows_path_in_the_film(tmp_path: Path) -> None:
    """In the decoded film a painted ball is on its path, within 1.5 % of the width, at every frame."""
    photo = np.where(disc(36, 66, 10, (96, 144))[..., None], np.uint8([250, 245, 240]), scenery())
    path = np.array([[36.0, 66], [100, 66], [100, 30]])
    job = Job(photos=(photo,), areas=(Area(disc(36, 66, 14, (96, 144)), path),), seconds=2, fps=6, short_side=192)
    render(job, tmp_path / "film.mp4")

    for index, frame in enumerate(decoded(tmp_path / "film.mp4")):
        seen = frame.min(axis=2) > 215
        seen[-24:, 190:] = False
        rows, columns = np.nonzero(seen)
        at = index / 6 / 2 * 2
        expected = path[0] + (path[1] - path[0]) * min(at, 1) + (path[2] - path[1]) * max(at - 1, 0)
        np.testing.assert_allclose((columns.mean() / 2, rows.mean() / 2), expected, atol=0.015 * 144)


def test_memory_does_not_grow_with_the_film(tmp_path: Path) -> None:
    """A film five times as long takes no more memory to make: frames go as they come."""
    peaks = [
        peak(Job(**{**vars(JOBS["static alone"]), "seconds": seconds, "fps": 8}), tmp_path) for seconds in (1, 2, 10)
    ]
    assert peaks[2] < 1.05 * peaks[1]


def peak(job: Job, folder: Path) -> int:
    """The most bytes that arrays and objects held while the film was made; a frame of it is 41,472."""
    tracemalloc.start()
    try:
        render(Job(**{**vars(job), "short_side": 96}), folder / "film.mp4")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_full_hd(tmp_path: Path) -> None:
    """Mode pro is 1080 lines: a film of that size is made, and shows the photo."""
    job = Job(**{**vars(JOBS["brush"]), "seconds": 0.1, "fps": 10, "short_side": 1080})
    made = render(job, tmp_path / "film.mp4")

    assert (made.width, made.height) == (1620, 1080)
    assert psnr(decoded(tmp_path / "film.mp4")[0], scaled(job.photos[0], (1620, 1080))) > 32


def test_strong_colours_survive(tmp_path: Path) -> None:
    """Read as it is tagged, the film shows pure colours within a few levels: the matrix is the one it claims."""
    colours = np.uint8([[220, 30, 30], [30, 220, 30], [30, 30, 220], [220, 220, 30], [30, 220, 220], [220, 30, 220]])
    photo = np.repeat(np.repeat(colours[None], 96, axis=0), 32, axis=1)
    with Encoder(tmp_path / "film.mp4", 192, 96, 8) as film:
        film.write(photo)

    with av.open(str(tmp_path / "film.mp4")) as container:
        planes = next(container.decode(video=0)).to_ndarray()
    y = planes[:96].astype(float)[48, 16::32]
    u, v = (planes[96 + 24 * part : 120 + 24 * part].reshape(48, 96)[24, 8::16].astype(float) - 128 for part in (0, 1))
    bt709 = np.array([[1.1644, 0, 1.7927], [1.1644, -0.2132, -0.5329], [1.1644, 2.1124, 0]])
    np.testing.assert_allclose(np.stack([y - 16, u, v], axis=1) @ bt709.T, colours, atol=5)


def test_keyframe_every_second(tmp_path: Path) -> None:
    """A player can jump to any second."""
    render(Job(photos=(scenery(),), seconds=3, fps=8, short_side=64), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        keys = [float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.is_keyframe]

    assert {0.0, 1.0, 2.0} <= set(keys)


def test_failed_film_leaves_nothing(tmp_path: Path) -> None:
    """What was half written when an error came is gone."""
    path = tmp_path / "film.mp4"
    with pytest.raises(ValueError, match="ndim"), Encoder(path, 64, 64, 8) as film:
        film.write(np.zeros((64, 64), np.uint8))

    assert not path.exists()


def test_no_picture(tmp_path: Path) -> None:
    """Nothing to film: refused in words, no file."""
    with pytest.raises(ValueError, match="no picture"):
        render(Job(photos=()), tmp_path / "film.mp4")

    assert list(tmp_path.iterdir()) == []


@given(st.integers(300, 6000), st.floats(0.4, 2.5), st.sampled_from([360, 720, 1080]))
def test_frame_size(width: int, aspect: float, short_side: int) -> None:
    """Even sides, the short one as asked, the aspect within a rounding."""
    height = max(1, round(width / aspect))
    size = frame_size(width / height, short_side)

    assert min(size) == short_side
    assert size[0] % 2 == size[1] % 2 == 0
    assert size[0] / size[1] == pytest.approx(width / height, abs=2.5 / short_side * max(1, width / height))


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (288, 720), (720, 288), (360, 360)])
def test_label_is_small(size: tuple[int, int]) -> None:
    """At most 30 % of the width and 12 % of the height, in the bottom right corner, and seen on black and on white."""
    width, height = size
    for ground in (0, 128, 255):
        plain = np.full((height, width, 3), ground, np.uint8)
        frame = plain.copy()
        Label(size).stamp(frame)
        rows, columns = np.nonzero((frame != plain).any(axis=2))

        assert len(rows)
        assert rows.min() >= 0.88 * height
        assert columns.min() >= 0.7 * width
        assert frame[rows, columns].max() - frame[rows, columns].min() > 60


def test_tail_of_another_aspect_is_shown_whole() -> None:
    """An upright end frame in a wide film: all of it, between dim sides, none of it black."""
    tail = scenery(90, 180)
    frame = fitted(tail, (240, 120))

    np.testing.assert_array_equal(frame[:, 90:150], scaled(tail, (60, 120)))
    assert frame.min() > 0


def test_cover_fills() -> None:
    """The middle of the picture, nothing stretched."""
    picture = scenery(200, 100)
    np.testing.assert_array_equal(cover(picture, (100, 100)), picture[:, 50:150])


def test_mask_scales_by_majority() -> None:
    """A pixel of the smaller mask is set when at least half of it was painted."""
    mask = np.array([[1, 1, 1, 0], [1, 0, 0, 0]], bool)
    np.testing.assert_array_equal(scaled_mask(mask, (2, 1)), [[True, False]])
