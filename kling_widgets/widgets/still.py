"""A picture that stands in for a widget where no kernel and no front end can draw it: a reopened notebook, GitHub."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from kling_widgets.widgets.base import KlingWidget

# A notebook may grow by a fifth of a megabyte for everything it shows: a photo, a drawing, a film.
LIMIT = 45_000
WIDTH = 640


class Still:
    """The stand-in of one displayed widget: an output of its own, which a live view hides by its class name."""

    def __init__(self, widget: KlingWidget) -> None:
        self._name = f"kw-still-{uuid4().hex[:12]}"
        self._handle: Any = None
        widget._still = self._name

    def show(self, picture: Picture | None, alt: str) -> None:
        """Shows or replaces the picture, in the saved notebook too. None leaves what is there."""
        if picture is None:
            return
        from IPython.display import HTML, display

        page = HTML(_markup(self._name, picture, alt))
        if self._handle is None:
            self._handle = display(page, display_id=True)
        else:
            self._handle.update(page)


def _markup(name: str, picture: Picture, alt: str) -> str:
    data = base64.b64encode(_jpeg(picture)).decode()
    return f'<img class="{name}" alt="{html.escape(alt, quote=True)}" src="data:image/jpeg;base64,{data}">'


def _jpeg(picture: Picture) -> bytes:
    picture = picture.convert("RGB")
    picture.thumbnail((WIDTH, WIDTH))
    for quality in (80, 65, 50, 35, 20):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LIMIT:
            break
    return out.getvalue()
