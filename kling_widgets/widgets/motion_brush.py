"""The motion brush: up to six areas with a path each and one static area, painted on a photo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kling_widgets.image import Fit, Image
from kling_widgets.widgets.brushing import Brushing
from kling_widgets.widgets.drawing_file import DrawingFile
from kling_widgets.widgets.given import refusal

if TYPE_CHECKING:
    from kling_widgets.decode import ImageSource
    from kling_widgets.segment import Segmenter

__all__ = ["Brushing", "MotionBrush"]


class MotionBrush(Brushing, bundle="motion_brush"):
    """Paint what shall move on a photo, and draw where to: `brush = MotionBrush("boat.jpg")`.

    `image` is a path, http(s) address, bytes, PIL image, numpy array or Image; `fit` as in `Image.of`, which also says
    what is refused. `segmenter(photo, seeds)` may take the place of the Select tool's own way to find an object: it
    gets the photo as uint8 (H, W, 3) and `kling_widgets.segment.Seeds`, and gives a mask, bool (H, W); it may be async.
    """

    def __init__(
        self, image: Image | ImageSource, *, fit: Fit | None = None, segmenter: Segmenter | None = None
    ) -> None:
        photo = Image.of(image, fit=fit)
        super().__init__()
        self.segmenter = segmenter
        self._brush_load(photo)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], image: Image | ImageSource | None = None) -> Self:
        """A brush with what was saved as "boat.drawing"; `image` is its photo, where that was not saved with it."""
        photo = image if image is not None else DrawingFile.read(Path(path)).photo
        if photo is None:
            message = f"{Path(path).name} was saved without its photo."
            raise refusal("image", message, "Pass it as image=, or save with photo=True.")
        brush = cls(photo)
        brush.load(path)
        return brush

    @property
    def image(self) -> Image:
        """The photo as it is sent."""
        return self._photo()
