"""What one points at on a photo, to say which object is meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BoolMask = NDArray[np.bool_]
Points = NDArray[np.float64]
Photo = NDArray[np.uint8]


def _none() -> Points:
    return np.empty((0, 2))


@dataclass(frozen=True, eq=False)
class Seeds:
    """Clicks, scribbles and a loop, oldest first. All are x and y in pixels of the photo, origin top left.

    `inside` and `outside` are float (n, 2): what belongs to the object, and what does not. `loop` is the outline drawn
    around it, (n, 2), or None; `box` what the loop spans: left, top, right, bottom. `mask` is what the area holds now,
    bool (H, W), or None where it is empty. `adds` says what the newest gesture was for: to add, or to take away.
    """

    inside: Points = field(default_factory=_none)
    outside: Points = field(default_factory=_none)
    loop: Points | None = None
    mask: BoolMask | None = None
    adds: bool = True

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        if self.loop is None:
            return None
        left, top = self.loop.min(axis=0).tolist()
        right, bottom = self.loop.max(axis=0).tolist()
        return left, top, right, bottom


Segmenter = Callable[[Photo, Seeds], "BoolMask | Awaitable[BoolMask]"]
"""Takes the photo, uint8 (H, W, 3), and the seeds; gives what the area shall hold, bool (H, W). It may be async.

With SAM 2 (https://github.com/facebookresearch/sam2), whose masks are numbers, not bool:

    predictor = SAM2ImagePredictor.from_pretrained("facebook/sam2-hiera-large")

    def sam(photo, seeds):
        points = np.concatenate([seeds.inside, seeds.outside])
        labels = np.repeat([1, 0], [len(seeds.inside), len(seeds.outside)])
        predictor.set_image(photo)
        masks, scores, _ = predictor.predict(
            point_coords=points if len(points) else None,
            point_labels=labels if len(points) else None,
            box=None if seeds.box is None else np.array(seeds.box),
        )
        return masks[scores.argmax()] > 0

    brush = kw.MotionBrush("boat.jpg", segmenter=sam)

`SamPredictor` of segment_anything is called in the same way.
"""
