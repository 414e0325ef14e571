"""A motion brush on a bare page, and a hand that paints on it in pixels of the photo."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from playwright.sync_api import Locator, expect

from kling_widgets import MotionBrush
from tests.browser.fake_host import FakeHost

PHOTO = """() => {
  const box = document.querySelector(".kw-brush-stage img").getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}"""
Point = tuple[float, float]
Opener = Callable[..., "Bench"]


class Bench:
    """One brush on one page, and a hand that speaks in pixels of the photo as the fitted view shows them."""

    def __init__(self, host: FakeHost, brush: MotionBrush) -> None:
        self.host, self.page, self.brush = host, host.page, brush
        self.canvas: Locator = self.page.get_by_label("Drawing canvas").first
        expect(self.page.get_by_role("button", name="Zoom in").first).to_be_visible()
        self.page.wait_for_function("document.querySelector('.kw-brush-stage img').src.startsWith('blob:')")

    def screen(self, point: Point) -> Point:
        """Where a pixel of the photo is on the page: asked of the photo itself, at any zoom."""
        box = self.page.evaluate(PHOTO)
        width, height = self.brush.image.original
        return box[0] + point[0] / width * box[2], box[1] + point[1] / height * box[3]

    def drag(self, *points: Point, button: str = "left", steps: int = 8) -> None:
        first, *rest = [self.screen(point) for point in points]
        self.page.mouse.move(*first)
        self.page.mouse.down(button=button)
        for point in rest:
            self.page.mouse.move(*point, steps=steps)
        self.page.mouse.up(button=button)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def size(self, pixels: int) -> None:
        self.page.get_by_role("slider", name="Brush size").first.fill(str(pixels))

    def mask(self, n: int) -> np.ndarray:
        """Area n in Python, once every edit that left the page has been answered."""
        self.page.wait_for_timeout(250)
        self.page.wait_for_function("host.waiting === 0")
        mask = self.brush.areas[n - 1].mask
        assert mask is not None
        return mask


def capsules(shape: tuple[int, int], points: Sequence[Point], radius: float) -> np.ndarray:
    """By definition: every pixel whose centre is within `radius` of the line through `points`."""
    rows, columns = np.indices(shape)
    x, y = columns + 0.5, rows + 0.5
    mask = np.zeros(shape, bool)
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        square = (bx - ax) ** 2 + (by - ay) ** 2
        share = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square, 0, 1) if square else 0
        mask |= np.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)) <= radius
    return mask


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union."""
    return float((one & other).sum() / (one | other).sum())
