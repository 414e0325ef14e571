"""How a task looks on the wire: after create, in a query, in a list and in a callback."""

from __future__ import annotations

import json
from typing import Any

from .task import Task


def created(task: Task) -> dict[str, Any]:
    """R100."""
    return {
        "task_id": task.task_id,
        "task_info": _info(task),
        "task_status": task.status,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
    }


def one(task: Task, origin: str) -> dict[str, Any]:
    """R105, R139. `origin` is the scheme and host under which the reader reaches the results."""
    answer = created(task) | {
        "task_status_msg": task.message,
        "watermark_info": {"enabled": task.order.watermark},
        "task_result": _result(task, origin),
    }
    if task.ended:
        answer["final_unit_deduction"] = _units(task)
    return answer


def listed(task: Task, origin: str) -> dict[str, Any]:
    """R113, R142: the list of effects leaves watermark_info out."""
    answer = one(task, origin)
    if task.kind == "effects":
        del answer["watermark_info"]
    return answer


def callback(task: Task) -> str:
    """The body posted to callback_url: no envelope, no watermark_url."""
    answer = one(task, task.origin)
    del answer["watermark_info"]
    for entries in answer["task_result"].values():
        for entry in entries:
            entry.pop("watermark_url", None)
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _info(task: Task) -> dict[str, str]:
    external = task.order.external_task_id
    return {"external_task_id": external} if external else {}


def _units(task: Task) -> str:
    return task.order.units if task.status == "succeed" else "0"  # a failed task costs nothing


def _result(task: Task, origin: str) -> dict[str, list[dict[str, object]]]:
    entries = []
    for index, result in enumerate(task.results):
        entry: dict[str, object] = {"index": index} if task.order.pack == "image" else {"id": result.id}
        entry["url"] = _url(origin, result.file)
        if result.watermarked is not None:
            entry["watermark_url"] = _url(origin, result.watermarked)
        # R140: the videos of effects have no duration.
        if task.kind in ("image2video", "text2video") and task.seconds is not None:
            entry["duration"] = f"{task.seconds:.3f}".rstrip("0").removesuffix(".")
        entries.append(entry)
    return {"images" if task.order.pack == "image" else "videos": entries}


def _url(origin: str, file: str) -> str:
    return f"{origin}/{'films' if file.endswith('.mp4') else 'images'}/{file}"
