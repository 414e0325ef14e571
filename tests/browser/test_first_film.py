"""The main job, end to end, as a person does it in a real JupyterLab."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Open
from tests.browser.lab import Lab
from tests.browser.notebook import FILM, START, Notebook, opened

PHOTOS = Path(__file__).parents[2] / "notebooks/photos"
ROCKET = (640, 427)

Point = tuple[float, float]


def plays(notebook: Notebook, film: Locator) -> None:
    """The film is there, decodes and moves."""
    expect(film).to_be_visible(timeout=FILM)
    film.scroll_into_view_if_needed()
    film.evaluate("film => film.play()")
    notebook.page.wait_for_function("film => film.currentTime > 0.3", arg=film.element_handle())
    assert film.evaluate("film => film.error") is None


def drag(notebook: Notebook, canvas: Locator, *points: Point) -> None:
    """A stroke over the drawing canvas, in pixels of the rocket's photo."""
    box = canvas.bounding_box()
    assert box is not None
    scale = min(box["width"] / ROCKET[0], box["height"] / ROCKET[1])
    left = box["x"] + (box["width"] - scale * ROCKET[0]) / 2
    top = box["y"] + (box["height"] - scale * ROCKET[1]) / 2
    mouse = notebook.page.mouse
    for at, (x, y) in enumerate(points):
        mouse.move(left + x * scale, top + y * scale, steps=1 if at == 0 else 12)
        if at == 0:
            mouse.down()
    mouse.up()


def hand_over(notebook: Notebook, place: Locator, way: str, file: Path) -> None:
    """Drops or pastes a file; a browser lets no script do it with the real clipboard or the real hand."""
    notebook.page.evaluate(
        """([place, way, name, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
          const common = { bubbles: true, cancelable: true };
          place.dispatchEvent(way === "drop"
            ? new DragEvent("drop", { dataTransfer: data, ...common })
            : new ClipboardEvent("paste", { clipboardData: data, ...common }));
        }""",
        [place.element_handle(), way, file.name, base64.b64encode(file.read_bytes()).decode()],
    )


def frames(film: Path) -> list[NDArray[np.uint8]]:
    """Each frame, at the size of the rocket's photo."""
    with av.open(str(film)) as file:
        return [
            frame.reformat(*ROCKET, format="rgb24", interpolation="AREA").to_ndarray() for frame in file.decode(video=0)
        ]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_run_all_of_the_first_notebook_plays_a_film(lab: Lab, browser: Browser) -> None:
    with opened(browser, lab.address("01_first_film.ipynb")) as notebook:
        notebook.run_all()
        task = notebook.group("Task")
        expect(task.get_by_role("status")).to_have_text("Done", timeout=FILM)
        plays(notebook, task.get_by_label("Result"))
        expect(notebook.group("Kling studio")).to_have_count(1, timeout=START)
        expect(notebook.page.locator("img[class^=kw-still]:visible")).to_have_count(0)
        assert notebook.complaints == []
        assert notebook.hosts == {"127.0.0.1"}
    assert list((lab.folder / "kling_videos").glob("*.mp4"))


def test_run_all_of_the_effects_notebook_plays_its_films(lab: Lab, browser: Browser) -> None:
    with opened(browser, lab.address("02_effects.ipynb")) as notebook:
        notebook.run_all()
        films = notebook.page.get_by_label("Result")
        expect(films).to_have_count(2, timeout=2 * FILM)
        for n in range(2):
            plays(notebook, films.nth(n))
        assert notebook.complaints == []


def test_a_painted_rocket_rises_and_the_tower_stands(open_with: Open, lab: Lab) -> None:
    notebook = open_with(
        "import kling_widgets as kw\n"
        "studio = kw.Studio(kw.Client.local(journal='rocket.sqlite', videos='rocket'))\n"
        "studio",
        "print(studio.areas[0].mask.sum(), studio.static.sum(), len(studio.areas[0].path))",
    )
    notebook.run(0)
    studio = notebook.group("Kling studio")
    expect(studio).to_contain_text("Drop a photo, paste one, or choose a file", timeout=START)
    expect(studio.get_by_role("button", name="Generate")).to_be_disabled()
    studio.get_by_role("button", name="Rocket").click()
    canvas = studio.get_by_label("Drawing canvas")
    expect(canvas).to_be_visible()

    drag(notebook, canvas, (322, 140), (322, 395))
    studio.get_by_role("button", name="Path", exact=True).click()
    drag(notebook, canvas, (322, 260), (322, 100))
    studio.get_by_role("radio", name="Static area").click()
    studio.get_by_role("button", name="Brush", exact=True).click()
    drag(notebook, canvas, (460, 140), (460, 400))
    studio.get_by_role("textbox", name="Prompt").fill("The rocket lifts off")
    studio.get_by_role("button", name="Generate").click()
    task = notebook.group("Task")
    expect(task.get_by_role("status")).to_have_text("Done", timeout=FILM)
    plays(notebook, task.get_by_label("Result"))
    assert notebook.complaints == []
    assert notebook.hosts == {"127.0.0.1"}

    [film] = (lab.folder / "rocket").glob("*.mp4")
    first, *_, last = frames(film)
    foot, sky = first[300:380, 314:330], last[300:380, 314:330]
    assert difference(first[200:260, 316:328], last[41:101, 316:328]) < 12, "the body is not 160 px higher"
    assert difference(foot, sky) > 20, "the rocket still stands where it stood"
    assert sky.mean() < 90, "there is a hole where the rocket was"
    assert difference(first[140:400, 440:480], last[140:400, 440:480]) < 3, "the tower moved"

    notebook.run(1)
    expect(notebook.printed().last).to_have_text(re.compile(r"^\d{4,} \d{4,} \d+\s*$"))


