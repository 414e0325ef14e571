"""More drawings for sprites: things worn on heads, held up or crawling about, each made of a few strokes."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from kling_widgets.emulator.looks.shapes import CANVAS, Brush, Pen, Points

Ink = tuple[int, ...]

BLACK, WHITE, GOLD, RED = (24, 20, 26, 255), (255, 255, 255, 255), (246, 205, 96, 255), (214, 40, 48, 255)


def _at(points: Points) -> Points:
    return [(CANVAS * (0.5 + 0.45 * x), CANVAS * (0.5 + 0.45 * y)) for x, y in points]


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    (x, y), (u, v) = _at([(left, top), (right, bottom)])
    return [x, y, u, v]


def _oval(pen: Pen, x: float, y: float, rx: float, ry: float, fill: Ink) -> None:
    pen.ellipse(_box(x - rx, y - ry, x + rx, y + ry), fill=fill)


def _line(pen: Pen, points: Points, fill: Ink, width: int) -> None:
    pen.line(_at(points), fill=fill, width=width, joint="curve")


def _wizard(pen: Pen, brush: Brush) -> None:
    """A pointed hat with a bent tip; its brim is the lowest thing."""
    pen.polygon(_at([(-0.6, 0.62), (-0.2, -0.5), (0.3, -0.95), (0.62, -0.62), (0.28, -0.5), (0.6, 0.62)]), brush.base)
    pen.polygon(_at([(0.1, 0.62), (0.12, -0.5), (0.3, -0.6), (0.6, 0.62)]), brush.dark)
    pen.polygon(_at([(-0.6, 0.62), (-0.52, 0.34), (0.52, 0.34), (0.6, 0.62)]), GOLD)
    _oval(pen, 0, 0.68, 0.98, 0.2, brush.dark)
    _oval(pen, 0, 0.62, 0.98, 0.17, brush.base)
    pen.polygon(_at([(-0.6, 0.62), (-0.55, 0.42), (0.55, 0.42), (0.6, 0.62)]), GOLD)


def _santa(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.7, 0.5), (-0.35, -0.5), (0.25, -0.75), (0.8, -0.1), (0.45, -0.2), (0.7, 0.5)]), brush.base)
    pen.polygon(_at([(0.2, 0.5), (0.1, -0.3), (0.45, -0.2), (0.7, 0.5)]), brush.dark)
    _oval(pen, 0.8, 0, 0.19, 0.19, WHITE)
    pen.rounded_rectangle(_box(-0.85, 0.4, 0.85, 0.82), 26, fill=WHITE)


def _chef(pen: Pen, brush: Brush) -> None:
    for x, y, r in ((-0.5, -0.3, 0.42), (0.5, -0.3, 0.42), (0, -0.5, 0.46)):
        _oval(pen, x, y, r, r, brush.dark)
        _oval(pen, x, y - 0.04, r * 0.94, r * 0.94, brush.base)
    pen.rectangle(_box(-0.62, -0.2, 0.62, 0.4), fill=brush.base)
    for x in (-0.3, 0, 0.3):
        _line(pen, [(x, -0.25), (x, 0.35)], brush.dark, 4)
    pen.rounded_rectangle(_box(-0.68, 0.35, 0.68, 0.78), 12, fill=brush.base, outline=brush.dark, width=5)


def _hardhat(pen: Pen, brush: Brush) -> None:
    pen.pieslice(_box(-0.78, -0.6, 0.78, 1.1), 180, 360, fill=brush.base)
    pen.pieslice(_box(-0.2, -0.72, 0.2, 1.1), 180, 360, fill=brush.light)
    pen.rounded_rectangle(_box(-0.98, 0.2, 0.98, 0.46), 14, fill=brush.dark)
    pen.rounded_rectangle(_box(-0.98, 0.17, 0.98, 0.36), 14, fill=brush.base)


def _cap(pen: Pen, brush: Brush) -> None:
    pen.pieslice(_box(-0.7, -0.6, 0.7, 1.1), 180, 360, fill=brush.base)
    pen.pieslice(_box(-0.25, -0.6, 0.25, 1.1), 180, 360, fill=brush.dark)
    pen.pieslice(_box(-0.2, -0.05, 0.98, 0.6), 180, 360, fill=brush.light)
    _oval(pen, 0, -0.58, 0.09, 0.06, brush.light)


def _helmet(pen: Pen, brush: Brush) -> None:
    """A knight's, with a plume."""
    pen.polygon(_at([(0, -0.55), (-0.1, -0.98), (0.6, -0.9), (0.95, -0.2), (0.6, -0.3)]), RED)
    pen.pieslice(_box(-0.75, -0.65, 0.75, 1.1), 180, 360, fill=brush.base)
    pen.pieslice(_box(0, -0.65, 0.75, 1.1), 270, 360, fill=brush.dark)
    pen.rounded_rectangle(_box(-0.85, 0.15, 0.85, 0.42), 10, fill=GOLD)
    pen.rectangle(_box(-0.08, -0.6, 0.08, 0.6), fill=GOLD)


