"""What has come of a file so far: parts beside its place, which a later call, in any process, goes on with."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """The first bytes of a file. `version` are the eight hex digits that name it; empty where nothing does."""

    path: Path
    version: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


class Parts:
    """The parts of one place.

    While we are `alone` with it they lie there under the name of their version, for others to go on with. Else two
    might write into one file: each part then has a name that nobody else knows, and ends with this download.
    """

    def __init__(self, place: Path, *, alone: bool) -> None:
        self.place = place
        self.alone = alone
        self._usable = _left(place) if alone else []
        self._own: list[Part] = []

    def latest(self) -> Part | None:
        """The one to go on with."""
        return self._usable[-1] if self._usable else None

    def new(self, version: str) -> Part:
        """One to begin anew; where that very version is there already, it is overwritten."""
        if self.alone and version:
            part = Part(self.place.with_name(f"{self.place.name}.{version}.part"), version)
        else:
            part = Part(unshared(self.place), version)
            self._own.append(part)
        self.pass_over(part)
        if version:
            self._usable.append(part)
        return part

    def pass_over(self, part: Part) -> None:
        """Do not go on with it. It stays until the place is taken: the answer that did not fit may be the wrong one."""
        if part in self._usable:
            self._usable.remove(part)

    def drop(self, part: Part) -> None:
        """Remove it: what it holds is no good."""
        self.pass_over(part)
        _remove(part.path)

    def end(self) -> None:
        """Remove what no later download could go on with."""
        for part in self._own:
            self.drop(part)

    def sweep(self, *names: str, but: Part | None = None) -> None:
        """Remove all parts, those of the dead too, of this place and of the files `names` beside it; `but` one."""
        found = _parts(self.place.parent, self.place.name, *names) if self.alone else [own.path for own in self._own]
        for path in found:
            if but is None or path != but.path:
                _remove(path)


def unshared(place: Path) -> Path:
    """A part's name that nobody else has."""
    return place.with_name(f"{place.name}.once-{secrets.token_hex(4)}.part")


def _left(place: Path) -> list[Part]:
    """What can be gone on with, the latest last."""
    found = []
    for path in _parts(place.parent, place.name):
        version = path.name[len(place.name) + 1 : -len(".part")]
        if re.fullmatch("[0-9a-f]{8}", version):
            with suppress(OSError):
                about = path.stat()
                if about.st_size:
                    found.append((about.st_mtime_ns, about.st_size, Part(path, version)))
    return [part for *_, part in sorted(found, key=lambda row: row[:2])]


def _parts(folder: Path, *names: str) -> Iterator[Path]:
    # Versions before this one named them with eight letters of their own.
    called = "|".join(map(re.escape, names))
    pattern = re.compile(rf"(?:{called})\.(?:once-)?[a-z0-9_]{{8}}\.part")
    with suppress(OSError):  # a folder that can be written to need not be one that can be read
        for name in os.listdir(folder):
            if pattern.fullmatch(name):
                yield folder / name


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
