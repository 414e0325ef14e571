"""Who is let in."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest

from kling_widgets.emulator import tokens
from kling_widgets.emulator.answers import Refusal

KEYS = {"ak": "sk" * 16, "other": "os" * 16}
NOW = 1_700_000_000.0
_OTHERS = (
    "none",
    "None",
    "NONE",
    "nOnE",
    "hs256",
    "Hs256",
    " HS256",
    "HS256 ",
    "RS256",
    "ES256",
    "",
    None,
    1,
    ["HS256"],
)
"""Algorithms that are not the one."""
_VECTOR = json.loads((Path(__file__).parents[1] / "wire/jwt.json").read_text("utf-8"))


def signed(secret: str = KEYS["ak"], algorithm: str = "HS256", **claims: object) -> str:
    claims = {"iss": "ak", "exp": NOW + 1800, "nbf": NOW - 5} | claims
    return "Bearer " + jwt.encode(
        {name: value for name, value in claims.items() if value is not None}, secret, algorithm
    )


def by_hand(head: object, body: object) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body))
    return "Bearer " + ".".join([*parts, "c2ln"])


def unsigned(head: object, name: str = "ak") -> str:
    """With nothing where the signature belongs."""
    return by_hand(head, {"iss": name, "exp": NOW + 1800}).removesuffix("c2ln")


def signed_with_nothing(name: str) -> str:
    """By the empty key, which is what a careless server has for a name that it does not know."""
    text = unsigned({"alg": "HS256"}, name).removeprefix("Bearer ").removesuffix(".")
    signature = hmac.digest(b"", text.encode(), "sha256")
    return f"Bearer {text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_the_account_is_the_access_key_that_signed() -> None:
    assert tokens.account(signed(), KEYS, NOW) == "ak"
    assert tokens.account(signed(KEYS["other"], iss="other"), KEYS, NOW) == "other"
    assert tokens.account(signed().replace("Bearer", "bearer"), KEYS, NOW) == "ak"


def test_the_published_vector_is_let_in() -> None:
    keys = {_VECTOR["access_key"]: _VECTOR["secret_key"]}
    assert tokens.account(f"Bearer {_VECTOR['token']}", keys, _VECTOR["now"]) == _VECTOR["access_key"]


def test_a_token_lives_from_nbf_to_exp() -> None:
    assert tokens.account(signed(nbf=NOW), KEYS, NOW) == "ak"
    assert tokens.account(signed(exp=NOW + 1), KEYS, NOW) == "ak"
    assert tokens.account(signed(nbf=None), KEYS, NOW) == "ak"


@pytest.mark.parametrize(
    ("code", "header"),
    [
        (1001, lambda: None),
        (1001, lambda: "  "),
        (1002, lambda: "Bearer"),
        (1002, lambda: "Basic YTpi"),
        (1002, lambda: signed().removeprefix("Bearer ")),
        (1002, lambda: "Bearer a.b"),
        (1002, lambda: "Bearer a.b.c.d"),
        (1002, lambda: "Bearer ä.b.c"),
        (1002, lambda: "Bearer .."),
        (1002, lambda: signed("", "none")),
        (1002, lambda: signed(KEYS["ak"] * 2, "HS512")),
        (1002, lambda: by_hand(["HS256"], {"iss": "ak"})),
        *[(1002, lambda name=name: by_hand({"alg": name}, {"iss": "ak", "exp": NOW + 1800})) for name in _OTHERS],
        (1002, lambda: unsigned({"alg": "none"})),
        (1002, lambda: unsigned({"typ": "JWT"})),
        (1000, lambda: unsigned({"alg": "HS256"})),
        (1000, lambda: signed(KEYS["other"])),
        (1000, lambda: signed(KEYS["ak"], iss="other")),
        (1000, lambda: signed(KEYS["ak"], iss="AK")),
        (1000, lambda: signed_with_nothing("nobody")),
        (1000, lambda: signed(iss=None)),
        (1000, lambda: by_hand({"alg": "HS256"}, {"iss": ["ak"]})),
        (1000, lambda: by_hand({"alg": "HS256"}, {"iss": "ak"})),
        (1000, lambda: signed("wrong" * 8)),
        (1000, lambda: signed(iss="nobody")),
        (1000, lambda: signed("x" * 32, exp=NOW - 1)),
        (1002, lambda: signed(exp=None)),
        (1002, lambda: signed(exp=[1])),
        (1002, lambda: signed(exp=True)),
        (1003, lambda: signed(nbf=NOW + 1)),
        (1004, lambda: signed(exp=NOW)),
    ],
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_everything_else_is_kept_out_with_its_own_code(code: int, header: Callable[[], str | None]) -> None:
    with pytest.raises(Refusal) as caught:
        tokens.account(header(), KEYS, NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(("token", "parts"), [("abc", "0"), ("a.b", "2"), ("a.b.c.d", "> 3")])
def test_what_is_no_token_is_counted_as_the_vendor_counts(token: str, parts: str) -> None:
    with pytest.raises(Refusal, match=f"The token was expected to have 3 parts, but got {parts}"):
        tokens.account(f"Bearer {token}", KEYS, NOW)
