"""The films and pictures of an account: found on disk, or fetched once and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kling_widgets import films, pictures
from kling_widgets.errors import KlingError, TaskFailed
from kling_widgets.fetch import LinkEnded, nothing, stem
from kling_widgets.journal import Entry, Journal
from kling_widgets.picture import Picture
from kling_widgets.retry import Patience
from kling_widgets.task import Task
from kling_widgets.video import Video
from kling_widgets.wire import Wire

_log = logging.getLogger("kling_widgets")


@dataclass(frozen=True)
class Library:
    """Keeps what tasks made in the folder `videos`. `again` asks the service for a task as it is now."""

    wire: Wire
    journal: Journal
    videos: Path
    patience: Patience
    clock: Callable[[], float]
    again: Callable[[Task], Awaitable[Task]]

    def found(self, name: str, url: str = "") -> Video | None:
        """The film of the task with this external_task_id or id, where it lies whole: here, or where it was saved."""
        here = films.on_disk(self.videos / f"{stem(name, preview=self.wire.loopback)}.mp4", url)
        entry = self._entry(name)
        if here is None:
            return films.on_disk(entry.film, url) if entry and entry.film else None
        if entry and entry.film != here.path.absolute():  # killed before it was noted down, or moved by hand
            self._keep(name, here.path)
        return here

    async def video(self, task: Task, wait: Callable[[Task], Awaitable[Task]]) -> Video:
        """The task's film, waited for and fetched unless it lies there. Raises TaskFailed and KlingError."""
        if task.status == "failed":
            raise TaskFailed(task)
        name = task.external_id or task.id
        if there := await asyncio.to_thread(self.found, name, task.videos[0].url if task.videos else ""):
            return there

        task = await wait(task)
        if not task.videos:
            raise nothing(task, "film", "pictures" if task.images else "", "client.images(task)")
        try:
            film = await self._fetched(task)
        except LinkEnded as ended:
            film = await self._fetched(await self._fresh(task, ended))
        await asyncio.to_thread(self._keep, name, film.path)
        return film

    async def _fresh(self, task: Task, ended: LinkEnded) -> Task:
        """The task with another address for its film: one may be good for a while only. Raises `ended` without."""
        try:
            fresh = await self.again(task)
        except KlingError:
            raise ended from None
        if not fresh.videos or fresh.videos[0].url == task.videos[0].url:
            raise ended
        return fresh

    async def images(self, task: Task, wait: Callable[[Task], Awaitable[Task]]) -> tuple[Picture, ...]:
        """The task's pictures, waited for and fetched unless they lie there. Raises TaskFailed and KlingError."""
        task = await wait(task)
        if not task.images:
            raise nothing(task, "picture", "a film" if task.videos else "", "client.video(task)")
        fetched = await pictures.fetched(
            self.wire,
            task,
            self.videos,
            preview=self.wire.loopback,
            note=await self._note(task),
            patience=self.patience,
            now=self.clock,
        )
        await asyncio.to_thread(self._keep, task.external_id or task.id, fetched[0].path)
        return fetched

    async def _fetched(self, task: Task) -> Video:
        path = films.place(self.videos, task, preview=self.wire.loopback)
        note = await self._note(task)
        return await films.download(self.wire, task, path, note=note, patience=self.patience, now=self.clock)

    async def _note(self, task: Task) -> dict[str, Any]:
        """What the journal knows of how it came to be, for the file beside it."""
        entry = await asyncio.to_thread(self._entry, task.external_id) if task.external_id else None
        if entry is None:
            return {"origin": self.wire.host}
        cost = entry.cost
        return {
            "origin": entry.origin,
            "request": {"kind": entry.kind, **entry.request},
            "cost": None if cost is None else {"units": cost.units, "usd": cost.usd, "as_of": cost.as_of},
            "submitted_at": entry.created_at.isoformat(timespec="seconds"),
        }

    # A journal that cannot be used stops whoever wants to spend, not who fetches what is paid for.
    def _entry(self, name: str) -> Entry | None:
        try:
            return self.journal.entry(name)
        except KlingError as trouble:
            _log.warning("%s", trouble)
            return None

    def _keep(self, name: str, film: Path) -> None:
        try:
            self.journal.keep(name, film)
        except KlingError as trouble:
            _log.warning("%s", trouble)
