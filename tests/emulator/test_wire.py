"""The emulator is held to tests/wire: every file is sent as it stands, and the answer must be the vendor's."""

from __future__ import annotations

import base64
import io
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import numpy as np
import pytest
from PIL import Image, ImageOps

pytestmark = pytest.mark.anyio

_ROOT = Path(__file__).parents[2]
_FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((_ROOT / "tests/wire").glob("*.json"))}
_VECTORS = {"jwt", "webhook-signature"}
_CALLBACKS = {name for name in _FILES if name.startswith("callback-")}
_ANSWERED = [name for name, file in _FILES.items() if "answer" in file and file.get("only") != "client"]

_CALLBACK_URL = "http://listener.example/film"

_PLACEHOLDERS: dict[str, Callable[[Any], bool]] = {
    "<string>": lambda value: isinstance(value, str),
    "<text>": lambda value: isinstance(value, str) and bool(value),
    "<digits>": lambda value: isinstance(value, str) and re.fullmatch(r"\d{18}", value) is not None,
    "<int ms>": lambda value: type(value) is int and len(str(value)) == 13,
    "<decimal string>": lambda value: isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value) is not None,
    "<url>": lambda value: isinstance(value, str) and re.match(r"https?://.", value) is not None,
    "<number>": lambda value: type(value) in (int, float),
    "<bool>": lambda value: isinstance(value, bool),
}

# What the words of `when` mean in moves of the clock after the create of `of`.
_SECONDS_BEFORE = {
    "before a slot works on the task": 0,
    "while the task is worked on": 2,
    "when the task has ended well": 5,
    "when the task has failed": 5,
}


def test_every_file_is_either_answered_or_accounted_for() -> None:
    assert len(_ANSWERED) > 30
    for name in set(_FILES) - set(_ANSWERED) - _CALLBACKS - _VECTORS:
        assert _FILES[name]["only"] == "client", name


@pytest.mark.parametrize("name", _ANSWERED)
async def test_the_answer_is_the_vendors(start: Any, name: str) -> None:
    file = _FILES[name]
    async with start() as rig:
        ids = await _create(rig, file.get("of"), {})
        await rig.clock.advance(_SECONDS_BEFORE.get(file.get("when", ""), 0))
        await _bring_about(rig, file)
        answer, ids = await _send(rig, file["request"], ids)
        assert answer.status_code == file["answer"]["http"], answer.text
        _same(answer.json(), file["answer"]["body"], ids, "body")


@pytest.mark.parametrize("name", sorted(_CALLBACKS))
async def test_the_callback_is_the_vendors(start: Any, name: str) -> None:
    file = _FILES[name]
    async with start() as rig:
        ids = await _create(rig, file["of"], {"callback_url": _CALLBACK_URL})
        await rig.clock.advance(5)
        told = [(request, json.loads(request.content)) for request in rig.outside]
        status = file["request"]["body"]["task_status"]
        [(request, body)] = [(request, body) for request, body in told if body["task_status"] == status]
        assert request.method == file["request"]["method"]
        assert request.headers["content-type"] == "application/json"
        _same(body, file["request"]["body"], ids, "body")


async def _create(rig: Any, of: str | None, more: dict[str, object]) -> dict[str, str]:
    if of is None:
        return {}

    request = _FILES[of]["request"]
    answer, ids = await _send(rig, request | {"body": request["body"] | more}, {})
    assert answer.status_code == 200, answer.text
    return ids | {"task_id": answer.json()["data"]["task_id"]}


async def _bring_about(rig: Any, file: dict[str, Any]) -> None:
    when = file.get("when", "")
    if when == "this very request has been accepted before":
        await _send(rig, file["request"], {})
    elif when == "every slot of the account is held by a task that has not ended":
        for _ in range(5):
            answer, _ids = await _send(rig, file["request"], {})
            assert answer.status_code == 200, answer.text
    else:
        assert not when or when in _SECONDS_BEFORE, f"nobody knows how to bring about: {when}"


async def _send(rig: Any, request: dict[str, Any], ids: dict[str, str]) -> tuple[Any, dict[str, str]]:
    headers = request.get("headers", {"Authorization": "Bearer @token", "Content-Type": "application/json"})
    body = _filled(rig, request.get("body"))
    if request["method"] == "POST":
        body.setdefault("external_task_id", str(uuid.uuid4()))
        ids = ids | {"external_task_id": body["external_task_id"]}
    answer = await rig.client.request(
        request["method"],
        request["path"].format(**ids),
        params=request.get("query"),
        headers={field: _token(rig, value) for field, value in headers.items()},
        content=json.dumps(body) if body is not None else None,
    )
    return answer, ids


def _filled(rig: Any, value: Any) -> Any:
    match value:
        case dict():
            return {name: _filled(rig, item) for name, item in value.items()}
        case list():
            return [_filled(rig, item) for item in value]
        case "@callback":
            return _CALLBACK_URL
        case str() if value.startswith("@"):
            return base64.b64encode(_picture(value)).decode()
        case _:
            return value


def _picture(name: str) -> bytes:
    path = _ROOT / "notebooks/photos/rocket.jpg"
    if name == "@photo":
        return path.read_bytes()

    file = io.BytesIO()
    if name in ("@photo.left", "@photo.right"):
        turn = ImageOps.mirror if name == "@photo.left" else ImageOps.flip
        turn(Image.open(path)).save(file, "JPEG", quality=95)
        return file.getvalue()

    mask = np.zeros((427, 427 if name == "@mask.square" else 640), np.uint8)
    match name:
        case "@mask":
            mask[347:] = 255
        case "@mask.left" | "@mask.square":
            mask[200:280, 100:180] = 255
        case "@mask.right":
            mask[120:200, 440:520] = 255
        case _:
            raise KeyError(name)
    Image.fromarray(mask).save(file, "PNG")
    return file.getvalue()


def _token(rig: Any, value: str) -> str:
    now = int(rig.clock.now())
    tokens = {
        "@token": lambda: rig.token(),
        "@token.wrong-secret": lambda: jwt.encode({"iss": "ak", "exp": now + 1800, "nbf": now - 5}, "wrong" * 8),
        "@token.not-yet": lambda: rig.token(nbf=now + 3600, exp=now + 5400),
        "@token.expired": lambda: rig.token(nbf=now - 7200, exp=now - 3600),
    }
    name = value.removeprefix("Bearer ")
    return f"Bearer {tokens[name]()}" if name in tokens else value


def _same(got: Any, wanted: Any, ids: dict[str, str], where: str) -> None:
    """As the README of tests/wire has it: fields in any order, `?` may be missing, <...> stands for a kind of value."""
    match wanted:
        case dict():
            assert isinstance(got, dict), where
            names = {name.removesuffix("?") for name in wanted}
            assert got.keys() <= names, f"{where}: {got.keys() - names} are not the vendor's"
            for name, value in wanted.items():
                field = name.removesuffix("?")
                assert field in got or name.endswith("?"), f"{where}.{field} is missing"
                if field in got:
                    _same(got[field], value, ids, f"{where}.{field}")
        case list():
            assert isinstance(got, list), where
            assert len(got) == len(wanted), where
            for place, value in enumerate(wanted):
                _same(got[place], value, ids, f"{where}[{place}]")
        case "<external_task_id>":
            assert got == ids["external_task_id"], where
        case str() if wanted in _PLACEHOLDERS:
            assert _PLACEHOLDERS[wanted](got), f"{where}: {got!r} is no {wanted}"
        case str() if "{" in wanted:
            assert got == wanted.format(**ids), where
        case _:
            assert (type(got), got) == (type(wanted), wanted), where
