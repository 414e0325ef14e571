"""The motion brush for everyone: the keyboard alone, the help sheet, checks beside the canvas, what is read aloud."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.bench_page import Opener

FOCUS = "() => document.activeElement.getAttribute('aria-label')"
HEARD = """() => {
  globalThis.heard = [];
  document.addEventListener("keydown", (event) => heard.push(event.key));
}"""
CUT = """() => [...document.querySelectorAll(".kw button, .kw input, .kw label, .kw-brush-check")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  return width > 0 && (left < -1 || right > innerWidth + 1);
}).map((one) => one.ariaLabel || one.textContent)"""
OVERLAP = """() => {
  const boxes = [...document.querySelectorAll(".kw-brush-head button, .kw-brush-head label, .kw-brush-stage")]
    .map((one) => [one.ariaLabel || one.textContent, one.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  return boxes.flatMap(([name, a], at) => boxes.slice(at + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => [name, other]));
}"""


def tab_to(page: Page, name: str) -> None:
    """As somebody without a mouse comes there."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS) == name:
            return
    raise AssertionError(f"Twelve times Tab, and never {name}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_keyboard_alone_paints_an_area_and_draws_its_path(opened: Opener) -> None:
    bench = opened()
    page = bench.page
    tab_to(page, "Drawing canvas")
    press(page, "2", "Enter")
    expect(page.get_by_role("status")).to_have_text("Brush down at 320, 200")
    press(page, *["Shift+ArrowRight"] * 2, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Area 2: ")
    mask = bench.mask(2)
    assert mask[200, 320:421].all()
    assert not mask[200, 450:].any()
    press(page, "p", *["Shift+ArrowLeft"] * 2, "Enter", *["Shift+ArrowUp"] * 2, *["Alt+ArrowUp"] * 3, "Enter")
    expect(page.get_by_role("status")).to_contain_text("up")
    bench.mask(2)
    path = bench.brush.areas[1].path
    assert path is not None
    assert np.abs(path[[0, -1]] - [(320, 200), (320, 97)]).max() <= 1
    assert page.get_by_role("group", name="Checks").inner_text() == ""


def test_keys_pan_with_the_crosshair_and_escape_drops_a_stroke(opened: Opener) -> None:
    bench = opened()
    tab_to(bench.page, "Drawing canvas")
    press(bench.page, "+", "+", "+", "Enter", *["Shift+ArrowRight"] * 4)
    cross = bench.page.locator(".kw-brush-cross").bounding_box()
    stage = bench.canvas.bounding_box()
    assert cross
    assert stage
    assert cross["x"] + cross["width"] / 2 < stage["x"] + stage["width"] - 30
    press(bench.page, "Escape")
    expect(bench.page.get_by_role("status")).to_have_text("Dropped")
    assert not bench.mask(1).any()
    assert bench.host.sent("brush.edit") == []


def test_space_pans_with_any_tool(opened: Opener) -> None:
    bench = opened()
    bench.press("Zoom in")
    bench.canvas.focus()
    there = bench.screen((300, 190))
    bench.page.keyboard.down(" ")
    bench.drag((320, 200), (300, 190))
    bench.page.keyboard.up(" ")
    bench.page.wait_for_timeout(100)
    assert np.abs(np.subtract(bench.screen((320, 200)), there)).max() <= 1
    assert bench.host.sent("brush.edit") == []
    bench.drag((320, 200), (330, 200))
    expect(bench.page.get_by_role("status")).to_contain_text("Area 1: ")


def test_the_help_sheet_tells_every_key_and_gives_the_focus_back(opened: Opener) -> None:
    bench = opened()
    page = bench.page
    bench.canvas.focus()
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Tools and keys")
    expect(sheet).to_be_focused()
    expect(sheet.get_by_role("heading").first).to_have_text("Painting with the keyboard alone")
    for name in ("Brush", "Eraser", "Fill", "Path", "Pan"):
        expect(sheet.get_by_text(f"{name}: ")).to_have_count(1)
    # Behind the sheet nothing is reached, and the keys are the sheet's.
    bench.canvas.evaluate("(canvas) => canvas.focus()")
    expect(sheet).to_be_focused()
    press(page, "e", "Delete", "Tab")
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    press(page, "Escape")
    expect(sheet).to_have_count(0)
    expect(bench.canvas).to_be_focused()
    expect(page.get_by_role("button", name="Brush", exact=True)).to_have_attribute("aria-pressed", "true")
    bench.press("Help")
    bench.press("Close")
    expect(page.get_by_role("button", name="Help")).to_be_focused()


def test_no_key_of_the_brush_reaches_the_notebook(opened: Opener) -> None:
    bench = opened()
    page = bench.page
    page.evaluate(HEARD)
    tab_to(page, "Drawing canvas")
    ours = ["ArrowUp", "Enter", "Enter", "b", "e", "f", "p", "h", "1", "0", "2", "[", "]", "+", "-", "Home", "Delete"]
    press(page, *ours, "Shift+Delete", "Control+z", "Control+Shift+z", " ", "?", "Escape")
    heard = page.evaluate("heard.filter((key) => !['Tab', 'Control', 'Shift'].includes(key))")
    assert heard == []
    press(page, "Control+s")
    assert page.evaluate("heard.at(-1)") == "s"
    assert not page.evaluate("document.activeElement.hasAttribute('data-lm-suppress-shortcuts')")
    press(page, "a")
    assert page.evaluate("document.activeElement.hasAttribute('data-lm-suppress-shortcuts')")


def test_in_a_control_the_keys_do_what_the_control_needs(opened: Opener) -> None:
    bench = opened()
    page = bench.page
    slider = page.get_by_role("slider", name="Brush size")
    slider.focus()
    press(page, "Home", "ArrowRight")
    expect(slider).to_have_value("2")
    page.get_by_role("radio", name="Area 1").focus()
    press(page, "ArrowRight")
    expect(page.get_by_role("radio", name="Area 2")).to_be_checked()
    page.get_by_role("button", name="Brush", exact=True).focus()
    press(page, "ArrowRight", "Enter")
    expect(page.get_by_role("button", name="Eraser", exact=True)).to_have_attribute("aria-pressed", "true")
    # One stop for the whole toolbar.
    press(page, "Tab")
    expect(slider).to_be_focused()
    press(page, "Shift+Tab")
    expect(page.get_by_role("button", name="Eraser", exact=True)).to_be_focused()


def test_checks_follow_each_step_and_a_click_mends(opened: Opener) -> None:
    bench = opened()
    page = bench.page
    checks = page.get_by_role("group", name="Checks")
    lines = page.locator(".kw-brush-check")
    below = checks.bounding_box()
    expect(checks).to_have_text("Paint what shall move, then draw its path with P.")
    bench.drag((100, 100), (200, 100))
    page.get_by_role("button", name="Draw it").click()
    expect(page.get_by_role("button", name="Path", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(bench.canvas).to_be_focused()
    bench.drag((400, 300), (500, 300))
    expect(lines).to_contain_text(["Area 1's path starts "])
    page.get_by_role("button", name="Start it in the area").click()
    expect(lines).to_have_count(0)
    mask = bench.mask(1)
    start = bench.brush.areas[0].path
    assert start is not None
    x, y = start[0].astype(int)
    assert mask[y, x]
    for number in (2, 3, 4):
        bench.brush.set_area(number, path=[(10, 10), (700, 10)])
    bench.host.tell()
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="and 4 more").click()
    expect(lines).to_have_count(6)
    page.get_by_role("button", name="Fewer").click()
    expect(lines).to_have_count(2)
    assert checks.bounding_box() == below


def test_at_any_width_nothing_is_cut_nothing_overlaps_and_the_picture_stays_where_it_is(opened: Opener) -> None:
    bench = opened(page=480)
    page = bench.page
    bench.drag((100, 100), (200, 100))
    tools = page.get_by_role("toolbar").locator("[aria-pressed]")
    for width in (360, 480, 700, 900, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        tops = set()
        for tool in tools.all():
            tool.click()
            assert (width, page.evaluate(CUT), page.evaluate(OVERLAP)) == (width, [], [])
            if width >= 480:
                tops.add(bench.screen((0, 0))[1])
        assert len(tops) <= 1, (width, tops)
