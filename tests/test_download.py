"""A download that breaks off goes on where it stopped, in this call or a later one, never with another file's bytes."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets.fetch import Errand, alone, fetch
from tests.shelf import BOAT, TASK, WHOLE, Naps, Shelf, fetched, lying, wire
from tests.tiny_film import FILM, filmed

PART = "boat.mp4.3d041de8.part"
OTHER = filmed(3, 64, 48, shade=200)
ALWAYS = [0] * 99


def left(folder: Path, content: bytes) -> Path:
    """A part of Shelf's film, as a process that died leaves it."""
    path = folder / PART
    path.write_bytes(content)
    return path


class TestInOneCall:
    """The connection breaks; the caller does not hear of it."""

    def test_it_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        """The rest alone is asked for, after a second, and again after each break."""
        shelf, naps = Shelf(1000, 500), Naps()
        video = fetched(shelf, tmp_path, naps)

        assert (video.path.read_bytes(), lying(tmp_path)) == (FILM, WHOLE)
        assert shelf.asked == [None, "bytes=1000-", "bytes=1500-"]
        assert naps.taken == [1, 1]

    def test_a_server_without_ranges(self, tmp_path: Path) -> None:
        """It sends all from the beginning, and so it is taken."""
        shelf = Shelf(1000, 2000, ranges=False)

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == ([None, "bytes=1000-", "bytes=2000-"], WHOLE)

    def test_a_file_that_has_changed(self, tmp_path: Path) -> None:
        """The rest of another file is not put after the beginning of this one."""
        shelf = Shelf(1000)

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            shelf.file, shelf.validators = OTHER, {"etag": '"2"'}
            return answer

        assert fetched(server, tmp_path).path.read_bytes() == OTHER
        assert (shelf.asked, lying(tmp_path)) == ([None, "bytes=1000-", None], WHOLE)

    @pytest.mark.parametrize("length", [1, 49999])
    def test_a_file_of_the_same_name_but_another_length(self, tmp_path: Path, length: int) -> None:
        """The total belongs to what names a version: with the same ETag, these are other bytes."""
        shelf = Shelf(1000, file=FILM + bytes(length))

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            shelf.file = FILM
            return answer

        assert fetched(server, tmp_path).path.read_bytes() == FILM
        assert shelf.asked == [None, "bytes=1000-", None]

    @pytest.mark.parametrize(
        ("validators", "asked"),
        [
            ({"etag": '"1"'}, "bytes=1000-"),
            ({"last-modified": "Sun, 04 Aug 2024 11:05:57 GMT"}, "bytes=1000-"),
            ({"etag": 'W/"1"', "last-modified": "Sun, 04 Aug 2024 11:05:57 GMT"}, "bytes=1000-"),
            ({"etag": 'W/"1"'}, None),
            ({"x-nothing": "names it"}, None),
            ({"etag": '"1"', "content-length": ""}, None),
        ],
    )
    def test_what_names_a_file(self, tmp_path: Path, validators: dict[str, str], asked: str | None) -> None:
        """A strong ETag or a date, and the length. Where one is missing, a rest cannot be known to belong to it."""
        shelf = Shelf(1000, **validators)

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == ([None, asked], WHOLE)

    @pytest.mark.parametrize(
        "span", ["bytes 999-49999/50000", "bytes 1001-49999/50000", "bytes 1000-49999/*", "pages 7", ""]
    )
    def test_an_answer_that_is_not_what_was_asked_for(self, tmp_path: Path, span: str) -> None:
        """A piece from elsewhere, or from who knows where, is left alone."""
        shelf = Shelf(1000)

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            if answer.status_code == 206:
                answer.headers["content-range"] = span
            return answer

        assert fetched(server, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == ([None, "bytes=1000-", None], WHOLE)

    def test_less_than_was_promised(self, tmp_path: Path) -> None:
        """An end without an error is a break as well; a server that gives pieces is asked for one after the other."""
        shelf = Shelf(20_000, 20_000)
        shelf.silent = True

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert shelf.asked == [None, "bytes=20000-", "bytes=40000-"]

    def test_compressed_against_our_wish(self, tmp_path: Path) -> None:
        """Read as it came; its lengths say nothing of the file, so a break begins anew."""
        squeezed = gzip.compress(FILM)
        shelf = Shelf(500, file=squeezed, **{"etag": '"1"', "content-encoding": "gzip"})

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == ([None, None], WHOLE)
        assert {request.headers["accept-encoding"] for request in shelf.requests} == {"identity"}

    def test_a_piece_that_nobody_asked_for(self, tmp_path: Path) -> None:
        """A 206 to a plain question is no film, unless it is all of it."""
        headers = {"etag": '"1"', "content-range": "bytes 0-49999/50000"}
        assert fetched(lambda request: httpx.Response(206, headers=headers, content=FILM), tmp_path / "whole")

        headers["content-range"] = "bytes 1-49999/50000"
        with pytest.raises(kw.ResponseError, match=r"films\.example .* a piece that nobody asked for"):
            fetched(lambda request: httpx.Response(206, headers=headers, content=FILM[1:]), tmp_path)
        assert lying(tmp_path) == {"whole"}

    def test_no_key_and_every_redirect(self, tmp_path: Path) -> None:
        """The range goes along to where the file really lies, the key never."""
        shelf = Shelf(1000)

        def server(request: httpx.Request) -> httpx.Response:
            if request.url.host == "films.example":
                return httpx.Response(302, headers={"location": "https://shelf.example/there.mp4"})
            return shelf(request)

        assert fetched(server, tmp_path).path.read_bytes() == FILM
        assert shelf.asked == [None, "bytes=1000-"]
        assert not any("authorization" in request.headers for request in shelf.requests)


class TestGivingUp:
    """Six failures in a row without a new byte."""

    def test_after_six(self, tmp_path: Path) -> None:
        """Waits grow; the last error is the connection's, and says what is kept."""
        shelf, naps = Shelf(1000, *ALWAYS), Naps()

        with pytest.raises(kw.ConnectionFailed) as caught:
            fetched(shelf, tmp_path, naps)
        assert str(caught.value) == (
            "The connection to films.example was lost: reset by peer. "
            "1000 of 50000 bytes are kept: fetch it again, and it goes on there."
        )
        assert (len(shelf.requests), naps.taken) == (6, [1, 2, 4, 8, 16])
        assert {name: (tmp_path / name).read_bytes() for name in lying(tmp_path)} == {PART: FILM[:1000]}

    def test_one_new_byte_is_hope(self, tmp_path: Path) -> None:
        """The count begins anew with each."""
        shelf, naps = Shelf(1000, 0, 0, 0, 0, 1, 0, 0, 0, 0), Naps()

        assert fetched(shelf, tmp_path, naps).path.read_bytes() == FILM
        assert naps.taken == [1, 2, 4, 8, 16, 1, 2, 4, 8, 16]

    def test_to_have_come_as_far_as_before_is_none(self, tmp_path: Path) -> None:
        """A server without ranges that always breaks at the same place is given up, too."""
        with pytest.raises(kw.ConnectionFailed):
            fetched(shelf := Shelf(*[1000, 500] * 99, ranges=False), tmp_path)
        assert len(shelf.requests) == 6

    def test_what_passes_is_waited_out(self, tmp_path: Path) -> None:
        """A server in trouble, for as long as it asks."""
        shelf, naps = Shelf(), Naps()
        trouble = [httpx.Response(503), httpx.Response(429, headers={"retry-after": "40"})]

        def server(request: httpx.Request) -> httpx.Response:
            return trouble.pop(0) if trouble else shelf(request)

        assert fetched(server, tmp_path, naps).path.read_bytes() == FILM
        assert naps.taken == [1, 40]

    def test_what_does_not_pass_is_raised_at_once(self, tmp_path: Path) -> None:
        """Nothing is kept of nothing."""
        naps = Naps()
        with pytest.raises(kw.ResponseError, match="HTTP 401"):
            fetched(lambda request: httpx.Response(401), tmp_path, naps)
        assert (naps.taken, lying(tmp_path)) == ([], set())

    def test_more_than_was_promised(self, tmp_path: Path) -> None:
        """Nobody knows what that is, so nothing of it is kept."""
        with pytest.raises(kw.ResponseError, match=r"ended after 50000 of 100 bytes\. Fetch it again\.$"):
            fetched(Shelf(**{"etag": '"1"', "content-length": "100"}), tmp_path)
        assert lying(tmp_path) == set()

    def test_without_a_name_nothing_is_kept(self, tmp_path: Path) -> None:
        """And nothing is promised."""
        with pytest.raises(kw.ConnectionFailed, match=r"reset by peer\.$"):
            fetched(Shelf(*[1000] * 99, **{"x-nothing": "names it"}), tmp_path)
        assert lying(tmp_path) == set()


class TestOverCalls:
    """What came lies there for the next call, of whichever process."""

    def test_a_later_call_asks_for_the_rest(self, tmp_path: Path) -> None:
        """And one film is there then, nothing else."""
        left(tmp_path, FILM[:3000])
        shelf = Shelf()

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=3000-"], WHOLE)

    def test_of_several_the_latest(self, tmp_path: Path) -> None:
        """The one that was written to last."""
        part, old = left(tmp_path, FILM[:3000]), tmp_path / "boat.mp4.00000000.part"
        for n, path in enumerate([old, part]):
            path.write_bytes(FILM[:3000])
            os.utime(path, (n, n))
        shelf = Shelf()

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=3000-"], WHOLE)

    def test_every_byte_is_on_disk_before_the_next_is_read(self, tmp_path: Path) -> None:
        """However few they are: a process may die at any time."""
        seen = []

        async def dripping() -> AsyncIterator[bytes]:
            for n in range(0, len(FILM), 1000):
                seen.append((tmp_path / PART).stat().st_size)
                yield FILM[n : n + 1000]

        headers = {"etag": '"1"', "content-length": "50000"}
        fetched(lambda request: httpx.Response(200, headers=headers, content=dripping()), tmp_path)
        assert seen == [*range(0, 50_000, 1000)]

    def test_all_of_it_had_come(self, tmp_path: Path) -> None:
        """The process died before the last step: one byte is asked for again, to know whose they are."""
        left(tmp_path, FILM)
        shelf = Shelf()

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=50000-", "bytes=49999-"], WHOLE)

    def test_more_than_there_is(self, tmp_path: Path) -> None:
        """That cannot be its beginning."""
        left(tmp_path, FILM + b"?")
        shelf = Shelf()

        assert fetched(shelf, tmp_path).path.read_bytes() == FILM
        assert (shelf.asked, lying(tmp_path)) == (["bytes=50001-", None], WHOLE)

    def test_a_server_that_lies_about_the_end(self, tmp_path: Path) -> None:
        """It is not believed twice, or it would be asked for ever."""
        left(tmp_path, FILM)
        shelf = Shelf()

        def server(request: httpx.Request) -> httpx.Response:
            answer = shelf(request)
            if "range" not in request.headers:
                return answer
            asked = request.headers["range"][6:-1]
            return httpx.Response(416, headers={"content-range": f"bytes */{asked}"})

        assert fetched(server, tmp_path).path.read_bytes() == FILM
        assert shelf.asked == ["bytes=50000-", "bytes=49999-", None]

    def test_a_strangers_page_costs_nothing_that_came(self, tmp_path: Path) -> None:
        """A hotel's log-in page instead of the film: refused, and the film goes on afterwards."""
        part = left(tmp_path, FILM[:3000])
        page = b"<html>please log in</html>"

        with pytest.raises(kw.ResponseError, match="cannot be used"):
            fetched(lambda request: httpx.Response(200, content=page), tmp_path)
        assert (lying(tmp_path), part.read_bytes()) == ({PART}, FILM[:3000])

        assert fetched(shelf := Shelf(), tmp_path).path.read_bytes() == FILM
        assert shelf.asked == ["bytes=3000-"]

    def test_old_parts_go_when_the_film_has_come(self, tmp_path: Path) -> None:
        """Those of other versions and of older ones of this package, but nobody else's."""
        old = ["boat.mp4.00000000.part", "boat.mp4.a8_x0zz9.part", "boat.mp4.once-01234567.part"]
        others = {"boat.mp4.part", "goat.mp4.00000000.part", "boat.mp4.00000000.partly", "boat-mp4.00000000.part"}
        for name in [*old, "boat.json.once-01234567.part", *others]:
            (tmp_path / name).write_bytes(b"")
        (tmp_path / old[0]).write_bytes(b"of another version")

        shelf = Shelf()
        fetched(shelf, tmp_path)
        assert (shelf.asked, lying(tmp_path)) == (["bytes=18-", None], WHOLE | others)

    def test_interrupted(self, tmp_path: Path) -> None:
        """Ctrl-C in the middle: what came is kept, and nobody is kept waiting."""
        shelf = Shelf(1000)

        async def sleep(seconds: float) -> None:
            raise asyncio.CancelledError

        naps = Naps()
        naps.sleep = sleep  # type: ignore[method-assign]
        with pytest.raises(asyncio.CancelledError):
            fetched(shelf, tmp_path, naps)
        assert lying(tmp_path) == {PART}


answering: list[Any] = []
SHARED = wire(lambda request: answering[0](request))

VERSIONS = st.lists(st.binary(max_size=40).map(lambda content: b"V" + content), min_size=1, max_size=3, unique=True)
CUTS = st.one_of(st.none(), st.integers(0, 40))
MOODS = st.sampled_from(["ranges"] * 8 + ["no ranges", "page", "503", "416", "elsewhere", "silent"])
TAGS = st.sampled_from(["etag", "etag", "last-modified", "x-none"])


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One loop for many examples: what a new one costs, a connection pool above all, is most of the time."""
    with asyncio.Runner() as runner:
        yield runner


@settings(max_examples=200, deadline=None)
@given(
    versions=VERSIONS,
    answers=st.lists(st.tuples(MOODS, CUTS, st.integers(0, 2)), max_size=40),
    name=TAGS,
    locks=st.booleans(),
    calls=st.integers(1, 3),
)
def test_however_it_breaks(
    runner: asyncio.Runner, versions: Any, answers: Any, name: str, locks: bool, calls: int
) -> None:
    """Any breaks, moods and changes of the file: at the end there is one version of it, whole, or none and an error."""
    shelf, script = Shelf(), iter(answers)

    def server(request: httpx.Request) -> httpx.Response:
        mood, cut, n = next(script, ("ranges", None, 0))
        n %= len(versions)
        shelf.file, shelf.ranges, shelf.cuts = versions[n], mood != "no ranges", [cut]
        shelf.validators, shelf.silent = {name: f'"{n}"'}, mood == "silent"
        answer = shelf(request)
        match mood:
            case "page":
                return httpx.Response(200, content=b"<html>")
            case "503":
                return httpx.Response(503)
            case "416" if "range" in request.headers:
                return httpx.Response(416, headers={"content-range": f"bytes */{cut}"})
            case "elsewhere" if answer.status_code == 206:
                answer.headers["content-range"] = f"bytes {cut}-{len(shelf.file)}/{len(shelf.file)}"
        return answer

    def check(part: Path) -> tuple[bytes, Path]:
        content = part.read_bytes()
        if not content.startswith(b"V"):
            raise ValueError("it is none of ours")
        return content, place

    async def once() -> bytes:
        errand = Errand("film", TASK, BOAT, place, check, place.with_suffix(".json"), lambda *_: {})
        async with alone(place, "film", Naps().patience):
            return await fetch(SHARED, errand, alone=locks, patience=Naps().patience)

    answering[:] = [server]
    with TemporaryDirectory() as folder:
        place = Path(folder) / "boat.mp4"
        for _ in range(calls):
            try:
                found = runner.run(once())
            except kw.KlingError:
                assert not place.exists()
                assert all(name.endswith(".part") for name in lying(place.parent)), "a lock or a sidecar is left"
                assert locks or not lying(place.parent)
            else:
                assert (found in versions, place.read_bytes(), lying(place.parent)) == (True, found, WHOLE)
                break
