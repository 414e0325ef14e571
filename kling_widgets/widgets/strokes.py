"""The drawing of a brush as both sides change it: labels and paths, told to the browser, heard from the browser."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import traitlets

from kling_widgets.drawing import Points
from kling_widgets.image import Image
from kling_widgets.widgets.base import KlingWidget, Reply, answers
from kling_widgets.widgets.edits import Edit
from kling_widgets.widgets.given import refusal
from kling_widgets.widgets.labels import Labels, Rect, bounds, deflate, pieces
from kling_widgets.widgets.sketch import sketch

if TYPE_CHECKING:
    import PIL.Image

# A view shows the photo as it will be sent; lossless pictures larger than this travel as a JPEG.
SHOWN_AS_IT_IS = 1_500_000

# After a stroke one looks at it, or makes the next; the picture in the saved notebook can wait for a pause.
PAUSE = 1.0

# One life of a kernel: a page that knows strokes from another one offers them again.
SESSION = uuid4().hex

# Pages whose edits are counted, so that one that was sent twice is taken once.
PAGES = 32


class Changed(traitlets.Bunch):
    """What an observer of `drawing` is handed. `new` is built when it is read: six masks at 4K take a moment."""

    def __missing__(self, key: str) -> Any:
        if key != "new":
            raise KeyError(key)
        self[key] = self["owner"].drawing
        return self[key]


class Strokes(KlingWidget):
    """Holds the drawing and keeps every view in step with it."""

    # Hosts hand each view a model object of its own; by this name they find their common drawing.
    _brush_id = traitlets.Unicode().tag(sync=True)

    # Counts the edits, from whichever side (read-only). Who observes it is told once an edit.
    revision = traitlets.Int(0, read_only=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits, _brush_id=uuid4().hex)
        self._brush_image: Image | None = None
        self._brush_labels: Labels = np.zeros((0, 0), np.uint8)
        self._brush_paths: dict[int, Points] = {}
        # Edits may come on a thread of their own (subshells), in the middle of Python's reading or writing.
        self._brush_lock = threading.RLock()
        self._brush_session = SESSION
        self._brush_sheet = 0
        self._brush_pages: dict[str, int] = {}
        self._brush_edits = 0

    def _brush_load(self, image: Image | None) -> None:
        """Begins a new, empty drawing on another photo, in all views."""
        width, height = image.original if image else (0, 0)
        with self._brush_lock:
            self._brush_image = image
            self._brush_labels = np.zeros((height, width), np.uint8)
            self._brush_paths = {}
            self._brush_sheet += 1
        self._tell("brush.photo")
        self._brush_touched()

    def _photo(self) -> Image:
        if self._brush_image is None:
            raise refusal("image", "There is no photo yet.", "Give one first.")
        return self._brush_image

    def _brush_put(self, labels: Labels, paths: dict[int, Points]) -> None:
        """Python hands over a whole drawing: one step of undo in every view."""
        with self._brush_lock:
            rect = bounds(labels != self._brush_labels)
            self._brush_labels[:] = labels
            gone: dict[int, Points | None] = dict.fromkeys(self._brush_paths.keys() - paths.keys())
            self._brush_changed(rect, {**gone, **paths})

    def _brush_changed(self, rect: Rect | None, paths: dict[int, Points | None]) -> None:
        """Python changed the drawing: keeps the paths, and tells every view, where it enters undo."""
        with self._brush_lock:
            self._keep_paths(paths)
            on_wire = _to_wire(paths)
            parts = list(pieces(self._brush_labels, rect)) if rect else []
            if not parts and on_wire:
                self._tell("brush.edit", {"rect": None, "paths": on_wire, "more": False})
            for place, data in parts:
                more = place != parts[-1][0]
                body = {"rect": [place.x, place.y, place.width, place.height], "paths": on_wire, "more": more}
                self._tell("brush.edit", body, data)
                on_wire = {}
        if rect or paths:
            self._brush_touched()

    def _keep_paths(self, paths: dict[int, Points | None]) -> None:
        for number, path in paths.items():
            if path is None:
                self._brush_paths.pop(number, None)
            else:
                self._brush_paths[number] = path

    @answers("brush.open")
    def _open_brush(self, _: dict[str, Any], __: Sequence[memoryview]) -> Reply:
        """A view opens: the whole drawing, deflated, and behind it the photo."""
        with self._brush_lock:
            image = self._brush_image
            about = {"session": self._brush_session, "sheet": self._brush_sheet, **self._brush_also()}
            if image is None:
                return Reply({"size": None, "labels": 0, "paths": {}, "type": "", "photo": "", **about})
            # Nothing painted is nothing to send: an empty plane of 33 megapixels takes either side a while to pack.
            labels = deflate(self._brush_labels) if self._brush_labels.any() else b""
            paths = _to_wire(dict(self._brush_paths))
        photo, kind = _to_show(image)
        body = {"size": image.original, "labels": len(labels), "paths": paths, "type": kind, "photo": image.fingerprint}
        return Reply({**body, **about}, labels + photo)

    def _brush_also(self) -> dict[str, Any]:
        """What else a view should know when it opens."""
        return {}

    @answers("brush.edit")
    def _edit_brush(self, body: dict[str, Any], buffers: Sequence[memoryview]) -> dict[str, Any]:
        """A stroke ended, a path was drawn: takes it over whole or, with words, not at all."""
        with self._brush_lock:
            if body.get("sheet", self._brush_sheet) != self._brush_sheet:
                return {"rev": body.get("rev")}  # it belongs to the photo before this one, which is gone
            edit = Edit.of(body, buffers, self._brush_labels)
            # A page sends again what got no answer; the answer may be all that was lost.
            if edit.page and edit.revision <= self._brush_pages.get(edit.page, 0):
                return {"rev": edit.revision}
            if edit.page:
                self._brush_pages[edit.page] = edit.revision
                while len(self._brush_pages) > PAGES:
                    del self._brush_pages[next(iter(self._brush_pages))]
            if edit.rect is not None:
                self._brush_labels[edit.rect.slices] = edit.labels
            self._keep_paths(edit.paths)
        self._soon(self._brush_touched)
        return {"rev": edit.revision}

    def _brush_touched(self) -> None:
        """Tells who observes, and renews the stand-in picture at the next pause."""
        self._refresh_still_later()
        self.set_trait("revision", self.revision + 1)
        self.notify_change(Changed(owner=self, name="drawing", old=None, type="change"))

    def _refresh_still_later(self) -> None:
        self._brush_edits += 1
        seen = self._brush_edits

        def refresh() -> None:
            if seen == self._brush_edits:
                self._refresh_still()

        if self._stand_in is not None:
            self._soon(refresh, PAUSE)

    def _picture(self) -> PIL.Image.Image | None:
        if self._brush_image is None:
            return None
        small = self._brush_image.pil()
        small.thumbnail((800, 800))
        return sketch(small, self._brush_labels, self._brush_paths)


def _to_wire(paths: dict[int, Points] | dict[int, Points | None]) -> dict[str, list[list[float]] | None]:
    return {str(number): None if path is None else path.tolist() for number, path in paths.items()}


def _to_show(image: Image) -> tuple[bytes, str]:
    """The photo's bytes for a browser, and their media type."""
    if image.format == "jpeg" or len(image.data) <= SHOWN_AS_IT_IS:
        return image.data, f"image/{image.format}"
    file = io.BytesIO()
    image.pil().save(file, "JPEG", quality=92)
    return file.getvalue(), "image/jpeg"
