"""How many tasks an account may have at once: learnt from what it refuses."""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakKeyDictionary

from kling_widgets.request import Request

START = 5
"""What the smallest packs have."""
START_PICTURES = 9
"""What one request may ask for."""


class Slots:
    """Slots of one pack of one account, for one event loop. A task holds its slots from before its create to its end.

    Without a refusal each end makes room for one more, so the number doubles from round to round; a refusal (1303) sets
    it to what really runs, and from then on it grows by one a round.
    """

    def __init__(self, start: int = START) -> None:
        self.limit = start
        self.taken = 0
        self._calm = 0  # tasks that have ended since the last change of the limit
        self._taught = False
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, count: int = 1) -> None:
        """Wait for `count` slots; more than the limit are had by whoever is alone. First come, first served."""
        if not self._waiting and self._fits(count):
            self.taken += count
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((count, turn))
        try:
            await turn
        except asyncio.CancelledError:
            # It may have come at the very moment that nobody wanted it any more.
            self._give(0 if turn.cancelled() else count)
            raise

    def give(self, count: int = 1) -> None:
        """A task has ended."""
        self._calm += 1
        if not self._taught or self._calm >= self.limit:
            self.limit += 1
            self._calm = 0
        self._give(count)

    def lend(self, count: int = 1) -> None:
        """Not needed for the moment, which teaches nothing."""
        self._give(count)

    def refused(self, count: int = 1) -> None:
        """The account had no room for the `count` slots of one that had taken them; it gives them back."""
        self._taught = True
        self._calm = 0
        self.limit = max(1, min(self.limit, self.taken - count))
        self._give(count)

    def _give(self, count: int) -> None:
        self.taken -= count
        while self._waiting and (self._waiting[0][1].cancelled() or self._fits(self._waiting[0][0])):
            wanted, turn = self._waiting.popleft()
            if not turn.cancelled():
                self.taken += wanted
                turn.set_result(None)

    def _fits(self, count: int) -> bool:
        return self.taken == 0 or self.taken + count <= self.limit


class Packs:
    """The slots of an account's packs: those for films and those for pictures never stand in each other's way."""

    def __init__(self) -> None:
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Slots]] = WeakKeyDictionary()

    def of(self, request: Request) -> tuple[Slots, int]:
        """Those of the request's pack in the running loop, and how many it takes: a film 1, pictures one each."""
        pictures = request.endpoint.startswith("/v1/images/")
        packs = self._slots.setdefault(asyncio.get_running_loop(), {"video": Slots(), "image": Slots(START_PICTURES)})
        return packs["image" if pictures else "video"], getattr(request, "n", 1) if pictures else 1
