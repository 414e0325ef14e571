"""Camera moves over a still photo, as the vendor's page words each axis and sign.

The signs are the camera's: it goes right, so the picture goes left; it goes up, so the picture goes down; it turns
clockwise, so the picture turns counterclockwise; zoom below 0 narrows the view, so the picture grows. The film begins
on the photo, and a margin that would come into view is hidden by a slight zoom (and what rounding leaves of it, by the
photo mirrored).
Moves that widen the view would show nothing but margin: they begin on a part of the photo and end on all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, exp, radians, sin

import numpy as np

from kling_widgets.emulator.fit import Size, scaled
from kling_widgets.emulator.job import Camera, Job, Photo
from kling_widgets.emulator.warp import Homography, about, ease, progress, warped

SLIDE = 0.12
"""Horizontal and vertical at 10: shift of the picture, as a share of its side."""

TURN = radians(7.5)
"""Pan and tilt at 10: angle of the camera along the photo's longer side, and as much less along the shorter one."""

ROLL = radians(12)
"""Roll at 10."""

ZOOM = 0.42
"""Zoom at 10: natural logarithm of the magnification, about one and a half."""

FOCAL = 1.1
"""Focal length of the camera that took the photo, as a share of the longer side: a normal lens."""


def frames(job: Job, size: Size) -> Iterator[Photo]:
    """Every frame of the film in order, each an array of its own."""
    if job.camera is None:
        raise ValueError("This job has no camera move.")

    photo = scaled(job.photos[0], size)
    for done in progress(job):
        yield warped(photo, homography(job.camera, done, size))


def homography(camera: Camera, done: float, size: Size) -> Homography:
    """Where each place of the photo stands in the frame when this share (0..1) of the move is done.

    Raises ValueError for a type that is not one of the five.
    """
    amount = ease(done)
    match camera.type:
        case "simple":
            axes = {axis: value / 10 for axis, value in camera.config.items()}
            return _simple(axes, amount, size)
        case "down_back":
            return _slide(0, -0.6 * amount, size) @ _zoom(1.1 * (1 - amount), size)
        case "forward_up":
            return _turn(0, 0.7 * amount, size) @ _zoom(0.9 * amount, size)
        case "right_turn_forward" | "left_turn_forward":
            side = 1 if camera.type == "right_turn_forward" else -1
            first, then = ease(min(1, done / 0.55)), ease(max(0, done - 0.35) / 0.65)
            return _zoom(0.8 * then, size) @ _turn(0.8 * side * first, 0, size)
        case unknown:
            raise ValueError(f"There is no camera move {unknown!r}: use simple or one of the four presets.")


def _simple(axes: dict[str, float], amount: float, size: Size) -> Homography:
    """One axis, its value as a share of the greatest one; unnamed axes are 0."""
    horizontal, vertical, pan, tilt, roll, zoom = (
        axes.get(axis, 0.0) for axis in ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
    )
    nearer = -zoom * amount if zoom < 0 else zoom * (1 - amount)

    return (
        _zoom(nearer, size)
        @ _roll(roll * amount, size)
        @ _turn(pan * amount, tilt * amount, size)
        @ _slide(horizontal * amount, vertical * amount, size)
    )


def _zoom(strength: float, size: Size) -> Homography:
    """The picture grown about its middle; 1 is a zoom of 10."""
    factor = exp(ZOOM * strength)
    return about(_middle(size), np.diag([factor, factor, 1.0]))


def _slide(right: float, up: float, size: Size) -> Homography:
    """The camera moved sideways and up: the picture goes the other way. Up is against the rows, so down is plus."""
    width, height = size
    move: Homography = np.array([[1, 0, -SLIDE * right * width], [0, 1, SLIDE * up * height], [0, 0, 1]])
    return _filling(move, size)


def _turn(right: float, up: float, size: Size) -> Homography:
    """The camera turned about its own axes (y for right, x for up): the plane of the photo is seen aslant."""
    focal = FOCAL * max(size)
    lens = np.diag([focal, focal, 1.0])
    yaw, pitch = TURN * right * size[0] / max(size), -TURN * up * size[1] / max(size)
    about_y = np.array([[cos(yaw), 0, -sin(yaw)], [0, 1, 0], [sin(yaw), 0, cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    return _filling(about(_middle(size), lens @ about_x @ about_y @ np.linalg.inv(lens)), size)


def _roll(clockwise: float, size: Size) -> Homography:
    """The camera turned about the line of sight: the picture turns counterclockwise (and rows grow down)."""
    angle = -ROLL * clockwise
    turned = np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
    return _filling(about(_middle(size), turned), size)


def _filling(move: Homography, size: Size) -> Homography:
    """The move, and just so much zoom that the picture fills the frame: mirrored, a second face would look in."""
    width, height = size
    middle = np.array(_middle(size))
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], float)
    edge = corners @ move.T
    edge = edge[:, :2] / edge[:, 2:] - middle
    # The way from the middle to each corner of the frame meets each edge of the picture at some share of itself.
    along = np.roll(edge, -1, axis=0) - edge
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    shares = (outward @ (corners[:, :2] - middle).T) / (outward * edge).sum(axis=1, keepdims=True)
    factor = max(1.0, float(shares.max()))
    return about(_middle(size), np.diag([factor, factor, 1.0])) @ move


def _middle(size: Size) -> tuple[float, float]:
    return size[0] / 2, size[1] / 2
