"""A strip of takes, and below it the chosen one with its state and its film."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from kling_widgets.errors import KlingError
from kling_widgets.widgets.base import answers
from kling_widgets.widgets.earlier import Earlier, look, take_number
from kling_widgets.widgets.takes import Take, Takes
from kling_widgets.widgets.task_view import Watching

if TYPE_CHECKING:
    from pathlib import Path

    from kling_widgets.journal import Journal
    from kling_widgets.request import Request
    from kling_widgets.task import Task
    from kling_widgets.widgets.follow import Watcher


class Taking(Watching):
    """Shows what was asked for here, and what the journal says was made of the same photos before.

    Whoever builds on it hands it a client by `_takes_follow`, and says by `_takes_look` when the photos have changed.
    """

    # Small facts of each take, newest first (read-only); js/src/studio/state.ts names the fields.
    _takes: traitlets.List[Any] = traitlets.List([]).tag(sync=True)
    # How many were found again, in words, or why none could be looked for (read-only).
    _takes_before = traitlets.Unicode("").tag(sync=True)
    _takes_trouble = traitlets.Unicode("").tag(sync=True)

    _takes_chosen = ""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What was submitted here, and what was made of the photo before: newest first, as last seen."""
        return tuple(take.follower.task for take in self._takes_all.shown)

    def _takes_follow(self, client: Watcher) -> None:
        """Takes of this client. One that is not ours may keep no journal: then there is no before."""
        self._takes_all = Takes(client, self._takes_changed)
        self._takes_journal: Journal | None = getattr(client, "journal", None)
        self._takes_photos: frozenset[str] = frozenset()
        self._takes_count: dict[str, int] = {}

    def _takes_look(self, photos: frozenset[str]) -> None:
        """Finds what was made of the photos with these fingerprints: beside the cells, or at once without a loop."""
        self._takes_photos = photos
        journal = self._takes_journal
        if journal is None:
            return
        if self._loop is None or self._loop.is_closed():
            self._takes_find(look(journal, photos))
        else:
            self._spawn(self._takes_looking(journal, photos))

    async def _takes_looking(self, journal: Journal, photos: frozenset[str]) -> None:
        earlier = await asyncio.to_thread(look, journal, photos)
        if photos == self._takes_photos:  # else a later look is on its way
            self._takes_find(earlier)

    def _takes_find(self, earlier: Earlier) -> None:
        found = self._takes_all.find(earlier)
        self._takes_before = _in_words(found, len(self._takes_photos), more=earlier.more)
        self._takes_trouble = earlier.trouble
        shown = self.tasks
        if any(task.id == self._takes_chosen for task in shown):
            self._takes_changed()
        else:
            # Who waits for a film sees it come; what has ended keeps to the strip until it is wanted.
            self._takes_choose(shown[0].id if shown and not shown[0].ended else "")

    async def _takes_number(self, request: Request, *, another: bool) -> int:
        """Which take to ask for: the last that was made, or `another`. Raises KlingError."""
        if self._takes_journal is not None:
            return await asyncio.to_thread(take_number, self._takes_journal, request, another=another)
        key = request.key()
        self._takes_count[key] = self._takes_count.get(key, 1) + another
        return self._takes_count[key]

    def _takes_add(self, task: Task, fields: Mapping[str, Any]) -> bool:
        """Shows what was submitted just now, of a request with these fields; False where it is none that was made."""
        new = self._takes_all.add(task, fields)
        self._takes_choose(task.id)
        return new and not task.found

    @answers("takes.choose")
    def _takes_hear_choice(self, body: dict[str, Any], _: Sequence[memoryview]) -> None:
        if self._takes_all.get(str(body.get("id"))) is None:
            raise KlingError("That film was made before the kernel was restarted. Run this cell again to find it.")
        self._takes_choose(str(body["id"]))

    def _takes_choose(self, id: str) -> None:
        self._takes_chosen = id
        self._film_poster = None
        self._takes_changed()
        if take := self._takes_in_hand:
            self._soon(take.follower.start)

    @property
    def _takes_in_hand(self) -> Take | None:
        return self._takes_all.get(self._takes_chosen)

    def _takes_changed(self) -> None:
        take = self._takes_in_hand
        self._task_state = take.follower.state if take else {}
        self._takes = [take.facts for take in self._takes_all.shown]

    def _task_retry(self) -> None:
        if take := self._takes_in_hand:
            take.follower.go_on()

    def _film_file(self, film: str) -> Path | None:
        take = self._takes_all.get(film)
        return take.follower.video.path if take and take.follower.video else None


def _in_words(count: int, photos: int, *, more: bool) -> str:
    if not count:
        return ""
    takes = f"{count} take{'s' * (count != 1)}"
    of = "this photo" if photos == 1 else "these photos"
    return f"{'The newest ' if more else ''}{takes} of {of}, found again from before"
