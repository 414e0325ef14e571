"""What holds for all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright keeps an event loop on this thread, where no other may run then."""
    items.sort(key=lambda item: "browser" in item.path.parts)