def _horns(pen: Pen, brush: Brush) -> None:
    for side in (-1, 1):
        outer = [(0.35, 0.7), (0.72, 0.45), (0.98, -0.1), (0.85, -0.95), (0.78, -0.25), (0.6, 0.1), (0.22, 0.42)]
        pen.polygon(_at([(side * x, y) for x, y in outer]), brush.base)
        inner = [(0.35, 0.7), (0.66, 0.4), (0.88, -0.1), (0.85, -0.95), (0.8, -0.25), (0.62, 0.15)]
        pen.polygon(_at([(side * x, y) for x, y in inner]), brush.dark)


def _ears(pen: Pen, brush: Brush) -> None:
    """Round ones, whose lower half the head hides."""
    for side in (-1, 1):
        pen.pieslice(_box(side * 0.66 - 0.34, -0.35, side * 0.66 + 0.34, 0.65), 180, 360, fill=brush.base)
        pen.pieslice(_box(side * 0.66 - 0.19, -0.12, side * 0.66 + 0.19, 0.42), 180, 360, fill=brush.dark)


def _pointed(pen: Pen, brush: Brush) -> None:
    """Ears that stand up: a pig's, a cat's."""
    for side in (-1, 1):
        pen.polygon(_at([(side * x, y) for x, y in ((0.2, 0.5), (0.55, -0.75), (0.98, 0.1), (0.8, 0.6))]), brush.base)
        pen.polygon(_at([(side * x, y) for x, y in ((0.4, 0.4), (0.58, -0.4), (0.82, 0.12))]), brush.dark)


def _feelers(pen: Pen, brush: Brush) -> None:
    for side in (-1, 1):
        _line(pen, [(side * 0.15, 0.8), (side * 0.2, 0.2), (side * 0.5, -0.4), (side * 0.6, -0.6)], BLACK, 12)
        _oval(pen, side * 0.62, -0.7, 0.2, 0.2, brush.base)


def _wig(pen: Pen, brush: Brush) -> None:
    curls = [(0.78 * cos(a), 0.05 + 0.7 * sin(a)) for a in (pi * k / 9 for k in range(9, 19))]
    curls += [(0.45 * cos(a), 0.05 + 0.4 * sin(a)) for a in (pi * k / 5 for k in range(5, 11))]
    curls += [(-0.82, 0.35), (0.82, 0.35), (-0.78, 0.62), (0.78, 0.62)]
    for number, (x, y) in enumerate(curls):
        _oval(pen, x, y, 0.24, 0.24, (brush.dark, brush.base, brush.light)[number % 3])


