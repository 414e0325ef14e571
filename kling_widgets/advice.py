"""Why a model does not take something by the dated table, and the nearest combination that does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kling_widgets.capability import (
    ENDPOINTS,
    FEATURES,
    Capability,
    Use,
    every_model,
    models,
    modes,
    retired_on,
    row_for,
    rows,
)
from kling_widgets.errors import Problem


def problems(use: Use) -> list[Problem]:
    """What the table has against `use`; nothing where it does not know the model or the mode."""
    own = modes(use.model_name, use.endpoint)
    if not own and use.model_name in every_model():
        makes = " or ".join(words for endpoint, words in ENDPOINTS.items() if use.model_name in models(endpoint))
        message = f"{use.model_name} makes {makes}, not {ENDPOINTS[use.endpoint]}."
        return [Problem("model_name", message, _advice(use), _change(use))]
    if not own or (use.mode is not None and use.mode not in {row.mode for row in rows(use.endpoint)}):
        return []

    row = row_for(use)
    if row is None:
        return [_not_offered(use, own)]

    found = [_lacks(use, row, name, words) for name, words in _lacking(row, use)]
    for pair in row.excludes:
        if pair <= use.features.keys():
            first, second = sorted(pair, key=list(use.features).index)
            message = f"{_named(row, use.seconds)} does not take {FEATURES[first]} together with {FEATURES[second]}."
            found.append(Problem(use.features[second], message, _advice(use), _change(use)))
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
        if own == (None,):
            return Problem("mode", message, "Leave mode out.", {"mode": None})
        return Problem("mode", message, _advice(use), _change(use))

    lengths = sorted(
        {s for row in rows(use.endpoint) if (row.model_name, row.mode) == (use.model_name, mode) for s in row.seconds}
    )
    message = f"{use.model_name} does not make films of {use.seconds} s; it makes {', '.join(map(str, lengths))} s."
    return Problem("duration", message, _advice(use), _change(use))


def _lacks(use: Use, row: Capability, name: str, words: str) -> Problem:
    if name == "cfg_scale":  # nobody changes the model for it
        message = f"{use.model_name} does not take cfg_scale."
        return Problem(use.features[name], message, "Leave it out.", {use.features[name]: None})

    ever = any(name in other.features for other in rows(use.endpoint) if other.model_name == use.model_name)
    subject = _named(row, use.seconds) if ever else use.model_name
    return Problem(use.features[name], f"{subject} does not take {words}.", _advice(use), _change(use))


def _change(use: Use) -> dict[str, Any] | None:
    found = nearest(_without_cfg_scale(use))
    return None if found is None else dict(zip(("model_name", "mode", "duration"), found, strict=True))


def _without_cfg_scale(use: Use) -> Use:
    """`use` as it is once cfg_scale is left out, where its model never takes that."""
    if any("cfg_scale" in row.features for row in rows(use.endpoint) if row.model_name == use.model_name):
        return use
    return replace(use, features={name: field for name, field in use.features.items() if name != "cfg_scale"})


def _advice(use: Use) -> str:
    use = _without_cfg_scale(use)
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
