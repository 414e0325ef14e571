"""POST /v1/videos/effects: the body, field by field (R120-R136)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

from ..order import FilmOrder, Reading, Role
from ..reading import Fields
from . import price
from .common import callback_url

_DATA = json.loads(files("kling_widgets").joinpath("data/effects.json").read_text("utf-8"))

_PHOTOS: dict[str, int] = {row["scene"]: row["images"] for row in _DATA["effects"]}
# C15: the page's own sample, which its list has under another name.
_RENAMED = {"pet_lion": "pet_lion_pro"}

# Older pages speak of 5 s; neither size nor frame rate is documented.
_SECONDS, _SHORT_SIDE, _FPS = 5, 720, 24


def read(body: Mapping[str, object]) -> Reading:
    fields = Fields(body)
    given = fields.text("effect_scene")
    scene = _RENAMED.get(given, given)
    if not given:  # R120
        fields.blame("effect_scene", "is required")
    elif scene not in _PHOTOS:  # R121
        fields.invalid("effect_scene")

    content = fields.nested("input")
    if content is None:  # R122
        fields.blame("input", "is required")
    pictures = _pictures(content, scene) if content and scene in _PHOTOS else {}

    order = FilmOrder(
        seconds=_SECONDS,
        short_side=_SHORT_SIDE,
        fps=_FPS,
        scene=scene,
        units=price.of_effect(scene),
        callback_url=callback_url(fields),
        external_task_id=fields.text("external_task_id"),
    )
    return Reading(order, pictures, fields.problems)


def _pictures(content: Fields, scene: str) -> dict[str, tuple[Role, str]]:
    """R123, R124, R130; both or neither of the two fields is an error (C17)."""
    wanted, other = ("input.image", "images") if _PHOTOS[scene] == 1 else ("input.images", "image")
    if content.has(other):
        content.blame(other, f"is not supported by effect_scene {scene}, use {wanted}")
        return {}

    if _PHOTOS[scene] == 1:
        image = content.text("image")
        if not image:
            content.blame("image", f"is required by effect_scene {scene}")
        return {"input.image": ("photo", image)}

    images = content.array("images")
    if len(images) != 2:
        content.blame("images", f"must have exactly 2 images for effect_scene {scene}")
        return {}

    pair: dict[str, tuple[Role, str]] = {}
    for place, portrait in enumerate(images):
        if not isinstance(portrait, str) or not portrait:
            content.blame(f"images[{place}]", "must be a string")
        pair[f"input.images[{place}]"] = ("photo", str(portrait))
    return pair
