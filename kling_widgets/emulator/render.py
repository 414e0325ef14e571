"""One job, one film: the right maker of frames, the label, the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kling_widgets.emulator import blend, camera, layers, push, scenes
from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.fit import Size, frame_size
from kling_widgets.emulator.job import Film, Job, Photo
from kling_widgets.emulator.label import Label

WIDEST = 2.5
"""The most that a film's longer side exceeds the shorter one: two wide photos side by side are cut to it."""


def render(job: Job, path: Path) -> Film:
    """Make the film and write it to the path. Blocking and busy: call it in a worker.

    Memory does not grow with the film's length: a frame is encoded as soon as it is made. Raises ValueError, in words
    for the person who asked, when there is nothing to make a film of.
    """
    size = film_size(job)
    label = Label(size)
    with Encoder(path, *size, job.fps) as film:
        for frame in _ahead(_frames(job, size)):
            label.stamp(frame)
            film.write(frame)

    return Film(film.frames / job.fps, *size)


def film_size(job: Job) -> Size:
    """The film's (width, height): the first picture's aspect ratio, or that of two pictures side by side."""
    pictures = job.photos or ((job.tail,) if job.tail is not None else ())
    if not pictures:
        raise ValueError("There is no picture to make a film of: send image, image_tail or, for an effect, its photos.")

    aspect = sum(picture.shape[1] / picture.shape[0] for picture in pictures)
    return frame_size(min(max(aspect, 1 / WIDEST), WIDEST), job.short_side)


def _ahead(frames: Iterator[Photo]) -> Iterator[Photo]:
    """The same frames, the next one being made while this one is encoded: both let go of the interpreter's lock."""
    with ThreadPoolExecutor(1, thread_name_prefix="frames") as maker:
        coming = maker.submit(next, frames, None)
        while (frame := coming.result()) is not None:
            coming = maker.submit(next, frames, None)
            yield frame


def _frames(job: Job, size: Size) -> Iterator[Photo]:
    if job.scene is not None:
        return scenes.frames(job, size)

    if job.areas or job.static is not None:
        return layers.frames(job, size)

    if job.tail is not None:
        return blend.frames(job, size)

    if job.camera is not None:
        return camera.frames(job, size)

    return push.frames(job, size)
