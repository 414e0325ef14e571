"""A guess made of few pixels becomes an outline that follows the photo's own edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import PIL.Image
import PIL.ImageFilter

from kling_widgets.segment.colour import Floats, mean
from kling_widgets.segment.cut import cut
from kling_widgets.segment.guess import CERTAIN, likeness
from kling_widgets.segment.look import look
from kling_widgets.segment.seeds import BoolMask, Photo, Points
from kling_widgets.segment.shape import connected, dots, filled, resized, tidied

# Long sides in pixels: of the piece on which the outline is cut again, and of the largest on which it meets the photo.
PIECE = 352
FINEST = 1920
# Parts and holes of less than this share of the whole are the filter's own.
CRUMB = 0.01

Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Piece:
    """What `box` cuts out of the photo, and a mask of it."""

    box: Box
    mask: BoolMask


def around(new: BoolMask, size: tuple[int, int]) -> Box:
    """A box in pixels of a photo of that size (width, height), with room around what a small mask says is new."""
    rows, columns = np.flatnonzero(new.any(axis=1)), np.flatnonzero(new.any(axis=0))
    height, width = new.shape
    room = 4 + 0.12 * max(rows[-1] - rows[0], columns[-1] - columns[0])
    across, down = size[0] / width, size[1] / height
    return (
        max(0, int((columns[0] - room) * across)),
        max(0, int((rows[0] - room) * down)),
        min(size[0], int(np.ceil((columns[-1] + 1 + room) * across))),
        min(size[1], int(np.ceil((rows[-1] + 1 + room) * down))),
    )


@dataclass(frozen=True, eq=False)
class Photos:
    """A photo, and where it is large a copy of half its size: what shows much of it needs no more."""

    whole: PIL.Image.Image
    half: PIL.Image.Image

    @classmethod
    def of(cls, photo: PIL.Image.Image) -> Photos:
        return cls(photo, photo.reduce(2) if max(photo.size) > FINEST else photo)

    def fit(self, box: Box) -> tuple[PIL.Image.Image, tuple[float, float, float, float]]:
        """The one to take for what `box` cuts out, and the box in its pixels."""
        if max(box[2] - box[0], box[3] - box[1]) <= FINEST:
            return self.whole, box
        across, down = self.half.width / self.whole.width, self.half.height / self.whole.height
        return self.half, (box[0] * across, box[1] * down, box[2] * across, box[3] * down)


def outlined(photos: Photos, found: BoolMask, new: BoolMask, inside: Points, outside: Points) -> Piece:
    """`found` (small) at the photo's own size, around what of it is new; the points are in pixels of the photo."""
    size = photos.whole.size
    box = around(new, size)
    long = max(box[2] - box[0], box[3] - box[1])
    piece = look(*photos.fit(box), min(PIECE, long))
    height, width = piece.shape
    scale = np.array([width / (box[2] - box[0]), height / (box[3] - box[1])])
    corner = np.array(box[:2])
    yes, no = (
        dots((points - corner) * scale, piece.shape, 1) for points in (_within(inside, box), _within(outside, box))
    )
    start = _cropped(found, box, size, piece.shape)

    # A pixel of the guess may be several of the piece; so far its outline may be off.
    reach = max(3, round(0.025 * max(width, height)))
    share = mean(start, reach)
    part = start.astype(np.float32)
    for _ in range(2):
        cost: Floats = likeness(piece, part, 1 - part) / np.float32(2)
        cost[(share > 0.999) | yes] = -CERTAIN
        cost[(share < 0.001) | no] = CERTAIN
        part = cut(cost, piece.toll, part, 50)
    whole = connected((part > 0.5) | yes, start | yes)
    whole = filled(whole, no) & ~no
    met = _met(photos, box, piece.rgb, whole)
    tidy = tidied(met, CRUMB, resized(yes, met.shape), resized(no, met.shape))
    return Piece(box, resized(tidy, (box[3] - box[1], box[2] - box[0])))


def _within(points: Points, box: Box) -> Points:
    x, y = points[:, 0], points[:, 1]
    return points[(x >= box[0]) & (x < box[2]) & (y >= box[1]) & (y < box[3])]


def _cropped(small: BoolMask, box: Box, size: tuple[int, int], shape: tuple[int, int]) -> BoolMask:
    height, width = small.shape
    across, down = width / size[0], height / size[1]
    place = (box[0] * across, box[1] * down, min(width, box[2] * across), min(height, box[3] * down))
    picture = PIL.Image.fromarray(small.astype(np.uint8) * 255)
    grown = picture.resize((shape[1], shape[0]), PIL.Image.Resampling.BILINEAR, box=place)
    return np.asarray(grown) > 127


def _met(photos: Photos, box: Box, rgb: Photo, whole: BoolMask) -> BoolMask:
    """Brought near the photo's pixels by a guided filter (He, Sun, Tang 2010): near the outline a pixel goes where its
    colour says. The filter is worked out on few pixels and applied to many, and to those near the outline alone."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(1.0, FINEST / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    photo, place = photos.fit(box)
    colours = np.asarray(photo.resize(size, PIL.Image.Resampling.BILINEAR, box=place))
    near = np.abs(mean(whole, 2) - 0.5) < 0.45
    rows, columns = np.nonzero(resized(near, (size[1], size[0])))
    slopes = _guided(rgb.astype(np.float32) / np.float32(255), whole.astype(np.float32), 4)
    terms = _sampled(
        slopes, (rows + 0.5) * rgb.shape[0] / size[1] - 0.5, (columns + 0.5) * rgb.shape[1] / size[0] - 0.5
    )
    exact = resized(whole, (size[1], size[0])).copy()
    exact[rows, columns] = (terms[:, :3] * (colours[rows, columns] / np.float32(255))).sum(axis=1) + terms[:, 3] > 0.5
    blurred = PIL.Image.fromarray(exact.astype(np.uint8) * 255).filter(PIL.ImageFilter.BoxBlur(1))
    return np.asarray(blurred) > 127


def _guided(guide: Floats, values: Floats, radius: int) -> Floats:
    """For each pixel the four numbers by which red, green, blue and one tell `values` around it."""
    height, width = values.shape
    products = guide[..., :, None] * guide[..., None, :]
    stack = np.concatenate(
        [guide, products.reshape(height, width, 9), values[..., None], guide * values[..., None]], -1
    )
    means = mean(stack, radius)
    colour, square, value, together = means[..., :3], means[..., 3:12], means[..., 12:13], means[..., 13:]
    spread = square.reshape(height, width, 3, 3) - colour[..., :, None] * colour[..., None, :]
    spread += np.eye(3, dtype=np.float32) * np.float32(1e-3)
    slope = np.linalg.solve(spread, (together - colour * value)[..., None])[..., 0]
    rest = value - (slope * colour).sum(axis=-1, keepdims=True)
    return mean(np.concatenate([slope, rest], axis=-1), radius)


def _sampled(values: Floats, rows: Points, columns: Points) -> Floats:
    """Between the pixels, linearly."""
    height, width = values.shape[:2]
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = np.minimum(rows.astype(np.intp), height - 2), np.minimum(columns.astype(np.intp), width - 2)
    down, right = (rows - top).astype(np.float32)[:, None], (columns - left).astype(np.float32)[:, None]
    upper = values[top, left] * (1 - right) + values[top, left + 1] * right
    lower = values[top + 1, left] * (1 - right) + values[top + 1, left + 1] * right
    between: Floats = upper * (1 - down) + lower * down
    return between
