"""Reading a task off the wire."""

import pickle
import re
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
    """R103, R105, R107, R111, R112: decimal text becomes a number, milliseconds a time in UTC, empty text None."""
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
    """R100, R101: no result, no units, no message yet; an empty external id is none."""
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
    """R102: both spellings of success are success, and nothing else is a status."""
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
        ({"task_id": "\ud800"}, "task_id is '.ud800'"),
        ({"task_id": 10**5000}, "task_id is a strange int"),
        ({"task_status": "half \ud800"}, "task_status"),
        ({"task_info": "x"}, "task_info is 'x'"),
        ({"task_info": {"external_task_id": ["x"]}}, "task_info.external_task_id is"),
        ({"task_result": [1]}, "task_result is"),
        ({"task_status_msg": 5}, "task_status_msg"),
        ({"task_result": {"videos": "v"}}, "task_result.videos"),
        ({"task_result": {"videos": ["v"]}}, r"task_result.videos\[0\]"),
        ({"task_result": {"videos": [{"id": "v"}]}}, r"task_result.videos\[0\].url is missing"),
        ({"task_result": {"videos": [{"id": "v", "url": "u", "duration": "long"}]}}, "duration is 'long'"),
        ({"task_result": {"videos": [{"id": "v", "url": "u", "watermark_url": 7.5}]}}, "watermark_url is 7.5"),
        ({"task_result": {"images": {"index": 0}}}, "task_result.images"),
        ({"task_result": {"images": ["i"]}}, r"task_result.images\[0\] is 'i'"),
        ({"task_result": {"images": [{"index": 0}]}}, r"task_result.images\[0\].url is missing"),
        ({"task_result": {"images": [{"index": 0.5, "url": "u"}]}}, r"task_result.images\[0\].index is 0.5"),
        ({"task_result": {"images": [{"index": -1, "url": "u"}]}}, r"task_result.images\[0\].index is -1"),
        ({"final_unit_deduction": "nan"}, "final_unit_deduction"),
        ({"final_unit_deduction": True}, "final_unit_deduction is True"),
        ({"final_unit_deduction": 10**400}, "final_unit_deduction"),
        ({"final_unit_deduction": [[[[[[[[7]]]]]]]]}, "final_unit_deduction"),
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
    assert repr(Task.from_wire("images/generations", {**WIRE, "task_result": {"images": PICTURES}})) == (
        "Task 842250903629086720 (images/generations) succeed, 2 pictures, 2.4 units"
    )


PICTURES: list[dict[str, Any]] = [
    {"index": 0, "url": "https://a/0.png"},
    {"index": "1", "url": "https://a/1.png", "watermark_url": "https://a/1w.png"},
]


def test_pictures_are_read() -> None:
    """In the order in which they came; where no index is given, it is counted."""
    task = Task.from_wire("images/generations", {**WIRE, "task_result": {"images": PICTURES}})

    assert task.images == (
        kw.ImageResult(0, "https://a/0.png", None),
        kw.ImageResult(1, "https://a/1.png", "https://a/1w.png"),
    )
    assert task.videos == ()
    assert Task.from_wire("x", {**WIRE, "task_result": {"images": [{"url": "u"}] * 2}}).images[1].index == 1


def test_the_raw_result_is_kept() -> None:
    """Voices, elements, an element's views: with every digit; it neither prints nor counts in a comparison."""
    raw = {
        "elements": [{"element_id": 860219310927544321, "element_name": "boat"}],
        "images": [{"url_1": "https://a/1.png", "url_2": "https://a/2.png"}],
    }
    task, bare = (Task.from_wire("x", {**WIRE, "task_result": result}) for result in (raw, {}))

    assert task.result == raw
    assert task.images == ()
    assert (task, hash(task)) == (bare, hash(bare))
    assert "boat" not in repr(task)
    assert pickle.loads(pickle.dumps(task)).result == raw


def test_ids_keep_every_digit() -> None:
    """Text stays text; an id that came as a number is that number's digits."""
    wire = {**WIRE, "task_id": 860219310927544321, "task_info": {"external_task_id": 860219310927544322}}
    task = Task.from_wire("image2video", wire)

    assert (task.id, task.external_id) == ("860219310927544321", "860219310927544322")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Failure to pass the risk control system", "content check turned the picture or the words down. Change them"),
        (
            "The resolution or aspect ratio of the input image is invalid. Please ensure it meets the required "
            "specifications.",
            "does not fit what the service accepts.*masks of exactly its size",
        ),
        ("", "Change the request, or submit it again: that makes a new take"),
        ("something new", "Change the request, or submit it again: that makes a new take"),
    ],
)
def test_a_failure_has_a_reason_in_our_words(message: str, words: str) -> None:
    """R106: beside the service's; both stand in the error. A task that has not failed has none."""
    task = Task.from_wire("image2video", {**WIRE, "task_status": "failed", "task_status_msg": message})

    assert re.search(words, task.reason)
    assert re.search(words, str(kw.TaskFailed(task)))
    assert message.rstrip(".") in str(kw.TaskFailed(task))
    assert Task.from_wire("image2video", {**WIRE, "task_status_msg": message}).reason == ""
