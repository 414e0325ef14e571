"""What the fields of a request accept, and how they look on the wire."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, SerializationInfo

from kling_widgets.checked import Checked, refuse
from kling_widgets.decode import decode
from kling_widgets.drawing import Mask, as_mask
from kling_widgets.image import Image
from kling_widgets.source import is_url

EXACT = 2**53  # above it a float skips whole numbers, and an id of 18 digits would become its neighbour
LONG = 2**63  # the API's long
LONGEST = 40  # characters of a number given as text


def _picture(value: Any, *, any_aspect: bool = False) -> Any:
    return _sendable(value.strip()) if is_url(value) else Image.of(value, field="", any_aspect=any_aspect)


def _end_frame(value: Any) -> Any:
    return _picture(value, any_aspect=True)


def _mask(value: Any) -> Any:
    if isinstance(value, Mask):
        return value
    if is_url(value):
        return _sendable(value.strip())
    if isinstance(value, np.ndarray) and value.ndim == 2:
        return Mask.of(as_mask(value))
    if isinstance(value, Image):
        value = value.data

    # Painted white on nothing is a mask too: what is transparent is not brushed.
    return Mask.of(as_mask(np.asarray(decode(value, field="", backdrop="black").rgb.convert("L"))))


def _sendable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise refuse(
            f"{value[error.start]!a} at place {error.start} is half a character.", "Write the text anew."
        ) from None
    return value


Form = Literal["wire", "outline"]
"""How a body is written: as it is sent, or with the fingerprints of pictures and masks in their place."""


def in_form(form: Form) -> dict[str, Form]:
    """The context of a dump in this form."""
    return {"form": form}


def picture_in(form: Form, value: Image | Mask | str | None) -> str | None:
    """Raw Base64, or the fingerprint; an address stays one."""
    if not isinstance(value, Image | Mask):
        return value
    if form == "outline":
        return f"sha256:{value.fingerprint}"
    return value.base64() if isinstance(value, Image) else base64.b64encode(value.png).decode("ascii")


def _dumped(value: Image | Mask | str | None, info: SerializationInfo) -> str | None:
    return picture_in((info.context or in_form("wire"))["form"], value)


def _whole(value: Any) -> Any:
    """5, 5.0, "5" and numpy's integers are all the same whole number; True is not 1 here."""
    match value:
        case bool():
            number = None
        case int() | np.integer():
            number = int(value)
        case float() | np.floating():
            number = int(value) if np.isfinite(value) and value == int(value) else None
            if number is not None and abs(number) > EXACT:
                raise refuse(f"{number} may have lost its last digits as a float.", "Give it as text or as an int.")
        case str() if value.strip().isdecimal() and len(value) <= LONGEST:
            number = int(value)
        case _:
            number = None
    if number is None:
        raise refuse(f"{value!r:.40} is no whole number.", "Give a whole number, such as 5.")
    if abs(number) >= LONG:
        raise refuse("It is too large for a whole number of the API.", "Give one of 18 digits or fewer.")
    return number


def _sound(value: Any) -> Any:
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


def as_point(value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray) and len(value) == 2:
        return {"x": value[0], "y": value[1]}
    return value


def as_points(value: Any) -> Any:
    return list(value) if isinstance(value, np.ndarray) else value


def _nothing(value: Any) -> Any:
    return None if isinstance(value, str) and value == "" else value  # the vendor's samples write "" for absent


def trimmed(value: Any) -> Any:
    """Without the blanks that come along when a name is copied from the vendor's page (C16)."""
    return value.strip() if isinstance(value, str) else value


def naming(name: str) -> BeforeValidator:
    """Accept the one value that an object of the API holds, in the object's place."""
    return BeforeValidator(lambda value: value if isinstance(value, Mapping | Checked) else {name: value})


def numbered(value: Any) -> Any:
    """Shots without an index are numbered as they stand, from 1."""
    if not isinstance(value, list | tuple):
        return value
    return [{"index": n, **shot} if isinstance(shot, Mapping) else shot for n, shot in enumerate(value, start=1)]


Text = Annotated[str, AfterValidator(_sendable)]
Picture = Annotated[Image | str, BeforeValidator(_picture), PlainSerializer(_dumped)]
EndFrame = Annotated[Image | str, BeforeValidator(_end_frame), PlainSerializer(_dumped)]
MaskField = Annotated[Mask | str, BeforeValidator(_mask), PlainSerializer(_dumped)]
Absent = BeforeValidator(_nothing)
Whole = Annotated[int, BeforeValidator(_whole)]
Seconds = Annotated[Whole, PlainSerializer(str)]
Sound = Annotated[Literal["on", "off"], BeforeValidator(_sound)]
