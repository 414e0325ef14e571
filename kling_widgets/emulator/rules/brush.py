"""Motion brush (R62-R76), as far as it can be judged without opening the masks."""

from __future__ import annotations

from dataclasses import dataclass

from ..order import Point
from ..reading import Fields

_MOST_GROUPS = 6
_FEWEST_POINTS, _MOST_POINTS = 2, 77


@dataclass(frozen=True)
class Brush:
    masks: dict[str, str]
    """Base64 text or URL by field name."""
    trajectories: tuple[tuple[Point, ...], ...]


def read(fields: Fields) -> Brush:
    masks = {"static_mask": fields.text("static_mask")} if fields.has("static_mask") else {}
    groups = fields.objects("dynamic_masks")
    if len(fields.array("dynamic_masks")) > _MOST_GROUPS:  # R66
        fields.blame("dynamic_masks", f"cannot exceed {_MOST_GROUPS} groups")

    trajectories = []
    for group in groups[:_MOST_GROUPS]:
        mask = group.text("mask")
        if not mask:  # R67
            group.blame("mask", "is required")
        masks[group.name("mask")] = mask
        trajectories.append(_trajectory(group))
    return Brush(masks, tuple(trajectories))


def _trajectory(group: Fields) -> tuple[Point, ...]:
    count = len(group.array("trajectories"))
    # R72 speaks of 5 s only; the brush exists at no other length (C9).
    if not _FEWEST_POINTS <= count <= _MOST_POINTS:
        group.blame("trajectories", f"must have {_FEWEST_POINTS} to {_MOST_POINTS} points, it has {count}")
        return ()

    points = [(point.whole("x"), point.whole("y")) for point in group.objects("trajectories")]
    return tuple((x, y) for x, y in points if x is not None and y is not None)


def outside(trajectories: tuple[tuple[Point, ...], ...], width: int, height: int) -> list[str]:
    """The points that do not lie in the picture. The page names no bound (R73, R74); its far edges are let in."""
    return [
        f"dynamic_masks[{group}].trajectories[{place}] ({x}, {y}) lies outside the image of {width} x {height} px"
        for group, points in enumerate(trajectories)
        for place, (x, y) in enumerate(points)
        if not (0 <= x <= width and 0 <= y <= height)
    ]
