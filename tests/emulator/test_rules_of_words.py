"""POST /v1/videos/text2video: what it shares with image2video by the page's sample, and what it has of its own."""

from __future__ import annotations

from typing import Any

import pytest

from kling_widgets.emulator.answers import Refusal
from kling_widgets.emulator.order import FilmOrder
from kling_widgets.emulator.rules import text2video

Body = dict[str, Any]


def words(**fields: object) -> Body:
    body = {"model_name": "kling-v2-6", "mode": "pro", "prompt": "A lighthouse by the sea"} | fields
    return {name: value for name, value in body.items() if value is not None}


def v1(**fields: object) -> Body:
    return words(**({"model_name": "kling-v1", "mode": "std"} | fields))


def v3(**fields: object) -> Body:
    return words(**({"model_name": "kling-v3"} | fields))


def shots(*durations: object, duration: str = "10", **fields: object) -> Body:
    multi_prompt = [{"index": n, "prompt": f"Scene {n}", "duration": d} for n, d in enumerate(durations, 1)]
    story = {"multi_shot": True, "shot_type": "customize", "multi_prompt": multi_prompt, "duration": duration}
    return v3(**(story | {"prompt": ""} | fields))


REFUSED: dict[str, tuple[Body, str]] = {
    "prompt forgotten": (words(prompt=""), "prompt cannot be empty when multi_shot is false"),
    "prompt of blanks": (words(prompt=" "), "prompt cannot be empty"),
    "prompt too long": (words(prompt="x" * 2501), "prompt cannot exceed 2500 characters"),
    "prompt is no text": (words(prompt=["a"]), "prompt must be a string"),
    "negative_prompt too long": (words(negative_prompt="x" * 2501), "negative_prompt cannot exceed 2500 characters"),
    "aspect_ratio": (words(aspect_ratio="4:3"), "aspect_ratio value '4:3' is invalid"),
    "a model of image2video alone": (words(model_name="kling-v1-5"), "model_name value 'kling-v1-5' is not supported"),
    "mode": (words(mode="4k"), "mode value '4k' is not supported by the current model"),
    "duration": (words(duration="7"), "duration value '7' is not supported by model/mode(kling-v2-6/pro)"),
    "duration out of all": (v3(duration="16"), "duration value '16' is invalid"),
    "sound": (words(mode="std", sound="on"), "is not supported with sound"),
    "cfg_scale": (words(cfg_scale=0.5), "cfg_scale is not supported by the current model"),
    "cfg_scale too large": (v1(cfg_scale=1.1), "cfg_scale value '1.1' is invalid"),
    "camera at 10 s": (
        v1(camera_control={"type": "down_back"}, duration="10"),
        "camera_control is only supported in std mode with 5s duration, kling-v1",
    ),
    "camera on another model": (
        words(camera_control={"type": "simple", "config": {"pan": 1}}),
        "camera_control is only supported in std mode with 5s duration, kling-v1",
    ),
    "a preset has no config": (
        v1(camera_control={"type": "forward_up", "config": {"zoom": 1}}),
        "camera_control.config must be empty when type is forward_up",
    ),
    "shots": (words(multi_shot=True, shot_type="intelligence"), "is not supported with multi_shot"),
    "shot_type": (shots(10, shot_type=None), "shot_type is required"),
    "the sum of the shots": (shots(5, 4), "multi_prompt durations add up to 9"),
    "watermark_info": (words(watermark_info={"enabled": 1}), "watermark_info.enabled value '1' is invalid"),
    "callback_url": (words(callback_url="laptop"), "callback_url value 'laptop' is invalid"),
}

ACCEPTED: dict[str, Body] = {
    "the least": {"prompt": "A lighthouse"},
    "aspect_ratio upright": words(aspect_ratio="9:16"),
    "the page's sample": shots(2, 3, 3, 3, 3, 1, duration="15", mode="pro", sound="on", aspect_ratio="9:16"),
    "several shots of its own": v3(multi_shot="true", shot_type="intelligence"),
    "a voice's marker is a word like any other": words(prompt="<<<voice_1>>> says"),
    "fields of image2video are not looked at": words(image="a", element_list=[{}] * 9, voice_list=7, static_mask="m"),
    "4k": v3(mode="4k", duration="3"),
    "a model without modes": words(model_name="kling-v2-master", mode="pro"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_rule_is_named(case: str) -> None:
    body, message = REFUSED[case]
    problems = text2video.read(body).problems
    assert len(problems) == 1, problems
    assert message in problems[0]


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_the_page_allows_is_taken(case: str) -> None:
    reading = text2video.read(ACCEPTED[case])
    assert reading.problems == []
    assert reading.pictures == {}


def test_a_model_that_does_not_exist_is_no_resource() -> None:
    with pytest.raises(Refusal, match="kling-v99") as caught:
        text2video.read(words(model_name="kling-v99"))
    assert caught.value.code == 1203


def order(body: Body) -> FilmOrder:
    reading = text2video.read(body)
    assert reading.problems == []
    assert isinstance(reading.order, FilmOrder)
    return reading.order


def test_the_least_gets_the_defaults() -> None:
    """kling-v1, std, 5 s, 16:9, no sound."""
    assert order({"prompt": "A lighthouse"}) == FilmOrder(
        seconds=5, short_side=720, fps=30, aspect=16 / 9, prompt="A lighthouse", units="1"
    )


@pytest.mark.parametrize(("text", "aspect"), [("16:9", 16 / 9), ("9:16", 9 / 16), ("1:1", 1), ("", 16 / 9)])
def test_the_film_has_the_shape_that_was_asked_for(text: str, aspect: float) -> None:
    assert order(words(aspect_ratio=text)).aspect == aspect


def test_shots_have_their_own_words() -> None:
    assert order(shots(4, "6")).shots == ((4, "Scene 1"), (6, "Scene 2"))


@pytest.mark.parametrize("preset", ["down_back", "forward_up", "right_turn_forward", "left_turn_forward"])
def test_the_presets_live_here(preset: str) -> None:
    """R79, R81, R91, R92: on kling-v1, std, 5 s alone, and without a config."""
    made = order(v1(camera_control={"type": preset, "config": None}))
    assert (made.camera_type, made.camera_config) == (preset, {})


@pytest.mark.parametrize(
    ("body", "size", "units"),
    [
        (words(model_name="kling-v1-6", mode="pro", duration="10"), (1080, 24), "7"),
        (words(), (1080, 24), "2.5"),
        (words(sound="on"), (1080, 24), "5"),
        (v3(mode="4k", duration="15"), (2160, 24), "45"),
    ],
)
def test_size_and_price_follow_model_mode_and_sound(body: Body, size: tuple[int, int], units: str) -> None:
    made = order(body)
    assert ((made.short_side, made.fps), made.units) == (size, units)