def test_the_same_wish_is_the_same_film_until_another_take_is_asked_for(open_with: Open) -> None:
    notebook = open_with(
        "import kling_widgets as kw\n"
        "client = kw.Client.local(speed=50, journal='takes.sqlite', videos='takes')\n"
        "studio = kw.Studio(client, image='photos/coffee.png')\n"
        "studio.prompt = 'Steam rises'\n"
        "studio"
    )
    notebook.run(0)
    studio = notebook.group("Kling studio")
    status = notebook.group("Task").get_by_role("status")
    studio.get_by_role("button", name="Generate").click(timeout=START)
    expect(status).to_have_text("Done", timeout=FILM)
    studio.get_by_role("button", name="Generate").click()
    expect(studio).to_contain_text("nothing new was charged")
    studio.get_by_role("button", name="Make another take").click()
    takes = studio.get_by_role("group", name="Takes").get_by_role("button")
    expect(takes).to_have_count(2)
    expect(status).to_have_text("Done", timeout=FILM)
    takes.last.click()
    expect(takes.last).to_have_attribute("aria-pressed", "true")
    plays(notebook, notebook.group("Task").get_by_label("Result"))


def test_a_photo_comes_by_file_and_by_drop_and_what_is_no_photo_is_refused_in_words(open_with: Open) -> None:
    notebook = open_with("import kling_widgets as kw\nkw.Studio(kw.Client.local(videos='drop'))")
    notebook.run(0)
    studio = notebook.group("Kling studio")
    file = studio.locator("input[type=file]").first
    file.set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"only words"}, timeout=START)
    expect(studio.get_by_role("alert")).to_contain_text("image:")
    expect(studio.get_by_label("Drawing canvas")).to_have_count(0)

    hand_over(notebook, studio.locator(".kw-photo"), "drop", PHOTOS / "coffee.png")
    canvas = studio.get_by_label("Drawing canvas")
    expect(canvas).to_be_visible()
    expect(studio.get_by_role("alert")).to_have_count(0)

    # With something painted, another photo asks first.
    drag(notebook, canvas, (100, 100), (200, 150))
    file.set_input_files(PHOTOS / "astronaut.png")
    expect(studio.get_by_role("alert")).to_contain_text("takes the drawing away")
    studio.get_by_role("button", name="Replace the photo").click()
    expect(studio).to_contain_text("nothing painted yet")
    assert notebook.complaints == []


def test_a_model_without_the_brush_is_named_with_the_click_that_mends_it(open_with: Open) -> None:
    notebook = open_with(
        "import kling_widgets as kw, numpy as np\n"
        "studio = kw.Studio(kw.Client.local(), image='photos/coffee.png')\n"
        "mask = np.zeros((400, 600), bool); mask[100:200, 200:300] = True\n"
        "studio.set_area(1, mask=mask, path=[(250, 150), (400, 150)])\n"
        "studio.prompt = 'The cup slides to the right'\n"
        "studio"
    )
    notebook.run(0)
    studio = notebook.group("Kling studio")
    generate = studio.get_by_role("button", name="Generate")
    expect(generate).to_be_enabled(timeout=START)
    studio.get_by_role("combobox", name="Model").select_option("kling-v2-6")
    expect(studio).to_contain_text("does not take the motion brush")
    expect(generate).to_be_disabled()
    studio.get_by_role("button", name="Use kling-v1").click()
    expect(generate).to_be_enabled()
    expect(studio.get_by_role("combobox", name="Model")).to_have_value(re.compile("kling-v1"))


def test_a_photo_is_pasted_where_the_focus_is(open_with: Open) -> None:
    notebook = open_with("import kling_widgets as kw\nkw.Studio(kw.Client.local(videos='paste'))")
    notebook.run(0)
    photo = notebook.group("Photo")
    photo.click(position={"x": 20, "y": 20}, timeout=START)
    expect(photo).to_be_focused()
    hand_over(notebook, photo, "paste", PHOTOS / "rocket.jpg")
    expect(notebook.group("Kling studio").get_by_label("Drawing canvas")).to_be_visible()
    assert notebook.complaints == []
