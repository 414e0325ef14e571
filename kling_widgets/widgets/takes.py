"""The takes on a surface: what was asked for on it, and what was made of its photo before, each with who follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kling_widgets.effect import find
from kling_widgets.widgets.follow import Follower, Watcher

if TYPE_CHECKING:
    from kling_widgets.task import Task
    from kling_widgets.widgets.earlier import Earlier

FACTS = ("id", "status", "message", "created", "updated", "found")


@dataclass(frozen=True)
class Take:
    """One film in the making, or made."""

    title: str
    follower: Follower

    @property
    def facts(self) -> dict[str, Any]:
        """What a strip of takes shows of it; js/src/studio/state.ts names the fields."""
        state = self.follower.state
        return {"title": self.title, "stuck": bool(state["trouble"])} | {name: state[name] for name in FACTS}


class Takes:
    """All that a surface knows of; `changed` is called whenever one of them has something new to tell."""

    def __init__(self, client: Watcher, changed: Callable[[], None]) -> None:
        self._client = client
        self._changed = changed
        self._all: dict[str, Take] = {}
        self._here: list[str] = []
        self._before: list[str] = []

    def get(self, id: str) -> Take | None:
        return self._all.get(id)

    @property
    def shown(self) -> list[Take]:
        """What was asked for here, and what was made of the present photo before, newest first."""
        ids = dict.fromkeys([*reversed(self._here), *self._before])
        return sorted((self._all[id] for id in ids), key=lambda take: take.follower.task.created_at, reverse=True)

    def add(self, task: Task, fields: Mapping[str, Any]) -> bool:
        """Follow what was submitted here, of a request with these fields; False where it was here already."""
        if task.id not in self._here:
            self._here.append(task.id)
        if task.id in self._all:
            return False
        self._follow(task, fields).start()
        return True

    def find(self, earlier: Earlier) -> int:
        """Put these in the place of those of another photo; how many there are, besides those asked for here.

        What is still under way is watched on. The rest keeps still until somebody wants to see it.
        """
        self._before = []
        for entry in earlier.entries:
            task = entry.task
            if task is None or task.id in self._here:
                continue
            self._before.append(task.id)
            if task.id not in self._all:
                follower = self._follow(replace(task, found=True), entry.request)
                if not task.ended:
                    follower.start()
        return len(self._before)

    def _follow(self, task: Task, fields: Mapping[str, Any]) -> Follower:
        follower = Follower(self._client, task, self._changed)
        self._all[task.id] = Take(_title(fields), follower)
        return follower


def _title(fields: Mapping[str, Any]) -> str:
    effect = find(str(fields.get("effect_scene", "")))
    return effect.title if effect else str(fields.get("prompt") or fields.get("effect_scene") or "Film")
