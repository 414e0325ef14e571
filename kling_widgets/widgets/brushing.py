"""What Python reads and sets of a brush; the motion brush has it, and the studio."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from kling_widgets.drawing import AREAS, Area, BoolMask, Drawing
from kling_widgets.errors import InvalidRequest, KlingWarning, Problem
from kling_widgets.widgets.drawing_file import DrawingFile
from kling_widgets.widgets.given import KEEP, Keep, MaskLike, a_mask, a_path, area_number, refusal, together
from kling_widgets.widgets.labels import STATIC, Rect, mask_of, put
from kling_widgets.widgets.more import More
from kling_widgets.widgets.selecting import Selecting
from kling_widgets.widgets.sketch import sketch
from kling_widgets.widgets.waiting import Waiting

if TYPE_CHECKING:
    import PIL.Image

    from kling_widgets.image_to_video import ImageToVideo


class Brushing(Waiting, Selecting, More):
    """A photo one can draw on. The motion brush is this alone, the studio this among others.

    `brush.observe(heard, "drawing")` calls `heard(change)` after each edit, from the browser or from Python;
    `change.new` is the drawing then. `brush.revision` counts the edits.
    """

    @property
    def areas(self) -> tuple[Area, ...]:
        """Six areas; `areas[0]` is Area 1. Masks are bool (H, W), paths float (n, 2), n = 0 where none is drawn.

        In pixels of the original photo, origin top left. To change one, use `set_area`.
        """
        nowhere = np.empty((0, 2))
        with self._brush_lock:
            labels, paths = self._brush_labels, self._brush_paths
            return tuple(Area(labels == number, paths.get(number, nowhere)) for number in range(1, AREAS + 1))

    @property
    def static(self) -> BoolMask | None:
        """What must not move: bool (H, W), or None where nothing is painted."""
        with self._brush_lock:
            return mask_of(self._brush_labels, STATIC)

    @property
    def drawing(self) -> Drawing:
        """Photo, areas and static area as they are now. Raises InvalidRequest while there is no photo."""
        with self._brush_lock:
            return Drawing(self._photo(), self.areas, self.static)

    def set_area(self, n: int, mask: MaskLike | Keep | None = KEEP, path: ArrayLike | Keep | None = KEEP) -> None:
        """Sets mask or path, or both, of Area `n` (1 to 6); None takes it away, what is not given stays.

        `mask` is an array (H, W) of the original photo, of bool or white where brushed, or a picture of that size:
        a path, URL, bytes or PIL image. It takes its pixels from other areas. `path` is (n, 2) of x and y, at least two
        points, in the photo's pixels from the top left. Raises InvalidRequest and then changes nothing.
        """
        number = area_number(n)
        given_mask, given_path = together(
            lambda: mask if isinstance(mask, Keep) else a_mask(mask, self._brush_labels.shape, f"Area {number}"),
            lambda: path if isinstance(path, Keep) else a_path(path, number),
        )
        with self._brush_lock:
            changed = None if isinstance(given_mask, Keep) else put(self._brush_labels, number, given_mask)
            self._brush_changed(changed, {} if isinstance(given_path, Keep) else {number: given_path})

    def set_static(self, mask: MaskLike | None) -> None:
        """Sets what must not move: a mask as in `set_area`, None for nothing. Raises InvalidRequest."""
        given = a_mask(mask, self._brush_labels.shape, "The static area")
        with self._brush_lock:
            self._brush_changed(put(self._brush_labels, STATIC, given), {})

    def clear(self) -> None:
        """Takes away all areas, the static one and all paths."""
        with self._brush_lock:
            changed = None
            if self._brush_labels.any():
                height, width = self._brush_labels.shape
                changed = Rect(0, 0, width, height)
            self._brush_labels[:] = 0
            self._brush_changed(changed, dict.fromkeys(self._brush_paths))

    def save(self, path: str | os.PathLike[str], *, photo: bool = False) -> Path:
        """Saves what is drawn as one small file, such as "boat.drawing"; returns where it is.

        The photo itself is in it only with `photo=True`. Raises InvalidRequest while there is none, OSError.
        """
        place = Path(path)
        with self._brush_lock:
            image = self._photo()
            labels, paths = self._brush_labels.copy(), dict(self._brush_paths)
        DrawingFile(labels, paths, image.fingerprint, image if photo else None).write(place)
        return place

    def load(self, path: str | os.PathLike[str], *, scale: bool = False) -> None:
        """Puts what was saved in the place of what is drawn, as one step of undo.

        A drawing of a photo of another size is refused, unless `scale=True` fits it. Raises InvalidRequest, OSError.
        """
        place = Path(path)
        saved = DrawingFile.read(place)
        image = self._photo()
        if saved.size != image.original:
            if not scale:
                was, now = ("{} x {}".format(*size) for size in (saved.size, image.original))
                message = f"{place.name} was drawn on a photo of {was} pixels; this one has {now}."
                raise refusal("drawing", message, "Pass scale=True to fit it, or give that photo.")
            saved = saved.fitted(image.original)
        elif saved.fingerprint != image.fingerprint:
            warnings.warn(f"{place.name} was drawn on another photo of this size.", KlingWarning, stacklevel=2)
        self._brush_put(saved.labels, saved.paths)

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
        with self._brush_lock:
            return sketch(self._photo().pil(), self._brush_labels, self._brush_paths)
