"""The studio's Python half, asked as its front end asks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kling_widgets import ImageToVideo, InvalidRequest, Studio, Task, Video, VideoEffect
from kling_widgets.balance import Balance, Pack
from kling_widgets.errors import TaskFailed
from kling_widgets.journal import Entry, Journal
from kling_widgets.request import Request
from tests.asking import Refused, ask

PHOTOS = Path(__file__).parents[1] / "notebooks/photos"


class OneClient:
    """Makes a task of each request and take once, and its film at once."""

    origin = "a test"

    def __init__(self, offline: bool = True) -> None:
        self.offline = offline
        self.made: dict[str, Task] = {}

    async def submit(self, request: Request, take: int = 1) -> Task:
        key = request.key(take)
        now = datetime(2026, 11, 21, tzinfo=UTC)
        fresh = Task(
            id=f"{len(self.made) + 1:018}", external_id=key, kind=request.kind, status="submitted", message="",
            videos=(), created_at=now, updated_at=now, units=None,
        )  # fmt: skip
        return self.made.setdefault(key, fresh)

    async def watch(self, task: Task, *, on_poll: Any = None) -> AsyncIterator[Task]:
        yield task
        yield replace(task, status="succeed")

    async def video(self, task: Task) -> Video:
        return Video(Path(f"{task.id}.mp4"), "", 5.0, 1080, 720)


class KeepingClient(OneClient):
    """The same with a journal, as ours: each is a kernel of its own over the same file."""

    def __init__(self, path: Path, ends: str = "succeed") -> None:
        super().__init__()
        self.journal = Journal(path, "one account", self.origin)
        self.ends = ends
        self.submitted: list[int] = []
        self.fetched: list[str] = []

    async def submit(self, request: Request, take: int = 1) -> Task:
        key = request.key(take)
        entry, _, mine = self.journal.claim(key, request.kind, request.outline(), None, self.journal.sender())
        if not mine:
            assert entry.task is not None
            return replace(entry.task, found=True)
        self.submitted.append(take)
        now = datetime(2026, 11, 21, 12, take, tzinfo=UTC)
        task = Task(f"{request.kind} {take}", key, request.kind, "submitted", "", (), now, now)
        self.journal.saw(task)
        return task

    async def watch(self, task: Task, *, on_poll: Any = None) -> AsyncIterator[Task]:
        yield task
        ended = replace(task, status=self.ends, message="Too dark." if self.ends == "failed" else "")
        self.journal.saw(ended)
        yield ended

    async def video(self, task: Task) -> Video:
        self.fetched.append(task.id)
        return await super().video(task)


@pytest.fixture
def studio() -> Studio:
    return Studio(OneClient(), image=PHOTOS / "coffee.png")  # type: ignore[arg-type]


def painted(studio: Studio) -> None:
    mask = np.zeros((400, 600), bool)
    mask[100:200, 200:300] = True
    studio.set_area(1, mask=mask, path=[(250, 150), (400, 150)])


def steam(client: OneClient) -> Studio:
    """A studio on the coffee, with the same wish each time."""
    studio = Studio(client, image=PHOTOS / "coffee.png")  # type: ignore[arg-type]
    studio.prompt = "Steam rises"
    return studio


def strip(studio: Studio, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(take[name] for name in names) for take in studio._takes]


def generate(monkeypatch: pytest.MonkeyPatch, studio: Studio, **body: bool) -> dict[str, Any]:
    """Presses Generate and waits until everything that it began has ended."""
    answers: list[dict[str, Any]] = []
    monkeypatch.setattr(studio, "send", lambda message, buffers=(): answers.append(message))

    async def press() -> None:
        studio._hear(None, {"ask": "studio.generate", "id": 1, "body": body}, [])
        await asyncio.gather(*studio._running)
        for take in studio._takes_all.shown:
            with contextlib.suppress(TaskFailed):
                await take.follower.done()

    asyncio.run(press())
    answer: dict[str, Any] = answers[-1]
    return answer


@pytest.mark.parametrize(("offline", "left"), [(True, None), (False, 96.5)])
def test_the_balance_is_told_where_something_is_paid(
    monkeypatch: pytest.MonkeyPatch, offline: bool, left: float | None
) -> None:
    client = OneClient(offline)
    day = datetime(2026, 11, 21, tzinfo=UTC)
    packs = tuple(
        Pack(status, "id", "decreasing_total", 100, 96.5, day, day, day, status) for status in ("online", "expired")
    )

    async def balance() -> Balance:
        return Balance(packs, day)

    monkeypatch.setattr(client, "balance", balance, raising=False)
    studio = Studio(client, image=PHOTOS / "coffee.png")  # type: ignore[arg-type]
    answers: list[dict[str, Any]] = []
    monkeypatch.setattr(studio, "send", lambda message, buffers=(): answers.append(message))

    async def look() -> None:
        studio._hear(None, {"ask": "studio.balance", "id": 1, "body": {}}, [])
        await asyncio.gather(*studio._running)

    asyncio.run(look())
    assert answers[-1]["body"] == {"units": left}


def test_what_is_chosen_on_the_surface_is_the_request(studio: Studio) -> None:
    painted(studio)
    studio.prompt, studio.model_name, studio.mode, studio.duration = "The cup slides", "kling-v1-5", "pro", 5
    request = studio.request()
    assert isinstance(request, ImageToVideo)
    body = request.payload()
    assert (body["prompt"], body["model_name"], body["mode"]) == ("The cup slides", "kling-v1-5", "pro")
    [group] = body["dynamic_masks"]
    assert group["trajectories"] == [{"x": 250, "y": 250}, {"x": 400, "y": 250}]


def test_on_the_effects_tab_the_request_is_the_effect_on_the_same_photo(studio: Studio) -> None:
    studio.tab, studio.scene = "effects", "jelly_jiggle"
    request = studio.request()
    assert isinstance(request, VideoEffect)
    assert request.payload()["effect_scene"] == "jelly_jiggle"


def test_the_quote_names_the_price(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.prompt, studio.model_name, studio.mode = "Steam rises", "kling-v1-5", "pro"
    quote, _ = ask(monkeypatch, studio, "studio.quote")
    assert quote == {"units": 3.5, "usd": 0.49, "problems": [], "remedy": None, "warnings": []}


def test_the_quote_names_what_is_wrong_and_the_nearest_choice_that_is_right(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted(studio)
    studio.prompt, studio.model_name = "The cup slides", "kling-v2-6"
    quote, _ = ask(monkeypatch, studio, "studio.quote")
    assert "does not take the motion brush" in quote["problems"][0]["message"]
    assert quote["remedy"]["model"].startswith("kling-v1")
    remedy = quote["remedy"]
    studio.model_name, studio.mode, studio.duration = remedy["model"], remedy["mode"], remedy["duration"]
    assert ask(monkeypatch, studio, "studio.quote")[0]["problems"] == []


def test_a_retired_model_is_warned_about_where_it_costs_and_not_on_the_emulator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for offline, warned in ((True, 0), (False, 1)):
        studio = Studio(OneClient(offline), image=PHOTOS / "coffee.png")  # type: ignore[arg-type]
        studio.prompt, studio.model_name = "Steam rises", "kling-v1"
        quote, _ = ask(monkeypatch, studio, "studio.quote")
        assert len(quote["warnings"]) == warned


def test_generate_makes_a_take_and_the_same_wish_finds_it_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.prompt = "Steam rises"
    assert generate(monkeypatch, studio)["body"] == {"made": True}
    assert generate(monkeypatch, studio)["body"] == {"made": False}
    assert len(studio.tasks) == 1
    assert generate(monkeypatch, studio, another=True)["body"] == {"made": True}
    assert [take["title"] for take in studio._takes] == ["Steam rises", "Steam rises"]
    assert studio._task_state["film"] == "ready"
    assert studio._film_file(studio.tasks[0].id) == Path(f"{studio.tasks[0].id}.mp4")


def test_after_another_take_the_plain_wish_finds_the_newest(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.prompt = "Steam rises"
    generate(monkeypatch, studio)
    generate(monkeypatch, studio, another=True)
    assert generate(monkeypatch, studio)["body"] == {"made": False}
    assert len(studio.tasks) == 2


def test_what_cannot_be_asked_is_refused_before_anything_is_sent(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = generate(monkeypatch, studio)
    assert answer["ok"] is False
    assert "prompt" in answer["error"]["message"]
    assert studio.tasks == ()


def test_an_empty_studio_asks_for_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(OneClient())  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match="no photo"):
        studio.request()
    body, thumbnails = ask(monkeypatch, studio, "studio.samples")
    assert [sample["title"] for sample in body["samples"]] == ["Rocket", "Coffee", "Cat", "Portrait"]
    assert sum(sample["size"] for sample in body["samples"]) == len(thumbnails)
    ask(monkeypatch, studio, "studio.sample", {"name": "rocket.jpg"})
    assert studio.drawing.image.original == (640, 427)


def test_only_our_own_samples_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(OneClient())  # type: ignore[arg-type]
    with pytest.raises(Refused, match="no such sample"):
        ask(monkeypatch, studio, "studio.sample", {"name": "../../pyproject.toml"})


def test_a_dropped_file_that_is_no_photo_is_refused_and_what_was_there_stays(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="image"):
        ask(monkeypatch, studio, "studio.photo", {"upload": "1", "part": 0, "parts": 1}, b"only words")
    assert studio.drawing.image.original == (600, 400)


def test_without_keys_it_runs_on_the_emulator_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    studio = Studio()
    try:
        account, _ = ask(monkeypatch, studio, "studio.open")
        assert account["offline"] is True
        assert "No key is set" in account["note"]
    finally:
        asyncio.run(studio.client.aclose())


def test_with_keys_it_uses_them_and_no_secret_leaves_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLING_ACCESS_KEY", "the-access-key")
    monkeypatch.setenv("KLING_SECRET_KEY", "the-secret-key-that-nobody-may-see")
    studio = Studio()
    account, _ = ask(monkeypatch, studio, "studio.open")
    assert account["offline"] is False
    assert studio.model_name == "kling-v2-5-turbo"
    assert "the-secret" not in repr((studio.get_state(), account, studio, studio.client))


def test_a_new_kernel_finds_the_takes_of_the_photo_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the strip, newest first; nothing is fetched and nothing shown below until one is wanted."""
    before = steam(KeepingClient(tmp_path / "j.sqlite"))
    generate(monkeypatch, before)
    generate(monkeypatch, before, another=True)

    client = KeepingClient(tmp_path / "j.sqlite")
    studio = steam(client)
    assert strip(studio, "title", "id", "status", "found") == [
        ("Steam rises", "image2video 2", "succeed", True),
        ("Steam rises", "image2video 1", "succeed", True),
    ]
    assert (studio._takes_before, studio._takes_trouble) == ("2 takes of this photo, found again from before", "")
    assert (studio._task_state, client.fetched) == ({}, [])

    async def choose() -> None:
        studio._hear(None, {"ask": "takes.choose", "id": 1, "body": {"id": "image2video 1"}}, [])
        for _ in range(20):  # all that can run has run
            await asyncio.sleep(0)

    asyncio.run(choose())
    assert (client.submitted, client.fetched) == ([], ["image2video 1"])
    assert {name: studio._task_state[name] for name in ("id", "film", "found")} == {
        "id": "image2video 1",
        "film": "ready",
        "found": True,
    }
    assert studio._film_file("image2video 1") == Path("image2video 1.mp4")


