"""POST /v1/images/generations: the body, field by field.

The page of Image to Video shows it in a sample only (C6); limits and names are those of the vendor's own page for it,
as several copies agree on them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..order import Reading, Role, SheetOrder
from ..reading import Fields
from .common import common, model_name

MODELS = ("kling-v1", "kling-v1-5", "kling-v2", "kling-v2-new", "kling-v2-1", "kling-v3")
ASPECTS = {
    f"{width}:{height}": (width, height)
    for width, height in ((16, 9), (9, 16), (1, 1), (4, 3), (3, 4), (3, 2), (2, 3), (21, 9))
}
_SIDES = {"1k": 1024, "2k": 2048}
_LONGEST_PROMPT = 2500
_NUMBERS = range(1, 10)
_MOST_REFERENCES = 10


def read(body: Mapping[str, object]) -> Reading:
    """Raises Refusal (1203) for a model that does not exist."""
    fields = Fields(body)
    name = model_name(fields, MODELS.__contains__)
    prompt = fields.text("prompt", longest=_LONGEST_PROMPT)
    if not prompt.strip():
        fields.blame("prompt", "cannot be empty")
    image = _picture(fields, name)

    elements = fields.objects("element_list")
    if len(fields.array("element_list")) + bool(image) > _MOST_REFERENCES:
        fields.blame("element_list", f"and image cannot exceed {_MOST_REFERENCES} together")
    for element in elements:
        element.whole("element_id")

    side = _SIDES[fields.choice("resolution", _SIDES, default="1k")]
    width, height = _size(side, *ASPECTS[fields.choice("aspect_ratio", ASPECTS, default="16:9")])
    order = SheetOrder(
        prompt=prompt,
        width=width,
        height=height,
        n=fields.whole_in("n", _NUMBERS, default=1),
        # What a picture costs is not in our list of prices.
        units="0",
        **common(fields),
    )
    pictures: dict[str, tuple[Role, str]] = {"image": ("photo", image)} if image else {}
    return Reading(order, pictures, fields.problems)


def _picture(fields: Fields, name: str) -> str:
    """The picture to start from, and what is said of it.

    Copies of the page say that negative prompts are "not supported" with a picture, not that they are refused.
    """
    image = fields.text("image")
    fields.text("negative_prompt", longest=_LONGEST_PROMPT)
    reference = fields.choice("image_reference", ("subject", "face"), default="")
    for fidelity in ("image_fidelity", "human_fidelity"):
        fields.number(fidelity, default=0.5, low=0, high=1)

    if reference and not image:
        fields.blame("image", "is required when image_reference is given")
    if image and not reference and name == "kling-v1-5":
        fields.blame("image_reference", "is required by kling-v1-5 when image is given")
    return image


def _size(side: int, wide: int, high: int) -> tuple[int, int]:
    """Width and height in pixels, of just this ratio and about as many as a square of this side has."""
    unit = round(side / math.sqrt(wide * high))
    return wide * unit, high * unit
