"""Who we are: a key pair that signs a token, or a plain key. Neither ever shows what it holds."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
import warnings
from collections.abc import Callable, Generator
from email.utils import parsedate_to_datetime
from typing import NoReturn

import httpx

from kling_widgets.errors import InvalidRequest, Problem

LIFE = 1800  # seconds a token lives, and how far back its nbf lies: both as the vendor's page has them
EARLIER = 5
MARGIN = 120  # a new token is signed this long before the old one ends, so that none ends on its way

TOKEN_CODES = (1003, 1004)  # not valid yet, and ended: a token signed anew may be taken

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

    requires_response_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token().reveal()}"
        response = yield request
        if response.status_code == 401 and _code(response) in TOKEN_CODES and self._renew(response):
            request.headers["Authorization"] = f"Bearer {self._token().reveal()}"
            yield request

    def hide(self, text: str) -> str:
        """`text` without the secrets: a server may echo what it was sent."""
        for secret in self._secrets():
            if len(secret.reveal()) >= 8:  # a shorter one is no key of the vendor's, and occurs in plain words
                text = text.replace(secret.reveal(), MASK)
        return text

    @property
    def name(self) -> str:
        """Whose they are, in a word from which nobody comes back to a key: the journal keeps accounts apart by it."""
        return hashlib.sha256(f"kling_widgets account {self._secrets()[-1].reveal()}".encode()).hexdigest()[:16]

    def _token(self) -> Secret:
        raise NotImplementedError

    def _renew(self, refusal: httpx.Response) -> bool:
        """After a token was called too early or ended: whether there is another one now."""
        return False

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
        self._ahead = 0.0  # how far the service's clock is ahead of ours, in seconds, where that has mattered
        self._lock = threading.Lock()

    def _renew(self, refusal: httpx.Response) -> bool:
        with self._lock:
            self._signed = None
            # Mostly it is this machine's clock that is wrong; the answer tells what time it is there.
            with contextlib.suppress(KeyError, ValueError, TypeError, OverflowError):
                self._ahead = parsedate_to_datetime(refusal.headers["date"]).timestamp() - self._now()
        return True

    def _token(self) -> Secret:
        with self._lock:
            now = self._now() + self._ahead
            # Also when the clock was set back: a token from the future is refused.
            if self._signed is None or not self._ends - LIFE <= now <= self._ends - MARGIN:
                self._signed = _signed(self._access, self._secret, int(now))
                self._ends = int(now) + LIFE
            return self._signed

    def _secrets(self) -> tuple[Secret, ...]:
        signed = self._signed
        return (*([signed] if signed else []), self._secret, self._access)

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


def _code(response: httpx.Response) -> object:
    """The business code of a refusal."""
    try:
        frame = response.json()
    except (ValueError, RecursionError):
        return None
    return frame.get("code") if isinstance(frame, dict) else None


def _demand(secret: Secret, name: str) -> None:
    if not secret.reveal():
        raise InvalidRequest([Problem(name, "It is empty.", "Copy it from the vendor's console.")])


def _signed(access: Secret, secret: Secret, now: int) -> Secret:
    import jwt

    claims = {"iss": access.reveal(), "exp": now + LIFE, "nbf": now - EARLIER}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # PyJWT's opinion of the key's length; the vendor chose the key
        return Secret(jwt.encode(claims, secret.reveal(), algorithm="HS256"))
