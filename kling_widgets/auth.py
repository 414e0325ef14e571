"""Who we are: a key pair that signs a token, or a plain key. Neither ever shows what it holds."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Generator
from typing import NoReturn

import httpx

from kling_widgets.errors import InvalidRequest, Problem

LIFE = 1800  # seconds a token lives, and how far back its nbf lies: both as the vendor's page has them
EARLIER = 5
MARGIN = 120  # a new token is signed this long before the old one ends, so that none ends on its way

MASK = "•••"


class Secret:
    """A text that does not print, pickle or compare; `reveal()` is the only way to it."""

    __slots__ = ("reveal",)

    reveal: Callable[[], str]

    def __init__(self, text: str) -> None:
        # A closure: what lists attributes, as vars(), debuggers and tracebacks with locals do, finds a function.
        self.reveal = lambda: text

    def __repr__(self) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled. Make the client anew on the other side, with Client.from_env().")


class Keys(httpx.Auth):
    """Puts a bearer token on each request; the base of KeyPair and ApiKey."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token().reveal()}"
        yield request

    def hide(self, text: str) -> str:
        """`text` without the secrets: a server may echo what it was sent."""
        for secret in self._secrets():
            if len(secret.reveal()) >= 8:  # a shorter one is no key of the vendor's, and occurs in plain words
                text = text.replace(secret.reveal(), MASK)
        return text

    def _token(self) -> Secret:
        raise NotImplementedError

    def _secrets(self) -> tuple[Secret, ...]:
        raise NotImplementedError

    def __reduce__(self) -> NoReturn:
        raise TypeError("Keys are not pickled. Make the client anew on the other side, with Client.from_env().")


class KeyPair(Keys):
    """An access key and a secret key. Signs a token (JWT, HS256), keeps it, and signs anew well before it ends."""

    def __init__(self, access_key: str, secret_key: str, *, now: Callable[[], float] = time.time) -> None:
        access, secret = Secret(access_key.strip()), Secret(secret_key.strip())
        del access_key, secret_key  # a traceback with locals shows arguments
        _demand(access, "access_key")
        _demand(secret, "secret_key")
        self._access, self._secret, self._now = access, secret, now
        self._signed: Secret | None = None
        self._ends = 0.0
        self._lock = threading.Lock()

    def _token(self) -> Secret:
        with self._lock:
            now = self._now()
            # Also when the clock was set back: a token from the future is refused.
            if self._signed is None or not self._ends - LIFE <= now <= self._ends - MARGIN:
                self._signed = _signed(self._access, self._secret, int(now))
                self._ends = int(now) + LIFE
            return self._signed

    def _secrets(self) -> tuple[Secret, ...]:
        return (self._secret, self._access, *([self._signed] if self._signed else []))

    def __repr__(self) -> str:
        return f"KeyPair({MASK}, {MASK})"


class ApiKey(Keys):
    """A plain key, sent as it is."""

    def __init__(self, key: str) -> None:
        secret = Secret(key.strip())
        del key
        _demand(secret, "key")
        self._key = secret

    def _token(self) -> Secret:
        return self._key

    def _secrets(self) -> tuple[Secret, ...]:
        return (self._key,)

    def __repr__(self) -> str:
        return f"ApiKey({MASK})"


def _demand(secret: Secret, name: str) -> None:
    if not secret.reveal():
        raise InvalidRequest([Problem(name, "It is empty.", "Copy it from the vendor's console.")])


def _signed(access: Secret, secret: Secret, now: int) -> Secret:
    import jwt

    claims = {"iss": access.reveal(), "exp": now + LIFE, "nbf": now - EARLIER}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # PyJWT's opinion of the key's length; the vendor chose the key
        return Secret(jwt.encode(claims, secret.reveal(), algorithm="HS256"))
