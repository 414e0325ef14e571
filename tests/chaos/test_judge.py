"""The judge sees what it is there to see."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from tests.chaos import film, naive, person, world
from tests.chaos.conftest import CALM
from tests.chaos.judge import Verdict, books, judge
from tests.chaos.proxy import Weather


def test_each_sort_of_harm_is_found(tmp_path: Path) -> None:
    """Five wishes: a good one, one bought twice, one whose film is missing, one whose film is another's, one unmade."""
    server, films = tmp_path / "server", tmp_path / "films"
    good, twice, missing, swapped, unmade = wishes = person.wishes(5)
    with world.world(server, CALM) as proxy:
        got = asyncio.run(naive.ask(proxy.url, [good, twice, missing, swapped], films))
        body = person.request(twice).payload()
        with httpx.Client(base_url=proxy.url, headers=world.token(), trust_env=False) as http:
            assert http.post("/v1/videos/image2video", json=body).is_success

    got.pop(missing).unlink()
    got[swapped].write_bytes(got[good].read_bytes())
    (films / "stray.mp4").write_bytes(b"")

    assert judge(books(server), wishes, got, [films]) == Verdict(
        tasks=5, charged_twice=(twice,), lost=(missing, unmade), corrupt=(swapped, "stray.mp4")
    )


def test_the_films_play_and_a_spoilt_one_does_not() -> None:
    """The mark at the end of each does not disturb; a flipped run of its pictures does."""
    good = film.of("wish 1")
    pictures = good.index(b"mdat") + 4

    assert film.plays(good)
    assert not film.plays(good[: len(good) // 2])
    assert not film.plays(good[:pictures] + bytes(64) + good[pictures + 64 :])


def test_the_weather_is_bad_enough(tmp_path: Path) -> None:
    """A client that just tries again pays twice, loses films and keeps spoilt ones: these tests can fail."""
    server, films, wishes = tmp_path / "server", tmp_path / "films", person.wishes(60)
    with world.world(server, Weather()) as proxy:
        got = asyncio.run(naive.ask(proxy.url, wishes, films))
    verdict = judge(books(server), wishes, got, [films])

    assert verdict.tasks > 60
    assert min(map(len, (verdict.charged_twice, verdict.lost, verdict.corrupt))) > 0
