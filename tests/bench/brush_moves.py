"""Main-thread work per pointer move at 3840 x 2160 with six areas, against a bare canvas `lineTo`. Target: 1.0 x.

Both draw the same zigzag with a brush of the same size on a stage of the same size, in the same page, with real pointer
events. Work is what Chromium's main thread was busy (TaskDuration), scripts, style, layout and painting included.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator

import numpy as np
import PIL.Image
from playwright.sync_api import CDPSession, Page, sync_playwright

from kling_widgets import MotionBrush
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost

MOVES = 240
ROUNDS = 5
SIZE = (3840, 2160)

BARE = """(box) => {
  const bare = document.createElement("canvas");
  bare.id = "bare";
  bare.width = Math.round(box.width * devicePixelRatio);
  bare.height = Math.round(box.height * devicePixelRatio);
  bare.style.cssText = `position: absolute; left: ${box.x}px; top: ${box.y}px; width: ${box.width}px;
    height: ${box.height}px; touch-action: none`;
  document.body.append(bare);
  const to = bare.getContext("2d");
  to.lineCap = "round";
  to.strokeStyle = "orange";
  let at = null;
  const place = (event) => [event.offsetX * devicePixelRatio, event.offsetY * devicePixelRatio];
  bare.addEventListener("pointerdown", (event) => { at = place(event); bare.setPointerCapture(event.pointerId); });
  bare.addEventListener("pointerup", () => { at = null; });
  bare.addEventListener("pointermove", (event) => {
    if (!at) return;
    for (const each of event.getCoalescedEvents()) {
      to.lineWidth = box.brush * devicePixelRatio;
      to.beginPath();
      to.moveTo(...at);
      at = place(each);
      to.lineTo(...at);
      to.stroke();
    }
  });
}"""

# Wraps the page's frames and pointer events, so that our own longest turn can be told from the browser's.
WATCH = """() => {
  globalThis.turns = [];
  const timed = (work) => function (...given) {
    const began = performance.now();
    try { return work.apply(this, given); } finally { turns.push(performance.now() - began); }
  };
  const frame = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (work) => frame(timed(work));
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, hear, ...rest) {
    const heard = kind.startsWith("pointer") && typeof hear === "function" ? timed(hear) : hear;
    return listen.call(this, kind, heard, ...rest);
  };
}"""


def zigzag(box: dict[str, float]) -> Iterator[tuple[float, float]]:
    for move in range(MOVES):
        share = move / MOVES
        yield (
            box["x"] + box["width"] * (0.1 + 0.8 * share),
            box["y"] + box["height"] * (0.5 + 0.35 * math.sin(share * 25)),
        )


def busy(cdp: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def stroke(page: Page, cdp: CDPSession, box: dict[str, float]) -> float:
    """Milliseconds of main-thread work per pointer move of one stroke."""
    points = list(zigzag(box))
    page.mouse.move(*points[0])
    page.mouse.down()
    page.wait_for_timeout(100)
    before = busy(cdp)
    for point in points:
        page.mouse.move(*point)
    page.wait_for_timeout(50)
    work = busy(cdp) - before
    page.mouse.up()
    page.wait_for_timeout(400)
    return work / MOVES


def show(page: Page, bare: bool) -> None:
    """Hides the one not measured: Chromium copies every visible canvas at every frame, whoever draws."""
    page.evaluate(
        """(bare) => {
          document.querySelector("#bare").style.display = bare ? "" : "none";
          document.querySelector(".output").style.visibility = bare ? "hidden" : "";
          document.querySelector(".kw-brush-paint").style.display = bare ? "none" : "";
        }""",
        bare,
    )


def main() -> None:
    rows, columns = np.indices((SIZE[1] // 8, SIZE[0] // 8))
    photo = np.stack([rows % 256, columns % 256, (rows + columns) % 256], -1).astype(np.uint8)
    brush = MotionBrush(PIL.Image.fromarray(photo).resize(SIZE))
    y, x = np.ogrid[: SIZE[1], : SIZE[0]]
    for n in range(1, 7):
        brush.set_area(n, (x - 600 * n + 200) ** 2 + (y - 700) ** 2 < 250**2, [(600 * n, 700), (600 * n + 80, 200)])
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=QUIET)
        for density in (1, 2):
            page = chromium.new_page(viewport={"width": 1312, "height": 1700}, device_scale_factor=density)
            page.add_init_script(f"({WATCH})()")
            host = FakeHost(page, brush, "motion_brush")
            host.show()
            page.get_by_role("radio", name="Area 6").click()
            page.get_by_label("Brush size").fill("180")
            page.wait_for_timeout(500)
            stage = page.get_by_label("Drawing canvas").bounding_box()
            assert stage
            page.evaluate(BARE, {**stage, "brush": 180 * stage["width"] / SIZE[0]})
            cdp = page.context.new_cdp_session(page)
            cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
            ours, theirs, turns = [], [], []
            for _ in range(ROUNDS + 1):
                show(page, bare=False)
                page.evaluate("turns.length = 0")
                ours.append(stroke(page, cdp, stage))
                turns += page.evaluate("turns")
                show(page, bare=True)
                theirs.append(stroke(page, cdp, stage))
            # The first stroke warms the compiler up.
            ours, theirs, turns = ours[1:], theirs[1:], sorted(turns)
            a, b = statistics.median(ours), statistics.median(theirs)
            p95, most = turns[int(len(turns) * 0.95)], turns[-1]
            print(f"{stage['width']:.0f} x {stage['height']:.0f} at {density} x, {MOVES} moves, {ROUNDS} strokes each")
            print(f"  brush  {a:6.2f} ms a move   own scripts: p95 {p95:.1f} ms, most {most:.1f} ms a turn")
            print(f"  lineTo {b:6.2f} ms a move   ratio {a / b:.2f} x", host.complaints or "")
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
