"""Conifers and grass: drawn as shapes once, set in rows."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kling_widgets.emulator.scenery.canvas import Canvas, Line, Sheet, cloudy, over, short, wander
from kling_widgets.emulator.scenery.palette import Palette

TALL = 384
"""Pixels of a drawn tree's height."""

KINDS = 7


def conifers(
    canvas: Canvas,
    colours: Palette,
    ground: Line,
    seed: int,
    *,
    size: float,
    distance: float,
    dense: float = 1.0,
    snow: bool = False,
) -> None:
    """A row of conifers along the ground, and the ground below them. `size`: their height in short sides."""
    tall = size * short(canvas)
    top, cover, colour = wood(canvas.shape, colours, ground, seed, size=tall, distance=distance, dense=dense, snow=snow)
    over(canvas[top:], colour, cover)


def wood(
    shape: tuple[int, ...],
    colours: Palette,
    ground: Line,
    seed: int,
    *,
    size: float,
    distance: float,
    dense: float,
    snow: bool,
) -> tuple[int, Sheet, Canvas]:
    """The same, not laid on yet: the row of pixels where it begins, its cover 0..1 and its colours from there on.

    `size` in pixels. Mist gathers at the foot of what is far.
    """
    top = min(shape[0] - 1, max(0, int(ground.min() - 1.45 * size)))
    ground = ground - top
    shape = shape[0] - top, shape[1]
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    trees = row(shape, ground, seed, size=size, dense=dense)
    soil = np.clip(rows - ground + 0.5, 0, 1)
    low = np.clip((rows - ground) / size + 0.75, 0, 1)
    tree = colours.land("#33483f" if snow else "#2f4a3a", distance)
    mist = 0.7 * colours.mist * min(1.0, 0.15 + 1.2 * distance) * low**1.5
    mist += 0.16 * (cloudy(shape, 0.3, seed + 4) - 0.5) * soil
    colour = (colours.haze - tree) * mist[..., None] + tree
    if snow:
        # Around the trunks lies shade, and on the boughs snow.
        seen = trees * (1 - soil)
        shade = cv2.blur(seen, (2 * round(0.14 * size) + 1, 2 * round(0.06 * size) + 1)) * soil
        caps = seen * (1 - np.roll(seen, max(1, round(0.016 * size)), axis=0)) + 0.14 * seen
        white = np.maximum(caps, 1 - seen - 0.5 * shade)
        colour += (colours.snow(distance) - colour) * white[..., None]
    return top, np.maximum(trees, soil), np.asarray(colour, np.float32)


def row(shape: tuple[int, ...], ground: Line, seed: int, *, size: float, dense: float) -> Sheet:
    """The shape of a wood's edge, 0..1: trees of about `size` pixels along the ground, in groups."""
    width = shape[1]
    rng = np.random.default_rng(seed)
    cover = np.zeros(shape[:2], np.float32)
    count = round(1.5 * dense * width / (0.24 * size)) + 2
    groups = wander(width, 1.6 * size + 0.25 * width, seed + 1, octaves=3)
    for x in np.sort(rng.uniform(-0.3 * size, width + 0.3 * size, count)):
        column = int(np.clip(x, 0, width - 1))
        tall = size * rng.uniform(0.5, 1.15) * (1 + 0.22 * float(groups[column]))
        if groups[column] < rng.uniform(-1.3, 0.5):
            continue

        _plant(cover, tree(int(rng.integers(KINDS))), x, float(ground[column]) + 0.08 * tall, tall)
    return cover


