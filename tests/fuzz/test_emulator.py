"""Whatever is sent to the emulator, it answers as the vendor would: never 5xx, never a task for what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from .bodies import ENDPOINTS, anything, bent, documents, picture
from .conftest import Service
from .profile import CASES

fuzz = settings(
    max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def judged(service: Service, path: str, body: Any) -> None:
    before = service.newest(path)
    status, answer = service.post(path, body)

    if status == 200:
        assert answer["code"] == 0
        assert service.newest(path) == answer["data"]["task_id"] != before
    else:
        assert (status, answer["code"]) in {(400, 1200), (400, 1201), (404, 1203)}, answer
        assert answer["message"]
        assert service.newest(path) == before


@fuzz
@given(case=bent())
def test_a_bent_example_is_taken_or_refused(service: Service, case: tuple[str, Any]) -> None:
    """The pages' own bodies with something replaced, removed, doubled or added."""
    judged(service, *case)


@fuzz
@given(case=anything)
def test_any_object_is_taken_or_refused(service: Service, case: tuple[str, Any]) -> None:
    """Objects that never were a request."""
    judged(service, *case)


@fuzz
@given(document=documents)
def test_any_document_is_refused(service: Service, document: Any) -> None:
    """JSON of any shape in the place of the body."""
    for path in ENDPOINTS:
        judged(service, path, document)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"duration": 1e999, "image": "' + picture().encode() + b'"}',
        b'{"cfg_scale": NaN, "prompt": "x"}',
        b'{"prompt": "\\ud800"}',
        b'{"element_list": [{"element_id": ' + b"9" * 5000 + b"}]}",
        b'{"prompt": "a", "prompt": "b"}',
    ],
    ids=range(10),
)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_bytes_that_are_hardly_json_are_refused(service: Service, path: str, raw: bytes) -> None:
    """Cut off, nested without end, numbers that no number type holds, half a surrogate pair."""
    judged(service, path, raw)
