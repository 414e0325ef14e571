"""A 33-megapixel photo opens in under 1 s, and 200 strokes at 4K are under 10 MB of undo.

Opening counts from the view's creation to the first frame that shows photo and paint: the page's own time until it
asks, Python's time to answer, and the page's time from the last piece of the answer on. What lies between is the
bench's own base64 and no part of it. The reference is the same file in a bare `img`.
"""

from __future__ import annotations

import base64
import math
import statistics
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import PIL.Image
from playwright.sync_api import Browser, Page, sync_playwright

from kling_widgets import MotionBrush
from tests.browser.bench_page import Bench
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost

ROUNDS = 5
EIGHT_K = (7680, 4320)
FOUR_K = (3840, 2160)
STROKES = 200
BRUSH = 160

OPEN = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  host.end.abort();
  const began = performance.now();
  host.open(host.traits);
  let asked = 0, heard = 0;
  const { hear, sent } = host;
  const push = sent.push.bind(sent);
  sent.push = (one) => { if (one.kind === "brush.open") asked = performance.now(); return push(one); };
  host.hear = (message, parts) => {
    if (message.parts === message.part + 1 && message.body?.size) heard = performance.now();
    hear(message, parts);
  };
  globalThis.close = host.show();
  const photo = () => document.querySelector(".kw-brush-stage img");
  while (!photo()?.src.startsWith("blob:")) await frame();
  await photo().decode();
  await frame();
  await frame();
  const shown = performance.now();
  close();
  host.hear = hear;
  delete sent.push;
  return [asked - began, shown - heard];
}"""

BARE = """async (bytes) => {
  const frame = () => new Promise(requestAnimationFrame);
  const photo = new Image();
  photo.style.width = "868px";
  const file = new Blob([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))]);
  const began = performance.now();
  photo.src = URL.createObjectURL(file);
  document.body.append(photo);
  await photo.decode();
  await frame();
  await frame();
  const took = performance.now() - began;
  photo.remove();
  return took;
}"""

UNDO = """() => {
  const [{ document }] = globalThis[Symbol.for("kling_widgets.brush")].values();
  return document.painting.value.history.bytes;
}"""


def photo(size: tuple[int, int]) -> PIL.Image.Image:
    """Smooth with some grain, as photos are."""
    small = PIL.Image.effect_noise((size[0] // 6, size[1] // 6), 90).convert("RGB")
    return small.resize(size, PIL.Image.Resampling.BICUBIC)


def page_of(chromium: Browser) -> Page:
    return chromium.new_page(viewport={"width": 900, "height": 900})


class Timed:
    """Notes how long Python was busy with each question."""

    def __init__(self, brush: MotionBrush) -> None:
        self.hear, self.took = brush._hear, list[float]()
        brush._hear = self  # type: ignore[method-assign, assignment]

    def __call__(self, _: object, message: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        began = time.perf_counter()
        self.hear(_, message, buffers)
        if message.get("ask") == "brush.open":
            self.took.append((time.perf_counter() - began) * 1000)


def opening(chromium: Browser, name: str, brush: MotionBrush) -> None:
    timed = Timed(brush)
    page = page_of(chromium)
    host = FakeHost(page, brush, "motion_brush")
    bare = statistics.median(
        [page.evaluate(BARE, base64.b64encode(brush.image.data).decode()) for _ in range(ROUNDS)][1:]
    )
    runs = [page.evaluate(OPEN) for _ in range(ROUNDS)][1:]
    before, after = (statistics.median(values) for values in zip(*runs, strict=True))
    python = statistics.median(timed.took[1:])
    whole = before + python + after
    labels = host.widget._open_brush({}, ()).body["labels"]
    print(f"8K, {name:9} {whole:6.0f} ms = page {before:.0f} + Python {python:.0f} + page {after:.0f}", end="   ")
    print(f"bare img {bare:.0f} ms   {whole / bare:.1f} x   labels {labels / 1000:.1f} kB", host.complaints or "")
    page.close()


def undo(chromium: Browser) -> None:
    brush = MotionBrush(PIL.Image.new("RGB", FOUR_K))
    page = page_of(chromium)
    host = FakeHost(page, brush, "motion_brush")
    host.show()
    bench = Bench(host, brush)
    bench.size(BRUSH)
    random = np.random.default_rng(1)
    for stroke in range(STROKES):
        if stroke % 10 == 0:
            page.get_by_role("radio", name=f"Area {stroke // 10 % 6 + 1}").click()
        x, y = random.uniform(0.1, 0.9, 2) * FOUR_K
        turn, bend = random.uniform(0, 2 * math.pi), random.uniform(-0.4, 0.4)
        points = [(float(x), float(y))]
        for _ in range(6):
            x, y = x + 250 * math.cos(turn), y + 250 * math.sin(turn)
            points.append((min(max(float(x), 0), FOUR_K[0]), min(max(float(y), 0), FOUR_K[1])))
            turn += bend
        bench.drag(*points, steps=3)
    page.wait_for_timeout(500)
    held: int = page.evaluate(UNDO)
    snapshots = STROKES * FOUR_K[0] * FOUR_K[1]
    print(f"4K, undo of {STROKES} strokes of {BRUSH} px: {held / 1e6:.2f} MB", end="   ")
    print(f"whole planes {snapshots / 1e6:.0f} MB   {held / snapshots:.5f} x")
    page.close()


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=QUIET)
        picture = photo(EIGHT_K)
        opening(chromium, "empty", MotionBrush(picture))
        painted = MotionBrush(picture)
        y, x = np.ogrid[: EIGHT_K[1], : EIGHT_K[0]]
        for n in range(1, 7):
            painted.set_area(n, (x - 1200 * n + 400) ** 2 + (y - 1400) ** 2 < 500**2)
        opening(chromium, "six areas", painted)
        undo(chromium)
        chromium.close()


if __name__ == "__main__":
    main()
