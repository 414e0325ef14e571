"""Looks in which many small things move: they rain, rise, burst, circle. Where each is follows from seed and time."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import masked, smoothstep
from kling_widgets.emulator.looks.sprites import stamp
from kling_widgets.emulator.looks.subject import Subject, middle

WHITE = ("#ffffff",)

CLOSE = 0.9
"""Nearness (0..1) from which on a falling or rising thing is close to the lens."""


class Placed(NamedTuple):
    """One thing of a ring, as a stamp takes it."""

    colour: str
    x: float
    y: float
    size: float
    angle: float
    strength: float


def rain(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "flake",
    colours: Sequence[str] = WHITE,
    count: int = 60,
    size: float = 0.05,
    speed: float = 1.5,
    drift: float = 0.06,
    tumble: float = 1.0,
) -> Photo:
    """Falling from above, the near ones larger and faster, swaying and tumbling as they come."""
    return _stream(frame, t, seed, shape, colours, count, size, speed, drift, tumble, upwards=False)


def rise(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "bubble",
    colours: Sequence[str] = WHITE,
    count: int = 40,
    size: float = 0.07,
    speed: float = 1.2,
    drift: float = 0.06,
    tumble: float = 0.3,
) -> Photo:
    """Rising from below, likewise."""
    return _stream(frame, t, seed, shape, colours, count, size, speed, drift, tumble, upwards=True)


def burst(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "confetti",
    colours: Sequence[str] = WHITE,
    count: int = 70,
    size: float = 0.05,
    reach: float = 0.9,
    at: Sequence[float] = (0.12, 0.55),
    x: float = 0.5,
    y: float = 0.6,
) -> Photo:
    """Thrown out from one place, several times: fast at first, then falling and fading."""
    canvas = frame.copy()
    height, width = frame.shape[:2]
    short = min(height, width)
    for number, begin in enumerate(at):
        age = (t - begin) / 0.42
        if not 0 <= age <= 1:
            continue

        rng = np.random.default_rng((seed, number))
        way = 1 - (1 - age) ** 3
        for index in range(count):
            angle, force, big, turn = rng.uniform((0, 0.25, 0.5, -6), (2 * pi, 1, 1.2, 6))
            across = x * width + cos(angle) * force * reach * way * short
            down = y * height + (sin(angle) * force * reach * way + 0.45 * age**2) * short
            stamp(
                canvas,
                shape,
                colours[index % len(colours)],
                across,
                down,
                big * size * short,
                angle=turn * age,
                flip=cos(9 * age + turn),
                strength=float(1 - smoothstep(0.7, 1, age)),
            )

    return canvas


def circle(
    frame: Photo,
    t: float,
    seed: int,
    *,
    shape: str = "spark",
    colours: Sequence[str] = WHITE,
    count: int = 26,
    size: float = 0.085,
    turns: float = 1.5,
    radius: float = 0.38,
    height: float = 0.5,
    subject: Subject | None = None,
) -> Photo:
    """Circling about the subject: smaller, fainter and hidden behind it at the back, below the chin in front."""
    who = subject or middle(frame.shape)
    rows, columns = frame.shape[:2]
    short = min(rows, columns)
    chin = min(0.72, who.top + 1.25 * who.wide * short / rows)
    grown = float(smoothstep(0, 0.25, t))
    rng = np.random.default_rng(seed)
    behind: list[Placed] = []
    before: list[Placed] = []
    for index in range(count):
        phase, out, lift, big = rng.uniform((0, 0.8, -0.5, 0.6), (1, 1.2, 0.5, 1.2))
        angle = 2 * pi * (index / count + 0.02 * phase + turns * t)
        near = 0.5 + 0.5 * sin(angle)
        side = (0.55 + 0.6 * near) * big * size * grown
        down = 0.5 * rows / short + 0.25 * sin(angle) * radius + lift * height * 0.6
        lower = max(0.0, (chin + 0.06 * (lift + 0.5)) * rows / short + 0.5 * side - down)
        down += lower * float(smoothstep(-0.35, 0.25, sin(angle))) + 0.03 * sin(2 * pi * (3 * t + phase))
        across = columns / 2 + cos(angle) * radius * out * grown * short
        lean, strength = 0.5 * sin(2 * pi * (t * 2 + phase)), (0.35 + 0.65 * near) * grown
        thing = Placed(colours[index % len(colours)], across, down * short, side * short, lean, strength)
        (before if sin(angle) > 0 else behind).append(thing)

    canvas = frame.copy()
    for thing in behind:
        stamp(canvas, shape, *thing[:4], angle=thing.angle, strength=thing.strength)
    matte = cv2.resize(who.matte, (columns, rows), interpolation=cv2.INTER_AREA)
    canvas = masked(canvas, frame, matte) if subject else canvas
    for thing in before:
        stamp(canvas, shape, *thing[:4], angle=thing.angle, strength=thing.strength)

    return canvas


def _stream(
    frame: Photo,
    t: float,
    seed: int,
    shape: str,
    colours: Sequence[str],
    count: int,
    size: float,
    speed: float,
    drift: float,
    tumble: float,
    *,
    upwards: bool,
) -> Photo:
    canvas = frame.copy()
    height, width = frame.shape[:2]
    short = min(height, width)
    rng = np.random.default_rng(seed)
    grains = sorted(enumerate(rng.random((count, 4)).tolist()), key=lambda grain: grain[1][2])
    for index, (x, start, near, phase) in grains:
        # The nearest pass close to the lens: large, fast, out of focus, and aside of the face.
        close = near > CLOSE and count >= 10
        if close:
            x = 0.22 * x if x < 0.5 else 1 - 0.22 * (1 - x)
        big = size * (0.45 + 0.75 * near) * (1.7 if close else 1)
        # Everything enters over the first part of the film, and comes again once it has passed through.
        way = speed * (0.6 + 0.8 * near + 0.4 * close) * t * 1.6 - start * 1.1
        if way < 0:
            continue

        span = height / short + 2 * big
        place = (way % 1.2) * span - big
        down = (span - 2 * big - place) if upwards else place
        sway = drift * (0.6 + 0.8 * near) * sin(2 * pi * (1.7 * t + phase))
        stamp(
            canvas,
            shape,
            colours[index % len(colours)],
            x * width + sway * short,
            down * short,
            big * short,
            angle=tumble * sin(2 * pi * (t * (1 + phase) + phase)),
            flip=cos(tumble * 2 * pi * (2 * t * (0.6 + phase) + phase)) if tumble > 0.6 else 1,
            strength=0.8 if close else 0.75 + 0.25 * near,
            blurred=close,
        )

    return canvas
