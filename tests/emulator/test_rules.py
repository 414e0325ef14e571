"""The two pages' rules about a body, each broken once and many held once, under their numbers in order of the pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import pytest

from kling_widgets.emulator.answers import Refusal
from kling_widgets.emulator.order import FilmOrder
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


def brush(*path: object, **fields: object) -> Body:
    return v1(dynamic_masks=[group(trajectories=list(path))], **fields)


REFUSED: dict[str, tuple[Body, str]] = {
    "R7: no text": (video(model_name=["kling-v1"]), "model_name must be a string"),
    "R10: a length only others have": (v1(duration="15"), "duration value '15' is not supported"),
    "R11": (video(image={"url": "a"}), "image must be a string"),
    "R12": (v15(image_tail={"url": "a"}), "image_tail must be a string"),
    "R58": (video(mode=True), "mode must be a string"),
    "R59: a mode nobody knows": (video(mode="professional"), "mode value 'professional' is invalid"),
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
    "R32": (shots(10, multi_prompt={"index": 1}), "multi_prompt must be an array"),
    "R32: no object": (shots(10, multi_prompt=["A door"]), "multi_prompt[0] must be an object"),
    "R32: index": (shots(10, multi_prompt=[{"index": "first", "duration": 10}]), "multi_prompt[0].index must be"),
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
    "R47: no list": (v3(element_list={"element_id": 1}), "element_list must be an array"),
    "R47": (v3(element_list=[{"element_id": 1}] * 4), "element_list cannot exceed 3 elements"),
    "R48": (v3(element_list=[{}]), "element_list[0].element_id must be an integer"),
    "R50": (video(sound="on", voice_list=[{"voice_id": "a"}] * 3), "voice_list cannot exceed 2 voices"),
    "R51": (video(sound="on", voice_list=[{"voice_id": {}}]), "voice_list[0].voice_id must be a string"),
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
    "R60": (v3(duration=[5]), "duration must be a string"),
    "R61: 2": (v3(duration="2"), "duration value '2' is invalid"),
    "R61: half a second": (v3(duration="5.5"), "duration value '5.5' is invalid"),
    "R61": (v3(duration="16"), "duration value '16' is invalid"),
    "R10: duration": (video(duration="7"), "duration value '7' is not supported by model/mode(kling-v2-6/pro)"),
    "R10: brush": (video(static_mask="m"), "is not supported with dynamic_masks or static_mask"),
    "R10: brush at 10 s": (v1(static_mask="m", duration="10"), "(kling-v1/std/10) is not supported with dynamic_masks"),
    "R62": (v1(static_mask=["m"]), "static_mask must be a string"),
    "R68": (v1(dynamic_masks=[group(mask={"url": "m"})]), "dynamic_masks[0].mask must be a string"),
    "R71: pairs": (brush({"x": 1, "y": 2}, [3, 4]), "dynamic_masks[0].trajectories[1] must be an object"),
    "R71: no list": (v1(dynamic_masks=[group(trajectories="1,2")]), "dynamic_masks[0].trajectories must be an array"),
    "R66: no list": (v1(dynamic_masks={"mask": "m"}), "dynamic_masks must be an array"),
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
    "R82": (v15(camera_control=camera(pan="left")), "camera_control.config.pan must be a number"),
    "R83: two": (v15(camera_control=camera(pan=1, zoom=-1)), "exactly one non-zero value, it has 2"),
    "R83: none": (v15(camera_control=camera(pan=0)), "exactly one non-zero value, it has 0"),
    "R84": (v15(camera_control=camera(zoom=-10.5)), "camera_control.config.zoom value '-10.5' is invalid"),
    "R10: camera": (
        video(camera_control=camera(pan=1)),
        "camera_control is only supported in pro mode with 5s duration",
    ),
    "R10: camera presets": (v15(camera_control={"type": "down_back"}), "camera_control is only supported in pro mode"),
    "R93": (video(watermark_info={"enabled": "maybe"}), "watermark_info.enabled value 'maybe' is invalid"),
    "R93: no object": (video(watermark_info=True), "watermark_info must be an object"),
    "R96": (video(callback_url="laptop"), "callback_url value 'laptop' is invalid"),
    "R97": (video(external_task_id=["a"]), "external_task_id must be a string"),
}

ACCEPTED: dict[str, Body] = {
    "R7, R58, R60: the page's defaults": {"image": "a photo", "prompt": "Go"},
    "R8, R59: whatever the map has": v3(mode="4k"),
    "R10: each feature where the map has it": video(sound="on", voice_list=[{"voice_id": "a"}], duration="10"),
    "R11: a URL": video(image="https://photos.example/boat.jpg"),
    "R12, R13: end frame alone": v15(image=None, image_tail="b"),
    "R24": v1(static_mask="m", dynamic_masks=[group()]),
    "R24: either of them alone": v1(static_mask="m"),
    "R25": v3(multi_shot=False),
    "R26": shots(4, 6, prompt="x" * 512),
    "R28, R29: no effect, so no complaint": video(shot_type="clever", multi_prompt=[{"duration": "99"}]),
    "R32: index may be missing": shots(10, multi_prompt=[{"prompt": "A door", "duration": "10"}]),
    "R34: six shots": shots(*[1] * 6, duration="6"),
    "R36: loose numbers": shots("4.5", 5.5, duration="10"),
    "R39, R46": video(prompt="x" * 2500, negative_prompt="x" * 2500),
    "R42": v3(prompt="<<<element_1>>> holds <<<image_1>>> in <<<video_1>>>", element_list=[{"element_id": 1}]),
    "R43, R44": video(
        sound="on", voice_list=[{"voice_id": "a"}, {"voice_id": "b"}], prompt="<<<voice_2>>><<<voice_1>>><<<voice_1>>>"
    ),
    "R47, R48": v3(element_list=[{"element_id": 160123456789012345}] * 3),
    "R49: of whatever kind": v3(element_list=[{"element_id": 1}, {"element_id": 842250903629086720}]),
    "R50, R51: whatever its id": video(sound="on", voice_list=[{"voice_id": "842250903629086720"}, {"voice_id": 5}]),
    "R55, R56": v1(cfg_scale=0),
    "R61: a number": v3(duration=15),
    "R66, R72": v1(dynamic_masks=[group(77)] * 6),
    "R73: loose": v1(dynamic_masks=[group(trajectories=[{"x": "1", "y": 2.0}] * 2)]),
    "R83, R84": v15(camera_control=camera(horizontal=0, zoom="-10", pan=None)),
    "R93, R94": video(watermark_info={"enabled": False}),
    "R95: a text of one's own has no effect": video(watermark_info={"enabled": True, "text": "Mine"}),
    "R96, R97: empty is absent": video(callback_url="", external_task_id=""),
    "C1: the prompt counts with intelligence, and not with customize": v3(
        multi_shot=True, shot_type="intelligence", prompt="A door", multi_prompt=[{"duration": "99"}]
    ),
    "C2: the picture alone is no first and end frame": shots(10, image="a photo"),
    "C3: true as text": shots(10, multi_shot="true"),
    "C4: optional after all": shots(10, prompt="A door") | {"prompt": ""},
    "C5: either picture is optional": v15(image="", image_tail="b"),
    "C8: the markers as a later copy prints them": video(
        sound="on", voice_list=[{"voice_id": "a"}], prompt="The man<<<voice_1>>> said: Hello"
    ),
    "C9: 77 points are for 5 s, and the brush has no other length": v1(dynamic_masks=[group(77)], duration="5"),
    "C11": v3(cfg_scale=1),
    "C12": v15(camera_control=camera(tilt=0.1)),
    "C13: a model without modes takes any": video(model_name="kling-v2-1-master", mode="std"),
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


def film(body: Body) -> FilmOrder:
    reading = image2video.read(body)
    assert reading.problems == []
    assert isinstance(reading.order, FilmOrder)
    return reading.order


@pytest.mark.parametrize("seconds", range(3, 16))
def test_a_film_is_as_long_as_it_was_asked_for(seconds: int) -> None:
    """R61: every length from 3 to 15, as text or as a number."""
    assert film(v3(duration=str(seconds))).seconds == film(v3(duration=seconds)).seconds == seconds


def test_what_is_left_out_is_as_the_page_says() -> None:
    """R7, R25, R54, R55, R58, R60, R94: kling-v1, std, 5 s, one shot, no sound, no watermark."""
    order = film({"image": "a photo", "prompt": "Go"})
    assert order == FilmOrder(seconds=5, short_side=720, fps=30, prompt="Go", units="1")
    assert order == film(
        {"image": "a photo", "prompt": "Go", "model_name": "kling-v1", "mode": "std", "cfg_scale": 0.5}
    )


def test_shots_keep_their_words_and_their_lengths() -> None:
    """R26, R32, R38: customised, in the order they came in; the prompt of the whole has no effect."""
    body = shots(4, 6) | {"prompt": "Never seen"}
    body["multi_prompt"][1]["prompt"] = "A window"
    order = film(body)
    assert order.shots == ((4, "A door"), (6, "A window"))
    assert order.prompt == "A door A window"


@pytest.mark.parametrize(("seconds", "cuts"), [(3, 2), (7, 2), (8, 3), (15, 3)])
def test_with_intelligence_the_service_cuts(seconds: int, cuts: int) -> None:
    """R41: the prompt counts, and the shots are as long as the film."""
    order = film(v3(multi_shot=True, shot_type="intelligence", duration=seconds))
    assert [prompt for _, prompt in order.shots] == ["The rocket rises"] * cuts
    assert sum(length for length, _ in order.shots) == pytest.approx(seconds)


@pytest.mark.parametrize("axis", ["horizontal", "vertical", "pan", "tilt", "roll", "zoom"])
@pytest.mark.parametrize("value", [-10, 0.5, 10])
def test_each_axis_is_taken_with_its_sign(axis: str, value: float) -> None:
    """R82, R83, R84, R85, R86, R87, R88, R89, R90: one of six, from -10 to 10, as it was sent."""
    order = film(v15(camera_control=camera(**{axis: value})))
    assert (order.camera_type, order.camera_config) == ("simple", {axis: value})


def test_without_a_camera_the_film_has_its_own_move() -> None:
    """R77: camera_control is optional."""
    assert film(v15()).camera_type is None


def test_two_points_stay_two_and_every_path_keeps_its_order() -> None:
    """R71, R75, R76: from the first point on, one after the other, and nothing in between."""
    there, back = {"x": 10, "y": 20}, {"x": 5, "y": 1}
    order = film(v1(dynamic_masks=[group(trajectories=[there, back]), group(trajectories=[back, there, back])]))
    assert order.trajectories == (((10, 20), (5, 1)), ((5, 1), (10, 20), (5, 1)))


def test_sound_is_asked_for_by_its_word() -> None:
    """R54: on or off."""
    assert [film(video(sound=word)).sound for word in ("on", "off", "", None)] == [True, False, False, False]


def test_all_problems_are_found_at_once() -> None:
    body = video(mode="best", cfg_scale=2, sound="loud", negative_prompt="x" * 2501)
    assert [problem.split()[0] for problem in image2video.read(body).problems] == [
        "mode",
        "cfg_scale",
        "negative_prompt",
        "sound",
    ]


def test_a_model_that_does_not_exist_is_no_resource() -> None:
    """R8: the vendor's 1203, which names it."""
    with pytest.raises(Refusal, match="kling-v99") as caught:
        image2video.read(video(model_name="kling-v99"))
    assert caught.value.code == 1203


