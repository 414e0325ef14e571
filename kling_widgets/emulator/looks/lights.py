"""Looks made of light: it is added over the picture, never painted on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import dark_sheet, drift, whole
from kling_widgets.emulator.looks.paint import graded, lit, rgb, rounded, smoothstep
from kling_widgets.emulator.looks.sprites import stamp
from kling_widgets.emulator.looks.subject import Subject, middle


def aura(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffcf5a",
    size: float = 0.78,
    pulses: int = 4,
    flames: float = 0.6,
    subject: Subject | None = None,
) -> Photo:
    """A glow that follows the subject's outline and breathes, with tongues of light licking upwards behind it."""
    light = dark_sheet(frame)
    height, width = light.shape[:2]
    short = min(height, width)
    matte = cv2.resize((subject or middle(frame.shape)).matte, (width, height), interpolation=cv2.INTER_AREA)
    breath = (0.7 + 0.3 * sin(2 * pi * pulses * t)) * float(smoothstep(0, 0.2, t))
    flow = drift(height * 3, width, 0.13, seed)
    shift = int(t * 1.6 * height)
    tongues = flow[shift : shift + height]
    rim = cv2.GaussianBlur(matte, (0, 0), 0.018 * short)
    # The wide glow is drawn upwards, where tongues reach.
    lifted = cv2.warpAffine(matte, np.array([[1, 0, 0], [0, 1, -0.05 * flames * short]]), (width, height))
    quarter = cv2.resize(lifted, (max(2, width // 4), max(2, height // 4)), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(quarter, (0, 0), 0.024 * size / 0.78 * short), (width, height))
    ragged = 1 - flames * 0.8 + flames * 1.6 * np.clip(tongues * 2.2 - 0.6, 0, 1)
    share = (1 - 0.88 * matte) * (0.95 * rim + 1.0 * wide * ragged) + 0.1 * wide
    light += np.clip(share * breath, 0, 1.2)[..., None] * rgb(colour)

    return lit(graded(frame, light=-26 * breath), whole(light, frame))


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
    """Flames from below, and their light on everything."""
    light = dark_sheet(frame)
    rows, columns = light.shape[:2]
    # Two layers of tongues rise at different speeds; half as tall as drawn, so that they are slender.
    first, second = drift(rows * 2, columns, 0.16, seed), drift(rows * 2, columns, 0.09, seed + 7)
    begin = int(0.9 * t * rows), int(1.3 * t * rows)
    parts = (first[begin[0] : begin[0] + rows // 2], second[begin[1] : begin[1] + rows // 2])
    tongues = cv2.resize(0.6 * parts[0] + 0.4 * parts[1], (columns, rows), interpolation=cv2.INTER_LINEAR)
    level = np.linspace(1, 0, rows, dtype=np.float32)[:, None] / height
    grown = float(smoothstep(0, 0.2, t))
    heat = np.clip((tongues - 0.5) * 3.4 + 0.95 - 1.25 * level, 0, 1) * grown
    outer, inner = (rgb(colour) for colour in colours)
    warm, core = smoothstep(0.2, 0.7, heat)[..., None], smoothstep(0.6, 1.0, heat)[..., None]
    hue = outer + (inner - outer) * warm + (rgb("#fff4d6") - inner) * 0.7 * core
    flicker = 0.85 + 0.15 * sin(23 * t) * sin(57 * t)
    thrown = 0.34 * flicker * grown * np.exp(-1.6 * level)
    light += smoothstep(0, 0.35, heat)[..., None] * hue + thrown[..., None] * (0.5 * outer + 0.5 * inner)
    return lit(graded(frame, warmth=14 * grown, light=-26 * grown), whole(light, frame))


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
