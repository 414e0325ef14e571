"""What is built: the sdist and the wheel carry the front end, the notebooks and the photos, and stand on their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEGABYTE = 1024 * 1024

FRONT_END = {
    "kling_widgets/static/studio.js",
    "kling_widgets/static/studio.css",
    "kling_widgets/static/motion_brush.js",
    "kling_widgets/static/brush_more.js",
}
CARRIED = FRONT_END | {
    "kling_widgets/data/effects.json",
    "kling_widgets/data/thumbnails-0.webp",
    "kling_widgets/notebooks/01_first_film.ipynb",
    "kling_widgets/notebooks/photos/rocket.jpg",
    "kling_widgets/notebooks/photos/README.md",
    "kling_widgets/py.typed",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of this tree, and a wheel of that sdist, built where there is no Node to be found."""
    folder = tmp_path_factory.mktemp("built")
    tree = folder / "tree"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((ROOT / name).read_bytes())
    (tree / "js/node_modules").symlink_to(ROOT / "js/node_modules")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, "--sdist", str(tree)], check=True, capture_output=True)
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    nodeless = os.environ | {"PATH": str(Path(sys.executable).parent)}
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    subprocess.run([*build, "--wheel", str(unpacked)], check=True, capture_output=True, env=nodeless)
    return folder


def test_the_wheel_carries_what_it_needs_and_is_small(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= CARRIED
    assert not [name for name in names if name.startswith(("js/", "tests/")) or "node_modules" in name]
    assert wheel.stat().st_size < 5 * MEGABYTE


def test_the_sdist_carries_sources_and_bundles(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {"js/src/studio.tsx", "js/package-lock.json", "tests/wire/README.md", *FRONT_END}
    assert not [name for name in names if "node_modules" in name]


def test_from_the_wheel_the_demo_lays_out_its_notebooks_far_from_any_checkout(built: Path, tmp_path: Path) -> None:
    [wheel] = built.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    code = "from pathlib import Path; from kling_widgets import demo; print(demo.lay_out(Path.cwd()), demo.__file__)"
    away = tmp_path / "away"
    away.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=away,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in ran.stdout
    assert (away / "kling_notebooks/01_first_film.ipynb").exists()
    assert (away / "kling_notebooks/photos/rocket.jpg").exists()
