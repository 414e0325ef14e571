"""300 wishes through bad weather: each is bought once, and each film comes home."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.chaos import person
from tests.chaos.judge import Verdict, books, journal, judge
from tests.chaos.proxy import Weather
from tests.chaos.world import world

COUNT = 300


def test_300_wishes_are_charged_once_and_come_home(tmp_path: Path) -> None:
    """Through one client, 30 at a time, and every tenth of them asked for twice at the same moment."""
    server, folder, wishes = tmp_path / "server", tmp_path / "client", person.wishes(COUNT)
    twice = [wish for number, wish in enumerate(wishes) for _ in range(2 if number % 10 == 0 else 1)]
    with world(server, Weather()) as proxy:
        got = asyncio.run(person.ask_all(proxy.url, folder, twice))
    tasks = books(server)

    assert judge(tasks, wishes, got.films, [folder]) == Verdict(tasks=COUNT), got.seen
    keys = {wish: person.request(wish).key() for wish in wishes}
    assert {task.wish: task.key for task in tasks} == keys
    assert journal(folder) == {key: ("succeed", got.films[wish]) for wish, key in keys.items()}
    assert not [*folder.rglob("*.part")]
    assert proxy.books.misfortunes.total() > COUNT
    assert got.seen.total() < COUNT // 20, "what passes is no business of a person's"
