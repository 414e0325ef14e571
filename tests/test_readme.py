"""What the README promises is so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import kling_widgets as kw

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_quick_start_has_two_commands_of_one_line_each() -> None:
    [quick_start] = re.findall(r"^## Quick start\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    commands = re.findall(r"^```\n(.*?)^```\n", quick_start, re.DOTALL | re.MULTILINE)
    assert [command.count("\n") for command in commands] == [1, 1]
    assert commands[0].rstrip().endswith("kling-widgets demo")


def test_continuous_integration_runs_the_second_one_word_for_word() -> None:
    pick = re.search(r"command=\$\((awk .*) README\.md\)", (ROOT / ".ci/run").read_text("utf-8"))
    assert pick is not None
    picked = subprocess.run(
        ["bash", "-c", f"{pick[1]} README.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert picked.stdout.rstrip().endswith("-m tests")
    assert f"```\n{picked.stdout}```" in README


def test_the_wrong_request_is_refused_with_the_words_it_shows() -> None:
    [example, said] = re.findall(r">>> (kw\.ImageToVideo\(.*\))\n    InvalidRequest: (.*)\n", README)[0]
    with pytest.raises(kw.InvalidRequest) as refusal:
        eval(example)
    assert str(refusal.value).splitlines()[0] == said


def test_every_part_it_names_is_there() -> None:
    named = re.findall(r"kw\.([A-Z]\w+)|^\| `([A-Z]\w+)`", README, re.MULTILINE)
    for name in {one or other for one, other in named}:
        assert hasattr(kw, name)


def test_the_explanation_it_shows_is_the_one_given() -> None:
    [example, said] = re.findall(r">>> print\((kw\.capabilities\..*)\)\n    (.*)\n", README)[0]
    assert str(eval(example)) == said
