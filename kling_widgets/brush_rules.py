"""The rules of the page "Image to Video" that look at frames, masks and paths, each with its number in our list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kling_widgets.checked import rule
from kling_widgets.drawing import Mask
from kling_widgets.errors import Problem
from kling_widgets.image import Image, size_problems

if TYPE_CHECKING:
    from kling_widgets.image_to_video import ImageToVideo


@rule("image", "image_tail")
def a_frame(r: ImageToVideo) -> Iterator[Problem]:
    """R13"""
    if r.image is None and r.image_tail is None:
        yield Problem("image", "There is no picture.", "Give image=... (or image_tail=..., or both).")


@rule("image_tail", "dynamic_masks", "static_mask", "camera_control")
def one_way_to_steer(r: ImageToVideo) -> Iterator[Problem]:
    """R23, R24"""
    masks = "dynamic_masks" if r.dynamic_masks else "static_mask" if r.static_mask else None
    used = [
        name
        for name in ("image_tail" if r.image_tail else None, masks, "camera_control" if r.camera_control else None)
        if name
    ]
    if len(used) > 1:
        message = f"{' and '.join(used)} exclude each other: an end frame, the motion brush, or the camera."
        yield Problem(used[-1], message, f"Keep one of {', '.join(used)}.")


@rule("dynamic_masks")
def few_masks(r: ImageToVideo) -> Iterator[Problem]:
    """R66"""
    if len(r.dynamic_masks) > 6:
        yield Problem(
            "dynamic_masks", f"There are {len(r.dynamic_masks)} areas; at most 6 are taken.", "Leave some out."
        )


@rule("static_mask")
def static_mask_painted(r: ImageToVideo) -> Iterator[Problem]:
    if isinstance(r.static_mask, Mask) and not r.static_mask.painted:
        fix = "Paint what shall stand still white, on black, or leave static_mask out."
        change = {"static_mask": None}
        yield Problem("static_mask", "No pixel is white, so nothing is brushed.", fix, change)


@rule("image", "dynamic_masks", "static_mask")
def masks_fit(r: ImageToVideo) -> Iterator[Problem]:
    """R62, R64, R65, R68, R70: the API lets such a task fail; we do not send it"""
    masks = [("static_mask", r.static_mask)]
    masks += [(f"dynamic_masks[{n}].mask", group.mask) for n, group in enumerate(r.dynamic_masks)]
    known = [(field, mask) for field, mask in masks if isinstance(mask, Mask)]
    for field, mask in known:
        size = (mask.width, mask.height)
        if isinstance(r.image, Image):
            if size not in (r.image.original, (r.image.width, r.image.height)):
                message = f"The mask is {size[0]} x {size[1]} pixels, the picture {_by(r.image.original)}."
                yield Problem(field, message, "Paint the mask on the picture itself, pixel for pixel.")
        else:
            yield from size_problems(*size, field=field)
            if size != (known[0][1].width, known[0][1].height):
                message = f"The mask is {_by(size)} pixels, another one {_by((known[0][1].width, known[0][1].height))}."
                yield Problem(field, message, "Give all masks the picture's size.")


@rule("image", "dynamic_masks")
def paths_on_the_picture(r: ImageToVideo) -> Iterator[Problem]:
    """R73, R74"""
    for n, group in enumerate(r.dynamic_masks):
        width, height = _frame_of(group.mask, r.image)
        for k, point in enumerate(group.trajectories):
            if not (0 <= point.x <= width and 0 <= point.y <= height):
                size = f"; it is {width:g} x {height:g} pixels" if width < float("inf") else ""
                message = f"({point.x}, {point.y}) lies outside the picture{size}, counted from its bottom left corner."
                yield Problem(f"dynamic_masks[{n}].trajectories[{k}]", message, "Keep the path on the picture.")
                break  # one point tells where the mistake is; 76 more would hide the other problems


def _frame_of(mask: Mask | str, image: Image | str | None) -> tuple[float, float]:
    """The size that a group's points may fill: a group speaks the pixels of its mask."""
    if isinstance(mask, Mask):
        return mask.width, mask.height
    if isinstance(image, Image):
        return image.width, image.height
    return float("inf"), float("inf")


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
