"""What holds for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Hunting for new examples is for whoever sits in front of it; a build must not fail by luck.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright keeps an event loop on this thread, where no other may run then."""
    items.sort(key=lambda item: "browser" in item.path.parts)
