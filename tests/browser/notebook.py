"""A person at a notebook in JupyterLab: opens it, runs it, looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

START = 60_000  # ms for a kernel to start and import
FILM = 120_000  # ms for the emulator to make a film on a slow machine

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
        # What is run before is dropped without a word; the status bar is the only place that tells the truth.
        expect(self.page.get_by_role("button", name=re.compile(r"\| Idle$"))).to_be_visible(timeout=START)

    def choose(self, menu: str, command: str) -> None:
        """An entry of Lab's menu bar, by Lab's name for its command."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.locator(f'.lm-Menu [data-command="{command}"]').click()

    def run_all(self) -> None:
        self.choose("Run", "runmenu:run-all")

    def restart_and_run_all(self) -> None:
        self.choose("Run", "runmenu:restart-and-run-all")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def shut_down(self) -> None:
        """Ends the kernel, as one does for the night."""
        self.choose("Kernel", "kernelmenu:shutdown")
        expect(self.page.get_by_role("button", name="No Kernel", exact=True)).to_be_visible(timeout=START)

    def save(self) -> None:
        self.choose("File", "docmanager:save")
        expect(self.page.get_by_text("Saving completed")).to_be_visible()

    def run(self, cell: int) -> None:
        self.page.locator(".jp-Notebook .jp-CodeCell").nth(cell).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")

    def printed(self) -> Locator:
        return self.page.locator(".jp-OutputArea-output pre")

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
