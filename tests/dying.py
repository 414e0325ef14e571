"""Work that is done in another process and ends it in the middle, for tests: found there by its name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from kling_widgets.emulator.job import Film, Job


def once(marker: str) -> int:
    """The process that it was done in, at the second try: the first is killed."""
    if not Path(marker).exists():
        Path(marker).touch()
        always()
    return os.getpid()


def always() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def held(fifo: str) -> int:
    """The process that it was done in, once somebody has written to the named pipe."""
    Path(fifo).read_bytes()
    return os.getpid()


class Stubborn(Exception):  # noqa: N818
    """Cannot be read again where it has been pickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def stubborn() -> None:
    raise Stubborn("no", "body")


def render(job: Job, path: Path, watermarked: Path | None) -> Film:
    """A film of its prompt. "once /path" kills the process at the first try, "always" at every one."""
    match job.prompt.split():
        case ["once", marker]:
            once(marker)
        case ["always"]:
            always()
        case ["bad"]:
            raise ValueError("This wish cannot be filmed.")
        case ["full"]:
            raise OSError(28, "No space left on device", str(path))
        case ["broken"]:
            raise ZeroDivisionError
    path.write_bytes(job.prompt.encode())
    return Film(job.seconds, 1280, 720)