def _mushroom(pen: Pen, brush: Brush) -> None:
    pen.rounded_rectangle(_box(-0.28, 0.1, 0.28, 0.95), 24, fill=(250, 238, 214, 255))
    pen.pieslice(_box(-0.98, -0.85, 0.98, 1.15), 180, 360, fill=brush.base)
    for x, y, r in ((-0.5, -0.2, 0.17), (0.05, -0.5, 0.2), (0.55, -0.15, 0.17), (0, 0, 0.1)):
        _oval(pen, x, y, r, r * 0.85, WHITE)


def _toadstool(pen: Pen, brush: Brush) -> None:
    """The cap of a mushroom alone, to be worn."""
    pen.pieslice(_box(-0.98, -0.85, 0.98, 1.35), 180, 360, fill=brush.base)
    _oval(pen, 0, 0.25, 0.97, 0.16, (250, 238, 214, 255))
    for x, y, r in ((-0.55, -0.1, 0.17), (0.05, -0.45, 0.2), (0.58, -0.05, 0.16), (-0.1, 0, 0.1)):
        _oval(pen, x, y, r, r * 0.85, WHITE)


def _spider(pen: Pen, brush: Brush) -> None:
    for side in (-1, 1):
        for start, knee, foot in ((-0.2, -0.75, -0.55), (-0.05, -0.35, 0.05), (0.1, 0.1, 0.55), (0.2, 0.35, 0.95)):
            _line(pen, [(0, start), (side * 0.6, knee), (side * 0.95, foot)], brush.base, 11)
    _oval(pen, 0, 0.3, 0.38, 0.46, brush.base)
    _oval(pen, 0, -0.25, 0.25, 0.24, brush.base)
    pen.polygon(_at([(-0.12, 0.1), (0.12, 0.1), (0, 0.3), (0.12, 0.5), (-0.12, 0.5), (0, 0.3)]), brush.light)
    for x in (-0.1, 0.1):
        _oval(pen, x, -0.34, 0.05, 0.05, RED)


def _bee(pen: Pen, brush: Brush) -> None:
    for x, tilt in ((-0.25, -0.5), (0.2, -0.55)):
        _oval(pen, x, tilt, 0.3, 0.42, (235, 246, 255, 190))
    _oval(pen, 0, 0.15, 0.8, 0.52, brush.base)
    for x, ry in ((-0.28, 0.47), (0.1, 0.51), (0.48, 0.41)):
        pen.rectangle(_box(x - 0.09, 0.15 - ry, x + 0.09, 0.15 + ry), fill=BLACK)
    _oval(pen, -0.68, 0.08, 0.26, 0.28, BLACK)
    _oval(pen, -0.74, 0.02, 0.07, 0.09, WHITE)


def _cog(pen: Pen, brush: Brush) -> None:
    for k in range(10):
        a, b = 2 * pi * k / 10, 0.16
        corners = [(0.7, -b), (0.98, -b * 0.6), (0.98, b * 0.6), (0.7, b)]
        pen.polygon(_at([(r * cos(a + d), r * sin(a + d)) for r, d in corners]), brush.base)
    _oval(pen, 0, 0, 0.78, 0.78, brush.base)
    _oval(pen, 0, 0, 0.62, 0.62, brush.dark)
    _oval(pen, 0, 0, 0.5, 0.5, brush.base)
    _oval(pen, 0, 0, 0.2, 0.2, (*brush.dark[:3], 255))


def _baseball(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, brush.dark)
    _oval(pen, -0.03, -0.03, 0.9, 0.9, brush.base)
    for side in (-1, 1):
        middle, box = (0 if side < 0 else 180), _box(side * 1.15 - 0.75, -0.85, side * 1.15 + 0.75, 0.85)
        pen.arc(box, middle - 55, middle + 55, fill=RED, width=7)
        for y in (-0.5, -0.25, 0, 0.25, 0.5):
            x = side * (0.4 + 0.35 * y * y)
            _line(pen, [(x - 0.09, y - 0.04 * side), (x + 0.09, y + 0.04 * side)], RED, 6)


