"""The wire between a widget and its front end, without a browser."""

import asyncio
from typing import Any

import pytest
import traitlets

from kling_widgets.errors import InvalidRequest, Problem
from kling_widgets.widgets import base
from kling_widgets.widgets.base import KlingWidget, Reply, answers


class Parrot(KlingWidget):
    word = traitlets.Unicode("hello")

    @answers("say")
    def _say(self, body: dict[str, Any], buffers: list[memoryview]) -> Reply:
        return Reply({"word": body.get("word", self.word)}, b"".join(buffers))

    @answers("later")
    async def _later(self, body: dict[str, Any], buffers: list[memoryview]) -> dict[str, Any]:
        await asyncio.sleep(0)
        if "wrong" in body:
            raise InvalidRequest([Problem("prompt", "It is empty.", "Write a sentence.")])
        return {"word": "later"}

    @answers("break")
    def _break(self, body: dict[str, Any], buffers: list[memoryview]) -> None:
        raise KeyError("photo")


Sent = list[tuple[dict[str, Any], list[bytes]]]


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
def sent(parrot: Parrot, monkeypatch: pytest.MonkeyPatch) -> Sent:
    messages: Sent = []
    monkeypatch.setattr(parrot, "send", lambda body, buffers=(): messages.append((body, [bytes(b) for b in buffers])))
    return messages


def test_a_question_is_answered_with_json_and_bytes(parrot: Parrot, sent: Sent) -> None:
    parrot._hear(None, {"ask": "say", "id": 7, "body": {"word": "hi"}}, [memoryview(b"ab"), memoryview(b"c")])
    assert sent == [({"answer": 7, "ok": True, "body": {"word": "hi"}, "part": 0, "parts": 1}, [b"abc"])]


def test_a_large_answer_comes_in_pieces_that_every_host_can_carry(parrot: Parrot, sent: Sent) -> None:
    data = bytes(range(256)) * (base.PIECE // 100)
    parrot._hear(None, {"ask": "say", "id": 1}, [memoryview(data)])
    assert [(message["part"], message["parts"]) for message, _ in sent] == [(0, 3), (1, 3), (2, 3)]
    assert b"".join(buffers[0] for _, buffers in sent) == data
    assert sent[-1][0]["body"] == {"word": "hello"}


def test_a_refusal_is_an_answer_too(parrot: Parrot, sent: Sent) -> None:
    async def run() -> None:
        parrot._hear(None, {"ask": "later", "id": 2, "body": {"wrong": True}}, [])
        await asyncio.gather(*parrot._running)

    asyncio.run(run())
    [(message, _)] = sent
    assert message["ok"] is False
    assert message["error"]["problems"] == [{"field": "prompt", "message": "It is empty.", "fix": "Write a sentence."}]


def test_a_coroutine_answers_when_it_is_done(parrot: Parrot, sent: Sent) -> None:
    async def run() -> None:
        parrot._hear(None, {"ask": "later", "id": 3}, [])
        await asyncio.gather(*parrot._running)

    asyncio.run(run())
    assert sent[0][0]["body"] == {"word": "later"}


def test_a_bug_of_ours_reaches_the_log_and_the_screen(
    parrot: Parrot, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    parrot._hear(None, {"ask": "break", "id": 4}, [])
    assert sent[0][0]["error"]["message"] == "'photo'"
    assert caplog.records[0].exc_info is not None


def test_an_unknown_question_is_refused_in_words(parrot: Parrot, sent: Sent) -> None:
    parrot._hear(None, {"ask": "fly", "id": 5}, [])
    assert "fly" in sent[0][0]["error"]["message"]


def test_noise_on_the_wire_is_passed_over(parrot: Parrot, sent: Sent) -> None:
    for noise in (None, 3, "ask", {"event": "click"}):
        parrot._hear(None, noise, [])
    assert sent == []


def test_a_misspelt_argument_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(TypeError, match=r"no argument .wrd.\. Did you mean .word."):
        Parrot(wrd="x")


def test_an_unbuilt_checkout_says_what_to_run() -> None:
    script = base._read("no_such_bundle.js")
    assert "npm run build" in script
    assert script.startswith("export default")
    assert base._read("no_such_bundle.css") == ""
