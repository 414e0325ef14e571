"""Finished films and pictures as files: under names nobody can guess, in byte ranges, for 30 days (R108-R110, R141)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.responses import FileResponse

from . import answers
from .answers import Refusal
from .store import Store

_SECONDS_KEPT = 30 * 24 * 3600
MOST_MB = 4096.0
"""How much all results may take, unless something else is asked for."""
CLEARED = "The result has been cleared: results are kept for 30 days"
_MEDIA_TYPES = {".mp4": "video/mp4", ".png": "image/png"}


def new_name(suffix: str) -> str:
    return secrets.token_urlsafe(24) + suffix


class Results:
    """The folder of results. Who knows a name may have the file: as with the vendor, no token is asked for.

    Usable from several threads. When all results take more than `most_mb` MB the oldest are cleared, as they all are
    after 30 days; the newest stays, however big.
    """

    def __init__(self, folder: Path, store: Store, now: Callable[[], float], most_mb: float = MOST_MB) -> None:
        self._folder = folder
        self._store = store
        self._now = now
        self._most = most_mb * 1024 * 1024
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        """Bytes of each result that is there, the oldest first."""
        self._bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        # What a killed emulator was writing, or had written and not yet noted down, has no owner.
        there = {path.name: path for path in folder.iterdir() if path.suffix in _MEDIA_TYPES}
        for name, _ in store.results():
            if path := there.pop(name, None):
                self._count(name, path)
        for path in there.values():
            path.unlink()
        self.sweep()
        self._make_room(set())

    @contextmanager
    def writing(self, names: Sequence[str]) -> Iterator[list[Path]]:
        """Where to write the files with these names; they are there once the block has ended well, and only then."""
        torsos = [self._folder / f"{Path(name).stem}.part{Path(name).suffix}" for name in names]
        try:
            yield torsos
            for name, torso in zip(names, torsos, strict=True):
                self._count(name, torso)
                torso.replace(self._folder / name)
            self._make_room(set(names))
        except BaseException:
            self.clear(names)
            raise
        finally:
            for torso in torsos:
                torso.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Clear what is older than 30 days."""
        ended = self._now() - _SECONDS_KEPT
        self.clear(name for name, at in self._store.results() if at <= ended and name in self._sizes)

    def clear(self, names: Iterable[str]) -> None:
        """They are gone for whoever asks, as after 30 days."""
        for name in names:
            try:
                (self._folder / name).unlink(missing_ok=True)
            except OSError:  # on Windows somebody is just reading it; another time
                continue

            with self._lock:
                self._bytes -= self._sizes.pop(name, 0)

    def _count(self, name: str, path: Path) -> None:
        size = path.stat().st_size
        with self._lock:
            self._sizes[name] = size
            self._bytes += size

    def _make_room(self, spared: set[str]) -> None:
        with self._lock:
            over = self._bytes - self._most
            oldest = []
            for name, size in self._sizes.items():
                if over <= 0:
                    break

                if name not in spared:
                    oldest.append(name)
                    over -= size
        self.clear(oldest)

    def answer(self, name: str) -> FileResponse:
        """Raises Refusal (1203) when there is no such file, or none any more."""
        task = self._store.owner(name)
        if task is None:
            raise Refusal(answers.NO_SUCH_RESOURCE, f"There is no such result: {name}")

        path = self._folder / name
        if self._now() - task.updated_at / 1000 >= _SECONDS_KEPT:
            self.clear([name])
        try:
            found = path.stat()
        except OSError as error:
            raise Refusal(answers.NO_SUCH_RESOURCE, CLEARED) from error

        # Notebook pages live at another origin than the emulator.
        headers = {"Access-Control-Allow-Origin": "*"}
        return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], headers=headers, stat_result=found)
