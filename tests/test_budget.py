"""A budget is never passed, and nothing that fits is refused."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.budget import Budget
from tests.test_client import film, run


class Priced(kw.RawRequest):
    """A request that costs what it says."""

    def cost(self) -> kw.Cost | None:
        units = self.body["units"]
        return None if units is None else kw.Cost(units, units / 7, "2026-09-20")


def priced(units: float | None) -> kw.Request:
    return Priced("x", {"units": units})


async def waits(budget: Budget, units: float, key: str) -> asyncio.Task[None]:
    waiting = asyncio.create_task(budget.set_aside(priced(units), key))
    for _ in range(5):
        await asyncio.sleep(0)
    return waiting


def test_what_does_not_fit_is_refused_in_words() -> None:
    """With what it costs and what is left; nothing was sent."""

    async def story() -> None:
        budget = Budget(5)
        await budget.set_aside(film(), "a")
        await budget.spent("a", 1.5)
        with pytest.raises(kw.OverBudget, match=r"It costs 4 units, and of the budget of 5 units 3\.5 are left\. Noth"):
            await budget.set_aside(priced(4), "b")
        await budget.set_aside(priced(3.5), "c")

    run(story())


def test_what_nobody_can_price_is_refused() -> None:
    """Unless there is no bound."""

    async def story() -> None:
        await Budget(None).set_aside(priced(None), "a")
        with pytest.raises(kw.OverBudget, match=r"this x costs is not known.* Make it apart"):
            await Budget(10**9).set_aside(priced(None), "a")

    run(story())


def test_a_failed_task_gives_its_units_back() -> None:
    """Whoever waits for them is let in; he who could not fit in any case is told so at once."""

    async def story() -> None:
        budget = Budget(2)
        await budget.set_aside(priced(2), "a")
        with pytest.raises(kw.OverBudget):
            await budget.set_aside(priced(3), "b")
        waiting = await waits(budget, 1, "c")
        assert not waiting.done()
        await budget.spent("a", 0)
        await waiting
        await budget.set_aside(priced(1), "d")

    run(story())


@pytest.mark.parametrize("units", [2, None])
def test_what_was_made_or_may_have_been_stays_spent(units: float | None) -> None:
    """None: an answer was lost, or the service did not say; then it is the list price."""

    async def story() -> None:
        budget = Budget(3)
        await budget.set_aside(priced(2), "a")
        waiting = await waits(budget, 2, "b")
        await budget.spent("a", units)
        with pytest.raises(kw.OverBudget, match="1 are left"):
            await waiting

    run(story())


def test_the_same_wish_costs_once() -> None:
    """While it is made, and when it was; but it stays set aside until the last one has it, since takes may follow."""

    async def story() -> None:
        budget = Budget(2)
        await budget.set_aside(priced(2), "a")
        await budget.set_aside(priced(2), "a")
        await budget.spent("a", 0)  # take 1 failed; whoever came second makes take 2
        waiting = await waits(budget, 2, "b")
        assert not waiting.done()
        await budget.spent("a", 2)
        with pytest.raises(kw.OverBudget):
            await waiting
        await budget.set_aside(priced(2), "a")
        await budget.spent("a", None)
        with pytest.raises(kw.OverBudget, match="0 are left"):
            await budget.set_aside(priced(1), "c")

    run(story())


def test_two_wishes_under_one_id_of_the_users() -> None:
    """The dearer one counts, where the cheaper one has not been made."""

    async def story() -> None:
        budget = Budget(3)
        await budget.set_aside(priced(1), "mine")
        await budget.set_aside(priced(3), "mine")
        await budget.spent("mine", 0)
        waiting = await waits(budget, 1, "other")
        assert not waiting.done()
        await budget.spent("mine", 0)
        await waiting
        with pytest.raises(kw.OverBudget):
            await budget.set_aside(priced(4), "mine")

        budget = Budget(2)
        await budget.set_aside(priced(1), "mine")
        waiting = await waits(budget, 3, "mine")
        await budget.spent("mine", 0)
        with pytest.raises(kw.OverBudget, match="It costs 3 units"):
            await waiting

    run(story())


def test_tenths_add_up() -> None:
    """Three times 0.1 is 0.3, whatever binary fractions say."""

    async def story() -> None:
        budget = Budget(0.3)
        for key in "abc":
            await budget.set_aside(priced(0.1), key)
            await budget.spent(key, 0.1)
        with pytest.raises(kw.OverBudget, match=r"0\.1 units, and of the budget of 0\.3 units 0 are left"):
            await budget.set_aside(priced(0.1), "d")

    run(story())


WISH = st.tuples(st.sampled_from([0.1, 0.5, 1, 2, 3.5]), st.integers(0, 4), st.sampled_from(["made", "failed", "lost"]))


@settings(max_examples=100, deadline=None)
@given(st.lists(WISH, max_size=12), st.sampled_from([0, 0.5, 3, 7]), st.integers(0, 10**6))
def test_never_passed(wishes: list[Any], units: float, seed: int) -> None:
    """Any costs, failures and order, the same wish among them more than once: and nobody waits for ever."""

    async def story() -> None:
        budget, bought, refused, chance = Budget(units), {}, [], random.Random(seed)

        async def one(price: float, key: int, end: str) -> None:
            try:
                await budget.set_aside(priced(price), str(key))
            except kw.OverBudget:
                refused.append(price)
                return
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            if end != "failed":
                bought.setdefault(key, price)  # a second one finds the first
            assert round(sum(bought.values()), 6) <= units
            await budget.spent(str(key), {"made": bought.get(key, 0), "failed": bought.get(key, 0), "lost": None}[end])

        prices = {key: price for price, key, _ in wishes}
        await asyncio.gather(*[one(prices[key], key, end) for _, key, end in wishes])
        assert all(price > 0 for price in refused)
        if sum(prices.values()) <= units:
            assert refused == []

    run(story())
