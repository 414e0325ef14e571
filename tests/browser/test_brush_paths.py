"""Paths under a real pointer and real keys, on a bare page with the real Python half: drawn, set, edited, turned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser, expect

from kling_widgets import MotionBrush
from tests.browser.bench_page import Bench, Point
from tests.browser.fake_host import FakeHost

POINTS: list[Point] = [(100, 300), (200, 100), (400, 100), (500, 300)]


@pytest.fixture(scope="module")
def page_of_all(browser: Browser) -> Iterator[Bench]:
    """One page for all tests here: most of their time would go into opening it."""
    brush = MotionBrush(PIL.Image.new("RGB", (640, 400), "#345"))
    with browser.new_context(viewport={"width": 900, "height": 900}) as context:
        host = FakeHost(context.new_page(), brush, "motion_brush")
        host.show()
        yield Bench(host, brush)
        assert host.complaints == []


@pytest.fixture
def bench(page_of_all: Bench) -> Bench:
    """Nothing drawn, the path tool newly in hand."""
    bench = page_of_all
    bench.brush.clear()
    bench.host.tell()
    bench.page.get_by_role("radio", name="Area 1").check(force=True)
    bench.press("Brush")
    bench.press("Path")
    bench.press("As drawn")
    return bench


def path(bench: Bench, n: int = 1) -> np.ndarray:
    """Area n's path in Python, once every edit that left the page has been answered."""
    bench.page.wait_for_timeout(150)
    points = bench.brush.areas[n - 1].path
    assert points is not None
    return points


def click(bench: Bench, *points: Point) -> None:
    for point in points:
        bench.page.mouse.click(*bench.screen(point))


def draw(bench: Bench, *strokes: tuple[Point, int]) -> None:
    """From (100, 100) to each point, in so many steps of 10 ms."""
    page = bench.page
    page.mouse.move(*bench.screen((100, 100)))
    page.mouse.down()
    x, y = 100.0, 100.0
    for (to_x, to_y), steps in strokes:
        for step in range(1, steps + 1):
            page.mouse.move(*bench.screen((x + (to_x - x) * step / steps, y + (to_y - y) * step / steps)))
            page.wait_for_timeout(10)
        x, y = to_x, to_y
    page.mouse.up()


def near(line: np.ndarray, *points: Point) -> float:
    """How far the furthest of `points` is from the line."""
    a, b = line[:-1], line[1:]
    worst = 0.0
    for point in np.array(points, float):
        share = ((point - a) * (b - a)).sum(1) / np.maximum(((b - a) ** 2).sum(1), 1e-9)
        foot = a + (b - a) * np.clip(share, 0, 1)[:, None]
        worst = max(worst, float(np.hypot(*(point - foot).T).min()))
    return worst


def test_a_path_by_hand_keeps_the_hands_speed_until_it_is_evened_out(bench: Bench) -> None:
    """Slow at first and then fast: after half of the time not half of the way. Evened out it is the same line."""
    draw(bench, ((300, 100), 40), ((500, 100), 10))
    drawn = path(bench)
    assert 2 <= len(drawn) <= 77
    assert drawn[[0, -1]].tolist() == [[100, 100], [500, 100]]
    assert (drawn == np.rint(drawn)).all()
    assert np.interp(0.5, np.linspace(0, 1, len(drawn)), drawn[:, 0]) < 270
    bench.press("Even speed")
    assert path(bench).tolist() == [[100, 100], [500, 100]]
    bench.press("As drawn")
    assert path(bench).tolist() == drawn.tolist()
    for _ in range(2):
        bench.press("Undo")
    assert path(bench).tolist() == drawn.tolist()


def test_a_path_stays_near_what_was_drawn_and_shift_draws_it_straight(bench: Bench) -> None:
    stroke: list[Point] = [(100, 100), (220, 180), (340, 120), (430, 300)]
    bench.drag(*stroke, steps=20)
    drawn = path(bench)
    assert near(drawn, *stroke) < 4
    bench.page.keyboard.down("Shift")
    bench.drag((100, 350), (250, 200), (600, 330))
    bench.page.keyboard.up("Shift")
    assert path(bench).tolist() == [[100, 350], [600, 330]]


def test_points_one_by_one_make_a_curve_through_all_and_enter_ends_it(bench: Bench) -> None:
    click(bench, *POINTS)
    assert near(path(bench), *POINTS) < 1.5
    assert path(bench)[[0, -1]].tolist() == [[100, 300], [500, 300]]
    steps = np.hypot(*np.diff(path(bench), axis=0).T)
    assert steps.max() / steps.min() < 1.35  # an even speed
    bench.page.keyboard.press("Enter")
    click(bench, (50, 50))
    expect(bench.page.get_by_role("status")).to_contain_text("First point set")
    bench.page.keyboard.press("Escape")
    assert near(path(bench), *POINTS) < 1.5
    for _ in range(2):
        bench.press("Undo")
    assert path(bench).tolist() == [[100, 300], [200, 100]]


def test_a_double_click_ends_a_path_and_a_click_on_its_first_point_closes_it(bench: Bench) -> None:
    click(bench, *POINTS[:2])
    bench.page.mouse.dblclick(*bench.screen(POINTS[2]))
    expect(bench.page.get_by_role("status")).to_have_text("Path ended")
    assert near(path(bench), *POINTS[:3]) < 1.5
    bench.press("Delete path")
    assert len(path(bench)) == 0
    click(bench, *POINTS[:3], POINTS[0])
    assert path(bench)[[0, -1]].tolist() == [[100, 300], [100, 300]]
    expect(bench.page.get_by_role("button", name="Close path")).to_be_disabled()


