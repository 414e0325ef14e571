"""A photo, or a piece of one, made small enough to think about: its colours as a palette, and where its edges are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from kling_widgets.segment.colour import Floats, lab, mean
from kling_widgets.segment.seeds import BoolMask

COLOURS = 64
# Colours this far apart (a step one just sees is about 2) count as related, in what an object is made of.
RELATED = 4.0
# How much fine detail counts beside colour: a background out of focus differs from a sharp object of its colours.
DETAIL = 2.0
# Light and shade vary within an object, its hue less.
HUE_FIRST = np.array([0.7, 1, 1], np.float32)
# An outline across even ground still costs something in all, along the strongest edge least.
CHEAPEST = 0.05


@dataclass(frozen=True, eq=False)
class Look:
    """`palette` is each pixel's colour by number, `kin` how related two numbers are; `edges` is 0 to 1.

    `toll` is what a pixel of outline costs there.
    """

    rgb: NDArray[np.uint8]
    palette: NDArray[np.intp]
    kin: NDArray[np.float64]
    edges: Floats
    toll: Floats

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.toll.shape
        return height, width

    @cached_property
    def all(self) -> NDArray[np.float64]:
        """The shares of the whole."""
        return self.shares(np.ones(self.shape, np.float32))

    def shares(self, weights: NDArray[np.float64] | Floats | BoolMask) -> NDArray[np.float64]:
        """How much of each colour is in what `weights` covers, related colours counted in; sums to 1."""
        counts = np.bincount(self.palette.ravel(), weights.ravel(), minlength=len(self.kin))
        related = self.kin @ counts
        return related / max(float(related.sum()), 1e-9)


def look(photo: PIL.Image.Image, box: tuple[float, float, float, float], long: int) -> Look:
    """At what `box` (left, top, right, bottom) cuts out of an RGB photo, its long side `long` pixels."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = long / max(width, height)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    how = PIL.Image.Resampling.BOX if scale < 0.5 else PIL.Image.Resampling.BILINEAR
    rgb = np.asarray(photo.resize(size, how, box=box))
    colours = lab(rgb)
    light = colours[..., :1]
    detail = np.sqrt(mean((light - mean(light, 1)) ** 2, 3))
    features = np.concatenate([colours * HUE_FIRST, np.minimum(detail, 8) * np.float32(DETAIL)], axis=-1)
    middles, palette = _palette(rgb, features)
    apart = ((middles[:, None] - middles[None]) ** 2).sum(axis=-1)
    edges = _edges(colours)
    toll = CHEAPEST + (1 - CHEAPEST) * (1 - edges)
    return Look(rgb, palette, np.exp(-apart / (2 * RELATED**2)), edges, toll.astype(np.float32))


def _edges(colours: Floats) -> Floats:
    across, down = np.zeros_like(colours), np.zeros_like(colours)
    across[:, :-1] = colours[:, 1:] - colours[:, :-1]
    down[:-1] = colours[1:] - colours[:-1]
    steep = (across**2).sum(axis=-1) + (down**2).sum(axis=-1)
    edges: Floats = 1 - np.exp(-steep / (steep.mean() + np.float32(1e-6)))
    return edges


def _palette(rgb: NDArray[np.uint8], features: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Few colours that stand for all: Pillow's as a start, mended by k-means on every so many pixels."""
    flat = features.reshape(-1, features.shape[-1])
    every = max(1, len(flat) // 8000)
    sample = flat[::every]
    row = PIL.Image.fromarray(np.ascontiguousarray(rgb.reshape(1, -1, 3)[:, ::every]))
    nearest = np.asarray(row.quantize(COLOURS, PIL.Image.Quantize.MAXCOVERAGE))[0].astype(np.intp)
    for _ in range(5):
        counts = np.bincount(nearest, minlength=COLOURS)
        used = counts > 0
        sums = [np.bincount(nearest, sample[:, axis], minlength=COLOURS)[used] for axis in range(sample.shape[1])]
        middles = (np.stack(sums, axis=1) / counts[used, None]).astype(np.float32)
        nearest = _nearest(sample, middles)
    return middles, _nearest(flat, middles).reshape(rgb.shape[:2])


def _nearest(points: Floats, middles: Floats) -> NDArray[np.intp]:
    distances = points @ (-2 * middles.T)
    distances += (middles**2).sum(axis=1)
    nearest: NDArray[np.intp] = distances.argmin(axis=1)
    return nearest
