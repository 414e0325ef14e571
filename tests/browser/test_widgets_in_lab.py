"""The effect picker, the task view and the player, used by a person in a real JupyterLab."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.notebook import FILM, START


def test_an_effect_goes_from_the_picker_to_its_film(open_with: Open) -> None:
    notebook = open_with(
        "import kling_widgets as kw\n"
        "client = kw.Client.local(speed=50, journal='picker.sqlite')\n"
        "picker = kw.EffectPicker()\n"
        "picker",
        "view = kw.TaskView(client, await client.submit(picker.request()))\nview",
    )
    notebook.run(0)
    effects = notebook.group("Effects")
    expect(effects.get_by_role("option")).to_have_count(229, timeout=START)

    effects.get_by_role("searchbox", name="Search effects").fill("hgu pro")
    expect(effects.get_by_role("option").first).to_have_accessible_name("Hug Pro")
    effects.get_by_role("option", name="Hug Pro", exact=True).click()
    photos = Path(__file__).parents[2] / "notebooks/photos"
    effects.get_by_label("Left photo").set_input_files(photos / "astronaut.png")
    effects.get_by_label("Right photo").set_input_files(Path(__file__))
    expect(effects.get_by_role("alert")).to_contain_text("Right photo: ")
    effects.get_by_label("Right photo").set_input_files(photos / "coffee.png")
    expect(effects.get_by_role("img", name="Right photo")).to_be_visible()
    expect(effects.get_by_role("alert")).to_have_count(0)

    notebook.run(1)
    task = notebook.group("Task")
    expect(task.get_by_role("status")).to_have_text("Done", timeout=FILM)
    # In sight it plays once by itself.
    task.get_by_label("Result").scroll_into_view_if_needed()
    notebook.page.wait_for_function("document.querySelector('video').currentTime > 0.2")
    assert notebook.complaints == []
    assert notebook.hosts == {"127.0.0.1"}


def test_an_id_of_18_digits_keeps_every_digit_in_the_browser(open_with: Open) -> None:
    """More digits than JavaScript's numbers have, even where the service should send the id as a number."""
    notebook = open_with(
        "import kling_widgets as kw\n"
        "answer = {'task_id': 829836802793406551, 'task_status': 'failed', 'task_status_msg': 'No reason.',\n"
        "          'created_at': 1722769557708, 'updated_at': 1722769557708}\n"
        "kw.TaskView(kw.Client.local(), kw.Task.from_wire('image2video', answer))"
    )
    notebook.run(0)
    expect(notebook.group("Task").locator("code")).to_have_text("829836802793406551", timeout=START)


def test_the_cards_are_walked_and_chosen_with_the_keys(open_with: Open) -> None:
    notebook = open_with("import kling_widgets as kw\npicker = kw.EffectPicker()\npicker", "print(picker.scene)")
    notebook.run(0)
    effects, keys = notebook.group("Effects"), notebook.page.keyboard
    effects.get_by_role("searchbox").click(timeout=START)
    keys.press("ArrowDown")
    expect(effects.get_by_role("option", name="Flash Drive")).to_be_focused()
    keys.press("ArrowRight")
    expect(effects.get_by_role("option", name="Shush My Dreams")).to_be_focused()
    keys.press("End")
    expect(effects.get_by_role("option", name="Emoji")).to_be_focused()
    keys.press("Home")
    for letter in "bull":
        keys.press(letter)
    expect(effects.get_by_role("option", name="Bullet Time 360")).to_be_focused()
    keys.press("Enter")
    expect(effects.get_by_role("option", name="Bullet Time 360")).to_have_attribute("aria-selected", "true")
    # No key of these reached the notebook, where "b" and "l" are commands.
    expect(notebook.page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    notebook.run(1)
    expect(notebook.printed()).to_have_text(re.compile("bullet_time_360"))
    assert notebook.complaints == []


def test_a_service_that_goes_away_is_told_of_and_found_again(open_with: Open) -> None:
    notebook = open_with(
        "import kling_widgets as kw, pathlib\n"
        "from kling_widgets.emulator.serve import Emulator\n"
        "emulator = Emulator({'key': 's' * 32}, speed=4, data=pathlib.Path('kept')).start()\n"
        "client = kw.Client(kw.KeyPair('key', 's' * 32), base_url=emulator.url, poll=0.2)\n"
        "request = kw.VideoEffect(effect_scene='squish', image='photos/coffee.png')\n"
        "view = kw.TaskView(client, await client.submit(request))\n"
        "view",
        "emulator.stop()",
        "emulator.start(); None",
    )
    notebook.run(0)
    task = notebook.group("Task")
    expect(task.get_by_role("status")).to_have_text(re.compile("Submitted|Processing"), timeout=START)
    notebook.run(1)
    told = re.compile(r"No answer from 127\.0\.0\.1.* for \d+ s\. The task goes on there; trying again\.")
    expect(task).to_contain_text(told, timeout=20_000)
    notebook.run(2)
    expect(task.get_by_role("status")).to_have_text("Done", timeout=FILM)
    expect(task).not_to_contain_text("No answer")
    assert notebook.complaints == []


def test_a_film_that_the_browser_cannot_play_says_so_and_can_be_downloaded(open_with: Open) -> None:
    notebook = open_with(
        "import pathlib\n"
        "from kling_widgets.widgets.player import Player\n"
        "pathlib.Path('odd.mp4').write_bytes(b'no film at all')\n"
        "Player('odd.mp4')"
    )
    notebook.run(0)
    expect(notebook.page.locator(".kw").get_by_role("alert")).to_contain_text("cannot play the film", timeout=START)
    with notebook.page.expect_download() as download:
        notebook.page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == b"no film at all"


def test_the_notebook_can_be_saved_while_a_widget_has_the_focus(open_with: Open) -> None:
    notebook = open_with("import kling_widgets as kw\nkw.EffectPicker()")
    notebook.run(0)
    notebook.group("Effects").get_by_role("searchbox").click(timeout=START)
    notebook.page.keyboard.press("ControlOrMeta+s")
    expect(notebook.page.get_by_text("Saving completed")).to_be_visible()


def test_spending_takes_two_clicks_and_the_second_names_the_price(open_with: Open) -> None:
    notebook = open_with(
        "import kling_widgets as kw\n"
        "from kling_widgets.emulator.serve import Emulator\n"
        "emulator = Emulator({'key': 's' * 32}, speed=50, units=50).start()\n"
        "client = kw.Client(kw.KeyPair('key', 's' * 32), base_url=emulator.url, poll=0.2, videos='paid')\n"
        "studio = kw.Studio(client, image='photos/coffee.png')\n"
        "studio.prompt = 'Steam rises'\n"
        "studio",
        "print(len([task async for task in client.tasks()]))",
    )
    notebook.run(0)
    studio = notebook.group("Kling studio")
    # A pack of each type, for films and for pictures.
    expect(studio).to_contain_text("1.5 units, about $0.21, balance 100", timeout=START)
    studio.get_by_role("button", name="Generate").click()
    spend = studio.get_by_role("button", name="Spend 1.5 units")
    expect(spend).to_be_visible()
    notebook.run(1)
    expect(notebook.printed().last).to_have_text("0\n")
    # Armed for five seconds, and no longer.
    expect(spend).to_have_count(0, timeout=8_000)
    studio.get_by_role("button", name="Generate").click()
    spend.click()
    expect(notebook.group("Task").get_by_role("status")).to_have_text("Done", timeout=FILM)
    expect(studio).to_contain_text("balance 98.5")
    notebook.run(1)
    expect(notebook.printed().last).to_have_text("1\n")
