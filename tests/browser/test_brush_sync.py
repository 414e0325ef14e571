"""The brush and its kernel: busy, deaf, restarted, or waiting for "Done"; on a bare page, with the real Python half."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import expect

from kling_widgets import Drawing, MotionBrush
from tests.browser.bench_page import Bench, Opener

RESTARTED = "Strokes from before the kernel restarted are kept."
# A busy kernel: questions are kept until `host.free()`.
BUSY = """() => {
  const kernel = globalThis.kernel;
  const waiting = [];
  globalThis.kernel = (...question) => new Promise((resolve) => waiting.push([question, resolve]));
  host.free = async () => {
    globalThis.kernel = kernel;
    for (const [question, resolve] of waiting) resolve(await kernel(...question));
  };
}"""

KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("kling_widgets", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("drafts", { keyPath: "brush" });
  opening.onsuccess = () => {
    const store = opening.result.transaction("drafts").objectStore("drafts");
    store.getAll().onsuccess = ({ target }) => {
      opening.result.close();
      resolve(target.result.map((draft) => draft.sent));
    };
  };
})"""


def photo() -> PIL.Image.Image:
    return PIL.Image.linear_gradient("L").resize((640, 400)).convert("RGB")


def brush_of(session: str) -> MotionBrush:
    """As the same cell makes it in each life of a kernel."""
    brush = MotionBrush(photo())
    brush._brush_session = session
    return brush


def until(bench: Bench, true: Callable[[], bool]) -> None:
    """Waits, at most five seconds, for what Python shall come to hold."""
    for _ in range(100):
        bench.page.wait_for_timeout(50)
        if true():
            return
    pytest.fail("Python never came to hold it.")


def kept(bench: Bench, *sent: bool) -> None:
    """Strokes reach the browser's own store at the next pause; `sent` tells which of them the kernel had too."""
    until(bench, lambda: bench.page.evaluate(KEPT) == list(sent))


def restart(bench: Bench, session: str, *, show: bool = True) -> None:
    """The kernel restarts and the cell runs again: its output is replaced by a view of a new widget."""
    bench.brush = brush_of(session)
    bench.host.restart(bench.brush)
    if show:
        bench.page.evaluate("close()")
        bench.host.show()
        expect(bench.page.get_by_role("group", name="Motion brush")).to_have_count(1)


def whole(brush: MotionBrush) -> np.ndarray:
    return brush._brush_labels.copy()


def test_strokes_on_a_busy_kernel_join_and_all_arrive(opened: Opener) -> None:
    bench = opened()
    bench.size(20)
    bench.page.evaluate(BUSY)
    for stroke in range(12):
        y = 30 + 30 * stroke
        bench.drag((60, y), (580, y), steps=2)
    assert len(bench.host.sent("brush.edit")) == 1
    bench.page.evaluate("host.free()")
    until(bench, lambda: bool(bench.brush._brush_labels[30:390:30, 300].all()))
    assert len(bench.host.sent("brush.edit")) == 2


def test_an_edit_that_a_dropped_socket_lost_is_sent_again_and_counts_once(opened: Opener) -> None:
    bench = opened()
    bench.page.clock.install()
    bench.page.evaluate(
        "() => { let lost = 0; host.drops = (message) => message.ask === 'brush.edit' && lost++ === 0; }"
    )
    edits = []
    bench.brush.observe(lambda change: edits.append(change.new), "revision")
    bench.drag((100, 100), (300, 100))
    bench.page.clock.run_for(200)
    assert not bench.mask(1).any()
    bench.page.clock.run_for(5_000)
    assert bench.mask(1)[100, 200]
    bench.page.clock.run_for(60_000)
    bench.drag((100, 200), (300, 200))
    bench.page.clock.run_for(200)
    assert bench.mask(1)[200, 200]
    assert len(edits) == 2
    assert len(bench.host.sent("brush.edit")) == 3


def test_an_answer_that_was_lost_does_not_undo_what_python_did_since(opened: Opener) -> None:
    bench = opened()
    bench.page.clock.install()
    bench.page.evaluate(
        """() => {
          const kernel = globalThis.kernel;
          let lost = 0;
          globalThis.kernel = async (message, parts) => {
            const answers = await kernel(message, parts);
            return message.ask === "brush.edit" && lost++ === 0 ? [] : answers;
          };
        }"""
    )
    bench.drag((100, 100), (300, 100))
    bench.page.clock.run_for(200)
    mask = bench.mask(1).copy()
    assert mask.any()
    bench.brush.set_area(1, mask=None)
    bench.brush.set_static(mask)
    bench.page.clock.run_for(5_000)
    # Packing is no matter of the page's clock.
    for _ in range(50):
        bench.page.clock.run_for(200)
        if np.array_equal(bench.brush.static, mask):
            break
    assert np.array_equal(bench.brush.static, mask)


