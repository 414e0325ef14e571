"""The error tree: families, words, and what may pass."""

import dataclasses
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

import kling_widgets as kw
from kling_widgets import errors

TABLE = json.loads(Path("kling_widgets/data/errors.json").read_text("utf-8"))
CODES = TABLE["errors"]
NOW = datetime(2026, 9, 1, tzinfo=UTC)
TASK = kw.Task("8", None, "image2video", "failed", "too dark", (), NOW, NOW)


@pytest.mark.parametrize(
    ("code", "family"),
    [
        (1000, kw.NotAuthorized),
        (1004, kw.NotAuthorized),
        (1100, kw.AccountError),
        (1103, kw.AccountError),
        (1200, kw.Rejected),
        (1203, kw.Rejected),
        (1300, kw.Rejected),
        (1301, kw.Rejected),
        (1302, kw.RateLimited),
        (1303, kw.RateLimited),
        (1304, kw.Rejected),
        (5000, kw.ServerError),
        (5002, kw.ServerError),
    ],
)
def test_each_code_has_its_family(code: int, family: type[kw.APIError]) -> None:
    """A code is raised as the class that says who can mend it."""
    assert type(kw.APIError.of(code, 400, "no")) is family


def test_a_code_nobody_knows_is_told_by_its_status() -> None:
    """An unknown code with HTTP 500 is the server's trouble; with HTTP 400 it is just an APIError."""
    assert type(kw.APIError.of(7, 502, "")) is kw.ServerError
    assert type(kw.APIError.of(7, 400, "")) is kw.APIError
    assert "does not know" in str(kw.APIError.of(7, 400, ""))


@pytest.mark.parametrize("row", [row for row in CODES if row["code"]], ids=lambda row: row["code"])
def test_only_what_may_be_read_again_is_transient(row: dict[str, object]) -> None:
    """`transient` follows the column `retry.read` of data/errors.json."""
    error = kw.APIError.of(int(str(row["code"])), int(str(row["http"])), "m")

    assert error.transient is (row["retry"]["read"] == "backoff")  # type: ignore[index]
    assert str(row["meaning"]) in str(error)
    assert str(row["action"]).partition("; see about")[0] in str(error)
    assert "see about" not in str(error)


def test_an_api_error_keeps_its_facts_and_says_them() -> None:
    """Code, status, message and request id are attributes and stand in the text."""
    error = kw.APIError.of(1303, 429, "parallel task over resource pack limit", "r-1")

    assert (error.code, error.http_status, error.message, error.request_id) == (
        1303,
        429,
        "parallel task over resource pack limit",
        "r-1",
    )
    assert str(error) == (
        "The service refused: concurrency (or request rate) is above what the pack allows. "
        'It said "parallel task over resource pack limit" (code 1303, HTTP 429, request r-1). '
        "What to do: wait for a running task to end and try again."
    )


def test_errors_are_also_the_builtin_they_resemble() -> None:
    """Who knows only Python's exceptions catches ours too."""
    pairs = [
        (kw.InvalidRequest, ValueError),
        (kw.ConnectionFailed, ConnectionError),
        (kw.TaskTimeout, TimeoutError),
        (kw.MissingExtra, ImportError),
    ]

    assert all(issubclass(ours, builtin) and issubclass(ours, kw.KlingError) for ours, builtin in pairs)


def test_one_problem_reads_as_a_sentence_and_several_as_a_list() -> None:
    """An InvalidRequest shows every problem with its remedy."""
    one = kw.Problem("prompt", "It is empty.", "Say something.")
    two = kw.Problem("mode", "No such mode.", "Use pro.")

    assert str(kw.InvalidRequest([one])) == "prompt: It is empty. Say something."
    assert str(kw.InvalidRequest([one, two])) == (
        "2 problems:\n- prompt: It is empty. Say something.\n- mode: No such mode. Use pro."
    )


@pytest.mark.parametrize(
    ("status", "passes"), [(None, False), (200, True), (302, True), (404, False), (408, True), (429, True), (503, True)]
)
def test_an_unreadable_answer_passes_where_something_stood_between(status: int | None, passes: bool) -> None:
    """A proxy's page may be gone at the next look; a field the service wrote wrong will not."""
    assert kw.ResponseError("?", status).transient is passes


@pytest.mark.parametrize(
    "error",
    [
        kw.InvalidRequest([kw.Problem("a", "b", "c")]),
        kw.ConnectionFailed("gone", sent=False),
        kw.ResponseError("what", 502),
        kw.APIError.of(1201, 400, "m", "r"),
        kw.TaskFailed(TASK),
        kw.TaskTimeout(TASK),
        kw.callbacks.BadSignature("It has no webhook-id."),
        kw.MissingExtra("The emulator", "emulator"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_a_pickle(error: kw.KlingError) -> None:
    """An error that crosses to another process keeps its class, its words and its facts."""
    again = pickle.loads(pickle.dumps(error))

    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_failed_and_timed_out_tasks_travel_with_their_error() -> None:
    """The error carries the task; a timeout says that the task still runs and is billed."""
    assert kw.TaskFailed(TASK).task is TASK
    assert '"too dark"' in str(kw.TaskFailed(TASK))
    assert "still runs and is still billed" in str(kw.TaskTimeout(TASK))


@pytest.mark.parametrize("row", TABLE["task_messages"], ids=lambda row: row["contains"])
def test_each_message_of_a_failed_task_has_its_row(row: dict[str, str]) -> None:
    """A message is matched in any case, by the first row that fits; each row says what to do."""
    task = dataclasses.replace(TASK, message=f"Why: {row['contains'].upper()}.")

    assert row["contains"] == row["contains"].lower()
    assert task.reason == f"{row['meaning']} {row['action']}".strip()
    assert str(kw.TaskFailed(task)) == f'Task 8 failed: "{task.message[:-1]}". {task.reason}'
    assert row["action"].endswith(".")


def test_a_failure_without_a_word() -> None:
    """Is said to be one."""
    assert str(kw.TaskFailed(dataclasses.replace(TASK, message=""))) == (
        "Task 8 failed: no reason was given. Change the request, or submit it again: that makes a new take."
    )


def test_a_missing_extra_names_its_command() -> None:
    """The remedy can be copied into a terminal."""
    assert 'pip install "kling-widgets[emulator]"' in str(kw.MissingExtra("The emulator", "emulator"))


def test_the_tree_at_the_top_of_the_module_is_the_tree() -> None:
    """Every class of errors.py stands in its docstring."""
    classes = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]

    assert [name for name in classes if name != "KlingWarning" and name not in (errors.__doc__ or "")] == []
