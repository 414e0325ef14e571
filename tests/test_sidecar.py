"""Facts beside a film: written whole or not at all, short enough to be read, and read with care."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kling_widgets import sidecar
from tests.shelf import TASK, lying


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a" * 4096, "a" * 4096),
        ("a" * 4097, "…4097"),
        (b"\x00" * 7, "…7"),
        ([1, 2.5, True, None, "é"], [1, 2.5, True, None, "é"]),
        ((1, {"deep": ("b" * 5000,)}), [1, {"deep": ["…5000"]}]),
        (float("nan"), None),
        ({3: Path("a/b")}, {"3": "a/b"}),
        ("half \ud800", "half \ud800"),
        ({"of": {7}}, {"of": [7]}),
    ],
)
def test_any_note_is_kept_in_short(tmp_path: Path, value: Any, kept: Any) -> None:
    """Nothing is refused; what is long gives way to its length."""
    sidecar.write(tmp_path / "boat.json", {"note": value})

    assert sidecar.read(tmp_path / "boat.mp4") == {"note": kept}
    assert lying(tmp_path) == {"boat.json"}


@pytest.mark.parametrize("content", [None, b"", b"[1]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_cannot_be_read_is_none(tmp_path: Path, content: bytes | None) -> None:
    """A film without facts is a film."""
    if content is not None:
        (tmp_path / "boat.json").write_bytes(content)
    assert sidecar.read(tmp_path / "boat.mp4") is None


def test_the_old_one_stays_where_the_new_cannot_be(tmp_path: Path) -> None:
    """And nothing half lies beside it."""
    path = tmp_path / "boat.json"
    sidecar.write(path, {"n": 1})
    with pytest.raises(RecursionError):
        sidecar.write(path, endless())
    assert (sidecar.read(path), lying(tmp_path)) == ({"n": 1}, {"boat.json"})


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/b.mp4?sign=secret#secret", "https://a.example/b.mp4"),
        ("https://user:secret@a.example:8443/b.mp4", "https://a.example:8443/b.mp4"),
        ("http://[::1", ""),
    ],
)
def test_an_address_without_what_opens_it(tmp_path: Path, url: str, kept: str) -> None:
    """Signatures and passwords stay out."""
    (tmp_path / "boat.mp4").write_bytes(b"abc")
    assert sidecar.measured(tmp_path / "boat.mp4", url) == {
        "url": kept,
        "bytes": 3,
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }


def test_the_task_is_not_hidden_by_a_note() -> None:
    """Its own names win."""
    assert sidecar.told(TASK, {"task": "mine", "take": 1}, 0)["task"]["id"] == "100"


def test_the_end_of_time() -> None:
    """A service that has lost its clock."""
    late = dataclasses.replace(TASK, updated_at=datetime.max.replace(tzinfo=UTC))
    assert sidecar.kept_until(late) == late.updated_at


def endless() -> dict[str, Any]:
    facts: dict[str, Any] = {}
    facts["again"] = facts
    return facts
