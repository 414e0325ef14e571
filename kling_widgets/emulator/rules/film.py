"""What a film of a picture and a film of words have in common: model, mode, length, camera, size and price."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..order import FilmOrder, Point
from ..reading import Fields
from . import camera, capability, price, script
from .camera import Move
from .capability import Endpoint
from .common import common, model_name
from .script import Script

_SECONDS = tuple(str(seconds) for seconds in range(3, 16))


@dataclass(frozen=True)
class Take:
    """The fields that both endpoints read alike."""

    endpoint: Endpoint
    model_name: str
    mode: str
    seconds: int
    cfg_scale: bool
    story: Script
    move: Move | None


def read(fields: Fields, endpoint: Endpoint) -> Take:
    """Raises Refusal (1203) for a model that does not exist."""
    name = model_name(fields, capability.knows)  # R8
    mode = fields.choice("mode", capability.MODES, default="std")  # R58, R59
    seconds = int(fields.choice("duration", _SECONDS, default="5"))  # R60, R61
    fields.number("cfg_scale", default=0.5, low=0, high=1)  # R55, R56
    story = script.read(fields, seconds)
    return Take(endpoint, name, mode, seconds, fields.has("cfg_scale"), story, camera.read(fields))


def check(fields: Fields, take: Take, features: Collection[str]) -> None:
    """Note what the capability map denies (R10), where the body is right in itself."""
    if fields.problems:
        return

    used = [*features, *(["multi_shot"] if take.story.multi_shot else []), *(["cfg_scale"] if take.cfg_scale else [])]
    kind = take.move.type if take.move else None
    denied = capability.problems(take.endpoint, take.model_name, take.mode, take.seconds, used, kind)
    fields.problems.extend(denied)


def order(
    fields: Fields,
    take: Take,
    *,
    sound: bool,
    voice: bool = False,
    aspect: float | None = None,
    trajectories: tuple[tuple[Point, ...], ...] = (),
) -> FilmOrder:
    short_side, fps = capability.size(take.endpoint, take.model_name, take.mode)
    return FilmOrder(
        seconds=take.seconds,
        short_side=short_side,
        fps=fps,
        aspect=aspect,
        prompt=" ".join(take.story.prompts),
        shots=take.story.shots,
        sound=sound,
        camera_type=take.move.type if take.move else None,
        camera_config=take.move.config if take.move else {},
        trajectories=trajectories,
        units=price.of_video(take.model_name, take.mode, sound, voice, take.seconds),
        **common(fields),
    )
