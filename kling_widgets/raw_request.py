"""Any other endpoint of the vendor, its body taken as it is."""

from __future__ import annotations

import copy
import hashlib
import math
import re
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from kling_widgets.checked import refuse
from kling_widgets.endpoint import Kind, kind_of, path_of
from kling_widgets.errors import InvalidRequest, Problem
from kling_widgets.fields import Form
from kling_widgets.request import Check, Request

DEEPEST = 64  # levels of lists and objects
LONG_TEXT = 4096  # characters: more than any prompt has

_VENDOR = re.compile(r"(?:[a-z0-9-]+\.)?klingai\.com")
_PATH = re.compile(r"(?:/[A-Za-z0-9_.~-]+)+")


def _endpoint(value: Any) -> str:
    if not isinstance(value, str) or not value.strip().strip("/"):
        raise refuse("It names no endpoint.", 'Give a path such as "/v1/videos/omni-video".')

    text = value.strip()
    if "://" in text:
        text = _path_at_the_vendor(text)
    path = path_of(text)
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise refuse(f'"{value:.60}" is no path.', 'Give one such as "/v1/videos/omni-video", without a query.')
    return path


def _path_at_the_vendor(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not _VENDOR.fullmatch(host):
        fix = "Give the path alone; the client knows its host (base_url=...)."
        raise refuse(f'"{address:.60}" is an address of another host.', fix)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _body(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(f"A {type(value).__name__} is no body.", 'Give a dict, such as {"prompt": "..."}.')

    problems: list[Problem] = []
    body: dict[str, Any] = _copied(value, "", (), problems)
    if problems:
        raise InvalidRequest(problems)
    return body


def _copied(value: Any, path: str, around: tuple[int, ...], problems: list[Problem]) -> Any:
    """A deep copy made of JSON's own types; what JSON cannot hold is noted with its place.

    `around` are the ids of the lists and objects that it lies in.
    """
    if isinstance(value, dict | list | tuple):
        if id(value) in around or len(around) == DEEPEST:
            message = f"It lies in itself, or more than {DEEPEST} levels deep."
            problems.append(Problem(path, message, "Give what JSON can hold."))
            return None
        around = (*around, id(value))
    if isinstance(value, dict):
        return {
            _name(name, path, problems): _copied(inner, f"{path}.{name}" if path else str(name), around, problems)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_copied(inner, f"{path}[{n}]", around, problems) for n, inner in enumerate(value)]

    plain, found = _plain(value)
    if found:
        fix = "Base64 text is kw.Image.of(photo).base64()." if isinstance(value, bytes) else "Give what JSON can hold."
        problems.append(Problem(path, found, fix))
    return plain


def _plain(value: Any) -> tuple[Any, str | None]:
    """A value as JSON's own type, and what is wrong with it."""
    match value:
        case None | bool():
            return value, None
        case str():
            return str(value), _text_problem(value)
        case int():
            return int(value), "It has hundreds of digits." if value.bit_length() > 1024 else None
        case float():
            return float(value), None if math.isfinite(value) else f"JSON has no {value}."
    return None, f"JSON has no {type(value).__name__}."


def _name(name: Any, path: str, problems: list[Problem]) -> str:
    found = _text_problem(name) if isinstance(name, str) else f"The name {name!r:.40} is no text."
    if found:
        problems.append(Problem(path, found, "Names are text in JSON."))
    return str(name)


def _text_problem(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"{text[error.start]!a} at place {error.start} is half a character."
    return None


def _shortened(value: Any) -> Any:
    """The same with its long texts, pictures mostly, told by their fingerprint."""
    match value:
        case dict():
            return {name: _shortened(inner) for name, inner in value.items()}
        case list():
            return [_shortened(inner) for inner in value]
        case str() if len(value) > LONG_TEXT:
            return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    return value


class RawRequest(Request):
    """Any endpoint of the vendor: `RawRequest("/v1/videos/omni-video", {"prompt": "..."})`.

    The endpoint is a path, or a word as `Task.kind` has it ("omni-video"). The body is JSON by the API's own names; it
    is copied, and no rule but JSON's is asked of it. Raises InvalidRequest naming each place that is no JSON.
    """

    endpoint: Annotated[str, BeforeValidator(_endpoint)]
    # Pictures are text here, and megabytes of it.
    body: Annotated[dict[str, Any], BeforeValidator(_body), Field(repr=False)]

    if TYPE_CHECKING:

        def __init__(self, endpoint: str, body: dict[str, Any], *, check: Check = "error") -> None: ...
    else:

        def __init__(self, endpoint: Any = ..., body: Any = ..., **fields: Any) -> None:
            given = {"endpoint": endpoint, "body": body}
            super().__init__(**{name: value for name, value in given.items() if value is not ...}, **fields)

    @property
    def kind(self) -> Kind:
        return kind_of(self.endpoint)

    def _written(self, form: Form) -> dict[str, Any]:
        return copy.deepcopy(self.body) if form == "wire" else _shortened(self.body)

    def own_id(self) -> str:
        return str(self.body.get("external_task_id") or "")

    def _defaults(self) -> set[str]:
        return set()  # nobody here knows the endpoint's

    def _film(self) -> dict[str, Any]:
        ours = ("callback_url", "external_task_id")
        return {name: value for name, value in self.body.items() if name not in ours}

    def __hash__(self) -> int:
        return hash((self.endpoint, self.key()))
