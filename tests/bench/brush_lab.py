"""From pointer-up to the array in the kernel, 4K, in a real JupyterLab. Targets: 2 x an empty round trip, 20 kB.

The reference is a question on the same page that Python knows no answer to, and refuses at once. Python notes when it
has the array, by the clock that the browser reads too. Strokes and questions take turns.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import WebSocket, expect, sync_playwright

from tests.browser.chromium import QUIET, find
from tests.browser.lab import running
from tests.browser.notebook import Notebook

ROUNDS = 20
PAUSE = 2500  # ms: the picture for the saved notebook, which follows a stroke after a second, is done by then

CELL = """
import time
import kling_widgets as kw
from PIL import Image

class Timed(kw.MotionBrush):
    def _edit_brush(self, body, buffers):
        answer = super()._edit_brush(body, buffers)
        with open("arrived.txt", "a") as file:
            print(time.time() * 1000, file=file)
        return answer

brush = Timed(Image.radial_gradient("L").convert("RGB").resize((3840, 2160)))
brush
"""

WATCH = """() => {
  globalThis.ups = [];
  addEventListener("pointerup", (event) => ups.push(performance.timeOrigin + event.timeStamp), { capture: true });
}"""

EMPTY = """async () => {
  const [{ document }] = globalThis[Symbol.for("kling_widgets.brush")].values();
  const began = performance.now();
  await document.ask("an empty question").catch(() => {});
  return performance.now() - began;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET)
        notebook = Notebook(browser.new_page(viewport={"width": 1400, "height": 1200}))
        page = notebook.page
        sent: list[int] = []

        def count(frame: str | bytes) -> None:
            sent.append(len(frame))

        def listen(socket: WebSocket) -> None:
            socket.on("framesent", count)

        page.on("websocket", listen)
        notebook.open(lab.write("brush.ipynb", CELL))
        notebook.run(0)
        canvas = notebook.group("Motion brush").get_by_label("Drawing canvas")
        expect(canvas).to_be_visible(timeout=60_000)
        page.wait_for_timeout(3000)
        page.evaluate(f"({WATCH})()")
        box = canvas.bounding_box()
        assert box
        empty, weights = [], []
        for turn in range(ROUNDS + 2):
            empty.append(page.evaluate(EMPTY))
            page.wait_for_timeout(300)
            y = box["y"] + box["height"] * (0.1 + 0.8 * turn / (ROUNDS + 2))
            page.mouse.move(box["x"] + 80, y)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] - 80, y + 15, steps=12)
            sent.clear()
            page.mouse.up()
            page.wait_for_timeout(PAUSE)
            weights.append(max(sent, default=0))
        arrived = [float(line) for line in (lab.folder / "arrived.txt").read_text().split()]
        ups: list[float] = page.evaluate("ups")
        browser.close()
    if len(arrived) != len(ups):
        raise RuntimeError(f"{len(ups)} strokes, but {len(arrived)} edits arrived.")
    took = [there - up for there, up in zip(arrived, ups, strict=True)][2:]
    a, b = statistics.median(took), statistics.median(empty[2:])
    print(f"pointer-up to array  {a:6.1f} ms, from {min(took):.1f} to {max(took):.1f}", end="   ")
    print(f"largest message {max(weights) / 1000:.1f} kB")
    print(f"empty round trip     {b:6.1f} ms, from {min(empty[2:]):.1f} to {max(empty[2:]):.1f}   ratio {a / b:.2f} x")


if __name__ == "__main__":
    main()
