"""What is left of the account's resource packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kling_widgets import reading
from kling_widgets.errors import APIError

LAG = "The service's numbers lag up to 12 hours behind."


@dataclass(frozen=True)
class Pack:
    """One resource pack. `total` and `remaining` are in units, times are aware, in UTC.

    `type` is "decreasing_total" or "constant_period"; `status` is "toBeOnline", "online", "expired" or "runOut".
    """

    name: str
    id: str
    type: str
    total: float
    remaining: float
    purchased_at: datetime | None
    effective_at: datetime | None
    ends_at: datetime | None
    status: str

    def __str__(self) -> str:
        until = f" until {self.ends_at:%Y-%m-%d}" if self.ends_at else ""
        status = "" if self.status == "online" else f" ({self.status})"
        return f"{self.name}: {self.remaining:g} of {self.total:g} units{until}{status}"


@dataclass(frozen=True)
class Balance:
    """The account's packs as the service had them when it was asked, at `as_of` (UTC): up to 12 hours late."""

    packs: tuple[Pack, ...]
    as_of: datetime

    @property
    def remaining(self) -> float:
        """Units left in the packs that are online. Packs are of one type each: video units do not pay for pictures."""
        return sum(pack.remaining for pack in self._online)

    @property
    def total(self) -> float:
        """Units that the packs online once had."""
        return sum(pack.total for pack in self._online)

    @property
    def _online(self) -> list[Pack]:
        return [pack for pack in self.packs if pack.status == "online"]

    def __str__(self) -> str:
        count = len(self._online)
        left = f"{self.remaining:g} of {self.total:g} units are left in {count} pack{'s' * (count != 1)}."
        head = left if count else "No resource pack is online."
        return "\n".join([f"{head} {LAG}", *(f"- {pack}" for pack in self.packs)])


def read(data: object, as_of: datetime) -> Balance:
    """Of the `data` of an answer of /account/costs.

    Raises ResponseError naming what is unreadable, or an APIError where the second code, inside, is not 0.
    """
    fields = reading.mapping(data, "data")
    code = fields.get("code", 0)
    if isinstance(code, bool) or not isinstance(code, int):
        raise reading.unreadable("data.code", code)
    if code != 0:
        raise APIError.of(code, 200, reading.optional(fields, "msg", "data."))

    name = "resource_pack_subscribe_infos"
    return Balance(tuple(_pack(row, f"{name}[{n}]") for n, row in enumerate(reading.rows(fields, name))), as_of)


def _pack(data: object, path: str) -> Pack:
    fields = reading.mapping(data, path)
    path += "."
    return Pack(
        name=reading.optional(fields, "resource_pack_name", path),
        id=reading.text(fields, "resource_pack_id", path),
        type=reading.optional(fields, "resource_pack_type", path),
        total=_units(fields, "total_quantity", path),
        remaining=_units(fields, "remaining_quantity", path),
        purchased_at=_moment(fields, "purchase_time", path),
        effective_at=_moment(fields, "effective_time", path),
        ends_at=_moment(fields, "invalid_time", path),
        status=reading.text(fields, "status", path),
    )


def _units(fields: reading.Fields, name: str, path: str) -> float:
    found = reading.number(fields, name, path)
    if found is None:
        raise reading.unreadable(path + name, fields.get(name))
    return found


def _moment(fields: reading.Fields, name: str, path: str) -> datetime | None:
    return None if fields.get(name) in (None, 0, "") else reading.moment(fields, name, path)
