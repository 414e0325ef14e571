"""What the journal knows of a photo: the takes that were made of it before, and which take is the next."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kling_widgets.errors import KlingError

if TYPE_CHECKING:
    from kling_widgets.journal import Entry, Journal
    from kling_widgets.request import Request

MOST = 12
"""Takes of a photo that are shown again; older ones are found by asking for them."""
DEPTH = 1000
"""Submissions that are looked through: those of months for a person, and a twelfth of a second for a disk."""
KINDS = ("image2video", "effects")
UNREADABLE = "The journal cannot be read; the log says why."

log = logging.getLogger("kling_widgets")


@dataclass(frozen=True)
class Earlier:
    """Submissions of these photos, newest first; `more` are left out. `trouble` says why none could be looked for."""

    entries: tuple[Entry, ...] = ()
    more: bool = False
    trouble: str = ""


def look(journal: Journal, photos: frozenset[str]) -> Earlier:
    """What was made of the photos with these fingerprints. Waits for the disk; never raises."""
    if not photos:
        return Earlier()
    try:
        made = (entry for entry in journal.entries(DEPTH) if entry.task and photos & _photos(entry))
        entries = tuple(islice(made, MOST + 1))
    except KlingError as error:
        return Earlier(trouble=f"{error} Until then takes made before are not shown, and no film can be asked for.")
    except Exception as error:
        # A courtesy must not break what it is a part of.
        log.error("A journal could not be looked through.", exc_info=error)
        return Earlier(trouble=UNREADABLE)
    return Earlier(entries[:MOST], len(entries) > MOST)


def take_number(journal: Journal, request: Request, *, another: bool) -> int:
    """The last take of `request` that was made, or `another`: the first that is free. Raises KlingError.

    One whose answer was lost is neither made nor free: it is asked for again, since it may be paid for.
    """
    last, known, take = 0, False, 1
    while (entry := journal.entry(request.key(take))) is not None:
        if entry.state != "refused":
            last, known = take, entry.task is not None
        take += 1
    return last + 1 if another and known else max(last, 1)


def _photos(entry: Entry) -> set[str]:
    """The fingerprints of what it was made of."""
    if entry.kind not in KINDS:
        return set()
    given = entry.request.get("input") if entry.kind == "effects" else entry.request
    if not isinstance(given, Mapping):
        return set()
    more = given.get("images")
    pictures = [given.get("image"), *(more if isinstance(more, list) else ())]
    return {picture.removeprefix("sha256:") for picture in pictures if isinstance(picture, str)}
