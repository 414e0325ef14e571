"""No key and no token in anything that is left behind: a real notebook, saved by JupyterLab with its widgets' state."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kling_widgets.emulator.serve import Emulator
from tests.browser.conftest import Open
from tests.browser.lab import Lab
from tests.browser.notebook import FILM, START
from tests.browser.test_first_film import plays

ACCESS = "AKq7ZpT2vN9xLw4RbY6cHd8mKf"
SECRET = "SKj3Xe5WgU1oQs0DaVn7PzLt2B"
WRONG = "SKw9Rr8MmC6yEh4FiGk0TxJb5Z"
TOKEN = re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}")

SETTINGS = """\
import os, pathlib
for line in pathlib.Path('keys.env').read_text().split():
    name, _, value = line.partition('=')
    os.environ[name] = value"""

CLIENTS = """\
import kling_widgets as kw
client = kw.Client.from_env(journal='secrets.sqlite', videos='secrets', poll=0.2)
keys = kw.KeyPair(os.environ['KLING_ACCESS_KEY'], os.environ['KLING_SECRET_KEY'])
wrong = kw.Client(kw.KeyPair(os.environ['KLING_ACCESS_KEY'], os.environ.pop('WRONG_KEY')),
                  base_url=os.environ['KLING_BASE_URL'], journal='secrets.sqlite')
studio = kw.Studio(client, image='photos/coffee.png')
studio.prompt = 'Steam rises'
studio"""

WORK = """\
view = kw.TaskView(client, await client.submit(studio.request(), take=2))
display(view)
video = await view.done()
video"""

# Verbose tracebacks show every name in every frame.
FAILURES = """\
%xmode Verbose
async def told(call):
    try:
        await call
    except kw.KlingError:
        get_ipython().showtraceback()
await told(wrong.balance())
await told(client.task('827', 'effects'))
try:
    kw.Client(keys._secret.reveal())
except TypeError:
    get_ipython().showtraceback()"""

SHOWN = """\
things = client, keys, wrong, client._wire, client.journal, studio, view, video, studio.tasks, await client.balance()
for thing in things:
    print(repr(thing), [f'{name}={value!r}' for name, value in getattr(thing, '__dict__', {}).items()
                        if name != '_trait_values'])
print({name: value for name, value in studio.get_state().items() if name not in ('_esm', '_css', '_effects_table')})"""


def written(home: Path) -> Iterator[tuple[Path, bytes]]:
    """All that Lab, its kernels and the client have left: notebooks, journals, sidecars, films, logs, history."""
    for path in sorted(home.rglob("*")):
        # The first is the user's own; the keys of an emulator inside a kernel open nothing else.
        if path.is_file() and path.name != "keys.env" and not path.parent.name.endswith(".emulator"):
            yield path, path.read_bytes()


def test_no_key_and_no_token_is_in_what_a_notebook_leaves_behind(
    open_with: Open, lab: Lab, request: pytest.FixtureRequest
) -> None:
    """With real keys in the kernel, a film from the studio, errors with verbose tracebacks, and the widgets' state."""
    with Emulator({ACCESS: SECRET}, speed=50) as emulator:
        settings = {"ACCESS_KEY": ACCESS, "SECRET_KEY": SECRET, "BASE_URL": emulator.url}
        lines = [f"KLING_{name}={value}" for name, value in settings.items()]
        (lab.folder / "keys.env").write_text("\n".join([*lines, f"WRONG_KEY={WRONG}"]))
        notebook = open_with(SETTINGS, CLIENTS, WORK, FAILURES, SHOWN)
        notebook.choose("Settings", "@jupyter-widgets/jupyterlab-manager:saveWidgetState")
        notebook.run_all()

        studio = notebook.group("Kling studio")
        # The price comes when the cells have ended; after the first click it would disarm the button.
        expect(studio).to_contain_text("1.5 units, about $0.21", timeout=FILM)
        studio.get_by_role("button", name="Generate").click()
        studio.get_by_role("button", name="Spend 1.5 units").click()
        for n in (0, 1):
            expect(notebook.group("Task", n).get_by_role("status")).to_have_text("Done", timeout=FILM)
        plays(notebook, notebook.group("Task", 1).get_by_label("Result"))
        errors = notebook.page.locator(".jp-OutputArea-output")
        expect(errors.filter(has_text="NotAuthorized")).to_have_count(1, timeout=FILM)
        expect(errors.filter(has_text="Rejected")).to_have_count(1)
        expect(errors.filter(has_text="KeyPair(•••, •••)")).not_to_have_count(0)
        expect(notebook.printed().last).to_contain_text("_takes", timeout=START)
        notebook.save()
        notebook.choose("Settings", "@jupyter-widgets/jupyterlab-manager:saveWidgetState")

    files = dict(written(lab.home))
    # The state of the widgets is there, and so is all the rest that could give a key away.
    page = json.loads(files[lab.folder / f"{request.node.name}.ipynb"])
    [saved] = page["metadata"]["widgets"].values()
    assert any("_takes" in model["state"] for model in saved["state"].values())
    assert {path.name for path in files} >= {"secrets.sqlite", "lab.log"}
    assert {path.suffix for path in files if path.parent.name == "secrets"} >= {".json", ".mp4"}

    kept = [ACCESS, SECRET, WRONG]
    needles = [word.encode() for word in kept] + [b64encode(word.encode()).rstrip(b"=")[:-1] for word in kept]
    found = [
        (str(path.relative_to(lab.home)), needle)
        for path, data in files.items()
        for needle in [*(n for n in needles if n in data), *TOKEN.findall(data)]
    ]
    assert found == []
