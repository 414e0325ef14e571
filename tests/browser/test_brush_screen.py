"""What the stage shows: the processor's paint and a graphics card's look the same, and closed views leave nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser

from kling_widgets import MotionBrush
from tests.browser.bench_page import Bench, Opener
from tests.browser.chromium import QUIET, find
from tests.browser.fake_host import FakeHost
from tests.browser.leaks import COUNTING, cycle

SLOW_CARD = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
TAKEN = "globalThis[Symbol.for('kling_widgets.gl.taken')] ?? 0"
LOSE = """document.querySelector(".kw-brush-paint canvas").getContext("webgl2")
  .getExtension("WEBGL_lose_context").loseContext()"""
ONE_CANVAS = "document.querySelector('.kw-brush-paint').children.length === 1"

Shower = Callable[..., Bench]


@pytest.fixture(scope="module")
def slow_card(browser: Browser) -> Iterator[Browser]:
    """A browser whose graphics card is a program: slow, and right."""
    chromium = browser.browser_type.launch(executable_path=find(), args=[*QUIET, *SLOW_CARD])
    yield chromium
    chromium.close()


@pytest.fixture
def shower(slow_card: Browser) -> Iterator[Shower]:
    """Shows a drawing with a card ("always") or without ("never")."""
    benches: list[Bench] = []

    def show(wish: str, density: float = 1) -> Bench:
        context = slow_card.new_context(viewport={"width": 460, "height": 560}, device_scale_factor=density)
        page = context.new_page()
        page.add_init_script(f"globalThis[Symbol.for('kling_widgets.gl')] = '{wish}'; ({COUNTING})()")
        brush = painted()
        host = FakeHost(page, brush, "motion_brush")
        host.show()
        benches.append(Bench(host, brush))
        if wish == "always":
            page.wait_for_function(ONE_CANVAS)
        return benches[-1]

    yield show
    complaints = [bench.host.complaints for bench in benches]
    for bench in benches:
        bench.page.context.close()
    assert complaints == [[]] * len(benches)


def painted() -> MotionBrush:
    """Six discs that overlap, and a static area with corners."""
    width, height = 640, 400
    brush = MotionBrush(PIL.Image.radial_gradient("L").resize((width, height)).convert("RGB"))
    y, x = np.ogrid[:height, :width]
    for n in range(1, 7):
        brush.set_area(n, (x - 95 * n + 10) ** 2 + (y - 120 - 10 * n) ** 2 < 60**2)
    brush.set_static((y > 300) & (x % 200 < 120))
    return brush


def seen(bench: Bench) -> np.ndarray:
    """Photo and paint as they are on screen."""
    bench.page.mouse.move(2, 2)
    bench.page.wait_for_timeout(300)
    hidden = ".kw-brush-stage > :not(img, .kw-brush-paint) { visibility: hidden } * { outline: none !important }"
    picture = bench.canvas.screenshot(style=hidden)
    return np.asarray(PIL.Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def walk(bench: Bench) -> Iterator[np.ndarray]:
    """What one sees of a drawing at first and painted on; then zoomed, panned, and erased there."""
    bench.size(50)
    bench.drag((40, 40), (600, 80), (500, 350), steps=4)
    yield seen(bench)
    bench.page.mouse.move(*bench.screen((300, 180)))
    bench.page.keyboard.down("Control")
    for _ in range(3):
        bench.page.mouse.wheel(0, -40)
    bench.page.keyboard.up("Control")
    bench.page.wait_for_timeout(300)
    bench.press("Pan")
    bench.drag((300, 180), (352, 139), (250, 231), (215, 80), (420, 100), steps=3)
    bench.press("Eraser")
    bench.drag((230, 150), (330, 190), steps=3)
    yield seen(bench)


@pytest.mark.parametrize("density", [1, 2])
def test_a_graphics_card_shows_what_the_processor_shows(shower: Shower, density: float) -> None:
    for step, (one, other) in enumerate(
        zip(walk(shower("never", density)), walk(shower("always", density)), strict=True)
    ):
        assert one.shape == other.shape
        apart = np.abs(one - other).max(-1)
        assert (apart > 2).mean() < 0.001, f"step {step}: {apart.max()} levels, {(apart > 2).mean():.2%} of the pixels"


def test_a_card_that_is_lost_leaves_the_drawing_on_screen_and_one_paints_on(shower: Shower) -> None:
    bench = shower("always")
    before = seen(bench)
    bench.page.evaluate(LOSE)
    after = seen(bench)
    assert not bench.page.evaluate(ONE_CANVAS)
    assert (np.abs(before - after).max(-1) > 2).mean() < 0.001
    assert bench.page.evaluate(TAKEN) == 0
    bench.drag((100, 380), (300, 390))
    assert bench.mask(1)[380, 110]
    assert (np.abs(seen(bench) - after).max(-1) > 2).mean() > 0.01


def test_at_most_four_views_of_a_page_take_a_card_and_give_it_back(shower: Shower) -> None:
    bench = shower("always")
    bench.page.evaluate("() => { globalThis.ends = [1, 2, 3, 4, 5].map(() => host.show()); }")
    bench.page.wait_for_function(f"({TAKEN}) === 4")
    bench.page.wait_for_timeout(300)
    assert bench.page.evaluate("live.cards.length") == 4
    bench.page.evaluate("() => { for (const end of ends) end(); close(); }")
    bench.page.wait_for_function(f"({TAKEN}) === 0")
    assert bench.page.evaluate("live.cards.every((card) => card.deref()?.isContextLost() ?? true)")


@pytest.mark.parametrize("wish", ["never", "always"])
def test_views_opened_and_closed_leave_nothing_on_the_page(shower: Shower, wish: str) -> None:
    bench = shower(wish)
    bench.page.evaluate("close()")
    before = cycle(bench.page, 3)
    after = cycle(bench.page, 12)
    grown = {name: after[name] - before[name] for name in after}
    heap = grown.pop("heap")
    # What the first cycles held may be let go of meanwhile.
    assert {name: count for name, count in grown.items() if count > 0} == {}
    assert heap < 1_000_000


def test_paint_follows_a_pan_while_the_hand_still_moves(opened: Opener) -> None:
    bench = opened()
    bench.size(60)
    bench.drag((100, 100), (500, 300))
    for _ in range(4):
        bench.press("Zoom in")
    bench.press("Pan")
    bench.page.wait_for_timeout(500)
    bench.page.mouse.move(*bench.screen((300, 200)))
    bench.page.mouse.down()
    bench.page.mouse.move(*bench.screen((330, 215)), steps=6)
    bench.page.wait_for_timeout(100)
    style = bench.page.evaluate("""() => ["img", ".kw-brush-paint"].map((layer) =>
      document.querySelector(`.kw-brush-stage ${layer}`).style.transform.replace(/ scale.*/, ""))""")
    assert style[0] == style[1]
    bench.page.mouse.up()
