"""Looking at many tasks of one kind for the price of a few queries: through the pages of the list, the rest singly."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
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
"""Tasks of a page: as few as hold all that are watched and what lies between them; 500 is the API's limit."""
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
        self._where: dict[str, int] = {}  # the page on which a task lay, or should lie by now
        self._next = 1  # where the search for the others goes on, look after look
        self._end = LAST
        self._size = SIZES[0]
        self._depth = 0.0  # how many rows of the list hold all of ours
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
        self._fit(watched)
        left = max(FEW, math.ceil(len(wanted) / SHARE))
        spare = left // 3  # for tasks that lie deeper than the pages reach, or in no list at all
        found: Found = {}
        missing, tried = dict.fromkeys(wanted), set[int]()
        # What is left may be read singly: so little that it is cheaper, or as much as the queries left allow.
        while len(missing) > FEW and len(missing) != left and left > spare:
            known = self._known(missing, tried)
            search = known is None or (left == spare + 1 and not self._where.keys() >= missing.keys())
            number = (search and self._unknown(tried)) or known
            if not number:
                break
            try:
                rows = await page(self._get, self._kind, number, self._size)
            except KlingError as error:
                if error.transient:
                    return dict.fromkeys(watched, error) | found
                self._refused = PARDON
                return found | await self._singly([*missing])

            left -= 1
            tried.add(number)
            ours = self._read(number, rows, watched)
            if number != known:
                self._next = number + 1 if number < self._end else 1
            found |= ours
            for id in ours:
                missing.pop(id, None)
        if missing:
            self._depth = math.inf
        return found | await self._singly([*missing][:left])

    def _fit(self, watched: Collection[str]) -> None:
        """The size of the pages, for so many tasks; another size makes other pages."""
        size = next((size for size in SIZES if size >= max(2 * len(watched), self._depth)), SIZES[-1])
        if size != self._size:
            self._size, self._where, self._next = size, {}, 1
        self._where = {id: number for id, number in self._where.items() if id in watched and number <= self._end}
        self._end, self._depth = LAST, 0.0

    def _known(self, missing: Iterable[str], tried: Collection[int]) -> int | None:
        """The page of the longest-waiting whose page is known."""
        for id in missing:
            number = self._where.get(id)
            if number and number not in tried:
                return number
        # Those that no longer lie where they did: newer tasks have pushed them on to the next page.
        sunk = {id: self._where[id] + 1 for id in missing if id in self._where}
        self._where |= sunk
        return next((number for number in sunk.values() if number not in tried and number <= self._end), None)

    def _unknown(self, tried: Collection[int]) -> int | None:
        """The page where the search goes on, for tasks whose page is not known."""
        pages = (number for number in chain(range(self._next, LAST + 1), range(1, self._next)) if number <= self._end)
        return next((number for number in pages if number not in tried), None)

    def _read(self, number: int, rows: Sequence[Any], watched: Collection[str]) -> dict[str, Task]:
        """The tasks of a page that are watched. It is noted where they are."""
        if len(rows) < self._size:
            self._end = number
        ours = {}
        for depth, row in enumerate(rows, self._size * (number - 1) + 1):
            id = str(row.get("task_id")) if isinstance(row, Mapping) else ""
            if id in watched:
                self._where[id] = number
                self._depth = max(self._depth, depth)
                if task := self._task(row):
                    ours[id] = task
        return ours

    def _task(self, row: object) -> Task | None:
        """None where a single look will tell more: what is wrong with it, or what came of it."""
        try:
            task = Task.from_wire(self._kind, row)
        except KlingError:
            return None
        return task if task.status != "succeed" or any(task.result.values()) else None

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
