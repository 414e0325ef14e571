"""Looks that move or bend the whole picture."""

from __future__ import annotations

from math import pi, sin

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.bend import Grid, bent, turned
from kling_widgets.emulator.looks.paint import distance, masked, rounded, smoothstep
from kling_widgets.emulator.looks.subject import Subject, middle


def squish(
    frame: Photo, t: float, seed: int, *, times: int = 2, depth: float = 0.5, subject: Subject | None = None
) -> Photo:
    """Pressed flat from above and bulging at the sides, then springing back; the frame's edges stay where they are."""
    press = depth * abs(sin(pi * times * t)) ** 0.7
    spare = _over_the_hair(subject or middle(frame.shape))

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        side, top = -x.min(), -y.min()
        height, out = (top - y) / (2 * top), np.abs(x) / side
        pressed = height * (1 + press * np.exp(-2 * out**2))
        bulge = 1 - 0.8 * press * (1 - out) * np.exp(-((height - 0.25) ** 2) / 0.12)
        return x * bulge, top - 2 * top * _drawn_out(pressed, height, spare)

    return bent(frame, rule)


def _over_the_hair(who: Subject) -> float:
    """The share of the frame, above, that may be drawn out: background alone, for hair would become a spike."""
    return max(0.015, 0.4 * who.top)


def _drawn_out(wanted: Grid, height: Grid, spare: float) -> Grid:
    """Heights in the photo, 1 its top, softly kept below it: the rows there are drawn out to fill what came free."""
    ceiling = 1 - spare + spare * height
    soft = (0.4 * spare) ** 2 * np.clip(20 * np.abs(wanted - height), 0, 1)
    eased = 0.5 * (wanted + ceiling - np.sqrt((wanted - ceiling) ** 2 + soft))
    return np.where(wanted > height, eased, wanted)


def inflate(frame: Photo, t: float, seed: int, *, size: float = 0.7, x: float = 0.0, y: float = -0.05) -> Photo:
    """Blown up like a balloon from the middle, with a wobble at the end."""
    amount = size * (float(smoothstep(0, 0.75, t)) + 0.06 * sin(14 * pi * t) * t)

    def rule(across: Grid, down: Grid) -> tuple[Grid, Grid]:
        dx, dy = across - x, down - y
        pull = 1 / (1 + amount * np.exp(-(dx**2 + dy**2) / 0.12))
        return x + dx * pull, y + dy * pull

    return bent(frame, rule)


def wobble(frame: Photo, t: float, seed: int, *, size: float = 0.05, waves: float = 2.0, swings: int = 6) -> Photo:
    """Jelly that was knocked: it shakes in waves, most at the top."""
    swing = size * sin(2 * pi * swings * t) * (0.55 + 0.45 * sin(pi * t))

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        height = 0.5 - y
        return x + swing * (0.4 + height) * np.sin(waves * pi * height + 9 * t), y + 0.4 * swing * np.cos(3 * pi * x)

    return bent(frame, rule)


def melt(frame: Photo, t: float, seed: int, *, depth: float = 0.5) -> Photo:
    """Running down like wax, some strands faster than others."""
    flow = depth * t**1.4
    phases = np.random.default_rng(seed).uniform(0, 2 * pi, 4)

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        waves = [np.sin(k * 5.3 * x + phase) / k for k, phase in enumerate(phases, 1)]
        strands = 0.5 + 0.3 * np.sum(waves, axis=0)
        return x + 0.03 * flow * np.sin(9 * y + 5 * x), y - flow * (0.15 + strands) * smoothstep(-0.6, 0.6, y)

    return bent(frame, rule)


def twirl(frame: Photo, t: float, seed: int, *, turns: float = 0.6, reach: float = 0.5) -> Photo:
    """Stirred in the middle, and let go."""
    angle = 2 * pi * turns * sin(pi * t)
    return bent(frame, lambda x, y: turned(x, y, angle * np.exp(-(x**2 + y**2) / reach**2 * 2)))


def spin(frame: Photo, t: float, seed: int, *, turns: float = 1.0, zoom: float = 0.5) -> Photo:
    """Turned round with a zoom, fastest in the middle of the film, and back upright at the end."""
    angle = 2 * pi * turns * float(smoothstep(0.05, 0.95, t))
    nearer = 1 + zoom * sin(pi * t)

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        return turned(x / nearer, y / nearer, -angle)

    return bent(frame, rule)


def bounce(
    frame: Photo,
    t: float,
    seed: int,
    *,
    beats: int = 10,
    hop: float = 0.05,
    sway: float = 0.0,
    tilt: float = 0.04,
    subject: Subject | None = None,
) -> Photo:
    """A dance: a hop on each beat, squashed on landing, swaying and tilting from side to side."""
    up = abs(sin(pi * beats * t))
    begun = float(smoothstep(0, 0.08, t))
    side = sin(pi * beats * t) * begun
    squash = 1 - 0.9 * hop * (1 - up) * begun
    nearer = 1 + 0.06 * begun
    spare = _over_the_hair(subject or middle(frame.shape))

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        top, lift = -y.min(), np.clip(0.5 - y, 0, None)
        height = (top - y) / (2 * top)
        x, y = turned(x / nearer - sway * side * lift, y / nearer + hop * (up - 0.5) * begun, tilt * side)
        landed = 0.5 - (0.5 - y) / squash
        return x * squash, top - 2 * top * _drawn_out((top - landed) / (2 * top), height, spare)

    return bent(frame, rule)


