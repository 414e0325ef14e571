"""How large is the object under a click? Several sizes are tried.

The one is kept whose outline lies on edges, and whose colours differ most from what is around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kling_widgets.segment.colour import Floats, mean
from kling_widgets.segment.cut import cut
from kling_widgets.segment.look import Look
from kling_widgets.segment.seeds import BoolMask, Points
from kling_widgets.segment.shape import connected, dots, filled, frame, resized, smoothed

# Radii in shares of the picture's diagonal, and the long side of the picture on which each is tried.
SIZES = (
    (0.006, 256), (0.012, 256), (0.024, 256), (0.05, 256),
    (0.1, 128), (0.15, 128), (0.22, 128), (0.33, 128), (0.5, 128),
)  # fmt: skip
CERTAIN = np.float32(9)


@dataclass(frozen=True, eq=False)
class Wish:
    """`seeds` shall join `held`, which stays; `never` shall not. Points are (n, 2) in pixels of `held`."""

    seeds: Points
    held: BoolMask
    never: Points

    def at(self, shape: tuple[int, int]) -> Here:
        scale = shape[1] / self.held.shape[1]
        seeds = self.seeds * scale
        # Where one pointed at the same place twice the newer word counts.
        never = dots(self.never * scale, shape, 1) & ~dots(seeds, shape, 2)
        return Here(seeds, resized(self.held, shape), never)


@dataclass(frozen=True, eq=False)
class Here:
    """A wish in pixels of a look."""

    seeds: Points
    held: BoolMask
    never: BoolMask


def guess(looks: Mapping[int, Look], wish: Wish, alive: Callable[[], None]) -> tuple[Look, BoolMask]:
    """What the seeds most likely mean, together with what is held, and the look that it was seen in."""
    best: tuple[Look, BoolMask] | None = None
    most, before = -1.0, None
    heres = {long: wish.at(look.shape) for long, look in looks.items()}
    for size, long in SIZES:
        look, here = looks[long], heres[long]
        radius = size * float(np.hypot(*look.shape))
        alive()
        found = grow(look, here, radius)
        new = found & ~here.held
        worth = judge(look, found, here.held)
        if before is not None:
            worth *= 0.7 + 0.3 * alike(new, resized(before, new.shape))
        before = new
        if worth > most:
            best, most = (look, found), worth
    assert best is not None
    return best


def grow(look: Look, wish: Here, radius: float) -> BoolMask:
    """The object if it is about so large."""
    held = wish.held
    start = dots(wish.seeds, look.shape, 1)
    ground = ~held if (start & ~held).any() else np.ones_like(held)
    away = distance(wish.seeds, look.shape) / np.float32(radius)
    inner = np.exp(-((2.5 * away) ** 2))
    outer = np.clip(away - 0.9, 0, 0.6) / 0.6 * np.exp(-(np.maximum(away - 1.5, 0) ** 2) / 2)
    outer[away > 1.2] += 0.05
    outer[held] = 0
    place = np.clip(away**2 - 1, -1, 6) * np.float32(0.35)
    near = np.exp(-np.maximum(away - 1, 0))
    part = (away < 1).astype(np.float32)
    found = start
    for rounds in (25, 25, 40):
        cost = (likeness(look, inner, outer) + place) / 2
        cost[start | held] = -CERTAIN
        cost[wish.never] = CERTAIN
        part = cut(cost, look.toll, part, rounds)
        # Along the outline of what is held everything would be near: the new part hangs together by itself.
        found = connected((part > 0.5) & ground, start)
        inner = found * near
        # What was pointed at is never forgotten.
        inner += start * (0.1 * inner.sum() / start.sum())
        rest = ~(found | held)
        if rest.any():
            outer = rest * np.exp(-np.maximum(away - 1.5, 0))
    found |= held
    whole = connected(smoothed(found, 1) | start | held, start | held)
    return filled(whole, wish.never) & ~wish.never


def likeness(look: Look, inner: Floats, outer: Floats) -> Floats:
    """Negative where a pixel's colour is more at home inside, positive outside."""
    ours, theirs = look.shares(inner), 0.75 * look.shares(outer) + 0.25 * look.all
    doubt = 1e-3 / len(ours) + 1e-5
    costs = np.clip(np.log((theirs + doubt) / (ours + doubt)), -3, 3).astype(np.float32)
    found: Floats = costs[look.palette]
    return found


def judge(look: Look, found: BoolMask, held: BoolMask) -> float:
    """How much it looks like an object: edges along its outline, other colours around it, rather large than small."""
    new = found & ~held
    area = int(new.sum())
    if area == 0:
        return 0.0
    across, down = found[:, 1:] != found[:, :-1], found[1:] != found[:-1]
    across &= ~(held[:, 1:] | held[:, :-1])
    down &= ~(held[1:] | held[:-1])
    length = int(across.sum() + down.sum())
    # Where it leans on what is held it has no outline of its own.
    shore = int((new[:, 1:] & held[:, :-1]).sum() + (new[:, :-1] & held[:, 1:]).sum())
    shore += int((new[1:] & held[:-1]).sum() + (new[:-1] & held[1:]).sum())
    if length + shore == 0:
        return 0.0
    edges = _widened(look.edges)
    along = float(edges[:, :-1][across].sum() + edges[:-1][down].sum()) + 0.8 * shore
    along /= length + shore
    reach = max(2, round(0.12 * area**0.5))
    around = (mean(found, reach) > 0.02) & ~found
    shared = float(np.sqrt(look.shares(new) * look.shares(around)).sum())
    ragged = length**2 / area / 20
    rim = int((new & frame(new)).sum())
    free = (length + shore) / (length + shore + rim)
    worth: float = along**1.5 * (1 - shared) * (area / found.size) ** 0.15 / max(1.0, ragged) ** 0.4
    if not held.any():
        return worth * float(free**1.5)
    # Who has something already and points elsewhere wants to see a difference.
    telling = min(0.02 * found.size, 0.3 * float(held.sum()))
    return worth * free * float(min(1.0, area / telling) ** 0.3)


def _widened(edges: Floats) -> Floats:
    """The strongest edge within a pixel: a smoothed outline runs a little beside it."""
    wide = edges.copy()
    np.maximum(wide[1:], edges[:-1], out=wide[1:])
    np.maximum(wide[:-1], edges[1:], out=wide[:-1])
    tall = wide.copy()
    np.maximum(tall[:, 1:], wide[:, :-1], out=tall[:, 1:])
    np.maximum(tall[:, :-1], wide[:, 1:], out=tall[:, :-1])
    return tall


def distance(seeds: Points, shape: tuple[int, int]) -> Floats:
    """From each pixel to the nearest seed."""
    rows, columns = np.indices(shape, np.float32)
    few = seeds[:: max(1, len(seeds) // 40)]
    away = np.full(shape, np.inf, np.float32)
    for x, y in few:
        np.minimum(away, np.hypot(columns + 0.5 - np.float32(x), rows + 0.5 - np.float32(y)), out=away)
    return away


def alike(one: BoolMask, other: BoolMask) -> float:
    """Intersection over union."""
    return float((one & other).sum()) / max(1, int((one | other).sum()))
