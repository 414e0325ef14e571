"""Areas by lasso, as a whole, protected; and the hand that paints them: pen, palm, Shift, the frame's edge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import PIL.Image
import PIL.ImageDraw
from playwright.sync_api import expect

from tests.browser.bench_page import Bench, Opener, Point, capsules, likeness


def polygon(*corners: Point) -> np.ndarray:
    image = PIL.Image.new("1", (640, 400))
    PIL.ImageDraw.Draw(image).polygon([(x - 0.5, y - 0.5) for x, y in corners], fill=1)
    return np.array(image)


def mask(bench: Bench, n: int) -> np.ndarray:
    found = bench.brush.areas[n - 1].mask
    assert found is not None
    return found


def until(bench: Bench, holds: Callable[[], bool]) -> None:
    """Lets the page go on until that holds, or shows what does not."""
    for _ in range(200):
        if holds():
            return
        bench.page.wait_for_timeout(25)
    assert holds()


def click(bench: Bench, *points: Point) -> None:
    """Clicks that are no double clicks: the hand moves between them."""
    for point in points:
        bench.page.mouse.move(*bench.screen(point), steps=2)
        bench.page.mouse.down()
        bench.page.mouse.up()


def pointer(bench: Bench, kind: str, point: Point, **more: object) -> None:
    """A pen's or a finger's event, made up."""
    x, y = bench.screen(point)
    bench.canvas.dispatch_event(
        kind,
        {"pointerId": 7, "pointerType": "pen", "clientX": x, "clientY": y, "pressure": 0.5, "button": 0}
        | {"buttons": 0 if kind == "pointerup" else 1, "bubbles": True, "isPrimary": True}
        | more,
    )


def test_the_lasso_fills_what_a_drag_goes_round_and_the_right_button_empties_it(opened: Opener) -> None:
    bench = opened()
    bench.page.keyboard.press("Tab")
    bench.press("Lasso")
    outline: list[Point] = [(100, 100), (700, 80), (500, 330), (140, 300)]
    bench.drag(*outline)
    expect(bench.page.get_by_role("status")).to_contain_text("Area 1: ")
    wanted = polygon(*outline)
    until(bench, lambda: likeness(mask(bench, 1), wanted) > 0.99)
    bench.drag((200, 150), (300, 150), (300, 250), (200, 250), button="right")
    until(
        bench,
        lambda: likeness(mask(bench, 1), wanted & ~polygon((200, 150), (300, 150), (300, 250), (200, 250))) > 0.99,
    )
    bench.press("Undo")
    until(bench, lambda: likeness(mask(bench, 1), wanted) > 0.99)


def test_the_lasso_goes_from_corner_to_corner_until_enter_the_first_corner_or_a_double_click(opened: Opener) -> None:
    bench = opened()
    bench.press("Lasso")
    outline = bench.page.locator(".kw-brush-lasso")
    click(bench, (100, 100), (300, 100), (400, 390), (300, 250))
    bench.page.keyboard.press("Backspace")
    bench.page.keyboard.press("Backspace")
    click(bench, (300, 250))
    expect(outline).to_have_count(1)
    bench.page.keyboard.press("Enter")
    expect(outline).to_have_count(0)
    first = polygon((100, 100), (300, 100), (300, 250))
    until(bench, lambda: likeness(mask(bench, 1), first) > 0.95)
    click(bench, (400, 100), (500, 100), (500, 200), (402, 101))
    second = first | polygon((400, 100), (500, 100), (500, 200))
    until(bench, lambda: likeness(mask(bench, 1), second) > 0.95)
    click(bench, (400, 300), (500, 300))
    bench.page.mouse.dblclick(*bench.screen((500, 380)))
    third = second | polygon((400, 300), (500, 300), (500, 380))
    until(bench, lambda: likeness(mask(bench, 1), third) > 0.95)
    click(bench, (10, 10), (600, 10), (600, 390))
    bench.page.keyboard.press("Escape")
    expect(outline).to_have_count(0)
    click(bench, (120, 110), (290, 110), (290, 230))
    bench.page.keyboard.press("Alt+Enter")
    fourth = third & ~polygon((120, 110), (290, 110), (290, 230))
    until(bench, lambda: likeness(mask(bench, 1), fourth) > 0.9)


def test_protected_areas_are_left_alone_by_brush_and_eraser(opened: Opener) -> None:
    bench = opened()
    bench.size(60)
    bench.drag((300, 50), (300, 350))
    until(bench, lambda: bool(mask(bench, 1)[200, 300]))
    other = mask(bench, 1).copy()
    bench.press("Change area")
    bench.page.get_by_role("menuitemcheckbox", name="Protect other areas").click()
    expect(bench.page.get_by_role("status")).to_have_text("Other areas are protected")
    bench.page.keyboard.press("Escape")
    bench.page.keyboard.press("2")
    bench.drag((100, 200), (500, 200))
    stroke = capsules((400, 640), [(100, 200), (500, 200)], 30)
    until(bench, lambda: likeness(mask(bench, 2), stroke & ~other) > 0.99)
    assert np.array_equal(mask(bench, 1), other)
    bench.drag((100, 200), (320, 200), button="right")
    until(bench, lambda: not mask(bench, 2)[200, 200])
    assert np.array_equal(mask(bench, 1), other)


def test_an_area_is_changed_as_a_whole_by_keys_alone_and_focus_returns(opened: Opener) -> None:
    bench = opened(page=480)
    bench.size(80)
    bench.drag((250, 200), (400, 200))
    until(bench, lambda: bool(mask(bench, 1)[200, 300]))
    before = mask(bench, 1).copy()
    button = bench.page.get_by_role("button", name="Change area")
    button.focus()
    bench.page.keyboard.press("Enter")
    menu = bench.page.get_by_role("menu", name="Change area")
    expect(menu.get_by_role("menuitem", name="Grow")).to_be_focused()
    box, room = menu.bounding_box(), bench.page.get_by_role("group", name="Motion brush").bounding_box()
    assert box
    assert room
    assert room["x"] <= box["x"]
    assert box["x"] + box["width"] <= room["x"] + room["width"] + 0.5
    assert box["y"] + box["height"] <= room["y"] + room["height"]
    bench.page.keyboard.press("Enter")
    bench.page.keyboard.press("Enter")
    until(bench, lambda: likeness(mask(bench, 1), capsules((400, 640), [(250, 200), (400, 200)], 46)) > 0.98)
    expect(bench.page.get_by_role("status")).to_contain_text("Area 1 grown: ")
    bench.page.keyboard.press("ArrowDown")
    bench.page.keyboard.press("Enter")
    bench.page.keyboard.press("Enter")
    until(bench, lambda: likeness(mask(bench, 1), before) > 0.98)
    for _ in range(4):
        bench.page.keyboard.press("ArrowDown")
    expect(bench.page.get_by_role("menuitem", name="Swap with Area 3")).to_be_focused()
    bench.page.keyboard.press("Enter")
    until(bench, lambda: likeness(mask(bench, 3), before) > 0.98)
    expect(menu).to_have_count(0)
    expect(button).to_be_focused()
    bench.press("Change area")
    bench.page.mouse.click(*bench.screen((5, 395)))
    expect(menu).to_have_count(0)


def test_a_pen_begins_thin_erases_with_its_other_end_and_cancels_the_palm_that_came_before(opened: Opener) -> None:
    bench = opened()
    bench.size(80)
    # A made-up pointer cannot be captured; a real one can.
    bench.page.evaluate("() => { Element.prototype.setPointerCapture = () => {}; }")
    palm = {"pointerType": "touch", "pointerId": 3}
    pointer(bench, "pointerdown", (500, 300), **palm)
    pointer(bench, "pointermove", (540, 320), **palm)
    # The driver's first word is not the hand's.
    pointer(bench, "pointerdown", (100, 200), pressure=0.5)
    pointer(bench, "pointermove", (560, 330), **palm)
    for step in range(1, 21):
        pointer(bench, "pointermove", (100 + 15 * step, 200), pressure=0.05)
    pointer(bench, "pointerup", (400, 200), pressure=0)
    pointer(bench, "pointerup", (560, 330), **palm)
    until(bench, lambda: bool(mask(bench, 1)[200, 300]))
    thickness = mask(bench, 1).sum(axis=0)
    assert thickness[:400].max() < 26
    assert not mask(bench, 1)[250:].any()
    pointer(bench, "pointerdown", (200, 200), pressure=0.9, buttons=32, button=5)
    pointer(bench, "pointermove", (300, 200), pressure=0.9, buttons=32, button=-1)
    pointer(bench, "pointerup", (300, 200), pressure=0, button=5)
    until(bench, lambda: not mask(bench, 1)[200, 290])
    assert mask(bench, 1)[200, [150, 390]].all()
    painted = mask(bench, 1).copy()
    bench.page.wait_for_timeout(350)
    bench.press("Zoom in")
    before = bench.screen((0, 0))
    pointer(bench, "pointerdown", (300, 200), pointerType="touch", pointerId=9)
    pointer(bench, "pointermove", (340, 220), pointerType="touch", pointerId=9)
    pointer(bench, "pointerup", (340, 220), pointerType="touch", pointerId=9)
    until(bench, lambda: bench.screen((0, 0)) != before)
    assert np.array_equal(mask(bench, 1), painted)


def test_a_stroke_that_leaves_the_frame_comes_back_whole_shift_keeps_it_straight_and_escape_drops_it(
    opened: Opener,
) -> None:
    bench = opened()
    bench.size(40)
    over: list[Point] = [(300, 300), (300, 460), (420, 460), (420, 300)]
    bench.drag(*over)
    until(bench, lambda: likeness(mask(bench, 1), capsules((400, 640), over, 20)) > 0.98)
    bench.page.keyboard.press("2")
    bench.page.mouse.move(*bench.screen((100, 100)))
    bench.page.mouse.down()
    bench.page.keyboard.down("Shift")
    for point in ((300, 190), (200, 30), (500, 100)):
        bench.page.mouse.move(*bench.screen(point), steps=4)
    expect(bench.page.locator(".kw-brush-ahead")).to_have_count(1)
    bench.page.mouse.up()
    straight: list[Point] = [(100, 100), (500, 100)]
    until(bench, lambda: likeness(mask(bench, 2), capsules((400, 640), straight, 20)) > 0.98)
    bench.page.mouse.click(*bench.screen((560, 200)))
    bench.page.keyboard.up("Shift")
    until(bench, lambda: likeness(mask(bench, 2), capsules((400, 640), [*straight, (560, 200)], 20)) > 0.98)
    before = len(bench.host.sent("brush.edit"))
    bench.page.mouse.move(*bench.screen((50, 350)))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.screen((250, 350)), steps=4)
    bench.page.keyboard.press("Escape")
    bench.page.mouse.move(*bench.screen((260, 380)), steps=4)
    bench.page.mouse.up()
    bench.page.wait_for_timeout(100)
    assert len(bench.host.sent("brush.edit")) == before
