"""The motion brush: up to six areas with a path each and one static area, painted on a photo."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from kling_widgets.drawing import AREAS, Area, BoolMask, Drawing, Points
from kling_widgets.errors import InvalidRequest, Problem
from kling_widgets.image import Fit, Image
from kling_widgets.widgets.base import KlingWidget, Reply, answers
from kling_widgets.widgets.given import KEEP, Keep, a_mask, a_path, area_number, refusal, together
from kling_widgets.widgets.labels import STATIC, Labels, Rect, deflate, inflate, mask_of, pieces, put
from kling_widgets.widgets.sketch import sketch

if TYPE_CHECKING:
    import PIL.Image

    from kling_widgets.decode import ImageSource
    from kling_widgets.image_to_video import ImageToVideo

# A view shows the photo as it will be sent; lossless pictures larger than this travel as a JPEG.
SHOWN_AS_IT_IS = 1_500_000

# After a stroke one looks at it, or makes the next; the picture in the saved notebook can wait for a pause.
PAUSE = 1.0


class Brushing(KlingWidget):
    """A photo one can draw on. The motion brush is this alone, the studio this among others."""

    # Hosts hand each view a model object of its own; by this name they find their common drawing.
    _brush_id = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits, _brush_id=uuid4().hex)
        self._brush_image: Image | None = None
        self._brush_labels: Labels = np.zeros((0, 0), np.uint8)
        self._brush_paths: dict[int, Points] = {}
        self._brush_edits = 0

    @property
    def areas(self) -> tuple[Area, ...]:
        """Six areas; `areas[0]` is Area 1. Masks are bool (H, W), paths float (n, 2), n = 0 where none is drawn.

        In pixels of the original photo, origin top left. To change one, use `set_area`.
        """
        nowhere = np.empty((0, 2))
        return tuple(
            Area(self._brush_labels == number, self._brush_paths.get(number, nowhere)) for number in range(1, AREAS + 1)
        )

    @property
    def static(self) -> BoolMask | None:
        """What must not move: bool (H, W), or None where nothing is painted."""
        return mask_of(self._brush_labels, STATIC)

    @property
    def drawing(self) -> Drawing:
        """Photo, areas and static area as they are now. Raises InvalidRequest while there is no photo."""
        return Drawing(self._photo(), self.areas, self.static)

    def set_area(self, n: int, mask: ArrayLike | Keep | None = KEEP, path: ArrayLike | Keep | None = KEEP) -> None:
        """Sets mask or path, or both, of Area `n` (1 to 6); None takes it away, what is not given stays.

        `mask` is bool (H, W) of the original photo; it takes its pixels from other areas. `path` is (n, 2) of x and y,
        at least two points, in the photo's pixels from the top left. Raises InvalidRequest and then changes nothing.
        """
        number = area_number(n)
        given_mask, given_path = together(
            lambda: mask if isinstance(mask, Keep) else a_mask(mask, self._brush_labels.shape, f"Area {number}"),
            lambda: path if isinstance(path, Keep) else a_path(path, number),
        )
        changed = None if isinstance(given_mask, Keep) else put(self._brush_labels, number, given_mask)
        paths = {}
        if not isinstance(given_path, Keep):
            paths[number] = given_path
        self._brush_changed(changed, paths)

    def set_static(self, mask: ArrayLike | None) -> None:
        """Sets what must not move: bool (H, W) of the original photo, None for nothing. Raises InvalidRequest."""
        self._brush_changed(
            put(self._brush_labels, STATIC, a_mask(mask, self._brush_labels.shape, "The static area")), {}
        )

    def clear(self) -> None:
        """Takes away all areas, the static one and all paths."""
        changed = None
        if self._brush_labels.any():
            height, width = self._brush_labels.shape
            changed = Rect(0, 0, width, height)
        self._brush_labels[:] = 0
        self._brush_changed(changed, dict.fromkeys(self._brush_paths))

    def request(self, **fields: Any) -> ImageToVideo:
        """The request for a film of this drawing; `fields` are the API's own, such as `prompt` and `model_name`.

        Raises InvalidRequest with every problem, an area without a path among them.
        """
        from kling_widgets.image_to_video import ImageToVideo

        own = {"image", "dynamic_masks", "static_mask"} & fields.keys()
        if own:
            raise InvalidRequest(
                [Problem(name, "The drawing itself gives this field.", "Leave it out.") for name in sorted(own)]
            )
        drawing = self.drawing
        masks = {"dynamic_masks": drawing.dynamic_masks(), "static_mask": drawing.static_mask()}
        return ImageToVideo(image=drawing.image, **{name: mask for name, mask in masks.items() if mask}, **fields)

    def snapshot(self) -> PIL.Image.Image:
        """The photo with areas and paths drawn on it."""
        return sketch(self._photo().pil(), self._brush_labels, self._brush_paths)

    def _brush_load(self, image: Image | None) -> None:
        """Begins a new, empty drawing on another photo, in all views."""
        width, height = image.original if image else (0, 0)
        self._brush_image = image
        self._brush_labels = np.zeros((height, width), np.uint8)
        self._brush_paths = {}
        self._tell("brush.photo")

    def _photo(self) -> Image:
        if self._brush_image is None:
            raise refusal("image", "There is no photo yet.", "Give one first.")
        return self._brush_image

    def _brush_changed(self, rect: Rect | None, paths: dict[int, Points | None]) -> None:
        """Python changed the drawing: keeps the paths, and tells every view, where it enters undo."""
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
        self._refresh_still_later()

    def _keep_paths(self, paths: dict[int, Points | None]) -> None:
        for number, path in paths.items():
            if path is None:
                self._brush_paths.pop(number, None)
            else:
                self._brush_paths[number] = path

    @answers("brush.open")
    def _open_brush(self, _: dict[str, Any], __: Sequence[memoryview]) -> Reply:
        """A view opens: the whole drawing, deflated, and behind it the photo."""
        if self._brush_image is None:
            return Reply({"size": None, "labels": 0, "paths": {}, "type": ""})
        labels = deflate(self._brush_labels)
        photo, kind = _to_show(self._brush_image)
        body = {
            "size": self._brush_image.original,
            "labels": len(labels),
            "paths": _to_wire(dict(self._brush_paths)),
            "type": kind,
        }
        return Reply(body, labels + photo)

    @answers("brush.edit")
    def _edit_brush(self, body: dict[str, Any], buffers: Sequence[memoryview]) -> dict[str, Any]:
        """A stroke ended, a path was drawn: takes it over whole or, with words, not at all."""
        paths = {area_number(name): a_path(points, area_number(name)) for name, points in body["paths"].items()}
        if body["rect"] is not None:
            rect = Rect(*(int(value) for value in body["rect"]))
            if not rect.within(self._brush_labels):
                raise refusal("brush.edit", "The edit is of another photo.", "Run the cell again.")
            self._brush_labels[rect.slices] = inflate(buffers[0], rect)
        self._keep_paths(paths)
        self._refresh_still_later()
        return {"rev": body["rev"]}

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


class MotionBrush(Brushing, bundle="motion_brush"):
    """Paint what shall move on a photo, and draw where to: `brush = MotionBrush("boat.jpg")`.

    `image` is a path, http(s) address, bytes, PIL image, numpy array or Image; `fit` as in `Image.of`, which also says
    what is refused.
    """

    def __init__(self, image: Image | ImageSource, *, fit: Fit | None = None) -> None:
        photo = Image.of(image, fit=fit)
        super().__init__()
        self._brush_load(photo)

    @property
    def image(self) -> Image:
        """The photo as it is sent."""
        return self._photo()


def _to_wire(paths: dict[int, Points | None]) -> dict[str, list[list[float]] | None]:
    return {str(number): None if path is None else path.tolist() for number, path in paths.items()}


def _to_show(image: Image) -> tuple[bytes, str]:
    """The photo's bytes for a browser, and their media type."""
    if image.format == "jpeg" or len(image.data) <= SHOWN_AS_IT_IS:
        return image.data, f"image/{image.format}"
    file = io.BytesIO()
    image.pil().save(file, "JPEG", quality=92)
    return file.getvalue(), "image/jpeg"
