"""A person at a notebook in JupyterLab: opens it, runs it, looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

# What Lab itself says on a machine without a network, and what Chromium says of Lab: none of it is ours.
LABS_OWN = re.compile(
    r"favicon|service-worker|manifest\.json|third-party cookie|lsp|Unrecognized feature", re.IGNORECASE
)


class Notebook:
    """One open notebook; remembers what the page complained of and where it went."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", lambda request: self._visited(request.url))

    def _complain(self, text: str) -> None:
        if not LABS_OWN.search(text):
            self.complaints.append(text)

    def _visited(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(urlsplit(url).hostname or "")

    def open(self, address: str) -> None:
        self.page.goto(address)
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=60_000)
        expect(self.page.locator(".jp-Notebook-ExecutionIndicator").first).to_have_attribute(
            "data-status", "idle", timeout=60_000
        )

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator('[data-command="runmenu:run-all"], [data-command="notebook:run-all-cells"]').last.click()

    def write(self, code: str) -> None:
        """Puts code into the last cell."""
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def run(self) -> None:
        self.page.keyboard.press("Shift+Enter")

    def group(self, name: str, n: int = 0) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True).nth(n)


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int = 1400, height: int = 1000, scale: float = 1
) -> Iterator[Notebook]:
    """A notebook in a fresh browser context, closed at the end."""
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
    try:
        notebook = Notebook(context.new_page())
        notebook.open(address)
        yield notebook
    finally:
        context.close()
