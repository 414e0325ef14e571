"""The journal: on disk before anything is sent, true for several kernels, and never going back."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import signal
import socket
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets import journal as journals
from kling_widgets import journal_file, sender
from kling_widgets.cost import Cost
from kling_widgets.journal import HELD, Entry, Journal, Transition
from kling_widgets.task import ImageResult, Result, Status, Task, stage
from tests import claiming
from tests.test_client import PHOTO, Service, client_of, film, run

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
COST = Cost(2.0, 0.28, "2026-09-20")
OUTLINE = {"prompt": "Süß", "image": "sha256:0"}


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "journal.sqlite"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    journal = Journal(path, "account", "host", clock)
    yield journal
    journal.close()


def task(status: Status = "submitted", **fields: Any) -> Task:
    return replace(Task("100", "key", "image2video", status, "", (), NOON, NOON), **fields)


def claimed(journal: Journal, key: str = "key", who: str | None = None) -> tuple[Entry, Any, bool]:
    return journal.claim(key, "image2video", OUTLINE, COST, who or journal.sender())


def states(journal: Journal, key: str = "key") -> list[str]:
    return [transition.state for transition in journal.transitions(key)]


class TestStory:
    """What a submission goes through."""

    def test_a_new_submission(self, journal: Journal) -> None:
        """The file and its folder are made; all that was told is there, and nothing else."""
        entry, before, mine = claimed(journal)

        assert (before, mine) == (None, True)
        assert entry == Entry(
            "key", "image2video", "host", OUTLINE, COST, "sending", "", None, None, created_at=NOON, updated_at=NOON
        )
        assert journal.entry("key") == entry
        assert journal.entry("other") is None

    def test_every_transition_is_kept(self, journal: Journal, clock: Clock) -> None:
        """With its time and its reason, in order; what is no change is none."""
        who = journal.sender()
        claimed(journal, who=who)
        clock.now += 1
        journal.settle("key", who, "unclear", "no answer in time")
        clock.now += 1
        claimed(journal, who=who)
        clock.now += 1
        for seen in (task(), task(), task("processing"), task("failed", message="risk control")):
            journal.saw(seen)

        assert [(step.state, (step.at - NOON).seconds, step.note) for step in journal.transitions("key")] == [
            ("sending", 0, ""),
            ("unclear", 1, "no answer in time"),
            ("sending", 2, ""),
            ("submitted", 3, ""),
            ("processing", 3, ""),
            ("failed", 3, "risk control"),
        ]
        assert journal.transitions("key")[1] == Transition("unclear", NOON + timedelta(seconds=1), "no answer in time")
        assert journal.transitions("other") == []

    @pytest.mark.parametrize("state", ["unclear", "refused"])
    def test_what_has_no_task_may_be_sent_again(self, journal: Journal, state: Any) -> None:
        """At once, and whoever does so knows how it was left."""
        who = journal.sender()
        claimed(journal, who=who)
        journal.settle("key", who, state)

        assert claimed(journal)[1:] == (state, True)

    def test_what_has_a_task_is_not_sent_again(self, journal: Journal) -> None:
        """The claim gives the task instead, whole."""
        whole = task(
            "succeed",
            videos=(Result("f", "https://films.example/1.mp4", None, 5.041),),
            images=(ImageResult(3, "https://films.example/1.png", "https://films.example/1w.png"),),
            units=2.4,
            result={"voices": [{"id": 7}]},
            message="é\x00",
        )
        claimed(journal)
        journal.saw(whole)
        entry, before, mine = claimed(journal)

        assert (before, mine) == ("succeed", False)
        assert entry.task == whole
        assert entry.task is not None
        assert entry.task.result["voices"] == [{"id": 7}]

    def test_the_film_of_a_submission(self, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where it lies is kept whole: the next kernel may be started elsewhere."""
        claimed(journal)
        monkeypatch.chdir(tmp_path)
        journal.keep("key", Path("films/a.mp4"))
        journal.keep("nobody's", Path("films/b.mp4"))

        assert [entry.film for entry in journal.entries()] == [tmp_path / "films" / "a.mp4"]

    def test_the_newest_come_first(self, journal: Journal, clock: Clock) -> None:
        """As many as are asked for; of the same second the later one."""
        for n in range(4):
            clock.now += n // 2
            claimed(journal, str(n))

        assert [entry.key for entry in journal.entries()] == ["3", "2", "1", "0"]
        assert [entry.key for entry in journal.entries(2)] == ["3", "2"]

    def test_accounts_are_apart(self, path: Path, journal: Journal) -> None:
        """The same key of another account, or of another region, is another submission in the same file."""
        claimed(journal)
        journal.saw(task())
        with closing(Journal(path, "other", "host")) as other:
            assert other.entry("key") is None
            assert claimed(other)[1:] == (None, True)
            other.saw(task(id="7"))
            other.keep("key", Path("/a.mp4"))
            assert (len(other.entries()), states(other)) == (1, ["sending", "submitted"])

        entry = journal.entry("key")
        assert entry is not None
        assert entry.task is not None
        assert (entry.task.id, entry.film, states(journal)) == ("100", None, ["sending", "submitted"])

    def test_what_was_not_submitted_here_leaves_no_trace(self, journal: Journal) -> None:
        """Another's task, one of another kind, and one without an id of ours."""
        claimed(journal)
        for seen in (task(external_id="x"), task(kind="effects"), task(external_id=None)):
            journal.saw(seen)

        assert [(entry.key, entry.state) for entry in journal.entries()] == [("key", "sending")]

    def test_a_service_need_not_repeat_the_id(self, journal: Journal) -> None:
        """Whoever submitted it knows what it was submitted as."""
        claimed(journal)
        journal.saw(task(external_id=None), "key")

        assert states(journal) == ["sending", "submitted"]


