"""A JupyterLab of the tests' own: free port, own folders, no token, no news."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kling_widgets.demo import lay_out, quiet

# Without it Lab asks for a kernel, and waits for ever.
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@dataclass(frozen=True)
class Lab:
    """Where it answers, the folder it shows, a fresh copy of the notebooks, and the one above for all it writes."""

    url: str
    folder: Path
    home: Path

    def address(self, notebook: str) -> str:
        return f"{self.url}/lab/tree/{notebook}?reset"

    def write(self, notebook: str, *cells: str) -> str:
        """Writes a notebook of these cells; its address."""
        bare = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        rows = [bare | {"id": f"c{n}", "source": cell} for n, cell in enumerate(cells)]
        page = {"cells": rows, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / notebook).write_text(json.dumps(page))
        return self.address(notebook)


@contextmanager
def running(home: Path) -> Iterator[Lab]:
    folder = lay_out(home)
    quiet(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # XDG_DATA_HOME would say where the journal is kept.
    foreign = ("KLING_", "JUPYTER_", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment |= {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment |= {"IPYTHONDIR": str(home / "ipython"), "HOME": str(home)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.app_settings_dir={home}"]
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/api", server)
            yield Lab(url, folder, home)
        finally:
            server.terminate()
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start; see lab.log in the test's folder.")