def test_handles_are_dragged_inserted_and_taken_away(bench: Bench) -> None:
    click(bench, *POINTS)
    bench.page.keyboard.press("Enter")
    bench.drag(POINTS[1], (240, 60))
    assert near(path(bench), POINTS[0], (240, 60), POINTS[2], POINTS[3]) < 1.5
    handles = bench.page.locator(".kw-brush-handle")
    middle = tuple(path(bench)[len(path(bench)) // 2])
    click(bench, middle)
    expect(handles).to_have_count(5)
    bench.page.keyboard.press("Delete")
    expect(handles).to_have_count(4)
    bench.page.keyboard.down("Alt")
    click(bench, (240, 60))
    bench.page.keyboard.up("Alt")
    expect(handles).to_have_count(3)
    for _ in range(3):
        bench.press("Undo")
    expect(handles).to_have_count(4)
    assert near(path(bench), (240, 60)) < 1.5
    bench.page.keyboard.down("Shift")
    bench.drag(POINTS[3], (560, 106))
    bench.page.keyboard.up("Shift")
    assert path(bench)[-1].tolist() == [560, 100]


def test_a_drawn_path_stays_as_it_was_until_a_handle_is_touched(bench: Bench) -> None:
    draw(bench, ((300, 130), 30), ((400, 300), 10))
    drawn = path(bench)
    handles = bench.page.locator(".kw-brush-handle")
    assert 2 < handles.count() <= 12
    click(bench, (100, 100))
    assert path(bench).tolist() == drawn.tolist()
    bench.drag((100, 100), (60, 90))
    changed = path(bench)
    assert changed[[0, -1]].tolist() == [[60, 90], [400, 300]]
    share = np.linspace(0, 1, len(changed))
    assert np.interp(0.5, share, changed[:, 0]) < 280  # still slow at first


def test_keys_move_the_chosen_point_and_go_from_point_to_point(bench: Bench) -> None:
    click(bench, (100, 300), (400, 300))
    bench.page.keyboard.press("Enter")
    click(bench, (100, 300))
    for key in ("ArrowUp", "Shift+ArrowRight", "Tab", "ArrowDown", "ArrowLeft"):
        bench.page.keyboard.press(key)
    assert path(bench).tolist() == [[110, 299], [399, 301]]
    expect(bench.page.get_by_role("status")).to_have_text("Point 2 of 2: 399, 301 px")
    bench.page.keyboard.press("Shift+Tab")
    expect(bench.page.get_by_role("status")).to_have_text("Point 1 of 2: 110, 299 px")
    bench.page.keyboard.press("Escape")
    bench.page.keyboard.press("Tab")
    expect(bench.canvas).not_to_be_focused()


def test_a_path_as_a_whole_is_turned_over_closed_copied_and_deleted(bench: Bench) -> None:
    mask = np.zeros((400, 640), bool)
    mask[300:321, 500:521] = True
    bench.brush.set_area(3, mask=mask)
    bench.host.tell()
    click(bench, *POINTS[:3])
    bench.page.keyboard.press("Enter")
    first = path(bench)
    bench.press("Reverse path")
    assert path(bench).tolist() == first[::-1].tolist()
    bench.press("Reverse path")
    bench.press("Mirror path left to right")
    assert path(bench).tolist() == [[200 - x, y] for x, y in first]
    bench.press("Mirror path left to right")
    bench.press("Mirror path top to bottom")
    assert path(bench).tolist() == [[x, 600 - y] for x, y in first]
    bench.press("Mirror path top to bottom")
    bench.page.get_by_label("Copy path to another area").select_option("Area 3")
    assert (path(bench, 3) - first == (410, 10)).all()
    bench.press("Close path")
    assert path(bench)[[0, -1]].tolist() == [[100, 300], [100, 300]]
    assert near(path(bench), *POINTS[:3]) < 3
    bench.press("Delete path")
    assert len(path(bench)) == 0
    for _ in range(2):
        bench.press("Undo")
    assert path(bench).tolist() == first.tolist()


def test_a_path_that_starts_beside_its_area_is_moved_into_it(bench: Bench) -> None:
    mask = np.zeros((400, 640), bool)
    mask[200:300, 100:200] = True
    bench.brush.set_area(1, mask=mask)
    bench.host.tell()
    bench.drag((150, 190), (350, 90))
    assert path(bench)[[0, -1]].tolist() == [[150, 200], [350, 100]]
    bench.drag((500, 100), (300, 50))
    assert path(bench)[[0, -1]].tolist() == [[500, 100], [300, 50]]


def test_near_a_path_the_time_shows_and_the_line_below_tells_of_it(bench: Bench) -> None:
    click(bench, (100, 300), (500, 300))
    bench.page.keyboard.press("Enter")
    bench.page.mouse.move(*bench.screen((200, 303)))
    expect(bench.page.locator(".kw-brush-clock")).to_have_text("1.3 s · 200, 300 px")
    bench.page.mouse.move(*bench.screen((200, 200)))
    expect(bench.page.locator(".kw-brush-clock")).to_have_count(0)
    expect(bench.page.locator(".kw-brush-line")).to_contain_text("path of 2 points, 400 px, 5.0 s")
    expect(bench.page.locator(".kw-brush-beat")).to_have_count(9)
