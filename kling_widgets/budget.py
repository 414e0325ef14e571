"""What a batch may cost: set aside before anything is sent, so that it is never passed."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass

from kling_widgets.errors import OverBudget
from kling_widgets.request import Request


@dataclass
class _Wish:
    """All that is asked for under one key: once made, it is found. `hands` are at it; `price` and `cost` are units."""

    price: float = 0.0
    cost: float = 0.0
    hands: int = 0

    @property
    def aside(self) -> float:
        return self.cost or (self.price if self.hands else 0.0)


class Budget:
    """`units` for all requests of a batch together, made now or before; None is no bound.

    What is set aside for a task that fails comes back, since a failed task costs nothing.
    """

    def __init__(self, units: float | None) -> None:
        self._units = math.inf if units is None else units
        self._wishes: dict[str, _Wish] = {}  # by key
        self._changed = asyncio.Condition()

    async def set_aside(self, request: Request, key: str) -> None:
        """Waits while tasks that run may still give back what they would cost. Raises OverBudget.

        Each is followed by one `spent`.
        """
        if self._units == math.inf:
            return
        cost = request.cost()
        if cost is None:
            raise OverBudget(
                f"What this {request.kind} costs is not known, so it cannot be held to a budget of {self._units:g} "
                "units. Make it apart, or leave budget_units out."
            )

        def more() -> float:
            # Twice the same wish costs once; but of two under one id of the user's the second may be the dearer.
            wish = self._wishes.get(key, _Wish())
            return 0.0 if wish.cost else max(0.0, cost.units - wish.aside)

        async with self._changed:
            await self._changed.wait_for(lambda: self._fits(more()) or not self._could(more()))
            if not self._fits(more()):
                raise OverBudget(
                    f"It costs {cost.units:g} units, and of the budget of {self._units:g} units "
                    f"{max(0.0, round(self._units - self._sum(), 6)):g} are left. Nothing was sent."
                )
            wish = self._wishes.setdefault(key, _Wish())
            wish.price = max(wish.price, cost.units)
            wish.hands += 1

    async def spent(self, key: str, units: float | None) -> None:
        """What it came to at last: 0 where nothing was made; None where nobody knows."""
        async with self._changed:
            if (wish := self._wishes.get(key)) is None:
                return
            wish.hands -= 1
            wish.cost = max(wish.cost, wish.price if units is None else units)
            if not wish.aside:
                del self._wishes[key]
            self._changed.notify_all()

    def _sum(self) -> float:
        return sum(wish.aside for wish in self._wishes.values())

    def _fits(self, units: float) -> bool:
        return round(self._sum() + units, 6) <= self._units

    def _could(self, units: float) -> bool:
        """Whether it would fit if all that runs came to nothing."""
        return round(sum(wish.cost for wish in self._wishes.values()) + units, 6) <= self._units
