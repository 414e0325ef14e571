"""Play preview: the drawing moves in the browser, on a bare page with the real second bundle."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Locator, expect

from kling_widgets import MotionBrush
from kling_widgets.shipped import sample
from tests.browser.bench_page import Bench, Opener

ROCKET = (322, 240)


@pytest.fixture
def rocket(opened: Opener) -> Bench:
    """The rocket of the sample photo, painted loosely; its path goes up by 180 pixels."""
    brush = MotionBrush(sample("rocket.jpg"))
    rows, columns = np.indices((427, 640))
    mask = (((columns - ROCKET[0]) / 34) ** 2 + ((rows - ROCKET[1]) / 150) ** 2 <= 1) & (rows < 358)
    brush.set_area(1, mask=mask, path=[ROCKET, (322, 180), (322, 60)])
    still = np.zeros((427, 640), bool)
    still[100:160, 300:345] = True
    brush.set_static(still & ~mask)
    return opened(brush=brush)


def film(bench: Bench) -> Locator:
    return bench.page.locator("canvas.kw-brush-film")


def seek(bench: Bench, seconds: float) -> np.ndarray:
    """Drags the film there; its pixels as they are then."""
    slider = bench.page.get_by_role("slider", name="Preview time")
    slider.fill(str(seconds))
    expect(slider).to_have_attribute("aria-valuetext", f"{seconds:.1f} of 5.0 s")
    film(bench).wait_for()
    bench.page.evaluate("() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    _, _, data = film(bench).evaluate("(canvas) => canvas.toDataURL()").partition(",")
    return np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)


def test_the_rocket_lifts_off_and_leaves_a_whole_sky(rocket: Bench) -> None:
    """At its start the film is the photo; at its end the rocket is up, and where it was there is sky."""
    photo = np.asarray(rocket.brush.image.pil()).astype(int)
    at_home, aloft = (slice(270, 340), slice(314, 330)), (slice(90, 160), slice(314, 330))
    first = seek(rocket, 0)
    assert np.abs(first - photo).mean() < 1
    last = seek(rocket, 5)
    assert np.abs(last[aloft] - photo[at_home]).mean() < 12, "the rocket is not where its path ends"
    assert last[at_home][..., 0].max() < 110, "something of the rocket stayed on the pad"
    assert last.min(axis=2)[at_home].mean() > 20, "a hole shows"
    still = np.asarray(rocket.brush.static)
    np.testing.assert_array_equal(last[still], first[still])
    np.testing.assert_array_equal(last[:, :250], first[:, :250])


def test_play_pause_and_stop(rocket: Bench) -> None:
    """It plays by button and key, pauses, and any tool shows the drawing again."""
    paint, slider = rocket.page.locator(".kw-brush-paint"), rocket.page.get_by_role("slider", name="Preview time")
    rocket.press("Play preview")
    film(rocket).wait_for()
    expect(paint).to_be_hidden()
    rocket.page.wait_for_function("document.querySelector('.kw-brush-play input').valueAsNumber > 0.2")
    rocket.press("Pause preview")
    expect(rocket.page.get_by_role("button", name="Play preview", exact=True)).to_be_visible()
    time = slider.input_value()
    rocket.press("Zoom in")
    box, image = film(rocket).bounding_box(), rocket.page.locator(".kw-brush-stage img").bounding_box()
    assert box == pytest.approx(image, abs=1)
    assert slider.input_value() == time
    rocket.canvas.press("k")
    expect(rocket.page.get_by_role("button", name="Pause preview", exact=True)).to_be_visible()
    rocket.press("Brush")
    expect(film(rocket)).to_have_count(0)
    expect(paint).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", "0.0 of 5.0 s")


def test_a_stroke_during_the_film_ends_it_and_the_next_film_has_it(rocket: Bench) -> None:
    """What is painted while it plays is painted, and plays the next time; undone, it does not."""
    before = seek(rocket, 5)
    rocket.drag((150, 320), (150, 380))
    expect(film(rocket)).to_have_count(0)
    assert rocket.mask(1)[350, 150]
    assert np.abs(seek(rocket, 5) - before)[300:400, 120:180].mean() > 2
    rocket.press("Undo")
    expect(film(rocket)).to_have_count(0)
    np.testing.assert_array_equal(seek(rocket, 5), before)


def test_without_loop_it_ends_and_begins_anew(rocket: Bench) -> None:
    rocket.press("Loop")
    rocket.page.get_by_role("combobox", name="Preview speed").select_option("2")
    seek(rocket, 4.8)
    rocket.press("Play preview")
    slider = rocket.page.get_by_role("slider", name="Preview time")
    expect(slider).to_have_attribute("aria-valuetext", "5.0 of 5.0 s")
    expect(rocket.page.get_by_role("button", name="Play preview", exact=True)).to_be_visible()
    rocket.press("Play preview")
    expect(slider).not_to_have_attribute("aria-valuetext", "5.0 of 5.0 s")


def test_a_view_that_closes_takes_its_film_along(rocket: Bench) -> None:
    """Nothing is drawn any more once it is closed."""
    rocket.press("Play preview")
    film(rocket).wait_for()
    rocket.page.evaluate("""() => {
      const draw = CanvasRenderingContext2D.prototype.drawImage;
      globalThis.drawn = 0;
      CanvasRenderingContext2D.prototype.drawImage = function (...given) { drawn += 1; draw.apply(this, given); };
    }""")
    rocket.page.wait_for_function("drawn > 0")
    rocket.page.evaluate("close()")
    rocket.page.wait_for_timeout(100)
    rocket.page.evaluate("drawn = 0")
    rocket.page.wait_for_timeout(150)
    assert rocket.page.evaluate("drawn") == 0


def test_nothing_to_play_says_why(opened: Opener) -> None:
    bench = opened()
    button = bench.page.get_by_role("button", name="Play preview", exact=True)
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", "Play preview (Paint an area and draw its path first)")


def test_the_player_comes_before_it_is_asked_for(opened: Opener) -> None:
    """A busy kernel does not delay the first film."""
    bench = opened()
    bench.page.wait_for_function("globalThis[Symbol.for('kling_widgets.more')]")
    assert len(bench.host.sent("brush.more")) == 1


def test_a_kernel_that_has_no_player_is_told_of_in_place(opened: Opener) -> None:
    brush = MotionBrush(PIL.Image.new("RGB", (400, 300), "grey"))
    brush.set_area(1, mask=np.eye(300, 400, dtype=bool), path=[(10, 10), (90, 90)])
    brush.__dict__["_handlers"] = {kind: name for kind, name in brush._handlers.items() if kind != "brush.more"}
    bench = opened(brush=brush)
    bench.press("Play preview")
    expect(bench.page.get_by_role("alert")).to_contain_text("There is no preview yet.")
    expect(bench.page.get_by_role("button", name="Play preview", exact=True)).to_be_visible()