@lru_cache(maxsize=KINDS)
def tree(kind: int) -> NDArray[np.float32]:
    """One conifer, 0..1, shape (TALL, TALL / 2): boughs in whorls, longer and more drooping the lower."""
    rng = np.random.default_rng(900 + kind)
    wide = TALL // 2
    image = Image.new("L", (2 * wide, 2 * TALL), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((wide - 7, 12, wide + 7, 2 * TALL), fill=255)
    whorls = int(rng.integers(15, 21))
    spread = rng.uniform(0.62, 0.9)
    for number in range(whorls):
        down = 6 + (2 * TALL - 70) * (number / whorls) ** 1.08
        for side in (-1, 1):
            reach = spread * wide * (0.06 + 0.94 * (number + 1) / whorls) * rng.uniform(0.68, 1.08)
            droop = reach * rng.uniform(0.28, 0.5)
            thick = 2 * TALL / whorls * rng.uniform(1.0, 1.4)
            tip = wide + side * reach, down + droop + 0.35 * thick
            teeth = [
                (wide + side * reach * share, down + droop * share + thick * (1.15 if step % 2 else 0.68))
                for step, share in enumerate(np.linspace(0.86, 0.0, 7))
            ]
            draw.polygon([(wide, down - 6), tip, *teeth], fill=255)
    small = cv2.resize(np.asarray(image, np.float32) / 255, (wide, TALL), interpolation=cv2.INTER_AREA)
    small.flags.writeable = False
    return np.asarray(small)


def grass(shape: tuple[int, ...], ground: Line, seed: int, *, size: float) -> Sheet:
    """Blades along the ground in tufts, 0..1, and all below it filled; `size` is their length in pixels."""
    height, width = shape[:2]
    rng = np.random.default_rng(seed)
    cover = (np.clip(np.arange(height, dtype=np.float32)[:, None] - ground + 0.5, 0, 1) * 255).astype(np.uint8)
    tufts = wander(width, 4.5 * size, seed + 1, octaves=3)
    for _ in range(round(60 * width / size)):
        x, lean = rng.uniform(0, width), rng.normal(0.12, 0.3)
        full = 0.5 + 0.5 * float(tufts[int(x)])
        if full < rng.uniform(0, 0.9):
            continue

        foot = float(ground[int(x)]) + 0.1 * size
        tall, thick = size * rng.uniform(0.25, 1.1) * (0.35 + 0.65 * full), size * rng.uniform(0.008, 0.017)
        bend = np.linspace(0, 1, 5)
        across, down = x + lean * tall * bend**2, foot - tall * bend * (1 - 0.25 * abs(lean) * bend)
        side = thick * (1 - bend)
        blade = np.concatenate([np.stack([across - side, down], 1), np.stack([across + side, down], 1)[::-1]])
        cv2.fillPoly(cover, [np.rint(blade * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return np.asarray(cover / 255, np.float32)


def _plant(cover: Sheet, shape: NDArray[np.float32], x: float, foot: float, tall: float) -> None:
    size = max(2, round(tall / 2)), max(3, round(tall))
    small = cv2.resize(shape, size, interpolation=cv2.INTER_AREA if tall < TALL else cv2.INTER_LINEAR)
    left, top = round(x) - size[0] // 2, round(foot) - size[1]
    crop = small[max(0, -top) : max(0, len(cover) - top), max(0, -left) : max(0, cover.shape[1] - left)]
    part = cover[max(0, top) : max(0, top + size[1]), max(0, left) : max(0, left + size[0])]
    np.maximum(part, crop, out=part)


def flowers(canvas: Canvas, colours: Palette, ground: Line, seed: int) -> None:
    """Blossoms below the ground line in drifts of colour, larger towards the viewer."""
    height, width = canvas.shape[:2]
    rng = np.random.default_rng(seed + 15)
    kinds = rng.choice(["#ffd84d", "#f4736f", "#ffffff", "#b56bff", "#ff5470", "#ff9fd0"], 3, replace=False)
    drift = cloudy(canvas.shape, 0.3, seed + 16)
    top = float(ground.min())
    places = np.sort(top + rng.random(5200) ** 0.8 * (height - 1 - top))
    for y in places:
        x = rng.uniform(0, width - 1)
        here = float(drift[int(y), int(x)])
        if y < ground[int(x)] + 2 or here < rng.uniform(0.25, 0.6):
            continue

        near = (y - top) / (height - top)
        radius = short(canvas) * (0.0012 + 0.0085 * near**1.6) * rng.uniform(0.6, 1.15)
        kind = kinds[int(here * 9 + rng.uniform(-0.8, 0.8)) % 3]
        tone = colours.land(str(kind), 0.5 * (1 - near)) * rng.uniform(0.85, 1.1)
        middle, axes = (round(x * 16), round(y * 16)), (round(radius * 16), round(radius * 10))
        cv2.ellipse(canvas, middle, axes, 0, 0, 360, (0.7 * tone).tolist(), -1, cv2.LINE_8, 4)
        middle, axes = (middle[0], middle[1] - round(3 * radius)), (round(radius * 14), round(radius * 8))
        cv2.ellipse(canvas, middle, axes, 0, 0, 360, tone.tolist(), -1, cv2.LINE_8, 4)
