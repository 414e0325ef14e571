"""Looks that put something around the subject and leave it free: a mane, scrolls, wrapping paper, a stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import COARSE, whole
from kling_widgets.emulator.looks.paint import backdrop, lit, masked, noise, rgb, rounded, shared, smoothstep

RED, GOLD = "#c8202a", "#ffd166"


def mane(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colours: Sequence[str] = ("#7a3b0c", "#e8a13a"),
    inner: float = 0.42,
    reach: float = 0.3,
    y: float = 0.0,
    strands: int = 96,
) -> Photo:
    """A thick mane grows around the face, in two layers of tufts that sway in the wind."""
    # Hair is soft: it is worked out at half size.
    height, width = (max(2, side // COARSE) for side in frame.shape[:2])
    short = min(height, width)
    across = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / short)[None]
    down = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / short)[:, None] - np.float32(y)
    radius, angle = np.hypot(across, down), np.arctan2(down, across)
    grown = float(smoothstep(0.04, 0.4, t))
    dark, light = (rgb(colour) for colour in colours)
    rng = np.random.default_rng(seed)
    hair = np.broadcast_to(dark, (height, width, 3)).copy()
    cover = np.zeros((height, width), np.float32)
    for layer, (far, near) in enumerate(((1.0, 0.08), (0.7, 0.03), (0.42, 0.0))):
        sway = 0.16 * np.sin(2 * pi * 2 * t + 3 * angle + layer) * np.clip(radius - inner, 0, None)
        turn = ((angle + sway) / (2 * pi) + 0.37 * layer / strands) % 1 * strands
        tuft = turn.astype(np.int32) % strands
        length, shade = (rng.uniform(*span, strands).astype(np.float32)[tuft] for span in ((0.7, 1.1), (0.0, 0.6)))
        # Each tuft is a leaf: widest at its root, ending in a tip.
        edge = np.abs(turn % 1 - 0.5) * 2
        tip = inner + near + reach * far * grown * (length * (1 - edge**1.6) + 0.25)
        root = inner + near + 0.012 * (edge**2 - shade)
        here = smoothstep(-1.2 / short, 1.2 / short, tip - radius) * smoothstep(-0.03, 0.03, radius - root)
        tone = np.clip(0.1 + shade + 0.5 * (radius - inner) / reach - 0.6 * edge**2 + 0.2 * layer, 0, 1)[..., None]
        hair += (dark + (light - dark) * tone - hair) * here[..., None]
        cover = np.maximum(cover, here)

    colour, share = (whole(sheet.astype(np.float32), frame) for sheet in (hair, cover * min(1.0, 3 * grown)))
    return masked(frame, rounded(colour), share)


def scrolls(
    frame: Photo, t: float, seed: int, *, paper: str = RED, ink: str = GOLD, width: float = 0.15, signs: int = 4
) -> Photo:
    """Two paper scrolls unroll beside the picture's subject and a short one above, with diamonds in gold."""
    height, columns = frame.shape[:2]
    short = min(height, columns)
    broad, gap = width * short, 0.045 * short
    result = frame.copy()
    for number, middle in enumerate((gap + broad / 2, columns - gap - broad / 2)):
        open_ = float(smoothstep(0.08 + 0.1 * number, 0.45 + 0.1 * number, t))
        sway = 0.006 * short * sin(2 * pi * 2 * t + number)
        _scroll(result, (middle, gap * 1.2), broad, (height - 3 * gap) * open_, sway, paper, ink, signs)

    return result


def unwrapped(
    frame: Photo,
    t: float,
    seed: int,
    *,
    paper: str = "#d4232b",
    ribbon: str = "#ffe08a",
    dots: str = "#ffffff",
    left: float = 0.3,
) -> Photo:
    """Wrapping paper closes over the picture, trembles, and bursts open in a glow; a rim of it stays at the sides."""
    height, width = frame.shape[:2]
    short = min(height, width)
    closed = float(smoothstep(0.02, 0.16, t)) * (1 - (1 - left) * float(smoothstep(0.3, 0.52, t)))
    closed *= 1 - float(smoothstep(0.86, 1, t))
    tremble = 0.012 * short * sin(60 * t) * float(smoothstep(0.16, 0.2, t) * (1 - smoothstep(0.28, 0.32, t)))
    opening = float(smoothstep(0.28, 0.36, t) * (1 - smoothstep(0.38, 0.56, t)))
    wrap = _wrapping(height, width, paper, ribbon, dots)
    glow = rgb("#fff2c4") * opening * 0.7
    result = lit(frame, np.broadcast_to(glow, frame.shape)) if opening else frame.copy()
    half = width / 2
    rows, columns = np.indices((height, width), dtype=np.float32)
    ragged = 0.012 * short * np.sin(rows / short * 40) * (closed < 0.99)
    for side in (-1, 1):
        shift = side * half * (1 - closed) + tremble * side
        moved = cv2.warpAffine(
            wrap, np.array([[1, 0, shift], [0, 1, 0]]), (width, height), borderMode=cv2.BORDER_REFLECT_101
        )
        edge = (columns + 0.5 - half - shift) * side + ragged
        shadow = np.exp(-np.clip(-edge, 0, None) / (0.05 * short)) * 0.4 * (closed < 0.999)
        result = masked(result, rounded(result * 0.3), shadow * min(1.0, 4 * closed))
        result = masked(result, moved, smoothstep(-1, 1, edge) * min(1.0, 8 * closed))

    return result


