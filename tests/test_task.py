"""Reading a task off the wire."""

from datetime import UTC, datetime
from typing import Any

import pytest

import kling_widgets as kw
from kling_widgets.task import Task

WIRE: dict[str, Any] = {
    "task_id": "842250903629086720",
    "task_status": "succeed",
    "task_status_msg": "",
    "task_info": {"external_task_id": "rocket-1"},
    "task_result": {"videos": [{"id": "v", "url": "https://a/b.mp4", "watermark_url": "", "duration": "5.041"}]},
    "final_unit_deduction": "2.4",
    "created_at": 1722769557708,
    "updated_at": 1722769657000,
}


def test_every_field_is_read() -> None:
    """Decimal text becomes a number, milliseconds a time in UTC, empty text None."""
    assert Task.from_wire("image2video", WIRE) == Task(
        id="842250903629086720",
        external_id="rocket-1",
        kind="image2video",
        status="succeed",
        message="",
        videos=(kw.Result("v", "https://a/b.mp4", None, 5.041),),
        created_at=datetime(2024, 8, 4, 11, 5, 57, 708000, tzinfo=UTC),
        updated_at=datetime(2024, 8, 4, 11, 7, 37, tzinfo=UTC),
        units=2.4,
    )


def test_the_answer_to_a_create_is_a_task_already() -> None:
    """No result, no units, no message yet; an empty external id is none."""
    data = {key: WIRE[key] for key in ("task_id", "created_at", "updated_at")}
    task = Task.from_wire("effects", {**data, "task_status": "submitted", "task_info": {"external_task_id": ""}})

    assert (task.status, task.external_id, task.videos, task.units, task.ended) == ("submitted", None, (), None, False)


@pytest.mark.parametrize(
    ("word", "status", "ended"),
    [
        ("submitted", "submitted", False),
        ("processing", "processing", False),
        ("succeed", "succeed", True),
        ("succeeded", "succeed", True),
        ("failed", "failed", True),
    ],
)
def test_the_statuses(word: str, status: str, ended: bool) -> None:
    """Both spellings of success are success (R102)."""
    task = Task.from_wire("image2video", {**WIRE, "task_status": word})

    assert (task.status, task.ended) == (status, ended)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"task_id": None}, "task_id is missing"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": True}, "task_id"),
        ({"task_status": "cancelled"}, 'task_status "cancelled", which is none of submitted, processing'),
        ({"task_status": None}, "task_status is missing"),
        ({"created_at": "soon"}, "created_at is 'soon'"),
        ({"updated_at": 10**30}, "updated_at"),
        ({"updated_at": 1.5}, "updated_at"),
        ({"task_info": "x"}, "task_info is 'x'"),
        ({"task_status_msg": 5}, "task_status_msg"),
        ({"task_result": {"videos": "v"}}, "task_result.videos"),
        ({"task_result": {"videos": ["v"]}}, r"task_result.videos\[0\]"),
        ({"task_result": {"videos": [{"id": "v"}]}}, r"task_result.videos\[0\].url is missing"),
        ({"task_result": {"videos": [{"id": "v", "url": "u", "duration": "long"}]}}, "duration is 'long'"),
        ({"final_unit_deduction": "nan"}, "final_unit_deduction"),
    ],
)
def test_what_cannot_be_read_is_named(change: dict[str, Any], field: str) -> None:
    """A ResponseError with the field's path, never a KeyError, and not one that passes."""
    with pytest.raises(kw.ResponseError, match=field) as caught:
        Task.from_wire("image2video", {**WIRE, **change})
    assert not caught.value.transient


@pytest.mark.parametrize("data", [None, [], "task", 7])
def test_an_answer_without_a_task_is_unreadable(data: object) -> None:
    """`data` must be an object."""
    with pytest.raises(kw.ResponseError, match="field data"):
        Task.from_wire("image2video", data)


def test_a_task_reads_as_one_line() -> None:
    """For a person who prints it."""
    failed = {
        **WIRE,
        "task_status": "failed",
        "task_status_msg": "too dark",
        "task_result": {},
        "final_unit_deduction": "",
    }

    assert repr(Task.from_wire("image2video", WIRE)) == (
        "Task 842250903629086720 (image2video) succeed, 1 film, 2.4 units"
    )
    assert repr(Task.from_wire("effects", failed)) == "Task 842250903629086720 (effects) failed: too dark"
