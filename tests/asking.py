"""Asks a widget as its front end does, without a browser or a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kling_widgets.widgets.base import KlingWidget


class Refused(Exception):  # noqa: N818 - as the front end calls it
    """The widget answered with an error; the text is what a person would read."""


def ask(
    monkeypatch: pytest.MonkeyPatch, widget: KlingWidget, kind: str, body: dict[str, Any] | None = None, *sent: bytes
) -> tuple[dict[str, Any], bytes]:
    """The body and the bytes of the answer to `kind`, put together from its pieces."""
    answers: list[tuple[dict[str, Any], Sequence[Any]]] = []
    monkeypatch.setattr(widget, "send", lambda message, buffers=(): answers.append((message, buffers)))
    widget._hear(None, {"ask": kind, "id": 1, "body": body or {}}, [memoryview(data) for data in sent])
    last = answers[-1][0]
    if not last["ok"]:
        raise Refused(last["error"]["message"])
    return last["body"], b"".join(bytes(buffer) for _, buffers in answers for buffer in buffers)
