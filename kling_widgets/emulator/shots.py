"""Several shots, one after the other: where the cuts fall, and what each shot shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from kling_widgets.emulator import drift, framing
from kling_widgets.emulator.fit import Size
from kling_widgets.emulator.job import Job, Photo, Shot


def cuts(job: Job) -> list[int]:
    """The frame with which each shot begins, and after them the number of frames of the film.

    Each is the frame nearest to the shots' times: rounding does not add up. A film of one piece is one shot.
    """
    last = round(job.seconds * job.fps)
    sums = accumulate(shot.seconds for shot in job.shots[:-1])
    return [0, *(min(last, round(time * job.fps)) for time in sums), last]


def starts(job: Job) -> list[float]:
    """When each shot begins, in seconds: at a frame, where the picture changes."""
    return [frame / job.fps for frame in cuts(job)[:-1]]


def words(job: Job) -> str:
    """All that was said about the film."""
    return " ".join(filter(None, (job.prompt, *(shot.prompt for shot in job.shots))))


def single(job: Job) -> list[Job]:
    """Each shot as a film of its own, with the words of the whole film where it has none itself."""
    shots: Sequence[Shot] = job.shots or (Shot(job.seconds, job.prompt),)
    return [
        replace(job, seconds=(end - begin) / job.fps, prompt=shot.prompt or job.prompt, shots=())
        for shot, (begin, end) in zip(shots, pairwise(cuts(job)), strict=True)
    ]


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own: shot by shot, each with its own view and move."""
    for number, shot in enumerate(single(job)):
        if shot.photos or shot.tail is not None:
            yield from framing.frames(shot, size, number, last=number + 1 == len(job.shots))
        else:
            yield from drift.frames(shot, size, take=number)
