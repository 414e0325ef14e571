"""Following one task: each change once, until it ends, through whatever passes; by looking, and by callbacks."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

from kling_widgets.errors import KlingError, TaskTimeout
from kling_widgets.mailbox import Mailbox
from kling_widgets.task import Task, stage

OnPoll = Callable[[KlingError | None], None]

SILENCE = 12
"""Polls without a look while callbacks arrive."""

NOTHING = -1


@dataclass(frozen=True)
class Pace:
    """How often to look: every `poll` seconds or so, less often while looking fails. Time and chance are arguments."""

    poll: float
    sleep: Callable[[float], Awaitable[object]]
    now: Callable[[], float]
    jitter: Callable[[], float] = random.random

    def delay(self, failures: int, *, called: bool = False) -> float:
        """Seconds to the next look; twice as long after each failure, up to a minute or twelve polls.

        Where the task's callbacks arrive (`called`) it is twelve polls, in case they stop.
        """
        spread = 0.9 + 0.2 * self.jitter()  # so that the watchers of a re-run notebook do not all ask at once
        if called and not failures:
            return spread * SILENCE * self.poll
        longest = max(self.poll, min(60.0, 12 * self.poll))
        return spread * min(longest, self.poll * 2.0 ** min(failures, 10))

    def breath(self, looked: float) -> float:
        """Seconds until one may look again on a mere hint, after the last look at `looked`: anybody can give hints."""
        return max(0.0, looked + min(1.0, self.poll) - self.now())


async def watch(
    task: Task,
    read: Callable[[], Awaitable[Task]],
    pace: Pace,
    mailbox: Mailbox | None = None,
    *,
    on_poll: OnPoll | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 - by the clock given
) -> AsyncIterator[Task]:
    """Yield `task`, then each later status, and end at succeed or failed.

    `on_poll` hears after each look: None, or the passing error that spoilt it. Errors that cannot pass are raised, and
    TaskTimeout after `timeout` seconds. `mailbox` is where callbacks arrive: signed ones are believed, others make it
    look at once; and as long as callbacks told all that is known, it looks but once in twelve polls.
    """
    yield task
    deadline = None if timeout is None else pace.now() + timeout
    looked, failures, due = -math.inf, 0, True
    told = NOTHING  # how far callbacks say that it has come; further than `task` it is but a hint
    with (mailbox or Mailbox()).line(task.id) as line:
        while not task.ended:
            if news := line.take():
                told = max(told, *(stage(status) for status in news.statuses))
                if news.task:
                    failures, due = 0, False
                    if _ahead(news.task, task):
                        # A callback does not know its kind, and may leave out what we called the task.
                        name = news.task.external_id or task.external_id
                        task = replace(news.task, kind=task.kind, external_id=name)
                        yield task
                        continue

            if due or (told > stage(task.status) and not pace.breath(looked)):
                looked, seen, trouble = pace.now(), task, None
                try:
                    seen = await read()
                except KlingError as error:
                    if not error.transient:
                        raise
                    trouble = error
                failures = failures + 1 if trouble else 0
                if on_poll:
                    on_poll(trouble)

                # An answer from a lagging copy of the service must not turn time back.
                ahead = _ahead(seen, task)
                task = seen if ahead else task
                if told > stage(task.status):
                    told = NOTHING  # it was not true, or came too early; nor does it press a service that is in trouble
                if ahead:
                    yield task
                    due = told != stage(task.status)
                    continue

            delay = pace.delay(failures, called=told == stage(task.status))
            if told > stage(task.status):
                delay = pace.breath(looked)
            if deadline is not None:
                left = deadline - pace.now()
                if left <= 0:
                    raise TaskTimeout(task)
                delay = min(delay, left)
            due = await line.nap(pace.sleep, delay)


def _ahead(seen: Task, known: Task) -> bool:
    return stage(seen.status) > stage(known.status)
