"""The list of all tasks, through what passes."""

import asyncio
from typing import Any, cast

import pytest

import kling_widgets as kw
from kling_widgets.listing import listed
from kling_widgets.retry import Patience
from kling_widgets.wire import Wire
from tests.test_poller import Account, Time, ids


def all_of(account: Account, patience: Patience | None = None) -> list[str]:
    async def listing() -> list[str]:
        return [task.id async for task in listed(cast(Wire, account), "image2video", patience)]

    return asyncio.run(listing())


def failing(page: int, *errors: kw.KlingError) -> Account:
    """An account of 250 tasks; reading this page of them meets the errors before it succeeds."""
    account, left = Account(ids(250)), list(errors)
    account.trouble = lambda id: left.pop(0) if left and account.lists[-1][0] == page else None
    return account


def test_with_patience_a_page_is_asked_for_again() -> None:
    """That page alone, after a wait that grows; nothing is told twice."""
    account, time = failing(2, kw.ConnectionFailed("lost"), kw.APIError.of(1302, 429, "too fast")), Time()

    assert all_of(account, Patience(time.sleep, lambda: time.now, lambda: 0.0)) == ids(250)
    assert ([page for page, _ in account.lists], time.naps) == ([1, 2, 2, 2, 3], [1, 2])


@pytest.mark.parametrize("patience", [None, Patience(Time().sleep)], ids=["none", "some"])
def test_what_will_not_pass_is_raised(patience: Any) -> None:
    """At once; without patience what passes is raised too."""
    with pytest.raises(kw.NotAuthorized):
        all_of(failing(1, kw.APIError.of(1002, 401, "no key")), patience)
    if patience is None:
        with pytest.raises(kw.ConnectionFailed):
            all_of(failing(3, kw.ConnectionFailed("lost")))
