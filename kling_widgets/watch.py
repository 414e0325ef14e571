"""Following one task: each change once, until it ends, through whatever passes; by looking, and by callbacks."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace

from kling_widgets.endpoint import Kind
from kling_widgets.errors import KlingError, TaskTimeout
from kling_widgets.mailbox import Mailbox, News
from kling_widgets.poller import Answer, Poller
from kling_widgets.retry import MOST_ASKED
from kling_widgets.task import Task, stage

OnPoll = Callable[[KlingError | None], None]

SILENCE = 12
"""Polls without a look while callbacks arrive."""

SLOWEST = 3
"""Polls between two looks at what has not changed for long."""
LATE = 60
"""A change is seen late by no more than this part of the time that it took; or by a poll."""

NOTHING = -1


@dataclass(frozen=True)
class Pace:
    """How often to look: every `poll` seconds or so, less often while looking fails. Time and chance are arguments."""

    poll: float
    now: Callable[[], float]
    jitter: Callable[[], float] = random.random

    def delay(self, failures: int, *, called: bool = False, still: float = 0.0) -> float:
        """Seconds to the next look; twice as long after each failure, up to a minute or twelve polls.

        Where the task's callbacks arrive (`called`) it is twelve polls, in case they stop. Where nothing has changed
        for `still` seconds it grows with them, up to three polls.
        """
        spread = 0.9 + 0.2 * self.jitter()  # so that the watchers of a re-run notebook do not all ask at once
        if called and not failures:
            return spread * SILENCE * self.poll
        if not failures:
            return spread * min(SLOWEST * self.poll, max(self.poll, still / LATE))
        longest = max(self.poll, min(60.0, 12 * self.poll))
        return spread * min(longest, self.poll * 2.0 ** min(failures, 10))

    def breath(self, looked: float) -> float:
        """When one may look again on a mere hint, after the last look at `looked`: anybody can give hints."""
        return looked + min(1.0, self.poll)


async def watch(
    task: Task,
    poller_of: Callable[[Kind], Poller],
    pace: Pace,
    mailbox: Mailbox | None = None,
    *,
    on_poll: OnPoll | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 - by the clock given
) -> AsyncGenerator[Task]:
    """Yield `task`, then each later status, and end at succeed or failed.

    `on_poll` hears after each look: None, or the passing error that spoilt it. Errors that cannot pass are raised, and
    TaskTimeout after `timeout` seconds. `mailbox` is where callbacks arrive: signed ones are believed, others make it
    look at once; and as long as callbacks told all that is known, it looks but once in twelve polls.
    """
    yield task
    if task.ended:
        return
    deadline = math.inf if timeout is None else pace.now() + timeout
    poller, view = poller_of(task.kind), _View(task, pace)
    with (mailbox or Mailbox()).line(task.id) as line, poller.wish(task.id, line.wake) as wish:
        while not task.ended:
            news, answer = line.take(), wish.take()
            if news:
                view.hear(news)
            if answer:
                view.learn(*answer)
                if on_poll and answer[1] is not None:
                    on_poll(view.trouble)
            if view.task is not task:
                task = view.task
                poller.withdraw(wish)  # nothing is asked for while nobody listens
                yield task
                continue

            if answer and pace.now() >= deadline:
                raise TaskTimeout(task)
            if wish.begun is None:
                due, hint = view.plan()
                poller.ask(wish, due, by=min(hint, deadline))
            await line.nap()


class _View:
    """What one watcher knows of his task, and when he wants to know more."""

    def __init__(self, task: Task, pace: Pace) -> None:
        self.task = task
        self.trouble: KlingError | None = None  # what spoilt the last look
        self._pace = pace
        self._told = NOTHING  # how far callbacks say that it has come; further than the task it is but a hint
        self._looking_for = NOTHING  # and what they said before the look began
        self._looked = self._rest = -math.inf  # when the last look began; until when no hint counts: the service asked
        self._failures = 0
        self._since = self._due = pace.now()

    def hear(self, news: News) -> None:
        """Callbacks: what was signed is true, the rest is what anybody may say."""
        self._told = max(self._told, *(stage(status) for status in news.statuses))
        if news.task:
            self._failures = 0
            # A callback does not know its kind, and may leave out what we called the task.
            self._see(replace(news.task, external_id=news.task.external_id or self.task.external_id))
            self._due = self._pace.now() + self._delay()
        elif self._called:
            # From the last look on, or a flood of such words would put the next one off for ever.
            self._due = self._looked + self._delay()

    def learn(self, begun: float, answer: Answer) -> None:
        """What a look found, or what spoilt it. Raises what will not pass."""
        self._looked = begun
        if answer is None:
            return
        known = self.task
        if isinstance(answer, Task):
            self.trouble, self._failures = None, 0
            self._see(answer)
        elif isinstance(answer, KlingError) and answer.transient:
            self.trouble, self._failures = answer, self._failures + 1
            self._rest = self._pace.now() + min(answer.retry_after or 0.0, MOST_ASKED)
        else:
            # Others are handed the very same, and each raising would add to its traceback.
            raise answer.with_traceback(None) if isinstance(answer, KlingError) else answer

        if self._ahead(self._told) and self._told == self._looking_for:
            self._told = NOTHING  # it was not true, or came too early; nor does it press a service that is in trouble
        # What was found may have changed again by the time that it has been given.
        again = self.task is not known and not self._called
        self._due = self._pace.now() + (0.0 if again else self._delay())

    def plan(self) -> tuple[float, float]:
        """When to look next, and when at the latest for a hint's sake."""
        self._looking_for = self._told
        hint = max(self._pace.breath(self._looked), self._rest) if self._ahead(self._told) else math.inf
        return self._due, hint

    def _see(self, task: Task) -> None:
        # An answer from a lagging copy of the service must not turn time back.
        if self._ahead(stage(task.status)):
            self.task, self._since = replace(task, kind=self.task.kind), self._pace.now()

    def _delay(self) -> float:
        still = self._pace.now() - self._since
        return self._pace.delay(self._failures, called=self._called, still=still)

    def _ahead(self, told: int) -> bool:
        return told > stage(self.task.status)

    @property
    def _called(self) -> bool:
        """Whether callbacks told all that is known."""
        return self._told == stage(self.task.status)
