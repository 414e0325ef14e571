"""Other people's clients, fetched as they were published, and a `kling-widgets serve` for them to talk to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import trustme

HERE = Path(__file__).parent
PHOTO = HERE.parents[1] / "notebooks/photos/rocket.jpg"
KEY = ("foreign", "f" * 32)
SECONDS = 240


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def mask(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The left mask of tests/wire."""
    path = tmp_path_factory.mktemp("mask") / "mask.png"
    picture = PIL.Image.new("L", (640, 427))
    picture.paste(255, (100, 200, 180, 280))
    picture.save(path)
    return path


@pytest.fixture(scope="session")
def http_server() -> Iterator[str]:
    yield from _serve([])


@pytest.fixture(scope="session")
def https_server(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    certificate, folder = authority.issue_cert("localhost", "127.0.0.1"), tmp_path_factory.mktemp("tls")
    chain, key = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(key)
    yield from _serve(["--tls-cert", str(chain), "--tls-key", str(key)])


@pytest.fixture(scope="session")
def node_saw(
    https_server: str,
    authority: trustme.CA,
    mask: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> dict[str, Any]:
    """What kling-api 1.0.0 of npm made and was refused; its server still answers."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    home = pytestconfig.cache.mkdir("kling-api-1.0.0")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    if not (home / "node_modules/kling-api/package.json").exists():
        _bring([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], home)
    shutil.copy(HERE / "drive.mjs", home)
    trusted = tmp_path_factory.mktemp("trust") / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    command = ["node", "drive.mjs", https_server, *KEY, str(PHOTO), str(mask)]
    return _run(command, home, NODE_EXTRA_CA_CERTS=str(trusted))


@pytest.fixture(scope="session")
def python_saw(http_server: str, mask: Path, pytestconfig: pytest.Config) -> dict[str, Any]:
    """What klingai-api 0.1.0 of PyPI made and was refused; its server still answers."""
    home = pytestconfig.cache.mkdir("klingai-api-0.1.0")
    if not (home / "api.py").exists():
        # It asks for Python 3.14 and for an MCP server that a client has no use for; it runs without both.
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python"]
        _bring([*pip, "--dest", str(home), "klingai-api==0.1.0"], home)
        with zipfile.ZipFile(next(home.glob("*.whl"))) as wheel:
            wheel.extractall(home)
    return _run(
        [sys.executable, str(HERE / "drive.py"), http_server, *KEY, str(PHOTO), str(mask)], home, PYTHONPATH=str(home)
    )


def _serve(options: Sequence[str]) -> Iterator[str]:
    """The address of a `kling-widgets serve` of its own, in a process of its own."""
    program = [sys.executable, "-c", "import sys; from kling_widgets.cli import main; sys.exit(main())", "serve"]
    command = [*program, "--port", "0", "--key", ":".join(KEY), "--speed", "50", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"https?://\S+", process.stdout.readline())
            assert found, "the emulator did not say where it listens"
            # The foreign certificate is made out to a name.
            yield found[0].replace("127.0.0.1", "localhost") if options else found[0]
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _bring(command: Sequence[str], home: Path) -> None:
    brought = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    if brought.returncode:
        pytest.skip(f"{' '.join(command[:3])}: {brought.stderr.strip()[-300:]}")


def _run(command: Sequence[str], home: Path, **more: str) -> dict[str, Any]:
    """What the driver printed; nothing of this machine's own keys and proxies goes along."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"(?i)kling|.*_proxy$|.*_token$", name)}
    done = subprocess.run(
        command, cwd=home, env=kept | more, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen
