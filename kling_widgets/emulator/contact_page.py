"""The page of a contact sheet: headings, pictures in rows, a title and a name beneath each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from kling_widgets.emulator.job import Photo

GAP = 8
"""Pixels between the pictures."""

FEWEST = 4
"""Pictures in a row, at least."""

WIDE = 2.3
"""How many times more pictures are in a row than in a column, were all rows full: a page wider than it is high."""

PAPER, INK, FAINT = "#17181c", "#f4f4f2", "#9a9ca5"

NOTE = "Local preview: our illustrations, not the vendor's films.   (2) takes two photos.   * is not on the later list."

Effect = dict[str, Any]
"""An entry of data/effects.json."""


@cache
def effects(only: str = "") -> tuple[Effect, ...]:
    """All effects in the order of the page: by category, and within one as data/effects.json has them.

    With `only`, those whose title, name, category or tags have all these words in them. Raises ValueError for none.
    """
    text = files("kling_widgets").joinpath("data/effects.json").read_text(encoding="utf-8")
    listed: list[Effect] = json.loads(text)["effects"]
    order = list(dict.fromkeys(effect["category"] for effect in listed))
    found = [effect for effect in listed if all(word in _about(effect) for word in only.lower().split())]
    if not found:
        raise ValueError(f"No effect has {only!r} in its title, category or tags: try another word, or leave it out.")

    return tuple(sorted(found, key=lambda effect: order.index(effect["category"])))


def _about(effect: Effect) -> str:
    return " ".join([effect["title"], effect["scene"], effect["category"], *effect["tags"]]).lower()


def page(pictures: Sequence[Photo], shown: Sequence[Effect]) -> Image.Image:
    """The pictures, all of one size, one for each of the effects, which are together by category."""
    height, width = pictures[0].shape[:2]
    line = max(9, round(width / 13))
    heading, foot = round(2.6 * line), round(2.6 * line)
    headings, corners, bottom = _places(shown, (width + GAP, height + foot + GAP), heading)

    sheet = Image.new("RGB", (max(x for x, _ in corners) + width + GAP, bottom + heading), PAPER)
    pen = ImageDraw.Draw(sheet)
    for category, y in headings:
        pen.text((GAP, y + heading - 0.6 * line), category, fill=INK, font=_font(1.5 * line), anchor="ls")
    for effect, picture, (x, y) in zip(shown, pictures, corners, strict=True):
        sheet.paste(Image.fromarray(picture), (x, y))
        _write(pen, x + width / 2, y + height + 0.95 * line, _title(effect), INK, line, width)
        _write(pen, x + width / 2, y + height + 2.05 * line, effect["scene"], FAINT, 0.8 * line, width)
    pen.text((GAP, bottom + heading / 2), NOTE, fill=FAINT, font=_font(line), anchor="lm")
    return sheet


def _places(
    shown: Sequence[Effect], step: tuple[int, int], heading: int
) -> tuple[list[tuple[str, int]], list[tuple[int, int]], int]:
    """Each category with its heading's top, each picture's top left corner, and where the last row ends."""
    headings: list[tuple[str, int]] = []
    corners = []
    columns = max(FEWEST, round((WIDE * len(shown)) ** 0.5))
    y, column = -step[1], columns
    for effect in shown:
        if not headings or headings[-1][0] != effect["category"]:
            headings.append((effect["category"], y + step[1]))
            y, column = y + step[1] + heading, 0
        elif column == columns:
            y, column = y + step[1], 0
        corners.append((GAP + column * step[0], y))
        column += 1

    return headings, corners, y + step[1]


def _title(effect: Effect) -> str:
    listed: list[bool] = list(effect["listed"].values())
    return f"{effect['title']}{' (2)' if effect['images'] == 2 else ''}{'' if listed[-1] else ' *'}"


def _write(pen: ImageDraw.ImageDraw, x: float, y: float, words: str, colour: str, size: float, most: float) -> None:
    """In the middle under the picture; what is too long for it gets smaller type."""
    wide = _font(size).getlength(words)
    pen.text((x, y), words, fill=colour, font=_font(size * min(1, most / wide)), anchor="mm")


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
