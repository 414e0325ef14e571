"""Fields that both endpoints take alike (R96-R98, R134, R135)."""

from __future__ import annotations

from ..reading import Fields


def callback_url(fields: Fields) -> str:
    url = fields.text("callback_url")
    if url and not url.lower().startswith(("http://", "https://")):
        fields.invalid("callback_url")
    return url