def test_strokes_outlive_the_kernel_and_are_restored_into_the_next(opened: Opener) -> None:
    bench = opened(brush=brush_of("one"))
    bench.drag((100, 100), (500, 120))
    bench.page.keyboard.press("2")
    bench.drag((100, 300), (500, 320))
    # Answered, too: else what is kept would count as not sent before the third stroke is in it.
    assert bench.mask(2).any()
    kept(bench, True)
    before = whole(bench.brush)
    bench.page.evaluate("host.life += 1")
    bench.page.keyboard.press("3")
    bench.drag((300, 200), (320, 200))
    expect(bench.page.get_by_role("alert")).to_contain_text("Your strokes are kept. Run this cell again")
    kept(bench, False)
    restart(bench, "two")
    expect(bench.page.get_by_role("alert")).to_contain_text(RESTARTED)
    bench.press("Restore")
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    until(bench, lambda: bench.brush.areas[2].painted)
    after = whole(bench.brush)
    assert np.argwhere(after != before).tolist() == np.argwhere(after == 3).tolist()
    bench.press("Undo")
    until(bench, lambda: not whole(bench.brush).any())
    bench.press("Redo")
    until(bench, lambda: np.array_equal(whole(bench.brush), after))


def test_strokes_outlive_the_page_too_and_once_discarded_are_gone(opened: Opener) -> None:
    bench = opened(brush=brush_of("one"))
    bench.drag((100, 100), (500, 120))
    kept(bench, True)
    bench.host.widget = bench.brush = brush_of("two")
    bench.brush.send = bench.host._keep
    bench.host.load()
    bench.host.show()
    expect(bench.page.get_by_role("alert")).to_contain_text(RESTARTED)
    bench.press("Discard")
    kept(bench)
    restart(bench, "three")
    bench.page.wait_for_timeout(200)
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    assert not bench.mask(1).any()


def test_a_page_that_is_opened_again_shows_what_python_holds_and_offers_nothing(opened: Opener) -> None:
    bench = opened(brush=brush_of("one"))
    bench.drag((100, 100), (500, 120))
    kept(bench, True)
    before = whole(bench.brush)
    assert before.any()
    bench.host.load()
    bench.host.show()
    expect(bench.page.locator("svg.kw-brush-marks text")).to_have_text("1")
    bench.page.wait_for_timeout(200)
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    assert np.array_equal(whole(bench.brush), before)


def test_strokes_that_a_cell_draws_anew_are_not_offered(opened: Opener) -> None:
    bench = opened(brush=brush_of("one"))
    bench.brush.set_area(1, path=[(1, 2), (300, 200)])
    bench.host.tell()
    kept(bench, True)
    restart(bench, "two")
    expect(bench.page.get_by_role("alert")).to_contain_text(RESTARTED)
    bench.brush.set_area(1, path=[(1, 2), (300, 200)])
    bench.host.tell()
    expect(bench.page.get_by_role("alert")).to_have_count(0)


def waiting(brush: MotionBrush, pool: ThreadPoolExecutor) -> Future[Drawing]:
    """A cell in a kernel's other thread awaits."""

    async def cell() -> Drawing:
        return await brush.done()

    return pool.submit(asyncio.run, cell())


@pytest.mark.parametrize("cells", [1, 2])
def test_done_is_shown_while_cells_wait_and_all_go_on_with_the_drawing(opened: Opener, cells: int) -> None:
    bench = opened()
    expect(bench.page.get_by_role("button", name="Done")).to_have_count(0)
    with ThreadPoolExecutor(cells) as pool:
        results = [waiting(bench.brush, pool) for _ in range(cells)]
        bench.page.wait_for_timeout(300)
        bench.host.tell()
        bench.drag((100, 100), (500, 120))
        bench.press("Done")
        drawings = [result.result(10) for result in results]
    bench.host.tell()
    expect(bench.page.get_by_role("button", name="Done")).to_have_count(0)
    assert [drawing.areas[0].painted for drawing in drawings] == [True] * cells
