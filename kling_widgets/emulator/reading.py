"""Reading a JSON object as leniently as the vendor's own samples are written ("true", "160"), and a query string."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

from . import answers
from .answers import Refusal

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)

_MOST_ENTRIES = 100
"""Every list of the pages is shorter: who sends more is told that it is too long, and not what is wrong with each."""


class Fields:
    """A JSON object under reading. A field that is null, "" or [] counts as absent; unknown fields are never looked at.

    Every method returns something usable even after a problem, so that one reading finds them all.
    """

    def __init__(self, data: Mapping[str, object], where: str = "", problems: list[str] | None = None) -> None:
        self._data = data
        self._where = where
        self.problems: list[str] = [] if problems is None else problems

    def name(self, field: str) -> str:
        """The field as the vendor would write it, e.g. dynamic_masks[0].trajectories[1].x."""
        return f"{self._where}.{field}" if self._where else field

    def has(self, field: str) -> bool:
        return self._data.get(field) not in (None, "", [])

    def blame(self, field: str, words: str) -> None:
        """Note what is wrong with a field, unless something was said of it before."""
        name = f"{self.name(field)} "
        if not any(problem.startswith(name) for problem in self.problems):
            self.problems.append(name + words)

    def invalid(self, field: str) -> None:
        self.blame(field, f"value {shown(self._data.get(field))} is invalid")

    def text(self, field: str, *, default: str = "", longest: int | None = None) -> str:
        value = self._data.get(field)
        if value is None or value == "":
            return default

        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.blame(field, "must be a string")
            return default

        if longest is not None and len(value) > longest:
            self.blame(field, f"cannot exceed {longest} characters")
        return value

    def choice(self, field: str, allowed: Collection[str], *, default: str) -> str:
        value = self.text(field, default=default)
        if value in allowed or value == default:
            return value

        self.invalid(field)
        return default

    def flag(self, field: str) -> bool:
        """True or false, also as text; absent means false."""
        value = self._data.get(field)
        if isinstance(value, str):
            value = {"true": True, "false": False, "": False}.get(value.lower(), value)
        if value is not None and not isinstance(value, bool):
            self.invalid(field)
        return value is True

    def whole(self, field: str) -> int | None:
        value = self._data.get(field)
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)

        if isinstance(value, float) and math.isfinite(value) and value.is_integer():
            return int(value)

        if isinstance(value, int) and not isinstance(value, bool):
            return value

        self.blame(field, "must be an integer")
        return None

    def number(self, field: str, *, default: float, low: float, high: float) -> float:
        """A number in [low, high]."""
        value = self._data.get(field)
        if value is None or value == "":
            return default

        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.blame(field, "must be a number")
            return default

        if not low <= value <= high:
            self.blame(field, f"value {shown(value)} is invalid, it must lie in [{low:g}, {high:g}]")
            return default

        return float(value)

    def whole_in(self, field: str, allowed: range, *, default: int) -> int:
        """An integer in the range; absent means `default`."""
        if not self.has(field):
            return default

        value = self.whole(field)
        if value is None or value not in allowed:
            self.blame(field, _out_of(value, allowed))
            return default

        return value

    def nested(self, field: str) -> Fields | None:
        value = self._data.get(field)
        if value is None or value == "":
            return None

        if not isinstance(value, dict):
            self.blame(field, "must be an object")
            return None

        return Fields(value, self.name(field), self.problems)

    def array(self, field: str) -> list[object]:
        value = self._data.get(field)
        if value is None or value == "":
            return []

        if not isinstance(value, list):
            self.blame(field, "must be an array")
            return []

        return value

    def objects(self, field: str) -> list[Fields]:
        """Those entries of an array that are objects; of the others the problems are noted."""
        entries = []
        for place, value in enumerate(self.array(field)[:_MOST_ENTRIES]):
            where = f"{self.name(field)}[{place}]"
            if not isinstance(value, dict):
                self.problems.append(f"{where} must be an object")
                continue

            entries.append(Fields(value, where, self.problems))
        return entries


def whole_in(query: Mapping[str, str], name: str, allowed: range, default: int | None = None) -> int:
    """An integer of a query string. Raises Refusal (1201) out of the range, or when it is missing with no default."""
    text = query.get(name, "")
    if not text and default is not None:
        return default

    if not text:
        raise Refusal(answers.INVALID_FIELD, f"{name} is required")

    # Python refuses to read thousands of digits.
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII) or int(text) not in allowed:
        raise Refusal(answers.INVALID_FIELD, f"{name} {_out_of(text, allowed)}")

    return int(text)


def _out_of(value: object, allowed: range) -> str:
    return f"value {shown(value)} is invalid, it must lie in [{allowed.start}, {allowed.stop - 1}]"


def shown(value: object) -> str:
    """A value in quotation marks, short enough for a message."""
    text = value if isinstance(value, str) else repr(value)
    return f"'{text[:77]}...'" if len(text) > 80 else f"'{text}'"
