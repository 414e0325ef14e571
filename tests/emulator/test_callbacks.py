"""How callback_url hears of a task: in order, until it answers well, after a restart too, and signed if wanted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kling_widgets.emulator import callbacks, signature
from kling_widgets.emulator.outward import Outward

pytestmark = pytest.mark.anyio

Plain = Callable[..., dict[str, object]]
URL = "http://listener.example/film"
_VECTOR = json.loads((Path(__file__).parents[1] / "wire/webhook-signature.json").read_text("utf-8"))


def statuses(rig: Any) -> list[str]:
    return [json.loads(request.content)["task_status"] for request in rig.outside]


async def test_every_status_is_told_in_its_order(rig: Any, plain: Plain) -> None:
    """R96, R105, R107: the task itself, without the envelope, the watermark_info and the watermark_url of a query."""
    await rig.create(plain(callback_url=URL, external_task_id="rocket-1", watermark_info={"enabled": True}))
    await rig.clock.advance(5)
    assert statuses(rig) == ["submitted", "processing", "succeed"]
    assert all(request.headers["content-type"] == "application/json" for request in rig.outside)

    told = json.loads(rig.outside[2].content)
    assert told.keys() == {
        "task_id",
        "task_status",
        "task_status_msg",
        "task_info",
        "task_result",
        "final_unit_deduction",
        "created_at",
        "updated_at",
    }
    assert told["task_result"]["videos"][0].keys() == {"id", "url", "duration"}
    assert told["task_info"] == {"external_task_id": "rocket-1"}


async def test_effects_and_pictures_are_told_of_too(rig: Any, picture: Callable[..., str]) -> None:
    """R134, R140: an effect's video has no duration, and pictures have an index instead of an id."""
    await rig.create({"effect_scene": "squish", "input": {"image": picture()}, "callback_url": URL}, "effects")
    await rig.create({"prompt": "A lighthouse", "n": 2, "callback_url": URL}, "images/generations")
    await rig.clock.advance(5)
    told = [json.loads(request.content)["task_result"] for request in rig.outside]
    assert [entry.keys() for result in told for entry in result.get("videos", [])] == [{"id", "url"}]
    assert [entry["index"] for result in told for entry in result.get("images", [])] == [0, 1]


async def test_without_a_callback_url_nobody_is_called(rig: Any, plain: Plain) -> None:
    """R96: it is optional."""
    await rig.create(plain(callback_url=""))
    await rig.clock.advance(5)
    assert rig.outside == []


async def test_a_listener_that_is_down_is_told_again_and_in_order(
    start: Any, world: Any, new_clock: Any, plain: Plain
) -> None:
    """R96: waits of 1, 2, 4 ... s, whatever the speed; the later news wait behind, the task does not."""
    clock: Any = new_clock()
    told: list[tuple[float, str]] = []

    def listen(request: httpx.Request) -> int:
        told.append((clock.now() - 1_722_769_557, json.loads(request.content)["task_status"]))
        return 503 if clock.now() < 1_722_769_557 + 10 else 204

    world.listener = listen
    async with start(speed=50, clock=clock) as rig:
        id = (await rig.create(plain(callback_url=URL)))["task_id"]
        await clock.advance(9)
        assert (await rig.task(id))["task_status"] == "succeed"
        assert told == [(time, "submitted") for time in (0, 1, 3, 7)]
        await clock.advance(9)
        assert told[4:] == [(15, "submitted"), (15, "processing"), (15, "succeed")]


async def test_a_listener_that_never_answers_is_given_up(rig: Any, world: Any, plain: Plain, caplog: Any) -> None:
    """R96: each news is tried twelve times, with at most a minute between, and then the next one has its turn."""
    world.listener = lambda request: 302
    await rig.create(plain(callback_url=URL))
    await rig.clock.advance(5)
    await rig.clock.advance(3600)
    assert statuses(rig) == [status for status in ("submitted", "processing", "succeed") for _ in range(12)]
    assert len({request.content for request in rig.outside}) == 3
    warned = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert len(warned) == 6
    assert all("it answered HTTP 302" in message for message in warned)


async def test_what_is_not_told_yet_survives_a_restart(start: Any, world: Any, plain: Plain) -> None:
    """R96: the very same bytes under the very same id, and nothing that has been heard is told twice."""
    sign = signature.signer(_VECTOR["secret"])
    world.listener = lambda request: 200 if b'"submitted"' in request.content else 500
    async with start(sign=sign) as rig:
        await rig.create(plain(callback_url=URL))
        await rig.clock.advance(5)
        assert statuses(rig) == ["submitted"] + ["processing"] * 3
        tried = rig.outside[-1]

    world.listener = lambda request: 200
    async with start(sign=sign, clock=rig.clock) as later:
        await later.clock.advance(0)
        assert statuses(later) == ["processing", "succeed"]
        assert later.outside[0].content == tried.content
        assert later.outside[0].headers["webhook-id"] == tried.headers["webhook-id"]

    async with start(clock=rig.clock) as last:
        await last.clock.advance(60)
        assert last.outside == []


