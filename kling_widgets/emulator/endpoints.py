"""The endpoints that make tasks: where each is, and how its body is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .order import Kind, Reading
from .rules import effects, image2video, images, text2video

Read = Callable[[Mapping[str, object]], Reading]

READERS: dict[Kind, Read] = {
    "image2video": image2video.read,
    "text2video": text2video.read,
    "effects": effects.read,
    "images/generations": images.read,
}


def path(kind: Kind) -> str:
    """Without a slash at its end, e.g. /v1/videos/effects."""
    return f"/v1/{kind}" if "/" in kind else f"/v1/videos/{kind}"
