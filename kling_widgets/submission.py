"""Making a task, once: what a refused, lost or strange answer to a create means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kling_widgets.endpoint import Kind
from kling_widgets.errors import ConnectionFailed, Rejected, ResponseError
from kling_widgets.raw_request import RawRequest
from kling_widgets.request import Request
from kling_widgets.task import Task
from kling_widgets.wire import Wire

Find = Callable[[str, Kind], Awaitable[Task]]

_SAFE_AGAIN = (
    "The task may have been made all the same. Submit the same request again: it carries the same id, so the service "
    "finds that task instead of making a second one."
)


async def create(wire: Wire, request: Request, body: Mapping[str, Any], find: Find) -> tuple[Task, bool]:
    """The task of `body`, and whether it was there before; `find` looks a task up."""
    try:
        data = await wire.post(request.endpoint, body)
        if not (isinstance(request, RawRequest) and _at_once(data)):
            return Task.from_wire(request.kind, data), False
    except ConnectionFailed as error:
        if not error.sent:
            raise
        raise ConnectionFailed(f"{error} {_SAFE_AGAIN}") from error
    except ResponseError as error:
        raise ResponseError(f"{error} {_SAFE_AGAIN}", error.http_status) from error
    except Rejected as error:
        if error.code != 1201 or "already exists" not in error.message.lower():
            raise
        return await _adopted(request, body["external_task_id"], error, find), True

    raise ResponseError(
        f"{request.endpoint} answers at once and gives no task, so there is nothing to follow or to fetch. "
        "Only endpoints that make tasks can be submitted to."
    )


def _at_once(data: object) -> bool:
    """Whether an answer is already what was asked for, as that of face recognition or of speech."""
    return not (isinstance(data, Mapping) and data.keys() & {"task_id", "task_status"})


async def _adopted(request: Request, id: str, refusal: Rejected, find: Find) -> Task:
    try:
        return await find(id, request.kind)
    except Rejected as error:
        message = f"{refusal.message} - but not for {request.kind}; choose another external_task_id"
        raise Rejected(refusal.code, refusal.http_status, message, refusal.request_id) from error
