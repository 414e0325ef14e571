"""5,000 wishes through bad weather, by a client that is killed now and then, beside one that just tries again.

Target: 0 charged twice, 0 lost, 0 corrupt. Takes some minutes; `python -m tests.bench chaos`.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from tests.chaos import life, naive, person
from tests.chaos.judge import Verdict, books, judge
from tests.chaos.proxy import Books, Weather
from tests.chaos.world import world

WISHES = 5_000
KILLS = 20
NAIVE_WISHES = 500
WEATHER = Weather(seed=1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, seen, passed = _ours(Path(folder))
        theirs, theirs_passed = _naive(Path(folder))

    rows = [("", "kling_widgets", "tries again"), ("wishes", WISHES, NAIVE_WISHES)]
    rows += [(name, *map(count, (passed, theirs_passed))) for name, count in _COUNTS.items()]
    rows += [(name, *map(count, (ours, theirs))) for name, count in _VERDICTS.items()]
    for name, *counts in rows:
        print(f"{name:40}" + "".join(f"{count:>15,}" if isinstance(count, int) else f"{count:>15}" for count in counts))
    _list("What went wrong on the way (kling_widgets, tries again):", passed.misfortunes, theirs_passed.misfortunes)
    _list("What the person saw, who then ran the cell again:", seen)


_COUNTS = {
    "calls": lambda passed: passed.calls.total(),
    "misfortunes": lambda passed: passed.misfortunes.total(),
    "POSTs that reached the server": lambda passed: passed.forwarded.total(),
}
_VERDICTS = {
    "tasks made": lambda verdict: verdict.tasks,
    "charged twice": lambda verdict: len(verdict.charged_twice),
    "lost": lambda verdict: len(verdict.lost),
    "corrupt": lambda verdict: len(verdict.corrupt),
}


def _ours(folder: Path) -> tuple[Verdict, Counter[str], Books]:
    wishes, server, home = person.wishes(WISHES), folder / "server", folder / "client"
    began = perf_counter()
    with world(server, WEATHER) as proxy:
        got, killed = life.with_deaths(proxy, home, WISHES, kills=KILLS, seed=1, seconds=3600)
    print(f"{WISHES:,} wishes, killed {killed} times: {perf_counter() - began:.0f} s", flush=True)
    return judge(books(server), wishes, got.films, [home]), got.seen, proxy.books


def _naive(folder: Path) -> tuple[Verdict, Books]:
    wishes, server, home = person.wishes(NAIVE_WISHES), folder / "naive-server", folder / "naive"
    with world(server, WEATHER) as proxy:
        got = asyncio.run(naive.ask(proxy.url, wishes, home))
    return judge(books(server), wishes, got, [home]), proxy.books


def _list(title: str, *counts: Counter[str]) -> None:
    print(f"\n{title}")
    for name in sorted(set().union(*counts)):
        print("".join(f"{count[name]:8,}" for count in counts) + f"  {name}")


if __name__ == "__main__":
    main()
