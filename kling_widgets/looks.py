"""Looking at many tasks of one kind for the price of a few queries: through the pages of the list, the rest singly."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import quote

from kling_widgets.endpoint import Kind, path_of
from kling_widgets.errors import AccountError, ConnectionFailed, KlingError, NotAuthorized, RateLimited
from kling_widgets.listing import LAST, Get, page
from kling_widgets.task import Task

FEW = 3
"""Tasks that are looked at singly: a list pays from the fourth on."""
SHARE = 100
"""Tasks that may cost one query, where they are many."""
SIZES = (30, 100, 500)
"""Tasks of a page: as few as will do, for other tasks lie between those watched; 500 is the API's limit."""
TOGETHER = 8
"""Single looks at a time."""
PARDON = 100
"""Looks after which a list that was refused is tried again."""

Found = dict[str, Task | KlingError]


class Looks:
    """How the tasks of one kind are looked at. `get` is a wire's.

    It remembers on which pages its tasks lay: newest first is likely but not promised, and others are made meanwhile.
    """

    def __init__(self, kind: Kind, get: Get) -> None:
        self._kind = kind
        self._get = get
        self._near: set[int] = set()  # the pages that had some of ours
        self._next = 1  # where the search for the others goes on, look after look
        self._end = LAST
        self._size = SIZES[0]
        self._refused = 0  # looks until the list is tried again

    async def at(self, wanted: Sequence[str], watched: Collection[str]) -> Found:
        """What a look found of the ids `wanted`, the longest-waiting first, and of others `watched` where it told.

        An error that may pass is an answer too. No more queries than one for each hundred tasks, or three, are made: an
        id that is missing from the answer has its turn at a later look. Where the list is refused it is a query a task.
        """
        if len(wanted) <= FEW:
            return await self._singly(wanted)
        if self._refused:
            self._refused -= 1
            return await self._singly(wanted)
        return await self._through_pages(wanted, watched)

    async def _through_pages(self, wanted: Sequence[str], watched: Collection[str]) -> Found:
        self._fit(len(watched))
        left = max(FEW, math.ceil(len(wanted) / SHARE))
        spare = left // 3  # for tasks that lie deeper than the pages reach, or in no list at all
        found: Found = {}
        missing = dict.fromkeys(wanted)
        for number in self._numbers():
            # What is left may be read singly: so little that it is cheaper, or as much as the queries left allow.
            if len(missing) <= FEW or len(missing) == left or left == spare:
                break
            try:
                rows = await page(self._get, self._kind, number, self._size)
            except KlingError as error:
                if error.transient:
                    return dict.fromkeys(watched, error) | found
                self._refused = PARDON
                return found | await self._singly([*missing])

            left -= 1
            ours = self._ours(rows, watched)
            self._note(number, bool(ours), last=len(rows) < self._size)
            found |= ours
            for id in ours:
                missing.pop(id, None)
        return found | await self._singly([*missing][:left])

    def _fit(self, watched: int) -> None:
        """The size of the pages, for so many tasks; another size makes other pages."""
        size = next((size for size in SIZES if size >= 2 * watched), SIZES[-1])
        if size != self._size:
            self._size, self._near, self._next = size, set(), 1
        self._end = LAST

    def _numbers(self) -> Iterator[int]:
        """Pages in the order to be read: where ours were, one further since they sink, and then on with the search."""
        near = sorted(self._near)
        tried: set[int] = set()
        search = chain(range(self._next, LAST + 1), range(1, self._next))
        for number in chain(near, (last + 1 for last in near[-1:]), search):
            if number not in tried and number <= self._end:
                tried.add(number)
                yield number

    def _note(self, number: int, had: bool, *, last: bool) -> None:
        if number not in self._near:
            self._next = 1 if last else number + 1
        (self._near.add if had else self._near.discard)(number)
        if last:
            self._end = number

    def _ours(self, rows: Sequence[Any], watched: Collection[str]) -> dict[str, Task]:
        """The readable rows of tasks that are watched: what is wrong with another, a single look will say."""
        found = {}
        for row in rows:
            id = str(row.get("task_id")) if isinstance(row, Mapping) else ""
            if id in watched:
                try:
                    task = Task.from_wire(self._kind, row)
                except KlingError:
                    continue
                # A list that leaves the results out has not told all.
                if task.status != "succeed" or any(task.result.values()):
                    found[id] = task
        return found

    async def _singly(self, ids: Sequence[str]) -> Found:
        found: Found = {}
        for first in range(0, len(ids), TOGETHER):
            some = ids[first : first + TOGETHER]
            found |= zip(some, await asyncio.gather(*map(self._one, some)), strict=True)
            for answer in [found[id] for id in some]:
                if isinstance(answer, KlingError) and _concerns_all(answer):
                    return dict.fromkeys(ids, answer) | found
        return found

    async def _one(self, id: str) -> Task | KlingError:
        try:
            path = f"{path_of(self._kind)}/{quote(id, safe='', errors='replace')}"
            return Task.from_wire(self._kind, await self._get(path))
        except KlingError as error:
            return error


def _concerns_all(error: KlingError) -> bool:
    """Whether the next task's look would end in the same way."""
    kinds = (ConnectionFailed, NotAuthorized, AccountError, RateLimited)
    return isinstance(error, kinds) or error.retry_after is not None
