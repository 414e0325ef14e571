"""Select at 3840 x 2160, from the click's message to the packed answer, against a bare cv2.grabCut of the photo.

Target: under 1,000 ms a click. tests/test_segment.py says that these clicks cut the objects out. GrabCut is usually run
for five rounds; here it is one, on the first photo, or the bench would take a quarter of an hour.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import PIL.Image

from kling_widgets import MotionBrush
from kling_widgets.shipped import sample
from kling_widgets.widgets.labels import Rect, inflate

SIZE = (3840, 2160)
TARGET = 1000
ITERATIONS = 1
ROUNDS = 3

CLICKS = {
    "rocket.jpg": [(322, 300), (322, 150)],
    "coffee.png": [(270, 150), (130, 230)],
    "chelsea.png": [(230, 150), (250, 285), (80, 250)],
}


class View:
    """Stands where the browser is: asks, and applies what is answered."""

    def __init__(self, brush: MotionBrush) -> None:
        self.brush = brush
        self.answer: asyncio.Future[None] | None = None
        self.body: dict[str, Any] = {}
        self.data = b""
        brush.send = self._hear

    async def ask(self, kind: str, **body: Any) -> float:
        """Milliseconds until the answer is there."""
        self.answer, self.data = asyncio.get_running_loop().create_future(), b""
        start = perf_counter()
        self.brush._hear(None, {"ask": kind, "id": 1, "body": body}, [])
        await self.answer
        return (perf_counter() - start) * 1000

    async def click(self, inside: list[tuple[float, float]]) -> float:
        took = await self.ask("brush.select", area=1, inside=inside, outside=[], loop=None, adds=True)
        if self.body.get("rect"):
            rect = Rect(*self.body["rect"])
            self.brush._brush_labels[rect.slices] = inflate(self.data, rect)
        return took

    def _hear(self, message: dict[str, Any], buffers: Any = ()) -> None:
        if "answer" not in message:
            return
        assert message["ok"], message
        self.data += b"".join(bytes(buffer) for buffer in buffers)
        if message["part"] == message["parts"] - 1:
            self.body = message["body"]
            assert self.answer is not None
            self.answer.set_result(None)


def bare(photo: PIL.Image.Image) -> float:
    """Milliseconds of OpenCV alone, given the middle half as the object's box."""
    pixels = np.asarray(photo)
    width, height = SIZE
    mask, models = np.zeros(pixels.shape[:2], np.uint8), [np.zeros((1, 65)), np.zeros((1, 65))]
    start = perf_counter()
    box = (width // 4, height // 4, width // 2, height // 2)
    cv2.grabCut(pixels, mask, box, *models, ITERATIONS, cv2.GC_INIT_WITH_RECT)
    return (perf_counter() - start) * 1000


async def ours(name: str, photo: PIL.Image.Image, small: tuple[int, int]) -> tuple[float, list[float], int]:
    view = View(MotionBrush(photo))
    ready = await view.ask("brush.select.ready")
    points = [(x * SIZE[0] / small[0], y * SIZE[1] / small[1]) for x, y in CLICKS[name]]
    took, most = [], 0
    for count in range(1, len(points) + 1):
        took.append(await view.click(points[:count]))
        most = max(most, len(view.data))
    return ready, took, most


def main() -> None:
    reference = 0.0
    for name in CLICKS:
        with PIL.Image.open(sample(name)) as file:
            small, photo = file.size, file.convert("RGB").resize(SIZE, PIL.Image.Resampling.BICUBIC)
        rounds = [asyncio.run(ours(name, photo, small)) for _ in range(ROUNDS)]
        clicks = np.median([took for _, took, _ in rounds], axis=0)
        ready = float(np.median([ready for ready, _, _ in rounds]))
        reference = reference or bare(photo)
        words = ", ".join(f"{click:.0f}" for click in clicks)
        most = rounds[0][2] / 1000
        sys.stdout.write(
            f"{name:12} ready {ready:4.0f} ms; clicks {words} ms, target {TARGET}; at most {most:.1f} kB; "
        )
        sys.stdout.write(f"grabCut {reference:.0f} ms, ratio {max(clicks) / reference:.3f}\n")


if __name__ == "__main__":
    main()
