"""Prompts and shots (R25-R46)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..reading import Fields

_LONGEST_PROMPT = 2500
_LONGEST_SHOT_PROMPT = 512
_MOST_SHOTS = 6
_LONG = 8


Shot = tuple[float, str]
"""Seconds and prompt."""


@dataclass(frozen=True)
class Script:
    multi_shot: bool
    prompts: tuple[str, ...]
    """Those that count."""
    shots: tuple[Shot, ...] = ()
    """Empty unless multi_shot is true."""


def read(fields: Fields, seconds: int) -> Script:
    prompt = fields.text("prompt", longest=_LONGEST_PROMPT)  # R39
    fields.text("negative_prompt", longest=_LONGEST_PROMPT)  # R46
    if not fields.flag("multi_shot"):
        # R28, R29: shot_type and multi_prompt have no effect then, so they are not even looked at. R40, C4.
        _demand(prompt, fields, "when multi_shot is false")
        return Script(False, (prompt,))

    if not fields.has("shot_type"):
        fields.blame("shot_type", "is required when multi_shot is true")  # R31
    shot_type = fields.choice("shot_type", ("customize", "intelligence"), default="")  # R30
    if shot_type == "customize":
        shots = _shots(fields, seconds)
        return Script(True, tuple(prompt for _, prompt in shots), shots)  # R26, C1: the prompt has no effect

    if shot_type == "intelligence":
        _demand(prompt, fields, "when shot_type is intelligence")  # R41
    return Script(True, (prompt,), _cut(prompt, seconds))


def _cut(prompt: str, seconds: int) -> tuple[Shot, ...]:
    """With `intelligence` the service cuts as it likes; here into two shots, or from 8 s on into three, all alike."""
    count = 2 if seconds < _LONG else 3
    return ((seconds / count, prompt),) * count


def _demand(prompt: str, fields: Fields, when: str) -> None:
    if not prompt.strip():
        fields.blame("prompt", f"cannot be empty {when}")


def _shots(fields: Fields, seconds: int) -> tuple[Shot, ...]:
    before = len(fields.problems)
    shots = fields.objects("multi_prompt")
    if not 1 <= len(fields.array("multi_prompt")) <= _MOST_SHOTS:  # R33, R34
        fields.blame("multi_prompt", f"must have 1 to {_MOST_SHOTS} storyboards when shot_type is customize")
        return ()

    read: list[Shot] = []
    for shot in shots:
        if shot.has("index"):
            shot.whole("index")
        prompt = shot.text("prompt", longest=_LONGEST_SHOT_PROMPT)  # R35
        if not shot.has("duration"):
            shot.blame("duration", "is required")
        read.append((shot.number("duration", default=0, low=1, high=seconds), prompt))  # R36, R37

    total = sum(length for length, _ in read)
    if len(fields.problems) == before and not math.isclose(total, seconds):  # R38
        fields.problems.append(
            f"multi_prompt durations add up to {total:g}, they must equal the duration of the task, {seconds}"
        )
    return tuple(read)
