"""Styles that draw the photo anew: comic, pencil, paint, pixels, an old print."""

from __future__ import annotations

import cv2
import numpy as np

from kling_widgets.emulator.job import Photo
from kling_widgets.emulator.looks.paint import clouds, distance, graded, lit, masked, rgb, rounded, tinted
from kling_widgets.emulator.looks.texture import fibres, flattened, frayed, halftone, ink_lines, sigma


def comic(photo: Photo, seed: int, *, levels: int = 5, dots: float = 0.012, ink: float = 1.0) -> Photo:
    """Printed comic: few flat colours, ink lines, halftone dots in the shade."""
    flat = flattened(graded(photo, saturation=1.6, contrast=1.15))
    step = 255 / (levels - 1)
    flat = rounded(np.rint(flat / step) * step)
    dark = 1 - cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    printed = masked(flat, rounded(flat * 0.72), (halftone(photo.shape, dots) < 0.55 * dark).astype(np.float32))

    return rounded(printed * (1 - ink * ink_lines(photo))[..., None])


def cartoon(photo: Photo, seed: int, *, saturation: float = 1.35, shine: float = 0.35) -> Photo:
    """A figure of smooth plastic: no small detail, strong colour, soft highlights."""
    flat = flattened(flattened(photo))
    grey = cv2.GaussianBlur(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), (0, 0), sigma(photo, 0.012)).astype(np.float32)
    relief = cv2.Sobel(grey, cv2.CV_32F, 1, 0) + cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    lights = np.clip(-relief * min(photo.shape[:2]) / 400, 0, 90) * shine

    return lit(graded(flat, saturation=saturation, contrast=1.08, light=8), lights[..., None])


def anime(photo: Photo, seed: int, *, tint: str = "#ffd9e8") -> Photo:
    """Clean painted planes, thin coloured lines, airy light from above."""
    flat = flattened(flattened(graded(photo, saturation=1.3, light=14)))
    step = 26.0
    planes = cv2.medianBlur(rounded(np.rint(flat / step) * step), 3)
    lined = rounded(planes * (1 - 0.7 * ink_lines(photo))[..., None])
    height = photo.shape[0]
    haze = np.linspace(0.55, 0.05, height, dtype=np.float32)[:, None, None] * rgb(tint) * 0.5
    return lit(lined, haze)


def sketch(photo: Photo, seed: int, *, paper: str = "#f6f1e6", pencil: str = "#2b2b33", colour: float = 0.15) -> Photo:
    """Pencil on paper, with a breath of the photo's colour."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    soft = cv2.GaussianBlur(255 - grey, (0, 0), sigma(photo, 0.02))
    drawn = np.clip(grey / np.maximum(255 - soft, 1), 0, 1) ** 1.8
    hatch = 0.86 + 0.14 * np.sin((np.indices(grey.shape).sum(axis=0)) * 2.2 / max(1, min(grey.shape) / 360))
    drawn = (drawn * np.where(grey < 90, hatch, 1))[..., None]
    page = rgb(pencil) + (rgb(paper) - rgb(pencil)) * drawn
    return rounded(page * (1 - colour) + photo * colour * (0.4 + 0.6 * drawn))


def pixels(photo: Photo, seed: int, *, cells: int = 64, levels: int = 6) -> Photo:
    """An old game's screen: big square pixels in few colours."""
    height, width = photo.shape[:2]
    small = max(1, round(cells * width / min(height, width))), max(1, round(cells * height / min(height, width)))
    tiny = cv2.resize(graded(photo, saturation=1.5, contrast=1.2), small, interpolation=cv2.INTER_AREA)
    step = 255 / (levels - 1)

    return np.asarray(
        cv2.resize(rounded(np.rint(tiny / step) * step), (width, height), interpolation=cv2.INTER_NEAREST)
    )


def oil(photo: Photo, seed: int, *, stroke: float = 0.016) -> Photo:
    """Thick paint: dabs of one colour, laid on in relief."""
    dabs = frayed(flattened(graded(photo, saturation=1.35, contrast=1.1)), stroke, seed)
    size = 2 * max(1, round(sigma(photo, stroke) / 2)) + 1
    dabs = np.asarray(cv2.medianBlur(dabs, size))
    grey = cv2.cvtColor(dabs, cv2.COLOR_RGB2GRAY).astype(np.float32)
    relief = cv2.Sobel(grey, cv2.CV_32F, 1, 1, ksize=3) + 40 * (fibres(photo.shape, 0.03, seed + 5) - 0.5)

    return rounded(dabs.astype(np.float32) + 0.45 * relief[..., None])


def duotone(photo: Photo, seed: int, *, dark: str = "#1b1f3b", light: str = "#f6c453", share: float = 0.85) -> Photo:
    """Dark parts in one colour, light parts in another: brass, gold, blueprint, ink."""
    grey = cv2.createCLAHE(2.0, (8, 8)).apply(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)).astype(np.float32)[..., None]
    toned = rgb(dark) + (rgb(light) - rgb(dark)) * grey / 255

    return rounded(photo * (1 - share) + toned * share)


def aged(photo: Photo, seed: int, *, colour: str = "#e8c48a", share: float = 0.75, fade: float = 30) -> Photo:
    """An old print: one warm colour, faded blacks, darker towards the rim, spots of age."""
    spots = np.clip(clouds(photo.shape, 0.25, seed) - 0.55, 0, 1)[..., None] * 90
    old = rounded(tinted(photo, colour, share) * (1 - fade / 255) + fade - spots)
    rim = np.clip(distance(photo.shape) - 0.5, 0, 1) * 0.8

    return masked(old, rounded(old * 0.45), rim)


def neon(photo: Photo, seed: int, *, colours: tuple[str, str] = ("#ff2fb3", "#29e7ff"), dark: float = 0.32) -> Photo:
    """Night, and every outline a tube of light: one colour on the left, running over to another on the right."""
    height, width = photo.shape[:2]
    smooth = cv2.cvtColor(flattened(photo), cv2.COLOR_RGB2GRAY).astype(np.float32)
    soft = cv2.GaussianBlur(smooth, (0, 0), sigma(photo, 0.003))
    edge = np.clip((np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)) - 18) / 90, 0, 1)
    side = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    tube = rgb(colours[0]) * (1 - side) + rgb(colours[1]) * side
    bloom = edge + 1.4 * cv2.GaussianBlur(edge, (0, 0), sigma(photo, 0.018))
    night = rounded(tinted(photo, "#6a5cff", 0.45) * dark)

    return lit(night, np.broadcast_to(tube * bloom[..., None], (height, width, 3)))
