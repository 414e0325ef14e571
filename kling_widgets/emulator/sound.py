"""A quiet track for a film with sound: a warm pad and a few bells, whose chords change with the shots.

Everything is a function of time alone, so that any stretch can be worked out by itself, and the same words sound the
same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.mood import Mood, mood

RATE = 48_000
"""Samples per second."""

Samples = NDArray[np.float32]
"""Shape (n, 2): left and right, -1..1."""

PEAK = 0.24
"""What no sample exceeds: 12 dB below full scale."""

PAD, BELL, AIR = 0.060, 0.095, 0.018
"""Levels of the parts: RMS of the pad, amplitude of a bell, RMS of wind and water."""

ATTACK, RELEASE = 0.45, 0.9
"""Seconds in which a chord comes, from the cut on, and in which it goes."""

RINGS = 4.0
"""Seconds after which a bell is silent."""

FADE = 1.2
"""Seconds of fading at the end of a film, at most a quarter of it."""

BLOCK = 2048
"""Samples that are worked out at once, on a grid that does not depend on where a stretch is cut."""

LONGEST = 2.6
"""Seconds after which the chord changes within a shot too."""

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
BRIGHT = ((0, 4, 5, 3), (0, 3, 5, 4), (3, 0, 4, 5), (0, 2, 3, 4))
DARK = ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 3), (5, 6, 0, 2))
"""Progressions, as degrees of the scale."""


@dataclass(frozen=True)
class _Chord:
    start: float
    end: float
    notes: tuple[float, ...]
    """Frequencies in Hz, the lowest first."""


@dataclass(frozen=True)
class _Bell:
    time: float
    note: float
    loud: float
    right: float
    """0 is left, 1 is right."""

    @property
    def gains(self) -> NDArray[np.float32]:
        """How loud it is on the left and on the right."""
        angle = np.pi / 2 * self.right
        return np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(BELL * self.loud)


class Track:
    """The sound of one film."""

    def __init__(self, prompt: str, starts: Sequence[float], seconds: float) -> None:
        """`starts`: when each shot begins, the first at 0; `seconds`: length of the film."""
        place = mood(prompt)
        self._rng = np.random.default_rng(place.seed)
        self._seconds = seconds
        self._chords = self._harmony(place, [*starts, seconds])
        self._bells = [bell for number, chord in enumerate(self._chords) for bell in self._melody(number, chord)]
        self._air = _Air(place)
        self._voices = [_voices(chord) for chord in self._chords]
        self._last: tuple[int, Samples] = -1, np.zeros((0, 2), np.float32)

    def between(self, start: float, end: float) -> Samples:
        """The samples from one time to another, in seconds; stretches that meet leave no gap and no overlap."""
        first, last = round(start * RATE), round(end * RATE)
        blocks = range(first // BLOCK, -(-last // BLOCK))
        parts = [self._block(number)[max(0, first - number * BLOCK) : last - number * BLOCK] for number in blocks]
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)

    def _block(self, number: int) -> Samples:
        """The samples of one block. The last one is kept: the next stretch begins in it."""
        if number != self._last[0]:
            self._last = number, self._mixed(number * BLOCK)
        return self._last[1]

    def _mixed(self, first: int) -> Samples:
        time = (first + np.arange(BLOCK)) / RATE
        mix = self._air.at(time)
        for chord, voices in zip(self._chords, self._voices, strict=True):
            if chord.start < time[-1] and time[0] < chord.end + RELEASE:
                mix += _pad(chord, voices, time)
        for bell in self._bells:
            begin = round(bell.time * RATE) - first
            if -RINGS * RATE < begin < BLOCK:
                rung = _rung(bell.note)[max(0, -begin) : BLOCK - begin]
                mix[max(0, begin) : max(0, begin) + len(rung)] += rung[:, None] * bell.gains

        mix *= _fade(time, self._seconds)[:, None]
        # Bends gently where all parts meet: a hard limit would be heard.
        return np.asarray(PEAK * np.tanh(mix / PEAK), np.float32)

    def _harmony(self, place: Mood, cuts: Sequence[float]) -> list[_Chord]:
        dark = place.hour == "night" or place.weather in ("rain", "fog") or place.land == "space"
        scale, ways = (MINOR, DARK) if dark else (MAJOR, BRIGHT)
        way = ways[self._rng.integers(len(ways))]
        root = int(self._rng.integers(45, 52))
        chords: list[_Chord] = []
        for start, end in pairwise(cuts):
            parts = max(1, round((end - start) / LONGEST))
            for begin, until in pairwise(np.linspace(start, end, parts + 1).tolist()):
                chords.append(_Chord(begin, until, _voiced(root, scale, way[len(chords) % len(way)])))
        return chords

    def _melody(self, number: int, chord: _Chord) -> list[_Bell]:
        """One bell with the chord, some on the beats after it, each with two echoes from the other side."""
        beats = max(1, round((chord.end - chord.start) / 0.8))
        beat = (chord.end - chord.start) / beats
        bells = []
        for index in range(beats):
            note = 2 * float(self._rng.choice(chord.notes[1:]))
            right, wanted, loud = self._rng.uniform((0.2, 0, 0.6), (0.8, 1, 1))
            if index and wanted < 0.45:
                continue

            for echo in range(3):
                side = right if echo % 2 == 0 else 1 - right
                bells.append(_Bell(chord.start + beat * (index + 0.75 * echo), note, loud * 0.38**echo, side))
        return bells


def _voiced(root: int, scale: Sequence[int], degree: int) -> tuple[float, ...]:
    """Root and fifth, wide apart below so that it stays clear, then octave, third, and ninth or fifth above.

    The ninth only below a major third: a minor one would rub against it.
    """

    def step(up: int) -> int:
        return scale[(degree + up) % 7] + 12 * ((degree + up) // 7)

    top = 8 if step(9) - step(7) == 4 and step(8) - step(7) == 2 else 11
    low = root - 12 if degree > 3 else root
    return tuple(float(440 * 2 ** ((low + step(up) - 69) / 12)) for up in sorted((0, 4, 7, 9, top)))


def _turning(speed: complex, count: int) -> NDArray[np.complex64]:
    """exp(speed * n) for n from 0 to count: a point that circles, and spirals inwards if the speed says so."""
    coarse, fine = np.arange(0, count, 256), np.arange(256)
    return np.outer(np.exp(speed * coarse), np.exp(speed * fine)).ravel()[:count].astype(np.complex64)


DETUNED = (0.9988, 1.0012)
"""The voices of a note on the left and on the right, a little out of tune with each other."""


def _voices(chord: _Chord) -> NDArray[np.complex64]:
    """One block of every voice of a chord, from an angle of 0 on: shape (sides, notes, samples)."""
    return np.array([[_turning(2j * np.pi * note * side / RATE, BLOCK) for note in chord.notes] for side in DETUNED])


def _pad(chord: _Chord, voices: NDArray[np.complex64], time: NDArray[np.float64]) -> NDArray[np.float32]:
    """Two voices a note, one to each side; three partials of each."""
    came = np.sin(np.pi / 2 * np.clip((time - chord.start) / ATTACK, 0, 1))
    gone = np.cos(np.pi / 2 * np.clip((time - chord.end) / RELEASE, 0, 1))
    notes = np.array(chord.notes)
    # Breath is slow: over one block a straight line is as good.
    ends = time[[0, -1]] + (0, 1 / RATE)
    breath = 1 + 0.2 * np.sin(2 * np.pi * (0.11 + 0.03 * np.arange(len(notes))[:, None]) * ends + notes[:, None])
    loud = breath / np.sqrt(notes / notes[0])[:, None] / np.sqrt(0.5 * np.sum(notes[0] / notes) * 1.15)
    share = np.arange(BLOCK, dtype=np.float32) / BLOCK
    ramp = (loud[:, :1] * (1 - share) + loud[:, 1:] * share).astype(np.float32)
    begun = np.exp(1j * (2 * np.pi * np.outer(DETUNED, notes) * time[0] + notes)).astype(np.complex64)
    turned = voices * begun[..., None]
    sine, cosine = turned.imag, turned.real
    # sin 2a and sin 3a of sin a and cos a: three partials for the price of one.
    tones = np.einsum("ns,kns->sk", ramp, sine * (1.3 + 0.64 * cosine - 0.4 * sine**2))
    return np.asarray(tones * (PAD * came * gone).astype(np.float32)[:, None])


@lru_cache(maxsize=24)
def _rung(note: float) -> NDArray[np.float32]:
    """A bell of this frequency: some milliseconds of attack, then dying away, the high partials first."""
    tone = np.zeros(round(RINGS * RATE), np.float32)
    for partial, level, dies in ((1, 1.0, 0.7), (2, 0.3, 0.35), (4, 0.12, 0.12)):
        audible = min(len(tone), round(8 * dies * RATE))
        tone[:audible] += level * _turning((2j * np.pi * note * partial - 1 / dies) / RATE, audible).imag
    attack = round(0.12 * RATE)
    tone[:attack] *= 1 - np.exp(-np.arange(attack, dtype=np.float32) / (0.012 * RATE))
    tone[-RATE:] *= np.linspace(1, 0, RATE, dtype=np.float32)
    tone.flags.writeable = False
    return tone


AIRS = {"sea": (2600.0, 1.3, 0.145), "rain": (9000.0, 0.7, 0.05), "wind": (900.0, 1.0, 0.09)}
"""Knots of noise per second (its colour), level, swells per second."""


class _Air:
    """Surf, rain or wind behind the music, where the words speak of them: noise that follows from time alone."""

    def __init__(self, place: Mood) -> None:
        windy = place.land in ("desert", "mountain") or place.weather in ("snow", "fog")
        kind = "rain" if place.weather == "rain" else "sea" if place.land == "sea" else "wind" if windy else None
        self._kind = kind
        rng = np.random.default_rng(place.seed + 1)
        self._knots = rng.standard_normal((2, 1 << 17), np.float32) if kind else np.zeros((2, 1), np.float32)

    def at(self, time: NDArray[np.float64]) -> NDArray[np.float32]:
        if self._kind is None:
            return np.zeros((len(time), 2), np.float32)

        rate, level, swells = AIRS[self._kind]
        where = time * rate
        whole = np.floor(where).astype(np.int64)
        share = where - whole
        share = share * share * (3 - 2 * share)
        size = self._knots.shape[1]
        noise = self._knots[:, whole % size] * (1 - share) + self._knots[:, (whole + 1) % size] * share
        swell = 0.45 + 0.55 * np.sin(np.pi * (swells * time + 0.15)) ** 2
        return np.ascontiguousarray((AIR * level * noise * swell).T, np.float32)


def _fade(time: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Silence at both ends of the film: a loop of it does not click."""
    left = np.clip((seconds - time) / min(FADE, seconds / 4), 0, 1)
    come = np.clip(time / 0.05, 0, 1)
    return np.asarray(np.sin(np.pi / 2 * left) ** 2 * come)
