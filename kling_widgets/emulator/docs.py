"""The page at /docs: one file without scripts, filled with what the code itself says, so that it stays true."""

from __future__ import annotations

import argparse
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from starlette.routing import Route

from . import answers, callbacks, results, store, worker
from .faults import FAULTS, Fault
from .flags import add_arguments
from .rules import images, text2video

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What a browser may do for this page: show it."""

_CODES = {
    answers.NOT_AUTHENTICATED: "the access key is not known, or the signature is wrong",
    answers.NO_AUTHORIZATION: "there is no Authorization header",
    answers.INVALID_AUTHORIZATION: "it is not Bearer and a JWT of three parts, signed by HS256, with an exp",
    answers.TOKEN_TOO_EARLY: "nbf lies in the future",
    answers.TOKEN_EXPIRED: "exp has passed",
    answers.NO_UNITS: "the account’s pack cannot pay for the task",
    answers.INVALID_REQUEST: "the body is no JSON object or beyond 128 MB, or its Content-Type is not application/json",
    answers.INVALID_FIELD: (
        "a field or a query parameter is missing or wrong, the external_task_id is taken, or the task is not found: "
        "the message says which"
    ),
    answers.WRONG_METHOD: "this path knows no such method",
    answers.NO_SUCH_RESOURCE: "there is no such path, model or result",
    answers.NO_FREE_SLOT: "too many tasks of the account are running",
    answers.TOO_FAST: "never, but as a fault on tap",
    answers.INTERNAL: "a fault of the emulator: please report it; or one on tap",
    answers.UNAVAILABLE: "too many tasks are running to remember one more; or a fault on tap",
    answers.TIMEOUT: "never, but as a fault on tap",
}
_RESOURCES = {
    "/": "leads to this page",
    "/docs": "this page",
    "/account/costs": "the account’s resource packs",
    "/films/{name}": "a finished film",
    "/images/{name}": "a finished picture",
}
_KINDS = {
    "/v1/videos/image2video": "a film of a picture",
    "/v1/videos/text2video": "a film of words",
    "/v1/videos/effects": "a film of an effect with one photo or two",
    "/v1/images/generations": "pictures of words, or of words and a picture",
}


@dataclass(frozen=True)
class Facts:
    """What differs from one emulator to the next."""

    speed: float
    video_slots: int
    image_slots: int
    units: float
    signed: bool
    pages: range
    page: int
    sizes: range
    size: int
    disk_mb: float = results.MOST_MB
    most_tasks: int = store.MOST_TASKS
    faults: str = ""
    """Those that strike here, with their rates."""


def page(origin: str, routes: Sequence[Route], facts: Facts) -> str:
    """HTML. `origin` is the scheme and host by which the reader has reached the emulator."""
    texts = {
        "origin": origin,
        "pages": _from_to(facts.pages),
        "page": str(facts.page),
        "sizes": _from_to(facts.sizes),
        "size": str(facts.size),
        "submitted": f"{worker.SUBMITTED:g}",
        "processing": f"{worker.PROCESSING:g}",
        "speed": f"{facts.speed:g}",
        "film_aspects": ", ".join(text2video.ASPECTS),
        "picture_models": ", ".join(images.MODELS),
        "picture_aspects": ", ".join(images.ASPECTS),
        "video_slots": str(facts.video_slots),
        "image_slots": str(facts.image_slots),
        "units": f"{facts.units:,.10g}",
        "attempts": str(callbacks.ATTEMPTS),
        "longest": f"{callbacks.LONGEST_WAIT:g}",
        "signed": "yes" if facts.signed else "no",
        "disk": f"{facts.disk_mb:,.10g}",
        "most": f"{facts.most_tasks:,}",
        "struck": facts.faults or "none",
    }
    parts = {name: html.escape(text) for name, text in texts.items()}
    parts |= {"routes": _routes(routes), "codes": _codes(), "flags": _flags(), "faults": _faults()}
    template = files("kling_widgets").joinpath("data/docs.html").read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)


def _routes(routes: Sequence[Route]) -> str:
    tasks_first = sorted(routes, key=lambda route: route.path in _RESOURCES)
    calls = [
        (method, route.path.replace(":path", ""))
        for route in tasks_first
        for method in sorted(route.methods or ())
        # A slash at the end is another way to write the same call.
        if method != "HEAD" and (route.path == "/" or not route.path.endswith("/"))
    ]
    return "\n".join(_row(f"{method} {path}", _does(method, path)) for method, path in calls)


def _does(method: str, path: str) -> str:
    if path in _RESOURCES:
        return _RESOURCES[path]

    if path.endswith("/{id}"):
        return "one task"

    return f"make {_KINDS[path]}" if method == "POST" else "list tasks"


def _codes() -> str:
    return "\n".join(
        f'<tr><td class="number">{answers.HTTP_STATUS[code]}</td><td class="number">{code}</td>'
        f"<td>{html.escape(when)}</td></tr>"
        for code, when in _CODES.items()
    )


def _faults() -> str:
    return "\n".join(
        f'<tr><td class="name"><code>{html.escape(fault.name)}</code></td><td>{html.escape(fault.touches)}</td>'
        f"<td>{_done(fault)}</td><td>{html.escape(fault.text)}</td></tr>"
        for fault in FAULTS
    )


def _done(fault: Fault) -> str:
    if "create" not in fault.calls:
        return "no matter"

    return "yes" if fault.acted else "no"


def _flags() -> str:
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    rows: Iterable[argparse.Action] = parser._actions  # no public name, and nothing else knows the help
    return "\n".join(_row(_usage(action), action.help or "") for action in rows)


def _usage(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else action.metavar or action.dest.upper()
    return f"{action.option_strings[0]} {value}".rstrip()


def _row(name: str, text: str) -> str:
    return f'<tr><td class="name"><code>{html.escape(name)}</code></td><td>{html.escape(text)}</td></tr>'


def _from_to(values: range) -> str:
    return f"{values.start} to {values.stop - 1}"
