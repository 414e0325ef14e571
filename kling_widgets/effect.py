"""The scenes of the video effects, as data/effects.json has them."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from importlib import resources

AS_OF = "2026-09"  # the month of the vendor's latest list that data/effects.json knows


@dataclass(frozen=True)
class Effect:
    """One scene. `images` is the number of photos it takes; `listed` says whether the vendor's list of AS_OF has it.

    `scene` is the API's exact word; title, category, icon and tags are ours. `units` is None where no price is known.
    """

    scene: str
    title: str
    images: int
    category: str
    icon: str
    tags: tuple[str, ...]
    listed: bool
    units: float | None


def _read() -> tuple[Effect, ...]:
    text = resources.files("kling_widgets").joinpath("data/effects.json").read_text("utf-8")
    return tuple(
        Effect(**{**row, "tags": tuple(row["tags"]), "listed": row["listed"][AS_OF]})
        for row in json.loads(text)["effects"]
    )


EFFECTS = _read()
_BY_SCENE = {effect.scene: effect for effect in EFFECTS}


def find(scene: str) -> Effect | None:
    """The effect of exactly this scene name, or None."""
    return _BY_SCENE.get(scene)


def similar(scene: str) -> str | None:
    """The known scene that looks most like `scene`, for a "did you mean"."""
    wanted = scene.strip().lower().replace("'", "’").replace(" ", "_").replace("-", "_")
    if wanted in _BY_SCENE:
        return wanted
    return next(iter(difflib.get_close_matches(wanted, _BY_SCENE, n=1, cutoff=0.6)), None)
