"""The signature of a callback: the Standard Webhooks scheme, by the library of that name."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from kling_widgets.errors import BadSignature, InvalidRequest, MissingExtra, Problem

if TYPE_CHECKING:
    from standardwebhooks import Webhook

Headers = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]

Body = TypeVar("Body", bytes, str)

TOLERANCE = 300.0
"""Seconds between the sender's clock and ours."""

NAMES = ("webhook-id", "webhook-timestamp", "webhook-signature")


def verify(
    headers: Headers,
    body: Body,
    secret: str,
    *,
    now: float | Callable[[], float] | None = None,
    tolerance: float = TOLERANCE,
) -> Body:
    """The body, where the callback is signed with `secret` ("whsec_...") and signed lately. Raises BadSignature.

    `headers` are a mapping or pairs, their names in any letter case. `body` is what came, byte for byte: JSON that was
    read and written again has another signature. `now` is in seconds since 1970; None is this machine's clock.
    """
    webhook = signer(secret)
    del secret  # tracebacks show arguments
    moment = now() if callable(now) else time.time() if now is None else now
    check(headers, body, webhook, moment, tolerance)
    return body


def signer(secret: str) -> Webhook:
    """What signs with `secret`. Raises InvalidRequest where that is no secret, MissingExtra without the library."""
    try:
        from standardwebhooks import Webhook
    except ImportError as error:
        raise MissingExtra("What checks signatures", "callbacks") from error

    key = secret.strip().removeprefix("whsec_")
    del secret
    try:
        right = len(base64.b64decode(key + "=" * (-len(key) % 4), validate=True)) > 0
    except (binascii.Error, ValueError):
        right = False
    if not right:
        fix = 'Copy it from the vendor\'s console, "whsec_" and all.'
        raise InvalidRequest([Problem("secret", "It is no Webhook Secret.", fix)])
    return Webhook(key)


def check(headers: Headers, body: bytes | str, signer: Webhook, now: float, tolerance: float = TOLERANCE) -> None:
    """`verify` with what `signer` gave, and a moment."""
    id, at, signatures = _three(headers)
    if not re.fullmatch(r"[0-9]{1,11}", at):
        raise BadSignature(f'Its webhook-timestamp "{at:.40}" is no time in seconds.')
    off = int(at) - now
    if not abs(off) <= tolerance:
        side = "ahead of" if off > 0 else "behind"
        raise BadSignature(f"Its time is {abs(off):.0f} s {side} this machine's clock; {tolerance:g} s are allowed.")

    try:
        text = body if isinstance(body, str) else bytes(body).decode()
        ours = signer.sign(id, datetime.fromtimestamp(int(at), UTC), text).encode()
    except UnicodeError:
        raise BadSignature("Its body is no text.") from None
    matches = [hmac.compare_digest(ours, theirs.encode(errors="replace")) for theirs in signatures.split()]
    if not any(matches):
        raise BadSignature("It was signed with another secret, or changed on its way.")


def _three(headers: Headers) -> list[str]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found = {_text(name).lower(): _text(value).strip() for name, value in pairs}
    missing = [name for name in NAMES if not found.get(name)]
    if missing:
        raise BadSignature(f"It has no {' and no '.join(missing)}.")
    return [found[name] for name in NAMES]


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
