"""The watermarked copy: the same film, marked all over, written along with the plain one."""

from pathlib import Path

import av
import numpy as np
import pytest

from kling_widgets.emulator.job import Job
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.render import render
from kling_widgets.emulator.watermark import Watermark

PHOTO = np.full((96, 144, 3), 120, np.uint8)


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in film.decode(video=0)]


def streams(path: Path) -> list[tuple[str, float]]:
    with av.open(str(path)) as film:
        return [(stream.type, float(stream.duration * stream.time_base)) for stream in film.streams]


@pytest.mark.parametrize("sound", [True, False], ids=["sound", "silent"])
def test_copy_is_the_same_film_marked(sound: bool, tmp_path: Path) -> None:
    """R94, R110: a second film, of the same length and sound, that differs in every part of every frame."""
    plain, marked = tmp_path / "film.mp4", tmp_path / "marked.mp4"
    render(Job(photos=(PHOTO,), seconds=1, fps=8, short_side=240, sound=sound), plain, marked)

    assert streams(plain) == streams(marked)
    pairs = list(zip(decoded(plain), decoded(marked), strict=True))
    assert len(pairs) == 8
    for one, other in pairs:
        changed = np.abs(one - other).max(axis=2)
        assert 2 < changed.mean() < 40
        quarters = [part for half in np.array_split(changed, 2) for part in np.array_split(half, 2, axis=1)]
        assert all(quarter.max() > 20 for quarter in quarters)


def test_plain_film_is_not_marked(tmp_path: Path) -> None:
    """R94: the film itself is the same with a copy beside it and without one."""
    job = Job(photos=(PHOTO,), seconds=1, fps=8, short_side=96)
    render(job, tmp_path / "alone.mp4")
    render(job, tmp_path / "beside.mp4", tmp_path / "marked.mp4")

    # Not to the byte: on a busy machine x264 does not always decide the same.
    pairs = zip(decoded(tmp_path / "alone.mp4"), decoded(tmp_path / "beside.mp4"), strict=True)
    assert max(np.abs(one - other).mean() for one, other in pairs) < 0.5


def test_label_stays(tmp_path: Path) -> None:
    """The words that tell a rehearsal from the vendor's film are as legible on the copy."""
    plain, marked = tmp_path / "film.mp4", tmp_path / "marked.mp4"
    render(Job(photos=(PHOTO,), seconds=0.5, fps=8, short_side=240), plain, marked)
    place = Label((360, 240)).place

    assert np.abs(decoded(plain)[2][place] - decoded(marked)[2][place]).mean() < 4


@pytest.mark.parametrize("tone", [0, 128, 255])
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (720, 288), (64, 64)])
def test_seen_on_any_ground(size: tuple[int, int], tone: int) -> None:
    """On black, on grey and on white it is seen, and what lies under it is seen through it."""
    frame = np.full((size[1], size[0], 3), tone, np.uint8)
    Watermark(size).stamp(frame)
    changed = np.abs(frame.astype(int) - tone)

    assert 25 < changed.max() < 110
    assert 0.01 < (changed.max(axis=2) > 8).mean() < 0.5


def test_spared_place_is_untouched() -> None:
    """What is to be spared keeps its values."""
    frame = np.random.default_rng(0).integers(0, 256, (120, 200, 3), np.uint8)
    before, spare = frame.copy(), (slice(60, 120), slice(100, 200))
    Watermark((200, 120), spare=spare).stamp(frame)

    np.testing.assert_array_equal(frame[spare], before[spare])
    assert (frame != before).any()


def test_both_or_neither(tmp_path: Path) -> None:
    """An error after both files were begun leaves neither of them."""
    with pytest.raises(ValueError, match="no looks for the effect"):
        render(Job(photos=(PHOTO,), scene="none", short_side=64), tmp_path / "film.mp4", tmp_path / "marked.mp4")

    assert list(tmp_path.iterdir()) == []


def test_copy_that_cannot_be_written(tmp_path: Path) -> None:
    """A copy whose folder does not exist takes the film with it."""
    with pytest.raises(OSError, match="No such file"):
        render(Job(photos=(PHOTO,), seconds=0.5, short_side=64), tmp_path / "film.mp4", tmp_path / "no" / "marked.mp4")

    assert list(tmp_path.iterdir()) == []
