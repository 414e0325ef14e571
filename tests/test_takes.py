"""What was made of a photo before, as the journal tells it, and which take comes next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling_widgets import ImageToVideo, Task, Video, VideoEffect
from kling_widgets.image import Image
from kling_widgets.journal import Journal
from kling_widgets.request import Request
from kling_widgets.widgets.earlier import MOST, Earlier, look, take_number
from kling_widgets.widgets.takes import Takes

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PHOTO, OTHER = (Image.of(np.full((300, 400, 3), grey, np.uint8)) for grey in (90, 180))
BOTH = frozenset({PHOTO.fingerprint, OTHER.fingerprint})
STEAM = ImageToVideo(image=PHOTO, prompt="Steam rises", model_name="kling-v1")


class Watcher:
    """Every task that it watches succeeds at once; counts what it is asked."""

    offline = False
    origin = "a test"

    def __init__(self) -> None:
        self.watched: list[str] = []
        self.fetched: list[str] = []

    async def watch(self, task: Task, *, on_poll: Any = None) -> AsyncIterator[Task]:
        self.watched.append(task.id)
        yield replace(task, status="succeed", found=False)

    async def video(self, task: Task) -> Video:
        self.fetched.append(task.id)
        return Video(Path(f"{task.id}.mp4"), "", 5.0, 1080, 720)

    async def images(self, task: Task) -> tuple[()]:
        return ()


class Desk:
    """A journal, and how things get into it."""

    def __init__(self, path: Path) -> None:
        self.seconds = NOON.timestamp()
        self.journal = Journal(path, "one account", "a test", lambda: self.seconds)

    def made(self, request: Request, status: Any = "succeed", take: int = 1, message: str = "") -> str:
        """A submission that became a task; its id."""
        self.seconds += 60
        key = request.key(take)
        self.journal.claim(key, request.kind, request.outline(), request.cost(), self.journal.sender())
        at = datetime.fromtimestamp(self.seconds, UTC)
        later = at + timedelta(minutes=2)
        task = Task(f"{round(self.seconds)}", key, request.kind, status, message, (), at, later)
        self.journal.saw(task)
        return task.id


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "journal.sqlite")


def ids(earlier: Earlier) -> list[str | None]:
    return [entry.task and entry.task.id for entry in earlier.entries]


def of_photo(desk: Desk, *photos: Image) -> Earlier:
    return look(desk.journal, frozenset(photo.fingerprint for photo in photos))


def test_all_that_was_made_of_the_photo_is_found_newest_first(desk: Desk) -> None:
    """Films and effects, of one photo or two; not what was made of another photo, nor what became no task."""
    film = desk.made(STEAM)
    desk.made(ImageToVideo(image=OTHER, prompt="Steam rises", model_name="kling-v1"))
    squish = desk.made(VideoEffect(effect_scene="squish", image=PHOTO))
    hug = desk.made(VideoEffect(effect_scene="hug_pro", images=(OTHER, PHOTO)))
    unsent = ImageToVideo(image=PHOTO, prompt="Nothing came of it", model_name="kling-v1")
    desk.journal.claim(unsent.key(), unsent.kind, unsent.outline(), None, desk.journal.sender())

    assert ids(of_photo(desk, PHOTO)) == [hug, squish, film]
    assert of_photo(desk) == Earlier()


def test_the_same_photo_is_known_by_its_pixels(desk: Desk) -> None:
    """Whatever file it came in."""
    film = desk.made(STEAM)
    assert ids(of_photo(desk, Image.of(PHOTO.pixels()))) == [film]


def test_no_more_than_the_newest_are_shown(desk: Desk) -> None:
    made = [desk.made(STEAM, take=take) for take in range(1, MOST + 2)]
    earlier = of_photo(desk, PHOTO)
    assert (ids(earlier), earlier.more) == (made[:0:-1], True)


def test_a_request_of_a_shape_that_nobody_expects_is_passed_over(desk: Desk) -> None:
    """A journal outlives the version that wrote it."""
    odd = ({}, {"input": None}, {"input": ["sha256:1"]}, {"input": {"image": 3, "images": "sha256:1"}})
    for n, request in enumerate(odd):
        desk.journal.claim(f"k{n}", "effects", request, None, desk.journal.sender())
        desk.journal.saw(Task(f"{n}", f"k{n}", "effects", "succeed", "", (), NOON, NOON))
    assert look(desk.journal, frozenset({"1"})) == Earlier()


def test_a_journal_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_text("no database at all, " * 100)
    earlier = of_photo(Desk(tmp_path / "journal.sqlite"), PHOTO)
    assert earlier.entries == ()
    assert f"The journal {tmp_path / 'journal.sqlite'} cannot be used" in earlier.trouble
    assert earlier.trouble.endswith("takes made before are not shown, and no film can be asked for.")


def test_a_mistake_of_ours_breaks_no_widget(caplog: pytest.LogCaptureFixture) -> None:
    """It is told in a sentence, with the rest in the log."""
    earlier = look(object(), BOTH)  # type: ignore[arg-type]
    assert earlier == Earlier(trouble="The journal cannot be read; the log says why.")
    assert caplog.records[0].exc_info is not None


@pytest.mark.parametrize(
    ("states", "plain", "another"),
    [
        ([], 1, 1),
        (["succeed"], 1, 2),
        (["succeed", "processing"], 2, 3),
        (["failed", "succeed"], 2, 3),
        # What was refused was never made: its number is free.
        (["succeed", "refused"], 1, 2),
        (["refused", "succeed"], 2, 3),
        (["refused"], 1, 1),
        # What may have been made is asked for again before anything new is paid for.
        (["unclear"], 1, 1),
        (["succeed", "unclear"], 2, 2),
        (["succeed", "sending"], 2, 2),
    ],
)
def test_the_next_take_is_the_journals_to_say(desk: Desk, states: list[Any], plain: int, another: int) -> None:
    """After a restart as before it."""
    journaled(desk, STEAM, states)
    assert take_number(desk.journal, STEAM, another=False) == plain
    assert take_number(desk.journal, STEAM, another=True) == another


@settings(max_examples=40)  # each has a journal of its own on disk
@given(st.lists(st.sampled_from(["succeed", "failed", "submitted", "processing", "refused", "unclear"]), max_size=6))
def test_another_take_never_names_one_that_was_made(
    tmp_path_factory: pytest.TempPathFactory, states: list[Any]
) -> None:
    """And the plain wish never skips one: it names one that is known, or the next."""
    desk = Desk(tmp_path_factory.mktemp("takes") / "journal.sqlite")
    journaled(desk, STEAM, states)
    another = take_number(desk.journal, STEAM, another=True)
    plain = take_number(desk.journal, STEAM, another=False)
    entry = desk.journal.entry(STEAM.key(another))
    assert entry is None or entry.task is None
    assert plain <= another <= len(states) + 1
    desk.journal.close()


def journaled(desk: Desk, request: Request, states: list[Any]) -> None:
    """Takes 1, 2, ... of the request in these states."""
    for take, state in enumerate(states, 1):
        if state in ("refused", "unclear", "sending"):
            key, sender = request.key(take), desk.journal.sender()
            desk.journal.claim(key, request.kind, request.outline(), None, sender)
            if state != "sending":
                desk.journal.settle(key, sender, state)
        else:
            desk.made(request, state, take)


def test_what_is_under_way_is_watched_on_and_the_rest_keeps_still(desk: Desk) -> None:
    """No film is fetched before somebody wants to see it."""
    done, failed = desk.made(STEAM), desk.made(STEAM, "failed", 2, "Failure to pass the risk control system")
    running = desk.made(STEAM, "processing", 3)
    client = Watcher()
    takes = Takes(client, lambda: None)

    async def find() -> int:
        count = takes.find(of_photo(desk, PHOTO))
        await takes.shown[0].follower.done()
        return count

    assert asyncio.run(find()) == 3
    assert (client.watched, client.fetched) == ([running], [running])
    told = [{name: take.facts[name] for name in ("title", "id", "status", "message", "found")} for take in takes.shown]
    common = {"title": "Steam rises", "message": "", "found": True}
    assert told == [
        common | {"id": running, "status": "succeed"},
        common | {"id": failed, "status": "failed", "message": "Failure to pass the risk control system"},
        common | {"id": done, "status": "succeed"},
    ]


def test_another_photo_takes_away_what_was_found_and_keeps_what_was_asked_for_here(desk: Desk) -> None:
    """And the first photo brings its own back, followed by whom it was."""
    film = desk.made(STEAM)
    effect = desk.made(VideoEffect(effect_scene="squish", image=OTHER))
    takes = Takes(Watcher(), lambda: None)
    takes.find(of_photo(desk, PHOTO))
    first = takes.get(film)
    here = Task("here", "k", "image2video", "succeed", "", (), NOON, NOON)

    async def add() -> tuple[bool, bool]:
        return takes.add(here, {"prompt": "Now"}), takes.add(here, {"prompt": "Now"})

    assert asyncio.run(add()) == (True, False)
    assert [take.title for take in takes.shown] == ["Steam rises", "Now"]
    assert takes.find(of_photo(desk, OTHER)) == 1
    assert [(take.title, take.follower.task.id) for take in takes.shown] == [("Squish", effect), ("Now", "here")]
    assert takes.find(of_photo(desk, PHOTO)) == 1
    assert takes.get(film) is first


def test_what_was_found_and_is_asked_for_again_stays(desk: Desk) -> None:
    """It was here already, and does not leave with its photo."""
    film = desk.made(STEAM)
    takes = Takes(Watcher(), lambda: None)
    takes.find(of_photo(desk, PHOTO))
    [entry] = of_photo(desk, PHOTO).entries
    assert entry.task is not None
    assert takes.add(replace(entry.task, found=True), {"prompt": "Steam rises"}) is False
    assert takes.find(of_photo(desk, PHOTO)) == takes.find(Earlier()) == 0
    assert [take.follower.task.id for take in takes.shown] == [film]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"effect_scene": "jelly_jiggle"}, "Jelly Jiggle"),
        ({"effect_scene": "newer_than_we_are"}, "newer_than_we_are"),
        ({"prompt": "<b>Steam</b>"}, "<b>Steam</b>"),
        ({"prompt": ""}, "Film"),
    ],
)
def test_a_take_bears_the_name_of_what_was_asked_for(desk: Desk, fields: dict[str, str], title: str) -> None:
    takes = Takes(Watcher(), lambda: None)
    takes.add(Task("1", "k", "effects", "succeed", "", (), NOON, NOON), fields)
    assert [take.title for take in takes.shown] == [title]
