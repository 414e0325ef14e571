"""From an order and its picture files to the renderer's job, or to its sheet of pictures."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from . import pictures
from .job import Area, Camera, Job, Mask, Photo, Sheet, Shot
from .order import FilmOrder, Point, SheetOrder

MISSHAPEN = (
    "The resolution or aspect ratio of the input image is invalid. Please ensure it meets the required specifications."
)
"""The vendor's words [observed]."""


class Unmakeable(ValueError):  # noqa: N818
    """Raised when a task fails although its create was good; its text becomes task_status_msg."""


def film(order: FilmOrder, files: Mapping[str, bytes]) -> Job:
    """`files` are picture files by field name. Raises Unmakeable."""
    names = ("image", "input.image", "input.images[0]", "input.images[1]")
    photos = tuple(pictures.photo(name, files[name]) for name in names if name in files)
    masks = {name: pictures.mask(name, data) for name, data in files.items() if name.endswith("mask")}
    for name, mask in masks.items():
        _check_shape(name, mask, photos, masks.get("static_mask"))
    fitted = {name: _fit(mask, photos[0]) for name, mask in masks.items()}

    areas = tuple(
        Area(fitted[f"dynamic_masks[{group}].mask"], _from_top(points, photos[0].shape[0]))
        for group, points in enumerate(order.trajectories)
    )
    return Job(
        photos=photos,
        seconds=float(order.seconds),
        fps=order.fps,
        short_side=order.short_side,
        prompt=order.prompt,
        tail=pictures.photo("image_tail", files["image_tail"]) if "image_tail" in files else None,
        areas=areas,
        static=fitted.get("static_mask"),
        camera=Camera(order.camera_type, order.camera_config) if order.camera_type else None,
        scene=order.scene,
        aspect=order.aspect,
        shots=tuple(Shot(seconds, prompt) for seconds, prompt in order.shots),
        sound=order.sound,
    )


def sheet(order: SheetOrder, files: Mapping[str, bytes]) -> Sheet:
    """`files` has the picture to start from as "image", if one was sent."""
    photo = pictures.photo("image", files["image"]) if "image" in files else None
    return Sheet(order.prompt, order.width, order.height, order.n, photo)


def _from_top(points: tuple[Point, ...], height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The wire's origin is bottom-left (R74), the renderer's top-left: y turns into height - y."""
    path = np.array(points, dtype=np.float64)
    path[:, 1] = height - path[:, 1]
    return path


def _check_shape(name: str, mask: Mask, photos: tuple[Photo, ...], static: Mask | None) -> None:
    if not photos:
        raise Unmakeable(f"{MISSHAPEN} ({name} has no image to belong to.)")

    mask_height, mask_width = mask.shape
    height, width = photos[0].shape[:2]
    # R64, R70: one aspect ratio. Rounding to whole pixels may cost a mask of another size one of them.
    if abs(mask_width * height - mask_height * width) > max(width, height):
        raise Unmakeable(f"{MISSHAPEN} ({name} is {mask_width} x {mask_height} px, image is {width} x {height} px.)")

    # R62, R68: "same format requirements as image", of which the shortest side is one.
    if min(mask_width, mask_height) < pictures.SHORTEST_SIDE:
        raise Unmakeable(f"{MISSHAPEN} ({name} is {mask_width} x {mask_height} px.)")

    if static is not None and static.shape != mask.shape:  # R65
        raise Unmakeable(
            f"{MISSHAPEN} ({name} is {mask_width} x {mask_height} px, "
            f"static_mask is {static.shape[1]} x {static.shape[0]} px.)"
        )


def _fit(mask: Mask, photo: Photo) -> Mask:
    height, width = photo.shape[:2]
    if mask.shape == (height, width):
        return mask

    return cv2.resize(mask.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
