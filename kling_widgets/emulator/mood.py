"""What the words of a prompt say about a place: the land, the hour, the weather. A guess by keywords, nothing more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

UNSAID = ("dawn", "sunset", "day", "sunset", "night")
ANYWHERE = ("hills", "mountain", "lake", "sea", "meadow")
"""Hours and lands for words that name none."""

Table = Mapping[str, Sequence[str]]
"""Keywords by what they stand for."""


@dataclass(frozen=True)
class Mood:
    """A place as a painter or a musician would take it down."""

    land: str
    """One of the lands of data/moods.json."""
    hour: str
    """One of its hours."""
    weather: str
    """One of its weathers, or "clear"."""
    seed: int
    """A number that belongs to these words: what they leave open follows from it."""


def mood(prompt: str, take: int = 0) -> Mood:
    """The mood of any text, the empty one included; always the same for the same text.

    Another take is another picture of the same place: what the words do not say may differ.
    """
    known = tables()
    # A prompt may hold half of a surrogate pair: JSON can.
    seed = crc32(f"{take}:{prompt}".encode("utf-8", "surrogatepass"))
    weather = _named(known["weathers"], prompt) or "clear"
    unsaid = "day" if weather == "rain" else UNSAID[seed // 7 % len(UNSAID)]
    land = _named(known["lands"], prompt) or ANYWHERE[seed // 41 % len(ANYWHERE)]
    return Mood(land, hour_named(prompt) or unsaid, weather, seed)


def hour_named(prompt: str) -> str | None:
    """The hour that the words themselves name, or None."""
    return _named(tables()["hours"], prompt)


@cache
def tables() -> Mapping[str, Table]:
    """lands, hours and weathers, from data/moods.json."""
    text = files("kling_widgets").joinpath("data/moods.json").read_text(encoding="utf-8")
    return {name: table for name, table in json.loads(text).items() if name != "about"}


def _named(table: Table, prompt: str) -> str | None:
    """The entry of which the most keywords occur, the upper one when they are equal; None when none occurs."""
    words = re.findall(r"[a-z]+", prompt.lower())
    counts = {name: sum(_count(each, words, prompt) for each in keywords) for name, keywords in table.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def _count(keyword: str, words: Sequence[str], prompt: str) -> int:
    # Chinese is written without spaces: there a keyword may stand anywhere.
    return words.count(keyword) if keyword.isascii() else prompt.count(keyword)
