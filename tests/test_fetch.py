"""A result on its way to its place: one at a time, checked, with room for it, or with words that say why not."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pickle
import shutil
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import kling_widgets as kw
from kling_widgets import pictures
from kling_widgets.fetch import LinkEnded
from kling_widgets.video import Video
from tests.shelf import BOAT, TASK, WHOLE, Naps, Shelf, fetched, fetching, lying, wire
from tests.test_download import PART, left
from tests.tiny_film import FILM, filmed

DAMAGED = FILM.replace(FILM[(start := FILM.index(b"mdat") + 700) : start + 200], bytes(range(200)))


def together(*work: Coroutine[Any, Any, Video]) -> list[Video]:
    async def all_of_it() -> list[Video]:
        return await asyncio.gather(*work)

    return asyncio.run(all_of_it())


class TestOneAtATime:
    """Two that want the same film make one download."""

    def test_two_tasks(self, tmp_path: Path) -> None:
        """The second waits, by the clock given, and finds it there."""
        shelf, naps, waiting = Shelf(1000), Naps(), asyncio.Event()

        async def sleep(seconds: float) -> None:
            naps.taken.append(seconds)
            if seconds == 1:  # the break: it lasts until the other one has come
                await waiting.wait()
            else:
                waiting.set()

        naps.sleep = sleep  # type: ignore[method-assign]
        first, second = together(fetching(shelf, tmp_path, naps), fetching(shelf, tmp_path, naps))

        assert (first, shelf.asked) == (second, [None, "bytes=1000-"])
        assert (set(naps.taken), lying(tmp_path)) == ({1, 0.5}, WHOLE)

    def test_the_second_takes_over(self, tmp_path: Path) -> None:
        """Where the first gives up, what it kept is not lost."""
        shelf = Shelf(1000, *[0] * 5)

        async def both() -> list[Any]:
            work = (fetching(shelf, tmp_path, Naps()) for _ in range(2))
            return await asyncio.gather(*work, return_exceptions=True)

        lost, film = sorted(asyncio.run(both()), key=lambda one: isinstance(one, Video))
        assert (type(lost), film.path.read_bytes()) == (kw.ConnectionFailed, FILM)
        assert (shelf.asked, lying(tmp_path)) == ([None, *["bytes=1000-"] * 6], WHOLE)

    def test_a_film_that_is_there_by_now(self, tmp_path: Path) -> None:
        """Nothing is fetched, whatever lies beside it."""
        (tmp_path / "boat.mp4").write_bytes(FILM)

        assert fetched(shelf := Shelf(), tmp_path) == Video(tmp_path / "boat.mp4", BOAT, 5.0, 1280, 720)
        assert (shelf.requests, lying(tmp_path)) == ([], {"boat.mp4"})

    def test_a_file_system_without_locks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each fetches for itself, into a file of its own: what breaks goes on, what fails leaves nothing."""
        monkeypatch.setattr(fcntl, "flock", lambda *_: fail(95))
        other = left(tmp_path, FILM[:500])
        shelves, both = [Shelf(1000), Shelf(1000)], asyncio.Barrier(2)

        async def server(request: httpx.Request) -> httpx.Response:
            if "range" not in request.headers:
                await both.wait()
            return shelves[int(request.url.params["n"])](request)

        together(*(fetching(server, tmp_path, Naps(), url=f"{BOAT}&n={n}") for n in range(2)))
        assert [shelf.asked for shelf in shelves] == [[None, "bytes=1000-"]] * 2
        assert lying(tmp_path) == {*WHOLE, other.name}

        (tmp_path / "boat.mp4").unlink()
        with pytest.raises(kw.ConnectionFailed, match=r"reset by peer\.$"):
            fetched(Shelf(*[1000] * 9, *[0] * 9, ranges=False), tmp_path)
        assert lying(tmp_path) == {"boat.json", other.name}


class TestLinkEnded:
    """An address that gives nothing any more."""

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_after_thirty_days(self, tmp_path: Path, status: int) -> None:
        """It is gone, and that is said plainly."""
        with pytest.raises(LinkEnded) as caught:
            fetched(lambda request: httpx.Response(status), tmp_path, days=30.1)

        error = caught.value
        assert str(error) == (
            f"films.example answered the download with HTTP {status}. "
            "The vendor keeps a film for 30 days, this one until 2024-09-03: that is past, so it is gone."
        )
        assert (error.gone, error.http_status, error.transient, lying(tmp_path)) == (True, status, False, set())

    def test_before(self, tmp_path: Path) -> None:
        """The task may have a new address; a part goes on from there."""
        left(tmp_path, FILM[:1000])
        with pytest.raises(LinkEnded, match=r"this one until 2024-09-03: so its address may have changed") as caught:
            fetched(lambda request: httpx.Response(403), tmp_path, days=29.9)
        assert (caught.value.gone, caught.value.until) == (False, datetime(2024, 9, 3, 11, 5, 57, tzinfo=UTC))

        shelf = Shelf()
        fetched(shelf, tmp_path, url="https://films.example/fresh.mp4?sign=new")
        assert (shelf.asked, shelf.requests[0].url.params["sign"]) == (["bytes=1000-"], "new")

    def test_it_travels(self) -> None:
        """With its facts."""
        error = LinkEnded("it is gone", 403, datetime(2024, 9, 3, tzinfo=UTC), True)
        again = pickle.loads(pickle.dumps(error))

        assert (str(again), vars(again), again.args) == ("it is gone", vars(error), error.args)

    def test_pictures_too(self, tmp_path: Path) -> None:
        """In their own word."""
        work = pictures.fetched(wire(lambda request: httpx.Response(404)), TASK, tmp_path, preview=False)
        with pytest.raises(LinkEnded, match="keeps a picture for 30 days"):
            asyncio.run(work)


