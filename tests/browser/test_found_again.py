"""Nothing is bought twice: the kernel is restarted or killed, the notebook closed and opened again, in a real Lab."""

from __future__ import annotations

import os
import re
import signal

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open
from tests.browser.lab import Lab
from tests.browser.notebook import FILM, START, opened
from tests.browser.test_first_film import plays

UNDER_WAY = "Already under way, found again. Asked for on "
MADE = re.compile(r"Already made, found again\. Finished on \d{1,2} \w+, \d\d:\d\d\.")


def test_a_kernel_that_is_killed_and_one_that_is_restarted_find_their_film_again(open_with: Open, lab: Lab) -> None:
    """One task in the emulator's list, whatever became of the kernel; and each time it is said calmly."""
    notebook = open_with(
        "import os, pathlib, kling_widgets as kw\n"
        "pathlib.Path('killed.pid').write_text(str(os.getpid()))\n"
        "client = kw.Client.local(speed=2, journal='killed.sqlite', videos='killed')\n"
        "request = kw.ImageToVideo(image='photos/coffee.png', prompt='Steam rises', model_name='kling-v1')\n"
        "view = kw.TaskView(client, await client.submit(request))\n"
        "view",
        "print(len([task async for task in client.tasks()]), 'task')",
    )
    notebook.run_all()
    task = notebook.group("Task")
    status = task.get_by_role("status")
    expect(status).to_have_text(re.compile("Submitted|Processing"), timeout=START)
    expect(task).not_to_contain_text("Already")

    os.kill(int((lab.folder / "killed.pid").read_text()), signal.SIGKILL)
    notebook.page.get_by_role("button", name="Ok", exact=True).click(timeout=START)
    notebook.run_all()
    expect(task).to_contain_text(UNDER_WAY, timeout=START)
    expect(task.get_by_role("alert")).to_have_count(0)
    expect(status).to_have_text("Done", timeout=FILM)
    expect(task).to_contain_text(MADE)
    plays(notebook, task.get_by_label("Result"))
    expect(notebook.printed()).to_have_text("1 task\n")

    notebook.restart_and_run_all()
    expect(notebook.printed()).to_have_count(0, timeout=START)
    expect(notebook.printed()).to_have_text("1 task\n", timeout=START)
    expect(task).to_contain_text(MADE)
    plays(notebook, task.get_by_label("Result"))
    assert len([*(lab.folder / "killed").glob("*.mp4")]) == 1
    assert notebook.complaints == []


def test_a_studio_that_is_opened_again_has_its_take_in_the_strip(lab: Lab, browser: Browser) -> None:
    """After a night without a kernel; the film plays from the disk, and another take is another one."""
    address = lab.write(
        "studio.ipynb",
        "import kling_widgets as kw\n"
        "client = kw.Client.local(speed=50, journal='studio.sqlite', videos='studio')\n"
        "studio = kw.Studio(client, image='photos/coffee.png')\n"
        "studio.prompt = 'Steam rises'\n"
        "studio",
        "print(len([task async for task in client.tasks()]), 'in all')",
    )
    with opened(browser, address) as notebook:
        notebook.run(0)
        studio = notebook.group("Kling studio")
        studio.get_by_role("button", name="Generate").click(timeout=START)
        expect(notebook.group("Task").get_by_role("status")).to_have_text("Done", timeout=FILM)
        expect(studio.get_by_role("group", name="Takes")).to_have_count(0)
        notebook.save()
        notebook.shut_down()
    [film] = (lab.folder / "studio").glob("*.mp4")
    written = film.stat().st_mtime_ns

    with opened(browser, address) as notebook:
        notebook.run_all()
        studio = notebook.group("Kling studio")
        take = studio.get_by_role("group", name="Takes").get_by_role("button")
        expect(take).to_have_text(re.compile(r"^Steam rises\d{1,2} \w+, \d\d:\d\d · Done · \d:\d\d$"), timeout=START)
        expect(studio).to_contain_text("1 take of this photo, found again from before")
        expect(notebook.group("Task")).to_have_count(0)
        take.click()
        expect(notebook.group("Task")).to_contain_text(MADE)
        plays(notebook, notebook.group("Task").get_by_label("Result"))
        expect(notebook.printed()).to_have_text("1 in all\n")
        assert film.stat().st_mtime_ns == written

        studio.get_by_role("button", name="Generate").click()
        expect(studio).to_contain_text("nothing new was charged")
        studio.get_by_role("button", name="Make another take").click()
        expect(take).to_have_count(2)
        expect(take.first).to_have_text(re.compile(r"^Steam risesTake 2 · "))
        notebook.run(1)
        expect(notebook.printed().last).to_have_text("2 in all\n")
        # Lab's own, of a saved widget whose kernel is gone.
        assert [said for said in notebook.complaints if "widget model not found" not in said] == []
