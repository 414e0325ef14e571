"""Client and emulator were written apart; what the one builds the other takes, so each tells on the other's slips."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import HealthCheck, event, given, settings

import kling_widgets as kw

from .conftest import Service
from .profile import CASES
from .wishes import Wish, wishes

fuzz = settings(
    max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def built(wish: Wish) -> Any:
    """The request, mended where the client offers to mend it; None where it is refused for good."""
    kind, fields = wish
    try:
        return kind(**fields)
    except kw.InvalidRequest as refused:
        try:
            return refused.fixed()
        except kw.InvalidRequest:
            return None


@fuzz
@given(wish=wishes)
def test_what_the_client_builds_the_emulator_takes(service: Service, wish: Wish) -> None:
    """At check="error", and where nothing is newer than the tables (that passes with a warning)."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        request = built(wish)
    event("refused" if request is None else "built")
    if request is None or warned:
        return

    status, answer = service.create(request.endpoint, request.payload())
    # Nobody's pictures are fetched and no clock runs here, so nothing but the body can be refused.
    assert status == 200, answer["message"]
