"""Neighbours settle on shifts whose pictures agree where they meet, by passing messages: loopy belief propagation."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from kling_widgets.emulator.job import Mask
from kling_widgets.emulator.patches import Places
from kling_widgets.emulator.pullpush import Colour
from kling_widgets.emulator.shifts import Shifts

ROUNDS = 8
"""Times that messages are passed on."""

LIKING = 0.5
"""What the likeness of a place's surroundings counts, against seams."""

SEAM = 150.0
"""What every seam costs, however well it fits, in levels squared: pieces should be large."""

WORST = 6 * 60.0**2
"""The most that one step of a seam costs."""

Costs = NDArray[np.float32]


def settled(picture: Colour, gap: Mask, where: Places, choice: Shifts, liked: Costs) -> Shifts:
    """The shift of each place, out of its choice: shape (n, 2). On the gap's rim the picture itself is the measure."""
    height, width = gap.shape
    flat = picture.reshape(-1, 3).astype(np.float32)

    def colours(places: Places) -> Costs:
        y, x = np.clip(places[..., 0], 0, height - 1), np.clip(places[..., 1], 0, width - 1)
        return cast(Costs, flat[y * width + x])

    own = colours(where[:, None] + choice)
    data = LIKING * (liked - liked.min(axis=1, keepdims=True))
    off = ((own - colours(where)[:, None]) ** 2).sum(axis=-1)
    data += np.where(gap[*where.T][:, None], 0, np.minimum(off, WORST))

    number = np.full((height + 1, width + 1), -1)
    number[*where.T] = np.arange(len(where))
    edges = []
    for step in ((0, 1), (1, 0)):
        other = number[*(where + step).T]
        one = np.flatnonzero(other >= 0)
        other = other[one]
        here = own[one][:, :, None] - colours(where[one][:, None] + choice[other])[:, None]
        there = colours(where[other][:, None] + choice[one])[:, :, None] - own[other][:, None]
        parted = (choice[one][:, :, None] != choice[other][:, None]).any(axis=-1)
        seam = np.minimum((here**2 + there**2) @ np.ones(3, np.float32), WORST) + np.float32(SEAM) * parted
        edges.append((one, other, seam))

    best = _believed(data.astype(np.float32), edges).argmin(axis=1)
    return cast(Shifts, choice[np.arange(len(where)), best])


def _believed(data: Costs, edges: list[tuple[NDArray[np.intp], NDArray[np.intp], Costs]]) -> Costs:
    """What each choice costs, all things considered."""
    forth = [np.zeros((len(one), data.shape[1]), np.float32) for one, _, _ in edges]
    back = [message.copy() for message in forth]
    for turn in range(ROUNDS + 1):
        belief = data.copy()
        for (one, other, _), to, fro in zip(edges, forth, back, strict=True):
            belief[other] += to
            belief[one] += fro

        if turn == ROUNDS:
            break
        for (one, other, seam), to, fro in zip(edges, forth, back, strict=True):
            ahead = ((belief[one] - fro)[:, :, None] + seam).min(axis=1)
            behind = ((belief[other] - to)[:, None] + seam).min(axis=2)
            # Halfway only, else messages swing to and fro.
            to += (ahead - ahead.min(axis=1, keepdims=True) - to) / 2
            fro += (behind - behind.min(axis=1, keepdims=True) - fro) / 2

    return belief
