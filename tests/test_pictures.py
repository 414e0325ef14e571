"""Pictures of a task on their way to disk: what holds for films holds for each, and one file tells of them all."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import io
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest

import kling_widgets as kw
from kling_widgets import pictures, sidecar
from kling_widgets.lock import take
from kling_widgets.picture import Picture
from kling_widgets.task import ImageResult
from tests.shelf import MADE, TASK, Naps, Shelf, lying, wire

SET = dataclasses.replace(
    TASK, images=tuple(ImageResult(n, f"https://films.example/{n}.png?sign=secret") for n in range(2))
)
WHOLE = {"boat-0.png", "boat-1.png", "boat.json"}


def painted(color: str) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (64, 48), color).save(file, "PNG")
    return file.getvalue()


RED, BLUE = painted("red"), painted("blue")


async def fetching(server: Any, folder: Path, **note: Any) -> tuple[Picture, ...]:
    return await pictures.fetched(
        wire(server), SET, folder, preview=False, note=note, patience=Naps().patience, now=MADE.timestamp
    )


class Shelves:
    """One picture each."""

    def __init__(self) -> None:
        self.shelves = {"/0.png": Shelf(file=RED), "/1.png": Shelf(file=BLUE)}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return self.shelves[request.url.path](request)

    @property
    def asked(self) -> list[list[str | None]]:
        return [shelf.asked for shelf in self.shelves.values()]


def test_one_file_tells_of_them_all(tmp_path: Path) -> None:
    """The note and the task once, then each picture with its bytes."""
    asyncio.run(fetching(Shelves(), tmp_path, take=2))

    facts = sidecar.read(tmp_path / "boat.json")
    assert facts is not None
    assert (facts["take"], facts["task"]["id"], facts["kept_until"]) == (2, "100", "2024-09-03T11:05:57+00:00")
    assert facts["pictures"] == [
        {
            "file": f"boat-{n}.png",
            "width": 64,
            "height": 48,
            "url": f"https://films.example/{n}.png",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for n, content in enumerate([RED, BLUE])
    ]
    assert ("secret" in (tmp_path / "boat.json").read_text(), lying(tmp_path)) == (False, WHOLE)


def test_a_break_and_a_later_call(tmp_path: Path) -> None:
    """The first is there, with its facts; of the second the rest is fetched."""
    server = Shelves()
    server.shelves["/1.png"].cuts = [50, *[0] * 5]
    with pytest.raises(kw.ConnectionFailed, match=r"50 of .* bytes are kept"):
        asyncio.run(fetching(server, tmp_path))
    first = sidecar.read(tmp_path / "boat.json")
    assert first is not None
    assert ([row["file"] for row in first["pictures"]], len(lying(tmp_path))) == (["boat-0.png"], 3)

    asyncio.run(fetching(server, tmp_path))
    both = sidecar.read(tmp_path / "boat.json")
    assert both is not None
    assert ([row["file"] for row in both["pictures"]], lying(tmp_path)) == (["boat-0.png", "boat-1.png"], WHOLE)
    assert both["pictures"][0] == first["pictures"][0]
    assert server.asked == [[None], [None, *["bytes=50-"] * 6]]


def test_two_at_once(tmp_path: Path) -> None:
    """One download of each."""

    async def both() -> list[tuple[Picture, ...]]:
        return await asyncio.gather(fetching(server, tmp_path), fetching(server, tmp_path))

    server = Shelves()
    first, second = asyncio.run(both())
    assert (first, server.asked, lying(tmp_path)) == (second, [[None], [None]], WHOLE)


def test_what_is_there_waits_for_nobody(tmp_path: Path) -> None:
    """Not even for one who seems to fetch the same: nothing is written."""
    found = asyncio.run(fetching(Shelves(), tmp_path))

    async def again() -> tuple[Picture, ...]:
        held = await take(tmp_path / "boat", Naps().sleep)
        try:
            return await asyncio.wait_for(fetching(None, tmp_path), 5)
        finally:
            held.free()

    assert asyncio.run(again()) == found


@pytest.mark.parametrize("facts", [{"task": {"id": "7"}, "pictures": [{"file": "a"}]}, {"pictures": 7}, {"task": 7}])
def test_facts_of_another_task_are_not_taken_over(tmp_path: Path, facts: Any) -> None:
    """Nor what is none."""
    sidecar.write(tmp_path / "boat.json", facts)
    asyncio.run(fetching(Shelves(), tmp_path))
    found = sidecar.read(tmp_path / "boat.json")
    assert found is not None
    assert [row["file"] for row in found["pictures"]] == ["boat-0.png", "boat-1.png"]
