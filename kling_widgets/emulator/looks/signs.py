"""Looks that write and draw flat over the picture, as a comic or a camera's screen does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import masked, rgb, rounded, smoothstep

Cover = NDArray[np.float32]
"""Coverage 0..1, shape (height, width)."""


def lettered(
    frame: Photo,
    t: float,
    seed: int,
    *,
    words: Sequence[str] = ("3", "2", "1"),
    colour: str = "#ffffff",
    size: float = 0.3,
    y: float = 0.8,
    start: float = 0.05,
    end: float = 0.95,
) -> Photo:
    """Words or numbers, one after another: each springs up low in the picture, stays, and gives way to the next."""
    turn = (t - start) / (end - start) * len(words)
    if not 0 <= turn < len(words):
        return frame.copy()

    age = turn % 1
    spring = float(smoothstep(0, 0.16, age)) * (1 + 0.25 * sin(pi * min(1, age / 0.24)))
    strength = float(smoothstep(0, 0.1, age) * (1 - smoothstep(0.86, 1, age)))
    word = words[int(turn)]
    height, width = frame.shape[:2]
    fill, rim = _placed(word, frame.shape[:2], size * spring * min(height, width), (width / 2, y * height))
    dark = masked(frame, rounded(frame * 0.15), rim * 0.75 * strength)
    return masked(dark, _flat(frame, colour), fill * strength)


def viewfinder(frame: Photo, t: float, seed: int, *, colour: str = "#ffffff", margin: float = 0.07) -> Photo:
    """A camera's screen: corners of the frame, a red light that says it records, and a cross that finds its focus."""
    height, width = frame.shape[:2]
    short = min(height, width)
    shown = float(smoothstep(0, 0.12, t))
    cover = np.zeros((height, width), np.uint8)
    gap, arm, thick = margin * short, 0.11 * short, max(1, round(0.009 * short))
    for x, to_x in ((gap, 1), (width - gap, -1)):
        for y, to_y in ((gap, 1), (height - gap, -1)):
            corner = np.array([(x + to_x * arm, y), (x, y), (x, y + to_y * arm)])
            cv2.polylines(cover, [np.rint(corner * 16).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
    result = masked(frame, _flat(frame, colour), cover * np.float32(0.9 * shown / 255))

    lamp = np.zeros((height, width), np.uint8)
    place = round((gap + 0.075 * short) * 16), round((gap + 0.075 * short) * 16)
    cv2.circle(lamp, place, round(0.022 * short * 16), 255, -1, cv2.LINE_AA, 4)
    pulse = 0.55 + 0.45 * sin(2 * pi * 4 * t + 1)
    result = masked(result, _flat(frame, "#ff2d2d"), lamp * np.float32(pulse * shown / 255))
    fill, _ = _placed("REC", (height, width), 0.06 * short, (gap + 0.175 * short, gap + 0.078 * short))
    return masked(result, _flat(frame, colour), fill * 0.9 * shown)


def speed_lines(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffffff",
    count: int = 54,
    reach: float = 0.72,
    x: float = 0.5,
    y: float = 0.45,
    strength: float = 0.85,
) -> Photo:
    """Lines of speed, as in a comic: wedges from the rim that dart towards the middle and back, which stays free."""
    height, width = frame.shape[:2]
    half = float(np.hypot(height, width)) / 2
    middle = np.array([x * width, y * height])
    grown = float(smoothstep(0, 0.12, t))
    cover = np.zeros((height, width), np.uint8)
    rng = np.random.default_rng(seed)
    for index in range(count):
        jitter, phase, far, wide = rng.uniform((-0.4, 0, 0.7, 0.25), (0.4, 1, 1, 1))
        angle = 2 * pi * (index + jitter) / count
        tip = (1 - reach * far * grown * (0.62 + 0.38 * sin(2 * pi * (7 * t + phase)))) * half + 0.1 * half
        spread = 0.4 * wide * 2 * pi / count
        wedge = [
            middle + tip * _way(angle),
            middle + 1.6 * half * _way(angle - spread),
            middle + 1.6 * half * _way(angle + spread),
        ]
        cv2.fillPoly(cover, [np.rint(np.array(wedge) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)

    return masked(frame, _flat(frame, colour), cover * np.float32(strength * grown / 255))


def _way(angle: float) -> NDArray[np.float64]:
    return np.array([np.cos(angle), np.sin(angle)])


def _flat(frame: Photo, colour: str) -> Photo:
    return rounded(np.broadcast_to(rgb(colour), frame.shape))


@lru_cache(maxsize=32)
def _word(word: str) -> tuple[Cover, Cover]:
    """The word in large type and its thick outline, on one canvas. Callers must not write on them."""
    font = ImageFont.load_default(160)
    wide = round(font.getlength(word)) + 80
    sheets = []
    for outline in (0, 14):
        sheet = Image.new("L", (wide, 240), 0)
        ImageDraw.Draw(sheet).text((wide / 2, 120), word, 255, font, anchor="mm", stroke_width=4 + outline)
        sheets.append(np.asarray(sheet).astype(np.float32) / np.float32(255))
    return sheets[0], np.asarray(cv2.GaussianBlur(sheets[1], (0, 0), 6), np.float32)


def _placed(word: str, shape: tuple[int, int], size: float, middle: tuple[float, float]) -> tuple[Cover, Cover]:
    """The word and its outline, capitals about `size` pixels high, in the middle of a place."""
    fill, rim = _word(word)
    # Never wider than the frame.
    scale = min(max(size, 1.0) / 120, 0.9 * shape[1] / fill.shape[1])
    made = []
    for sheet in (fill, rim):
        # Shrunk by halves first: warping takes but four pixels, and would drop thin strokes.
        while sheet.shape[0] * 0.5 >= scale * fill.shape[0] and sheet.shape[0] > 8:
            sheet = np.asarray(cv2.resize(sheet, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
        x, y = scale * fill.shape[1] / sheet.shape[1], scale * fill.shape[0] / sheet.shape[0]
        move = np.array([[x, 0, middle[0] - x * sheet.shape[1] / 2], [0, y, middle[1] - y * sheet.shape[0] / 2]])
        made.append(np.asarray(cv2.warpAffine(sheet, move, shape[::-1]), np.float32))

    return made[0], made[1]
