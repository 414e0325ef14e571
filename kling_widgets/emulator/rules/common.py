"""Fields that all endpoints take alike (R9, R93, R94, R96-R98, R134, R135)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from .. import answers
from ..answers import Refusal
from ..reading import Fields, shown

_DEFAULT_MODEL = "kling-v1"


class Common(TypedDict):
    watermark: bool
    callback_url: str
    external_task_id: str


def common(fields: Fields) -> Common:
    watermark = fields.nested("watermark_info")
    return {
        "watermark": watermark.flag("enabled") if watermark else False,  # R93, R94
        "callback_url": callback_url(fields),
        "external_task_id": fields.text("external_task_id"),
    }


def callback_url(fields: Fields) -> str:
    url = fields.text("callback_url")
    if url and not url.lower().startswith(("http://", "https://")):
        fields.invalid("callback_url")
    return url


def model_name(fields: Fields, knows: Callable[[str], Any]) -> str:
    """Raises Refusal (1203) for a model that does not exist (R8)."""
    name = fields.text("model_name", default=_DEFAULT_MODEL)  # R7; R9: the old field `model` is never read
    if not knows(name):
        raise Refusal(answers.NO_SUCH_RESOURCE, f"model_name value {shown(name)} does not exist")

    return name
