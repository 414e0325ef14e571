"""A drawing as a still picture, by the looks of the live brush (js/src/paint/palette.ts, js/src/paint/arrow.ts)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageChops
import PIL.ImageDraw
import PIL.ImageFilter
import PIL.ImageFont
from numpy.typing import NDArray

from kling_widgets.drawing import AREAS, Points, resample
from kling_widgets.widgets.labels import STATIC, Labels

# Okabe and Ito's colours, which colour-blind eyes can tell apart; the static area is white and grey.
COLOURS = ["#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#F4F5F6"]
DARK_INK = {1, 2, 4}
GREY = "#5A6066"
FILL = 0.35

# Sizes are given for a picture of this width; larger pictures get larger marks.
USUAL = 900

# From chevron to chevron, and how many parts of the film the dots along a path show.
APART = 56
TENTHS = 10


def sketch(photo: PIL.Image.Image, labels: Labels, paths: Mapping[int, Points]) -> PIL.Image.Image:
    """`photo` with `labels` (H, W) and `paths` (pixels of the labels, origin top left) on it, in the photo's size."""
    picture = photo.convert("RGB")
    height, width = labels.shape
    unit = max(1.0, picture.width / USUAL)
    seen = np.asarray(PIL.Image.fromarray(labels).resize(picture.size, PIL.Image.Resampling.NEAREST))
    present = [label for label in range(1, STATIC + 1) if (seen == label).any()]
    for label in present:
        _paint(picture, seen == label, label, unit)
    # Marks are drawn larger and brought down, which smooths their edges; on a large picture they are large already.
    finer = 3 if unit < 2 else 1
    marks = PIL.Image.new("RGBA", (picture.width * finer, picture.height * finer))
    scale = np.array([marks.width / width, marks.height / height])
    for number in range(1, AREAS + 1):
        if number in paths:
            _arrow(marks, resample(paths[number]) * scale, COLOURS[number], unit * finer)
    for number in present:
        if number != STATIC:
            x, y = _middle(seen == number)
            _disc(marks, (x * finer, y * finer), number, unit * finer)
    marks = marks.reduce(finer)
    picture.paste(marks, mask=marks)
    return picture


def _paint(picture: PIL.Image.Image, mask: NDArray[np.bool_], label: int, unit: float) -> None:
    """35 % of colour, a full outline inside the edge, a dark halo outside it."""
    area = PIL.Image.fromarray(mask).convert("L")
    # One pixel of nothing around the picture, so that an area at its border is outlined there too.
    framed = PIL.Image.new("L", (area.width + 2, area.height + 2))
    framed.paste(area, (1, 1))
    thick = 2 * round(unit) + 1
    box = (1, 1, area.width + 1, area.height + 1)
    core = framed.filter(PIL.ImageFilter.MinFilter(thick)).crop(box)
    wide = framed.filter(PIL.ImageFilter.MaxFilter(thick)).crop(box)
    halo = PIL.ImageChops.subtract(wide, area).point(lambda value: value // 2)
    picture.paste("black", mask=halo)
    if label == STATIC:
        across = np.add.outer(np.arange(mask.shape[0]), np.arange(mask.shape[1]))
        stripe = PIL.Image.fromarray(across % round(8 * unit) < 4 * unit).convert("L")
        picture.paste(GREY, mask=_share(PIL.ImageChops.subtract(core, stripe)))
        core = PIL.ImageChops.darker(core, stripe)
    picture.paste(COLOURS[label], mask=_share(core))
    outline = PIL.ImageChops.subtract(area, framed.filter(PIL.ImageFilter.MinFilter(thick)).crop(box))
    picture.paste(COLOURS[label], mask=outline)


def _share(mask: PIL.Image.Image) -> PIL.Image.Image:
    return mask.point(lambda value: round(value * FILL))


def _arrow(picture: PIL.Image.Image, path: Points, colour: str, unit: float) -> None:
    """In a white casing with a dark rim: a start, chevrons, a head; and a dot each tenth of the film."""
    end, head = path[-1], 13 * unit
    ahead = _heading(path, 10 * unit)
    tip = [end, *_corners(end, ahead, head, head / 2)]
    lines = [[*path[:-1], end - ahead * head * 0.6], *_chevrons(path, unit)]
    draw = PIL.ImageDraw.Draw(picture)
    for ink, extra in (("#303030", 2.5), ("white", 1.25), (colour, 0.0)):
        for line in lines:
            draw.line([tuple(point) for point in line], fill=ink, width=round((2.5 + 2 * extra) * unit), joint="curve")
        draw.polygon([tuple(point) for point in tip], fill=ink, outline=ink, width=max(1, round(2 * extra * unit)))
        draw.circle(tuple(path[0]), (4.5 + extra) * unit, fill=ink)
    for place in _between(path, np.arange(len(path)), np.linspace(0, len(path) - 1, TENTHS + 1)[1:-1]):
        draw.circle(tuple(place), 3.6 * unit, fill="#4d4d4d")
        draw.circle(tuple(place), 2.4 * unit, fill="white")


def _heading(path: Points, least: float) -> Points:
    """Where a path points at its end: along the last stretch that is no tremble of the hand."""
    away = np.hypot(*(path[-1] - path).T)
    far = np.flatnonzero(away >= least)
    back = far[-1] if len(far) else 0
    unit: Points = (path[-1] - path[back]) / away[back] if away[back] else np.array([1.0, 0.0])
    return unit


def _chevrons(path: Points, unit: float) -> list[list[Points]]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    arm = 4.5 * unit
    tips = APART * unit * np.arange(1, 1 + max(0, int((along[-1] - 13 * unit - arm) / (APART * unit))))
    ways = _between(path, along, tips + 2 * unit) - _between(path, along, tips - 2 * unit)
    lengths = np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
    shown = []
    for tip, ahead in zip(_between(path, along, tips), ways / lengths, strict=True):
        left, right = _corners(tip, ahead, arm, arm)
        shown.append([left, tip, right])
    return shown


def _corners(tip: Points, ahead: Points, back: float, aside: float) -> tuple[Points, Points]:
    side = np.array([-ahead[1], ahead[0]])
    return tip - back * ahead + aside * side, tip - back * ahead - aside * side


def _between(path: Points, clock: NDArray[Any], times: NDArray[Any]) -> Points:
    return np.column_stack([np.interp(times, clock, path[:, 0]), np.interp(times, clock, path[:, 1])])


def _disc(picture: PIL.Image.Image, middle: tuple[float, float], number: int, unit: float) -> None:
    draw = PIL.ImageDraw.Draw(picture)
    draw.circle(middle, 11.5 * unit, fill="#303030")
    draw.circle(middle, 11 * unit, fill="white")
    draw.circle(middle, 10 * unit, fill=COLOURS[number])
    ink = "black" if number in DARK_INK else "white"
    draw.text(middle, str(number), fill=ink, anchor="mm", font=PIL.ImageFont.load_default(12 * unit))


def _middle(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """The pixel of the area that is nearest to its centre of mass."""
    rows, columns = np.argwhere(mask).T
    nearest = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
    return float(columns[nearest]) + 0.5, float(rows[nearest]) + 0.5
