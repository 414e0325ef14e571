"""Smooth colour for a hole: the known colours around it, averaged up a pyramid and let down again."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask

Colour = NDArray[np.floating[Any]]
"""RGB without rounding: shape (height, width, 3)."""


def smooth_fill(picture: Colour, known: Mask) -> Colour:
    """The picture with everything not known replaced by a smooth mixture of what is known around it.

    Where nothing at all is known: mid-grey.
    """
    weight: NDArray[np.floating[Any]] = known.astype(np.float32)
    colour: Colour = picture.astype(np.float32) * weight[..., None]
    levels = [(colour, weight)]
    while max(weight.shape) > 1 and weight.min() < 1:
        colour, weight = np.asarray(cv2.pyrDown(colour)), np.asarray(cv2.pyrDown(weight))
        # A pixel that knows a quarter of its window knows enough: colours from farther off should not wash in.
        gain = 1 / np.maximum(weight, 0.25)
        colour, weight = colour.reshape(*weight.shape, 3) * gain[..., None], weight * gain
        levels.append((colour, weight))

    colour, weight = levels.pop()
    under = np.where(weight[..., None] > 0, colour / np.maximum(weight, 1e-6)[..., None], 127)
    for colour, weight in reversed(levels):
        height, width = weight.shape
        raised = cv2.resize(under.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        under = colour + raised.reshape(height, width, 3) * (1 - weight)[..., None]

    return under
