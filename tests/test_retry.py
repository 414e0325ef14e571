"""Waiting: longer and longer, never all at once, and as long as the service asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.retry import FIRST, LONGEST, MOST_ASKED, Patience
from tests.test_client import Time, run


def asking(seconds: float | None) -> kw.KlingError:
    error = kw.APIError.of(1302, 429, "too fast")
    error.retry_after = seconds
    return error


def patience(time: Time, jitter: float = 0.0) -> Patience:
    return Patience(time.sleep, lambda: time.now, lambda: jitter)


def failing(*errors: kw.KlingError) -> Callable[[], Any]:
    """A call that fails so often, and then gives "found"."""
    left = [*errors]

    async def call() -> str:
        if left:
            raise left.pop(0)
        return "found"

    return call


def test_each_wait_is_twice_the_last_up_to_a_minute() -> None:
    """From the vendor's second on."""
    waits = [patience(Time()).delay(failures) for failures in (1, 2, 3, 4, 5, 6, 7, 8, 10_000)]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.integers(1, 10**6), st.floats(0, 1), st.none() | st.floats(0, 10**9))
def test_the_bounds_of_a_wait(failures: int, jitter: float, asked: float | None) -> None:
    """Never shorter than was asked for, unless that is a mistake; never longer than needed; failures make it longer."""
    wait = patience(Time(), jitter).delay(failures, asking(asked))

    assert wait >= max(FIRST, min(asked or 0, MOST_ASKED))
    assert wait <= max(1.5 * LONGEST, min(asked or 0, MOST_ASKED))
    assert patience(Time(), jitter).delay(failures + 1, asking(asked)) >= wait


def test_a_read_is_tried_again_after_what_passes() -> None:
    """With growing waits, and no word of it."""
    time = Time()
    gone = [kw.ConnectionFailed("gone"), kw.ResponseError("?", 502), kw.APIError.of(5001, 503, ""), asking(30)]

    assert run(patience(time).read(failing(*gone))) == "found"
    assert time.naps == [1, 2, 4, 30]


def test_a_read_comes_to_an_end() -> None:
    """Six tries in all, or as many as one wants; the last error is raised, and not waited for."""
    for tries, naps in ((6, [1, 2, 4, 8, 16]), (2, [1]), (1, [])):
        time = Time()
        errors = [kw.ConnectionFailed(str(n)) for n in range(9)]
        with pytest.raises(kw.ConnectionFailed, match=str(tries - 1)):
            run(patience(time).read(failing(*errors), tries=tries))
        assert time.naps == naps


@pytest.mark.parametrize("error", [kw.APIError.of(1201, 400, ""), kw.ResponseError("?"), kw.KlingError("no")])
def test_what_cannot_pass_is_raised_at_once(error: kw.KlingError) -> None:
    """The next read would find the same."""
    time = Time()
    with pytest.raises(type(error)):
        run(patience(time).read(failing(error)))

    assert time.naps == []


def test_where_nothing_is_sent_one_hears_of_it_soon() -> None:
    """Three tries, in a few seconds: no network, a wrong host, a stranger's certificate."""
    time = Time()
    errors = [kw.ConnectionFailed(str(n), sent=False) for n in range(9)]

    with pytest.raises(kw.ConnectionFailed, match="2"):
        run(patience(time).read(failing(*errors)))
    assert time.naps == [1, 2]
