"""The Select tool on a bare page: clicks, a loop and a scribble cut objects out; what goes wrong is told in place."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from playwright.sync_api import expect

from kling_widgets import MotionBrush
from kling_widgets.segment import BoolMask, Seeds
from kling_widgets.shipped import sample
from tests.browser.bench_page import Bench, Opener, Point, likeness
from tests.outlines import ROCKET, TOWER, outline

STEP = 30
PATIENCE = 20_000


def until(bench: Bench, ready: Callable[[], object]) -> None:
    """Waits, and carries to the page what Python said meanwhile."""
    for _ in range(PATIENCE // STEP):
        bench.host.tell()
        if ready():
            return
        bench.page.wait_for_timeout(STEP)
    raise AssertionError("Python never answered.")


def click(bench: Bench, point: Point, button: str = "left") -> None:
    """Clicks, and waits for the step of undo that it makes."""
    edits = len(bench.host.sent("brush.edit"))
    bench.page.mouse.click(*bench.screen(point), button=button)  # type: ignore[arg-type]
    until(bench, lambda: len(bench.host.sent("brush.edit")) > edits)


def slow(seeds: list[Seeds], let: threading.Event) -> Callable[[np.ndarray, Seeds], BoolMask]:
    """A segmenter that keeps what it was asked, and answers with the left half once it is let."""

    def left_half(photo: np.ndarray, asked: Seeds) -> BoolMask:
        seeds.append(asked)
        let.wait(PATIENCE / 1000)
        mask = np.zeros(photo.shape[:2], bool)
        mask[:, : mask.shape[1] // 2] = True
        return mask

    return left_half


def test_three_clicks_cut_out_the_rocket_and_each_can_be_undone(opened: Opener) -> None:
    bench = opened(brush=MotionBrush(sample("rocket.jpg")))
    bench.canvas.focus()
    bench.page.keyboard.press("s")
    select = bench.page.get_by_role("button", name="Select", exact=True)
    expect(select).to_have_attribute("aria-pressed", "true")
    masks = []
    for point in [(323.0, 300.0), (322.0, 150.0)]:
        click(bench, point)
        masks.append(bench.mask(1).copy())
    counted = ~outline(masks[1].shape, TOWER)
    assert likeness(masks[1] & counted, outline(masks[1].shape, ROCKET) & counted) > 0.85
    assert max(bench.host.sent("brush.edit")) < 20_000
    expect(bench.page.locator(".kw-brush-seed")).to_have_count(2)
    bench.press("Undo")
    assert np.array_equal(bench.mask(1), masks[0])
    expect(bench.page.locator(".kw-brush-seed")).to_have_count(0)


def test_the_right_button_takes_the_object_away(opened: Opener) -> None:
    bench = opened(brush=MotionBrush(sample("coffee.png")))
    bench.press("Select")
    click(bench, (130, 230))
    assert bench.mask(1)[230, 130]
    assert bench.mask(1)[200, 450]
    click(bench, (130, 230), "right")
    assert not bench.mask(1)[230, 130]


def test_a_loop_and_a_scribble_say_what_they_are_to_any_segmenter(opened: Opener) -> None:
    seeds: list[Seeds] = []
    let = threading.Event()
    let.set()
    bench = opened(brush=MotionBrush(sample("coffee.png"), segmenter=slow(seeds, let)))
    bench.press("Select")
    corners: list[Point] = [(100, 100), (300, 90), (310, 300), (90, 290), (102, 104)]
    bench.drag(*corners)
    until(bench, lambda: bench.mask(1).any())
    (loop,) = seeds
    assert loop.loop is not None
    assert loop.box is not None
    assert np.abs(np.array(loop.box) - [90, 90, 310, 300]).max() < 4
    assert (len(loop.inside), loop.mask, loop.adds) == (0, None, True)
    bench.drag((400, 100), (500, 100), (450, 200), button="right")
    until(bench, lambda: len(seeds) > 1)
    scribble = seeds[1]
    assert scribble.loop is None
    assert scribble.mask is not None
    assert not scribble.adds
    assert len(scribble.outside) > 10
    assert np.abs(scribble.outside[0] - [400, 100]).max() < 3


def test_escape_cancels_and_the_answer_comes_to_nothing(opened: Opener) -> None:
    seeds: list[Seeds] = []
    let = threading.Event()
    bench = opened(brush=MotionBrush(sample("coffee.png"), segmenter=slow(seeds, let)))
    bench.press("Select")
    bench.page.mouse.click(*bench.screen((200, 200)))
    expect(bench.page.get_by_role("button", name="Cancel")).to_be_visible()
    bench.page.keyboard.press("Escape")
    expect(bench.page.get_by_role("button", name="Cancel")).to_have_count(0)
    let.set()
    bench.page.mouse.click(*bench.screen((300, 200)))
    until(bench, lambda: bench.mask(1).any())
    assert len(bench.host.sent("brush.edit")) == 1
    assert [len(asked.inside) for asked in seeds] == [1, 1]


def test_a_segmenter_that_fails_says_so_in_place(opened: Opener) -> None:
    def needs_more(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        raise ImportError("No module named 'sam2'")

    bench = opened(brush=MotionBrush(sample("coffee.png"), segmenter=needs_more))
    bench.press("Select")
    bench.page.mouse.click(*bench.screen((200, 200)))
    until(bench, lambda: bench.page.get_by_role("alert").count())
    expect(bench.page.get_by_role("alert")).to_contain_text(
        "needs_more failed with ImportError: No module named 'sam2'"
    )
    bench.press("Brush")
    bench.drag((100, 100), (200, 100))
    assert bench.mask(1)[100, 150]