def _thought(pen: Pen, brush: Brush) -> None:
    for ink, more in ((brush.dark, 0.05), (brush.base, 0.0)):
        for x, y, r in ((-0.45, -0.15, 0.38), (0.0, -0.4, 0.42), (0.48, -0.15, 0.38), (0.05, 0.05, 0.42)):
            _oval(pen, x, y, r + more, r * 0.85 + more, ink)
        _oval(pen, -0.4, 0.6, 0.15 + more, 0.13 + more, ink)
        _oval(pen, -0.62, 0.86, 0.08 + more, 0.07 + more, ink)
    for x in (-0.32, 0.02, 0.36):
        _oval(pen, x, -0.17, 0.09, 0.09, brush.dark)


def _microphone(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.16, -0.3), (0.16, -0.3), (0.1, 1.1), (-0.1, 1.1)]), BLACK)
    _oval(pen, 0, -0.62, 0.34, 0.38, (120, 124, 132, 255))
    for x in (-0.18, 0, 0.18):
        _line(pen, [(x, -0.95), (x, -0.3)], (70, 74, 82, 255), 4)
    pen.rounded_rectangle(_box(-0.42, -0.36, 0.42, 0.02), 8, fill=brush.base)
    pen.rectangle(_box(-0.3, -0.24, 0.3, -0.1), fill=brush.light)


def _mooncake(pen: Pen, brush: Brush) -> None:
    for k in range(12):
        _oval(pen, 0.78 * cos(2 * pi * k / 12), 0.78 * sin(2 * pi * k / 12), 0.2, 0.2, brush.dark)
    _oval(pen, 0, 0, 0.84, 0.84, brush.base)
    for k in range(8):
        a = 2 * pi * k / 8
        _oval(pen, 0.45 * cos(a), 0.45 * sin(a), 0.17, 0.17, brush.dark)
        _oval(pen, 0.45 * cos(a), 0.45 * sin(a), 0.12, 0.12, brush.light)
    _oval(pen, 0, 0, 0.22, 0.22, brush.dark)


def _plate(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, brush.dark)
    _oval(pen, 0, 0, 0.9, 0.9, brush.base)
    pen.ellipse(_box(-0.6, -0.6, 0.6, 0.6), outline=(90, 140, 200, 255), width=8)


def _melon(pen: Pen, brush: Brush) -> None:
    for box, ink in ((0.95, (46, 140, 70, 255)), (0.82, (214, 240, 190, 255)), (0.74, brush.base)):
        pen.pieslice(_box(-box, -box - 0.35, box, box - 0.35), 0, 180, fill=ink)
    for x, y in ((-0.4, -0.15), (0, -0.1), (0.4, -0.15), (-0.2, 0.12), (0.2, 0.12)):
        _oval(pen, x, y, 0.05, 0.08, BLACK)


def _diamond(pen: Pen, brush: Brush) -> None:
    pen.ellipse(_box(-0.55, -0.15, 0.55, 0.95), outline=GOLD, width=18)
    pen.polygon(_at([(-0.42, -0.62), (0.42, -0.62), (0.6, -0.4), (0, 0.12), (-0.6, -0.4)]), brush.base)
    pen.polygon(_at([(-0.18, -0.4), (0.18, -0.4), (0, 0.12)]), brush.light)
    _line(pen, [(-0.6, -0.4), (0.6, -0.4)], brush.dark, 5)


def _fin(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.8, 1.1), (-0.45, 0.2), (0.1, -0.6), (0.62, -0.92), (0.5, -0.3), (0.62, 1.1)]), brush.base)
    pen.polygon(_at([(0.2, 1.1), (0.3, -0.3), (0.62, -0.92), (0.5, -0.3), (0.62, 1.1)]), brush.dark)


def _snout(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.9, 0.66, brush.dark)
    _oval(pen, 0, -0.03, 0.84, 0.6, brush.base)
    for x in (-0.3, 0.3):
        _oval(pen, x, 0, 0.14, 0.24, brush.dark)


