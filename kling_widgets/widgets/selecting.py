"""Select: one points at an object in the browser, Python answers with its mask."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kling_widgets.drawing import AREAS
from kling_widgets.errors import KlingError
from kling_widgets.image import Image
from kling_widgets.segment import BoolMask, Finder, Points, Seeds, Segmenter, resized
from kling_widgets.widgets.base import Reply, answers
from kling_widgets.widgets.given import refusal
from kling_widgets.widgets.labels import STATIC, bounds, deflate
from kling_widgets.widgets.strokes import Strokes

log = logging.getLogger("kling_widgets")


class _Dropped(Exception):  # noqa: N818 - nothing went wrong
    """Nobody wants the answer any more."""


@dataclass(eq=False)
class _Job:
    """One selection that is being worked out."""

    stopped: threading.Event = field(default_factory=threading.Event)
    work: asyncio.Future[BoolMask] | None = None

    def stop(self) -> None:
        self.stopped.set()
        if self.work is not None:
            self.work.cancel()

    def alive(self) -> None:
        if self.stopped.is_set():
            raise _Dropped


class Selecting(Strokes):
    """Finds what one points at. `segmenter` may be any function that does so; None is our own."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.segmenter: Segmenter | None = None
        self._select_job: _Job | None = None
        self._select_finder: tuple[Image, Finder] | None = None
        self._select_lock = threading.Lock()

    @answers("brush.select.ready")
    async def _select_ready(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """The tool was taken in hand: what takes a moment is done before the first click."""
        if self.segmenter is None and self._brush_image is not None:
            await asyncio.to_thread(self._finder, self._brush_image)

    @answers("brush.select.cancel")
    async def _select_cancel(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        if self._select_job is not None:
            self._select_job.stop()

    @answers("brush.select")
    async def _select(self, body: dict[str, Any], _: Sequence[memoryview]) -> Reply | dict[str, Any]:
        """The newest question counts: what an older one still works on is dropped.

        Answers with the rectangle in which the area changes, and in it one where the area shall be, packed as labels.
        """
        if self._select_job is not None:
            self._select_job.stop()
        image = self._photo()
        label = _label(body.get("area"))
        with self._brush_lock:
            held: BoolMask = self._brush_labels == label
        seeds = Seeds(
            _points(body.get("inside")),
            _points(body.get("outside")),
            _points(body["loop"]) if body.get("loop") else None,
            held if held.any() else None,
            bool(body.get("adds", True)),
        )
        job = self._select_job = _Job()
        job.work = asyncio.ensure_future(self._found(image, seeds, job.alive))
        await asyncio.wait({job.work})
        if self._select_job is job:
            self._select_job = None
        if job.stopped.is_set() or image is not self._brush_image:
            return {"dropped": True}
        return await asyncio.to_thread(_packed, held, job.work.result())

    async def _found(self, image: Image, seeds: Seeds, alive: Callable[[], None]) -> BoolMask:
        """In pixels of the original, which the sent picture may be a smaller copy of."""
        shape = image.original[1], image.original[0]
        small = await asyncio.to_thread(_scaled, seeds, image)
        if self.segmenter is None:
            return await asyncio.to_thread(lambda: resized(self._finder(image).find(small, alive), shape))
        return resized(await _asked(self.segmenter, image, small), shape)

    def _finder(self, image: Image) -> Finder:
        with self._select_lock:
            if self._select_finder is None or self._select_finder[0] is not image:
                self._select_finder = image, Finder(image.pil().convert("RGB"))
            return self._select_finder[1]


async def _asked(segmenter: Segmenter, image: Image, seeds: Seeds) -> BoolMask:
    """What somebody's own function says. Raises KlingError, in words that name it."""
    name = getattr(segmenter, "__qualname__", None) or type(segmenter).__qualname__
    photo = await asyncio.to_thread(image.pixels)
    try:
        given: Any = await asyncio.to_thread(segmenter, photo, seeds)
        if inspect.isawaitable(given):
            given = await given
        mask = np.asarray(given)
    except Exception as error:
        log.error("The segmenter %s failed.", name, exc_info=error)
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        raise KlingError(f"The segmenter {name} failed with {words}. The log has the rest.") from error
    if mask.shape != photo.shape[:2] or mask.dtype != np.bool_:
        raise KlingError(
            f"The segmenter {name} returned {mask.dtype} of shape {mask.shape}; "
            f"it should return bool of shape {photo.shape[:2]}, True where the object is."
        )
    return mask


def _scaled(seeds: Seeds, image: Image) -> Seeds:
    if image.original == (image.width, image.height):
        return seeds
    scale = np.array(image.scale)
    return replace(
        seeds,
        inside=seeds.inside * scale,
        outside=seeds.outside * scale,
        loop=None if seeds.loop is None else seeds.loop * scale,
        mask=None if seeds.mask is None else resized(seeds.mask, (image.height, image.width)),
    )


def _packed(held: BoolMask, mask: BoolMask) -> Reply | dict[str, Any]:
    rect = bounds(held ^ mask)
    if rect is None:
        return {"rect": None}
    part = mask[rect.slices].astype(np.uint8)
    return Reply({"rect": [rect.x, rect.y, rect.width, rect.height]}, deflate(part, level=4))


def _label(area: Any) -> int:
    if isinstance(area, bool) or not isinstance(area, int) or not 1 <= area <= STATIC:
        raise refusal(
            "brush.select", f"There is no area {area!r}.", f"Areas are 1 to {AREAS}, {STATIC} is the static one."
        )
    return area


def _points(wire: Any) -> Points:
    points = np.asarray(wire or [], float).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise refusal("brush.select", "A point of the selection is no number.", "Run the cell again.")
    return points
