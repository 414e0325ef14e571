"""Elements, voices and sound (R42-R45, R47-R54)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..reading import Fields
from .script import Script

_MOST_ELEMENTS = 3
_MOST_VOICES = 2
# C8: the page's copy lost the inside of its markers; this is how a later copy prints them.
_VOICE = re.compile(r"<<<\s*voice_(\d{1,9})\s*>>>", re.ASCII)


@dataclass(frozen=True)
class Cast:
    elements: bool
    voices: bool
    sound: bool
    speaks: bool
    """Billed as "with specified voice": voices are listed and a prompt names one (R53)."""


def read(fields: Fields, script: Script) -> Cast:
    elements = fields.objects("element_list")
    if len(fields.array("element_list")) > _MOST_ELEMENTS:  # R47
        fields.blame("element_list", f"cannot exceed {_MOST_ELEMENTS} elements")
    for element in elements:  # R48
        element.whole("element_id")

    voices = fields.objects("voice_list")
    if len(fields.array("voice_list")) > _MOST_VOICES:  # R50
        fields.blame("voice_list", f"cannot exceed {_MOST_VOICES} voices")
    for voice in voices:
        if not voice.text("voice_id"):
            voice.blame("voice_id", "is required")

    if elements and voices:  # R52
        fields.problems.append("element_list and voice_list are mutually exclusive")

    sounding = sound(fields)
    named = {int(number) for prompt in script.prompts for number in _VOICE.findall(prompt)}
    _check_named(named, len(voices), sounding, fields.problems)
    return Cast(bool(elements), bool(voices), sounding, bool(voices and named))


def sound(fields: Fields) -> bool:
    return fields.choice("sound", ("on", "off"), default="off") == "on"  # R54


def _check_named(named: set[int], listed: int, sound: bool, problems: list[str]) -> None:
    if len(named) > _MOST_VOICES:  # R44
        problems.append(f"prompt references {len(named)} voices, at most {_MOST_VOICES} are allowed")
    elif absent := sorted(number for number in named if not 1 <= number <= listed):  # R43
        problems.append(f"prompt references <<<voice_{absent[0]}>>>, but voice_list has {listed} entries")

    if (named or listed) and not sound:  # R45, and the map's word on voice_list
        problems.append("sound must be on when voices are used")
