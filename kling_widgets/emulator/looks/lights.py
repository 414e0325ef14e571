"""Looks made of light: it is added over the picture, never painted on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import dark_sheet, shining, whole
from kling_widgets.emulator.looks.paint import clouds, graded, lit, noise, rgb, rounded, smoothstep
from kling_widgets.emulator.looks.sprites import stamp


def aura(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffcf5a",
    size: float = 0.78,
    pulses: int = 4,
    flames: float = 0.6,
) -> Photo:
    """A glow around the middle that breathes, with tongues of light licking upwards."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    short = min(height, width)
    x = (np.arange(width) + 0.5 - width / 2) / short
    y = ((np.arange(height) + 0.5 - height * 0.55) / short)[:, None]
    flow = noise((height * 2, width), 0.11, seed)
    shift = int(t * 1.2 * height) % height
    tongues = flow[shift : shift + height]
    radius = np.hypot(x / 0.75, y) / size * 2
    ring = np.exp(-((radius - 0.85 - flames * (tongues - 0.5) * 0.8) ** 2) / 0.05)
    breath = (0.65 + 0.35 * sin(2 * pi * pulses * t)) * float(smoothstep(0, 0.2, t))
    light += (0.42 * ring * breath)[..., None] * rgb(colour)

    return shining(graded(frame, light=-18 * breath), light, 0.015)


def rays(
    frame: Photo, t: float, seed: int, *, colour: str = "#fff1c4", count: int = 9, x: float = 0.5, y: float = -0.1
) -> Photo:
    """Beams of light fan out from above and turn slowly, with dust in them."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    across = (np.arange(width) + 0.5) / width - x
    down = ((np.arange(height) + 0.5) / height - y)[:, None]
    angle = np.arctan2(across * width / height, down)
    beams = (0.5 + 0.5 * np.sin(count * 2 * angle + 5 * t)) * (0.5 + 0.5 * np.sin(count * 3.1 * angle - 4 * t + seed))
    fade = np.exp(-1.1 * np.hypot(across, down))
    grown = float(smoothstep(0, 0.3, t))
    light += (beams * fade * grown * 0.85)[..., None] * rgb(colour)
    return lit(graded(frame, light=-14 * grown), whole(light, frame))


def spotlights(
    frame: Photo, t: float, seed: int, *, colours: Sequence[str] = ("#ff4fa3", "#4fc3ff", "#ffe14f"), beats: int = 8
) -> Photo:
    """A dance floor: coloured lamps sweep over a darker room, one stronger on each beat."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    down = ((np.arange(height) + 0.5) / height)[:, None]
    across = (np.arange(width) + 0.5) / width
    for index, colour in enumerate(colours):
        foot = (index + 0.5) / len(colours)
        lean = 0.55 * sin(2 * pi * (1.5 * t + index / len(colours)))
        middle = foot + lean * down
        cone = np.exp(-((across - middle) ** 2) / (0.0015 + 0.02 * down**2)) * (1 - 0.55 * down)
        beat = 0.55 + 0.45 * cos(2 * pi * (beats * t / 2 - index / len(colours)))
        light += (cone * beat * float(smoothstep(0, 0.1, t)))[..., None] * rgb(colour)

    return lit(graded(frame, light=-32 * float(smoothstep(0, 0.1, t)), contrast=1.05), whole(light, frame))


def strobe(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colours: Sequence[str] = ("#ff2b2b", "#2b5cff"),
    beats: int = 12,
    share: float = 0.4,
) -> Photo:
    """Turning lamps throw one colour and then the other over everything."""
    turn = beats * t
    colour = rgb(colours[int(turn) % len(colours)])
    strength = share * sin(pi * (turn % 1)) ** 0.8
    side = np.linspace(0, 1, frame.shape[1], dtype=np.float32)
    sweep = (np.exp(-((side - (turn % 1)) ** 2) / 0.12) * strength)[None, :, None]

    return lit(rounded(frame * (1 - 0.5 * strength)), np.broadcast_to(sweep * colour, frame.shape))


def fire(
    frame: Photo, t: float, seed: int, *, colours: Sequence[str] = ("#ff3d00", "#ffb300"), height: float = 0.5
) -> Photo:
    """Flames from below."""
    light = dark_sheet(frame)
    rows, columns = light.shape[:2]
    flow = clouds((rows * 3, columns), 0.22, seed)
    shift = int(t * 1.9 * rows)
    tongues = flow[shift : shift + rows]
    level = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    heat = np.clip(tongues * 1.5 - level / height * 0.9 * (1.2 - 0.4 * float(smoothstep(0, 0.2, t))), 0, 1)
    heat *= float(smoothstep(0, 0.12, t))
    outer, inner = (rgb(colour) for colour in colours)
    light += (
        0.3
        * np.clip(heat * 2.2, 0, 1)[..., None]
        * (outer + (inner - outer) * np.clip(heat * 2 - 0.4, 0, 1)[..., None])
    )
    return shining(graded(frame, warmth=16, light=-12), light, 0.012)


def sparkle(
    frame: Photo, t: float, seed: int, *, colours: Sequence[str] = ("#ffffff",), count: int = 60, size: float = 0.14
) -> Photo:
    """Glints that light up here and there and go out."""
    canvas = frame.copy()
    height, width = frame.shape[:2]
    rng = np.random.default_rng(seed)
    for index in range(count):
        x, y, begin, big = rng.uniform((0, 0, -0.1, 0.4), (1, 1, 1, 1))
        age = (t - begin) / 0.16
        if 0 < age < 1:
            glow = sin(pi * age)
            stamp(
                canvas,
                "spark",
                colours[index % len(colours)],
                x * width,
                y * height,
                big * size * glow * min(height, width),
                angle=0.6 * age,
                strength=glow,
            )

    return canvas
