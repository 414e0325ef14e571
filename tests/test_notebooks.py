"""The notebooks run top to bottom, with no key, on the emulator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kling_widgets.demo import lay_out

NOTEBOOKS = sorted(path.name for path in (Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_from_top_to_bottom(name: str, tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    keyless = {key: value for key, value in os.environ.items() if not key.startswith("KLING_")}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", name]
    ran = subprocess.run(command, cwd=folder, env=keyless, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]
    made = [path for path in (folder / "kling_videos").iterdir() if path.suffix in {".mp4", ".png"}]
    assert made, "the notebook made no film and no picture"
