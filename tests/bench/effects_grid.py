"""229 effect cards against 229 ipywidgets buttons with images, in one JupyterLab. Targets: 10 x faster, at most 300 kB.

Counts from the key that runs the cell until what is in sight is painted and can be clicked; `kB` is what came over the
websocket until then and two seconds after, so with the thumbnails in sight.
Run it with `python -m tests.bench.effects_grid`.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, WebSocket, expect, sync_playwright

from tests.browser.chromium import QUIET, find
from tests.browser.lab import Lab, running
from tests.browser.notebook import Notebook

ROUNDS = 3
AFTER = 2000  # ms in which the thumbnails in sight arrive too

WARM = """
import io, ipywidgets
import kling_widgets as kw
from PIL import Image
photo = Image.open("photos/rocket.jpg").convert("RGB")
def picture(n):
    out = io.BytesIO()
    photo.crop((n, n, n + 150, n + 150)).resize((112, 112)).save(out, "WEBP", quality=70)
    return out.getvalue()
pictures = [picture(n) for n in range(len(kw.EFFECTS))]
kw.EffectPicker
"""
CELLS = {
    "229 buttons with images": """
def button(image, title):
    picture = ipywidgets.Image(value=image, format="webp", width=112)
    return ipywidgets.VBox([picture, ipywidgets.Button(description=title)])
cells = [button(image, effect.title) for image, effect in zip(pictures, kw.EFFECTS)]
ipywidgets.GridBox(cells, layout=dict(grid_template_columns="repeat(auto-fill, 130px)"))
""",
    "EffectPicker": "kw.EffectPicker()",
}
# What is in sight: more than 36 fit no screen.
USABLE = {
    "229 buttons with images": """() => document.querySelectorAll(".jupyter-button").length >= 36
        && [...document.querySelectorAll(".widget-image")].every((image) => image.complete)""",
    "EffectPicker": """() => document.querySelectorAll("[role=listbox] [role=option]").length >= 36""",
}
CLOCK = """async (usable) => {
    const began = await new Promise((resolve) =>
        addEventListener("keydown", (key) => key.key === "Enter" && resolve(performance.now()), { capture: true }));
    while (!usable()) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - began;
}"""


def measure(browser: Browser, lab: Lab, name: str, file: str) -> tuple[float, float]:
    """Milliseconds until usable, and kilobytes that came until then."""
    address = lab.write(file, WARM, CELLS[name])
    came = 0

    def count(frame: str | bytes) -> None:
        nonlocal came
        came += len(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", count)

    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    notebook = Notebook(context.new_page())
    notebook.page.on("websocket", listen)
    notebook.open(address)
    notebook.run(0)
    expect(notebook.page.locator(".jp-CodeCell .jp-InputPrompt").first).to_have_text("[1]:", timeout=60_000)
    notebook.page.locator(".jp-CodeCell .cm-content").nth(1).click()
    notebook.page.evaluate(f"() => {{ globalThis.took = ({CLOCK})({USABLE[name]}); }}")
    before = came
    notebook.page.keyboard.press("Shift+Enter")
    took: float = notebook.page.evaluate("() => globalThis.took")
    notebook.page.wait_for_timeout(AFTER)
    context.close()
    return took, (came - before) / 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET)
        # A notebook a run: a second look at the same one would find the kernel of the first.
        took = {
            name: [measure(browser, lab, name, f"{kind}-{n}.ipynb") for n in range(ROUNDS)]
            for kind, name in enumerate(CELLS)
        }
        browser.close()
    reference = statistics.median(ms for ms, _ in took["229 buttons with images"])
    for name, runs in took.items():
        ms, kilobytes = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"{name:24} {ms:6.0f} ms   {kilobytes:6.0f} kB   {reference / ms:.1f} x")


if __name__ == "__main__":
    main()
