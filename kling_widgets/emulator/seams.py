"""Pieces joined without a seam: each keeps its own light and dark, its tone gives way to meet its neighbours.

After Perez, Gangnet and Blake (Poisson image editing), solved by multigrid.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.pullpush import Colour
from kling_widgets.emulator.shifts import Shifts

MOST = 40.0
"""A step in tone of more levels is an edge rather than a seam, and the larger the less of it is smoothed out."""

HOLD = 0.004
"""How much a pixel holds on to its own tone: else one bad seam would tint the whole gap."""

CYCLES = 3

Tone = NDArray[np.float32]


def joined(picture: Colour, gap: Mask, shift: Shifts) -> Colour:
    """The picture with its gap filled by the pieces, shape of shift (h, w, 2), their tones adjusted."""
    height, width = gap.shape
    flat = picture.reshape(-1, 3).astype(np.float32)
    y, x = np.arange(height)[:, None], np.arange(width)

    def brought(by: tuple[slice, slice], step: tuple[int, int] = (0, 0)) -> Tone:
        """What the pieces at these pixels have, or would have a step further on."""
        down = np.clip(y[by[0]] + shift[by][..., 0] + step[0], 0, height - 1)
        right = np.clip(x[by[1]] + shift[by][..., 1] + step[1], 0, width - 1)
        return np.asarray(flat[down * width + right])

    pieces = brought((slice(None), slice(None)))
    wanted = np.zeros_like(pieces)
    for down, right in ((0, 1), (1, 0)):
        one, other = (slice(0, height - down), slice(0, width - right)), (slice(down, None), slice(right, None))
        ahead = brought(one, (down, right)) - pieces[one]
        behind = pieces[other] - brought(other, (-down, -right))
        in_one, in_other = gap[one][..., None], gap[other][..., None]
        share = in_one / np.maximum(1, in_one.astype(np.float32) + in_other)
        step = share * ahead + (1 - share) * behind - (pieces[other] - pieces[one])
        step *= (in_one | in_other) / np.maximum(1, np.abs(step) / MOST) ** 2
        wanted[one] += step
        wanted[other] -= step

    tone = np.zeros_like(pieces)
    for _ in range(CYCLES):
        tone = _cycle(tone, wanted, gap, HOLD)
    return pieces + tone


def _cycle(tone: Tone, wanted: Tone, gap: Mask, hold: float) -> Tone:
    """Nearer to the tone whose steps are the wanted ones, and 0 outside the gap: once down to coarse and up again."""
    height, width = gap.shape
    if min(height, width) < 6:
        return _relaxed(tone, wanted, gap, hold, 20)

    tone = _relaxed(tone, wanted, gap, hold, 4)
    missing = (wanted - _around(tone) + (4 + hold) * tone) * gap[..., None]
    rows, columns = (height + 1) // 2, (width + 1) // 2
    odd = (0, 2 * rows - height), (0, 2 * columns - width)
    coarse = np.pad(missing, (*odd, (0, 0))).reshape(rows, 2, columns, 2, 3).sum(axis=(1, 3))
    mostly = np.pad(gap, odd).reshape(rows, 2, columns, 2).mean(axis=(1, 3)) > 0.5
    less = _cycle(np.zeros_like(coarse), coarse, mostly, 4 * hold)
    raised = cv2.resize(less, (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)[:height, :width]

    return _relaxed((tone + raised) * gap[..., None], wanted, gap, hold, 4)


def _relaxed(tone: Tone, wanted: Tone, gap: Mask, hold: float, rounds: int) -> Tone:
    inside = gap[..., None].astype(np.float32)
    for _ in range(rounds):
        tone = (0.2 * tone + 0.8 / (4 + hold) * (_around(tone) - wanted)) * inside

    return tone


def _around(tone: Tone) -> Tone:
    """The sum of each pixel's four neighbours; beyond the frame is as at its edge."""
    wide = cv2.copyMakeBorder(tone, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return np.asarray(wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:], np.float32)
