"""Styles that make the photo of another material: wool, metal, glass, ice, stone."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import clouds, distance, graded, lit, masked, noise, rgb, rounded, tinted
from kling_widgets.emulator.looks.texture import fibres, flattened, frayed, sigma


def felt(photo: Photo, seed: int, *, fuzz: float = 0.012, colour: str | None = None) -> Photo:
    """Wool pressed to felt: soft planes whose edges fray, with fibres in all directions."""
    flat = flattened(flattened(graded(photo, saturation=1.25, light=6)))
    fringed = frayed(flat, fuzz, seed)
    hairs = fibres(photo.shape, 0.022, seed)
    result = rounded(fringed * (0.84 + 0.3 * hairs)[..., None])
    return tinted(result, colour, 0.5) if colour else result


def plush(photo: Photo, seed: int, *, fuzz: float = 0.03) -> Photo:
    """A soft toy: long pile combed every which way, seen softly."""
    flat = flattened(graded(photo, saturation=1.2, light=10))
    pile = sum(frayed(flat, fuzz * (1 + step / 3), seed + step).astype(np.float32) for step in range(3)) / 3
    return rounded(pile * (0.78 + 0.4 * fibres(photo.shape, 0.05, seed))[..., None])


def knit(photo: Photo, seed: int, *, stitches: int = 46) -> Photo:
    """Knitted: every stitch a small V of one yarn."""
    height, width = photo.shape[:2]
    size = max(3.0, min(height, width) / stitches)
    rows, columns = np.indices((height, width), dtype=np.float32) / size
    leaning = np.abs(columns % 1 - 0.5)
    row = rows + leaning * 0.9
    inside = row % 1
    pick_y = np.clip((np.floor(row) + 0.2) * size, 0, height - 1).astype(np.float32)
    pick_x = np.clip((np.floor(columns) + 0.5) * size, 0, width - 1).astype(np.float32)
    soft = cv2.GaussianBlur(graded(photo, saturation=1.3, light=8), (0, 0), size / 3)
    yarn = np.asarray(cv2.remap(soft, pick_x, pick_y, cv2.INTER_NEAREST))
    shade = (0.62 + 0.5 * np.sin(np.pi * inside) ** 0.7) * (1 - 0.45 * np.exp(-((leaning - 0.5) ** 2) / 0.004))
    return rounded(yarn * (shade * (1 - 0.3 * np.exp(-(leaning**2) / 0.003)))[..., None])


def metal(photo: Photo, seed: int, *, colour: str = "#ffcf5a") -> Photo:
    """Cast in polished metal: bands of reflected light follow every rounding."""
    grey = cv2.GaussianBlur(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), (0, 0), sigma(photo, 0.006)).astype(np.float32)
    bands = 0.5 - 0.5 * np.cos(grey / 255 * 2.6 * np.pi + 0.6)
    tone = (0.4 + 0.6 * bands)[..., None] * (0.5 + 0.7 * grey[..., None] / 255) * rgb(colour)
    return lit(rounded(tone), (np.clip(bands - 0.8, 0, 1) * 5 * 110)[..., None])


def crystal(photo: Photo, seed: int, *, facets: int = 26, colour: str = "#bfe8ff") -> Photo:
    """Cut glass: facets of one colour each, lit at their edges."""
    height, width = photo.shape[:2]
    rng = np.random.default_rng(seed)
    size = min(height, width) / facets
    corners = np.argwhere(np.ones((round(height / size) + 1, round(width / size) + 1))) * size
    corners = corners + rng.uniform(-0.45, 0.45, corners.shape) * size
    seeds = np.full((height, width), 255, np.uint8)
    places = np.clip(corners.astype(int), 0, (height - 1, width - 1))
    seeds[*places.T] = 0
    far, nearest = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
    count = np.bincount(nearest.ravel()).clip(1)
    mean = np.stack([np.bincount(nearest.ravel(), photo[..., part].ravel()) / count for part in range(3)], axis=-1)
    facet = mean[nearest] * (1 + 0.5 * (rng.random(len(count))[nearest, None] - 0.5))
    edge = np.clip(far / size - 0.35, 0, 1)[..., None]
    return lit(rounded(facet * 0.8 + photo * 0.2), edge * rgb(colour) * 0.8)


def frost(photo: Photo, seed: int, *, colour: str = "#d8f1ff", reach: float = 0.62) -> Photo:
    """Ice flowers growing from the rim over a cold picture."""
    cold = graded(photo, warmth=-22, saturation=0.75, light=10)
    ferns = clouds(photo.shape, 0.12, seed) * 0.6 + fibres(photo.shape, 0.06, seed) * 0.5
    cover = np.clip((distance(photo.shape) - (1 - reach)) * 1.7 + (ferns - 0.55) * 0.9, 0, 0.92)

    return masked(cold, rounded(np.broadcast_to(rgb(colour) * (0.75 + 0.3 * ferns[..., None]), photo.shape)), cover)


def stone(photo: Photo, seed: int, *, colour: str = "#cfc6b4") -> Photo:
    """Carved in stone: relief without colour, with veins and grain."""
    grey = cv2.cvtColor(flattened(photo), cv2.COLOR_RGB2GRAY).astype(np.float32)
    soft = cv2.GaussianBlur(grey, (0, 0), sigma(photo, 0.004))
    relief = (cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=5) + cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=5)) / 24
    veins = 1 - 0.35 * np.exp(-((clouds(photo.shape, 0.4, seed) - 0.5) ** 2) / 0.0012)
    face = (
        (0.45 + 0.45 * grey / 255) * veins * 255
        + np.clip(relief, -60, 60)
        + 14 * (noise(photo.shape, 0.006, seed) - 0.5)
    )
    return rounded(face[..., None] / 255 * rgb(colour))
