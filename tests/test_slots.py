"""Slots: as many tasks at once as the account takes, learnt from what it refuses."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.slots import START, START_PICTURES, Packs, Slots
from tests.test_client import film, run


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def begun(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(work)


def test_as_many_as_the_smallest_pack_has() -> None:
    """The sixth waits for the first to end, and then there is room for one more."""

    async def story() -> list[bool]:
        slots = Slots()
        for _ in range(START):
            await slots.take()
        sixth, seventh, eighth = (begun(slots.take()) for _ in range(3))
        await settled()
        before = sixth.done()
        slots.give()
        await settled()
        done = [before, sixth.done(), seventh.done(), eighth.done()]
        eighth.cancel()
        await asyncio.wait([eighth])
        return done

    assert run(story()) == [False, True, True, False]


def test_without_a_refusal_the_number_doubles_from_round_to_round() -> None:
    """5, 10, 20."""
    slots = Slots()
    limits = []
    for _ in range(3):
        limits.append(slots.limit)
        for _ in range(slots.limit):
            slots.taken += 1
        for _ in range(slots.taken):
            slots.give()

    assert limits == [5, 10, 20]


def test_a_refusal_teaches_what_really_runs() -> None:
    """Five were sent and two refused: three is what the account has; after a calm round it is tried with four."""

    async def story() -> list[int]:
        slots = Slots()
        for _ in range(5):
            await slots.take()
        limits = [slots.limit]
        for act in (slots.refused, slots.refused, slots.give, slots.give, slots.give, slots.give):
            act()
            limits.append(slots.limit)
            if act == slots.give:
                await slots.take()
        return limits

    assert run(story()) == [5, 4, 3, 3, 3, 4, 4]


def test_one_is_always_tried() -> None:
    """Where others have the account to themselves, and for a request that needs more than there is."""

    async def story() -> tuple[int, int]:
        slots = Slots(2)
        await slots.take(9)
        slots.refused(9)
        await slots.take(9)
        return slots.limit, slots.taken

    assert run(story()) == (1, 9)


def test_first_come_first_served() -> None:
    """Small ones do not overtake a big one for ever."""

    async def story() -> list[str]:
        slots, order = Slots(3), []

        async def want(name: str, count: int) -> None:
            await slots.take(count)
            order.append(name)

        await slots.take(2)
        waiting = [begun(want("big", 3)), begun(want("small", 1))]
        await settled()
        assert order == []
        slots.give(2)
        await settled()
        assert order == ["big", "small"][: len(order)]
        slots.give(3)
        await asyncio.wait(waiting)
        return order

    assert run(story()) == ["big", "small"]


def test_who_gives_up_lets_the_next_one_in() -> None:
    """He that stood first wanted more than there was."""

    async def story() -> tuple[bool, int]:
        slots = Slots(3)
        await slots.take(2)
        big, small = begun(slots.take(3)), begun(slots.take(1))
        await settled()
        big.cancel()
        await settled()
        return small.done(), slots.taken

    assert run(story()) == (True, 3)


def test_who_gives_up_at_the_very_moment() -> None:
    """Given and cancelled in one breath, in either order: no slot is lost, and nobody else is hurt."""

    async def story(cancelled_first: bool) -> int:
        slots = Slots(1)
        await slots.take()
        waiting = begun(slots.take())
        await settled()
        for act in (waiting.cancel, slots.give) if cancelled_first else (slots.give, waiting.cancel):
            act()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        return slots.taken

    assert [run(story(first)) for first in (True, False)] == [0, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.lists(st.integers(1, 4), min_size=1, max_size=25), st.integers(0, 10**6))
def test_no_slot_is_lost_whatever_happens(account: int, wants: list[int], seed: int) -> None:
    """Of an account with so many slots all is done, never more at once than it has; and in the end nothing is taken."""

    async def story() -> None:
        slots, running, most, done = Slots(), 0, 0, []
        chance = random.Random(seed)

        async def one(count: int) -> None:
            nonlocal running, most
            await slots.take(count)
            while running and running + count > account:
                slots.refused(count)
                await asyncio.sleep(0)
                await slots.take(count)
            running += count
            most = max(most, running)
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            running -= count
            slots.give(count)
            done.append(count)

        tasks = [begun(one(count)) for count in wants]
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(0)
            if slots._waiting:  # one of those who wait gives up
                slots._waiting[chance.randrange(len(slots._waiting))][1].cancel()
        await asyncio.wait(tasks)
        assert slots.taken == 0
        assert not slots._waiting
        assert most <= max(account, *wants)
        assert len(done) + sum(task.cancelled() for task in tasks) == len(wants)

    run(story())


def test_packs_are_apart() -> None:
    """Films and pictures never stand in each other's way; each event loop has its own."""
    packs = Packs()
    pictures = kw.ImageGeneration(prompt="a boat", n=4)

    async def of(request: Any) -> tuple[Slots, int]:
        return packs.of(request)

    async def both() -> None:
        (films, one), (stills, four) = packs.of(film()), packs.of(pictures)
        assert films is not stills
        assert (one, four, films.limit, stills.limit) == (1, 4, START, START_PICTURES)
        assert packs.of(film())[0] is films
        assert packs.of(kw.RawRequest("/v1/images/omni-image", {}))[1] == 1

    run(both())
    kept = run(of(film()))[0]
    assert run(of(film()))[0] is not kept


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_free_is_had_at_once(count: int) -> None:
    """Without a turn of the loop."""
    slots = Slots()
    taking = slots.take(count)
    with pytest.raises(StopIteration):
        taking.send(None)
    assert slots.taken == count
