"""What drawn and made pictures are built from: planes, lines, dots, fringe and hairs."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo


def flattened(photo: Photo) -> Photo:
    """Small differences smoothed, edges kept."""
    size = min(photo.shape[:2])
    scale = min(1.0, 360 / size)
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    smooth = cast(Photo, cv2.bilateralFilter(cv2.bilateralFilter(small, 7, 40, 5), 7, 40, 5))
    if scale == 1:
        return smooth

    # Edges come back at full size: the smooth picture is led by the photo's own edges.
    raised = cv2.resize(smooth, photo.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return cast(Photo, cv2.bilateralFilter(raised, 5, 30, 3))


def ink_lines(photo: Photo) -> NDArray[np.float32]:
    """Ink lines 0..1 where the picture changes: a difference of Gaussians, sharpened."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine, wide = (cv2.GaussianBlur(grey, (0, 0), sigma(photo, size)) for size in (0.0022, 0.0044))
    return np.clip((wide - fine - 2.2) / 5, 0, 1).astype(np.float32)


def halftone(shape: tuple[int, ...], size: float) -> NDArray[np.float32]:
    """A screen of dots at 45 degrees: 0 in the middle of a dot, 1 between dots."""
    period = max(3.0, size * min(shape[:2]))
    rows, columns = np.indices(shape[:2], dtype=np.float32)
    u, v = (rows + columns) * (np.pi / period), (rows - columns) * (np.pi / period)
    return np.asarray(0.5 + 0.25 * (np.cos(u) + np.cos(v)))


def frayed(photo: Photo, reach: float, seed: int) -> Photo:
    """Every pixel from a random place nearby: edges turn to fringe."""
    height, width = photo.shape[:2]
    length = max(1.0, reach * min(height, width))
    rng = np.random.default_rng(seed)
    steps = [cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.8) for _ in range(2)]
    rows, columns = np.indices((height, width), dtype=np.float32)
    maps = (columns + steps[0] * length, rows + steps[1] * length)
    return np.asarray(cv2.remap(photo, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))


def fibres(shape: tuple[int, ...], length: float, seed: int) -> NDArray[np.float32]:
    """Short hairs in several directions, 0..1."""
    rng = np.random.default_rng(seed)
    grain = rng.normal(0, 1, shape[:2]).astype(np.float32)
    size = 2 * max(1, round(length * min(shape[:2]) / 2)) + 1
    layers = []
    for angle in rng.uniform(0, 180, 4):
        line = np.zeros((size, size), np.float32)
        line[size // 2] = 1 / size
        turn = cv2.getRotationMatrix2D((size // 2, size // 2), angle, 1)
        layers.append(cv2.filter2D(grain, -1, cv2.warpAffine(line, turn, (size, size))))
    hairs = np.max(layers, axis=0)
    return cast(NDArray[np.float32], np.clip((hairs - hairs.mean()) / (4 * hairs.std() + 1e-6) + 0.5, 0, 1))


def sigma(photo: Photo, share: float) -> float:
    """A blur of this share of the short side, in pixels; never so small that it is none."""
    return max(0.6, share * float(min(photo.shape[:2])))