class TestBeforeTheService:
    """The id is on disk before anybody hears of it."""

    def test_the_key_is_there_while_the_service_handles_the_post(self, path: Path) -> None:
        """In the state sending, for whoever opens the file; and the task is there when submit returns."""
        seen = []

        class Curious(Service):
            def create(self, kind: str, body: dict[str, Any]) -> httpx.Response:
                with closing(sqlite3.connect(path)) as database:
                    seen.extend(database.execute("SELECT key, state FROM submissions"))
                return super().create(kind, body)

        client = client_of(Curious(), journal=path)
        task = run(client.submit(film()))
        entry = client.journal.entry(film().key())
        run(client.aclose())

        assert seen == [(film().key(), "sending")]
        assert entry is not None
        assert (entry.task, entry.state, entry.cost) == (task, "submitted", film().cost())

    def test_without_a_journal_nothing_is_sent(self, tmp_path: Path) -> None:
        """It could be paid for twice."""
        service = Service()
        with pytest.raises(kw.KlingError, match=r"choose another file with journal=\."):
            run(client_of(service, journal=tmp_path).submit(film()))

        assert service.requests == []

    def test_what_is_paid_for_comes_home_without_a_journal(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A task is found, followed and fetched; that nothing could be noted down stands in the log."""
        service = Service("processing", "succeed")
        run(client_of(service).submit(film()))
        client = client_of(service, journal=tmp_path, videos=tmp_path / "films")
        video = run(client.video(run(client.task("100"))))

        assert video.path.exists()
        assert "cannot be used" in caplog.text
        assert client.found(film()) is not None


class TestOrder:
    """What is known never goes back."""

    SEEN = st.tuples(
        st.sampled_from(["submitted", "processing", "succeed", "failed"]), st.sampled_from([0, 1]), st.booleans()
    )

    @settings(max_examples=30, deadline=None)
    @given(st.lists(SEEN, min_size=1, max_size=8))
    def test_the_furthest_state_stays(self, tmp_path_factory: pytest.TempPathFactory, seen: list[Any]) -> None:
        """In whatever order the answers of lagging copies, callbacks and other kernels come in."""
        path = tmp_path_factory.mktemp("order") / "journal.sqlite"
        with closing(Journal(path, "account", "host")) as one, closing(Journal(path, "account", "host")) as other:
            claimed(one)
            reached = []
            for status, later, elsewhere in seen:
                (other if elsewhere else one).saw(task(status, updated_at=NOON + timedelta(seconds=later)))
                entry = one.entry("key")
                assert entry is not None
                assert entry.task is not None
                assert entry.task.status == entry.state
                reached.append(entry.task)

            furthest = max(seen, key=lambda each: stage(each[0]))
            assert stage(reached[-1].status) == stage(furthest[0])
            assert all(stage(a.status) <= stage(b.status) for a, b in itertools.pairwise(reached))
            assert all(a.updated_at <= b.updated_at for a, b in itertools.pairwise(reached) if a.status == b.status)
            ends = [each.status for each in reached if each.ended]
            assert len(set(ends)) <= 1  # one end, the first that was told
            told = states(one)[1:]
            assert len(told) == len(set(told))

    def test_more_about_the_same_state_is_news(self, journal: Journal) -> None:
        """A film's address that is good for longer; not one from a copy that lags behind."""
        claimed(journal)
        later = NOON + timedelta(seconds=9)
        fresh = task("succeed", videos=(Result("f", "https://films.example/new.mp4"),), updated_at=later)
        for seen in (task("succeed"), fresh, task("succeed")):
            journal.saw(seen)

        entry = journal.entry("key")
        assert entry is not None
        assert entry.task == fresh
        assert states(journal) == ["sending", "succeed"]

    def test_a_task_that_is_gone(self, journal: Journal) -> None:
        """It may be sent again, after a look; not where another was made in its place meanwhile."""
        claimed(journal)
        journal.saw(task("succeed"))
        journal.gone("key", task("succeed"))
        journal.gone("nobody's", task())
        assert states(journal) == ["sending", "succeed", "unclear"]
        assert journal.transitions("key")[-1].note == "Task 100 is gone."

        assert claimed(journal)[1:] == ("unclear", True)
        journal.saw(task(id="101"))
        journal.gone("key", task("succeed"))
        entry = journal.entry("key")
        assert entry is not None
        assert entry.task == task(id="101")

    def test_who_comes_late_changes_nothing(self, journal: Journal, clock: Clock) -> None:
        """A sender that slept through its time does not speak for the one that took over, nor against a task."""
        slow, quick = journal.sender(), journal.sender()
        claimed(journal, who=slow)
        clock.now += HELD
        claimed(journal, who=quick)
        journal.settle("key", slow, "refused")
        assert states(journal) == ["sending", "sending"]

        journal.saw(task())
        journal.settle("key", quick, "unclear")
        assert states(journal) == ["sending", "sending", "submitted"]


class TestHeld:
    """A submission belongs to its sender."""

    def test_another_kernel_waits(self, path: Path, journal: Journal, clock: Clock) -> None:
        """As long as the sender may be at it; he himself may claim again, which makes it longer."""
        who = journal.sender()
        claimed(journal, who=who)
        with closing(Journal(path, "account", "host", clock)) as other:
            clock.now += HELD - 1
            assert claimed(other)[1:] == ("sending", False)
            assert claimed(journal, who=who)[1:] == ("sending", True)
            clock.now += HELD - 1
            assert claimed(other)[2] is False
            clock.now += 1
            assert claimed(other)[1:] == ("sending", True)

    @pytest.mark.parametrize("jump", [-3600.0, -60.0, 60.0])
    def test_a_clock_that_is_set_lets_nobody_in_at_once(self, journal: Journal, clock: Clock, jump: float) -> None:
        """Set back, it is never for ever either."""
        claimed(journal)
        clock.now += jump
        assert claimed(journal)[2] is (jump == -3600)
        clock.now += 2 * HELD + 3600
        assert claimed(journal)[2]

    def test_who_has_died_holds_nothing(self, path: Path, journal: Journal) -> None:
        """The notebook goes on as soon as its kernel is there again."""
        died = multiprocessing.get_context("spawn").Process(target=claiming.and_die, args=[str(path)])
        died.start()
        died.join()

        assert claimed(journal)[1:] == ("sending", True)

    def test_whom_one_cannot_ask_is_believed_to_live(self) -> None:
        """Another machine's; here a process that has our own number of old does not, nor one that is not there."""
        mine = sender.named("1:1")
        host, pid, rest = mine.rsplit(" ", 2)

        assert sender.lives(mine)
        assert sender.lives(f"{host} {os.getppid()} 0:1:1")
        assert sender.lives("a machine elsewhere 4194999 0:1:1")
        assert not sender.lives(f"{host} {pid} 0:1:1")
        assert not sender.lives(f"{host} 4194999 {rest}")
        assert (host, pid) == (socket.gethostname(), str(os.getpid()))

    def test_two_kernels_at_the_same_instant(self, tmp_path: Path) -> None:
        """Each of ten new files is made and migrated by both; each key is one kernel's alone."""
        spawn = multiprocessing.get_context("spawn")
        start, ended, said = spawn.Barrier(2), spawn.Barrier(2), spawn.Queue()
        paths = [str(tmp_path / f"{n}.sqlite") for n in range(10)]
        kernels = [spawn.Process(target=claiming.at_once, args=[paths, start, ended, said]) for _ in range(2)]
        for kernel in kernels:
            kernel.start()
        first, second = said.get(timeout=60), said.get(timeout=60)
        for kernel in kernels:
            kernel.join()

        assert [a + b for a, b in zip(first, second, strict=True)] == [1] * 10

    def test_many_threads_of_two_clients(self, path: Path) -> None:
        """Sixteen at once: one has it, and no call fails."""
        two = [Journal(path, "account", "host") for _ in range(2)]
        got: list[bool] = []
        threads = [threading.Thread(target=lambda n=n: got.append(claimed(two[n % 2])[2])) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for journal in two:
            journal.close()

        assert sorted(got) == [False] * 15 + [True]


class TestFile:
    """What may be wrong with a file."""

    def test_it_is_in_wal_mode(self, path: Path, journal: Journal) -> None:
        """So that readers do not wait for a writer; and it says which tables it has."""
        claimed(journal)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert database.execute("PRAGMA user_version").fetchone() == (len(journal_file.VERSIONS),)

    def test_two_that_make_a_new_file_at_once(self) -> None:
        """SQLite tells one of them at once that it is locked, whatever it was told to wait; so we wait."""
        answers: list[Exception | None] = [sqlite3.OperationalError("database is locked")] * 2
        answers += [None, sqlite3.OperationalError("disk I/O error")]

        class Database(sqlite3.Connection):
            def execute(self, *statement: Any) -> Any:
                if answer := answers.pop(0):
                    raise answer

        with closing(Database(":memory:")) as database:
            journal_file._let_read_while_writing(database)
            assert len(answers) == 1
            with pytest.raises(sqlite3.OperationalError, match="disk"):
                journal_file._let_read_while_writing(database)

    def test_what_is_claimed_is_on_the_platter(self, journal: Journal) -> None:
        """A power cut takes nothing that was sent; the rest may be learnt again and needs no such wait."""
        claimed(journal)
        assert journal._open is not None
        assert journal._open.execute("PRAGMA synchronous").fetchone() == (2,)
        journal.saw(task())
        assert journal._open.execute("PRAGMA synchronous").fetchone() == (1,)

    def test_an_older_file_becomes_todays(self, path: Path) -> None:
        """Version by version; what is in it stays."""
        first = "CREATE TABLE a (x); INSERT INTO a VALUES (1)"
        second = "ALTER TABLE a ADD COLUMN y DEFAULT 2;"
        journal_file.opened(path, (first,)).close()
        for _ in range(2):
            with closing(journal_file.opened(path, (first, second))) as database:
                assert database.execute("SELECT x, y FROM a").fetchall() == [(1, 2)]

    def test_a_migration_that_fails_leaves_the_file_as_it_was(self, path: Path) -> None:
        """Whole, for the version that made it."""
        first = "CREATE TABLE a (x)"
        journal_file.opened(path, (first,)).close()
        with pytest.raises(kw.KlingError, match="cannot be used: no such table: b"):
            journal_file.opened(path, (first, "ALTER TABLE a ADD COLUMN y; INSERT INTO b VALUES (1)"))
        with closing(journal_file.opened(path, (first,))) as database:
            assert [row[1] for row in database.execute("PRAGMA table_info(a)")] == ["x"]

    def test_a_newer_file_is_left_alone(self, path: Path) -> None:
        """It says so, and what to do."""
        journal_file.opened(path, (*journal_file.VERSIONS, "CREATE TABLE newer (x)")).close()
        journal = Journal(path, "account", "host")

        with pytest.raises(kw.KlingError, match=r"written by a newer kling_widgets\. Update this one, or choose"):
            claimed(journal)

    @pytest.mark.parametrize("spoil", ["text", "half", "inside"])
    def test_a_file_that_is_broken(self, path: Path, spoil: str) -> None:
        """It is never overwritten; the words say that moving it away loses nothing."""
        with closing(Journal(path, "account", "host")) as journal:
            for n in range(200):
                claimed(journal, f"key {n}")
        data = path.read_bytes()
        broken = {
            "text": b"This is no database, but a list of films. " * 30,
            "half": data[: len(data) // 2],
            "inside": data[:4096] + b"\xff" * (len(data) - 4096),
        }[spoil]
        path.write_bytes(broken)

        with (
            closing(Journal(path, "account", "host")) as journal,
            pytest.raises(kw.KlingError, match=r"cannot be used: .*Move it away: a new one is made"),
        ):
            claimed(journal)
        assert path.read_bytes()[:100] == broken[:100]

    def test_a_place_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        """A folder in its place, a file in its folder's place, a disk that cannot be written to."""
        (tmp_path / "file").write_text("")
        for place in (tmp_path, tmp_path / "file" / "journal.sqlite", Path("/proc/kling/journal.sqlite")):
            with pytest.raises(kw.KlingError, match="Check the disk and the permissions, or choose another file"):
                claimed(Journal(place, "account", "host"))

    def test_a_file_that_can_only_be_read(self, path: Path, journal: Journal) -> None:
        """What it knows can still be read; a claim is refused, in words."""
        claimed(journal)
        assert journal._open is not None
        journal._open.execute("PRAGMA query_only = 1")

        with pytest.raises(kw.KlingError, match="cannot be used: attempt to write a readonly database"):
            claimed(journal)
        assert journal.entry("key") is not None

    def test_a_full_disk(self, journal: Journal) -> None:
        """The claim is refused; nothing is half written, and once there is room all goes on."""
        claimed(journal)
        assert journal._open is not None
        (pages,) = journal._open.execute("PRAGMA page_count").fetchone()
        journal._open.execute(f"PRAGMA max_page_count = {pages}")
        outline = {"prompt": "x" * 100_000}
        for _ in range(2):
            with pytest.raises(kw.KlingError, match="database or disk is full"):
                journal.claim("big", "image2video", outline, None, journal.sender())
        assert (journal.entry("big"), journal.transitions("big")) == (None, [])

        journal._open.execute("PRAGMA max_page_count = 1000000")
        assert journal.claim("big", "image2video", outline, None, journal.sender())[1:] == (None, True)

    def test_what_fails_in_the_middle_is_taken_back(self, journal: Journal) -> None:
        """And the next call goes on as if it had never been."""
        with pytest.raises(TypeError):
            journal.claim("key", "image2video", {"image": object()}, None, journal.sender())

        assert claimed(journal)[1:] == (None, True)

    def test_a_file_that_another_holds_for_long(self, path: Path, journal: Journal) -> None:
        """No permission is missing then."""
        claimed(journal)
        assert journal._open is not None
        journal._open.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(kw.KlingError, match=r"database is locked\. Another kernel has been writing to it"):
                claimed(journal)
        assert claimed(journal)[2] is False

    def test_a_name_of_nobody_with_a_tilde(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """~ is the user's home, as in a shell."""
        monkeypatch.setenv("HOME", str(tmp_path))

        assert Journal("~/j.sqlite", "account", "host").path == tmp_path / "j.sqlite"

    def test_it_holds_no_picture_and_no_key(self, path: Path) -> None:
        """An outline has a few hundred bytes, with the fingerprint in the picture's place."""
        mask = np.zeros((427, 640), bool)
        mask[200:] = True
        callback = "https://me.example/?key=hush"
        request = film(model_name="kling-v1", static_mask=mask, callback_url=callback, external_task_id="key")
        with closing(Journal(path, "account", "host")) as journal:
            journal.claim("key", request.kind, request.gist(), request.cost(), journal.sender())
            entry = journal.entry("key")

        assert entry is not None
        assert entry.request["image"] == f"sha256:{PHOTO.fingerprint}"
        assert entry.request.keys() == {"model_name", "prompt", "image", "static_mask"}
        assert len(json.dumps(entry.request)) < 500
        stored = path.read_bytes()
        assert PHOTO.base64()[100:200].encode() not in stored
        assert b"hush" not in stored


class TestHandles:
    """Nothing is left open, and nothing is shared that must not be."""

    @staticmethod
    def open_files(folder: Path) -> list[str]:
        links = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
        return [link for link in links if link.startswith(str(folder))]

    @pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no list of open files")
    def test_closing_lets_go_and_the_next_call_opens_again(self, path: Path) -> None:
        """So does a journal that nobody has any more."""
        journal = Journal(path, "account", "host")
        claimed(journal)
        assert len(self.open_files(path.parent)) >= 2
        journal.close()
        journal.close()
        assert self.open_files(path.parent) == []

        assert journal.entry("key") is not None
        del journal
        assert self.open_files(path.parent) == []

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
    def test_a_fork_shares_no_connection_and_no_lock(self, path: Path, journal: Journal) -> None:
        """Not even where another thread was writing at that moment."""
        claimed(journal)
        connection = journal._open
        with journal._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which is what this is about
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                try:
                    mine = claimed(journal, "of the child")[2]
                    os._exit(0 if mine and journal._open is not connection else 1)
                finally:
                    os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

        assert journal._open is connection
        assert [entry.key for entry in journal.entries()] == ["of the child", "key"]
        assert claimed(journal, "of the parent")[2]
        assert journal in journals._all
