"""A real Chromium, and a real JupyterLab for it to open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import PIL.Image
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from kling_widgets import MotionBrush
from tests.browser.bench_page import Bench, Opener
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost
from tests.browser.lab import Lab, running
from tests.browser.notebook import Notebook
from tests.browser.notebook import opened as opened_in_lab

Open = Callable[..., Notebook]

# Other tests run beside these, on machines that may have two cores.
expect.set_options(timeout=15_000)


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
            return contexts.enter_context(
                opened_in_lab(browser, lab.write(f"{request.node.name}.ipynb", *cells), **view)
            )

        yield open_cells


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a brush on a bare page; in the end no page may have complained."""
    contexts = []
    benches = []

    def opener(
        width: int = 640,
        height: int = 400,
        density: float = 1,
        touch: bool = False,
        page: int = 900,
        brush: MotionBrush | None = None,
    ) -> Bench:
        brush = brush or MotionBrush(PIL.Image.effect_noise((width, height), 40).convert("RGB"))
        size = {"width": page, "height": 900}
        context = browser.new_context(viewport=size, device_scale_factor=density, has_touch=touch)  # type: ignore[arg-type]
        contexts.append(context)
        host = FakeHost(context.new_page(), brush, "motion_brush")
        host.show()
        benches.append(Bench(host, brush))
        return benches[-1]

    yield opener
    complaints = [bench.host.complaints for bench in benches]
    for context in contexts:
        context.close()
    assert complaints == [[]] * len(benches)
