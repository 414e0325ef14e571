"""Whose call it is: the JWT, or the plain API key, in the Authorization header.

It is read by hand, since the client's JWT library shall not be its own judge.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping

from . import answers
from .answers import Refusal

_Claims = dict[str, object]


def account(header: str | None, keys: Mapping[str, str], now: float, api_keys: Collection[str] = ()) -> str:
    """Return the access key whose secret signed the token, or a name for the API key that stands in its place.

    `keys` maps access keys to secret keys, `now` is Unix time in seconds. An API key is a secret itself, so its
    account has another name. Raises Refusal with code 1000 to 1004.
    """
    if not header or not header.strip():
        raise Refusal(answers.NO_AUTHORIZATION, "Authorization is empty")

    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(answers.INVALID_AUTHORIZATION, "Authorization must be: Bearer <token>")

    token = token.strip()
    for api_key in api_keys:
        if hmac.compare_digest(token.encode(), api_key.encode()):
            return f"api-key-{hashlib.sha256(api_key.encode()).hexdigest()[:32]}"

    head, body, signature = _parts(token)
    algorithm = _json(head).get("alg")
    if algorithm != "HS256":
        raise Refusal(answers.INVALID_AUTHORIZATION, "The token must be signed with HS256")

    claims = _json(body)
    access_key = claims.get("iss")
    secret = keys.get(access_key) if isinstance(access_key, str) else None
    # The secret is taken as it is, as UTF-8 bytes, never decoded.
    digest = hmac.digest((secret or "").encode(), f"{head}.{body}".encode(), hashlib.sha256)
    if not hmac.compare_digest(digest, _bytes(signature)) or secret is None or not isinstance(access_key, str):
        raise Refusal(answers.NOT_AUTHENTICATED, "Authentication failed: unknown access key or wrong signature")

    if now < _time(claims, "nbf", default=now):
        raise Refusal(answers.TOKEN_TOO_EARLY, "The token is not valid yet: nbf lies in the future")

    if now >= _time(claims, "exp"):
        raise Refusal(answers.TOKEN_EXPIRED, "The token has expired: exp has passed")

    return access_key


def _parts(token: str) -> list[str]:
    parts = token.split(".")
    if len(parts) != 3:
        # The vendor counts no dot at all as 0 parts [observed].
        got = {1: "0", 2: "2"}.get(len(parts), "> 3")
        raise Refusal(answers.INVALID_AUTHORIZATION, f"The token was expected to have 3 parts, but got {got}")

    return parts


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refusal(answers.INVALID_AUTHORIZATION, "The token is not base64url") from error


def _json(part: str) -> _Claims:
    try:
        value = json.loads(_bytes(part))
    except (ValueError, RecursionError) as error:
        raise Refusal(answers.INVALID_AUTHORIZATION, "The token does not contain JSON") from error

    if not isinstance(value, dict):
        raise Refusal(answers.INVALID_AUTHORIZATION, "The token does not contain a JSON object")

    return value


def _time(claims: _Claims, name: str, default: float | None = None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Refusal(answers.INVALID_AUTHORIZATION, f"The token has no valid {name}: seconds since 1970 are needed")

    return value
