"""Finished films and pictures as files: under names nobody can guess, in byte ranges, for 30 days (R108-R110, R141)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.responses import FileResponse

from . import answers
from .answers import Refusal
from .store import Store

_SECONDS_KEPT = 30 * 24 * 3600
_MEDIA_TYPES = {".mp4": "video/mp4", ".png": "image/png"}


def new_name(suffix: str) -> str:
    return secrets.token_urlsafe(24) + suffix


class Results:
    """The folder of results. Who knows a name may have the file: as with the vendor, no token is asked for."""

    def __init__(self, folder: Path, store: Store, now: Callable[[], float]) -> None:
        self._folder = folder
        self._store = store
        self._now = now
        folder.mkdir(parents=True, exist_ok=True)
        # What a killed emulator was writing, or had written and not yet noted down.
        for path in folder.iterdir():
            if path.suffix in _MEDIA_TYPES and store.owner(path.name) is None:
                path.unlink()

    @contextmanager
    def writing(self, names: Sequence[str]) -> Iterator[list[Path]]:
        """Where to write the files with these names; they are there once the block has ended well, and only then."""
        torsos = [self._folder / f"{Path(name).stem}.part{Path(name).suffix}" for name in names]
        try:
            yield torsos
            for name, torso in zip(names, torsos, strict=True):
                torso.replace(self._folder / name)
        finally:
            for torso in torsos:
                torso.unlink(missing_ok=True)

    def answer(self, name: str) -> FileResponse:
        """Raises Refusal (1203) when there is no such file, or none any more."""
        task = self._store.owner(name)
        if task is None:
            raise Refusal(answers.NO_SUCH_RESOURCE, f"There is no such result: {name}")

        path = self._folder / name
        if self._now() - task.updated_at / 1000 >= _SECONDS_KEPT:
            path.unlink(missing_ok=True)
        if not path.is_file():
            raise Refusal(answers.NO_SUCH_RESOURCE, "The result has been cleared: results are kept for 30 days")

        # Notebook pages live at another origin than the emulator.
        return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], headers={"Access-Control-Allow-Origin": "*"})
