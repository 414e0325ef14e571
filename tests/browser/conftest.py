"""A real Chromium, and a real JupyterLab for it to open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import QUIET, find
from tests.browser.lab import Lab, running
from tests.browser.notebook import Notebook, opened

Open = Callable[..., Notebook]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find()
    if executable is None:
        pytest.fail("No Chromium was found. Run: python -m tests (it installs one), or install chromium.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def open_with(lab: Lab, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a notebook with these cells, a file of this test's own."""
    with ExitStack() as contexts:

        def open_cells(*cells: str, **view: float) -> Notebook:
            return contexts.enter_context(opened(browser, lab.write(f"{request.node.name}.ipynb", *cells), **view))

        yield open_cells
