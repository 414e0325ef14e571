"""A task as it goes: its state in words, how long it has taken, and the film or the pictures once they are there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from kling_widgets.errors import KlingError
from kling_widgets.widgets.base import Reply, answers
from kling_widgets.widgets.card import card
from kling_widgets.widgets.follow import Follower, Watcher
from kling_widgets.widgets.player import Screening

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image as Still

    from kling_widgets.picture import Picture
    from kling_widgets.task import Task
    from kling_widgets.widgets.follow import Made


class Watching(Screening):
    """Shows the state of one task that somebody follows: sets `_task_state`, and knows how to try again."""

    # All that a view draws, as Follower.state gives it; js/src/task/state.ts names the fields.
    _task_state = traitlets.Dict().tag(sync=True)

    _task_pictures: tuple[Picture, ...] = ()

    def _task_retry(self) -> None:
        """Goes on after something broke off; called on the thread that carries the browser's messages."""
        raise NotImplementedError

    @answers("task.open")
    def _task_open(self, _: dict[str, Any], __: Sequence[memoryview]) -> dict[str, Any]:
        """The kernel's clock, in milliseconds: the browser's may be minutes off. Asked again, it is a sign of life."""
        return {"now": round(time.time() * 1000)}

    @answers("task.picture")
    def _task_picture(self, body: dict[str, Any], _: Sequence[memoryview]) -> Reply:
        n = body.get("n")
        if not isinstance(n, int) or not 0 <= n < len(self._task_pictures):
            raise KlingError("There is no such picture here yet. Wait until its task is done.")
        path = self._task_pictures[n].path
        try:
            return Reply({"name": path.name, "path": str(path)}, path.read_bytes())
        except OSError as error:
            raise KlingError(
                f"The picture cannot be read from {path}: {error.strerror}. "
                "It was moved or deleted; fetch it again with client.images(task)."
            ) from error

    @answers("task.retry")
    def _task_hear_retry(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        self._task_retry()


class TaskView(Watching, bundle="task_view"):
    """One task, live: `TaskView(client, task)`. `await view.done()` gives the film, or the pictures.

    It follows in the notebook's event loop, beside the cells. Where none runs it shows the state that it was given.
    """

    def __init__(self, client: Watcher, task: Task) -> None:
        super().__init__()
        self._follower = Follower(client, task, self._task_changed)
        self._task_state = self._follower.state
        self._follower.start()

    @property
    def task(self) -> Task:
        """The task as it was last seen."""
        return self._follower.task

    async def done(self) -> Made:
        """The finished film or pictures, on disk. Raises TaskFailed, or what kept them from being fetched."""
        return await self._follower.done()

    def _task_changed(self) -> None:
        self._task_pictures = self._follower.pictures
        before, self._task_state = self._task_state, self._follower.state
        if any(self._task_state[name] != before[name] for name in ("status", "film")):
            self._refresh_still()

    def _task_retry(self) -> None:
        self._follower.go_on()

    def _film_file(self, film: str) -> Path | None:
        video = self._follower.video
        return video.path if video and film == self.task.id else None

    def _picture(self) -> Still:
        return self._film_poster or self._first() or card(f"Task {self.task.status}", self.task.message or self.task.id)

    def _first(self) -> Still | None:
        """The first of the pictures, small enough for the saved notebook."""
        if not self._task_pictures or self._task_state["film"] != "ready":
            return None
        import PIL.Image

        try:
            with PIL.Image.open(self._task_pictures[0]) as picture:
                first = picture.convert("RGB")
        except OSError:
            return None
        first.thumbnail((640, 640))
        return first
