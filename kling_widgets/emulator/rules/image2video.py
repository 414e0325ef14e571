"""POST /v1/videos/image2video: the body, field by field (R7-R98)."""

from __future__ import annotations

from collections.abc import Mapping

from ..order import Reading, Role
from ..reading import Fields
from . import brush, film, voices


def read(body: Mapping[str, object]) -> Reading:
    """Raises Refusal (1203) for a model that does not exist."""
    fields = Fields(body)
    take = film.read(fields, "image2video")
    cast = voices.read(fields, take.story)
    brushed = brush.read(fields)

    pictures: dict[str, tuple[Role, str]] = {}
    if image := fields.text("image"):
        pictures["image"] = ("photo", image)
    if tail := fields.text("image_tail"):
        pictures["image_tail"] = ("tail", tail)
    pictures |= {field: ("mask", mask) for field, mask in brushed.masks.items()}
    if not image and not tail:  # R13
        fields.blame("image", "and image_tail cannot both be empty")

    if sum([bool(tail), bool(brushed.masks), take.move is not None]) > 1:  # R23; the masks are one group (R24)
        fields.problems.append("image_tail, dynamic_masks/static_mask and camera_control are mutually exclusive")

    features = {
        "start_frame": bool(image) and not tail,
        "start_end": bool(image and tail),  # R27 is one of the map's exclusions
        "end_only": bool(tail) and not image,
        "motion_brush": bool(brushed.masks),
        "element_list": cast.elements,
        "voice_list": cast.voices,
        "sound": cast.sound,
    }
    film.check(fields, take, [feature for feature, given in features.items() if given])
    order = film.order(fields, take, sound=cast.sound, voice=cast.speaks, trajectories=brushed.trajectories)
    return Reading(order, pictures, fields.problems)
