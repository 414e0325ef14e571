"""Wings behind the subject: feathers in three rows, skin between fingers, or a butterfly's."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.glow import whole
from kling_widgets.emulator.looks.paint import lit, rgb, smoothstep
from kling_widgets.emulator.looks.subject import Subject, middle

Sheet = NDArray[np.uint8]
"""What is drawn before it is laid over the frame: RGBA, shape (height, width, 4), black where nothing is."""

Place = NDArray[np.float64]
"""(x, y) in pixels."""

GLOW_AT = 4
"""The glow around wings is worked out at a quarter of the size: nothing in it is sharp."""


def wings(
    frame: Photo,
    t: float,
    seed: int,
    *,
    colour: str = "#ffffff",
    glow: str | None = "#fff4d6",
    size: float = 0.62,
    flaps: int = 3,
    kind: str = "feather",
    subject: Subject | None = None,
) -> Photo:
    """A pair of wings unfolds from the shoulders and beats; the subject stays in front of them."""
    who = subject or middle(frame.shape)
    height, width = frame.shape[:2]
    short = min(height, width)
    spread = float(smoothstep(0.05, 0.4, t))
    # Down is faster than up, as birds do it.
    beat = sin(2 * pi * flaps * t + 0.5 * sin(2 * pi * flaps * t))
    draw = KINDS[kind]
    sheet = np.zeros((height, width, 4), np.uint8)
    shoulders = min(0.75 * height, who.top * height + 1.35 * who.wide * short)
    for side in (-1, 1):
        root = np.array([who.x * width + side * 0.16 * who.wide * short, shoulders])
        draw(sheet, root, side, size * short, spread, 0.16 * beat * spread, rgb(colour))

    opaque = 0.75 if kind == "butterfly" else 0.97
    cover = (1 - who.matte) * np.float32(opaque / 255 * min(1.0, 3 * spread)) * sheet[..., 3]
    laid = cast(Photo, cv2.blendLinear(frame, np.ascontiguousarray(sheet[..., :3]), 1 - cover, cover))
    if glow is None:
        return laid

    small = cv2.resize(cover, (max(2, width // GLOW_AT), max(2, height // GLOW_AT)), interpolation=cv2.INTER_AREA)
    halo = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.035 * min(small.shape))) * (1 - 0.7 * small)
    return lit(laid, whole(halo[..., None] * rgb(glow) * np.float32(0.6), frame))


def _feathers(
    sheet: Sheet, root: Place, side: int, size: float, spread: float, lift: float, colour: NDArray[np.float32]
) -> None:
    rows = ((11, 1.0, 0.62), (9, 0.68, 0.78), (7, 0.42, 0.95))
    for count, length, shade in rows:
        for index in range(count):
            share = index / (count - 1)
            lean = (-1.15 + 1.75 * share) * spread + (1 - spread) * 1.1 - lift * (1.2 - 0.5 * share)
            far = size * length * (1 - 0.35 * share) * (0.45 + 0.55 * spread)
            arm = root + np.array([side * cos(lean) * 0.3, sin(lean) * 0.3 - 0.12]) * size * spread * (1 - share) * 0.9
            tip = arm + np.array([side * cos(lean), sin(lean)]) * far
            _blade(sheet, arm, tip, 0.09 * size * (1.1 - 0.3 * length), colour * (shade + 0.06 * (index % 2)))


def _membrane(
    sheet: Sheet, root: Place, side: int, size: float, spread: float, lift: float, colour: NDArray[np.float32]
) -> None:
    """Skin hung in bows between five fingers."""
    wrist = root + np.array([side * 0.2, -0.42]) * size * (0.3 + 0.7 * spread) - np.array([0, lift * size])
    tips = []
    for index in range(5):
        lean = (-0.5 + 0.47 * index) * spread + (1 - spread) * 1.2 - 1.5 * lift
        far = size * (0.95, 0.92, 0.84, 0.74, 0.62)[index] * (0.4 + 0.6 * spread)
        tips.append(wrist + np.array([side * cos(lean), sin(lean)]) * far)
    tips.append(root + np.array([side * 0.08, 0.3]) * size)
    outline = [root, wrist, tips[0]]
    for first, second in pairwise(tips):
        hollow = (first + second) / 2 * 0.72 + wrist * 0.28
        outline += [(1 - s) ** 2 * first + 2 * s * (1 - s) * hollow + s**2 * second for s in np.linspace(0.08, 1, 12)]
    _fill(sheet, np.array(outline), colour * 0.85)
    lighter = 0.7 * colour + 48
    for first, second in pairwise(tips[:-1]):
        fold = np.array([wrist, first * 0.9 + wrist * 0.1, (first + second) / 2 * 0.62 + wrist * 0.38])
        _fill(sheet, fold, 0.85 * colour + 10)
    for tip in tips[:-1]:
        _blade(sheet, wrist, tip, 0.03 * size, lighter)
    _blade(sheet, root, wrist + (wrist - root) * 0.08, 0.05 * size, lighter)


def _butterfly(
    sheet: Sheet, root: Place, side: int, size: float, spread: float, lift: float, colour: NDArray[np.float32]
) -> None:
    """An upper and a lower wing that close and open towards the eye, veined."""
    open_ = (0.25 + 0.75 * spread) * (1 - 1.6 * abs(lift))
    angle = np.linspace(0, pi, 40)
    for lean, far, broad in ((0.75, 0.72, 0.34), (-0.6, 1.0, 0.46)):
        along, radius = np.cos(angle), np.sin(angle) ** 0.6
        bow = np.stack([(0.5 - 0.5 * along) * far, broad * radius * (0.8 - 0.35 * along)], axis=1)
        leaf = np.concatenate([bow, (bow * (1, -0.75))[::-1]])
        turn = np.array([[cos(lean), -sin(lean)], [sin(lean), cos(lean)]])
        shape = (leaf @ turn.T) * (side * open_, 1) * size + root
        _fill(sheet, shape, colour * 0.62)
        heart = root + np.array([far * 0.52 * cos(lean) * side * open_, far * 0.52 * sin(lean)]) * size
        _fill(sheet, heart + (shape - heart) * 0.9, colour * 0.86)
        _fill(sheet, heart + (shape - heart) * 0.6, colour * 0.95 + 8)
        for vein in shape[6:-6:9]:
            _blade(sheet, root, root + (vein - root) * 0.93, 0.012 * size, colour * 0.62)


def _blade(sheet: Sheet, start: Place, tip: Place, width: float, colour: NDArray[np.float32]) -> None:
    """One feather: a slim leaf shape with a darker edge, so that feathers show apart."""
    way = tip - start
    across = np.array([-way[1], way[0]]) / max(1e-6, float(np.hypot(*way))) * width
    curve = [(0, 0.35), (0.35, 0.55), (0.7, 0.5), (0.92, 0.25), (1, 0)]
    outline = [start + way * a + across * b for a, b in curve] + [start + way * a - across * b for a, b in curve[::-1]]
    _fill(sheet, np.array(outline), colour * 0.72)
    inner = [start + way * a * 0.97 + across * b * 0.72 for a, b in curve]
    inner += [start + way * a * 0.97 - across * b * 0.6 for a, b in curve[::-1]]
    _fill(sheet, np.array(inner), colour)


def _fill(sheet: Sheet, outline: NDArray[np.float64], colour: NDArray[np.float32]) -> None:
    paint = (*(min(255.0, float(part)) for part in colour), 255.0)
    cv2.fillPoly(sheet, [np.rint(outline * 16).astype(np.int32)], paint, cv2.LINE_AA, 4)


KINDS: dict[str, Callable[..., None]] = {"feather": _feathers, "membrane": _membrane, "butterfly": _butterfly}
"""The ways that a wing is drawn."""
