"""The object one points at, as a mask of the photo: numpy and Pillow alone, no model to download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from kling_widgets.segment.enclosed import enclosed
from kling_widgets.segment.guess import SIZES, Wish, guess
from kling_widgets.segment.look import look
from kling_widgets.segment.outline import Photos, outlined
from kling_widgets.segment.seeds import BoolMask, Photo, Points, Seeds
from kling_widgets.segment.shape import resized


class Finder:
    """Made once for a photo, asked many times. `find` may be called on any thread."""

    def __init__(self, photo: Photo | PIL.Image.Image) -> None:
        self._photos = Photos.of(photo if isinstance(photo, PIL.Image.Image) else PIL.Image.fromarray(photo))
        whole = self._photos.half
        self._looks = {long: look(whole, (0, 0, *whole.size), long) for long in {long for _, long in SIZES}}

    def find(self, seeds: Seeds, alive: Callable[[], None] = lambda: None) -> BoolMask:
        """What the area shall hold, bool (H, W). `alive` is called between steps; by raising it ends the work."""
        width, height = self._photos.whole.size
        held = np.zeros((height, width), bool) if seeds.mask is None else seeds.mask
        if seeds.adds:
            return self._joined(held, seeds.inside, seeds.outside, seeds.loop, alive)
        # To take an object away from the area is to add it to what is not the area.
        return ~self._joined(~held, seeds.outside, seeds.inside, seeds.loop, alive)

    def _joined(
        self, held: BoolMask, seeds: Points, never: Points, loop: Points | None, alive: Callable[[], None]
    ) -> BoolMask:
        wish = Wish(seeds, held, never)
        if loop is not None:
            small = self._looks[max(self._looks)]
            found = enclosed(small, loop * (small.shape[1] / held.shape[1]), wish.at(small.shape), alive)
        else:
            missing = seeds[~_at(held, seeds)]
            if len(missing) == 0:
                return held
            small, found = guess(self._looks, replace(wish, seeds=missing), alive)
        here = resized(held, small.shape)
        new = found & ~here
        joined = held.copy()
        if new.any():
            alive()
            piece = outlined(self._photos, found, new, seeds, never)
            left, top, right, bottom = piece.box
            joined[top:bottom, left:right] |= piece.mask
        _set(joined, never, False)
        _set(joined, seeds, True)
        alive()
        return joined


def _at(mask: BoolMask, points: Points) -> NDArray[np.bool_]:
    there: NDArray[np.bool_] = mask[_pixels(mask, points)]
    return there


def _set(mask: BoolMask, points: Points, value: bool) -> None:
    mask[_pixels(mask, points)] = value


def _pixels(mask: BoolMask, points: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    height, width = mask.shape
    columns = np.clip(points[:, 0].astype(np.intp), 0, width - 1)
    rows = np.clip(points[:, 1].astype(np.intp), 0, height - 1)
    return rows, columns
