"""What is left of the account's packs."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import kling_widgets as kw

NOW = 1_780_000_000.0
PACK: dict[str, Any] = {
    "resource_pack_name": "Trial-Video-100Units-5Con-1Months",
    "resource_pack_id": "509f3fd3d4f4a3fe9ff3b26d0a0d8a3d",
    "resource_pack_type": "decreasing_total",
    "total_quantity": 100.0,
    "remaining_quantity": 96.5,
    "purchase_time": 1779000000000,
    "effective_time": 1779000000000,
    "invalid_time": 1781592000000,
    "status": "online",
}


def asked(data: Any, name: str | None = None, sent: list[httpx.Request] | None = None) -> kw.Balance:
    def answer(request: httpx.Request) -> httpx.Response:
        if sent is not None:
            sent.append(request)
        return httpx.Response(200, json={"code": 0, "message": "", "request_id": "", "data": data})

    client = kw.Client(kw.ApiKey("k"), transport=httpx.MockTransport(answer), clock=lambda: NOW)
    return asyncio.run(client.balance(name))


def packs(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"code": 0, "msg": "success", "resource_pack_subscribe_infos": [{**PACK, **change} for change in changes]}


def test_every_field_is_read() -> None:
    """Units are numbers, times are in UTC."""
    assert asked(packs({})) == kw.Balance(
        packs=(
            kw.Pack(
                name="Trial-Video-100Units-5Con-1Months",
                id="509f3fd3d4f4a3fe9ff3b26d0a0d8a3d",
                type="decreasing_total",
                total=100.0,
                remaining=96.5,
                purchased_at=datetime(2026, 5, 17, 6, 40, tzinfo=UTC),
                effective_at=datetime(2026, 5, 17, 6, 40, tzinfo=UTC),
                ends_at=datetime(2026, 6, 16, 6, 40, tzinfo=UTC),
                status="online",
            ),
        ),
        as_of=datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC),
    )


def test_only_packs_online_are_summed() -> None:
    """What has expired, run out, or not begun pays for nothing."""
    balance = asked(packs({}, {"remaining_quantity": 3.25, "total_quantity": 10}, {"status": "expired"}))

    assert (balance.remaining, balance.total, len(balance.packs)) == (99.75, 110, 3)


def test_it_reads_as_words() -> None:
    """With the sum, the lag, and a line for each pack."""
    assert str(asked(packs({}, {"resource_pack_name": "Old", "status": "expired"}))) == (
        "96.5 of 100 units are left in 1 pack. The service's numbers lag up to 12 hours behind.\n"
        "- Trial-Video-100Units-5Con-1Months: 96.5 of 100 units until 2026-06-16\n"
        "- Old: 96.5 of 100 units until 2026-06-16 (expired)"
    )
    assert str(asked({})).startswith("No resource pack is online. ")


def test_a_year_is_asked_for() -> None:
    """Up to now, in milliseconds; and a name where one is given."""
    sent: list[httpx.Request] = []
    asked(packs(), "Trial & more", sent)

    (get,) = sent
    assert str(get.url).startswith("https://api-singapore.klingai.com/account/costs?")
    assert dict(get.url.params) == {
        "start_time": str(1_780_000_000_000 - 366 * 86_400_000),
        "end_time": "1780000000000",
        "resource_pack_name": "Trial & more",
    }


def test_an_account_without_packs() -> None:
    """Nothing is left of nothing; null is an empty list."""
    for data in (packs(), {"code": 0, "resource_pack_subscribe_infos": None}, {}):
        assert (asked(data).packs, asked(data).remaining) == ((), 0)


def test_times_that_are_not_set() -> None:
    """A pack that has not begun may have none."""
    pack = asked(packs({"effective_time": 0, "invalid_time": None, "status": "toBeOnline"})).packs[0]

    assert (pack.effective_at, pack.ends_at) == (None, None)
    assert str(pack).endswith("units (toBeOnline)")


@pytest.mark.parametrize(("code", "family"), [(1101, kw.AccountError), (1201, kw.Rejected), (9, kw.APIError)])
def test_the_second_code_inside_counts(code: int, family: type[kw.APIError]) -> None:
    """A good frame may hold a refusal."""
    with pytest.raises(family, match="owes") as caught:
        asked({"code": code, "msg": "the account owes"})
    assert (caught.value.code, type(caught.value)) == (code, family)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (None, "field data is missing"),
        ([], "field data"),
        ({"code": "0"}, "data.code is '0'"),
        ({"code": None}, "data.code is missing"),
        ({"resource_pack_subscribe_infos": {}}, "resource_pack_subscribe_infos"),
        ({"resource_pack_subscribe_infos": [7]}, r"resource_pack_subscribe_infos\[0\] is 7"),
        (packs({"remaining_quantity": "much"}), r"\[0\].remaining_quantity is 'much'"),
        (packs({}, {"total_quantity": None}), r"\[1\].total_quantity is missing"),
        (packs({"resource_pack_id": None}), r"\[0\].resource_pack_id is missing"),
        (packs({"invalid_time": "soon"}), r"\[0\].invalid_time is 'soon'"),
        (packs({"status": ["x"]}), r"\[0\].status"),
    ],
)
def test_what_cannot_be_read_is_named(data: Any, field: str) -> None:
    """A ResponseError with the field's path."""
    with pytest.raises(kw.ResponseError, match=field):
        asked(data)
