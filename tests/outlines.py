"""The sample photos' objects, outlined by hand."""

from __future__ import annotations

import numpy as np
import PIL.Image
import PIL.ImageDraw

Corners = list[tuple[int, int]]

# rocket.jpg: the rocket, and the tower that leans on it, which may belong to it or not.
# fmt: off
ROCKET: Corners = [
    (322, 127), (327, 134), (332, 145), (334, 160), (334, 176), (332, 180), (332, 407), (314, 407), (314, 180),
    (311, 176), (311, 145), (317, 133),
]
TOWER: list[Corners] = [
    [(307, 150), (311, 150), (314, 178), (314, 407), (300, 407), (305, 340), (308, 300)],
    [(332, 178), (338, 185), (338, 340), (345, 407), (332, 407)],
]
# coffee.png: the cup on its saucer, with the spoon.
CUP: Corners = [
    (173, 95), (178, 60), (200, 38), (240, 22), (290, 17), (340, 25), (380, 45), (403, 80), (407, 105), (424, 110),
    (455, 140), (475, 190), (479, 240), (470, 290), (445, 335), (400, 365), (350, 383), (290, 388), (240, 382),
    (190, 362), (145, 335), (110, 300), (85, 260), (76, 220), (82, 180), (100, 140), (130, 105), (165, 78),
]
# chelsea.png: the cat.
CAT: Corners = [
    (0, 110), (20, 96), (28, 90), (32, 60), (34, 40), (42, 2), (44, 0), (385, 0), (372, 20), (360, 38), (352, 50),
    (353, 62), (360, 105), (360, 125), (350, 160), (330, 185), (310, 220), (300, 250), (300, 299), (0, 299),
]
# fmt: on


def outline(shape: tuple[int, ...], corners: Corners | list[Corners]) -> np.ndarray:
    """As a mask, bool (H, W)."""
    picture = PIL.Image.new("1", (shape[1], shape[0]))
    draw = PIL.ImageDraw.Draw(picture)
    for one in corners if isinstance(corners[0], list) else [corners]:
        draw.polygon(one, fill=1)  # type: ignore[arg-type]
    return np.array(picture)
