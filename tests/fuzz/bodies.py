"""Bodies as nobody would write them: the pages' own examples with something bent, and JSON of any shape."""

from __future__ import annotations

import base64
import copy
import functools
import io
import json
from pathlib import Path
from typing import Any

import PIL.Image
from hypothesis import strategies as st

ENDPOINTS = ("/v1/videos/image2video", "/v1/videos/text2video", "/v1/videos/effects", "/v1/images/generations")
Json = Any

_WIRE = Path(__file__).parents[1] / "wire"

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-2, max_value=100)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "on", "off", "5", "0", "-1", "1e9", "true", "kling-v3", "data:image/png;base64,AAAA", "\0", "😀"]
    )
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@functools.cache
def picture(width: int = 640, height: int = 427, format: str = "JPEG", mode: str = "RGB") -> str:
    """A plain picture as raw Base64; a mask is one of mode L, white in its middle."""
    image = PIL.Image.new(mode, (width, height), "gray" if mode == "RGB" else 0)
    if mode == "L":
        image.paste(255, (width // 4, height // 4, width // 2, height // 2))
    file = io.BytesIO()
    image.save(file, format)
    return base64.b64encode(file.getvalue()).decode()


@functools.cache
def examples() -> tuple[tuple[str, Json], ...]:
    """Path and body of every create in tests/wire that is accepted."""
    cases = [json.loads(file.read_text("utf-8")) for file in sorted(_WIRE.glob("*-create-*.json"))]
    cases += [json.loads(file.read_text("utf-8")) for file in sorted(_WIRE.glob("*-lenient-*.json"))]
    return tuple(
        (case["request"]["path"].rstrip("/"), _filled(case["request"]["body"])) for case in cases if "request" in case
    )


def _filled(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _filled(inner) for name, inner in value.items() if name != "external_task_id"}
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    if value == "@callback":
        return ""
    if isinstance(value, str) and value.startswith("@mask"):
        return picture(format="PNG", mode="L")
    return picture() if isinstance(value, str) and value.startswith("@") else value


@st.composite
def bent(draw: st.DrawFn) -> tuple[str, Json]:
    """An example of the pages in which one to three values were replaced, taken away, doubled or added."""
    path, body = draw(st.sampled_from(examples()))
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        _bend(draw, body)
    return path, body


def _bend(draw: st.DrawFn, body: Json) -> None:
    places = list(_places(body))
    holder, key = draw(st.sampled_from(places)) if places else (body, None)
    match draw(st.sampled_from(["replace", "replace", "remove", "double", "add"])):
        case "replace" if key is not None:
            holder[key] = draw(documents)
        case "remove" if key is not None:
            del holder[key]
        case "double" if isinstance(holder, list) and key is not None:
            holder.extend([copy.deepcopy(holder[key])] * draw(st.integers(1, 90)))
        case _ if isinstance(holder, dict):
            holder[draw(st.text(max_size=10) | st.sampled_from(["model", "duration", "images", "input"]))] = draw(
                documents
            )


def _places(value: Json) -> Any:
    """Every (object or array, key) of a document."""
    for key in range(len(value)) if isinstance(value, list) else list(value):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


anything = st.tuples(st.sampled_from(ENDPOINTS), st.dictionaries(st.text(max_size=10), documents, max_size=6))