def test_another_take_after_a_restart_is_the_next_that_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the plain wish is the newest that there is."""
    before = steam(KeepingClient(tmp_path / "j.sqlite"))
    generate(monkeypatch, before)
    generate(monkeypatch, before, another=True)

    client = KeepingClient(tmp_path / "j.sqlite")
    studio = steam(client)
    assert generate(monkeypatch, studio)["body"] == {"made": False}
    assert studio._takes_chosen == "image2video 2"
    assert generate(monkeypatch, studio, another=True)["body"] == {"made": True}
    assert client.submitted == [3]
    assert strip(studio, "id", "found") == [("image2video 3", False), ("image2video 2", True), ("image2video 1", True)]


def test_what_was_asked_for_elsewhere_since_is_found_by_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another kernel made it while this studio was open."""
    studio = steam(KeepingClient(tmp_path / "j.sqlite"))
    generate(monkeypatch, steam(KeepingClient(tmp_path / "j.sqlite")))
    assert studio._takes == []
    assert generate(monkeypatch, studio)["body"] == {"made": False}
    assert strip(studio, "id", "found") == [("image2video 1", True)]


def test_what_was_still_under_way_is_shown_and_watched_on(tmp_path: Path) -> None:
    """The kernel ended in the middle; the newest is the one somebody waits for."""
    lost = KeepingClient(tmp_path / "j.sqlite")
    asyncio.run(lost.submit(steam(lost).request()))
    without_a_loop = steam(KeepingClient(tmp_path / "j.sqlite"))
    assert {name: without_a_loop._task_state[name] for name in ("id", "status", "found")} == {
        "id": "image2video 1",
        "status": "submitted",
        "found": True,
    }

    async def reopen() -> Studio:
        studio = steam(KeepingClient(tmp_path / "j.sqlite"))
        await asyncio.gather(*studio._running)
        take = studio._takes_in_hand
        assert take is not None
        await take.follower.done()
        return studio

    studio = asyncio.run(reopen())
    assert strip(studio, "id", "status", "found") == [("image2video 1", "succeed", True)]
    assert (studio._task_state["film"], studio._task_state["found"]) == ("ready", True)
    assert studio._takes_before == "1 take of this photo, found again from before"


