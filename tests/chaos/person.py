"""Somebody with many wishes, who runs the cell again when it raises; also a script, for a test to start and to kill."""

from __future__ import annotations

import argparse
import asyncio
import functools
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import PIL.Image

import kling_widgets as kw
from tests.chaos import world

MOST_RUNS = 10
"""How often the cell is run for one wish."""


@dataclass
class Got:
    """Films by wish, and the errors that a person saw on the way."""

    films: dict[str, Path] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    runs: int = 0


def wishes(count: int) -> list[str]:
    return [f"wish {number}" for number in range(count)]


def request(wish: str) -> kw.ImageToVideo:
    return kw.ImageToVideo(image=_picture(), prompt=wish)


def client(base_url: str, folder: Path) -> kw.Client:
    """With its journal and its films in `folder`."""
    return kw.Client(
        kw.KeyPair(*world.KEY),
        base_url=base_url,
        journal=folder / "journal.sqlite",
        videos=folder / "videos",
        transport=world.Impatient(),
        sleep=world.sleep,
        now=world.now,
    )


async def ask(
    client: kw.Client,
    wishes: Iterable[str],
    *,
    at_once: int = 30,
    told: Callable[..., object] = lambda *row: None,
) -> Got:
    """Each wish's film, asked for again while that raises.

    `told` hears of each film, (wish, path), and of each error, ("", "error", text).
    """
    got = Got()
    turn = asyncio.Semaphore(at_once)

    async def one(wish: str) -> None:
        async with turn:
            asked = request(wish)
            for run in range(1, MOST_RUNS + 1):
                got.runs += 1
                try:
                    video = await client.film(asked)
                    break
                except kw.KlingError as error:
                    text = re.sub(r"\d{9,}", "...", f"{type(error).__name__}: {error}")[:160]
                    got.seen[text] += 1
                    told("", "error", text)
                    if run == MOST_RUNS:
                        return
            got.films[wish] = video.path
            told(wish, video.path)

    await asyncio.gather(*map(one, wishes))
    return got


async def ask_all(base_url: str, folder: Path, wishes: Iterable[str]) -> Got:
    """What a client of one's own gets, in this process."""
    async with client(base_url, folder) as one:
        return await ask(one, wishes)


def told(folder: Path, name: str) -> Path:
    """Where the script writes down what `ask` told: a row each, after one of "begun"."""
    return folder / f"{name}.told"


@functools.cache
def _picture() -> kw.Image:
    return kw.Image.of(PIL.Image.new("RGB", (300, 300), "teal"))


async def _main(base_url: str, folder: Path, name: str, count: int) -> None:
    with told(folder, name).open("a") as file:
        write = functools.partial(print, sep="\t", file=file, flush=True)
        write("begun")
        async with client(base_url, folder) as person:
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            await ask(person, wishes(count), told=write)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    asyncio.run(_main(given.base_url, given.folder, given.name, given.count))
