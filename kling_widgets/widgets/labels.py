"""The plane of labels: one byte a pixel of the original photo, shape (H, W), row 0 at the top.

0 is nothing, 1 to 6 are the moving areas, 7 is the static area. Areas are disjoint: what is painted last wins.
On the wire a rectangle of labels travels row by row, each as what differs from the row above it, then deflated
(js/src/paint/deflate.ts).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kling_widgets.drawing import AREAS, BoolMask
from kling_widgets.errors import InvalidRequest, Problem

STATIC = AREAS + 1

# As in base.py: larger messages are dropped without a word in some hosts.
PIECE = 384 * 1024

Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Rect:
    """Whole pixels: the first column and row, and how many of each."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, as an array of shape (H, W) is cut."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def within(self, labels: Labels) -> bool:
        height, width = labels.shape
        inside = 0 <= self.x <= width - self.width and 0 <= self.y <= height - self.height
        return inside and self.width > 0 and self.height > 0


def mask_of(labels: Labels, label: int) -> BoolMask | None:
    """Where `label` is painted, read-only; None where it is nowhere."""
    mask: BoolMask = labels == label
    if not mask.any():
        return None
    mask.flags.writeable = False
    return mask


def put(labels: Labels, label: int, mask: BoolMask | None) -> Rect | None:
    """Makes `mask` (or nothing) the whole of `label`; says what changed."""
    after = np.where(labels == label, np.uint8(0), labels)
    if mask is not None:
        after[mask] = label
    changed = bounds(after != labels)
    labels[:] = after
    return changed


def bounds(mask: BoolMask) -> Rect | None:
    """The smallest rectangle around what is true."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        return None
    x, y = int(columns[0]), int(rows[0])
    return Rect(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)


def deflate(labels: Labels, level: int = 1) -> bytes:
    """Level 1: areas are flat, and a 4K plane must not keep the browser waiting. Level 4: a third, but slower."""
    rows = labels.copy()
    rows[1:] ^= labels[:-1]
    return zlib.compress(rows.data, level)


def inflate(data: bytes | memoryview, rect: Rect) -> Labels:
    """The labels of `rect`, shape (height, width). Raises InvalidRequest on anything else than that."""
    count = rect.width * rect.height
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(data, count)
    except zlib.error as error:
        raise _unreadable(f"The labels cannot be unpacked ({error}).") from error
    if len(raw) != count or stream.decompress(stream.unconsumed_tail, 1):
        raise _unreadable(f"The labels do not fill their rectangle of {rect.width} x {rect.height} pixels.")
    labels: Labels = np.frombuffer(raw, np.uint8).reshape(rect.height, rect.width).copy()
    # Ten times as fast as np.bitwise_xor.accumulate, which goes down each column by itself.
    for row in range(1, rect.height):
        labels[row] ^= labels[row - 1]
    if labels.max() > STATIC:
        raise _unreadable(f"Label {labels.max()} is none; 0 to {STATIC} are.")
    return labels


def pieces(labels: Labels, rect: Rect) -> Iterator[tuple[Rect, bytes]]:
    """`rect` deflated: one piece mostly, halves of halves where the labels are as wild as noise."""
    data = deflate(labels[rect.slices])
    if len(data) <= PIECE or rect.height < 2:
        yield rect, data
        return
    upper = rect.height // 2
    yield from pieces(labels, Rect(rect.x, rect.y, rect.width, upper))
    yield from pieces(labels, Rect(rect.x, rect.y + upper, rect.width, rect.height - upper))


def _unreadable(message: str) -> InvalidRequest:
    return InvalidRequest([Problem("brush.edit", message, "Run the cell again; should it recur, please report it.")])
