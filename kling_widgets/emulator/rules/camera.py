"""Camera control (R77-R84)."""

from __future__ import annotations

from dataclasses import dataclass

from ..reading import Fields

_PRESETS = ("down_back", "forward_up", "right_turn_forward", "left_turn_forward")
_AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")


@dataclass(frozen=True)
class Move:
    type: str
    config: dict[str, float]


def read(fields: Fields) -> Move | None:
    control = fields.nested("camera_control")
    if control is None:
        return None

    if not control.has("type"):  # R78
        control.blame("type", "is required")
    kind = control.choice("type", ("simple", *_PRESETS), default="")  # R79
    config = control.nested("config")
    before = len(fields.problems)
    axes = {axis: config.number(axis, default=0, low=-10, high=10) for axis in _AXES} if config else {}  # R82, R84
    moving = {axis: value for axis, value in axes.items() if value}
    if kind in _PRESETS and config is not None and any(config.has(axis) for axis in _AXES):  # R81
        fields.problems.append(f"camera_control.config must be empty when type is {kind}")

    if kind == "simple" and config is None:  # R80
        control.blame("config", "is required when type is simple")
    elif kind == "simple" and len(fields.problems) == before and len(moving) != 1:  # R83; an absent field is 0 (C12)
        fields.problems.append(f"camera_control.config must have exactly one non-zero value, it has {len(moving)}")
    return Move(kind, moving)
