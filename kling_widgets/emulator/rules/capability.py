"""What a model offers in a mode and a length (R10), from data/capabilities.json."""

from __future__ import annotations

import json
from collections.abc import Collection
from importlib.resources import files
from typing import Any, Literal

_DATA = json.loads(files("kling_widgets").joinpath("data/capabilities.json").read_text("utf-8"))

_Row = dict[str, Any]
_ROWS: list[_Row] = _DATA["rows"]

Endpoint = Literal["image2video", "text2video"]

MODES = frozenset(row["mode"] for row in _ROWS if row["mode"])

_SHORT_SIDES = {"720p": 720, "1080p": 1080, "4k": 2160}
_DEFAULT_FPS = 24
# The field that brings a feature in, where the map's column bears another name.
_FIELDS = {"start_end": "image_tail", "end_only": "image_tail alone", "motion_brush": "dynamic_masks or static_mask"}


def knows(model_name: str) -> bool:
    """Whether any endpoint has this model."""
    return any(row["model_name"] == model_name for row in _ROWS)


def size(endpoint: Endpoint, model_name: str, mode: str) -> tuple[int, int]:
    """Length of the film's shorter side in pixels, and its frames a second."""
    for row in _rows(endpoint, model_name, mode):
        return _SHORT_SIDES[row["resolution"]], row["fps"] or _DEFAULT_FPS

    return _SHORT_SIDES["720p"], _DEFAULT_FPS


def problems(
    endpoint: Endpoint, model_name: str, mode: str, seconds: int, features: Collection[str], camera: str | None
) -> list[str]:
    """What the map denies. `features` are names of its columns, `camera` a camera_control.type."""
    if not _rows(endpoint, model_name):
        return [f"model_name value '{model_name}' is not supported by {endpoint}"]

    rows = _rows(endpoint, model_name, mode)
    if not rows:
        return [f"mode value '{mode}' is not supported by the current model ({model_name})"]

    row = next((row for row in rows if seconds in row["seconds"]), None)
    if row is None:
        return [f"duration value '{seconds}' is not supported by model/mode({model_name}/{mode})"]

    case = f"model/mode/duration({model_name}/{mode}/{seconds})"
    denied = [_denied(row, case, feature) for feature in features if row[feature] is False]
    denied += [
        f"{case} does not support {_FIELDS.get(one, one)} together with {_FIELDS.get(other, other)}"
        for one, other in row["excludes"]
        if one in features and other in features
    ]
    if camera is not None and camera not in row["camera_control"]:
        denied.append(_camera_denied(endpoint))
    return denied


def _rows(endpoint: Endpoint, model_name: str, mode: str | None = None) -> list[_Row]:
    # C13: a model without modes (null) takes any, since nobody knows what the vendor does with one.
    return [
        row
        for row in _ROWS
        if (row["endpoint"], row["model_name"]) == (endpoint, model_name) and (not mode or row["mode"] in (None, mode))
    ]


def _denied(row: _Row, case: str, feature: str) -> str:
    model_name = row["model_name"]
    tails = [other["start_end"] or other["end_only"] for other in _rows(row["endpoint"], model_name)]
    if feature in ("start_end", "end_only") and not any(tails):
        return "Image tail is not supported by the current model"

    if feature == "cfg_scale":
        return f"cfg_scale is not supported by the current model ({model_name})"  # R57

    return f"{case} is not supported with {_FIELDS.get(feature, feature)}"


def _camera_denied(endpoint: Endpoint) -> str:
    cases = [
        f"{row['mode']} mode with {seconds}s duration, {row['model_name']} and type {'/'.join(row['camera_control'])}"
        for row in _ROWS
        for seconds in row["seconds"]
        if row["endpoint"] == endpoint and row["camera_control"]
    ]
    return f"camera_control is only supported in {'; '.join(cases)}"
