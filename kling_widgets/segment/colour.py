"""Colours as the eye parts them, and means over small squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# sRGB to XYZ under D65, each row divided by the white of it.
_TO_XYZ = np.array(
    [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728]],
    np.float32,
)
_steps = np.arange(256) / 255
_LINEAR = np.where(_steps > 0.04045, ((_steps + 0.055) / 1.055) ** 2.4, _steps / 12.92).astype(np.float32)


def lab(rgb: NDArray[np.uint8]) -> Floats:
    """CIE L*a*b* of sRGB pixels: equal distances look about equally different."""
    xyz = _LINEAR[rgb] @ _TO_XYZ.T
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + np.float32(16 / 116))
    x, y, z = curved[..., 0], curved[..., 1], curved[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def mean(values: NDArray[Any], radius: int) -> Floats:
    """Of the square of 2 `radius` + 1 around each pixel; the outermost pixels go on beyond the edge."""
    return _along_rows(_along_rows(values.astype(np.float32), radius).swapaxes(0, 1), radius).swapaxes(0, 1)


def _along_rows(values: Floats, radius: int) -> Floats:
    around = [(radius + 1, radius)] + [(0, 0)] * (values.ndim - 1)
    sums = np.pad(values, around, mode="edge").cumsum(axis=0, dtype=np.float64)
    side = 2 * radius + 1
    means: Floats = ((sums[side:] - sums[:-side]) / side).astype(np.float32)
    return means
