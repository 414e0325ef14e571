"""The sky: its colours, sun or moon, stars, clouds and northern lights."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.looks.paint import smoothstep
from kling_widgets.emulator.scenery.canvas import Canvas, Sheet, cloudy, over, short, wander
from kling_widgets.emulator.scenery.palette import Colour, Palette, mix

CURTAIN, HEM = np.array([70, 255, 160], np.float32), np.array([70, -90, 90], np.float32)
"""Northern lights: their colour, and what changes of it upwards."""

TEXTURE = 512
"""Side in pixels of the noise that clouds are taken from."""


def sky(
    canvas: Canvas,
    colours: Palette,
    horizon: float,
    sun: tuple[float, float],
    seed: int,
    *,
    cover: float,
    clear: float = 1.0,
) -> None:
    """All of the sky down to the horizon (a share of the height), sun at a place, `cover` of it clouded.

    `clear`: how much of sun, moon and stars comes through the air.
    """
    rows = np.linspace(0, 1 / horizon, len(canvas))
    stops = np.array([0, 0.45, 0.8, 1.0])
    for part in range(3):
        canvas[..., part] = np.interp(rows, stops, [each[part] for each in colours.sky])[:, None]

    if colours.night and clear > 0.5:
        stars(canvas, seed, horizon)
    away = _away(canvas, sun)
    canvas += (
        (0.55 if colours.night else 0.8)
        * (0.4 + 0.6 * clear)
        * (colours.glow - canvas)
        * np.exp(-away / 0.28)[..., None]
    )
    _disc(canvas, colours, away, seed, clear)
    if cover > 0:
        _clouds(canvas, colours, horizon, away, seed, cover)


def stars(canvas: Canvas, seed: int, horizon: float = 1.0, *, count: int = 420) -> None:
    """Stars of many sizes, fewer towards the horizon."""
    height, width = canvas.shape[:2]
    rng = np.random.default_rng(seed + 31)
    for x, y, bright, warm in rng.random((count, 4)):
        if y**0.8 > rng.random() * 1.2 and horizon < 1:
            continue

        size = short(canvas) * (0.0006 + 0.0017 * bright**6)
        light = (60 + 190 * bright**2) * np.array([1, 0.96, 0.9 + 0.1 * warm] if warm < 0.5 else [0.85, 0.92, 1])
        _dot(canvas, x * width, y * horizon * height, max(0.55, size), light.astype(np.float32))


def aurora(canvas: Canvas, horizon: float, seed: int) -> None:
    """Curtains of green light with violet hems."""
    height, width = canvas.shape[:2]
    end = int(horizon * height)
    rows = np.arange(end, dtype=np.float32)[:, None]
    for number, strength in enumerate((0.75, 0.5, 0.35)):
        foot = (0.5 + 0.14 * number) * end + 0.2 * end * wander(width, 0.9 * width, seed + number, octaves=3, rough=0.4)
        rays = 0.55 + 0.45 * wander(width, 0.12 * width, seed + 9 + number, octaves=4, rough=0.7)
        above = (foot - rows) / (0.55 * end)
        light = np.where(above > 0, np.exp(-above * 3.2), np.exp(above * 26)) * rays * strength
        light = cv2.GaussianBlur(np.asarray(np.clip(light, 0, 1), np.float32), (0, 0), 0.004 * short(canvas) + 0.6)
        tint = np.clip(above, 0, 1)[..., None] * HEM + CURTAIN
        canvas[:end] += light[..., None] * 0.72 * (tint - 0.35 * canvas[:end])


def _disc(canvas: Canvas, colours: Palette, away: Sheet, seed: int, clear: float) -> None:
    """The sun, or a moon with its seas; a pixel of soft edge, and light around it."""
    radius = 0.034 if colours.night else 0.038
    rows, columns = np.nonzero(away < 6 * radius)
    if not len(rows):
        return

    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    part, near = canvas[box], away[box]
    part += (colours.disc - part) * (0.45 * clear * np.exp(-np.clip(near - radius, 0, None) / 0.035))[..., None]
    cover = clear * np.clip((radius - near) * short(canvas) / 1.5 + 0.5, 0, 1)
    face = colours.disc * (1 - (0.5 * cloudy(part.shape, 0.12, seed)[..., None] if colours.night else 0))
    over(part, np.asarray(np.broadcast_to(face, part.shape), np.float32), np.asarray(cover, np.float32))


def _clouds(canvas: Canvas, colours: Palette, horizon: float, away: Sheet, seed: int, cover: float) -> None:
    """Clouds on a ceiling that recedes to the horizon, bright-rimmed towards the sun."""
    height, width = canvas.shape[:2]
    end = int(horizon * height)
    tile = cloudy((TEXTURE, TEXTURE), 0.3, seed + 77)
    rows = np.arange(end, dtype=np.float32)[:, None]
    far = 1 / (1.08 - rows / end)
    across = ((np.arange(width, dtype=np.float32)[None] - width / 2) / short(canvas) * far * 0.33 + 0.5) * TEXTURE
    along = np.broadcast_to(far * 0.42 * TEXTURE, across.shape)
    noise = cv2.remap(tile, across, np.ascontiguousarray(along), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    share = smoothstep(0.64 - 0.3 * cover, 0.86 - 0.3 * cover, noise) * (1 - 0.55 * (rows / end) ** 3)
    lit = np.exp(-away[:end] / 0.45) * (0.4 if colours.night else 1)
    body = mix(colours.sky[2], colours.haze, 0.35) * (0.75 if colours.night else 1.06)
    tone = body + (colours.glow - body)[None, None] * (lit * (1.15 - 0.5 * share))[..., None]
    over(
        canvas[:end], np.asarray(tone, np.float32), np.asarray(share * (0.82 if not colours.night else 0.5), np.float32)
    )


def _away(canvas: Canvas, place: tuple[float, float]) -> Sheet:
    """How far each pixel is from a place, in short sides."""
    height, width = canvas.shape[:2]
    across = np.arange(width, dtype=np.float32) + 0.5 - place[0] * width
    down = np.arange(height, dtype=np.float32)[:, None] + 0.5 - place[1] * height
    return np.asarray(np.hypot(across, down) / short(canvas), np.float32)


def _dot(canvas: Canvas, x: float, y: float, size: float, light: Colour) -> None:
    """A soft dot of light around a place in pixels."""
    reach = int(3 * size) + 1
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    part = canvas[top : int(y) + reach + 1, left : int(x) + reach + 1]
    if part.size:
        rows, columns = np.indices(part.shape[:2], dtype=np.float32)
        shine = np.exp(-((columns + left - x) ** 2 + (rows + top - y) ** 2) / (2 * size**2))
        part += (light * shine[..., None]) * (1 - part / 255)
