"""Our own work a frame while panning and zooming a painted 4K photo, 1600 x 900. Target: p95 under 16 ms.

The reference is the same page and hand with nothing painted: the photo alone follows the view. Paint is shown as on a
machine without a graphics card.
"""

from __future__ import annotations

import math

import numpy as np
import PIL.Image
from playwright.sync_api import Page, sync_playwright

from kling_widgets import MotionBrush
from tests.bench.brush_moves import WATCH
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost

SIZE = (3840, 2160)
STAGE = (1600, 900)
MOVES = 100


def painted() -> MotionBrush:
    rows, columns = np.indices((SIZE[1] // 8, SIZE[0] // 8))
    photo = np.stack([rows % 256, columns % 256, (rows + columns) % 256], -1).astype(np.uint8)
    brush = MotionBrush(PIL.Image.fromarray(photo).resize(SIZE))
    y, x = np.ogrid[: SIZE[1], : SIZE[0]]
    for n in range(1, 7):
        brush.set_area(n, (x - 600 * n + 200) ** 2 + (y - 700 - 80 * n) ** 2 < 320**2)
    return brush


def pan(page: Page) -> None:
    """A drag in circles, and the photo follows."""
    x, y = STAGE[0] / 2, STAGE[1] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        turn = move / 20
        page.mouse.move(x + 320 * math.sin(turn), y + 220 * math.sin(1.7 * turn))
    page.mouse.up()


def zoom(page: Page) -> None:
    """In and out by the wheel."""
    page.keyboard.down("Control")
    for move in range(MOVES):
        page.mouse.wheel(0, -12 if move % 50 < 25 else 12)
        page.wait_for_timeout(8)
    page.keyboard.up("Control")
    page.wait_for_timeout(1000)


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=QUIET)
        for density in (1, 2):
            took: dict[tuple[str, str], list[float]] = {}
            for what, brush in (("painted", painted()), ("photo alone", MotionBrush(PIL.Image.new("RGB", SIZE)))):
                page = chromium.new_page(
                    viewport={"width": STAGE[0] + 32, "height": STAGE[1] + 400}, device_scale_factor=density
                )
                page.add_init_script(f"({WATCH})()")
                host = FakeHost(page, brush, "motion_brush")
                page.add_style_tag(content=f".kw-brush {{ --kw-brush-height: {STAGE[1]}px }}")
                host.show()
                page.get_by_role("button", name="Zoom in").click(click_count=3, delay=50)
                page.get_by_role("button", name="Pan", exact=True).click()
                page.wait_for_timeout(1500)
                for name, hand in (("pan", pan), ("zoom", zoom)):
                    # The first round warms the compiler up.
                    hand(page)
                    page.evaluate("turns.length = 0")
                    hand(page)
                    took[name, what] = sorted(page.evaluate("turns"))
                page.close()
            print(f"{STAGE[0]} x {STAGE[1]} at {density} x, own scripts a turn: p50, p95, most; p95 of the photo alone")
            for name in ("pan", "zoom"):
                one, other = took[name, "painted"], took[name, "photo alone"]
                p50, p95, bare = one[len(one) // 2], one[int(len(one) * 0.95)], other[int(len(other) * 0.95)]
                print(
                    f"  {name:5} {p50:6.1f} {p95:6.1f} {one[-1]:6.1f} ms; {bare:6.1f} ms   {p95 / max(bare, 0.1):.1f} x"
                )
        chromium.close()


if __name__ == "__main__":
    main()
