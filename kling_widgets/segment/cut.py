"""The cheapest cut between an object and the rest."""

from __future__ import annotations

import numpy as np

from kling_widgets.segment.colour import Floats


def cut(cost: Floats, edge: Floats, start: Floats, rounds: int) -> Floats:
    """0 to 1 a pixel, near both ends mostly: what is inside by the least sum of costs and outline.

    `cost` is what a pixel costs inside (negative: outside), `edge` what the outline costs a pixel of its length: little
    where the photo has an edge. This is min sum(edge |grad u| + cost u) over 0 <= u <= 1, a convex problem, by the
    steps of Chambolle and Pock (2011); above a half its solution is a minimal cut (Chan, Esedoglu, Nikolova 2006).
    """
    step = np.float32(0.35)  # below 1 / sqrt(8), the norm of the gradient
    # The two slopes are kept divided by the step, which spares a multiplication.
    limit = edge / step
    push = step * cost
    inside, ahead = start.copy(), start.copy()
    across, down = np.zeros_like(start), np.zeros_like(start)
    size, moved, other = np.empty_like(start), np.empty_like(start), np.empty_like(start)
    for _ in range(rounds):
        np.subtract(ahead[:, 1:], ahead[:, :-1], out=other[:, 1:])
        across[:, :-1] += other[:, 1:]
        np.subtract(ahead[1:], ahead[:-1], out=other[1:])
        down[:-1] += other[1:]
        np.multiply(across, across, out=size)
        np.multiply(down, down, out=other)
        size += other
        np.sqrt(size, out=size)
        np.maximum(size, limit, out=size)
        np.divide(limit, size, out=size)
        across *= size
        down *= size
        np.add(across, down, out=moved)
        moved[:, 1:] -= across[:, :-1]
        moved[1:] -= down[:-1]
        moved *= step * step
        moved -= push
        moved += inside
        np.maximum(moved, 0, out=moved)
        np.minimum(moved, 1, out=moved)
        np.add(moved, moved, out=ahead)
        ahead -= inside
        inside, moved = moved, inside
    return inside
