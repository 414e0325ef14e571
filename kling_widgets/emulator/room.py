"""How much of the memory bodies may take: what does not fit waits its turn, unread."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_BYTES = 256 * 1024 * 1024
_PICTURES = 2


class Room:
    """Bytes to be shared, in the order of asking: a big one is not overtaken for ever by small ones."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = self._left = most
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.opening = asyncio.Semaphore(_PICTURES)
        """To be held while a picture is decoded: a small file may be a picture of 80 million pixels."""

    @asynccontextmanager
    async def held(self, size: int) -> AsyncIterator[None]:
        """Wait until there is room for so many bytes, and keep it for the block."""
        size = min(size, self._most)
        await self._take(size)
        try:
            yield
        finally:
            self._left += size
            self._hand_out()

    async def _take(self, size: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        self._hand_out()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove((size, turn))
            else:  # it came at the very moment
                self._left += size
            self._hand_out()
            raise

    def _hand_out(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._left:
            size, turn = self._waiting.popleft()
            self._left -= size
            turn.set_result(None)
