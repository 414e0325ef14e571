"""How a task looks on the wire: after create, in a query, in a list and in a callback."""

from __future__ import annotations

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
    """R105, R139. `origin` is the scheme and host under which the reader reaches the films."""
    answer = created(task) | {
        "task_status_msg": task.message,
        "watermark_info": {"enabled": task.order.watermark},
        "task_result": {"videos": _videos(task, origin)},
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


def callback(task: Task) -> dict[str, Any]:
    """The body posted to callback_url: no envelope, no watermark_url."""
    answer = one(task, task.origin)
    del answer["watermark_info"]
    for video in answer["task_result"]["videos"]:
        video.pop("watermark_url", None)
    return answer


def _info(task: Task) -> dict[str, str]:
    external = task.order.external_task_id
    return {"external_task_id": external} if external else {}


def _units(task: Task) -> str:
    return task.order.units if task.status == "succeed" else "0"  # a failed task costs nothing


def _videos(task: Task, origin: str) -> list[dict[str, str]]:
    if task.film is None or task.video_id is None or task.seconds is None:
        return []

    video = {"id": task.video_id, "url": f"{origin}/films/{task.film}"}
    if task.watermarked is not None:
        video["watermark_url"] = f"{origin}/films/{task.watermarked}"
    if task.kind == "image2video":  # R140: the videos of effects have no duration
        video["duration"] = f"{task.seconds:.3f}".rstrip("0").removesuffix(".")
    return [video]
