"""One job, one film: the right maker of frames, the label, the sound, the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kling_widgets.emulator import blend, camera, drift, layers, push, scenes, shots
from kling_widgets.emulator.encode import Encoder
from kling_widgets.emulator.fit import Size, frame_size
from kling_widgets.emulator.job import Film, Job, Photo
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.sound import Track
from kling_widgets.emulator.watermark import Watermark

WIDEST = 2.5
"""The most that a film's longer side exceeds the shorter one: two wide photos side by side are cut to it."""


def render(job: Job, path: Path, watermarked: Path | None = None) -> Film:
    """Make the film and write it to the path; with `watermarked`, a copy that bears a mark all over to that path.

    Both files are there in the end, or neither. Blocking and busy: call it in a worker. Memory does not grow with the
    film's length: a frame is encoded as soon as it is made. Raises ValueError, in words for the person who asked, when
    there is nothing to make a film of.
    """
    size = film_size(job)
    label = Label(size)
    mark = Watermark(size, spare=label.place) if watermarked else None
    track = Track(shots.words(job), shots.starts(job), job.seconds) if job.sound else None
    with _all_or_none(path, watermarked), ExitStack() as stack:
        film = stack.enter_context(Encoder(path, *size, job.fps, sound=job.sound))
        copy = stack.enter_context(Encoder(watermarked, *size, job.fps, sound=job.sound)) if watermarked else None
        for index, frame in enumerate(_ahead(_frames(job, size))):
            heard = track.between(index / job.fps, (index + 1) / job.fps) if track else None
            label.stamp(frame)
            film.write(frame, heard)
            if mark and copy:
                mark.stamp(frame)
                copy.write(frame, heard)

    return Film(film.frames / job.fps, *size)


def film_size(job: Job) -> Size:
    """The film's (width, height): the first picture's aspect ratio, that of two pictures side by side, or, where words
    are all there is, the one asked for."""
    pictures = job.photos or ((job.tail,) if job.tail is not None else ())
    if not pictures and job.aspect is None:
        raise ValueError("There is no picture to make a film of: send image, image_tail or, for an effect, its photos.")

    aspect = sum(picture.shape[1] / picture.shape[0] for picture in pictures) or job.aspect or 1.0
    return frame_size(min(max(aspect, 1 / WIDEST), WIDEST), job.short_side)


@contextmanager
def _all_or_none(*paths: Path | None) -> Iterator[None]:
    """What goes wrong with one file takes the others with it, finished ones too."""
    try:
        yield
    except BaseException:
        for path in filter(None, paths):
            path.unlink(missing_ok=True)
        raise


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

    if job.shots:
        return shots.frames(job, size)

    if job.tail is not None:
        return blend.frames(job, size)

    if not job.photos:
        return drift.frames(job, size)

    if job.camera is not None:
        return camera.frames(job, size)

    return push.frames(job, size)
