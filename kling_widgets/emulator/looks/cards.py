"""Looks that cut the picture up and lay it out anew: prints, slices, copies, a globe."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.bend import Grid, Rule, bent, turned
from kling_widgets.emulator.looks.paint import (
    backdrop,
    blurred,
    clouds,
    graded,
    lit,
    masked,
    mixed,
    noise,
    rgb,
    rounded,
    smoothstep,
)


def printed(
    frame: Photo,
    t: float,
    seed: int,
    *,
    paper: str = "#f8f5ee",
    size: float = 0.74,
    sway: float = 0.05,
    foot: float = 0.12,
) -> Photo:
    """An instant print that settles on a table, with the picture moving a little inside it."""
    arrived = float(smoothstep(0, 0.35, t))
    scale = 1 - (1 - size) * arrived
    angle = (0.05 * arrived - 0.35 * (1 - arrived) * t) + sway * sin(2 * pi * t) * arrived
    height, width = frame.shape[:2]
    border = 0.035 * min(height, width)
    low = foot * min(height, width)
    corners = _corners(width, height, scale, angle)
    rim = _corners(width, height, scale, angle, border, low)
    table = backdrop(frame, 0.5)
    return _laid(_sheet(table, rim, rgb(paper), shadow=0.6 * arrived), frame, corners)


def gallery(frame: Photo, t: float, seed: int, *, count: int = 7, turns: float = 0.7, size: float = 0.52) -> Photo:
    """The picture many times over, hung in a ring that turns around the viewer."""
    height, width = frame.shape[:2]
    canvas = backdrop(frame, 0.35)
    # At first the viewer stands so close to one of them that there is nothing else.
    nearer = size ** (float(smoothstep(0, 0.2, t)) - 1)
    gone = float(smoothstep(-0.2, 1.2, t) - smoothstep(-0.2, 1.2, 0))
    hung = []
    for index in range(count):
        angle = 2 * pi * (index / count + turns * gone)
        hung.append((cos(angle), sin(angle)))
    for near, side in sorted(hung):
        if near < -0.55:
            continue
        scale = nearer * size * (0.45 + 0.55 * (near + 1) / 2)
        middle = np.array([width / 2 + nearer * side * 0.62 * width, height / 2])
        half = np.array([scale * width / 2 * max(0.25, abs(near) ** 0.7), scale * height / 2])
        lean = 1 - 0.16 * side, 1 + 0.16 * side
        corners = middle + half * [(-1, -lean[0]), (1, -lean[1]), (1, lean[1]), (-1, lean[0])]
        canvas = _sheet(canvas, middle + (corners - middle) * 1.07, rgb("#e8e2d6"), shadow=0.5)
        canvas = _laid(
            canvas, graded(frame, contrast=0.75 + 0.25 * max(0, near), light=-32 * (1 - max(0, near))), corners
        )

    return canvas


def sliced(frame: Photo, t: float, seed: int, *, cuts: int = 3, gap: float = 0.12, angle: float = 0.25) -> Photo:
    """Cut through like jelly: the slices slide apart one after the other, quivering."""
    height, width = frame.shape[:2]
    canvas = backdrop(frame, 0.45)
    rows, columns = np.indices((height, width), dtype=np.float32)
    along = ((rows - height / 2) * cos(angle) + (columns - width / 2) * sin(angle)) / min(height, width)
    edges = [-9.0, *(np.arange(1, cuts + 1) / (cuts + 1) - 0.5), 9.0]
    for index in range(cuts + 1):
        open_ = float(smoothstep(0.12 + 0.5 * index / (cuts + 1), 0.4 + 0.5 * index / (cuts + 1), t))
        side = (-1) ** index * gap * open_ * (1 + 0.1 * sin(40 * t) * (1 - t))
        down = gap * 0.55 * (index - cuts / 2) * float(smoothstep(0.1, 0.6, t))
        move = np.array([[1, 0, side * min(height, width)], [0, 1, down * min(height, width)]])
        inside = ((along >= edges[index]) & (along < edges[index + 1])).astype(np.float32)
        piece = cv2.warpAffine(frame, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
        canvas = masked(canvas, piece, cv2.warpAffine(inside, move, (width, height)))

    return canvas


def crowd(frame: Photo, t: float, seed: int, *, beats: int = 8) -> Photo:
    """On each beat the picture doubles: one, two by two, three by three, and back."""
    beat = t * beats
    # The film ends before the beat that would come with its last frame, and begins without one.
    across = (1, 2, 3, 2)[min(int(beat), beats - 1) % 4]
    kick = 1 - 0.08 * (1 - float(smoothstep(0, 0.4, beat % 1))) * (1 <= beat < beats)
    height, width = frame.shape[:2]
    tile = cv2.resize(frame, (max(1, width // across), max(1, height // across)), interpolation=cv2.INTER_AREA)
    tiles = [
        np.concatenate([tile[:, ::-1] if (row + column) % 2 else tile for column in range(across)], axis=1)
        for row in range(across)
    ]
    whole = np.asarray(cv2.resize(np.concatenate(tiles), (width, height), interpolation=cv2.INTER_LINEAR))
    return bent(whole, lambda x, y: (x * kick, y * kick))


def globe(frame: Photo, t: float, seed: int, *, size: float = 0.44, colour: str = "#cfe6ff") -> Photo:
    """The picture inside a glass ball, on a dim ground."""
    closed = float(smoothstep(0.02, 0.4, t))
    radius = size + (1.4 - size) * (1 - closed)
    height, width = frame.shape[:2]

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        out = np.hypot(x, y) / radius
        bulge = 1 - 0.25 * closed * (1 - np.clip(out, 0, 1) ** 2)
        bulge *= 1 + (0.5 / size - 1) * closed
        return turned(x * bulge, y * bulge, 0.12 * sin(2 * pi * t) * closed)

    inside = bent(frame, rule)
    dim, shine, cover = _glass(height, width, radius)
    inside = masked(np.zeros_like(inside), inside, 1 - 0.35 * closed * dim)
    glass = lit(inside, shine[..., None] * (closed * rgb(colour) / 255))
    return masked(backdrop(frame, 0.3), glass, cover)


@lru_cache(maxsize=2)
def _glass(height: int, width: int, radius: float) -> tuple[NDArray[np.float32], ...]:
    """A glass ball: how much it dims what is behind it, its light of 0..255, and where it is; each (height, width)."""
    # Worked out at half size: all of it is smooth.
    short = min(height, width)
    x = (2 * np.arange(-(-width // 2), dtype=np.float32) + 1 - width / 2) / short
    y = ((2 * np.arange(-(-height // 2), dtype=np.float32) + 1 - height / 2) / short)[:, None]
    out = np.hypot(x, y) / radius
    shine = np.exp(-((x + 0.45 * radius) ** 2 + (y + 0.5 * radius) ** 2) / (0.02 * radius)) * 150
    rim = np.exp(-((out - 0.97) ** 2) / 0.002) * 120
    planes = np.clip(out, 0, 1) ** 4, shine + rim, smoothstep(1.01, 0.99, out)
    return tuple(np.asarray(cv2.resize(plane, (width, height))) for plane in planes)


def vanish(
    frame: Photo, t: float, seed: int, *, colour: str = "#ffd9a0", back: bool = False, wind: float = 0.35
) -> Photo:
    """Falling to glowing dust from one side, until a blurred place is left; or gone soon, and coming together again."""
    gone = float(min(smoothstep(0, 0.25, t), smoothstep(0.15, 0.85, 1 - t)) if back else smoothstep(0.15, 0.85, t))
    width = frame.shape[1]
    grain = 0.55 * clouds(frame.shape, 0.18, seed) + 0.45 * noise(frame.shape, 0.012, seed + 9)
    side = np.linspace(0, 1, width, dtype=np.float32)
    line = gone * 1.9 - 0.45
    left = smoothstep(line - 0.06, line + 0.06, 0.5 * side + 0.9 * (grain - 0.05))
    away = wind * gone * 0.3

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        # Only what is turning to dust is blown away: what stands yet keeps its shape.
        blown = away * smoothstep(2 * line - 0.5, 2 * line - 0.9, x * min(frame.shape[:2]) / width + 0.5)
        return x - blown * np.abs(np.sin(23 * y + 5)), y + 0.6 * blown * np.abs(np.sin(17 * x))

    drifted = bent(frame, rule)
    empty = backdrop(frame, 0.85)
    ember = np.exp(-((left - 0.45) ** 2) / 0.02) * min(1.0, 4 * gone) * (gone < 0.999)
    return lit(masked(empty, drifted, left), ember[..., None] * rgb(colour) * 0.8)


def miniature(frame: Photo, t: float, seed: int, *, size: float = 0.42) -> Photo:
    """A toy of itself: sharp in one band only, strong colour, seen from a slowly rising crane."""
    made = float(smoothstep(0.05, 0.5, t))
    zoomed = bent(frame, lambda x, y: (x * (1 - 0.1 * t), (y + 0.03 * sin(pi * t)) * (1 - 0.1 * t)))
    soft = blurred(zoomed, 0.018)
    rows = np.linspace(-0.5, 0.5, frame.shape[0], dtype=np.float32)[:, None]
    share = smoothstep(size * 0.35, size, np.abs(rows - 0.02)) * made
    toy = masked(zoomed, soft, np.broadcast_to(share, frame.shape[:2]))
    return mixed(zoomed, graded(toy, saturation=1.45, contrast=1.15), made)


def kaleidoscope(frame: Photo, t: float, seed: int, *, sides: int = 6, share: float = 1.0) -> Photo:
    """Mirrored round the middle and turning; the picture opens into it and closes again."""
    opened = share * sin(pi * t) ** 0.7

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        radius, angle = np.hypot(x, y), np.arctan2(y, x) + pi / 2
        wedge = 2 * pi / sides
        folded = np.abs((angle + 0.8 * t + wedge / 2) % wedge - wedge / 2) - pi / 2
        to_x, to_y = radius * np.cos(folded), radius * np.sin(folded)
        return x + (to_x - x) * opened, y + (to_y - y) * opened

    return bent(frame, rule)


def swirled(
    frame: Photo, t: float, seed: int, *, colours: tuple[str, ...] = ("#ff3366", "#ffcc00", "#33ccff")
) -> Photo:
    """Paints poured over the picture and stirred into it."""
    flow = np.stack([clouds(frame.shape, 0.5, seed + 7 * number) for number in range(len(colours))], axis=-1)
    moved = [bent(rounded(part * 255), _stirred(t, number)) for number, part in enumerate(np.moveaxis(flow, -1, 0))]
    result = frame
    for number, (colour, part) in enumerate(zip(colours, moved, strict=True)):
        share = smoothstep(0.52, 0.6, part / 255) * 0.85 * smoothstep(0.08 * number, 0.3 + 0.08 * number, t)
        paint = rounded(rgb(colour) * (0.55 + 0.6 * result.mean(axis=2, keepdims=True) / 255))
        result = masked(result, paint, share * (1 - 0.6 * smoothstep(0.75, 1, t)))

    return result


def _stirred(t: float, number: int) -> Rule:
    return lambda x, y: turned(x + 0.2 * t, y, (1.5 + number) * t * np.exp(-(x**2 + y**2) / 0.2))


def _corners(
    width: int, height: int, scale: float, angle: float, border: float = 0.0, foot: float = 0.0
) -> NDArray[np.float64]:
    """The four corners of a turned card about the middle, clockwise from the top left, in pixels."""
    x, y = width * scale / 2 + border, height * scale / 2 + border
    flat = np.array([(-x, -y), (x, -y), (x, y + foot), (-x, y + foot)])
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    return cast(NDArray[np.float64], flat @ turn.T + (width / 2, height / 2 - foot / 2))


def _laid(canvas: Photo, picture: Photo, corners: NDArray[Any]) -> Photo:
    """The picture drawn into four corners of the canvas."""
    place, inner = _around(canvas, corners, 2)
    height, width = picture.shape[:2]
    under = canvas[place]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    move = cv2.getPerspectiveTransform(flat, inner.astype(np.float32))
    laid = cv2.warpPerspective(picture, move, (under.shape[1], under.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    result = canvas.copy()
    result[place] = masked(under, laid, _polygon(under, inner))
    return result


def _sheet(canvas: Photo, corners: NDArray[Any], colour: NDArray[np.float32], shadow: float) -> Photo:
    """A card of one colour with a soft shadow."""
    offset = 0.02 * min(canvas.shape[:2])
    place, inner = _around(canvas, corners, 5 * offset)
    under = canvas[place]
    dark = np.asarray(cv2.GaussianBlur(_polygon(under, inner + offset), (0, 0), max(0.6, offset)))
    shaded = masked(under, np.zeros_like(under), shadow * dark)
    result = canvas.copy()
    result[place] = masked(shaded, rounded(np.broadcast_to(colour, under.shape)), _polygon(under, inner))
    return result


def _around(canvas: Photo, corners: NDArray[Any], margin: float) -> tuple[tuple[slice, slice], NDArray[Any]]:
    """The part of the canvas about the corners, and the corners as seen from there. At least one pixel of it."""
    low, high = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    left, top = (int(np.clip(edge, 0, side - 1)) for edge, side in zip(low, canvas.shape[1::-1], strict=True))
    right, bottom = (int(np.clip(edge, 1, side)) for edge, side in zip(high, canvas.shape[1::-1], strict=True))
    place = slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))
    return place, corners - (left, top)


def _polygon(canvas: Photo, corners: NDArray[Any]) -> NDArray[np.float32]:
    """Coverage 0..1 of a polygon, its edge smooth."""
    mask = np.zeros(canvas.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / np.float32(255)