def standee(frame: Photo, t: float, seed: int, *, size: float = 0.6, rim: str = "#ffffff") -> Photo:
    """The picture becomes a little figure: cut out with a white rim, on a round foot, turning to and fro on a table."""
    height, width = frame.shape[:2]
    short = min(height, width)
    made = float(smoothstep(0.05, 0.42, t))
    cut = float(smoothstep(0.02, 0.2, t))
    scale = 1 - (1 - size) * made
    thin = 1 - 0.16 * made * (1 - cos(2 * pi * 1.5 * t)) / 2
    x = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / (scale * thin))[None] / short
    y = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2 + 0.045 * short * made) / scale)[:, None] / short
    # An arch: half an oval above, straight sides below; while it is being made it comes in from beyond the frame.
    out = np.maximum(np.hypot(x / 0.42, np.minimum(y + 0.06, 0) / 0.44), np.abs(y - 0.0) / 0.5) - 3 * (1 - cut)
    edge = 3.0 / short / scale
    inside, card = smoothstep(1 + edge, 1 - edge, out), smoothstep(1.09 + edge, 1.09 - edge, out)

    map_x = np.broadcast_to(x * short + width / 2 - 0.5, (height, width)).astype(np.float32)
    map_y = np.broadcast_to(y * short + height / 2 - 0.5, (height, width)).astype(np.float32)
    picture = cv2.remap(frame, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    table = masked(frame, _table(frame), np.full((height, width), made, np.float32))
    foot = np.hypot(x * thin / 0.46, (y - 0.53) / 0.075)
    shadow = np.exp(-np.clip(foot - 0.9, 0, None) * 3) * 0.6 * made
    table = masked(table, rounded(table * 0.25), shadow)
    table = masked(table, rounded(np.broadcast_to(rgb(rim) * 0.86, frame.shape)), smoothstep(1.04, 0.98, foot) * made)
    table = masked(table, rounded(np.broadcast_to(rgb(rim), frame.shape)), card * made)
    return masked(table, np.asarray(picture), inside)


def _table(frame: Photo) -> Photo:
    """A warm wooden top under an out-of-focus room."""
    height, width = frame.shape[:2]
    grain = noise((height, width), 0.06, 3) * 0.12 + 0.94
    level = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wood = rgb("#a8774a") * (0.55 + 0.5 * level)[..., None] * grain[..., None]
    return masked(backdrop(frame, 0.75), rounded(wood), np.broadcast_to(smoothstep(0.6, 0.7, level), (height, width)))


def _scroll(
    canvas: Photo, top: tuple[float, float], broad: float, long: float, sway: float, paper: str, ink: str, signs: int
) -> None:
    x, y = top
    if long < 2:
        return

    def fill(points: Sequence[tuple[float, float]], colour: NDArray[np.float32]) -> None:
        cv2.fillPoly(canvas, [np.rint(np.array(points) * 16).astype(np.int32)], colour.tolist(), cv2.LINE_AA, 4)

    def box(half: float, start: float, end: float, colour: NDArray[np.float32]) -> None:
        fill([(x - half, start), (x + half, start), (x + half + sway, end), (x - half + sway, end)], colour)

    box(broad / 2, y, y + long, rgb(paper))
    box(broad * 0.43, y + 0.05 * broad, y + long - 0.05 * broad, rgb(ink))
    box(broad * 0.41, y + 0.08 * broad, y + long - 0.08 * broad, rgb(paper))
    whole = canvas.shape[0] - 3 * y / 1.2
    for index in range(signs):
        middle = y + whole * (index + 0.5) / signs
        if middle + 0.34 * broad > y + long - 0.1 * broad:
            break
        lean = x + sway * (middle - y) / long
        for size, colour in ((0.32, ink), (0.25, paper), (0.15, ink)):
            far = size * broad
            fill([(lean, middle - far), (lean + far, middle), (lean, middle + far), (lean - far, middle)], rgb(colour))
    # The rods it hangs on and is weighed down by.
    for level, lean in ((y, 0.0), (y + long, sway)):
        rod = 0.07 * broad
        corners = [(-0.58, -1), (0.58, -1), (0.58, 1), (-0.58, 1)]
        fill([(x + lean + across * broad, level + down * rod) for across, down in corners], rgb("#5a2a12"))


@lru_cache(maxsize=4)
def _wrapping(height: int, width: int, paper: str, ribbon: str, dots: str) -> Photo:
    short = min(height, width)
    sheet = np.broadcast_to(rgb(paper), (height, width, 3)).astype(np.float32).copy()
    step = 0.13 * short
    for row in range(int(height / step) + 2):
        for column in range(int(width / step) + 2):
            place = np.array([(column + 0.5 * (row % 2)) * step, row * step])
            cv2.circle(
                sheet,
                np.rint(place * 16).astype(int).tolist(),
                round(0.018 * short * 16),
                rgb(dots).tolist(),
                -1,
                cv2.LINE_AA,
                4,
            )
    folds = 1 - 0.22 * noise((height, width), 0.3, 5)
    sheet *= folds[..., None]
    broad = 0.065 * short
    middle = height * 0.62
    band = np.abs(np.arange(height, dtype=np.float32) + 0.5 - middle)[:, None]
    post = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2)[None]
    nearest = np.minimum(band, post)
    silk = rgb(ribbon) * (0.78 + 0.3 * np.cos(nearest / broad * 1.4))[..., None]
    return shared(masked(rounded(sheet), rounded(silk), smoothstep(broad + 1, broad - 1, nearest)))
