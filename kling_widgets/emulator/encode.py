"""Frames and sound in, a film out that every browser plays: H.264 and AAC in MP4, its index at the front."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.sound import RATE, Samples

OPTIONS = {
    # Constant quality: a first frame some 37 dB from the photo, about a megabyte for 5 s of 720p.
    "crf": "16",
    # Slower presets save bytes that nobody sends anywhere: the film is for this machine.
    "preset": "veryfast",
    # All kinds of frames nearly alike in quality, and dark ground not starved: else what stands still seems to
    # breathe once a second, with every keyframe.
    "x264-params": "ipratio=1.1:pbratio=1.1:aq-mode=3",
}

BIT_RATE = 128_000
"""Of the sound, in bits per second."""


class Encoder:
    """A film being written. Use it in a `with`: leaving closes the file, leaving by an error removes it.

    One keyframe a second, so that a player can jump; BT.709 in limited range, and tagged so, because untagged films of
    this size are guessed differently by different players and the photo's colours would shift.
    """

    def __init__(self, path: Path, width: int, height: int, fps: int, *, sound: bool = False) -> None:
        """With `sound` the film has a stereo track, and every frame brings its part of it."""
        self.path = path
        self.frames = 0
        self._tick = Fraction(1, fps)
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=fps, options=OPTIONS)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"

        context = self._stream.codec_context
        context.gop_size = fps
        context.color_range = ColorRange.MPEG
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        self._track = self._add_track() if sound else None
        self._played = 0

    def write(self, frame: Photo, sound: Samples | None = None) -> None:
        """Append one frame (RGB, of the film's size) and the sound that is heard with it."""
        picture = av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        picture.pts = self.frames
        picture.time_base = self._tick
        self._container.mux(self._stream.encode(picture))
        self.frames += 1
        if sound is not None:
            self._play(sound)

    def _play(self, samples: Samples) -> None:
        if self._track is None:
            raise ValueError("This film was begun without sound.")

        heard = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        heard.sample_rate = RATE
        heard.pts = self._played
        heard.time_base = Fraction(1, RATE)
        self._container.mux(self._track.encode(heard))
        self._played += len(samples)

    def _add_track(self) -> AudioStream:
        track = self._container.add_stream("aac", rate=RATE, layout="stereo")
        track.codec_context.bit_rate = BIT_RATE
        return track

    def __enter__(self) -> Encoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
                if self._track is not None:
                    self._container.mux(self._track.encode(None))
            self._container.close()
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise
        if kind is not None:
            self.path.unlink(missing_ok=True)
