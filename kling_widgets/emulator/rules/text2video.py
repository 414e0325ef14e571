"""POST /v1/videos/text2video: the body, field by field.

The page of Image to Video shows this endpoint in a sample, so a field that both have is read by that page's rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..order import Reading
from ..reading import Fields
from . import film, voices

ASPECTS = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}


def read(body: Mapping[str, object]) -> Reading:
    """Raises Refusal (1203) for a model that does not exist."""
    fields = Fields(body)
    take = film.read(fields, "text2video")
    aspect = ASPECTS[fields.choice("aspect_ratio", ASPECTS, default="16:9")]
    # No voices here: a prompt's <<<voice_1>>> is a word like any other.
    sound = voices.sound(fields)
    film.check(fields, take, ["sound"] if sound else [])
    order = film.order(fields, take, sound=sound, aspect=aspect)
    return Reading(order, {}, fields.problems)
