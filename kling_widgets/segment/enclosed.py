"""The object inside a loose loop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kling_widgets.segment.colour import mean
from kling_widgets.segment.cut import cut
from kling_widgets.segment.guess import CERTAIN, Here, likeness
from kling_widgets.segment.look import Look
from kling_widgets.segment.seeds import BoolMask, Points
from kling_widgets.segment.shape import connected, filled, polygon, smoothed

# Less than this share of the loop is no object: then the loop itself is meant.
LEAST = 0.04


def enclosed(look: Look, loop: Points, wish: Here, alive: Callable[[], None]) -> BoolMask:
    """What stands out inside `loop` from what the loop runs through, together with what is held."""
    held, never = wish.held, wish.never
    inside = polygon(loop, look.shape)
    area = int(inside.sum())
    if area == 0:
        return held
    reach = max(2, round(0.25 * area**0.5))
    depth = mean(inside, reach) * inside
    rim = (mean(inside, max(1, reach // 3)) < 0.75) & inside
    around = (mean(inside, reach) > 0.01) & ~inside
    inner = np.maximum(depth - 0.5, 0) + 1e-3 * inside
    outer = (around + 0.5 * rim) * ~held * np.float32(1)
    part = inside.astype(np.float32)
    found = inside
    for rounds in (40, 40, 60):
        alive()
        cost = likeness(look, inner, outer) / 2 + np.where(rim, np.float32(0.3), np.float32(-0.15))
        cost[~inside | never] = CERTAIN
        cost[held] = -CERTAIN
        part = cut(cost.astype(np.float32), look.toll, part, rounds)
        found = (part > 0.5) & inside
        inner = found * depth + 1e-3 * inside
        outer = ((around | inside) & ~found & ~held) * np.float32(1)
    whole = smoothed(found, 1) & inside & ~never
    middle = connected(whole, whole & (depth >= depth[whole].max() * 0.8)) if whole.any() else whole
    if middle.sum() < LEAST * area:
        middle = inside & ~never
    return filled(middle | held, never) & ~never
