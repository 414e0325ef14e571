"""Looks that put something on the subject or about it: a crown, a halo, thoughts, bandages, microphones held up."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sin

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import COARSE, dark_sheet, whole
from kling_widgets.emulator.looks.paint import lit, masked, rgb, rounded, smoothstep
from kling_widgets.emulator.looks.sprites import stamp
from kling_widgets.emulator.looks.subject import Subject, middle

USUAL = 0.3
"""Width of a head in a portrait, as a share of the short side: at it, sizes are what they say."""


def crown(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "crown",
    colour: str = "#ffcf4d",
    size: float = 0.3,
    y: float = -0.1,
    kept: float = 0.3,
    shine: float = 0.35,
    land: float = 0.4,
    subject: Subject | None = None,
) -> Photo:
    """Something comes down onto the head and settles with a small bounce.

    y: how far below the hair its middle comes to rest, in heads; kept: how far within the frame, in its own size.
    """
    who = subject or middle(frame.shape)
    height, width = frame.shape[:2]
    head = who.wide * min(height, width)
    big = size / USUAL * head
    landed = float(smoothstep(0.05, land, t))
    hop = abs(sin(3 * pi * max(0.0, t - land) / 0.4)) * max(0.0, 1 - (t - land) / 0.4) if t > land else 0.0
    rest = max(who.top * height + y * head, kept * big)
    down = rest - (1 - landed) * 0.8 * height - 0.08 * big * hop
    canvas = frame.copy()
    if shine:
        stamp(canvas, "soft", colour, who.x * width, down, big * 1.9, strength=shine * landed)
    stamp(canvas, shape, colour, who.x * width, down, big, angle=0.05 * sin(4 * pi * t))
    return canvas


def halo(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffe9a8",
    y: float = 0.04,
    size: float = 0.2,
    subject: Subject | None = None,
) -> Photo:
    """A ring of light about the top of the head, its far side behind the hair. y: how far below it, in heads."""
    who = subject or middle(frame.shape)
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    short = min(height, width)
    long = size / USUAL * who.wide * short
    down = max(0.34 * long, who.top * height + (y + 0.03 * sin(4 * pi * t)) * who.wide * short)
    place, axes = (round(who.x * width * 16), round(down * 16)), (round(long * 16), round(long * 0.28 * 16))
    thick = max(1, round(0.016 * short))
    behind = 1 - cv2.resize(who.matte, (width, height), interpolation=cv2.INTER_AREA)[..., None]
    far, near = np.zeros_like(light), np.zeros_like(light)
    cv2.ellipse(far, place, axes, 0, 180, 360, rgb(colour).tolist(), thick, cv2.LINE_AA, 4)
    cv2.ellipse(near, place, axes, 0, 0, 180, rgb(colour).tolist(), thick, cv2.LINE_AA, 4)
    ring = far * behind + near
    small = cv2.resize(ring, (max(2, width // 4), max(2, height // 4)), interpolation=cv2.INTER_AREA)
    far_bloom = cv2.resize(cv2.GaussianBlur(small, (0, 0), 0.0125 * short), (width, height)) * 1.3
    bloom = cv2.GaussianBlur(ring, (0, 0), max(0.5, 0.01 * short)) * 1.2 + far_bloom
    return lit(frame, whole((ring + bloom) * np.float32(smoothstep(0, 0.3, t)), frame))


def bubbles(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "question",
    colours: Sequence[str] = ("#ffd23f",),
    count: int = 6,
    size: float = 0.17,
    subject: Subject | None = None,
) -> Photo:
    """Signs pop up on both sides of the head one after another, as thoughts do; the face stays free."""
    who = subject or middle(frame.shape)
    canvas = frame.copy()
    height, width = frame.shape[:2]
    short = min(height, width)
    rng = np.random.default_rng(seed)
    for index in range(count):
        side, step = (-1 if index % 2 else 1), (index // 2 + 0.5) / ((count + 1) // 2)
        out, turn, big = rng.uniform((0.1, -0.2, 0.75), (0.28, 0.2, 1.1))
        age = (t - 0.06 - 0.6 * index / count) / 0.12
        if age <= 0:
            continue
        pop = float(smoothstep(0, 1, age)) * (1 + 0.35 * sin(pi * min(1, age)))
        across = who.x * width + side * (0.55 * who.wide + 0.5 * size + out) * short
        stamp(
            canvas,
            shape,
            colours[index % len(colours)],
            float(np.clip(across, 0.45 * size * short, width - 0.45 * size * short)),
            (0.08 + 0.55 * (1 - step)) * height + 0.012 * sin(7 * t + index) * short,
            big * size * pop * short,
            angle=turn + 0.1 * sin(6 * t + index),
        )

    return canvas


def held(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "microphone",
    colours: Sequence[str] = ("#d4232b", "#2b5cff", "#ffd23f"),
    count: int = 4,
    size: float = 0.34,
    y: float = 0.94,
    sway: float = 0.02,
    glide: float = 0.0,
) -> Photo:
    """Things come up over the lower edge side by side and stay there, swaying; with glide they pass by, sideways."""
    canvas = frame.copy()
    height, width = frame.shape[:2]
    short = min(height, width)
    rng = np.random.default_rng(seed)
    for index in range(count):
        late, big, lean, phase = rng.uniform((0, 0.85, -0.15, 0), (0.2, 1.1, 0.15, 1))
        up = float(smoothstep(0.05 + late, 0.35 + late, t))
        across = ((index + 0.5) / count + 0.03 * sin(2 * pi * phase) + glide * (t - 0.5)) * width
        toward = 0.35 * ((index + 0.5) / count - 0.5)
        stamp(
            canvas,
            shape,
            colours[index % len(colours)],
            across,
            y * height + (1 - up) * (size + 0.1) * short + sway * sin(2 * pi * (2.3 * t + phase)) * short,
            big * size * short,
            angle=(-toward if not glide else 0) + lean + 0.04 * sin(2 * pi * (1.7 * t + phase)),
        )

    return canvas


def bandage(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#e6dcc0",
    turns: int = 11,
    subject: Subject | None = None,
) -> Photo:
    """Strips of cloth wind around the subject from below, with a slit left for the eyes."""
    who = subject or middle(frame.shape)
    # Worked out at half size: cloth is soft.
    height, width = (max(2, side // COARSE) for side in frame.shape[:2])
    short = min(height, width)
    head = np.float32(who.wide * short)
    across = ((np.arange(width) + 0.5 - who.x * width) / short).astype(np.float32)
    down = ((np.arange(height)[:, None] + 0.5) / height).astype(np.float32)
    # Two ways of winding, one over the other, bowed as around a body.
    bow = np.float32(0.35) * across**2
    first, second = ((down + np.float32(lean) * across + bow) * np.float32(turns) for lean in (0.22, -0.3))
    over = np.floor(first) % 2 == 0
    winding = np.where(over, first, second)
    number = np.floor(winding)
    # Each strip rounds off to a shadow at its lower edge, and no two are quite as light.
    shade = (0.45 + 0.55 * smoothstep(0, 0.3, 1 - winding + number)) * (0.9 + 0.1 * np.sin(12.9 * number + over))
    grey = cv2.resize(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (width, height), interpolation=cv2.INTER_AREA)
    form = 0.5 + 0.5 / 255 * cv2.GaussianBlur(grey.astype(np.float32), (0, 0), max(0.5, 0.008 * short))
    shade = cv2.GaussianBlur(shade.astype(np.float32), (0, 0), max(0.6, 0.0025 * short))
    cloth = whole((shade * form).astype(np.float32)[..., None] * rgb(colour), frame)

    eyes = np.abs(down * height - np.float32(who.top * height + 0.62 * head)) / (0.09 * head)
    beside = np.clip(np.abs(across) * short / (0.42 * head), 0, 9) ** 4
    slit = smoothstep(0.8, 1.2, np.hypot(eyes, 0.9 * beside))
    wound = smoothstep(-0.02, 0.02, 1.3 * smoothstep(0.05, 0.7, t) - 0.07 - (1 - down) - 0.04 * np.sin(9 * across))
    shown = cv2.resize((0.96 * slit * wound).astype(np.float32), frame.shape[1::-1], interpolation=cv2.INTER_LINEAR)

    return masked(frame, rounded(cloth), who.matte * shown)


def mist(frame: Photo, t: float, seed: int, *, colour: str = "#ff7bb5", share: float = 0.45) -> Photo:
    """A wash of coloured light from the sides that breathes."""
    width = frame.shape[1]
    side = np.abs(np.linspace(-1, 1, width, dtype=np.float32)) ** 1.6
    breath = share * (0.7 + 0.3 * sin(4 * pi * t)) * float(smoothstep(0, 0.2, t))
    return lit(frame, rounded((side * breath)[None, :, None] * rgb(colour)))
