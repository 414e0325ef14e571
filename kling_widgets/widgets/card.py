"""A plain picture of two lines, for the saved notebook of a widget that has no better picture yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SIZE = (640, 120)
INK, SOFT, SURFACE = "#1f2328", "#5c636b", "#f3f4f6"


def card(title: str, line: str) -> Picture:
    """`title` over `line`, on a light surface that reads in both themes; 640 x 120 px."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", SIZE, SURFACE)
    draw = ImageDraw.Draw(picture)
    draw.text((24, 28), title, INK, ImageFont.load_default(26))
    draw.text((24, 70), line, SOFT, ImageFont.load_default(18))
    return picture
