"""The fields of an answer, each read as what it should be, or refused with a ResponseError that names it.

`path` is where the field lies, with its dot: `task_result.videos[0].`.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kling_widgets.errors import ResponseError

Fields = Mapping[str, Any]


def mapping(value: object, path: str) -> Fields:
    if not isinstance(value, Mapping):
        raise unreadable(path, value)
    return value


def rows(fields: Fields, name: str, path: str = "") -> Sequence[Any]:
    """An array; absent and null are an empty one."""
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise unreadable(path + name, value)
    return value


def text(fields: Fields, name: str, path: str = "") -> str:
    value = fields.get(name)
    # Ids have 18 digits; should one come as a number, it is still the same id.
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise unreadable(path + name, value)
    try:
        found = str(value)
        found.encode()
    except ValueError:  # half a character, or thousands of digits
        raise unreadable(path + name, value) from None
    return found


def optional(fields: Fields, name: str, path: str = "") -> str:
    """Text for a person; absent and null are empty."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise unreadable(path + name, value)
    return printable(value)


def number(fields: Fields, name: str, path: str = "") -> float | None:
    """A number of 0 or more, or decimal text such as "5.041"; absent and empty are unknown."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool):
            raise TypeError
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise unreadable(path + name, value) from None
    if not (found >= 0 and math.isfinite(found)):
        raise unreadable(path + name, value)
    return found


def moment(fields: Fields, name: str, path: str = "") -> datetime:
    """Milliseconds since 1970, as an aware time in UTC."""
    value = fields.get(name)
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise unreadable(path + name, value) from None


def unreadable(path: str, value: object) -> ResponseError:
    what = "is missing" if value is None else f"is {shown(value)}"
    return ResponseError(f"The answer's field {path} {what}, which cannot be read. Is there a newer version?")


def printable(said: str) -> str:
    """What a person can be shown: JSON may hold half a character, which no terminal takes."""
    return said.encode(errors="backslashreplace").decode()


def shown(value: object) -> str:
    """A strange value, in a few words."""
    # Its own repr could be megabytes long, or nested deeper than Python goes.
    try:
        return _SHORT.repr(value)
    except (ValueError, RecursionError):
        return f"a strange {type(value).__name__}"


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80
