"""Pictures instead of films: the place that the words name, or the photo re-imagined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from PIL import Image

from kling_widgets.emulator.dream import MOMENT, paint, weather
from kling_widgets.emulator.fit import Size, cover
from kling_widgets.emulator.framing import LIGHT, View, places, seen
from kling_widgets.emulator.job import Photo, Sheet
from kling_widgets.emulator.label import Label
from kling_widgets.emulator.looks.catalogue import STYLES
from kling_widgets.emulator.looks.paint import graded
from kling_widgets.emulator.mood import hour_named, mood

HANDS: Sequence[tuple[str, dict[str, Any]]] = (
    ("oil", {}),
    ("cartoon", {}),
    ("sketch", {"colour": 0.3}),
    ("duotone", {"share": 0.7}),
    ("felt", {}),
    ("anime", {}),
    ("aged", {"share": 0.6}),
    ("crystal", {"facets": 52}),
    ("comic", {}),
)
"""The looks that a photo is drawn anew in, one after the other, where the words name none."""

WORDS = {
    "oil": "oil painting painted painterly brush watercolor watercolour impressionist impressionism gogh monet",
    "anime": "anime manga ghibli",
    "sketch": "sketch pencil drawing drawn charcoal ink",
    "comic": "comic comics pop halftone",
    "cartoon": "cartoon pixar plastic animated",
    "pixels": "pixel pixels pixelated retro arcade",
    "felt": "felt wool woolen",
    "knit": "knit knitted yarn crochet",
    "plush": "plush toy stuffed fluffy",
    "metal": "gold golden metal bronze chrome",
    "crystal": "crystal glass mosaic polygon polygons",
    "frost": "ice icy frost frozen",
    "stone": "stone marble statue sculpture",
    "aged": "vintage sepia antique old",
}
"""Words that name a look."""

NEARER = (1.0, 1.22, 1.0, 1.4, 1.1, 1.3, 1.0, 1.18, 1.5)
"""How close each picture of a photo comes."""

TONES = (0.0, 10.0, -10.0)
"""Warmth of pictures in one look, so that no two are alike."""


def draw(sheet: Sheet, paths: Sequence[Path]) -> None:
    """Write the sheet's pictures as PNG files, one to each path, each another variation.

    All files are there in the end, or none. Blocking and busy: call it in a worker. Raises ValueError unless there is
    exactly one path for each picture.
    """
    if len(paths) != sheet.n:
        raise ValueError(f"{sheet.n} pictures need {sheet.n} paths, not {len(paths)}.")

    label = Label((sheet.width, sheet.height))
    try:
        for number, path in enumerate(paths):
            picture = picture_of(sheet, number)
            label.stamp(picture)
            # Half the time of the default for a few percent more bytes.
            Image.fromarray(picture).save(path, "PNG", compress_level=3)
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise


def picture_of(sheet: Sheet, number: int) -> Photo:
    """The picture of this number, counted from 0, without its label: always the same for the same sheet."""
    size = sheet.width, sheet.height
    if sheet.photo is None:
        return paint(sheet.prompt, size, number)

    asked = look_named(sheet.prompt)
    look, parameters = (asked, {}) if asked else HANDS[number % len(HANDS)]
    view = _cut(sheet.photo, size, number)
    hour = hour_named(sheet.prompt)
    lit = graded(view, **LIGHT[hour]) if hour else view
    drawn = STYLES[look](lit, crc32(sheet.prompt.encode("utf-8", "surrogatepass")) + number, **parameters)
    tone = TONES[number % len(TONES)] if asked else 0.0
    return weather(graded(drawn, warmth=tone, light=tone / 3), MOMENT, mood(sheet.prompt, number))


def look_named(prompt: str) -> str | None:
    """The look that the words ask for by name, or None."""
    words = set(re.findall(r"[a-z]+", prompt.lower()))
    return next((look for look, names in WORDS.items() if words & set(names.split())), None)


def _cut(photo: Photo, size: Size, number: int) -> Photo:
    """The photo at this size, its middle or a part worth a look."""
    nearer = NEARER[number % len(NEARER)]
    large = cover(photo, (round(size[0] * nearer), round(size[1] * nearer)))
    x, y = (0.5, 0.5) if nearer == 1 else places(large, 4)[number % 4]
    # A little above: heads are at the top of things.
    return seen(large, View(x, y - 0.08 * (nearer > 1), nearer).inside(), size)
