"""Signing callbacks after the Standard Webhooks scheme, with the library of that name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

Sign = Callable[[str, bytes, float], Mapping[str, str]]
"""Id of the message, exact body, Unix time in seconds: the headers that prove who sent it."""


def unsigned(id: str, body: bytes, now: float) -> Mapping[str, str]:
    """The vendor signs nothing before a webhook secret has been made."""
    return {}


def signer(secret: str) -> Sign:
    """`secret` is Base64, usually behind `whsec_`.

    Raises ValueError when it is none, ModuleNotFoundError when the library is not installed.
    """
    from standardwebhooks.webhooks import Webhook

    try:
        webhook = Webhook(secret)
    except Exception as error:  # the library has an exception of its own for an empty one
        raise ValueError("The webhook secret must be Base64, usually behind whsec_") from error

    def sign(id: str, body: bytes, now: float) -> Mapping[str, str]:
        signature = webhook.sign(id, datetime.fromtimestamp(now, UTC), body.decode())
        return {"webhook-id": id, "webhook-timestamp": str(int(now)), "webhook-signature": signature}

    return sign
