"""The finished films as files: under names nobody can guess, in byte ranges, for 30 days (R108-R110, R141)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from starlette.responses import FileResponse

from . import answers
from .answers import Refusal
from .store import Store

_SECONDS_KEPT = 30 * 24 * 3600


def new_name() -> str:
    return f"{secrets.token_urlsafe(24)}.mp4"


class Films:
    """The folder of films. Who knows a name may have the film: as with the vendor, no token is asked for."""

    def __init__(self, folder: Path, store: Store, now: Callable[[], float]) -> None:
        self._folder = folder
        self._store = store
        self._now = now
        folder.mkdir(parents=True, exist_ok=True)
        # What a killed emulator was writing, or had written and not yet noted down.
        for path in folder.glob("*.mp4"):
            if store.filmed(path.name) is None:
                path.unlink()

    def path(self, name: str) -> Path:
        return self._folder / name

    def unfinished_path(self, name: str) -> Path:
        return self.path(name).with_suffix(".part.mp4")

    def answer(self, name: str) -> FileResponse:
        """Raises Refusal (1203) when there is no such film, or none any more."""
        task = self._store.filmed(name)
        if task is None or task.film is None:
            raise Refusal(answers.NO_SUCH_RESOURCE, "There is no such film")

        path = self.path(task.film)
        if self._now() - task.updated_at / 1000 >= _SECONDS_KEPT:
            path.unlink(missing_ok=True)
        if not path.is_file():
            raise Refusal(answers.NO_SUCH_RESOURCE, "The film has been cleared: films are kept for 30 days")

        # Notebook pages live at another origin than the emulator.
        return FileResponse(path, media_type="video/mp4", headers={"Access-Control-Allow-Origin": "*"})
