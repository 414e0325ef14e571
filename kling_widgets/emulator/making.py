"""The files of one task, made wherever there is room for it: plain values in, bytes out.

No store, no lock and no open file goes in, so any executor may do it: threads, processes, machines that share no disk.
A film is a few megabytes; to carry it home costs less than a second way for those who could write it in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .job import Film, Job, Sheet
from .order import FilmOrder, SheetOrder

Render = Callable[[Job, Path, Path | None], Film]
"""Writes the film to the path, and its watermarked copy to the second.

Raises ValueError with a reason that a person may read.
"""

Draw = Callable[[Sheet, Sequence[Path]], None]
"""Writes the sheet's pictures, one PNG file to each path. Raises ValueError like Render."""


@dataclass(frozen=True)
class Made:
    """What came out: the task's results, and as many watermarked copies, or none."""

    suffix: str
    files: tuple[bytes, ...]
    watermarked: tuple[bytes, ...] = ()
    seconds: float | None = None
    """How long the film is."""


def make(order: FilmOrder | SheetOrder, files: Mapping[str, bytes], render: Render, draw: Draw) -> Made:
    """`files` are picture files by field name. Blocking and busy.

    Raises ValueError, in words for the person who asked, when the task fails; anything else is a fault of ours.
    """
    # Here, not above: what decodes and draws is loaded where it is done, which need not be where it is asked for.
    from . import jobs

    if order.fails:
        raise ValueError(order.fails)

    with TemporaryDirectory(prefix="kling-film-", ignore_cleanup_errors=True) as folder:
        match order:
            case FilmOrder():
                return _film(jobs.film(order, files), Path(folder), render, watermark=order.watermark)
            case SheetOrder():
                return _pictures(jobs.sheet(order, files), Path(folder), draw, watermark=order.watermark)


def warm() -> None:
    """Load what films need, so that the first one is not late."""
    from . import copies, jobs, render, stills  # noqa: F401


def _film(job: Job, folder: Path, render: Render, *, watermark: bool) -> Made:
    plain, marked = folder / "film.mp4", folder / "marked.mp4"
    film = render(job, plain, marked if watermark else None)
    return Made(".mp4", (plain.read_bytes(),), (marked.read_bytes(),) if watermark else (), film.seconds)


def _pictures(sheet: Sheet, folder: Path, draw: Draw, *, watermark: bool) -> Made:
    from .copies import mark

    plain = [folder / f"{number}.png" for number in range(sheet.n)]
    copies = [folder / f"{number}-marked.png" for number in range(sheet.n)] if watermark else []
    draw(sheet, plain)
    for path, copy in zip(plain, copies, strict=bool(copies)):
        mark(path, copy)
    return Made(".png", _read(plain), _read(copies))


def _read(paths: Sequence[Path]) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in paths)
