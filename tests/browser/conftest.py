"""A real Chromium, and a real JupyterLab for it to open."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find
from tests.browser.notebook import Notebook, opened

# Without it Lab asks for a kernel, and waits for ever.
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

Open = Callable[..., Notebook]

QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find()
    if executable is None:
        pytest.fail("No Chromium was found. Run: python -m tests (it installs one), or install chromium.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class Lab:
    """A JupyterLab of the tests' own."""

    url: str
    folder: Path

    def address(self, notebook: str) -> str:
        return f"{self.url}/lab/tree/{notebook}?reset"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port, with its own folders and no token, on a fresh copy of the notebooks."""
    from kling_widgets.demo import lay_out, quiet

    home = tmp_path_factory.mktemp("lab")
    folder = lay_out(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KLING_", "JUPYTER_"))}
    environment |= {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment |= {"IPYTHONDIR": str(home / "ipython"), "HOME": str(home)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.app_settings_dir={home}"]
    quiet(home)
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/api", server)
            yield Lab(url, folder)
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def open_with(lab: Lab, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a notebook with these cells, a file of this test's own."""
    with ExitStack() as contexts:

        def open_cells(*cells: str, **view: float) -> Notebook:
            name = f"{request.node.name}.ipynb"
            rows: list[dict[str, object]] = [
                {
                    "cell_type": "code",
                    "id": f"c{n}",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": cell,
                }
                for n, cell in enumerate(cells)
            ]
            page = {"cells": rows, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
            Path(lab.folder, name).write_text(json.dumps(page))
            return contexts.enter_context(opened(browser, lab.address(name), **view))

        yield open_cells


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("JupyterLab did not start; see lab.log in the test's folder.")
