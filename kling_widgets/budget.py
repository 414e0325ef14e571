"""What a batch may cost: set aside before anything is sent, so that it is never passed."""

from __future__ import annotations

import asyncio
import math

from kling_widgets.errors import OverBudget
from kling_widgets.request import Request


class Budget:
    """`units` for all requests of a batch together, made now or before; None is no bound.

    What is set aside for a task that fails comes back, since a failed task costs nothing.
    """

    def __init__(self, units: float | None) -> None:
        self._units = math.inf if units is None else units
        self._aside: dict[str, float] = {}  # by key: twice the same wish costs once
        self._open: set[str] = set()
        self._changed = asyncio.Condition()

    async def set_aside(self, request: Request, key: str) -> None:
        """Waits while tasks that run may still give back what they would cost. Raises OverBudget."""
        cost = request.cost()
        if self._units == math.inf or key in self._aside:
            return
        if cost is None:
            raise OverBudget(
                f"What this {request.kind} costs is not known, so it cannot be held to a budget of {self._units:g} "
                "units. Make it apart, or leave budget_units out."
            )
        async with self._changed:
            await self._changed.wait_for(lambda: self._sum() + cost.units <= self._units or not self._could(cost.units))
            if self._sum() + cost.units > self._units:
                raise OverBudget(
                    f"It costs {cost.units:g} units, and of the budget of {self._units:g} units "
                    f"{max(0.0, self._units - self._sum()):g} are left. Nothing was sent."
                )
            self._aside[key] = cost.units
            self._open.add(key)

    async def spent(self, key: str, units: float | None) -> None:
        """What it came to at last: 0 where nothing was made; None where the service did not say."""
        if key not in self._aside:
            return
        async with self._changed:
            self._open.discard(key)
            if units is not None:
                self._aside[key] = units
            if units == 0:
                del self._aside[key]
            self._changed.notify_all()

    def _sum(self) -> float:
        return round(sum(self._aside.values()), 6)

    def _could(self, units: float) -> bool:
        """Whether it would fit if all that runs came to nothing."""
        return sum(value for key, value in self._aside.items() if key not in self._open) + units <= self._units
