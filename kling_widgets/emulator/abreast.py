"""Frames made several at once, where each follows from its moment alone: all cores work, and none is made too early."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import cv2

from kling_widgets.emulator.job import Photo

T = TypeVar("T")


def abreast(make: Callable[[T], Photo], moments: Iterable[T]) -> Iterator[Photo]:
    """`make(moment)` for each moment, in order; as many at once as OpenCV may use threads here.

    `make` must be pure. At most one frame more than there are threads is ready before it is asked for.
    """
    # Where several processes share the cores, each has been told its part.
    threads = max(1, cv2.getNumThreads())
    waiting = iter(moments)
    with ThreadPoolExecutor(threads, thread_name_prefix="abreast") as makers:
        coming: deque[Future[Photo]] = deque(makers.submit(make, moment) for moment in islice(waiting, threads + 1))
        try:
            while coming:
                frame = coming.popleft().result()
                coming.extend(makers.submit(make, moment) for moment in islice(waiting, 1))
                yield frame
        finally:
            makers.shutdown(cancel_futures=True)
