"""Keys: the token they make, when they make a new one, and that they never show."""

import asyncio
import copy
import json
import pickle
import re
import traceback
from collections.abc import Callable
from email.utils import formatdate
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


class Gate:
    """A service that looks at the claims by its own clock; `dates` says what it writes into the header Date."""

    def __init__(self, now: float, dates: Callable[[float], str | None] = formatdate) -> None:
        self.now = now
        self.dates = dates
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        self.asked.append(bearer)
        claims = jwt.decode(bearer, SECRET, ["HS256"], options={"verify_exp": False, "verify_nbf": False})
        date = self.dates(self.now)
        headers = {} if date is None else {"date": date}
        code = 1003 if claims["nbf"] > self.now else 1004 if claims["exp"] <= self.now else 0
        frame = {"code": code, "message": "", "request_id": "r", "data": []}
        return httpx.Response(401 if code else 200, json=frame, headers=headers)

    def ask(self, keys: Keys, times: int = 1) -> None:
        """List the tasks, so often."""

        async def listed() -> None:
            client = kw.Client(keys, transport=httpx.MockTransport(self))
            for _ in range(times):
                async for _ in client.tasks():
                    pass

        asyncio.run(listed())


@pytest.mark.parametrize("off", [-7200, -90, 90, 7200])
def test_a_clock_that_is_wrong_is_set_by_the_services(off: float) -> None:
    """After 1003 or 1004 a token is signed by the time that the answer tells, and the next call needs no second one."""
    clock, gate = Clock(1_000_000.0), Gate(1_000_000.0 - off)
    keys = kw.KeyPair(ACCESS, SECRET, now=clock)
    gate.ask(keys, 3)

    late = -1800 < off <= 0  # such a token is old, and good
    assert len(gate.asked) == (3 if late else 4)
    assert len(set(gate.asked)) == (1 if late else 2)
    clock.now += 3600
    gate.now += 3600
    gate.ask(keys)
    assert len(gate.asked) == (4 if late else 5)


@pytest.mark.parametrize("dates", [lambda now: None, lambda now: "soon", lambda now: "Mon, 01 Jan 0001 00:00:00 -0000"])
def test_without_the_services_time_the_refusal_is_raised(dates: Any) -> None:
    """A new token was tried once, and no more."""
    gate = Gate(1_000_000.0 - 7200, dates)
    with pytest.raises(kw.NotAuthorized, match="check the local clock"):
        gate.ask(kw.KeyPair(ACCESS, SECRET, now=Clock(1_000_000.0)))

    assert len(gate.asked) == 2


def test_a_time_that_was_wrong_is_set_again() -> None:
    """A proxy's date had misled it; the next refusal tells better."""
    gate = Gate(1_000_000.0 - 7200, lambda now: formatdate(now + 90_000))
    keys = kw.KeyPair(ACCESS, SECRET, now=Clock(1_000_000.0))
    with pytest.raises(kw.NotAuthorized):
        gate.ask(keys)
    gate.dates = formatdate
    gate.ask(keys)

    assert len(gate.asked) == 4


@pytest.mark.parametrize(
    ("keys", "code", "calls"),
    [
        (kw.KeyPair(ACCESS, SECRET), 1003, 2),
        (kw.KeyPair(ACCESS, SECRET), 1004, 2),
        (kw.KeyPair(ACCESS, SECRET), 1000, 1),
        (kw.KeyPair(ACCESS, SECRET), 1002, 1),
        (kw.ApiKey(SECRET), 1004, 1),
    ],
)
@pytest.mark.parametrize("method", ["read", "create"])
def test_what_another_signature_may_mend(keys: Keys, code: int, calls: int, method: str) -> None:
    """A token's time, once; nothing about a wrong key, nor a plain one, which cannot be signed anew."""
    asked: list[bytes] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(401, json={"code": code, "message": "", "request_id": ""})

    client = kw.Client(keys, transport=httpx.MockTransport(refuse))
    with pytest.raises(kw.NotAuthorized) as caught:
        asyncio.run(client.task("1") if method == "read" else client.submit(kw.RawRequest("x", {"prompt": "up"})))
    assert caught.value.code == code
    assert len(asked) == calls
    assert len(set(asked)) == 1


def test_accounts_have_names_that_tell_nothing() -> None:
    """The journal keeps them apart by these; a pair's is its access key's, since secrets are changed."""
    names = [kw.KeyPair("ak-1", "sk-1").name, kw.KeyPair("ak-2", "sk-1").name, kw.ApiKey("ak-1x").name]
    other = kw.KeyPair("ak-1", "sk-2")
    token(other)

    assert len(set(names)) == 3
    assert other.name == names[0]
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
