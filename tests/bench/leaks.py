"""100 views opened and closed, against 10: nothing more is alive on the page afterwards.

Once with the processor's paint, once with a graphics card's (a card made of software, which counts as one here).
"""

from __future__ import annotations

import PIL.Image
from playwright.sync_api import sync_playwright

from kling_widgets import MotionBrush
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost
from tests.browser.leaks import COUNTING, cycle

FEW, MANY = 10, 100


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find(), args=[*QUIET, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        for name, wish in (("processor", "never"), ("card", "always")):
            page = chromium.new_page(viewport={"width": 500, "height": 600})
            page.add_init_script(f"globalThis[Symbol.for('kling_widgets.gl')] = '{wish}'; ({COUNTING})()")
            brush = MotionBrush(PIL.Image.radial_gradient("L").resize((640, 400)).convert("RGB"))
            host = FakeHost(page, brush, "motion_brush")
            few = cycle(page, FEW)
            many = cycle(page, MANY)
            print(f"{name}: after {FEW}, after {MANY} more", host.complaints or "")
            for what, count in many.items():
                unit = f"{few[what] / 1e6:.2f} MB, {count / 1e6:.2f} MB" if what == "heap" else f"{few[what]}, {count}"
                print(f"  {what:10} {unit}   {count / few[what]:.2f} x" if few[what] else f"  {what:10} {unit}")
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
