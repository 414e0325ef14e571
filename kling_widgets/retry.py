"""Waiting before the same is tried again: longer and longer, never all at once, and as long as the service asks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from kling_widgets.errors import ConnectionFailed, KlingError

FIRST = 1.0
"""Seconds of the first wait, as the vendor advises."""
LONGEST = 60.0
TRIES_UNSENT = 3
MOST_ASKED = 300.0
"""Seconds of `Retry-After` that are obeyed; who asks for more has made a mistake."""

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long is waited, and by which clock: time and chance are arguments.

    `now` is a clock in seconds that only moves forward, `jitter` gives 0 to 1.
    """

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    now: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random

    def delay(self, failures: int, error: KlingError | None = None) -> float:
        """Seconds before the next try, after so many failures in a row (1, 2, ...), the last of them `error`."""
        # At least the vendor's second; spread upwards, so that many clients do not come back together.
        wait = min(LONGEST, FIRST * 2.0 ** min(failures - 1, 10)) * (1 + 0.5 * self.jitter())
        asked = error.retry_after if error else None
        return wait if asked is None else max(wait, min(asked, MOST_ASKED))

    async def pause(self, failures: int, error: KlingError | None = None) -> None:
        await self.sleep(self.delay(failures, error))

    async def read(self, call: Callable[[], Awaitable[T]], *, tries: int = 6) -> T:
        """What `call` gives; called again after what passes, `tries` times in all. Raises KlingError.

        Where nothing leaves this machine it is three times: who has no network wants to hear of it soon.
        """
        for failures in range(1, tries):
            try:
                return await call()
            except KlingError as error:
                unsent = isinstance(error, ConnectionFailed) and not error.sent
                if not error.transient or (unsent and failures >= TRIES_UNSENT):
                    raise
                await self.pause(failures, error)
        return await call()