def test_the_old_model_field_has_no_effect() -> None:
    """R9: the film is of the default model, and so is the price."""
    order = film({"model": "kling-v2-6", "image": "a", "prompt": "Go"})
    assert (order.fps, order.units) == (30, "1")


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
    """R53, R112: "with specified voice" is dearer, where a voice is listed and a prompt names it."""
    order = film(body)
    assert ((order.short_side, order.fps), order.units) == (size, units)


_PAIRS = """french_elegance finger_swipe smooth_transition kiss_pro snow_night_kiss eternal_kiss cheers_2026 fight_pro
hug_pro heart_gesture_pro"""


def effect(scene: object = "squish", **content: object) -> Body:
    return {"effect_scene": scene, "input": content}


EFFECTS_REFUSED: dict[str, tuple[Mapping[str, object], str]] = {
    "R120": ({"input": {"image": "a"}}, "effect_scene is required"),
    "R120: no text": ({"effect_scene": ["squish"], "input": {"image": "a"}}, "effect_scene must be a string"),
    "R121": (effect("squash", image="a"), "effect_scene value 'squash' is invalid"),
    "R121: U+2019 is meant": (effect("let's_ride", image="a"), "effect_scene value 'let's_ride' is invalid"),
    "R121: as it is spelt": (effect("popping", image="a"), "effect_scene value 'popping' is invalid"),
    "R122": ({"effect_scene": "squish"}, "input is required"),
    "R122: no object": ({"effect_scene": "squish", "input": "a"}, "input must be an object"),
    "R123": (effect(), "input.image is required"),
    "R124": (effect("hug_pro", image="a"), "input.image is not supported"),
    "R125": (effect(image=["a"]), "input.image must be a string"),
    "R130: one": (effect("hug_pro", images=["a"]), "input.images must have exactly 2 images"),
    "R130: three": (effect("hug_pro", images=["a", "b", "c"]), "input.images must have exactly 2 images"),
    "R130: none": (effect("hug_pro"), "input.images must have exactly 2 images"),
    "R132": (effect("hug_pro", images=["a", None]), "input.images[1] must be a string"),
    "R134": (effect(image="a") | {"callback_url": "laptop"}, "callback_url value 'laptop' is invalid"),
    "R135": (effect(image="a") | {"external_task_id": {}}, "external_task_id must be a string"),
    "C17: both": (effect(image="a", images=["a", "b"]), "input.images is not supported"),
    "C17: neither": (effect(image=""), "input.image is required"),
}

