"""Looks of sky and weather: fireworks, lightning, nightfall, smoke."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import COARSE, dark_sheet, drift, shining
from kling_widgets.emulator.looks.paint import graded, masked, rgb, rounded, smoothstep
from kling_widgets.emulator.looks.sprites import stamp
from kling_widgets.emulator.looks.subject import Subject


def fireworks(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colours: Sequence[str] = ("#ffd166", "#ff5d8f", "#6ee7ff"),
    count: int = 7,
    dusk: float = 0.45,
    subject: Subject | None = None,
) -> Photo:
    """The sky darkens and rockets burst one after another, sparks sinking and going out."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    short = min(height, width)
    rng = np.random.default_rng(seed)
    for index in range(count):
        x, y, begin = rng.uniform((0.12, 0.1, -0.04), (0.88, 0.48, 0.04))
        angles, force = rng.uniform(0, 2 * pi, 60), rng.uniform(0.55, 1, 60) ** 0.5
        age = (t - 0.04 - 0.86 * index / count - begin) / 0.24
        if not 0 <= age <= 1:
            continue

        colour = rgb(colours[index % len(colours)]) * float(1 - age**2)
        # One row a spark: where it was at five moments up to now.
        old = np.linspace(max(0.0, age - 0.22), age, 5)
        way = 0.32 * force[:, None] * (1 - (1 - old) ** 3)
        across = x * width + np.cos(angles)[:, None] * way * short
        down = y * height + (np.sin(angles)[:, None] * way + 0.09 * old**2) * short
        places = np.rint(np.dstack([across, down]) * 8).astype(np.int32)
        thick = max(1, round(0.005 * short))
        cv2.polylines(light, list(places), False, (0.45 * colour).tolist(), thick, cv2.LINE_AA, 3)
        cv2.polylines(light, list(places[:, -2:]), False, colour.tolist(), thick, cv2.LINE_AA, 3)

    dusk *= float(smoothstep(0, 0.15, t))
    night = graded(frame, light=-70 * dusk, contrast=1 - 0.25 * dusk)
    return shining(night, _behind(light, subject, 0.9), 0.01)


def lightning(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#a9c8ff",
    bolts: int = 6,
    dusk: float = 0.5,
    subject: Subject | None = None,
) -> Photo:
    """Flashes from above, each a branching bolt and a blink of light over everything."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    flash = 0.0
    for index in range(bolts):
        age = (t - 0.08 - 0.88 * index / bolts) / 0.11
        if not 0 <= age <= 1:
            continue

        rng = np.random.default_rng((seed, index))
        # The thin bolt flickers; the light that it throws over everything only dies away, to be fit for all eyes.
        strength = (1 - age) ** 1.5
        flash += strength
        bright = 1.6 * strength * (0.75 + 0.25 * cos(40 * age))
        _bolt(light, rng, rng.uniform(0.15, 0.85) * width, 0.0, 0.75 * height, bright * rgb(colour), 0.012)

    dusk *= float(smoothstep(0, 0.1, t))
    dark = graded(frame, light=-75 * dusk, saturation=1 - 0.3 * dusk, warmth=-14 * dusk)
    flashed = cv2.convertScaleAbs(dark, alpha=1 + 0.45 * flash)
    return shining(cast(Photo, flashed), _behind(light, subject, 0.75), 0.012)


def _behind(light: NDArray[np.float32], who: Subject | None, share: float) -> NDArray[np.float32]:
    """The light, most of it hidden by the subject; all of it, where nobody knows of one."""
    if who is None:
        return light

    matte = cv2.resize(who.matte, light.shape[1::-1], interpolation=cv2.INTER_AREA)
    return light * (1 - np.float32(share) * matte)[..., None]


def night(frame: Photo, t: float, seed: int, *, colour: str = "#2a4a8c", stars: int = 70) -> Photo:
    """Day turns to night: gold first, then blue, and stars come out above."""
    dusk, dark = float(smoothstep(0.08, 0.45, t)), float(smoothstep(0.4, 0.85, t))
    # Where it is dark already, as much again would leave nothing to see.
    spare = min(1.0, float(np.mean(frame)) / 110)
    fallen = spare * (26 * dusk + 52 * dark)
    evening = graded(frame, warmth=34 * dusk * (1 - dark), light=-fallen, saturation=1 + 0.15 * dusk - 0.35 * dark)
    blueness = 1 - dark + dark * (0.35 + 0.65 * rgb(colour) / rgb(colour).max())
    blue = cast(Photo, cv2.transform(evening, np.diag(blueness.astype(float))))
    height, width = frame.shape[:2]
    rng = np.random.default_rng(seed)
    for _ in range(stars):
        x, y, big, phase = rng.uniform((0, 0, 0.004, 0), (1, 0.5, 0.014, 1))
        twinkle = 0.65 + 0.35 * sin(2 * pi * (4 * t + phase))
        stamp(
            blue,
            "soft",
            "#ffffff",
            x * width,
            y * height,
            big * min(height, width) * 2,
            strength=dark * twinkle * (1 - 1.6 * y),
        )

    return blue


def smoke(
    frame: Photo, t: float, seed: int, *, colour: str = "#dfe3e8", cover: float = 0.75, speed: float = 0.7
) -> Photo:
    """Drifting smoke or mist, thicker below."""
    rows, columns = frame.shape[0] // COARSE, frame.shape[1] // COARSE
    flow = drift(rows, round(columns * (1 + speed)) + 1, 0.45, seed)
    shift = int(t * speed * columns)
    cloud = flow[:, shift : shift + columns]
    share = (
        np.clip((cloud - 0.36) * 2.4, 0, 1) * np.linspace(0.35, 1, rows)[:, None] * cover * float(smoothstep(0, 0.2, t))
    )
    raised = np.asarray(cv2.resize(share.astype(np.float32), frame.shape[1::-1], interpolation=cv2.INTER_LINEAR))
    return masked(frame, rounded(np.broadcast_to(rgb(colour), frame.shape)), raised)


def _bolt(
    light: NDArray[np.float32],
    rng: np.random.Generator,
    x: float,
    y: float,
    length: float,
    colour: NDArray[np.float32],
    width: float,
) -> None:
    """One jagged stroke downwards, with thinner branches."""
    step = length / 14
    here = (x, y)
    for number in range(14):
        there = here[0] + rng.normal(0, 0.75) * step, here[1] + step * rng.uniform(0.7, 1.2)
        thick = max(1, round(width * min(light.shape[:2])))
        cv2.line(
            light,
            (round(here[0]), round(here[1])),
            (round(there[0]), round(there[1])),
            colour.tolist(),
            thick,
            cv2.LINE_AA,
        )
        if width > 0.004 and rng.random() < 0.28:
            _bolt(light, rng, there[0], there[1], length * (1 - number / 14) * 0.5, colour * 0.7, width / 2.5)
        here = there
