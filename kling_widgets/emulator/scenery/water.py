"""Water that mirrors what lies above it."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.looks.paint import smoothstep
from kling_widgets.emulator.scenery.canvas import Canvas, cloudy, short
from kling_widgets.emulator.scenery.palette import Palette

TEXTURE = 512
"""Side in pixels of the noise that waves are taken from."""


def water(
    canvas: Canvas,
    colours: Palette,
    line: float,
    seed: int,
    sun: tuple[float, float],
    *,
    rough: float,
    clear: float = 1.0,
) -> None:
    """Everything below the line (a share of the height) becomes water; rough 0 is a pond, 1 the open sea.

    `clear`: how much of the sun comes through to glitter on it.
    """
    height, width = canvas.shape[:2]
    top = round(line * height)
    rows = np.arange(top, height, dtype=np.float32)[:, None] - top + 0.5
    near = np.asarray(rows / (height - top), np.float32)
    # Waves lie on a plane that recedes: far ones are small and close together.
    tile = cloudy((TEXTURE, TEXTURE), 0.12, seed + 13)
    tile = np.asarray((tile - tile.mean()) / (tile.std() + 1e-6), np.float32)
    far = 1 / (near + 0.035)
    across = ((np.arange(width, dtype=np.float32)[None] - width / 2) / short(canvas) * far * 0.16 + 0.5) * TEXTURE
    along = np.ascontiguousarray(np.broadcast_to(far * 0.62 * TEXTURE, across.shape))
    swell = cv2.remap(tile, across, along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    chop = cv2.remap(tile, 2.7 * across, 2.7 * along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    wave = np.asarray(0.65 * swell + 0.35 * chop, np.float32)

    shake = (0.25 + 0.75 * rough) * 0.05 * short(canvas) * (0.12 + near)
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), wave.shape) + 0.35 * shake * chop
    mirrored = np.clip(top - 1 - rows * (top / (height - top)) * (0.55 + 0.45 * (1 - rough)) + shake * wave, 0, top - 1)
    # Rough water draws what it mirrors out into streaks, the sun's disc as well.
    above = cv2.blur(canvas[:top], (1, 2 * round(0.06 * rough * short(canvas)) + 1), borderType=cv2.BORDER_REFLECT)
    seen = cv2.remap(
        above,
        np.asarray(columns, np.float32),
        np.asarray(mirrored, np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )

    deep = colours.sky[1] * 0.42 + colours.land("#1d4a55", 0.1) * 0.3
    share = (0.2 + 0.38 * near * (0.4 + 0.6 * rough) + 0.1 * rough * smoothstep(0.2, 1.4, -wave))[..., None]
    wet: Canvas = np.asarray(seen + (deep - seen) * np.clip(share, 0, 0.85), np.float32)
    _glitter(wet, colours, wave, np.asarray(chop, np.float32), near, sun[0] * width, rough, clear)
    canvas[top:] = wet
    edge = canvas[max(0, top - 1) : top + 2]
    edge += (colours.haze - edge) * 0.25


def _glitter(
    seen: Canvas, colours: Palette, wave: Canvas, chop: Canvas, near: Canvas, x: float, rough: float, clear: float
) -> None:
    """The path of light on the water below the sun."""
    width = seen.shape[1]
    apart = (np.arange(width, dtype=np.float32)[None] - x) / short(seen)
    path = np.exp(-((apart / (0.05 + 0.3 * near * (0.4 + 0.6 * rough))) ** 2))
    sparks = smoothstep(0.35, 1.5, 0.4 * wave + 0.75 * chop + 1.15 * path - 0.5)
    seen += (0.5 * (colours.glow + colours.disc) - seen) * np.clip(path * sparks * 0.85 * clear, 0, 0.92)[..., None]
