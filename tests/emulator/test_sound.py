"""The sound of a film: there when asked for, as long as the film, quiet, without clicks, changing at the cuts."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.job import Job, Shot
from kling_widgets.emulator.render import render
from kling_widgets.emulator.sound import PEAK, RATE, Track

AAC_FRAME = 1024 / RATE

PROMPTS = ["", "a sunset over the sea", "rain in the city at night", "snow in the mountains", "一只猫", "galaxies"]


def heard(path: Path) -> np.ndarray:
    """The film's sound as a player has it: shape (n, 2)."""
    with av.open(str(path)) as film:
        return np.concatenate([frame.to_ndarray().T for frame in film.decode(audio=0)])


def whole(track: Track, seconds: float) -> np.ndarray:
    return track.between(0, seconds)


def decibels(level: float) -> float:
    return float(20 * np.log10(level))


@pytest.mark.parametrize("seconds", [3, 5, 15])
def test_as_long_as_the_film(seconds: int, tmp_path: Path) -> None:
    """R54: with sound the film has one AAC track, stereo at 48 kHz, as long as the film to within one AAC frame."""
    film = render(Job(photos=(), aspect=1, seconds=seconds, fps=8, short_side=32, sound=True), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        (track,) = container.streams.audio
        context = track.codec_context
        assert (context.name, context.sample_rate, context.layout.name) == ("aac", RATE, "stereo")
        assert float(track.duration * track.time_base) == pytest.approx(film.seconds, abs=AAC_FRAME)

    assert len(heard(tmp_path / "film.mp4")) / RATE == pytest.approx(seconds, abs=2 * AAC_FRAME)


def test_silent_film_has_no_track(tmp_path: Path) -> None:
    """R54: without sound there is no audio stream at all, rather than an empty one."""
    render(Job(photos=(), aspect=1, seconds=1, fps=8, short_side=32), tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_sound_survives_the_encoder(tmp_path: Path) -> None:
    """What is decoded is what was played, at its time: no gap, no shift; and as quiet as it should be."""
    job = Job(photos=(), aspect=1, seconds=4, fps=8, short_side=32, sound=True, prompt="forest", shots=(Shot(2),) * 2)
    render(job, tmp_path / "film.mp4")
    played, found = Track("forest", [0, 2], 4).between(0, 4), heard(tmp_path / "film.mp4")[: 4 * RATE]

    assert np.corrcoef(played[: len(found), 0], found[:, 0])[0, 1] > 0.99
    assert decibels(np.abs(found).max()) < -11
    assert np.abs(np.diff(found, axis=0)).max() < 0.06


@pytest.mark.parametrize("prompt", PROMPTS)
def test_quiet_and_smooth(prompt: str) -> None:
    """Peaks stay 12 dB below full scale, the RMS is near 24 dB, and no sample is far from its neighbour: no clicks."""
    sound = whole(Track(prompt, [0, 2, 2.7, 4.4], 6), 6)

    assert np.abs(sound).max() <= PEAK
    assert -27 < decibels(np.sqrt(np.mean(sound.astype(float) ** 2))) < -22
    assert np.abs(np.diff(sound, axis=0)).max() < 0.05
    # A click is a corner: even where a bell is struck the slope changes little from one sample to the next.
    assert np.abs(np.diff(sound, n=2, axis=0)).max() < 0.025


def test_silent_at_both_ends() -> None:
    """A film that is played again and again does not click."""
    sound = whole(Track("a lake", [0], 5), 5)
    assert np.abs(sound[[0, -1]]).max() < 1e-4


def test_stereo() -> None:
    """The sides differ."""
    left, right = whole(Track("a lake", [0], 5), 5).T
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.7


@pytest.mark.parametrize("prompt", PROMPTS)
def test_chords_change_at_the_cuts(prompt: str) -> None:
    """Before and after a cut other notes sound; within a shot, between changes, the same ones."""
    cut = 2.0
    sound = whole(Track(prompt, [0, cut], 4), 4).mean(axis=1)

    def notes(time: float) -> np.ndarray:
        """How loud each pitch is, from A1 to A4, around a time."""
        window = sound[round((time - 0.3) * RATE) : round((time + 0.3) * RATE)]
        spectrum = np.abs(np.fft.rfft(window * np.hanning(len(window)), 1 << 17))
        pitches = 55 * 2 ** (np.arange(37) / 12)
        return spectrum[np.rint(pitches * (1 << 17) / RATE).astype(int)]

    def alike(one: float, other: float) -> float:
        return float(np.corrcoef(notes(one), notes(other))[0, 1])

    assert alike(cut - 0.4, cut + 1.3) < alike(cut + 0.9, cut + 1.3)
    assert alike(cut - 0.4, cut + 1.3) < 0.85


def test_words_have_their_own_sound() -> None:
    """The same words sound the same, other words do not."""
    one, again, other = (whole(Track(prompt, [0], 3), 3) for prompt in ("a fox", "a fox", "an owl"))

    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.05


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=40), st.lists(st.floats(0.1, 1.4), max_size=3), st.sampled_from([8, 24, 25, 30]))
def test_pieces_meet(prompt: str, knots: list[float], fps: int) -> None:
    """Sound made piece by piece, cut anywhere, is the sound made at once."""
    track, edges = Track(prompt, [0, 0.75], 1.5), sorted({0.0, *(round(knot * fps) / fps for knot in knots), 1.5})
    pieces = [track.between(one, other) for one, other in pairwise(edges)]

    np.testing.assert_array_equal(np.concatenate(pieces), track.between(0, 1.5))


def test_nothing_is_heard_in_nothing() -> None:
    """A stretch without length is empty."""
    assert Track("", [0], 3).between(1, 1).shape == (0, 2)


def test_sound_where_none_was_announced(tmp_path: Path) -> None:
    """An encoder begun without sound refuses it, and leaves no file."""
    with pytest.raises(ValueError, match="without sound"), Encoder(tmp_path / "film.mp4", 32, 32, 8) as film:
        film.write(np.zeros((32, 32, 3), np.uint8), np.zeros((6000, 2), np.float32))

    assert not (tmp_path / "film.mp4").exists()
