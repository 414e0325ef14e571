"""Looks of the camera and the film stock: grain, scratches, flashes, zooms."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sin

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.bend import bent
from kling_widgets.emulator.looks.paint import clouds, lit, masked, mixed, rgb, rounded, smoothstep

FLASH = 0.8
"""How much of the picture a flash hides at most: in pure white one would see nothing."""


def grain(
    frame: Photo, t: float, seed: int, *, strength: float = 14, scratches: int = 4, flicker: float = 0.06
) -> Photo:
    """Old film: grain, flicker, hairs and scratches, a frame that is never quite still."""
    moment, worn = int(t * 60), float(smoothstep(0, 0.1, t))
    rng = np.random.default_rng((seed, moment))
    height, width = frame.shape[:2]
    jumped = bent(
        frame, lambda x, y: (x * (1 - 0.015 * worn), y * (1 - 0.015 * worn) + 0.004 * worn * sin(37.0 * moment))
    )
    specks = cv2.resize(
        rng.normal(0, strength * worn, (height // 2 + 1, width // 2 + 1)).astype(np.float32), (width, height)
    )
    light = 1 + flicker * worn * sin(12.9 * moment)
    result = rounded(jumped * light + specks[..., None])
    for _ in range(rng.integers(0, round(scratches * worn) + 1)):
        x = int(rng.integers(0, width))
        cv2.line(
            result,
            (x, 0),
            (x + int(rng.integers(-3, 4)), height),
            (225, 220, 205),
            max(1, min(height, width) // 500),
            cv2.LINE_AA,
        )

    return result


def glimpse(frame: Photo, t: float, seed: int, *, shots: int = 4, colour: str = "#ffffff") -> Photo:
    """A photo shoot: flashes, and after each the framing is another."""
    shot = min(int(t * shots), shots - 1)
    age = t * shots - shot
    rng = np.random.default_rng((seed, shot))
    nearer, x, y, turn = rng.uniform((1.05, -0.12, -0.12, -0.05), (1.5, 0.12, 0.12, 0.05))
    if shot == 0:
        nearer, x, y, turn = 1.0, 0.0, 0.0, 0.0
    nearer += 0.06 * age
    framed = bent(
        frame,
        lambda across, down: (
            across / nearer + x * (1 - 1 / nearer) * 2 + turn * down,
            down / nearer + y * (1 - 1 / nearer) * 2 - turn * across,
        ),
    )
    flash = FLASH * float(np.exp(-age * 7)) * (shot > 0)
    return lit(framed, np.broadcast_to(rgb(colour) * flash, frame.shape))


def zoom(frame: Photo, t: float, seed: int, *, size: float = 0.35, beats: int = 0, out: bool = False) -> Photo:
    """In (or out), steadily or with a kick on each beat."""
    way = float(smoothstep(0, 1, 1 - t if out else t))
    # No kick in the first frame, which is the photo, nor in the last, which nothing follows.
    kick = 0.07 * float(np.exp(-6 * ((t * beats) % 1))) if 1 <= t * beats < beats else 0.0
    nearer = (1 + size * way) * (1 + kick)
    return bent(frame, lambda x, y: (x / nearer, y / nearer))


def colour_cycle(frame: Photo, t: float, seed: int, *, turns: float = 1.0, share: float = 0.7) -> Photo:
    """All hues turn round the wheel and come back."""
    hsv = cv2.cvtColor(frame, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + round(180 * turns * t)) % 180
    hsv[..., 1] = np.clip(hsv[..., 1].astype(int) * 1.4 + 20, 0, 255)
    return mixed(frame, np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)), share * sin(pi * t) ** 0.5)


def glitch(frame: Photo, t: float, seed: int, *, strength: float = 0.09, bursts: int = 6) -> Photo:
    """A bad signal: bands jump sideways and the colours part, in bursts."""
    moment = int(t * 48)
    force = max(0.0, sin(2 * pi * bursts * t)) ** 2 * strength
    rng = np.random.default_rng((seed, moment))
    width = frame.shape[1]
    result = frame.copy()
    edges = np.sort(rng.integers(0, frame.shape[0], 14))
    for top, bottom in pairwise(edges):
        result[top:bottom] = np.roll(result[top:bottom], int(rng.normal(0, force) * width), axis=1)
    apart = int(force * 0.5 * width)
    result[..., 0] = np.roll(result[..., 0], apart, axis=1)
    result[..., 2] = np.roll(result[..., 2], -apart, axis=1)
    return result


def blink(frame: Photo, t: float, seed: int, *, colour: str = "#ffffff", at: float = 0.5, width: float = 0.12) -> Photo:
    """One great flash, in which a transformation hides."""
    light = FLASH * float(np.exp(-((t - at) ** 2) / (2 * (width / 2) ** 2)))
    return lit(frame, np.broadcast_to(rgb(colour) * light, frame.shape))


def doubled(frame: Photo, t: float, seed: int, *, apart: float = 0.07, swings: float = 3.0) -> Photo:
    """Seeing double: two pictures drift apart and together again, each swaying on its own."""
    there = sin(pi * t) ** 0.5
    far = apart * there * (0.6 + 0.4 * sin(2 * pi * swings * t))
    lean = 0.05 * sin(2 * pi * swings / 2 * t) * sin(pi * t)
    one, other = (
        bent(
            frame,
            lambda x, y, side=side: (  # type: ignore[misc]
                (x * (1 - apart * there) + side * far + lean * y),
                y * (1 - apart * there) + 0.3 * side * far,
            ),
        )
        for side in (-1, 1)
    )
    return mixed(one, other, 0.5)


def cinema(frame: Photo, t: float, seed: int, *, bars: float = 0.11) -> Photo:
    """Black bars close in and the colours turn teal and orange."""
    grey = frame.astype(np.float32).mean(axis=2, keepdims=True)
    teal, orange = np.array([-14, 4, 16]), np.array([18, 4, -16])
    tone = grey / 255
    graded = rounded(frame + (teal * (1 - tone) + orange * tone) * float(smoothstep(0, 0.3, t)))
    closed = round(bars * float(smoothstep(0.02, 0.25, t)) * frame.shape[0])
    if closed:
        graded[:closed], graded[-closed:] = 8, 8
    return graded


def reveal(
    before: Photo, after: Photo, t: float, seed: int, *, way: str = "fade", start: float = 0.12, end: float = 0.5
) -> Photo:
    """From one picture to another: by a fade, a wipe, an iris, a burst of dots or spreading like ink."""
    done = float(smoothstep(start, end, t))
    if done <= 0 or done >= 1:
        return (after if done >= 1 else before).copy()

    height, width = before.shape[:2]
    across = np.linspace(0, 1, width, dtype=np.float32)[None]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    radius = np.hypot((across - 0.5) * width, (down - 0.5) * height) / (np.hypot(width, height) / 2)
    match way:
        case "fade":
            return mixed(before, after, done)
        case "wipe":
            order = np.broadcast_to(0.85 * across + 0.15 * down, (height, width))
        case "rise":
            order = np.broadcast_to(1 - down, (height, width))
        case "iris":
            order = radius
        case "ink":
            order = np.clip(0.6 * clouds((height, width), 0.4, seed) * 1.2 + 0.4 * radius, 0, 1)
        case unknown:
            raise ValueError(f"There is no way {unknown!r} to reveal a picture.")

    return masked(before, after, smoothstep(0, 0.12, done * 1.12 - order))
