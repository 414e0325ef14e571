"""Keys: the token they make, when they make a new one, and that they never show."""

import asyncio
import copy
import json
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

import kling_widgets as kw
from kling_widgets.auth import Keys

VECTOR = json.loads(Path("tests/wire/jwt.json").read_text("utf-8"))
ACCESS, SECRET = "access-key-of-the-test", "a-secret-key-that-nobody-may-ever-see"


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def token(auth: httpx.Auth) -> str:
    request = next(auth.auth_flow(httpx.Request("GET", "https://example.com")))
    scheme, _, token = request.headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    return token


def test_the_token_of_the_vector() -> None:
    """The same keys at the same second give the same token, byte for byte."""
    pair = kw.KeyPair(VECTOR["access_key"], VECTOR["secret_key"], now=lambda: VECTOR["now"])

    assert token(pair) == VECTOR["token"]


def test_a_token_is_kept_and_signed_anew_before_it_ends() -> None:
    """Within half an hour the same token serves; two minutes before its end there is a new one."""
    clock = Clock(1_000_000.0)
    pair = kw.KeyPair(ACCESS, SECRET, now=clock)
    tokens = {}
    for later in (0, 1, 1679, 1681, 1682, 3700):
        clock.now = 1_000_000 + later
        tokens[later] = token(pair)

    assert tokens[0] == tokens[1] == tokens[1679]
    assert tokens[1679] != tokens[1681] == tokens[1682] != tokens[3700]
    claims = jwt.decode(tokens[3700], SECRET, ["HS256"], options={"verify_exp": False, "verify_nbf": False})
    assert claims == {"iss": ACCESS, "exp": 1_000_000 + 3700 + 1800, "nbf": 1_000_000 + 3700 - 5}


def test_a_clock_set_back_gets_a_new_token() -> None:
    """A token whose nbf lies in the future would be refused."""
    clock = Clock(1_000_000.0)
    pair = kw.KeyPair(ACCESS, SECRET, now=clock)
    first = token(pair)
    clock.now -= 5000

    assert token(pair) != first


def test_a_plain_key_is_sent_as_it_is() -> None:
    """Without the blanks that copying brings along."""
    assert token(kw.ApiKey(f" {SECRET}\n")) == SECRET


def test_blanks_around_a_secret_do_not_count() -> None:
    """The usual cause of "authentication failed"."""
    assert token(kw.KeyPair(" ak ", "sk\n", now=lambda: VECTOR["now"])) == VECTOR["token"]


@pytest.mark.parametrize("make", [lambda: kw.KeyPair("", "x"), lambda: kw.KeyPair("x", " "), lambda: kw.ApiKey("")])
def test_an_empty_key_is_refused(make: Any) -> None:
    """At once, not by the service."""
    with pytest.raises(kw.InvalidRequest, match="It is empty"):
        make()


@pytest.mark.parametrize("keys", [kw.KeyPair(ACCESS, SECRET), kw.ApiKey(SECRET)], ids=["pair", "plain"])
def test_keys_show_nothing(keys: Keys) -> None:
    """Neither repr, str, format nor vars, one level deep or two, nor a client that holds them."""
    token(keys)
    client = kw.Client(keys)
    shown = [repr(keys), str(keys), f"{keys}", repr(vars(keys)), repr(client), repr(vars(client))]
    shown += [repr(vars(vars(client)["_wire"])), *(repr(value) for value in vars(keys).values())]

    assert not any(text in " ".join(shown) for text in (ACCESS, SECRET, token(keys)))


@pytest.mark.parametrize("thing", [kw.KeyPair(ACCESS, SECRET), kw.ApiKey(SECRET), kw.Client(kw.ApiKey(SECRET))])
def test_keys_are_not_pickled(thing: object) -> None:
    """The refusal says what to do; parts of a key are refused as well."""
    for use in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="from_env"):
            use(thing)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(kw.KeyPair(ACCESS, SECRET)._secret)


def test_no_traceback_with_locals_shows_a_key() -> None:
    """Not of a wrong key, nor of a call that failed, nor of a key handed to the client as it is."""

    def failing(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("lost")

    async def call() -> None:
        client = kw.Client(pair, transport=httpx.MockTransport(failing), sleep=at_once)
        await client.task("1")

    async def at_once(seconds: float) -> None:
        """Nobody waits here."""

    pair = kw.KeyPair(ACCESS, SECRET)
    shown: list[str] = []
    for act in (
        lambda: kw.KeyPair(" ", str(SECRET)),
        lambda: kw.KeyPair(str(SECRET), ""),
        lambda: kw.Client(str(SECRET)),  # type: ignore[arg-type]
        lambda: asyncio.run(call()),
    ):
        with pytest.raises((kw.KlingError, TypeError)) as caught:
            act()
        shown += traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()

    mine = "".join(shown)
    assert "ConnectionFailed" in mine
    assert "It is empty" in mine
    assert not any(text in mine for text in (SECRET, ACCESS, token(pair)))


def test_a_key_that_the_server_echoes_is_hidden() -> None:
    """`hide` takes the secret, the access key and the current token out of a text."""
    pair = kw.KeyPair(ACCESS, SECRET)
    current = token(pair)

    assert pair.hide(f"no {SECRET} of {ACCESS} in {current}!") == "no ••• of ••• in •••!"
