"""The brush and a real kernel, in a real JupyterLab: a cell that waits, a restart, a night without a kernel."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.lab import Lab
from tests.browser.notebook import START, Notebook

BRUSH = (
    "import hashlib, kling_widgets as kw\n"
    "brush = kw.MotionBrush('photos/coffee.png')\n"
    "said = lambda: print('labels', brush._brush_labels.sum(), hashlib.md5(brush._brush_labels).hexdigest())\n"
    "brush"
)
IDLE = re.compile(r"\| Idle$")
TILES = """() => [...document.querySelectorAll(".kw-brush-paint")].map(
  (paint) => paint.querySelectorAll("canvas:not([hidden])").length)"""


def stroke(notebook: Notebook, brush: Locator, *, up: bool = True) -> None:
    """From the left to the right across the middle, three quarters of the width."""
    canvas = brush.get_by_label("Drawing canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    notebook.page.mouse.move(box["x"] + box["width"] / 8, middle)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] * 7 / 8, middle, steps=10)
    if up:
        notebook.page.mouse.up()


def opened(notebook: Notebook, n: int = 0) -> Locator:
    brush = notebook.group("Motion brush", n)
    expect(brush.get_by_role("button", name="Zoom in")).to_be_visible(timeout=START)
    notebook.page.wait_for_function("document.querySelector('.kw-brush-stage img')?.src.startsWith('blob:')")
    return brush


def restart(notebook: Notebook) -> None:
    notebook.choose("Kernel", "kernelmenu:restart")
    notebook.page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(notebook.page.get_by_role("button", name=IDLE)).to_be_visible(timeout=START)


def test_a_cell_waits_for_done_while_two_views_show_one_stroke(open_with: Open) -> None:
    """The messages of a stroke and of the button reach a kernel whose cell awaits."""
    notebook = open_with(BRUSH, "brush", "drawing = await brush.done()\nprint(drawing.areas[0].mask.any())")
    notebook.run(0)
    first = opened(notebook)
    notebook.run(1)
    opened(notebook, 1)
    notebook.run(2)
    done = first.get_by_role("button", name="Done")
    expect(done).to_be_visible()
    stroke(notebook, first, up=False)
    notebook.page.wait_for_function(f"() => {{ const [a, b] = ({TILES})(); return a > 0 && a === b; }}")
    notebook.page.mouse.up()
    done.click()
    expect(notebook.printed()).to_have_text("True\n")
    expect(done).to_have_count(0)
    assert notebook.complaints == []


def test_strokes_go_into_the_kernel_that_follows_and_are_seen_without_any(open_with: Open, lab: Lab) -> None:
    notebook = open_with(BRUSH, "said()")
    notebook.run(0)
    stroke(notebook, opened(notebook))
    notebook.run(1)
    expect(notebook.printed()).to_have_text(re.compile("^labels [1-9]"))
    before = notebook.printed().inner_text()
    restart(notebook)
    notebook.run(0)
    brush = notebook.group("Motion brush")
    restore = brush.get_by_role("button", name="Restore")
    expect(restore).to_be_visible(timeout=START)
    still = notebook.page.locator("img[class^=kw-still]")
    bare = still.get_attribute("src") or ""
    restore.click()
    expect(brush.get_by_role("alert")).to_have_count(0)
    notebook.run(1)
    expect(notebook.printed()).to_have_text(before)

    # The picture for a reopened notebook, and for GitHub, follows at a pause.
    expect(still).not_to_have_attribute("src", bare)
    painted = still.get_attribute("src")
    expect(still).to_be_hidden()
    notebook.save()
    notebook.shut_down()
    notebook.page.reload()
    # Lab starts a kernel of its own accord, in which nothing has run; a server that ends meanwhile may never end.
    expect(notebook.page.get_by_role("button", name=IDLE)).to_be_visible(timeout=START)
    expect(still).to_be_visible(timeout=START)
    expect(still).to_have_attribute("src", painted or "")
    assert still.evaluate("image => image.naturalWidth") == 600
    (file,) = lab.folder.glob("test_strokes_go_*.ipynb")
    assert file.stat().st_size < 100_000
