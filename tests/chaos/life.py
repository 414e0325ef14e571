"""A client in a process of its own, that can be killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.chaos import person
from tests.chaos.proxy import Proxy

ROOT = Path(__file__).parents[2]
SECONDS = 300
"""A life that is not killed ends by then."""


class Life:
    """`person` as a process, with journal and films in `folder`; `name` tells it from others there.

    As a context manager: ready to begin on entering, and not alive any more on leaving.
    """

    def __init__(self, proxy: Proxy, folder: Path, count: int, name: str = "one", seconds: float = SECONDS) -> None:
        self._proxy, self._seconds = proxy, seconds
        self._told = person.told(folder, name)
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.chaos.person", proxy.url, str(folder), name, str(count)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            self.__exit__(None, None, None)
            raise RuntimeError("the client's process did not start; its reason is in stderr")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self, chance: random.Random, calls: int) -> bool:
        """SIGKILL after 0 to `calls` more calls and up to 50 ms; False where it had ended by itself before."""
        due = self._proxy.books.calls.total() + chance.randrange(calls + 1)
        while self._process.poll() is None and not self._proxy.await_books(lambda b: b.calls.total() >= due, 0.1):
            pass
        try:
            return self._process.wait(chance.random() * 0.05) < 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait() < 0

    def end(self) -> person.Got:
        """Let it come to its end: the films that it got, and what all lives of its name saw."""
        assert self._process.wait(self._seconds) == 0, "it ended with an error of its own"
        got = person.Got()
        for line in self._told.read_text().splitlines():
            match line.split("\t"):
                case ["begun"]:
                    got.films.clear()
                case ["", "error", text]:
                    got.seen[text] += 1
                case [wish, path]:
                    got.films[wish] = Path(path)
        return got


def with_deaths(
    proxy: Proxy, folder: Path, count: int, *, kills: int, seed: int, seconds: float = SECONDS
) -> tuple[person.Got, int]:
    """What the last of many lives got, and how many of them were killed: at most `kills`, spread over all the work."""
    chance = random.Random(seed)
    # A wish takes about four calls.
    pace = 2 * 4 * count // (kills + 1)
    killed = 0
    for _ in range(kills):
        with Life(proxy, folder, count) as life:
            life.begin()
            killed += life.kill(chance, pace)
    with Life(proxy, folder, count, seconds=seconds) as life:
        life.begin()
        return life.end(), killed
