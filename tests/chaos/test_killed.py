"""The same with a client that is killed again and again."""

from __future__ import annotations

from pathlib import Path

from tests.chaos import life, person
from tests.chaos.judge import Verdict, books, journal, judge
from tests.chaos.proxy import Weather
from tests.chaos.world import world

COUNT = 300
KILLS = 6


def test_300_wishes_survive_the_deaths_of_their_client(tmp_path: Path) -> None:
    """SIGKILL at moments that nobody chose; the next process takes the journal and the films as they are left."""
    server, folder, wishes = tmp_path / "server", tmp_path / "client", person.wishes(COUNT)
    with world(server, Weather(seed=2)) as proxy:
        got, killed = life.with_deaths(proxy, folder, COUNT, kills=KILLS, seed=2)
    tasks = books(server)

    assert judge(tasks, wishes, got.films, [folder]) == Verdict(tasks=COUNT), got.seen
    keys = {wish: person.request(wish).key() for wish in wishes}
    assert {task.wish: task.key for task in tasks} == keys
    assert journal(folder).keys() == {*keys.values()}
    assert killed == KILLS