async def test_a_task_that_is_taken_up_again_is_told_of(start: Any, plain: Plain) -> None:
    """R96: an emulator that went away in the middle of a task tells the rest of its story when it is back."""
    async with start() as rig:
        await rig.create(plain(callback_url=URL))
        await rig.clock.advance(2)
    async with start(clock=rig.clock) as later:
        await later.clock.advance(5)
        assert statuses(rig) + statuses(later) == ["submitted", "processing", "succeed"]


async def test_each_task_has_its_own_queue(start: Any, world: Any, plain: Plain) -> None:
    """R96: a listener that is down holds up nobody else's news."""
    world.listener = lambda request: 500 if request.url.path == "/down" else 200
    async with start() as rig:
        await rig.create(plain(callback_url="http://listener.example/down"))
        await rig.create(plain(callback_url="http://listener.example/up"))
        await rig.clock.advance(5)
        heard = [json.loads(request.content)["task_status"] for request in rig.outside if request.url.path == "/up"]
        assert heard == ["submitted", "processing", "succeed"]


async def test_a_slow_listener_hears_of_a_task_in_order(start: Any, new_clock: Any, plain: Plain) -> None:
    """The first news takes ten seconds to deliver; the later ones wait for it, the task does not."""
    clock: Any = new_clock()
    heard: list[str] = []

    async def listen(request: httpx.Request) -> httpx.Response:
        status = json.loads(request.content)["task_status"]
        await clock.sleep(10 if status == "submitted" else 0)
        heard.append(status)
        return httpx.Response(200)

    async def lookup(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    outward = Outward(loopback=True, transport=httpx.MockTransport(listen), lookup=lookup)
    async with start(clock=clock, outward=outward) as rig:
        id = (await rig.create(plain(callback_url="http://listener.example")))["task_id"]
        await clock.advance(5)
        assert (await rig.task(id))["task_status"] == "succeed"
        assert heard == []
        await clock.advance(5)
        assert heard == ["submitted", "processing", "succeed"]


async def test_an_address_in_a_private_network_is_not_called(rig: Any, world: Any, plain: Plain, caplog: Any) -> None:
    """R96: the task goes on all the same."""
    world.hosts["listener.example"] = ["10.0.0.7"]
    id = (await rig.create(plain(callback_url=URL)))["task_id"]
    await rig.clock.advance(5)
    assert rig.outside == []
    assert "private network" in caplog.text
    assert (await rig.task(id))["task_status"] == "succeed"


# --- signatures ---


def test_the_published_vector_is_signed_alike() -> None:
    """The vendor's example of a signature, byte for byte."""
    wanted = _VECTOR["headers"]
    sign = signature.signer(_VECTOR["secret"])
    made = sign(wanted["webhook-id"], _VECTOR["raw_body"].encode(), float(wanted["webhook-timestamp"]) + 0.9)
    assert made == wanted


async def test_a_signed_callback_proves_its_bytes_and_its_time(start: Any, world: Any, plain: Plain) -> None:
    """Judged by hand, without the library; every attempt is dated anew and keeps its id."""
    world.listener = lambda request: 500
    async with start(sign=signature.signer(_VECTOR["secret"])) as rig:
        await rig.create(plain(callback_url=URL, external_task_id="Rakete ü"))
        await rig.clock.advance(3)

    key = base64.b64decode(_VECTOR["secret"].removeprefix("whsec_"))
    for request in rig.outside:
        id, time = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        digest = hmac.digest(key, f"{id}.{time}.".encode() + request.content, hashlib.sha256)
        assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert [int(request.headers["webhook-timestamp"]) - 1_722_769_557 for request in rig.outside] == [0, 1, 3]
    assert len({request.headers["webhook-id"] for request in rig.outside}) == 1


async def test_without_a_secret_nothing_is_signed(rig: Any, plain: Plain) -> None:
    """As at the vendor, before a webhook secret has been made."""
    await rig.create(plain(callback_url=URL))
    await rig.clock.advance(0)
    assert not any(name.startswith("webhook-") for name in rig.outside[0].headers)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_é", "whsec_a"])
def test_a_secret_that_is_none_is_told_in_words(secret: str) -> None:
    with pytest.raises(ValueError, match="must be Base64"):
        signature.signer(secret)


def test_the_waits_are_bounded() -> None:
    """Twelve attempts are over in about six minutes."""
    waits = [min(2.0**n, callbacks.LONGEST_WAIT) for n in range(callbacks.ATTEMPTS - 1)]
    assert sum(waits) == 363
