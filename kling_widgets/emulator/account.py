"""What an account has bought, and what is left of it: one resource pack for videos, one for pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .order import Pack
from .reading import whole_in
from .store import Allowance, Store

UNITS = 100_000
"""Size of each pack, unless something else is asked for."""
MOST_PICTURES = 9
"""The largest n of one task: the pack for pictures has at least as many slots, or a page's sample would never pass."""

_PACKS: tuple[Pack, ...] = ("video", "image")
_DAYS_VALID = 3650
_TIMES = range(10**16)


class Accounts:
    """All accounts alike: each has these packs, and no other."""

    def __init__(self, store: Store, units: float, slots: int) -> None:
        """`units` is the size of each pack, `slots` how many videos one account may have made at once."""
        self._store = store
        self._units = Decimal(str(units))
        self._slots: dict[Pack, int] = {"video": slots, "image": max(slots, MOST_PICTURES)}

    def allowance(self, pack: Pack) -> Allowance:
        return Allowance(self._units, self._slots[pack])

    def costs(self, account: str, query: Mapping[str, str]) -> dict[str, Any]:
        """`data` of GET /account/costs. Raises Refusal (1201) unless start_time and end_time are times in ms."""
        # Both are demanded as the page demands them; what they leave out is not said, so they leave out nothing.
        for name in ("start_time", "end_time"):
            whole_in(query, name, _TIMES)
        wanted = query.get("resource_pack_name")
        packs = [self._pack(account, pack) for pack in _PACKS]
        infos = [info for info in packs if not wanted or info["resource_pack_name"] == wanted]
        return {"code": 0, "msg": "SUCCEED", "resource_pack_subscribe_infos": infos}

    def _pack(self, account: str, pack: Pack) -> dict[str, Any]:
        bought_at = self._store.bought_at(account, pack)
        left = max(self._units - self._store.deducted(account, pack), Decimal(0))
        return {
            "resource_pack_name": f"Local-{pack.capitalize()}-{self._units:f}Units-{self._slots[pack]}Con",
            "resource_pack_id": hashlib.sha256(f"{account} {pack}".encode()).hexdigest()[:32],
            "resource_pack_type": "decreasing_total",
            "total_quantity": float(self._units),
            "remaining_quantity": float(left),
            "purchase_time": bought_at,
            "effective_time": bought_at,
            "invalid_time": bought_at + _DAYS_VALID * 24 * 3600 * 1000,
            "status": "online" if left else "runOut",
        }