def ripple(frame: Photo, t: float, seed: int, *, size: float = 0.035, rings: float = 5.0) -> Photo:
    """Rings in water, from the middle outwards, with light on their slopes."""
    strength = size * sin(pi * min(1, 1.4 * t))

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        radius = np.hypot(x, y) + 1e-6
        push = strength * np.sin(2 * pi * (rings * radius - 5 * t)) * np.exp(-1.2 * radius)
        return x + push * x / radius, y + push * y / radius

    # Lit from above on the left: the slope that faces the light is brighter.
    height, width = frame.shape[:2]
    radius = distance(frame.shape) * float(np.hypot(height, width)) / 2 / min(height, width)
    slope = np.cos(2 * pi * (rings * radius - 5 * t)) * np.exp(-1.2 * radius) * min(1.0, 30 * strength)
    return rounded(bent(frame, rule).astype(np.float32) + 24 * slope[..., None])


def shake(frame: Photo, t: float, seed: int, *, size: float = 0.03, hits: tuple[float, ...] = (0.3, 0.6)) -> Photo:
    """A camera knocked at each hit, and coming to rest."""
    force = sum(np.exp(-9 * (t - hit)) for hit in hits if t >= hit)
    x = size * force * sin(97 * t + seed)
    y = size * force * sin(71 * t + 2 * seed + 1)
    # A little nearer while it shakes, so that the edges stay out of sight.
    far = 1 - size * min(1.0, force)

    return bent(frame, lambda across, down: turned(across * far + x, down * far + y, 0.6 * x))


def wave(frame: Photo, t: float, seed: int, *, size: float = 0.045, waves: float = 1.5, speed: float = 3.0) -> Photo:
    """A flag in the wind, a boat on the sea."""
    size *= float(smoothstep(0, 0.18, t))

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        phase = 2 * pi * (waves * x - speed * t)
        return x + 0.4 * size * np.cos(phase), (y + size * np.sin(phase)) * (1 - size)

    return bent(frame, rule)


def orbit(frame: Photo, t: float, seed: int, *, swing: float = 0.16, turns: float = 1.0, zoom: float = 0.12) -> Photo:
    """Bullet time: the camera circles while the moment stands still; the middle is taken to be nearer than the rest."""
    side = swing * sin(2 * pi * turns * t)
    nearer = 1 + zoom * (0.5 - 0.5 * np.cos(2 * pi * t)) + abs(side) * 0.5

    def rule(x: Grid, y: Grid) -> tuple[Grid, Grid]:
        depth = np.exp(-(x**2) / 0.3 - np.clip(-y - 0.1, 0, None) ** 2 / 0.1)
        aslant = 1 + 0.7 * side * x
        return x / nearer * aslant - 0.9 * side * (depth - 0.5), y / nearer * aslant

    return bent(frame, rule)


def rush(frame: Photo, t: float, seed: int, *, speed: float = 0.12, pulses: int = 4, x: float = 0.0) -> Photo:
    """Racing forwards: the rim streaks away from the middle in pulses while the camera trembles."""
    pulse = 0.5 - 0.5 * np.cos(2 * pi * pulses * t)
    reach = speed * (0.35 + 0.65 * pulse) * min(1, 8 * t)
    height, width = frame.shape[:2]
    middle = (0.5 * width + x * width, 0.5 * height)

    small = cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    total = np.zeros(small.shape, np.float32)
    steps = 8
    for step in range(steps):
        matrix = cv2.getRotationMatrix2D((middle[0] / 2, middle[1] / 2), 0, 1 + reach * step / steps)
        total += cv2.warpAffine(small, matrix, small.shape[1::-1], borderMode=cv2.BORDER_REFLECT_101)

    streaks = np.asarray(cv2.resize(total / steps, (width, height), interpolation=cv2.INTER_LINEAR))
    near = bent(frame, lambda across, down: (across * (1 - reach / 3), down * (1 - reach / 3)))
    return masked(near, rounded(streaks), smoothstep(0.2, 0.75, distance(frame.shape, 0.5 + x)) * min(1, 20 * t))


def fall(frame: Photo, t: float, seed: int, *, turns: float = 0.15, depth: float = 0.5) -> Photo:
    """A drop: the ground rushes up, the picture tumbles."""
    nearer = 1 + depth * t**2
    angle = 2 * pi * turns * sin(2.5 * pi * t) * t
    drift = 0.12 * sin(3 * pi * t)

    return bent(frame, lambda x, y: turned(x / nearer, (y - drift) / nearer, angle))


def slide(frame: Photo, t: float, seed: int, *, distance: float = 1.0, columns: bool = True) -> Photo:
    """The world pulled past sideways (or upwards), slow at both ends; it goes on mirrored and comes back to itself."""
    height, width = frame.shape[:2]
    side = width if columns else height
    # Two sides on, less the two outermost pixels, which the mirror does not repeat, it is the same picture again.
    shift = 2 * distance * float(smoothstep(0.1, 0.9, t)) * (side - 1) / min(width, height)
    moved = bent(frame, lambda x, y: (x + shift, y) if columns else (x, y + shift))

    # Blurred as a shutter would: by a part of the way that it goes in a twenty-fourth of five seconds.
    speed = max(0.0, 1 - abs(t - 0.5) / 0.4)
    streak = 2 * round(0.02 * distance * side * speed) + 1
    return np.asarray(cv2.blur(moved, (streak, 1) if columns else (1, streak))) if streak > 1 else moved
