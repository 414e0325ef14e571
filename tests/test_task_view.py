"""A task followed beside the cells, with a client whose service is a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from kling_widgets.errors import ConnectionFailed, KlingError, NotAuthorized, ServerError, TaskFailed
from kling_widgets.picture import Picture
from kling_widgets.task import ImageResult, Task
from kling_widgets.video import Video
from kling_widgets.widgets.task_view import TaskView
from tests.asking import Refused, ask

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SUBMITTED = Task("827", "kw-1", "image2video", "submitted", "", (), NOON, NOON)
PROCESSING = replace(SUBMITTED, status="processing")
SUCCEEDED = replace(SUBMITTED, status="succeed", units=3.5, updated_at=NOON.replace(minute=2))
FAILED = replace(SUBMITTED, status="failed", message="Failure to pass the risk control system")
NO_ANSWER = ConnectionFailed("No answer.")

# What a look at the task brings: its state, a passing error, a good answer without news, or an error that ends it.
Look = Task | KlingError | None


class Script:
    """A client whose every look and film the test hands over, one at a time."""

    offline = False
    origin = "api.test"

    def __init__(self) -> None:
        self.looks: asyncio.Queue[Look] = asyncio.Queue()
        self.films: asyncio.Queue[Video | KlingError] = asyncio.Queue()
        self.pictures: tuple[Picture, ...] = ()
        self.watches = 0

    async def watch(
        self, task: Task, *, on_poll: Callable[[KlingError | None], None] | None = None
    ) -> AsyncIterator[Task]:
        self.watches += 1
        yield task
        while not task.ended:
            look = await self.looks.get()
            if isinstance(look, KlingError) and not look.transient:
                raise look
            if on_poll:
                on_poll(look if isinstance(look, KlingError) else None)
            if isinstance(look, Task):
                task = look
                yield task

    async def images(self, task: Task) -> tuple[Picture, ...]:
        return self.pictures

    async def video(self, task: Task) -> Video:
        film = await self.films.get()
        if isinstance(film, KlingError):
            raise film
        return film


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def film(tmp_path: Path) -> Video:
    path = tmp_path / "boat.mp4"
    path.write_bytes(b"film")
    return Video(path, "https://api.test/boat.mp4", 5.0, 1280, 720)


async def settled() -> None:
    """All that can run has run; nothing here waits for time."""
    for _ in range(20):
        await asyncio.sleep(0)


def stop(view: TaskView) -> None:
    run = view._follower._run
    assert run is not None
    run.cancel()


def shown(view: TaskView, *names: str) -> dict[str, Any]:
    return {name: view._task_state[name] for name in names}


async def test_it_shows_each_state_and_ends_with_the_film(film: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Script()
    view = TaskView(client, SUBMITTED)
    await settled()
    assert shown(view, "id", "status", "created", "units", "film", "watching", "origin", "offline") == {
        "id": "827",
        "status": "submitted",
        "created": 1795262400000,
        "units": None,
        "film": "none",
        "watching": True,
        "origin": "api.test",
        "offline": False,
    }

    client.looks.put_nowait(PROCESSING)
    await settled()
    assert view._task_state["status"] == "processing"

    client.looks.put_nowait(SUCCEEDED)
    await settled()
    assert shown(view, "status", "film", "units") == {"status": "succeed", "film": "fetching", "units": 3.5}
    with pytest.raises(Refused, match="no film here yet"):
        ask(monkeypatch, view, "film.bytes", {"film": "827"})

    client.films.put_nowait(film)
    assert await view.done() is film
    await settled()
    assert shown(view, "film", "watching", "trouble") == {"film": "ready", "watching": False, "trouble": ""}
    assert ask(monkeypatch, view, "film.bytes", {"film": "827"}) == (
        {"name": "boat.mp4", "path": str(film.path)},
        b"film",
    )
    assert view.task is SUCCEEDED


async def test_a_task_that_was_found_stays_found_whatever_is_seen_of_it_later(film: Video) -> None:
    """Only the submission knows it; what the polls bring says nothing of it."""
    client = Script()
    view = TaskView(client, replace(SUBMITTED, found=True))
    seen = []
    for look in (PROCESSING, SUCCEEDED):
        client.looks.put_nowait(look)
        await settled()
        seen.append((view.task, view.task.found, shown(view, "status", "found")))
    client.films.put_nowait(film)
    assert await view.done() is film
    assert seen == [
        (PROCESSING, True, {"status": "processing", "found": True}),
        (SUCCEEDED, True, {"status": "succeed", "found": True}),
    ]
    assert shown(view, "film", "found") == {"film": "ready", "found": True}


async def test_a_task_that_was_made_just_now_says_nothing_of_before() -> None:
    view = TaskView(Script(), SUBMITTED)
    await settled()
    assert shown(view, "found") == {"found": False}
    stop(view)


async def test_a_failed_task_shows_the_reason_and_raises(film: Video) -> None:
    client = Script()
    view = TaskView(client, PROCESSING)
    client.looks.put_nowait(FAILED)
    with pytest.raises(TaskFailed, match="risk control"):
        await view.done()
    assert shown(view, "status", "message", "reason", "watching") == {
        "status": "failed",
        "message": "Failure to pass the risk control system",
        "reason": FAILED.reason,
        "watching": False,
    }
    assert "content check" in FAILED.reason
    # It stays failed, however often one asks.
    with pytest.raises(TaskFailed):
        await view.done()
    assert client.watches == 1


async def test_pictures_are_shown_instead_of_a_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Script()
    PIL.Image.new("RGB", (1600, 900), "red").save(tmp_path / "a.png")
    client.pictures = (Picture(tmp_path / "a.png", "u", 1600, 900), Picture(tmp_path / "gone.png", "u", 1, 1))
    painted = replace(SUCCEEDED, kind="images/generations", images=(ImageResult(0, "u"), ImageResult(1, "u")))
    view = TaskView(client, PROCESSING)
    await settled()
    with pytest.raises(Refused, match="no such picture here yet"):
        ask(monkeypatch, view, "task.picture", {"n": 0})

    client.looks.put_nowait(painted)
    assert await view.done() == client.pictures
    assert shown(view, "film", "pictures", "watching") == {"film": "ready", "pictures": 2, "watching": False}
    about = {"name": "a.png", "path": str(tmp_path / "a.png")}
    assert ask(monkeypatch, view, "task.picture", {"n": 0}) == (about, (tmp_path / "a.png").read_bytes())
    for n in (2, -1, "0", None):
        with pytest.raises(Refused, match="no such picture"):
            ask(monkeypatch, view, "task.picture", {"n": n})
    with pytest.raises(Refused, match="moved or deleted"):
        ask(monkeypatch, view, "task.picture", {"n": 1})
    assert view._picture().size == (640, 360)


async def test_silence_is_told_with_its_beginning_until_the_next_answer() -> None:
    client = Script()
    view = TaskView(client, PROCESSING)
    client.looks.put_nowait(None)
    await settled()
    began = view._follower._contact
    for error in (NO_ANSWER, NO_ANSWER):
        client.looks.put_nowait(error)
    await settled()
    assert view._task_state["lost"] == {"since": round(began * 1000), "why": ""}
    assert view._task_state["watching"]

    client.looks.put_nowait(ServerError(5000, 500, "internal error"))
    await settled()
    assert view._task_state["lost"] == {"since": round(began * 1000), "why": "internal error (code 5000)"}

    client.looks.put_nowait(None)
    await settled()
    assert view._task_state["lost"] is None
    assert view._follower._contact >= began
    stop(view)


async def test_what_ends_the_watch_is_told_and_a_retry_goes_on(film: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Script()
    view = TaskView(client, PROCESSING)
    client.looks.put_nowait(NotAuthorized(1003, 401, "token not yet valid"))
    await settled()
    assert shown(view, "status", "watching") == {"status": "processing", "watching": False}
    assert "token not yet valid" in view._task_state["trouble"]

    ask(monkeypatch, view, "task.retry")
    await settled()
    assert shown(view, "trouble", "watching") == {"trouble": "", "watching": True}

    client.looks.put_nowait(SUCCEEDED)
    client.films.put_nowait(film)
    assert await view.done() is film


async def test_a_film_that_cannot_be_fetched_can_be_fetched_again(film: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Script()
    view = TaskView(client, SUCCEEDED)
    client.films.put_nowait(NO_ANSWER)
    with pytest.raises(ConnectionFailed):
        await view.done()
    assert shown(view, "film", "trouble", "watching") == {
        "film": "fetching",
        "trouble": "No answer.",
        "watching": False,
    }

    ask(monkeypatch, view, "task.retry")
    client.films.put_nowait(film)
    assert await view.done() is film
    # A task that has ended is asked for no more.
    assert client.watches == 0


async def test_two_who_wait_share_one_watch(film: Video) -> None:
    client = Script()
    view = TaskView(client, PROCESSING)
    first, second = asyncio.create_task(view.done()), asyncio.create_task(view.done())
    await settled()
    first.cancel()
    client.looks.put_nowait(SUCCEEDED)
    client.films.put_nowait(film)
    assert await second is film
    assert client.watches == 1


def test_without_a_notebook_it_shows_what_it_was_given_until_someone_waits(
    film: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def made() -> Script:
        return Script()

    client = asyncio.run(made())
    view = TaskView(client, PROCESSING)
    assert shown(view, "status", "watching") == {"status": "processing", "watching": False}
    with pytest.raises(Refused, match="outside a notebook"):
        ask(monkeypatch, view, "task.retry")

    async def wait() -> Video:
        client.looks.put_nowait(SUCCEEDED)
        client.films.put_nowait(film)
        return await view.done()

    assert asyncio.run(wait()) is film


async def test_the_state_is_small_json_and_the_clock_is_the_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    view = TaskView(Script(), PROCESSING)
    await settled()
    assert len(str(view._task_state)) < 500
    body, _ = ask(monkeypatch, view, "task.open")
    assert body["now"] == pytest.approx(datetime.now(UTC).timestamp() * 1000, abs=5000)
    stop(view)
