"""The drawings behind the sprites: each shape is a few strokes of a pen, in three shades of one colour."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np
from PIL import ImageDraw

Pen = ImageDraw.ImageDraw
Points = list[tuple[float, float]]

CANVAS = 256
"""Side on which shapes are drawn; their coordinates run from -1 to 1 over the middle nine tenths of it."""

DARKER, LIGHTER = 0.62, 1.45


class Brush:
    """A colour in three shades."""

    def __init__(self, colour: str) -> None:
        base = [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
        self.base, self.dark, self.light = (
            (*(min(255, round(part * factor + (30 if factor > 1 else 0))) for part in base), 255)
            for factor in (1.0, DARKER, LIGHTER)
        )


def _at(points: Points) -> Points:
    return [(CANVAS * (0.5 + 0.45 * x), CANVAS * (0.5 + 0.45 * y)) for x, y in points]


def _oval(pen: Pen, x: float, y: float, rx: float, ry: float, fill: tuple[int, ...]) -> None:
    pen.ellipse([*_at([(x - rx, y - ry)])[0], *_at([(x + rx, y + ry)])[0]], fill=fill)


def _ring(pen: Pen, x: float, y: float, radius: float, width: float, fill: tuple[int, ...]) -> None:
    box = [*_at([(x - radius, y - radius)])[0], *_at([(x + radius, y + radius)])[0]]
    pen.ellipse(box, outline=fill, width=max(1, round(width * CANVAS)))


def _star(points: int, inner: float, turn: float = -pi / 2) -> Points:
    return [
        (r * cos(turn + pi * k / points), r * sin(turn + pi * k / points)) for k, r in enumerate([1.0, inner] * points)
    ]


def _heart(pen: Pen, brush: Brush) -> None:
    curve = [
        (sin(a) ** 3, -(13 * cos(a) - 5 * cos(2 * a) - 2 * cos(3 * a) - cos(4 * a)) / 16)
        for a in np.linspace(0, 2 * pi, 90)
    ]
    pen.polygon(_at(curve), fill=brush.base)
    _oval(pen, -0.42, -0.42, 0.2, 0.14, brush.light)


def _coin(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, brush.dark)
    _oval(pen, 0, 0, 0.86, 0.86, brush.base)
    _ring(pen, 0, 0, 0.68, 0.02, brush.light)
    pen.rectangle([*_at([(-0.24, -0.24)])[0], *_at([(0.24, 0.24)])[0]], fill=brush.dark)


def _bill(pen: Pen, brush: Brush) -> None:
    pen.rectangle([*_at([(-1, -0.5)])[0], *_at([(1, 0.5)])[0]], fill=brush.base)
    pen.rectangle([*_at([(-0.88, -0.38)])[0], *_at([(0.88, 0.38)])[0]], outline=brush.dark, width=6)
    _oval(pen, 0, 0, 0.26, 0.3, brush.dark)
    _oval(pen, 0, 0, 0.16, 0.2, brush.light)


def _petal(pen: Pen, brush: Brush) -> None:
    curve = [(0.55 * sin(a) * (1 - 0.3 * cos(a)), -0.95 * cos(a)) for a in np.linspace(0, 2 * pi, 60)]
    pen.polygon(_at(curve), fill=brush.base)
    pen.polygon(_at([(x * 0.4, y * 0.7 + 0.12) for x, y in curve]), fill=brush.light)


def _leaf(pen: Pen, brush: Brush) -> None:
    curve = [(0.6 * sin(a) * abs(sin(a / 2)), -0.95 * cos(a)) for a in np.linspace(0, 2 * pi, 60)]
    pen.polygon(_at(curve), fill=brush.base)
    pen.line(_at([(0, -0.8), (0, 0.95)]), fill=brush.dark, width=7)


def _confetti(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.4, -0.8), (0.5, -0.6), (0.4, 0.8), (-0.5, 0.6)]), fill=brush.base)


def _flake(pen: Pen, brush: Brush) -> None:
    for k in range(6):
        c, s = cos(k * pi / 3), sin(k * pi / 3)
        pen.line(_at([(0, 0), (0.95 * c, 0.95 * s)]), fill=brush.base, width=14)
        for side in (-0.5, 0.5):
            tip = (0.6 * c + 0.3 * cos(k * pi / 3 + side), 0.6 * s + 0.3 * sin(k * pi / 3 + side))
            pen.line(_at([(0.6 * c, 0.6 * s), tip]), fill=brush.base, width=10)


def _soft(pen: Pen, brush: Brush) -> None:
    for step in range(24, 0, -1):
        radius = step / 24
        alpha = round(255 * (1 - radius) ** 1.6)
        _oval(pen, 0, 0, radius * 0.95, radius * 0.95, (*brush.base[:3], alpha))


def _five(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at(_star(5, 0.42)), fill=brush.base)


def _spark(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at(_star(4, 0.16)), fill=brush.base)
    _oval(pen, 0, 0, 0.2, 0.2, brush.light)


def _bubble(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, (*brush.base[:3], 60))
    _ring(pen, 0, 0, 0.94, 0.03, (*brush.light[:3], 190))
    _oval(pen, -0.4, -0.45, 0.2, 0.13, (255, 255, 255, 220))


def _note(pen: Pen, brush: Brush) -> None:
    _oval(pen, -0.5, 0.65, 0.34, 0.26, brush.base)
    _oval(pen, 0.5, 0.45, 0.34, 0.26, brush.base)
    pen.polygon(_at([(-0.28, -0.7), (0.82, -0.9), (0.82, -0.55), (-0.28, -0.35)]), fill=brush.base)
    pen.line(_at([(-0.22, 0.65), (-0.22, -0.6)]), fill=brush.base, width=15)
    pen.line(_at([(0.77, 0.45), (0.77, -0.8)]), fill=brush.base, width=15)


def _drop(pen: Pen, brush: Brush) -> None:
    curve = [(0.6 * sin(a) * sin(a / 2) ** 1.5, -0.95 * cos(a)) for a in np.linspace(0, 2 * pi, 60)]
    pen.polygon(_at(curve), fill=brush.base)
    _oval(pen, -0.2, 0.45, 0.12, 0.2, brush.light)


def _feather(pen: Pen, brush: Brush) -> None:
    curve = [(0.3 * sin(a) + 0.15 * cos(2 * a), -0.95 * cos(a)) for a in np.linspace(0, 2 * pi, 60)]
    pen.polygon(_at(curve), fill=brush.base)
    pen.line(_at([(0.15, -0.7), (0.15, 0.98)]), fill=brush.dark, width=5)


def _bat(pen: Pen, brush: Brush) -> None:
    wing = [(0.1, -0.15), (0.35, -0.5), (1, -0.35), (0.8, 0.3), (0.6, 0.05), (0.42, 0.35), (0.25, 0.12), (0, 0.5)]
    ear = [(0, -0.2), (0.05, -0.2), (0.1, -0.42)]
    for side in (-1, 1):
        pen.polygon(_at([(0, 0.5), (0, -0.2), *((side * x, y) for x, y in wing)]), fill=brush.base)
        pen.polygon(_at([(side * x, y) for x, y in ear] + [(0, 0)]), fill=brush.base)


def _pumpkin(pen: Pen, brush: Brush) -> None:
    pen.rectangle([*_at([(-0.1, -0.95)])[0], *_at([(0.12, -0.5)])[0]], fill=(70, 110, 50, 255))
    for x, rx in ((-0.5, 0.45), (0.5, 0.45), (-0.2, 0.45), (0.2, 0.45)):
        _oval(pen, x, 0.15, rx, 0.7, brush.dark if abs(x) > 0.3 else brush.base)
    for x in (-0.35, 0.35):
        pen.polygon(_at([(x - 0.2, 0.1), (x + 0.2, 0.1), (x, -0.25)]), fill=(40, 20, 10, 255))
    pen.polygon(_at([(-0.55, 0.3), (0.55, 0.3), (0.2, 0.6), (0, 0.45), (-0.2, 0.6)]), fill=(40, 20, 10, 255))


def _ghost(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, -0.3, 0.6, 0.65, brush.base)
    pen.polygon(
        _at(
            [
                (-0.6, -0.3),
                (0.6, -0.3),
                (0.65, 0.9),
                (0.35, 0.65),
                (0.1, 0.92),
                (-0.2, 0.65),
                (-0.5, 0.92),
                (-0.65, 0.7),
            ]
        ),
        fill=brush.base,
    )
    for x in (-0.22, 0.22):
        _oval(pen, x, -0.35, 0.1, 0.15, (40, 40, 60, 255))


def _paw(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0.35, 0.48, 0.4, brush.base)
    for x, y in ((-0.65, -0.1), (-0.25, -0.5), (0.25, -0.5), (0.65, -0.1)):
        _oval(pen, x, y, 0.2, 0.26, brush.base)


def _lantern(pen: Pen, brush: Brush) -> None:
    pen.line(_at([(0, -1), (0, 1)]), fill=(240, 190, 80, 255), width=6)
    for rx, fill in ((0.8, brush.dark), (0.62, brush.base), (0.25, brush.light)):
        _oval(pen, 0, 0, rx, 0.6, fill)
    for y in (-0.62, 0.62):
        pen.rectangle([*_at([(-0.35, y - 0.08)])[0], *_at([(0.35, y + 0.08)])[0]], fill=(240, 190, 80, 255))


def _packet(pen: Pen, brush: Brush) -> None:
    pen.rounded_rectangle([*_at([(-0.6, -0.9)])[0], *_at([(0.6, 0.9)])[0]], 18, fill=brush.base)
    pen.pieslice([*_at([(-0.6, -1.5)])[0], *_at([(0.6, -0.2)])[0]], 0, 180, fill=brush.dark)
    _oval(pen, 0, -0.2, 0.24, 0.24, (250, 205, 90, 255))


def _gift(pen: Pen, brush: Brush) -> None:
    pen.rectangle([*_at([(-0.8, -0.3)])[0], *_at([(0.8, 0.9)])[0]], fill=brush.base)
    pen.rectangle([*_at([(-0.9, -0.5)])[0], *_at([(0.9, -0.15)])[0]], fill=brush.dark)
    pen.rectangle([*_at([(-0.14, -0.5)])[0], *_at([(0.14, 0.9)])[0]], fill=(250, 220, 120, 255))
    for x in (-0.3, 0.3):
        _ring(pen, x, -0.7, 0.26, 0.04, (250, 220, 120, 255))


def _flower(pen: Pen, brush: Brush) -> None:
    for k in range(6):
        _oval(pen, 0.52 * cos(k * pi / 3), 0.52 * sin(k * pi / 3), 0.38, 0.38, brush.base if k % 2 else brush.light)
    _oval(pen, 0, 0, 0.28, 0.28, (250, 200, 70, 255))


def _balloon(pen: Pen, brush: Brush) -> None:
    pen.line(_at([(0, 0.5), (0.08, 0.75), (-0.05, 1)]), fill=(220, 220, 220, 255), width=4)
    _oval(pen, 0, -0.25, 0.6, 0.72, brush.base)
    _oval(pen, -0.22, -0.5, 0.13, 0.2, brush.light)


def _ball(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, brush.dark)
    _oval(pen, -0.06, -0.06, 0.86, 0.86, brush.base)
    _oval(pen, -0.35, -0.4, 0.22, 0.18, brush.light)


def _fish(pen: Pen, brush: Brush) -> None:
    _oval(pen, -0.15, 0, 0.7, 0.4, brush.base)
    pen.polygon(_at([(0.4, 0), (0.98, -0.42), (0.85, 0), (0.98, 0.42)]), fill=brush.dark)
    _oval(pen, -0.55, -0.08, 0.08, 0.08, (20, 20, 30, 255))


def _crown(pen: Pen, brush: Brush) -> None:
    outline = [(-0.9, 0.6), (-0.95, -0.4), (-0.45, 0.1), (0, -0.7), (0.45, 0.1), (0.95, -0.4), (0.9, 0.6)]
    pen.polygon(_at(outline), fill=brush.base)
    for x, y in ((-0.95, -0.45), (0, -0.75), (0.95, -0.45)):
        _oval(pen, x * 0.93, y, 0.12, 0.12, brush.light)


def _brick(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.8, -0.5), (0.3, -0.75), (0.85, 0.1), (0.4, 0.7), (-0.7, 0.55)]), fill=brush.base)
    pen.polygon(_at([(-0.8, -0.5), (0.3, -0.75), (0.1, -0.2), (-0.5, -0.1)]), fill=brush.light)


def _question(pen: Pen, brush: Brush) -> None:
    pen.arc([*_at([(-0.55, -0.95)])[0], *_at([(0.55, 0.15)])[0]], 160, 90, fill=brush.base, width=40)
    pen.line(_at([(0, 0.05), (0, 0.4)]), fill=brush.base, width=38)
    _oval(pen, 0, 0.78, 0.19, 0.19, brush.base)


def _streak(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.05, -1), (0.05, -1), (0.03, 1), (-0.03, 1)]), fill=(*brush.base[:3], 190))


SHAPES: dict[str, Callable[[Pen, Brush], None]] = {
    "ball": _ball,
    "balloon": _balloon,
    "bat": _bat,
    "bill": _bill,
    "brick": _brick,
    "bubble": _bubble,
    "coin": _coin,
    "confetti": _confetti,
    "crown": _crown,
    "drop": _drop,
    "feather": _feather,
    "fish": _fish,
    "flake": _flake,
    "flower": _flower,
    "ghost": _ghost,
    "gift": _gift,
    "heart": _heart,
    "lantern": _lantern,
    "leaf": _leaf,
    "note": _note,
    "packet": _packet,
    "paw": _paw,
    "petal": _petal,
    "pumpkin": _pumpkin,
    "question": _question,
    "soft": _soft,
    "spark": _spark,
    "star": _five,
    "streak": _streak,
}
