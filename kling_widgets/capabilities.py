"""What a model can do, why not, and the nearest combination that can: `kw.capabilities`.

    kw.capabilities.models()                                        # oldest first
    kw.capabilities.durations("kling-v2-6", "pro")                  # in seconds
    kw.capabilities.can("kling-v3", "dynamic_masks", duration=5)
    print(kw.capabilities.explain("kling-v3", "dynamic_masks", duration=5))
    kw.capabilities.explain(request).change                         # fields to set, for ImageToVideo(**fields | change)

All of it is the dated table data/capabilities.json, as of `as_of`: newer than the vendor's page, older than today.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from kling_widgets import advice, capability
from kling_widgets.capability import FEATURES, Capability, models, modes
from kling_widgets.checked import Checked
from kling_widgets.errors import InvalidRequest, Problem, combined
from kling_widgets.fields import Text, Whole
from kling_widgets.image_to_video import ImageToVideo
from kling_widgets.prompted import Prompted
from kling_widgets.request import Request
from kling_widgets.text_to_video import TextToVideo

__all__ = ["Combination", "Explanation", "as_of", "can", "durations", "explain", "features", "models", "modes"]

as_of = capability.as_of()
"""The day of the table, as YYYY-MM-DD."""

# Of both endpoints: of a field of the other one the answer is that it is not taken.
_FIELDS = {**ImageToVideo.model_fields, **TextToVideo.model_fields}


class _Plain(Checked):
    """What is read as a request reads it; of the rest only that it is there counts."""

    model_name: Text = "kling-v1"
    mode: Text | None = None
    duration: Whole = 5


class Combination(NamedTuple):
    """What a request names to get a film; `mode` is None for a model without modes, `duration` is in seconds."""

    model_name: str
    mode: str | None
    duration: int


@dataclass(frozen=True)
class Explanation:
    """What the table says of a wish. `str()` of it is made to be shown to a person.

    `problems` are what is in the way, `change` the fields of the request to set that mend it (None as a value leaves
    the field out; None: there is nothing to change, or no way), `nearest` the known combination that takes all of it
    (None: there is none). `notes` are what is no obstacle, but worth knowing; `unknown` says that the table does not
    know the model or the mode, and lets it through.
    """

    subject: str
    problems: tuple[Problem, ...] = ()
    change: Mapping[str, Any] | None = field(default=None, hash=False)
    nearest: Combination | None = None
    notes: tuple[str, ...] = ()
    unknown: bool = False

    @property
    def possible(self) -> bool:
        """Whether the table has nothing against it."""
        return not self.problems

    def __str__(self) -> str:
        said = []
        for n, problem in enumerate(self.problems, start=1):
            said.append(problem.message)
            if n == len(self.problems) or self.problems[n].fix != problem.fix:  # one way out is told once
                said.append(problem.fix)
        if not said and not self.unknown:
            said = [f"{self.subject} takes this."]
        return " ".join([*said, *self.notes])


def durations(model_name: str, mode: str | None = None, endpoint: str = "image2video") -> tuple[int, ...]:
    """The lengths in seconds that a model makes, shortest first; no mode means the one of a request without one."""
    return tuple(sorted({seconds for row in _rows(model_name, mode, endpoint) for seconds in row.seconds}))


def features(
    model_name: str, mode: str | None = None, duration: int | None = None, endpoint: str = "image2video"
) -> tuple[str, ...]:
    """The columns of the table that a model takes, such as "motion_brush"; of some length, unless one is named."""
    taken = {
        name
        for row in _rows(model_name, mode, endpoint)
        if duration is None or duration in row.seconds
        for name in row.features
    }
    return tuple(name for name in FEATURES if name in taken)


def can(wish: Request | Mapping[str, Any] | str | None = None, /, *wanted: str, **fields: Any) -> bool:
    """Whether the table has nothing against a wish, put as for `explain`."""
    return explain(wish, *wanted, **fields).possible


def explain(wish: Request | Mapping[str, Any] | str | None = None, /, *wanted: str, **fields: Any) -> Explanation:
    """Why a model does not take something, and what does.

    A wish is a request, or a model's name and names of fields, or fields themselves (of a mask or a picture `True` is
    enough): `explain(request)`, `explain("kling-v3", "dynamic_masks")`, `explain(model_name="kling-v3", sound=True)`.
    `endpoint` is "image2video" or "text2video". Raises InvalidRequest for names that are no fields.
    """
    if isinstance(wish, Request):
        if isinstance(wish, Prompted):
            return _explained(wish.use())
        note = wish.retirement()  # the table is of films made by a prompt
        return Explanation(type(wish).__name__, notes=(note,) if note else ())
    if isinstance(wish, str):
        fields = {"model_name": wish, **fields}
    elif wish is not None:
        fields = {**wish, **fields}
    return _explained(_use(fields | dict.fromkeys(wanted, True)))


def _explained(use: capability.Use) -> Explanation:
    problems = tuple(advice.problems(use))
    found = advice.nearest(use)
    nearest = None if found is None else Combination(*found)
    known = {"model_name": capability.every_model(), "mode": {row.mode for row in capability.rows(use.endpoint)}}
    strange = [use.model_name] if use.model_name not in known["model_name"] else []
    strange += [f"mode {use.mode}"] if use.mode is not None and use.mode not in known["mode"] else []
    day = capability.retired_on(use.model_name, use.endpoint)
    notes = [f"The table of {as_of} does not know {name}: it is let through with a warning." for name in strange]
    if day is not None and not problems:  # where there are, the advice speaks of it
        notes.append(f"The vendor announced the end of {use.model_name} for {day}.")
    return Explanation(use.model_name, problems, combined(problems), nearest, tuple(notes), bool(strange))


def _use(fields: Mapping[str, Any]) -> capability.Use:
    """What is wished for; features may be named by the request's fields or by the table's columns."""
    fields = dict(fields)
    endpoint = fields.pop("endpoint", "image2video")
    if endpoint not in capability.ENDPOINTS:
        known = " or ".join(f'"{name}"' for name in capability.ENDPOINTS)
        raise InvalidRequest([Problem("endpoint", f"{endpoint!r:.40} is not in the table.", f"Say {known}.")])
    unknown = [name for name in fields if name not in _FIELDS and name not in FEATURES]
    if unknown:
        raise InvalidRequest([_unknown(name) for name in unknown])

    read = _Plain(**{name: fields[name] for name in _Plain.model_fields if fields.get(name) is not None})
    use = capability.use_of(fields | dict(read), endpoint)
    columns = {name: name for name in FEATURES if name not in _FIELDS and fields.get(name)}
    return replace(use, features=columns | use.features)


def _unknown(name: str) -> Problem:
    close = difflib.get_close_matches(name, [*_FIELDS, *FEATURES], n=1)
    fix = f"Did you mean {close[0]}?" if close else f"Name fields of a request, or {', '.join(FEATURES)}."
    return Problem(name, "It is neither a field of a request nor a column of the table.", fix)


def _rows(model_name: str, mode: str | None, endpoint: str) -> list[Capability]:
    own = modes(model_name, endpoint)
    wanted = mode if mode is not None or own == (None,) else "std"
    return [row for row in capability.rows(endpoint) if (row.model_name, row.mode) == (model_name, wanted)]
