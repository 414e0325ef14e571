"""Callbacks of the service, received: read, checked, and told to a client's watchers.

In a Starlette or FastAPI application, where requests have `callback_url="https://example.org/kling/"`:

    app.mount("/kling", kw.callbacks.receiver(client, secret))

In any other framework, with the headers and the raw body of a POST:

    body = kw.callbacks.verify(headers, body, secret)
    client.hear(kw.callbacks.task(body), signed=True)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from kling_widgets import reading, signature
from kling_widgets.endpoint import Kind
from kling_widgets.errors import BadSignature, ResponseError
from kling_widgets.receiver import Headers, Receiver
from kling_widgets.signature import verify
from kling_widgets.task import Task

__all__ = ["BadSignature", "Receiver", "receiver", "task", "verify"]

_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


class Hears(Protocol):
    """The part of a client that callbacks need."""

    def hear(self, task: Task, *, signed: bool = False) -> None: ...


def task(body: bytes | str | Mapping[str, Any], kind: Kind = "image2video") -> Task:
    """The task that a callback tells of. The body does not say of which `kind` it is, unless it brings pictures.

    The vendor's callbacks have no `watermark_url`: `client.task(id)` knows it. Raises ResponseError naming what is
    unreadable.
    """
    fields = reading.mapping(body if isinstance(body, Mapping) else _json(body), "body")
    if "task_status" not in fields and "status" in fields:
        fields = _older(fields)
    told = Task.from_wire(kind, fields)
    films = kind == "image2video"  # what is assumed where nothing is said
    return replace(told, kind="images/generations") if told.images and films else told


def receiver(client: Hears, secret: str | None = None, *, now: Callable[[], float] = time.time) -> Receiver:
    """An ASGI application that takes the service's callbacks and tells `client`'s watchers: they stop polling then.

    With `secret`, the Webhook Secret of the vendor's console, what is signed is believed at once, and nothing else is
    taken. Without, anybody can send callbacks, so each only makes a watcher look at once. `now` is in seconds since
    1970. Raises InvalidRequest where `secret` is none, MissingExtra where `standardwebhooks` is not installed.
    """
    signer = None if secret is None else signature.signer(secret)

    def take(headers: Headers, body: bytes) -> None:
        if signer is not None:
            signature.check(headers, body, signer, now())
        client.hear(task(body), signed=signer is not None)

    return Receiver(take)


def _json(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError, TypeError):
        raise ResponseError("The callback's body is not JSON.") from None


def _older(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A body of the vendor's newer style, `{id, status, outputs...}`, in the words of the older one."""
    outputs = reading.rows(fields, "outputs")
    results: dict[str, list[Any]] = {"outputs": [*outputs], "videos": [], "images": []}
    for n, output in enumerate(outputs):
        row = reading.mapping(output, f"outputs[{n}]")
        if row.get("url"):
            results["images" if _is_picture(row) else "videos"].append(row)
    return {
        "task_id": fields.get("id"),
        "task_status": fields["status"],
        "task_status_msg": fields.get("message"),
        "task_info": {"external_task_id": fields.get("external_id")},
        "task_result": results,
        "created_at": fields.get("create_time"),
        "updated_at": fields.get("update_time"),
    }


def _is_picture(row: Mapping[str, Any]) -> bool:
    return row.get("type") == "image" or str(row["url"]).partition("?")[0].lower().endswith(_PICTURE_ENDINGS)
