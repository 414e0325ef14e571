"""Looks that put something on the subject, who is taken to stand in the middle: wings, a crown, a halo, thoughts."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import lit, masked, rgb, rounded, smoothstep
from kling_widgets.emulator.looks.sprites import stamp


def wings(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffffff",
    glow: str | None = "#fff4d6",
    size: float = 0.62,
    flaps: int = 3,
    y: float = 0.62,
    kind: str = "feather",
) -> Photo:
    """A pair of wings unfolds from the shoulders and beats; the subject stays in front of them."""
    height, width = frame.shape[:2]
    short = min(height, width)
    spread = float(smoothstep(0.05, 0.4, t))
    lift = 0.18 * sin(2 * pi * flaps * t) * spread
    sheet = np.zeros((height, width, 4), np.float32)
    for side in (-1, 1):
        root = np.array([width / 2 + side * 0.09 * short, y * height])
        if kind == "feather":
            _feathers(sheet, root, side, size * short, spread, lift, rgb(colour))
        else:
            _membrane(sheet, root, side, size * short, spread, lift, rgb(colour))

    # The subject is taken to be the middle of the picture: there the wings pass behind.
    across = np.abs(np.arange(width) + 0.5 - width / 2) / short
    shown = smoothstep(0.1, 0.2, across)
    cover = np.clip(sheet[..., 3], 0, 1) * shown * min(1.0, 3 * spread)
    result = masked(frame, rounded(sheet[..., :3]), cover * 0.92)
    if glow is None:
        return result

    halo = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 0.03 * short)
    return lit(result, (halo * (1 - cover))[..., None] * rgb(glow) * 0.55)


def _feathers(
    sheet: NDArray[np.float32],
    root: NDArray[np.float64],
    side: int,
    size: float,
    spread: float,
    lift: float,
    colour: NDArray[np.float32],
) -> None:
    rows = ((11, 1.0, 0.62), (9, 0.68, 0.78), (7, 0.42, 0.95))
    for count, length, shade in rows:
        for index in range(count):
            share = index / (count - 1)
            lean = (-1.15 + 1.75 * share) * spread + (1 - spread) * 1.1 - lift
            far = size * length * (1 - 0.35 * share) * (0.45 + 0.55 * spread)
            arm = root + np.array([side * cos(lean) * 0.3, sin(lean) * 0.3 - 0.12]) * size * spread * (1 - share) * 0.9
            tip = arm + np.array([side * cos(lean), sin(lean)]) * far
            _blade(sheet, arm, tip, 0.09 * size * (1.1 - 0.3 * length), colour * (shade + 0.06 * (index % 2)))


def _membrane(
    sheet: NDArray[np.float32],
    root: NDArray[np.float64],
    side: int,
    size: float,
    spread: float,
    lift: float,
    colour: NDArray[np.float32],
) -> None:
    tips = []
    for index in range(5):
        lean = (-1.2 + 0.5 * index) * spread + (1 - spread) * 1.1 - lift
        far = size * (1, 0.95, 0.82, 0.66, 0.45)[index] * (0.4 + 0.6 * spread)
        tips.append(root + np.array([side * cos(lean), sin(lean)]) * far)
    outline = [root]
    for first, second in pairwise(tips):
        outline += [first, (first + second) / 2 * 0.8 + root * 0.2]
    outline.append(tips[-1])
    _fill(sheet, np.array(outline), colour * 0.8)
    for tip in tips:
        _blade(sheet, root, tip, 0.025 * size, colour * 1.25)


def _blade(
    sheet: NDArray[np.float32],
    start: NDArray[np.float64],
    tip: NDArray[np.float64],
    width: float,
    colour: NDArray[np.float32],
) -> None:
    """One feather: a slim leaf shape with a darker edge, so that feathers show apart."""
    way = tip - start
    across = np.array([-way[1], way[0]]) / max(1e-6, float(np.hypot(*way))) * width
    curve = [(0, 0.35), (0.35, 0.55), (0.7, 0.5), (0.92, 0.25), (1, 0)]
    outline = [start + way * a + across * b for a, b in curve] + [start + way * a - across * b for a, b in curve[::-1]]
    _fill(sheet, np.array(outline), colour * 0.72)
    inner = [start + way * a * 0.97 + across * b * 0.72 for a, b in curve]
    inner += [start + way * a * 0.97 - across * b * 0.6 for a, b in curve[::-1]]
    _fill(sheet, np.array(inner), colour)


def _fill(sheet: NDArray[np.float32], outline: NDArray[np.float64], colour: NDArray[np.float32]) -> None:
    paint = (*(min(255.0, float(part)) for part in colour), 1.0)
    cv2.fillPoly(sheet, [np.rint(outline * 16).astype(np.int32)], paint, cv2.LINE_8, 4)


def crown(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "crown",
    colour: str = "#ffcf4d",
    size: float = 0.3,
    y: float = 0.12,
) -> Photo:
    """Something comes down onto the head and settles with a small bounce."""
    height, width = frame.shape[:2]
    short = min(height, width)
    landed = float(smoothstep(0.05, 0.4, t))
    hover = (1 - landed) * 0.35 - 0.03 * abs(sin(5 * pi * t)) * (1 - t)
    canvas = frame.copy()
    stamp(canvas, "soft", colour, width / 2, (y - hover) * height, size * 2.1 * short, strength=0.35 * landed)
    stamp(canvas, shape, colour, width / 2, (y - hover) * height, size * short, angle=0.08 * sin(4 * pi * t))
    return canvas


def halo(frame: Photo, t: float, seed: int, *, colour: str = "#ffe9a8", y: float = 0.1, size: float = 0.2) -> Photo:
    """A ring of light above the head."""
    height, width = frame.shape[:2]
    short = min(height, width)
    light = np.zeros((height, width), np.float32)
    middle = (round(width / 2), round((y + 0.012 * sin(4 * pi * t)) * height))
    axes = (round(size * short), round(size * 0.28 * short))
    cv2.ellipse(light, middle, axes, 0, 0, 360, 1.0, max(1, round(0.018 * short)), cv2.LINE_AA)
    shine = (
        light + 1.6 * cv2.GaussianBlur(light, (0, 0), 0.02 * short) + 2 * cv2.GaussianBlur(light, (0, 0), 0.06 * short)
    )
    return lit(frame, (shine * float(smoothstep(0, 0.3, t)))[..., None] * rgb(colour))


def bubbles(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "question",
    colours: tuple[str, ...] = ("#ffd23f",),
    count: int = 6,
    size: float = 0.17,
) -> Photo:
    """Signs pop up around the head one after another, as thoughts do."""
    canvas = frame.copy()
    height, width = frame.shape[:2]
    short = min(height, width)
    rng = np.random.default_rng(seed)
    for index in range(count):
        angle = -pi * (0.08 + 0.84 * (index * 0.618 % 1))
        out, turn = rng.uniform((0.36, -0.3), (0.5, 0.3))
        age = (t - 0.06 - 0.7 * index / count) / 0.12
        if age <= 0:
            continue
        pop = float(smoothstep(0, 1, age)) * (1 + 0.35 * sin(pi * min(1, age)))
        stamp(
            canvas,
            shape,
            colours[index % len(colours)],
            width / 2 + cos(angle) * out * short,
            height * 0.52 + sin(angle) * out * short + 0.01 * sin(9 * t + index) * short,
            size * pop * short,
            angle=turn + 0.15 * sin(8 * t + index),
        )

    return canvas


def mist(frame: Photo, t: float, seed: int, *, colour: str = "#ff7bb5", share: float = 0.45) -> Photo:
    """A wash of coloured light from the sides that breathes."""
    width = frame.shape[1]
    side = np.abs(np.linspace(-1, 1, width, dtype=np.float32)) ** 1.6
    breath = share * (0.7 + 0.3 * sin(4 * pi * t)) * float(smoothstep(0, 0.2, t))
    return lit(frame, np.broadcast_to((side * breath)[None, :, None] * rgb(colour), frame.shape))
