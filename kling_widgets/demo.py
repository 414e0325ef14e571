"""`kling-widgets demo`: JupyterLab on the first notebook, over the built-in emulator."""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import IO

import httpx

from kling_widgets.shipped import notebooks

FIRST = "01_first_film.ipynb"
HOST = "127.0.0.1"
FIRST_PORT = 8888

# The demo never spends: with these gone, every cell runs on the emulator.
KEYS = ("KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY", "KLING_BASE_URL")


def run(port: int | None, *, browser: bool) -> int:
    """Lays the notebooks out, starts JupyterLab on the first, and stays until it ends. Returns the exit code."""
    if importlib.util.find_spec("jupyterlab") is None:
        return _fail('The demo needs JupyterLab. Run: pip install "kling-widgets[emulator,demo]"')
    try:
        port = _free_port(port)
        folder = lay_out(Path.cwd())
    except OSError as error:
        return _fail(str(error))

    # A terminal that closes or a service manager ends us as Ctrl-C does: Lab must not stay behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    token = secrets.token_urlsafe(24)
    address = f"http://{HOST}:{port}/lab/tree/{FIRST}?token={token}"
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as settings:
        quiet(Path(settings))
        lab = _start(folder, port, token, Path(settings), log)
        try:
            if not _listening(lab, port):
                log.seek(0)
                return _fail("JupyterLab did not start. It said:\n" + log.read().decode(errors="replace")[-2000:])
            print(f"The notebooks are in {folder}\nJupyterLab: {address}\nCtrl-C stops it.", flush=True)
            if browser:
                webbrowser.open(address)
            return lab.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            lab.terminate()
            lab.wait()


def lay_out(folder: Path) -> Path:
    """Copies the notebooks and photos into `folder/kling_notebooks`, never over a file that is there.

    In a checkout, whose `notebooks` folder has them already, nothing is copied. Returns the folder to open.
    """
    if (folder / "notebooks" / FIRST).exists() and (folder / "pyproject.toml").exists():
        return folder / "notebooks"
    source, target = notebooks(), folder / "kling_notebooks"
    for file in sorted(source.rglob("*")):
        there = target / file.relative_to(source)
        if file.suffix in {".ipynb", ".jpg", ".png", ".md"} and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
    return target


def _free_port(wanted: int | None) -> int:
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return port
    if wanted:
        raise OSError(
            f"Port {wanted} cannot be used; another program may be on it. Choose another: --port {wanted % 60000 + 1}"
        )
    raise OSError(f"No free port from {FIRST_PORT} on. Choose one: --port N")


def quiet(settings: Path) -> None:
    """Settings with which Lab asks the network for no news or updates, and shows no dialog about them."""
    silent = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    (settings / "overrides.json").write_text(json.dumps(silent))


def _start(folder: Path, port: int, token: str, settings: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    options = {
        "ServerApp.root_dir": str(folder),
        "ServerApp.ip": HOST,
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.open_browser": "False",
        "LabApp.app_settings_dir": str(settings),
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = "True"
    environment = {name: value for name, value in os.environ.items() if name not in KEYS}
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # keys may lie there too
    environment["JUPYTER_TOKEN"] = token  # not an argument: those are for every user of the machine to see
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603


def _listening(
    lab: subprocess.Popen[bytes], port: int, *, patience: float = 60, sleep: Callable[[float], None] = time.sleep
) -> bool:
    end = time.monotonic() + patience
    while lab.poll() is None and time.monotonic() < end:
        try:
            if httpx.get(f"http://{HOST}:{port}/api", trust_env=False).is_success:
                return True
        except httpx.TransportError:
            sleep(0.2)
    return False


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