def test_a_failed_take_keeps_its_place_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(monkeypatch, steam(KeepingClient(tmp_path / "j.sqlite", ends="failed")))
    studio = steam(KeepingClient(tmp_path / "j.sqlite"))
    assert strip(studio, "status", "message", "found") == [("failed", "Too dark.", True)]


def test_the_takes_are_those_of_the_photo_on_the_surface(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo that is dropped brings its own, and takes away those of the one before with what was shown of them."""
    before = steam(KeepingClient(tmp_path / "j.sqlite"))
    before.tab, before.scene = "effects", "squish"
    generate(monkeypatch, before)

    studio = Studio(KeepingClient(tmp_path / "j.sqlite"))  # type: ignore[arg-type]
    assert studio.tasks == ()
    coffee = (PHOTOS / "coffee.png").read_bytes()
    ask(monkeypatch, studio, "studio.photo", {"upload": "1", "part": 0, "parts": 1}, coffee)
    assert strip(studio, "title", "id") == [("Squish", "effects 1")]
    ask(monkeypatch, studio, "takes.choose", {"id": "effects 1"})
    assert studio._task_state["id"] == "effects 1"
    ask(monkeypatch, studio, "studio.sample", {"name": "rocket.jpg"})
    assert (studio._takes, studio._takes_before, studio._task_state) == ([], "", {})
    # The right photo of an effect counts as well.
    studio.set_image(1, PHOTOS / "coffee.png")
    assert studio._takes_before == "1 take of these photos, found again from before"


def test_a_journal_that_cannot_be_used_is_said_on_the_surface(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the studio goes on; Generate says why nothing is sent."""
    (tmp_path / "j.sqlite").write_text("no database at all, " * 100)
    client = KeepingClient(tmp_path / "j.sqlite")
    studio = steam(client)
    assert "cannot be used" in studio._takes_trouble
    assert (studio._takes, studio._takes_before) == ([], "")
    assert ask(monkeypatch, studio, "studio.quote")[0]["problems"] == []
    answer = generate(monkeypatch, studio)
    assert "Move it away" in answer["error"]["message"]
    assert client.submitted == []


def test_a_slow_disk_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The studio is there at once, what it finds comes later, and only for the photo that is there by then."""
    generate(monkeypatch, steam(KeepingClient(tmp_path / "j.sqlite")))
    client = KeepingClient(tmp_path / "j.sqlite")
    begun, disk = threading.Event(), threading.Event()
    waited: list[bool] = []
    entries = client.journal.entries

    def at_first_slowly(limit: int = 100) -> list[Entry]:
        if not begun.is_set():
            begun.set()
            waited.append(disk.wait(5))
        return entries(limit)

    monkeypatch.setattr(client.journal, "entries", at_first_slowly)

    async def open_and_swap() -> Studio:
        studio = steam(client)
        assert await asyncio.to_thread(begun.wait, 5)
        assert studio._takes == []
        ask(monkeypatch, studio, "studio.sample", {"name": "rocket.jpg"})
        await asyncio.sleep(0)
        await asyncio.wait(studio._running, return_when=asyncio.FIRST_COMPLETED)
        disk.set()
        await asyncio.gather(*studio._running)
        return studio

    studio = asyncio.run(open_and_swap())
    assert waited == [True]
    assert (studio._takes, studio._takes_before, studio._takes_trouble) == ([], "", "")


def test_a_take_that_this_kernel_does_not_know_is_refused_in_words(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in ({}, {"id": "827"}, {"id": ["827"]}):
        with pytest.raises(Refused, match="Run this cell again"):
            ask(monkeypatch, studio, "takes.choose", body)
