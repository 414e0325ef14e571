"""Following one task: each change once, until it ends, through whatever passes."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from kling_widgets.errors import KlingError, TaskTimeout
from kling_widgets.task import Task

OnPoll = Callable[[KlingError | None], None]

_ORDER = {"submitted": 0, "processing": 1, "succeed": 2, "failed": 2}


@dataclass(frozen=True)
class Pace:
    """How often to look: every `poll` seconds or so, less often while looking fails. Time and chance are arguments."""

    poll: float
    sleep: Callable[[float], Awaitable[object]]
    now: Callable[[], float]
    jitter: Callable[[], float] = random.random

    def delay(self, failures: int) -> float:
        """Seconds to the next look; twice as long after each failure, up to a minute or twelve polls."""
        spread = 0.9 + 0.2 * self.jitter()  # so that the watchers of a re-run notebook do not all ask at once
        longest = max(self.poll, min(60.0, 12 * self.poll))
        return spread * min(longest, self.poll * 2.0 ** min(failures, 10))


async def watch(
    task: Task,
    read: Callable[[], Awaitable[Task]],
    pace: Pace,
    *,
    on_poll: OnPoll | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 - by the clock given
) -> AsyncIterator[Task]:
    """Yield `task`, then each later status, and end at succeed or failed.

    `on_poll` hears after each look: None, or the passing error that spoilt it. Errors that cannot pass are raised, and
    TaskTimeout after `timeout` seconds.
    """
    yield task
    deadline = None if timeout is None else pace.now() + timeout
    failures = 0
    while not task.ended:
        try:
            seen = await read()
        except KlingError as error:
            if not error.transient:
                raise
            failures += 1
            if on_poll:
                on_poll(error)
        else:
            failures = 0
            if on_poll:
                on_poll(None)
            # An answer from a lagging copy of the service must not turn time back.
            if _ORDER[seen.status] > _ORDER[task.status]:
                task = seen
                yield task
                continue

        delay = pace.delay(failures)
        if deadline is not None:
            left = deadline - pace.now()
            if left <= 0:
                raise TaskTimeout(task)
            delay = min(delay, left)
        await pace.sleep(delay)
