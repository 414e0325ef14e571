"""Whatever a request is made of, it exists or is refused with InvalidRequest: no other exception comes out."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kling_widgets as kw

from .bodies import bent, documents
from .profile import CASES
from .wishes import Wish, photo, wishes

fuzz = settings(
    max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

REQUESTS = (kw.ImageToVideo, kw.TextToVideo, kw.VideoEffect, kw.ImageGeneration)
BY_PATH = {
    "/v1/videos/image2video": kw.ImageToVideo,
    "/v1/videos/text2video": kw.TextToVideo,
    "/v1/videos/effects": kw.VideoEffect,
    "/v1/images/generations": kw.ImageGeneration,
}
names = st.sampled_from(sorted({name for kind in REQUESTS for name in kind.model_fields}))


def made(kind: Any, fields: dict[str, Any]) -> Any:
    """The request or None; a refusal says something of every problem and can be shown as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kw.KlingWarning)
        try:
            request = kind(**fields)
        except kw.InvalidRequest as error:
            refusal = error
        else:
            refusal = None
    if refusal:
        assert refusal.problems
        assert all(problem.message and isinstance(problem.field, str) for problem in refusal.problems)
        assert all(len(str(problem)) < 1000 for problem in refusal.problems)
        return None
    json.dumps(request.payload(), allow_nan=False)
    assert 8 <= len(request.key()) <= 64
    request.cost()
    return request


@fuzz
@given(kind=st.sampled_from(REQUESTS), fields=st.dictionaries(names | st.text(max_size=8), documents, max_size=8))
def test_any_fields_make_a_request_or_a_refusal(kind: Any, fields: dict[str, Any]) -> None:
    """Values of any shape, under the names of fields and under none."""
    made(kind, fields | {"image": photo(300, 300)} if kind is kw.ImageToVideo and "image" not in fields else fields)


@fuzz
@given(case=bent())
def test_a_bent_body_makes_a_request_or_a_refusal(case: tuple[str, Any]) -> None:
    """The pages' own bodies, bent, given field by field."""
    path, body = case
    fields = {name: value for name, value in body.items() if name.isidentifier()}
    if path.endswith("effects") and isinstance(fields.get("input"), dict):
        fields |= {name: value for name, value in fields.pop("input").items() if name.isidentifier()}
    made(BY_PATH[path], fields)


@fuzz
@given(wish=wishes, check=st.sampled_from(["error", "warn", "off"]))
def test_a_wish_makes_a_request_or_a_refusal(wish: Wish, check: str) -> None:
    """Whatever `check` is."""
    kind, fields = wish
    made(kind, fields | {"check": check})


@fuzz
@given(endpoint=st.text(max_size=30) | st.just("/v1/videos/omni-video"), body=documents)
def test_any_raw_request_is_one_or_a_refusal(endpoint: str, body: Any) -> None:
    """An endpoint and a body of any shape."""
    try:
        request = kw.RawRequest(endpoint, body)
    except kw.InvalidRequest:
        return
    assert json.loads(json.dumps(request.payload())) == json.loads(json.dumps(body))
    assert 8 <= len(request.key()) <= 64


@pytest.mark.parametrize(
    "value", [b"", object(), float("inf"), 10**5000, "\ud800", [[]] * 3, {1: 2}, range(3)], ids=range(8)
)
@pytest.mark.parametrize("kind", REQUESTS)
def test_a_thing_that_no_field_is_for_is_refused(kind: Any, value: Any) -> None:
    """Objects that JSON does not know, under every name in turn."""
    for name in kind.model_fields:
        made(kind, {name: value})
