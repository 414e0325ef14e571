"""What each model can do, as the dated table data/capabilities.json has it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

# The table's columns that a request may use, with the words for them.
FEATURES = {
    "start_frame": "a start frame alone",
    "start_end": "a start frame with an end frame",
    "end_only": "an end frame alone",
    "motion_brush": "the motion brush",
    "camera_control": "camera control",
    "multi_shot": "several shots",
    "element_list": "elements",
    "voice_list": "voices",
    "sound": "sound",
    "cfg_scale": "cfg_scale",
}
ENDPOINTS = {"image2video": "films of photos", "text2video": "films of words alone"}


@dataclass(frozen=True)
class Capability:
    """One row: a model in one mode (None: it has no mode), and the lengths in seconds for which the row holds."""

    endpoint: str
    model_name: str
    mode: str | None
    seconds: tuple[int, ...]
    features: frozenset[str]
    cameras: tuple[str, ...]
    excludes: tuple[frozenset[str], ...]
    resolution: str
    fps: int | None
    retired_on: str | None
    note: str | None


@dataclass(frozen=True)
class Use:
    """What a request uses. `features` are columns of the table, each with the wire field that asks for it."""

    model_name: str
    mode: str | None
    seconds: int
    features: dict[str, str]
    camera: str | None = None
    endpoint: str = "image2video"


def use_of(fields: Mapping[str, Any], endpoint: str = "image2video") -> Use:
    """What a request with these fields needs of a model; of pictures, masks and lists it counts that they are there."""
    there = {name for name, value in fields.items() if _is_there(value)}
    if fields.get("sound") == "off":
        there.remove("sound")

    wanted = {name: name for name in FEATURES if name in there}
    if "image_tail" in there:
        wanted["start_end" if "image" in there else "end_only"] = "image_tail"
    elif "image" in there:
        wanted["start_frame"] = "image"
    if masks := [name for name in ("dynamic_masks", "static_mask") if name in there]:
        wanted["motion_brush"] = masks[0]
    return Use(
        fields.get("model_name") or "kling-v1",
        fields.get("mode"),
        fields.get("duration", 5),
        {name: wanted[name] for name in FEATURES if name in wanted},
        _camera_type(fields.get("camera_control")),
        endpoint,
    )


def _camera_type(control: Any) -> str | None:
    match control:
        case str(camera) | {"type": str(camera)}:
            return camera
    return getattr(control, "type", None)


def _is_there(value: Any) -> bool:
    # An array has no truth of its own, and a cfg_scale of 0 is one.
    return value is not None and value is not False and not (isinstance(value, str | list | tuple) and not value)


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("kling_widgets").joinpath("data/capabilities.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def as_of() -> str:
    """The day of the table, as YYYY-MM-DD."""
    return str(_table()["about"]["as_of"])


@functools.cache
def rows(endpoint: str = "image2video") -> tuple[Capability, ...]:
    """Every row of an endpoint, oldest model first."""
    return tuple(_row(row) for row in _table()["rows"] if row["endpoint"] == endpoint)


def models(endpoint: str = "image2video") -> tuple[str, ...]:
    """The models the table knows, oldest first."""
    return tuple(dict.fromkeys(row.model_name for row in rows(endpoint)))


def every_model() -> tuple[str, ...]:
    """The models of all endpoints, oldest first."""
    return tuple(dict.fromkeys(name for endpoint in ENDPOINTS for name in models(endpoint)))


def modes(model_name: str, endpoint: str = "image2video") -> tuple[str | None, ...]:
    """The modes of a model; (None,) where it has none."""
    return tuple(dict.fromkeys(row.mode for row in rows(endpoint) if row.model_name == model_name))


def row_for(use: Use) -> Capability | None:
    """The row of this model, mode and length; None where the combination is not offered. No mode means std."""
    own = modes(use.model_name, use.endpoint)
    mode = use.mode if use.mode is not None or own == (None,) else "std"
    for row in rows(use.endpoint):
        if row.model_name == use.model_name and row.mode == mode and use.seconds in row.seconds:
            return row
    return None


def retired_on(model_name: str, endpoint: str = "image2video") -> str | None:
    """The day the model was announced to stop, as YYYY-MM-DD."""
    return next((row.retired_on for row in rows(endpoint) if row.model_name == model_name), None)


def _row(data: dict[str, Any]) -> Capability:
    return Capability(
        endpoint=data["endpoint"],
        model_name=data["model_name"],
        mode=data["mode"],
        seconds=tuple(data["seconds"]),
        # null means "not stated": what nobody forbids is let through.
        features=frozenset(name for name in FEATURES if data[name] is None or data[name]),
        cameras=tuple(data["camera_control"]),
        excludes=tuple(frozenset(pair) for pair in data["excludes"]),
        resolution=data["resolution"],
        fps=data["fps"],
        retired_on=data["retired_on"],
        note=data["note"],
    )
