"""Two processes want the same at the same moment, on one machine or on two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import person
from tests.chaos.judge import Verdict, books, judge
from tests.chaos.life import Life
from tests.chaos.proxy import Weather
from tests.chaos.world import world

COUNT = 30


@pytest.mark.parametrize("homes", [("here", "here"), ("here", "there")], ids=["one journal", "no shared disk"])
def test_two_at_once_make_one_task(homes: tuple[str, str], tmp_path: Path) -> None:
    """Two kernels that run the same notebook in the same second pay once for each wish, and both have each film."""
    server, wishes = tmp_path / "server", person.wishes(COUNT)
    folders = [tmp_path / home for home in homes]
    with (
        world(server, Weather(seed=3)) as proxy,
        Life(proxy, folders[0], COUNT, "first") as first,
        Life(proxy, folders[1], COUNT, "second") as second,
    ):
        first.begin()
        second.begin()
        both = [first.end(), second.end()]
    tasks = books(server)

    for got, folder in zip(both, folders, strict=True):
        assert judge(tasks, wishes, got.films, [folder]) == Verdict(tasks=COUNT), got.seen
