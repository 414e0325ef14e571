"""Work on all cores that this process may use: pieces of one frame, or several frames, none of them made too early."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import cv2

from kling_widgets.emulator.job import Photo

T = TypeVar("T")


def count() -> int:
    """How many threads: as many as OpenCV may use here, for where processes share the cores each is told its part."""
    return max(1, cv2.getNumThreads())


def in_threads() -> ThreadPoolExecutor:
    """What numpy and OpenCV do, they do without the interpreter's lock."""
    return ThreadPoolExecutor(count(), thread_name_prefix="abreast")


def abreast(make: Callable[[T], Photo], moments: Iterable[T]) -> Iterator[Photo]:
    """`make(moment)` for each moment, in order, several at once.

    `make` must be pure. At most one frame more than there are threads is ready before it is asked for.
    """
    threads, waiting = count(), iter(moments)
    with in_threads() as makers:
        coming: deque[Future[Photo]] = deque(makers.submit(make, moment) for moment in islice(waiting, threads + 1))
        try:
            while coming:
                frame = coming.popleft().result()
                coming.extend(makers.submit(make, moment) for moment in islice(waiting, 1))
                yield frame
        finally:
            makers.shutdown(cancel_futures=True)
