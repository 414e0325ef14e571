"""The emulator inside this process."""

import asyncio
import sys
from pathlib import Path

import pytest

import kling_widgets as kw


def test_without_the_emulator_local_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra's command, as an ImportError too."""
    monkeypatch.setitem(sys.modules, "kling_widgets.emulator.serve", None)

    with pytest.raises(ImportError, match=r'pip install "kling-widgets\[emulator\]"'):
        kw.Client.local()


def test_two_local_clients_are_two_accounts(tmp_path: Path) -> None:
    """Each has an emulator of its own; what one submits the other does not know; closing one ends only that."""

    async def both() -> tuple[list[kw.Task], list[kw.Task]]:
        request = kw.VideoEffect(effect_scene="squish", image="notebooks/photos/chelsea.png")
        async with kw.Client.local(videos=tmp_path) as one:
            async with kw.Client.local(videos=tmp_path) as other:
                assert (one.offline, one.origin) == (True, "the built-in emulator")
                await one.submit(request)
                theirs = [task async for task in other.tasks("effects")]
            return [task async for task in one.tasks("effects")], theirs

    mine, theirs = asyncio.run(both())
    assert (len(mine), theirs) == (1, [])
