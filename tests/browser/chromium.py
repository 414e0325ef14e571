"""Which Chromium the browser tests drive."""

from __future__ import annotations

import shutil
from pathlib import Path

QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The system's browser, else the one that Playwright brought, else None."""
    system = next((path for name in NAMES if (path := shutil.which(name))), None)
    if system:
        return system
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None