EFFECTS_ACCEPTED: dict[str, Body] = {
    "R123": effect(image="a", images=[]),
    "R121": effect("let’s_ride", image="a"),
    "R121: spelt so": effect("poping", image="a"),
    "R124, R130": effect("hug_pro", images=["a", "b"], image=""),
    "R136: what older pages had has no effect": effect(image="a", duration="5")
    | {"model_name": "kling-v99", "mode": 7, "prompt": "", "watermark_info": True},
    "C15: the page's own sample": effect("pet_lion", image="a"),
    "C16: printed with a blank behind it": effect("brown_bear_hug", image="a"),
    "C16: printed without one between them": effect("heart_gesture_pro", images=["a", "b"]),
}


@pytest.mark.parametrize("rule", EFFECTS_REFUSED)
def test_a_broken_rule_of_effects_is_named(rule: str) -> None:
    body, message = EFFECTS_REFUSED[rule]
    problems = effects.read(body).problems
    assert len(problems) == 1, problems
    assert message in problems[0]


@pytest.mark.parametrize("rule", EFFECTS_ACCEPTED)
def test_what_the_effects_page_allows_is_taken(rule: str) -> None:
    assert effects.read(EFFECTS_ACCEPTED[rule]).problems == []


def test_every_scene_of_the_page_is_taken_with_its_number_of_photos() -> None:
    """R121, R123, R124: 229 names, of which ten take two photos."""
    table = json.loads(files("kling_widgets").joinpath("data/effects.json").read_text("utf-8"))["effects"]
    page = [row for row in table if effects.read(effect(row["scene"], image="a")).problems == []]
    pairs = [row for row in table if effects.read(effect(row["scene"], images=["a", "b"])).problems == []]
    assert (len(table), len(page), len(pairs)) == (229, 219, 10)
    assert {row["scene"] for row in pairs} == set(_PAIRS.split())


def test_the_first_photo_is_the_left_one() -> None:
    """R131, R132: both go their way in the order they came in."""
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
