"""The page at /docs: true to the code, whole in itself, and its examples run."""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from kling_widgets.emulator import answers, docs, flags
from kling_widgets.emulator.faults import FAULTS
from kling_widgets.emulator.job import Film, Job
from kling_widgets.emulator.serve import Emulator

KEYS = {"ak": "sk" * 16}


def _render(job: Job, path: Path, watermarked: Path | None) -> Film:
    path.write_bytes(b"a film")
    return Film(job.seconds, 1280, 720)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(KEYS, speed=1000, slots=7, units=12.5, render=_render) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def text(emulator: Emulator) -> str:
    """The page as it is sent."""
    answer = httpx.get(f"{emulator.url}/docs", trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return answer.text


def cells(text: str) -> list[list[str]]:
    """The rows of all tables, as a reader sees them."""
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    return [
        [html.unescape(re.sub(r"<.*?>", "", cell)) for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]
        for row in rows
    ]


def test_the_front_page_leads_there(emulator: Emulator) -> None:
    answer = httpx.get(emulator.url, trust_env=False, follow_redirects=True)
    assert str(answer.url) == f"{emulator.url}/docs"


def test_every_route_is_on_the_page(emulator: Emulator, text: str) -> None:
    """R1, R2, R3, R116, R117, R118: each call, and nothing that is none."""
    assert emulator._server is not None
    app: Any = emulator._server.config.app
    routes = [route for route in app.routes if isinstance(route, Route)]
    assert len(routes) == len(app.routes)
    calls = {
        f"{method} {route.path.replace(':path', '').rstrip('/') or '/'}"
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    shown = [row[0] for row in cells(text) if row and re.match("(GET|POST|PUT|DELETE) /", row[0])]
    assert sorted(shown) == sorted(calls)
    assert len(calls) == 17


def test_every_flag_is_on_the_page_with_its_meaning(text: str) -> None:
    parser = argparse.ArgumentParser(add_help=False)
    flags.add_arguments(parser)
    wanted = {action.option_strings[0]: action.help for action in parser._actions}
    assert len(wanted) > 10
    assert {row[0].split()[0]: row[1] for row in cells(text) if row and row[0].startswith("--")} == wanted


def test_every_fault_is_on_the_page_with_what_it_does(text: str) -> None:
    """From the very table that the die is thrown over."""
    shown = {row[0]: (row[1], row[2], row[3]) for row in cells(text) if len(row) == 4}
    assert shown == {
        fault.name: (
            fault.touches,
            ("yes" if fault.acted else "no") if "create" in fault.calls else "no matter",
            fault.text,
        )
        for fault in FAULTS
    }
    assert len(shown) == 21
    assert "Here: none." in text


def test_every_code_is_on_the_page_with_its_status(text: str) -> None:
    codes = {value for name, value in vars(answers).items() if name.isupper() and isinstance(value, int)}
    shown = {int(row[1]): int(row[0]) for row in cells(text) if len(row) == 3}
    assert shown == {code: answers.HTTP_STATUS[code] for code in codes}


def test_it_tells_how_this_emulator_was_started(text: str) -> None:
    assert "(here 1000)" in text
    assert "7 slots for videos and 9 for pictures" in text.replace("\n", " ")
    assert "12.5 units" in text
    assert "{{" not in text


def test_it_shows_the_address_it_was_reached_by(emulator: Emulator) -> None:
    """And what somebody writes into a Host header stays text."""
    port = emulator.url.rpartition(":")[2]
    for host in (f"localhost:{port}", "kling.example"):
        answer = httpx.get(f"{emulator.url}/docs", headers={"Host": host}, trust_env=False)
        assert f'<code class="long address">http://{host}</code>' in answer.text
    facts = docs.Facts(1, 5, 9, 1, False, range(1, 3), 1, range(1, 3), 1, faults="<script>alert(2)</script>")
    assert "<script>" not in docs.page("http://<script>alert(1)</script>", [], facts)


def test_what_a_stranger_writes_into_a_header_stays_text(emulator: Emulator) -> None:
    """The server itself lets no such host through; should it, the page would show it as text."""
    for host in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a'onmouseover='alert(1)"):
        answer = httpx.get(f"{emulator.url}/docs", headers={"Host": host}, trust_env=False)
        assert not re.search(r"<script|<img|'onmouseover='", answer.text)


def test_it_is_whole_in_itself(emulator: Emulator, text: str) -> None:
    """No script, no other address, nothing to load; a browser is told so too."""
    assert not re.search(r"<(script|img|link|iframe)|\burl\(|@import|src=|href=\"(?!#)", text)
    assert httpx.get(f"{emulator.url}/docs", trust_env=False).headers["content-security-policy"] == docs.POLICY


@pytest.mark.parametrize(
    ("example", "command", "needs"),
    [
        ("curl", ["bash", "-eu"], ("bash", "openssl", "curl")),
        ("python", [sys.executable, "-"], ()),
        ("node", ["node", "--input-type=module", "-"], ("node",)),
    ],
)
def test_its_examples_run(
    emulator: Emulator, text: str, example: str, command: list[str], needs: tuple[str, ...]
) -> None:
    """As they stand on the page, with the two keys in the environment."""
    if absent := [tool for tool in needs if shutil.which(tool) is None]:
        pytest.skip(f"{absent[0]} is not installed")

    found = re.search(rf'<pre id="{example}">(.*?)</pre>', text, re.DOTALL)
    assert found
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command,
        input=html.unescape(found[1]),
        env=kept | {"KLING_ACCESS_KEY": "ak", "KLING_SECRET_KEY": KEYS["ak"]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    wanted = {"curl": r'"task_status":"submitted"', "python": r"^http\S+/films/\S+\.mp4$", "node": r"^\d{18}$"}
    assert re.search(wanted[example], done.stdout), done.stdout
