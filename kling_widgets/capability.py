"""What each model can do, as the dated table data/capabilities.json has it, and the nearest combination that can."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from kling_widgets.errors import Problem

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


@functools.cache
def rows(endpoint: str = "image2video") -> tuple[Capability, ...]:
    """Every row of an endpoint, oldest model first."""
    text = resources.files("kling_widgets").joinpath("data/capabilities.json").read_text("utf-8")
    return tuple(_row(row) for row in json.loads(text)["rows"] if row["endpoint"] == endpoint)


def models(endpoint: str = "image2video") -> tuple[str, ...]:
    """The models the table knows, oldest first."""
    return tuple(dict.fromkeys(row.model_name for row in rows(endpoint)))


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


def problems(use: Use) -> list[Problem]:
    """What the table has against `use`; nothing where it does not know the model or the mode."""
    own = modes(use.model_name, use.endpoint)
    if not own or (use.mode is not None and use.mode not in {row.mode for row in rows(use.endpoint)}):
        return []

    row = row_for(use)
    if row is None:
        return [_not_offered(use, own)]

    fix = _advice(use)
    found = [
        Problem(use.features[name], f"{_named(row, use.seconds)} does not take {words}.", fix)
        for name, words in _lacking(row, use)
    ]
    for pair in row.excludes:
        if pair <= use.features.keys():
            first, second = sorted(pair, key=list(use.features).index)
            message = f"{_named(row, use.seconds)} does not take {FEATURES[first]} together with {FEATURES[second]}."
            found.append(Problem(use.features[second], message, fix))
    return found


def nearest(use: Use) -> tuple[str, str | None, int] | None:
    """(model_name, mode, seconds) that takes all that `use` wants, with the least change; None where there is none."""
    capable = [row for row in rows(use.endpoint) if not any(_lacking(row, use)) and not _clashes(row, use)]
    if not capable:
        return None

    def change(row: Capability) -> tuple[bool, bool, int, bool]:
        distance = abs(_closest(row, use.seconds) - use.seconds)
        mode = row.mode not in (use.mode or "std", None)
        return row.model_name != use.model_name, row.retired_on is not None, distance, mode

    best = min(capable, key=change)
    return best.model_name, best.mode, _closest(best, use.seconds)


def _lacking(row: Capability, use: Use) -> Iterable[tuple[str, str]]:
    """(feature, its words) of what `use` wants and `row` has not."""
    for name in use.features:
        if name not in row.features:
            yield name, FEATURES[name]
        elif name == "camera_control" and use.camera is not None and use.camera not in row.cameras:
            yield name, f"the camera type {use.camera}"


def _clashes(row: Capability, use: Use) -> bool:
    return any(pair <= use.features.keys() for pair in row.excludes)


def _closest(row: Capability, seconds: int) -> int:
    return min(row.seconds, key=lambda offered: abs(offered - seconds))


def _not_offered(use: Use, own: tuple[str | None, ...]) -> Problem:
    mode = use.mode if use.mode is not None or own == (None,) else "std"
    if mode not in own:
        offered = "no mode at all" if own == (None,) else " and ".join(str(name) for name in own)
        message = f"{use.model_name} does not know mode {mode}; it has {offered}."
        return Problem("mode", message, "Leave mode out." if own == (None,) else _advice(use))

    lengths = sorted(
        {s for row in rows(use.endpoint) if (row.model_name, row.mode) == (use.model_name, mode) for s in row.seconds}
    )
    message = f"{use.model_name} does not make films of {use.seconds} s; it makes {', '.join(map(str, lengths))} s."
    return Problem("duration", message, _advice(use))


def _advice(use: Use) -> str:
    found = nearest(use)
    if found is not None:
        return f"Use {_combination(use, found)}."

    plainer = nearest(replace(use, camera=None)) if use.camera else None
    if plainer is not None:
        row = row_for(replace(use, model_name=plainer[0], mode=plainer[1], seconds=plainer[2]))
        types = " or ".join(row.cameras if row else ())
        return f"Only the camera type {types} is taken, with {_combination(use, plainer)}."

    wanted = [words for name, words in FEATURES.items() if name in use.features and name != "start_frame"]
    return f"No known model takes {' and '.join(wanted)} at once. Leave one out."


def _combination(use: Use, found: tuple[str, str | None, int]) -> str:
    model_name, mode, seconds = found
    parts = [f'model_name="{model_name}"', *([f'mode="{mode}"'] if mode else []), f"duration={seconds}"]
    ended = retired_on(model_name, use.endpoint)
    return f"{', '.join(parts)}{f' (retired {ended}; the emulator has it)' if ended else ''}"


def _named(row: Capability, seconds: int) -> str:
    return " ".join([row.model_name, *([f"in mode {row.mode}"] if row.mode else []), f"at {seconds} s"])


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