def _smiley(pen: Pen, brush: Brush) -> None:
    _oval(pen, 0, 0, 0.95, 0.95, brush.dark)
    _oval(pen, 0, -0.02, 0.9, 0.9, brush.base)
    for x in (-0.32, 0.32):
        _oval(pen, x, -0.25, 0.11, 0.17, BLACK)
    pen.chord(_box(-0.55, -0.45, 0.55, 0.65), 10, 170, fill=(120, 40, 30, 255))


def _zed(pen: Pen, brush: Brush) -> None:
    _line(pen, [(-0.55, -0.7), (0.55, -0.7), (-0.55, 0.7), (0.55, 0.7)], brush.base, 36)


def _lips(pen: Pen, brush: Brush) -> None:
    upper = [(-0.95, 0), (-0.5, -0.42), (-0.2, -0.5), (0, -0.36), (0.2, -0.5), (0.5, -0.42), (0.95, 0)]
    pen.polygon(_at([*upper, (0.5, 0.45), (0, 0.6), (-0.5, 0.45)]), brush.base)
    pen.polygon(_at([(-0.8, 0), (-0.3, -0.08), (0, 0), (0.3, -0.08), (0.8, 0), (0, 0.12)]), brush.dark)
    _oval(pen, -0.25, 0.32, 0.2, 0.06, brush.light)


def _parcel(pen: Pen, brush: Brush) -> None:
    pen.rectangle(_box(-0.8, -0.6, 0.8, 0.75), fill=brush.base)
    pen.rectangle(_box(-0.8, -0.6, 0.8, -0.3), fill=brush.dark)
    pen.rectangle(_box(-0.14, -0.6, 0.14, 0.75), fill=(226, 202, 150, 255))
    pen.rectangle(_box(0.28, 0.3, 0.68, 0.6), fill=WHITE)


def _rocket(pen: Pen, brush: Brush) -> None:
    pen.polygon(_at([(-0.25, 0.55), (0.25, 0.55), (0, 1.05)]), (255, 170, 60, 255))
    pen.polygon(_at([(-0.28, 0.1), (-0.62, 0.65), (-0.2, 0.5), (0.2, 0.5), (0.62, 0.65), (0.28, 0.1)]), RED)
    _oval(pen, 0, -0.15, 0.33, 0.8, brush.base)
    _oval(pen, 0, -0.3, 0.16, 0.16, (90, 150, 220, 255))


def _broom(pen: Pen, brush: Brush) -> None:
    _line(pen, [(-0.95, -0.35), (0.4, 0.12)], brush.dark, 15)
    pen.polygon(_at([(0.3, 0), (0.98, -0.02), (0.9, 0.62), (0.25, 0.2)]), brush.base)
    for y in (0.15, 0.32, 0.48):
        _line(pen, [(0.4, 0.1), (0.94, y)], brush.dark, 4)


THINGS: dict[str, Callable[[Pen, Brush], None]] = {
    "baseball": _baseball,
    "bee": _bee,
    "broom": _broom,
    "cap": _cap,
    "chef": _chef,
    "cog": _cog,
    "diamond": _diamond,
    "ears": _ears,
    "feelers": _feelers,
    "fin": _fin,
    "hardhat": _hardhat,
    "helmet": _helmet,
    "horns": _horns,
    "lips": _lips,
    "melon": _melon,
    "microphone": _microphone,
    "mooncake": _mooncake,
    "mushroom": _mushroom,
    "parcel": _parcel,
    "plate": _plate,
    "pointed": _pointed,
    "rocket": _rocket,
    "santa": _santa,
    "smiley": _smiley,
    "snout": _snout,
    "spider": _spider,
    "thought": _thought,
    "toadstool": _toadstool,
    "wig": _wig,
    "wizard": _wizard,
    "zed": _zed,
}
