"""A film that plays in the notebook, out of a file and without a server."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kling_widgets.errors import KlingError
from kling_widgets.widgets.base import KlingWidget, Reply, answers
from kling_widgets.widgets.card import card

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# The browser sends at most 640 px a side, far below this.
POSTER_LIMIT = 2 * 1024 * 1024


class Screening(KlingWidget):
    """Shows films: gives their bytes to the browser and keeps the poster that comes back. `film` is the key of one."""

    _film_poster: Picture | None = None

    def _film_file(self, film: str) -> Path | None:
        """The file behind `film`; None when there is none yet."""
        raise NotImplementedError

    @answers("film.bytes")
    def _film_bytes(self, body: dict[str, Any], _: Sequence[memoryview]) -> Reply:
        path = self._film_file(str(body.get("film", "")))
        if path is None:
            raise KlingError("There is no film here yet. Wait until its task is done.")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise KlingError(
                f"The film cannot be read from {path}: {error.strerror}. "
                "It was moved or deleted; fetch it again with client.video(task)."
            ) from error
        return Reply({"name": path.name, "path": str(path)}, data)

    @answers("film.poster")
    def _film_take_poster(self, _: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        from PIL import Image, UnidentifiedImageError

        if len(buffers) != 1 or len(buffers[0]) > POSTER_LIMIT:
            raise KlingError("A poster is one small picture. Run this cell again.")
        try:
            picture = Image.open(io.BytesIO(buffers[0]))
            picture.load()
        except (UnidentifiedImageError, OSError) as error:
            raise KlingError(
                "The film's poster came as something other than a picture. Run this cell again."
            ) from error
        self._film_poster = picture
        self._refresh_still()


class Player(Screening, bundle="player"):
    """Plays one film file inline, with loop, speed and download; the saved notebook keeps its first frame."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)

    def _film_file(self, film: str) -> Path:
        return self.path

    def _picture(self) -> Picture:
        return self._film_poster or card("Film", self.path.name)
