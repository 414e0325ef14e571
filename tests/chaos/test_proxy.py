"""The proxy does what it says: good calls pass as they are, and after each misfortune the server has acted, or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.chaos import film, misfortune, person, world
from tests.chaos.misfortune import Misfortune
from tests.chaos.proxy import Proxy, Weather

PATH = "/v1/videos/image2video"
LATE = "sent late, when the client has given up"


@pytest.fixture
def http(proxy: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.url, headers=world.token(), timeout=0.5, trust_env=False) as client:
        yield client


@pytest.fixture
def straight(proxy: Proxy) -> Iterator[httpx.Client]:
    """Past the proxy."""
    host, port = proxy.upstream
    with httpx.Client(base_url=f"http://{host}:{port}", headers=world.token(), trust_env=False) as client:
        yield client


def post(http: httpx.Client, wish: str) -> httpx.Response:
    return http.post(PATH, json=person.request(wish).payload() | {"external_task_id": wish})


def finished(http: httpx.Client, wish: str) -> dict[str, Any]:
    while True:
        task: dict[str, Any] = http.get(f"{PATH}/{wish}").json()["data"]
        if task["task_status"] == "succeed":
            return task


def made(straight: httpx.Client, wish: str) -> bool:
    return straight.get(f"{PATH}/{wish}").is_success


def outcome(http: httpx.Client, wish: str) -> int | str:
    """The status, where something came that can be read to its end."""
    try:
        return post(http, wish).status_code
    except httpx.HTTPError as error:
        return type(error).__name__


def test_good_calls_pass_as_they_are(proxy: Proxy, http: httpx.Client, straight: httpx.Client) -> None:
    """In calm weather the answers are the server's, and its films lie behind the proxy, in byte ranges too."""
    assert post(http, "calm").json()["data"]["task_status"] == "submitted"
    task = finished(http, "calm")
    url = task["task_result"]["videos"][0]["url"]

    assert url.startswith(f"{proxy.url}/films/")
    assert http.get(url).content == film.of("calm")
    assert http.get(url, headers={"Range": "bytes=3-7"}).content == film.of("calm")[3:8]
    assert proxy.books.forwarded["calm"] == 1


@pytest.mark.parametrize("bad", misfortune.ALL["create"], ids=str)
def test_a_create_that_goes_wrong_says_truly_whether_the_server_acted(
    bad: Misfortune, proxy: Proxy, http: httpx.Client, straight: httpx.Client
) -> None:
    """No client could tell from what it is given, but the server has the task just where `acted` says so."""
    proxy.weather = Weather(create=1, only=frozenset({str(bad)}))
    wish = f"create {bad}".replace("/", " ")
    seen = outcome(http, wish)

    assert proxy.books.misfortunes[f"create: {bad}"] == 1
    if bad.name == LATE:
        assert proxy.await_books(lambda books: books.forwarded[wish] == 1, 10)
        assert seen == "ReadTimeout"
        return
    assert made(straight, wish) == bad.acted
    assert proxy.books.forwarded[wish] == bad.acted + (bad.name == "sent twice")
    assert seen in {200, 302, 400, 401, 408, 429, 500, 502, 503, 504} | {
        "ReadError",
        "ReadTimeout",
        "RemoteProtocolError",
    }


@pytest.mark.parametrize("bad", misfortune.ALL["film"], ids=str)
def test_a_film_that_goes_wrong_is_never_the_film(bad: Misfortune, proxy: Proxy, http: httpx.Client) -> None:
    """Either httpx complains, or what it gives does not play."""
    if not made(http, "film"):
        post(http, "film")
    url = finished(http, "film")["task_result"]["videos"][0]["url"]
    proxy.weather = Weather(film=1, read=0, only=frozenset({str(bad)}))
    try:
        answer = http.get(url)
    except httpx.HTTPError:
        return

    assert answer.status_code in (200, 502, 503, 504)
    assert not (answer.is_success and film.plays(answer.content))


def test_a_film_with_other_bytes_is_as_long_as_the_true_one(proxy: Proxy, http: httpx.Client) -> None:
    """Only the pictures in it tell."""
    post(http, "spoilt")
    url = finished(http, "spoilt")["task_result"]["videos"][0]["url"]
    only = frozenset({"other bytes of the same length, after the server acted"})
    proxy.weather = Weather(film=1, read=0, only=only)
    got = http.get(url).content

    assert len(got) == len(film.of("spoilt"))
    assert got != film.of("spoilt")


def test_the_same_seed_is_the_same_weather() -> None:
    """For the same calls; another seed is another."""
    weather = Weather()
    calls = [(what, times) for what in "abcdefgh" for times in range(4)]
    first, again, other = (
        [str(one.of("create", *call)[0]) for call in calls] for one in (weather, Weather(), replace(weather, seed=2))
    )

    assert first == again
    assert first != other
    assert first.count("None") in range(10, 29)


def test_a_signature_is_refused_once() -> None:
    """Signing anew helps: a second 1003 or 1004 for one and the same call would be a wrong key."""
    only = frozenset({"1003, before the server acted", "1004, before the server acted"})
    proxy = Proxy("http://127.0.0.1:9", Weather(create=1, read=1, only=only))
    met = [bool(proxy.draw("create", "a")[0]) for _ in range(3)] + [bool(proxy.draw("read", "b")[0]) for _ in range(2)]

    assert met == [True, False, False, True, False]
