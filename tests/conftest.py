"""What holds for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Hunting for new examples is for whoever sits in front of it; a build must not fail by luck.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds what another has submitted, nor leaves anything in the journal of whoever runs them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("home")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright keeps an event loop on this thread, where no other may run then."""
    items.sort(key=lambda item: "browser" in item.path.parts)
