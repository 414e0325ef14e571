"""Films on disk: that they decode, what lies beside them, and what several processes make of one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kling_widgets import decoding, films, sidecar
from kling_widgets.emulator.encode import Encoder
from tests.shelf import WHOLE, Naps, Shelf, fetched, lying
from tests.test_download import PART
from tests.test_fetch import DAMAGED
from tests.tiny_film import FILM


class TestDecoding:
    """A film that is whole by its boxes need not play."""

    def saved(self, folder: Path, content: bytes) -> Path:
        path = folder / "boat.mp4"
        path.write_bytes(content)
        return path

    def test_a_good_one(self, tmp_path: Path) -> None:
        """Nothing to say."""
        decoding.check(self.saved(tmp_path, FILM))

    def test_one_with_sound(self, tmp_path: Path) -> None:
        """As the emulator makes them, and the service."""
        import numpy as np

        path = tmp_path / "boat.mp4"
        with Encoder(path, 320, 240, 10, sound=True) as film:
            for n in range(10):
                film.write(np.full((240, 320, 3), n * 20, np.uint8), np.zeros((4800, 2), np.float32))
        decoding.check(path)

        spoilt = bytearray(path.read_bytes())
        start = spoilt.index(b"mdat") + 700
        spoilt[start : start + 400] = bytes(range(200)) * 2
        with pytest.raises(ValueError, match="does not play to its end"):
            decoding.check(self.saved(tmp_path, bytes(spoilt)))

    def test_a_damaged_one(self, tmp_path: Path) -> None:
        """Two hundred bytes of its pictures are others; the boxes are all there."""
        path = self.saved(tmp_path, DAMAGED)
        assert films.on_disk(path, "") is not None
        with pytest.raises(ValueError, match=r"it does not play to its end \(Invalid data"):
            decoding.check(path)

    def test_one_that_is_none(self, tmp_path: Path) -> None:
        """In words as well."""
        with pytest.raises(ValueError, match="does not play to its end"):
            decoding.check(self.saved(tmp_path, b"<html>"))

    def test_without_pyav(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The client alone is installed: boxes and length must do."""
        monkeypatch.setitem(sys.modules, "av", None)
        assert fetched(Shelf(file=DAMAGED), tmp_path).path.read_bytes() == DAMAGED


class TestSidecar:
    """What lies beside a film."""

    def test_all_that_is_known(self, tmp_path: Path) -> None:
        """The caller's note, the task, the film, the dates; not what opens its address, nor the key."""
        video = fetched(Shelf(), tmp_path, days=1, take=2, request={"prompt": "up", "image": "x" * 5000})

        assert sidecar.read(video.path) == {
            "take": 2,
            "request": {"prompt": "up", "image": "…5000"},
            "task": {
                "id": "100",
                "external_id": "boat",
                "kind": "image2video",
                "status": "succeed",
                "created_at": "2024-08-04T11:05:57+00:00",
                "updated_at": "2024-08-04T11:05:57+00:00",
                "units": 0.2,
            },
            "fetched_at": "2024-08-05T11:05:57+00:00",
            "kept_until": "2024-09-03T11:05:57+00:00",
            "film": {
                "file": "boat.mp4",
                "duration": 5.0,
                "width": 1280,
                "height": 720,
                "url": "https://films.example/boat.mp4",
                "bytes": 50_000,
                "sha256": hashlib.sha256(FILM).hexdigest(),
            },
        }
        assert "secret" not in (tmp_path / "boat.json").read_text()

    def test_no_film_without_it(self, tmp_path: Path) -> None:
        """Where it cannot be written, the film is not put there either."""
        (tmp_path / "boat.json").mkdir()
        with pytest.raises(Exception, match="cannot be saved as"):
            fetched(Shelf(), tmp_path)
        assert lying(tmp_path) == {"boat.json", PART}

    def test_one_that_is_missing_costs_nothing(self, tmp_path: Path) -> None:
        """The film is what was paid for."""
        video = fetched(Shelf(), tmp_path)
        (tmp_path / "boat.json").unlink()
        assert fetched(shelf := Shelf(), tmp_path) == video
        assert (shelf.requests, sidecar.read(video.path)) == ([], None)


class Slow(ThreadingHTTPServer):
    """Half of the film at once, the rest when the `gate` is open; ranges are given at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.gate = threading.Event()
        self.asked: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_port}/boat.mp4"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is killed hangs up."""


class Answer(BaseHTTPRequestHandler):
    server: Slow

    def do_GET(self) -> None:
        asked = self.headers["range"]
        self.server.asked.append(asked)
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked else 0  # type: ignore[index]
        self.send_response(206 if asked else 200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(FILM) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(FILM) - 1}/{len(FILM)}")
        self.end_headers()
        if not asked:
            self.wfile.write(FILM[: (start := 25_000)])
            self.server.gate.wait(30)
        self.wfile.write(FILM[start:])

    def log_message(self, *about: object) -> None:
        pass


@pytest.fixture
def slow() -> Iterator[Slow]:
    with Slow() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.gate.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def child(slow: Slow, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has half of the film, and waits for the rest."""
    command = [sys.executable, "-m", "tests.fetching", slow.url, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            while int(process.stdout.readline()) < 25_000:
                pass
            yield process
        finally:
            process.kill()


class TestProcesses:
    """Two kernels, and one that dies."""

    def test_killed_in_the_middle(self, slow: Slow, child: subprocess.Popen[str], tmp_path: Path) -> None:
        """Every byte that came is there; the next process asks for the rest alone, and nothing else is left."""
        child.kill()
        child.wait()
        assert lying(tmp_path) == {PART, "boat.mp4.lock"}
        assert (tmp_path / PART).read_bytes() == FILM[:25_000]

        assert fetched(None, tmp_path, url=slow.url).path.read_bytes() == FILM
        assert (slow.asked, lying(tmp_path)) == ([None, "bytes=25000-"], WHOLE)

    def test_two_at_once(self, slow: Slow, child: subprocess.Popen[str], tmp_path: Path) -> None:
        """The second waits for the first, and finds its film."""
        naps = Naps()

        async def sleep(seconds: float) -> None:
            naps.taken.append(seconds)
            slow.gate.set()
            await asyncio.to_thread(child.wait, 30)

        naps.sleep = sleep  # type: ignore[method-assign]
        video = fetched(None, tmp_path, naps, url=slow.url)

        assert (child.returncode, naps.taken, slow.asked) == (0, [0.5], [None])
        assert (video.path.read_bytes(), lying(tmp_path)) == (FILM, WHOLE)
        assert json.loads((tmp_path / "boat.json").read_text())["film"]["url"] == slow.url
