"""The two pages' rules about a body, each broken once and many held once, under their numbers in order of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kling_widgets.emulator.answers import Refusal
from kling_widgets.emulator.rules import effects, image2video

Body = dict[str, Any]


def video(**fields: object) -> Body:
    body = {"model_name": "kling-v2-6", "mode": "pro", "image": "a photo", "prompt": "The rocket rises"} | fields
    return {name: value for name, value in body.items() if value is not None}


def v1(**fields: object) -> Body:
    return video(**({"model_name": "kling-v1", "mode": "std"} | fields))


def v15(**fields: object) -> Body:
    return video(**({"model_name": "kling-v1-5", "mode": "pro"} | fields))


def v3(**fields: object) -> Body:
    return video(**({"model_name": "kling-v3"} | fields))


def shots(*durations: object, prompt: str = "A door", duration: str = "10", **fields: object) -> Body:
    multi_prompt = [{"index": n, "prompt": prompt, "duration": d} for n, d in enumerate(durations, 1)]
    story = {"multi_shot": True, "shot_type": "customize", "multi_prompt": multi_prompt, "duration": duration}
    return v3(**(story | {"prompt": None} | fields))


def group(points: int = 2, **fields: object) -> Body:
    return {"mask": "a mask", "trajectories": [{"x": 10 + n, "y": 20} for n in range(points)]} | fields


def camera(type: object = "simple", **config: object) -> Body:
    return {"type": type, "config": config}


REFUSED: dict[str, tuple[Body, str]] = {
    "R8, R59: a mode nobody knows": (video(mode="professional"), "mode value 'professional' is invalid"),
    "R10: 4k before kling-v3": (v1(mode="4k"), "mode value '4k' is not supported by the current model"),
    "R13": (video(image=None), "image and image_tail cannot both be empty"),
    "R13: empty strings are nothing": (video(image="", image_tail=""), "image and image_tail cannot both be empty"),
    "R10: end frame": (video(image_tail="b", mode="std"), "model/mode/duration(kling-v2-6/std/5) is not supported"),
    "R10: no end frame at all": (
        video(model_name="kling-v2-master", image_tail="b"),
        "Image tail is not supported by the current model",
    ),
    "R10: end frame alone": (video(image=None, image_tail="b"), "is not supported with image_tail alone"),
    "R10: end frame with sound": (video(image_tail="b", sound="on"), "does not support image_tail together with sound"),
    "R23: tail and brush": (v15(image_tail="b", static_mask="m"), "mutually exclusive"),
    "R23: tail and camera": (v15(image_tail="b", camera_control=camera(pan=1)), "mutually exclusive"),
    "R23: brush and camera": (v15(dynamic_masks=[group()], camera_control=camera(pan=1)), "mutually exclusive"),
    "R25": (video(multi_shot="yes"), "multi_shot value 'yes' is invalid"),
    "R10: shots": (video(multi_shot=True, shot_type="intelligence"), "is not supported with multi_shot"),
    "R27": (shots(5, 5, image_tail="b"), "does not support multi_shot together with image_tail"),
    "R30": (shots(10, shot_type="clever"), "shot_type value 'clever' is invalid"),
    "R31": (shots(10, shot_type=None), "shot_type is required"),
    "R33": (shots(), "multi_prompt must have 1 to 6 storyboards"),
    "R34": (shots(*[1] * 7, duration="7"), "multi_prompt must have 1 to 6 storyboards"),
    "R35": (shots(10, prompt="x" * 513), "multi_prompt[0].prompt cannot exceed 512 characters"),
    "R36": (shots(0.5, 9.5), "multi_prompt[0].duration value '0.5' is invalid"),
    "R37": (shots(11), "multi_prompt[0].duration value '11' is invalid"),
    "R38": (shots(5, 4), "multi_prompt durations add up to 9"),
    "R38: none given": (shots(None, 10), "multi_prompt[0].duration is required"),
    "R39": (video(prompt="x" * 2501), "prompt cannot exceed 2500 characters"),
    "R40": (video(prompt=" "), "prompt cannot be empty when multi_shot is false"),
    "R41": (v3(multi_shot=True, shot_type="intelligence", prompt=""), "prompt cannot be empty"),
    "R43": (video(sound="on", voice_list=[{"voice_id": "a"}], prompt="<<<voice_2>>>"), "voice_2"),
    "R44": (video(sound="on", prompt="<<<voice_1>>><<<voice_2>>><<<voice_3>>>"), "references 3 voices"),
    "R45: voices listed and none named": (video(voice_list=[{"voice_id": "a"}]), "sound must be on"),
    "R45": (video(voice_list=[{"voice_id": "a"}], prompt="<<<voice_1>>>"), "sound must be on"),
    "R46": (video(negative_prompt="x" * 2501), "negative_prompt cannot exceed 2500 characters"),
    "R47": (v3(element_list=[{"element_id": 1}] * 4), "element_list cannot exceed 3 elements"),
    "R48": (v3(element_list=[{}]), "element_list[0].element_id must be an integer"),
    "R50": (video(sound="on", voice_list=[{"voice_id": "a"}] * 3), "voice_list cannot exceed 2 voices"),
    "R50: without an id": (video(sound="on", voice_list=[{}]), "voice_list[0].voice_id is required"),
    "R52": (v3(element_list=[{"element_id": 1}], voice_list=[{"voice_id": "a"}], sound="on"), "mutually exclusive"),
    "R54": (video(sound=True), "sound must be a string"),
    "R10: sound": (video(mode="std", sound="on"), "is not supported with sound"),
    "R10: voices": (v3(voice_list=[{"voice_id": "a"}], sound="on"), "is not supported with voice_list"),
    "R10: elements": (video(element_list=[{"element_id": 1}]), "is not supported with element_list"),
    "R55": (v1(cfg_scale=True), "cfg_scale must be a number"),
    "R56": (v1(cfg_scale=1.5), "cfg_scale value '1.5' is invalid"),
    "R56: not a number at all": (v1(cfg_scale=float("nan")), "cfg_scale value 'nan' is invalid"),
    "R57": (video(cfg_scale=0.5), "cfg_scale is not supported by the current model"),
    "R61": (v3(duration="16"), "duration value '16' is invalid"),
    "R10: duration": (video(duration="7"), "duration value '7' is not supported by model/mode(kling-v2-6/pro)"),
    "R10: brush": (video(static_mask="m"), "is not supported with dynamic_masks or static_mask"),
    "R10: brush at 10 s": (v1(static_mask="m", duration="10"), "(kling-v1/std/10) is not supported with dynamic_masks"),
    "R66": (v1(dynamic_masks=[group()] * 7), "dynamic_masks cannot exceed 6 groups"),
    "R67: no mask": (v1(dynamic_masks=[group(mask=None)]), "dynamic_masks[0].mask is required"),
    "R67: no path": (v1(dynamic_masks=[group(), {"mask": "m"}]), "dynamic_masks[1].trajectories must have 2 to 77"),
    "R72: one point": (v1(dynamic_masks=[group(1)]), "trajectories must have 2 to 77 points, it has 1"),
    "R72: 78 points": (v1(dynamic_masks=[group(78)]), "trajectories must have 2 to 77 points, it has 78"),
    "R73": (
        v1(dynamic_masks=[group(trajectories=[{"x": 1.5, "y": 1}, {"x": 1, "y": 1}])]),
        "trajectories[0].x must be an integer",
    ),
    "R74": (
        v1(dynamic_masks=[group(trajectories=[{"x": 1}, {"x": 1, "y": 1}])]),
        "trajectories[0].y must be an integer",
    ),
    "R77": (v15(camera_control="simple"), "camera_control must be an object"),
    "R78": (v15(camera_control={"config": {"pan": 1}}), "camera_control.type is required"),
    "R79": (v15(camera_control=camera("spin", pan=1)), "camera_control.type value 'spin' is invalid"),
    "R80": (v15(camera_control={"type": "simple"}), "camera_control.config is required"),
    "R81": (v15(camera_control=camera("down_back", pan=1)), "camera_control.config must be empty"),
    "R83: two": (v15(camera_control=camera(pan=1, zoom=-1)), "exactly one non-zero value, it has 2"),
    "R83: none": (v15(camera_control=camera(pan=0)), "exactly one non-zero value, it has 0"),
    "R84": (v15(camera_control=camera(zoom=-10.5)), "camera_control.config.zoom value '-10.5' is invalid"),
    "R10: camera": (
        video(camera_control=camera(pan=1)),
        "camera_control is only supported in pro mode with 5s duration",
    ),
    "R10: camera presets": (v15(camera_control={"type": "down_back"}), "camera_control is only supported in pro mode"),
    "R93": (video(watermark_info={"enabled": "maybe"}), "watermark_info.enabled value 'maybe' is invalid"),
    "R96": (video(callback_url="laptop"), "callback_url value 'laptop' is invalid"),
    "R97": (video(external_task_id=["a"]), "external_task_id must be a string"),
}

ACCEPTED: dict[str, Body] = {
    "R7: kling-v1, std and 5 s are the defaults": {"image": "a photo", "prompt": "Go"},
    "R13: end frame alone": v15(image=None, image_tail="b"),
    "R24": v1(static_mask="m", dynamic_masks=[group()]),
    "R24: either of them alone": v1(static_mask="m"),
    "R26": shots(4, 6, prompt="x" * 512),
    "R28, R29: no effect, so no complaint": video(shot_type="clever", multi_prompt=[{"duration": "99"}]),
    "R36: loose numbers": shots("4.5", 5.5, duration="10"),
    "R39, R46": video(prompt="x" * 2500, negative_prompt="x" * 2500),
    "R44": video(
        sound="on", voice_list=[{"voice_id": "a"}, {"voice_id": "b"}], prompt="<<<voice_2>>><<<voice_1>>><<<voice_1>>>"
    ),
    "R47": v3(element_list=[{"element_id": 160123456789012345}] * 3),
    "R56": v1(cfg_scale=0),
    "R61: a number": v3(duration=15),
    "C11": v3(cfg_scale=1),
    "C13: a model without modes takes any": video(model_name="kling-v2-1-master", mode="std"),
    "R66, R72": v1(dynamic_masks=[group(77)] * 6),
    "R73: loose": v1(dynamic_masks=[group(trajectories=[{"x": "1", "y": 2.0}] * 2)]),
    "R83, R84": v15(camera_control=camera(horizontal=0, zoom="-10", pan=None)),
    "C12": v15(camera_control=camera(tilt=0.1)),
    "unknown fields": video(aspect_ratio="16:9", model="kling-v9", n=3),
    "absent in all ways": video(
        image_tail="", negative_prompt="", static_mask=None, dynamic_masks=[], element_list=[], voice_list="", sound=""
    ),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_broken_rule_is_named(rule: str) -> None:
    body, message = REFUSED[rule]
    problems = image2video.read(body).problems
    assert len(problems) == 1, problems
    assert message in problems[0]


@pytest.mark.parametrize("rule", ACCEPTED)
def test_what_the_page_allows_is_taken(rule: str) -> None:
    assert image2video.read(ACCEPTED[rule]).problems == []


def test_all_problems_are_found_at_once() -> None:
    body = video(mode="best", cfg_scale=2, sound="loud", negative_prompt="x" * 2501)
    assert [problem.split()[0] for problem in image2video.read(body).problems] == [
        "mode",
        "cfg_scale",
        "negative_prompt",
        "sound",
    ]


def test_a_model_that_does_not_exist_is_no_resource() -> None:
    with pytest.raises(Refusal, match="kling-v99") as caught:
        image2video.read(video(model_name="kling-v99"))
    assert caught.value.code == 1203


def test_the_old_model_field_has_no_effect() -> None:
    """R9: the film is of the default model, and so is the price."""
    reading = image2video.read({"model": "kling-v2-6", "image": "a", "prompt": "Go"})
    assert (reading.problems, reading.order.fps, reading.order.units) == ([], 30, "1")


@pytest.mark.parametrize(
    ("body", "size", "units"),
    [
        (v1(), (720, 30), "1"),
        (v1(mode="pro", duration="10"), (720, 30), "7"),
        (v15(), (1080, 30), "3.5"),
        (video(model_name="kling-v2-1-master", mode="std"), (1080, 24), "10"),
        (video(sound="on"), (1080, 24), "5"),
        (video(sound="on", voice_list=[{"voice_id": "a"}]), (1080, 24), "5"),
        (video(sound="on", voice_list=[{"voice_id": "a"}], prompt="<<<voice_1>>>Hi"), (1080, 24), "6"),
        (v3(mode="4k", duration="3"), (2160, 24), "9"),
        (v3(mode="std", duration="7"), (720, 24), "4.2"),
    ],
)
def test_size_and_price_follow_model_mode_and_sound(body: Body, size: tuple[int, int], units: str) -> None:
    reading = image2video.read(body)
    assert reading.problems == []
    assert ((reading.order.short_side, reading.order.fps), reading.order.units) == (size, units)


def effect(scene: object = "squish", **content: object) -> Body:
    return {"effect_scene": scene, "input": content}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"input": {"image": "a"}}, "effect_scene is required"),  # R120
        (effect("squash", image="a"), "effect_scene value 'squash' is invalid"),  # R121
        (effect("let's_ride", image="a"), "effect_scene value 'let's_ride' is invalid"),  # R121: U+2019 is meant
        ({"effect_scene": "squish"}, "input is required"),  # R122
        ({"effect_scene": "squish", "input": "a"}, "input must be an object"),
        (effect(), "input.image is required"),  # R123, C17
        (effect(image="a", images=["a", "b"]), "input.images is not supported"),  # C17
        (effect("hug_pro", image="a"), "input.image is not supported"),  # R124
        (effect("hug_pro", images=["a"]), "input.images must have exactly 2 images"),  # R130
        (effect("hug_pro", images=["a", "b", "c"]), "input.images must have exactly 2 images"),
        (effect("hug_pro", images=["a", None]), "input.images[1] must be a string"),  # R132
        (effect(image="a") | {"callback_url": "laptop"}, "callback_url value 'laptop' is invalid"),
    ],
)
def test_a_broken_rule_of_effects_is_named(body: Mapping[str, object], message: str) -> None:
    problems = effects.read(body).problems
    assert len(problems) == 1, problems
    assert message in problems[0]


@pytest.mark.parametrize(
    "body",
    [
        effect(image="a", images=[]),
        effect("let’s_ride", image="a"),
        effect("pet_lion", image="a"),  # C15: the page's own sample
        effect("hug_pro", images=["a", "b"], image=""),
        effect(image="a", duration="5") | {"model_name": "kling-v1", "prompt": ""},  # R136, and how older pages had it
    ],
)
def test_what_the_effects_page_allows_is_taken(body: Body) -> None:
    assert effects.read(body).problems == []


def test_the_first_photo_is_the_left_one() -> None:
    reading = effects.read(effect("hug_pro", images=["left", "right"]))
    assert reading.pictures == {"input.images[0]": ("photo", "left"), "input.images[1]": ("photo", "right")}


@pytest.mark.parametrize(("scene", "units"), [("squish", "2"), ("bloombloom", "3.5"), ("color_mixing", "0")])
def test_an_effect_costs_what_is_known_and_otherwise_nothing(scene: str, units: str) -> None:
    assert effects.read(effect(scene, image="a")).order.units == units


@pytest.mark.parametrize("read", [image2video.read, effects.read])
def test_reading_changes_nothing(read: Callable[[Body], object]) -> None:
    body = shots(4, 6) | effect(image="a")
    before = repr(body)
    read(body)
    assert repr(body) == before
