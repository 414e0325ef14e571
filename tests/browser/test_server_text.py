"""What a service says, and what a person writes, is shown as text and never becomes HTML."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.notebook import START

# A client of the test's own: no service of ours says such things.
HOSTILE = """
import datetime, pathlib, kling_widgets as kw
from kling_widgets.journal import Journal
from kling_widgets.picture import Picture
from kling_widgets.task import ImageResult, Task
EVIL = '<img src=x onerror="window.pwned=1">'
now = datetime.datetime.now(datetime.UTC)
folder = pathlib.Path(EVIL)
folder.mkdir(exist_ok=True)
picture = folder / f'{EVIL}.png'
picture.write_bytes(pathlib.Path('photos/coffee.png').read_bytes())

class Hostile:
    offline, origin = False, EVIL
    def __init__(self):
        self.journal = Journal('hostile.sqlite', 'one', 'a test')
    async def watch(self, task, *, on_poll=None):
        on_poll(kw.APIError(5000, 500, EVIL, EVIL))
        yield task
        raise kw.APIError(1200, 400, EVIL, EVIL)
    async def images(self, task):
        return (Picture(picture, EVIL, 600, 400),)
    async def balance(self):
        raise kw.APIError(1200, 400, EVIL, EVIL)

client = Hostile()
def task(status, **more):
    return Task(EVIL + status, EVIL, 'image2video', status, EVIL, (), now, now, **more)
"""

STUDIO = """
photo = kw.ImageToVideo(image='photos/coffee.png', prompt=EVIL, model_name='kling-v1')
asked = photo.outline()
effect = {'effect_scene': EVIL, 'input': {'image': asked['image']}}
for kind, outline in {'image2video': asked, 'effects': effect}.items():
    client.journal.claim(kind, kind, outline, None, client.journal.sender())
    client.journal.saw(Task(EVIL + kind, kind, kind, 'failed', EVIL, (), now, now))
studio = kw.Studio(client, image='photos/coffee.png')
studio.prompt = EVIL
studio
"""


def test_what_the_service_says_is_shown_as_text(open_with: Open) -> None:
    """A task's reason, its id, an error, a title in the strip, and the name of a file."""
    notebook = open_with(
        HOSTILE,
        "kw.TaskView(client, task('failed'))",
        "kw.TaskView(client, task('processing'))",
        "kw.TaskView(client, task('succeed', images=(ImageResult(0, EVIL),)))",
        STUDIO,
        "raise kw.TaskFailed(task('failed'))",
    )
    notebook.run_all()
    evil = '<img src=x onerror="window.pwned=1">'
    failed, stuck, pictures = (notebook.group("Task", n) for n in range(3))
    expect(failed.get_by_role("alert")).to_contain_text(evil, timeout=START)
    expect(failed.locator("code")).to_have_text(f"{evil}failed")
    expect(stuck.get_by_role("alert")).to_contain_text(evil)
    expect(pictures.get_by_role("link")).to_have_attribute("download", f"{evil}.png")
    expect(pictures.get_by_role("img")).to_be_visible()

    takes = notebook.group("Takes").get_by_role("button")
    expect(takes).to_have_count(2)
    for n in range(2):
        expect(takes.nth(n)).to_contain_text(evil)
        takes.nth(n).click()
        expect(notebook.group("Task", 3).get_by_role("alert")).to_contain_text(evil)
    expect(notebook.page.locator(".jp-OutputArea-output").last).to_contain_text("TaskFailed")
    expect(notebook.page.locator("img[onerror]")).to_have_count(0)
    # A picture that is not to be had says so later; by the time that this one does, any other has.
    probe = "new Promise((said) => { const probe = new Image(); probe.onerror = said; probe.src = 'x'; })"
    notebook.page.evaluate(probe)
    assert notebook.page.evaluate("window.pwned") is None
