"""Whether a film plays to its end: every frame of it is decoded once, where PyAV is installed."""

from __future__ import annotations

from pathlib import Path

# Where errors are hidden, broken pictures are made up from their neighbours, and nobody hears of it.
_STRICT = {"err_detect": "explode"}


def check(path: Path) -> None:
    """Raises ValueError, in words, for a film that does not decode. Without PyAV (the extra "emulator") all do."""
    try:
        import av
    except ImportError:
        return

    frames = 0
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            # A codec that this PyAV does not know says nothing about the film.
            pictures = [stream for stream in container.streams.video if stream.codec_context]
            sounds = [stream for stream in container.streams.audio if stream.codec_context]
            if not pictures:
                return
            for stream in (*pictures, *sounds):
                stream.codec_context.thread_type = "AUTO"
                stream.codec_context.options = _STRICT
            for packet in container.demux([*pictures, *sounds]):
                decoded = packet.decode()
                frames += len(decoded) * (packet.stream.type == "video")
    except av.FFmpegError as error:
        raise ValueError(f"it does not play to its end ({error.strerror or error})") from error
    if not frames:
        raise ValueError("it has no pictures that can be played")
