"""The motion brush under real pointer, pen and touch events, on a bare page with the real Python half behind it."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.bench_page import Opener, Point, capsules, likeness

TILES = """() => [...document.querySelectorAll(".output")].map(
  (view) => view.querySelectorAll(".kw-brush-paint canvas:not([hidden])").length)"""


@pytest.mark.parametrize("density", [1, 1.5, 2, 3])
def test_the_mask_is_what_was_painted_at_any_screen_density(opened: Opener, density: float) -> None:
    bench = opened(density=density)
    bench.size(40)
    stroke = [(100.0, 100.0), (400.0, 120.0), (420.0, 300.0)]
    bench.drag(*stroke)
    assert likeness(bench.mask(1), capsules((400, 640), stroke, 20)) > 0.99


def test_the_mask_is_what_was_painted_on_a_4k_photo_and_what_crosses_is_small(opened: Opener) -> None:
    bench = opened(3840, 2160, density=2, page=1400)
    bench.size(160)
    stroke = [(500.0, 400.0), (3000.0, 700.0), (2800.0, 1800.0)]
    bench.drag(*stroke)
    bench.page.wait_for_function("host.sent.some(({ kind }) => kind === 'brush.edit')")
    assert likeness(bench.mask(1), capsules((2160, 3840), stroke, 80)) > 0.99
    (size,) = bench.host.sent("brush.edit")
    assert size < 20_000


def test_the_mask_is_what_was_painted_zoomed_and_panned(opened: Opener) -> None:
    bench = opened()
    bench.size(10)
    bench.page.mouse.move(*bench.screen((200, 150)))
    bench.page.keyboard.down("Control")
    for _ in range(4):
        bench.page.mouse.wheel(0, -100)
    bench.page.keyboard.up("Control")
    bench.page.wait_for_timeout(100)
    bench.press("Pan")
    bench.drag((200, 150), (190, 140))
    bench.page.wait_for_timeout(100)
    bench.press("Brush")
    stroke = [(180.0, 130.0), (230.0, 150.0), (225.0, 170.0)]
    bench.drag(*stroke)
    assert likeness(bench.mask(1), capsules((400, 640), stroke, 5)) > 0.97


def test_nothing_crosses_during_a_stroke_and_one_message_after_it(opened: Opener) -> None:
    bench = opened()
    bench.page.mouse.move(*bench.screen((100, 100)))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.screen((300, 200)), steps=20)
    bench.page.wait_for_timeout(200)
    assert bench.host.sent("brush.edit") == []
    bench.page.mouse.up()
    bench.page.wait_for_timeout(200)
    assert len(bench.host.sent("brush.edit")) == 1


def test_eraser_and_right_button_take_paint_away(opened: Opener) -> None:
    bench = opened()
    bench.size(60)
    bench.drag((100, 100), (500, 100))
    bench.size(80)
    bench.drag((200, 50), (200, 150), button="right")
    bench.press("Eraser")
    bench.drag((400, 50), (400, 150))
    mask = bench.mask(1)
    assert not mask[:, 165:235].any()
    assert not mask[:, 365:435].any()
    assert mask[100, [120, 300, 480]].all()


def test_a_path_belongs_to_its_area_and_the_next_replaces_it(opened: Opener) -> None:
    bench = opened()
    bench.page.get_by_role("radio", name="Area 3").click()
    bench.press("Path")
    bench.drag((100, 100), (300, 150), (350, 300))
    bench.page.wait_for_timeout(150)
    path = bench.brush.areas[2].path
    assert path is not None
    assert np.abs(path[[0, -1]] - [(100, 100), (350, 300)]).max() < 2
    bench.drag((50, 50), (60, 300))
    bench.page.wait_for_timeout(150)
    path = bench.brush.areas[2].path
    assert path is not None
    assert np.abs(path[[0, -1]] - [(50, 50), (60, 300)]).max() < 2
    assert len(bench.brush.areas[0].path) == 0


def test_a_click_is_no_path_and_says_so(opened: Opener) -> None:
    bench = opened()
    bench.press("Path")
    bench.page.mouse.click(*bench.screen((100, 100)))
    expect(bench.page.get_by_role("status")).to_contain_text("press, drag and let go")
    assert bench.host.sent("brush.edit") == []


def test_the_static_area_has_no_path(opened: Opener) -> None:
    bench = opened()
    bench.press("Path")
    bench.page.get_by_role("radio", name="Static area").click()
    path = bench.page.get_by_role("button", name="Path", exact=True)
    expect(path).to_be_disabled()
    assert "has no path" in (path.get_attribute("title") or "")
    bench.drag((100, 100), (200, 100))
    bench.page.wait_for_timeout(150)
    assert bench.brush.static is not None


def test_an_outline_is_filled(opened: Opener) -> None:
    bench = opened()
    bench.size(10)
    bench.drag((100, 100), (300, 100), (300, 250), (100, 250), (100, 100))
    bench.press("Fill")
    bench.page.mouse.click(*bench.screen((200, 180)))
    assert bench.mask(1)[100:250, 100:300].all()
    assert not bench.mask(1)[300:, :].any()


def test_undo_and_redo_and_clear_reach_python(opened: Opener) -> None:
    bench = opened()
    bench.drag((100, 100), (200, 100))
    first = bench.mask(1).copy()
    bench.page.keyboard.press("2")
    bench.drag((100, 100), (200, 300))
    second = bench.mask(2).copy()
    bench.page.keyboard.press("Control+z")
    assert np.array_equal(bench.mask(1), first)
    assert not bench.mask(2).any()
    bench.page.keyboard.press("Control+Shift+z")
    assert np.array_equal(bench.mask(2), second)
    bench.press("Clear")
    assert not bench.mask(2).any()
    bench.press("Undo")
    assert np.array_equal(bench.mask(2), second)


def test_pythons_edit_shows_and_can_be_undone(opened: Opener) -> None:
    bench = opened()
    mask = np.zeros((400, 640), bool)
    mask[50:150, 50:150] = True
    bench.brush.set_area(4, mask=mask, path=[(100, 100), (400, 100)])
    bench.host.tell()
    expect(bench.page.get_by_role("status")).to_have_text("Drawing changed by Python")
    expect(bench.page.locator("svg.kw-brush-marks text")).to_have_text("4")
    bench.press("Undo")
    assert not bench.mask(4).any()
    assert len(bench.brush.areas[3].path) == 0
    bench.press("Redo")
    assert np.array_equal(bench.mask(4), mask)
    assert bench.brush.areas[3].path is not None


def test_an_edit_of_python_in_the_middle_of_a_stroke_waits_and_both_survive(opened: Opener) -> None:
    bench = opened()
    mask = np.zeros((400, 640), bool)
    mask[100:200, 300:350] = True
    bench.page.mouse.move(*bench.screen((100, 120)))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.screen((500, 120)), steps=10)
    bench.brush.set_area(2, mask=mask)
    bench.host.tell()
    bench.page.mouse.move(*bench.screen((560, 120)), steps=5)
    bench.page.mouse.up()
    bench.page.wait_for_timeout(300)
    assert np.array_equal(bench.mask(2), mask)
    assert bench.mask(1)[120, [110, 250, 450, 540]].all()


def test_two_views_show_one_drawing_even_during_a_stroke(opened: Opener) -> None:
    bench = opened()
    bench.host.show()
    expect(bench.page.get_by_role("group", name="Motion brush")).to_have_count(2)
    assert bench.page.evaluate(TILES) == [0, 0]
    bench.page.mouse.move(*bench.screen((100, 100)))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.screen((300, 200)), steps=10)
    bench.page.wait_for_timeout(150)
    first, second = bench.page.evaluate(TILES)
    assert first == second > 0
    bench.page.mouse.up()


def test_a_view_that_closes_leaves_nothing_and_the_next_shows_the_drawing(opened: Opener) -> None:
    bench = opened()
    bench.drag((100, 100), (300, 200))
    before = bench.page.evaluate("host.hearers()")
    bench.page.evaluate("close()")
    for _ in range(5):
        bench.page.evaluate("() => host.show()()")
    bench.host.show()
    expect(bench.page.locator("svg.kw-brush-marks text")).to_have_text("1")
    assert bench.page.evaluate("host.hearers()") == before
    bench.press("Undo")
    assert not bench.mask(1).any()


def test_without_a_kernel_strokes_stay_and_one_banner_says_why(opened: Opener) -> None:
    bench = opened()
    bench.page.evaluate("host.gone = true")
    bench.drag((100, 100), (300, 200))
    bench.drag((100, 200), (300, 300))
    expect(bench.page.get_by_role("alert")).to_contain_text("Run this cell again")
    expect(bench.page.get_by_role("alert")).to_have_count(1)
    expect(bench.page.locator("svg.kw-brush-marks text")).to_have_text("1")


def test_a_refused_edit_is_told_in_place_and_can_be_sent_again(opened: Opener) -> None:
    bench = opened()
    labels = bench.brush._brush_labels
    bench.brush._brush_labels = np.zeros((10, 10), np.uint8)
    bench.drag((100, 100), (300, 200))
    expect(bench.page.get_by_role("alert")).to_contain_text("The edit is of another photo")
    bench.brush._brush_labels = labels
    bench.press("Send again")
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    assert bench.mask(1)[100, 100]


def test_a_pens_pressure_is_the_width_and_a_finger_then_pans(opened: Opener) -> None:
    bench = opened()
    bench.size(80)

    def pen(kind: str, point: Point, pressure: float, pointer: str = "pen", identity: int = 7) -> None:
        x, y = bench.screen(point)
        bench.canvas.dispatch_event(
            kind,
            {
                "pointerId": identity,
                "pointerType": pointer,
                "clientX": x,
                "clientY": y,
                "pressure": pressure,
                "button": 0,
                "buttons": 0 if kind == "pointerup" else 1,
                "bubbles": True,
                "isPrimary": True,
            },
        )

    # A made-up pointer cannot be captured; a real one can.
    bench.page.evaluate("() => { Element.prototype.setPointerCapture = () => {}; }")
    pen("pointerdown", (100, 200), 0.1)
    for step in range(1, 41):
        pen("pointermove", (100 + 10 * step, 200), 0.1 + 0.9 * step / 40)
    pen("pointerup", (500, 200), 1.0)
    thickness = bench.mask(1).sum(axis=0)
    assert thickness[110] < 32
    assert thickness[480] > 70
    bench.page.keyboard.press("Control+z")
    pen("pointerdown", (100, 200), 0.5, "touch", 8)
    pen("pointermove", (300, 200), 0.5, "touch", 8)
    pen("pointerup", (300, 200), 0.5, "touch", 8)
    assert not bench.mask(1).any()


def test_a_finger_draws_and_two_fingers_zoom(opened: Opener) -> None:
    bench = opened(touch=True)
    cdp = bench.page.context.new_cdp_session(bench.page)

    def touch(kind: str, *points: Point) -> None:
        places = [dict(zip("xy", bench_point, strict=True)) | {"id": at} for at, bench_point in enumerate(points)]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    a, b = bench.screen((100, 100)), bench.screen((400, 100))
    touch("touchStart", a)
    for step in range(1, 11):
        touch("touchMove", (a[0] + (b[0] - a[0]) * step / 10, a[1]))
    touch("touchEnd")
    painted = bench.mask(1).copy()
    assert painted[100, [110, 250, 390]].all()
    x, y = bench.screen((320, 200))
    touch("touchStart", (x - 40, y))
    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 11):
        touch("touchMove", (x - 40 - 8 * step, y), (x + 40 + 8 * step, y))
    touch("touchEnd")
    assert np.array_equal(bench.mask(1), painted)
    share = bench.page.locator(".kw-brush-share").inner_text()
    assert int(share.removesuffix(" %")) > 250


def test_a_view_folded_to_nothing_and_back_still_shows_the_drawing(opened: Opener) -> None:
    bench = opened()
    bench.drag((100, 100), (300, 200))
    bench.page.evaluate("() => { document.querySelector('.output').style.display = 'none'; }")
    bench.page.wait_for_timeout(100)
    bench.page.evaluate("() => { document.querySelector('.output').style.display = ''; }")
    bench.page.wait_for_timeout(100)
    assert bench.page.locator(".kw-brush-paint canvas:not([hidden])").count() > 0
    bench.drag((300, 200), (500, 200))
    assert bench.mask(1)[200, 450]


def test_the_wheel_is_the_notebooks_until_the_canvas_is_in_hand(opened: Opener) -> None:
    bench = opened()
    bench.page.evaluate("() => { document.body.style.height = '3000px'; }")
    share = bench.page.locator(".kw-brush-share").inner_text()
    bench.page.mouse.move(*bench.screen((300, 200)))
    bench.page.mouse.wheel(0, -50)
    bench.page.mouse.wheel(0, 120)
    bench.page.wait_for_function("scrollY > 0")
    assert bench.page.locator(".kw-brush-share").inner_text() == share


def test_every_control_has_its_name(opened: Opener) -> None:
    bench = opened()
    group = bench.page.get_by_role("group", name="Motion brush")
    for name in ("Brush", "Eraser", "Path", "Fill", "Pan", "Undo", "Redo", "Clear", "Zoom to fit"):
        expect(group.get_by_role("button", name=name, exact=True)).to_have_count(1)
    for name in (*(f"Area {n}" for n in range(1, 7)), "Static area"):
        expect(group.get_by_role("radio", name=name, exact=True)).to_have_count(1)
    expect(group.get_by_role("slider", name="Brush size")).to_have_count(1)
    expect(group.get_by_role("application", name="Drawing canvas")).to_have_count(1)
    bench.drag((100, 100), (300, 200))
    expect(bench.page.get_by_role("status")).to_contain_text("Area 1: ")
    expect(bench.page.get_by_role("status")).to_contain_text(" % of the picture")
