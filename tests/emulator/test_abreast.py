"""Frames made several at once come in order, and not too early."""

import threading
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from kling_widgets.emulator.abreast import abreast


def frame(number: int) -> np.ndarray:
    return np.full((2, 2, 3), number, np.uint8)


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    yield
    cv2.setNumThreads(before)


@pytest.mark.usefixtures("two_threads")
def test_in_order_though_the_first_is_slow() -> None:
    """A frame that takes longer than those after it still comes first."""
    later = threading.Event()

    def make(number: int) -> np.ndarray:
        if number == 0:
            assert later.wait(20)
        if number == 1:
            later.set()
        return frame(number)

    assert [int(made[0, 0, 0]) for made in abreast(make, range(20))] == [*range(20)]


@pytest.mark.usefixtures("two_threads")
def test_memory_is_flat() -> None:
    """Nothing is begun but what is asked for and the few after it."""
    begun: list[int] = []

    def make(number: int) -> np.ndarray:
        begun.append(number)
        return frame(number)

    coming = abreast(make, range(1000))
    for asked in range(5):
        next(coming)
        assert len(begun) <= asked + 5
    coming.close()
    assert len(begun) < 12


@pytest.mark.usefixtures("two_threads")
def test_what_goes_wrong_is_told() -> None:
    """An error comes where its frame would have come, after the frames before it."""

    def make(number: int) -> np.ndarray:
        if number == 3:
            raise ValueError("no frame 3")
        return frame(number)

    made = []
    with pytest.raises(ValueError, match="no frame 3"):
        made.extend(int(one[0, 0, 0]) for one in abreast(make, range(9)))
    assert threading.active_count() < 20


def test_no_moments_no_frames() -> None:
    """Of nothing comes nothing."""
    assert list(abreast(frame, [])) == []