class TestRoom:
    """A full disk is said, and nothing half is left on it."""

    def test_found_out_before(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is promised is compared with what is free; parts make room."""
        left(tmp_path, FILM[:1000])
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=10**9, free=1_048_000))

        with pytest.raises(kw.KlingError) as caught:
            fetched(Shelf(), tmp_path)
        assert str(caught.value) == (
            f"The disk with {tmp_path} is full: 2 MB are needed, 1 MB are free. "
            "Make room, then fetch the film again; the task is safe."
        )
        assert lying(tmp_path) == set()

    @pytest.mark.parametrize("usage", [SimpleNamespace(total=10**9, free=1_051_000), SimpleNamespace(total=0, free=0)])
    def test_just_enough(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, usage: Any) -> None:
        """What is there counts; and a file system that says nothing is not full."""
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
        fetched(Shelf(), tmp_path)
        assert lying(tmp_path) == WHOLE

    def test_enough_for_the_rest(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What came already needs no more room."""
        left(tmp_path, FILM[:40_000])
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=10**9, free=1_011_000))
        fetched(Shelf(), tmp_path)
        assert lying(tmp_path) == WHOLE

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is always full is Linux's")
    def test_found_out_on_the_way(self, tmp_path: Path) -> None:
        """The disk says it while the film comes; the part goes."""
        (tmp_path / PART).symlink_to("/dev/full")

        with pytest.raises(kw.KlingError, match=r"is full: 2 MB are needed\. Make room.*the task is safe"):
            fetched(Shelf(), tmp_path)
        assert lying(tmp_path) == set()


class TestPlaces:
    """Where nothing can be saved."""

    def test_a_file_in_the_folders_place(self, tmp_path: Path) -> None:
        """Said before anything is asked for."""
        (tmp_path / "films").write_text("not a folder")
        with pytest.raises(kw.KlingError, match=r"No film can be saved in .*films: "):
            fetched(shelf := Shelf(), tmp_path / "films")
        assert shelf.requests == []

    def test_a_name_that_is_too_long(self, tmp_path: Path) -> None:
        """The folder's."""
        with pytest.raises(kw.KlingError, match=r"No film can be saved in .*: File name too long"):
            fetched(Shelf(), tmp_path / ("a" * 300))

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
    def test_a_folder_that_may_not_be_written_to(self, tmp_path: Path) -> None:
        """The system's reason."""
        tmp_path.chmod(0o500)
        with pytest.raises(kw.KlingError, match=r"No film can be saved in .*: Permission denied"):
            fetched(Shelf(), tmp_path)
        tmp_path.chmod(0o700)

    def test_a_folder_in_the_films_place(self, tmp_path: Path) -> None:
        """No sidecar of a film that could not come; what was fetched is kept."""
        (tmp_path / "boat.mp4").mkdir()
        with pytest.raises(kw.KlingError, match=r"The film of task 100 cannot be saved as .*boat\.mp4: Is a directory"):
            fetched(Shelf(), tmp_path)
        assert lying(tmp_path) == {"boat.mp4", PART}


class TestSpoilt:
    """What has come whole and is no good all the same."""

    def test_fetched_once_more(self, tmp_path: Path) -> None:
        """By itself, from the beginning, after a second."""
        shelf, naps = Shelf(file=DAMAGED), Naps()

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            shelf.file = FILM
            return answer

        assert fetched(server, tmp_path, naps).path.read_bytes() == FILM
        assert (shelf.asked, naps.taken, lying(tmp_path)) == ([None, None], [1], WHOLE)

    def test_a_part_that_a_loss_of_power_spoilt(self, tmp_path: Path) -> None:
        """It had its length, but not its bytes: noticed at the end, and mended."""
        left(tmp_path, DAMAGED[:40_000])
        shelf = Shelf()

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=40000-", None], WHOLE)

    def test_one_that_overwrote_a_part(self, tmp_path: Path) -> None:
        """It is the same file by its name, and gone once it is refused."""
        left(tmp_path, FILM[:1000])
        shelf = Shelf(file=DAMAGED, ranges=False)

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            shelf.file = FILM
            return answer

        assert fetched(server, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=1000-", None], WHOLE)

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (DAMAGED, r"it does not play to its end \(Invalid data found"),
            (FILM[:-7], "it ends too early"),
            (b"", "it is not an mp4 file"),
            (b"<html>please log in</html>", "it ends too early"),
        ],
    )
    def test_refused_the_second_time(self, tmp_path: Path, file: bytes, words: str) -> None:
        """And removed; nothing is left."""
        shelf = Shelf(file=file)
        with pytest.raises(kw.ResponseError, match=f"The film of task 100 cannot be used: {words}.*like that twice"):
            fetched(shelf, tmp_path)
        assert (shelf.asked, lying(tmp_path)) == ([None, None], set())

    def test_another_good_film(self, tmp_path: Path) -> None:
        """Sizes and lengths are the film's own."""
        video = fetched(Shelf(file=filmed(2, 64, 48)), tmp_path)
        assert (video.duration, video.width, video.height) == (2.0, 64, 48)


def fail(number: int) -> None:
    raise OSError(number, os.strerror(number))
