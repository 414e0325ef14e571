"""Every rule of the vendor's pages that a client can keep or break, by its number: what is refused, what goes out."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import kling_widgets as kw
from kling_widgets import capability
from kling_widgets.image import Image

PHOTO = Image.of("notebooks/photos/rocket.jpg")  # 640 x 427
URL = "https://example.com/photo.jpg"
LEFT = np.zeros((427, 640), bool)
LEFT[200:280, 100:180] = True
SQUARE = np.ones((427, 427), bool)
UP = [(140, 187), (140, 327)]
AREA = {"mask": LEFT, "trajectories": UP}
DATA = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA"
ID = 829836802793406551  # 18 digits, more than a float can hold
ABSENT: Any = object()
CUSTOM = {"multi_shot": True, "shot_type": "customize"}
WORDS = {"multi_shot": True, "shot_type": "intelligence"}
VOICED = {"model_name": "kling-v2-6", "mode": "pro"}
MOVED = {"model_name": "kling-v1-5", "mode": "pro"}  # the one row of image2video with a camera

Make = Callable[..., Any]


def grey(width: int, height: int) -> Any:
    return np.full((height, width), 128, np.uint8)


def film(**fields: Any) -> kw.ImageToVideo:
    return kw.ImageToVideo(**{"image": PHOTO, "prompt": "The rocket rises", **fields})


def v3(**fields: Any) -> kw.ImageToVideo:
    return film(model_name="kling-v3", **fields)


def v1_6_pro(**fields: Any) -> kw.ImageToVideo:
    return film(**{"model_name": "kling-v1-6", "mode": "pro", **fields})


def page(**fields: Any) -> kw.ImageToVideo:
    """A film that only the page's own rules are asked about."""
    return film(check="off", **fields)


def words(**fields: Any) -> kw.TextToVideo:
    return kw.TextToVideo(**{"prompt": "A lighthouse", **fields})


def effect(**fields: Any) -> kw.VideoEffect:
    return kw.VideoEffect(**{"effect_scene": "squish", "image": PHOTO, **fields})


def pair(**fields: Any) -> kw.VideoEffect:
    return kw.VideoEffect(**{"effect_scene": "hug_pro", "images": (PHOTO, PHOTO), **fields})


def shots(*durations: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"prompt": "A shot", "duration": duration, **more} for duration in durations]


def area(*points: Any, mask: Any = LEFT) -> list[dict[str, Any]]:
    return [{"mask": mask, "trajectories": list(points)}]


def camera(**config: float) -> dict[str, Any]:
    return {"type": "simple", "config": config}


def voices(*numbers: int) -> str:
    return " ".join(f"<<<voice_{number}>>>" for number in numbers)


Refused = tuple[Make, dict[str, Any], list[str]]
Accepted = tuple[Make, dict[str, Any], dict[str, Any]]

REFUSED: dict[str, Refused] = {
    "R7: a model is a name": (film, {"model_name": 3}, ["model_name"]),
    "R9: the old field model would be ignored, so it is refused": (film, {"model": "kling-v3"}, ["model"]),
    "R10: the map, motion brush": (film, {"model_name": "kling-v2-6", "static_mask": LEFT}, ["static_mask"]),
    "R10: the map, sound": (film, {"sound": True}, ["sound"]),
    "R10: the map, end frame": (film, {"duration": 10, "image_tail": URL}, ["image_tail"]),
    "R10: the map, several shots": (film, {**WORDS}, ["multi_shot"]),
    "R10: the map, elements": (film, {"element_list": [1]}, ["element_list"]),
    "R10: the map, voices": (film, {"voice_list": ["a"]}, ["voice_list", "sound"]),
    "R10: the map, voices in silence": (film, {**VOICED, "voice_list": ["a"]}, ["sound"]),
    "R10: the map, camera": (film, {"camera_control": camera(pan=1)}, ["camera_control"]),
    "R10: the map, length": (film, {"duration": 7}, ["duration"]),
    "R10: the map, mode": (film, {"mode": "4k"}, ["mode"]),
    "R11: a picture is no number": (film, {"image": 5}, ["image"]),
    "R12: an end frame is no number": (v3, {"image_tail": 5}, ["image_tail"]),
    "R13: no frame": (film, {"image": None}, ["image"]),
    "R13: both frames empty": (film, {"image": "", "image_tail": ""}, ["image"]),
    "R14: a data: prefix": (v3, {"image": DATA, "image_tail": DATA}, ["image", "image_tail"]),
    "R15: a picture that is none": (film, {"image": b"GIF89a, or so it says"}, ["image"]),
    "R17: 299 wide": (film, {"image": grey(299, 400)}, ["image"]),
    "R17: 299 high": (film, {"image": grey(400, 299)}, ["image"]),
    "R18: longer than 2.5 to 1": (film, {"image": grey(751, 300)}, ["image"]),
    "R18: longer than 1 to 2.5": (film, {"image": grey(300, 751)}, ["image"]),
    "R19: an end frame that is no picture": (v3, {"image_tail": b"%PDF-1.7"}, ["image_tail"]),
    "R21: an end frame of 299": (v3, {"image_tail": grey(299, 400)}, ["image_tail"]),
    "R23: end frame and brush": (page, {"image_tail": URL, "static_mask": LEFT}, ["static_mask"]),
    "R23: end frame and camera": (page, {"image_tail": URL, "camera_control": camera(pan=1)}, ["camera_control"]),
    "R23: brush and camera": (page, {"dynamic_masks": [AREA], "camera_control": camera(pan=1)}, ["camera_control"]),
    "R25: neither true nor false": (v3, {"multi_shot": "perhaps"}, ["multi_shot"]),
    "R27: shots with an end frame, by the map": (v3, {**WORDS, "image_tail": URL}, ["multi_shot"]),
    "R30: another way to cut": (v3, {"multi_shot": True, "shot_type": "custom"}, ["shot_type"]),
    "R31: shots without a way to cut": (v3, {"multi_shot": True}, ["shot_type"]),
    "R32: no list": (v3, {**CUSTOM, "multi_prompt": "A shot"}, ["multi_prompt"]),
    "R32: parts missing": (
        v3,
        {**CUSTOM, "multi_prompt": [{"index": 1}]},
        ["multi_prompt[0].prompt", "multi_prompt[0].duration"],
    ),
    "R32: numbered twice alike": (v3, {**CUSTOM, "multi_prompt": shots(2, 3, index=1)}, ["multi_prompt"]),
    "R33: customised shots, and none": (v3, {**CUSTOM}, ["multi_prompt"]),
    "R34: seven shots": (v3, {**CUSTOM, "multi_prompt": shots(*[1] * 7), "duration": 7}, ["multi_prompt"]),
    "R35: 513 characters": (
        v3,
        {**CUSTOM, "multi_prompt": [{"prompt": "x" * 513, "duration": 5}]},
        ["multi_prompt[0].prompt"],
    ),
    "R36: a shot of 0 s": (v3, {**CUSTOM, "multi_prompt": shots(0, 5)}, ["multi_prompt[0].duration"]),
    "R36: a shot of half a second": (v3, {**CUSTOM, "multi_prompt": shots(0.5, 5)}, ["multi_prompt[0].duration"]),
    "R37: a shot longer than the film": (
        v3,
        {**CUSTOM, "multi_prompt": shots(6, 1)},
        ["multi_prompt[0].duration", "multi_prompt"],
    ),
    "R38: shots too short together": (v3, {**CUSTOM, "multi_prompt": shots(2, 2)}, ["multi_prompt"]),
    "R38: shots too long together": (v3, {**CUSTOM, "multi_prompt": shots(3, 3)}, ["multi_prompt"]),
    "R39: 2501 characters": (film, {"prompt": "é" * 2501}, ["prompt"]),
    "R39: no text": (film, {"prompt": ["A", "list"]}, ["prompt"]),
    "R40: nothing said": (film, {"prompt": ""}, ["prompt"]),
    "R40: only blanks": (film, {"prompt": " \n"}, ["prompt"]),
    "R41: nothing said, and the service shall cut": (v3, {**WORDS, "prompt": ""}, ["prompt"]),
    "R43: the second of one voice": (
        film,
        {**VOICED, "sound": True, "voice_list": ["a"], "prompt": voices(2)},
        ["prompt"],
    ),
    "R44: three voices named": (
        film,
        {**VOICED, "sound": True, "voice_list": ["a", "b"], "prompt": voices(1, 2, 3)},
        ["prompt", "prompt"],
    ),
    "R45: a voice in silence": (film, {**VOICED, "voice_list": ["a"], "prompt": voices(1)}, ["sound"]),
    "R46: 2501 characters": (film, {"negative_prompt": "é" * 2501}, ["negative_prompt"]),
    "R47: four elements": (v3, {"element_list": [1, 2, 3, 4]}, ["element_list"]),
    "R48: an id in words": (v3, {"element_list": ["a vase"]}, ["element_list[0].element_id"]),
    "R48: no id": (v3, {"element_list": [{}]}, ["element_list[0].element_id"]),
    "R48: an id of 18 digits as a float has lost some": (
        v3,
        {"element_list": [float(ID)]},
        ["element_list[0].element_id"],
    ),
    "R48: longer than a long": (v3, {"element_list": [2**63]}, ["element_list[0].element_id"]),
    "R50: three voices": (page, {"voice_list": ["a", "b", "c"]}, ["voice_list"]),
    "R51: an empty id": (page, {"voice_list": [""]}, ["voice_list[0].voice_id"]),
    "R52: elements and voices": (page, {"element_list": [1], "voice_list": ["a"]}, ["voice_list"]),
    "R54: loud": (v3, {"sound": "loud"}, ["sound"]),
    "R55: in words": (film, {"cfg_scale": "much"}, ["cfg_scale"]),
    "R56: below 0": (film, {"cfg_scale": -0.01}, ["cfg_scale"]),
    "R56: above 1": (film, {"cfg_scale": 1.01}, ["cfg_scale"]),
    "R56: not a number": (film, {"cfg_scale": float("nan")}, ["cfg_scale"]),
    "R57: kling-v2-5-turbo": (film, {"model_name": "kling-v2-5-turbo", "cfg_scale": 0.5}, ["cfg_scale"]),
    "R57: kling-v2-6, even unchecked": (page, {"model_name": "kling-v2-6", "cfg_scale": 0.5}, ["cfg_scale"]),
    "R58: no text": (film, {"mode": 1}, ["mode"]),
    "R60: in words": (v3, {"duration": "five"}, ["duration"]),
    "R60: half seconds": (v3, {"duration": 5.5}, ["duration"]),
    "R61: 2 s": (page, {"duration": 2}, ["duration"]),
    "R61: 16 s": (page, {"duration": "16"}, ["duration"]),
    "R62: a data: prefix": (film, {"static_mask": DATA}, ["static_mask"]),
    "R63: no picture": (film, {"static_mask": b"%PDF-1.7"}, ["static_mask"]),
    "R64: another shape than the photo's": (film, {"static_mask": SQUARE}, ["static_mask"]),
    "R65: masks of two sizes, the photo unseen": (
        film,
        {"image": URL, "static_mask": SQUARE, "dynamic_masks": [AREA]},
        ["dynamic_masks[0].mask"],
    ),
    "R66: seven areas": (film, {"dynamic_masks": [AREA] * 7}, ["dynamic_masks"]),
    "R67: neither mask nor path": (
        film,
        {"dynamic_masks": [{}]},
        ["dynamic_masks[0].mask", "dynamic_masks[0].trajectories"],
    ),
    "R68: a data: prefix": (film, {"dynamic_masks": area(*UP, mask=DATA)}, ["dynamic_masks[0].mask"]),
    "R69: no picture": (film, {"dynamic_masks": area(*UP, mask=b"%PDF-1.7")}, ["dynamic_masks[0].mask"]),
    "R70: another shape than the photo's": (
        film,
        {"dynamic_masks": area(*UP, mask=SQUARE)},
        ["dynamic_masks[0].mask"],
    ),
    "R71: three coordinates": (
        film,
        {"dynamic_masks": area((1, 2, 3), (4, 5, 6))},
        ["dynamic_masks[0].trajectories[0]", "dynamic_masks[0].trajectories[1]"],
    ),
    "R72: one point": (film, {"dynamic_masks": area((1, 1))}, ["dynamic_masks[0].trajectories"]),
    "R72: 78 points": (film, {"dynamic_masks": area(*[(1, 1)] * 78)}, ["dynamic_masks[0].trajectories"]),
    "R73: half a pixel": (film, {"dynamic_masks": area((2.5, 1), (3, 3))}, ["dynamic_masks[0].trajectories[0].x"]),
    "R73: left of the photo": (film, {"dynamic_masks": area((1, 1), (-1, 1))}, ["dynamic_masks[0].trajectories[1]"]),
    "R73: right of the photo": (film, {"dynamic_masks": area((641, 1), (1, 1))}, ["dynamic_masks[0].trajectories[0]"]),
    "R74: below the photo": (film, {"dynamic_masks": area((1, 1), (1, -1))}, ["dynamic_masks[0].trajectories[1]"]),
    "R74: above the photo": (film, {"dynamic_masks": area((1, 1), (1, 428))}, ["dynamic_masks[0].trajectories[1]"]),
    "R78: no type": (page, {"camera_control": {}}, ["camera_control.type"]),
    "R79: another type": (page, {"camera_control": {"type": "spin"}}, ["camera_control.type"]),
    "R80: simple without a config": (page, {"camera_control": {"type": "simple"}}, ["camera_control.config"]),
    "R81: a preset with a config": (
        page,
        {"camera_control": {"type": "forward_up", "config": {"zoom": 1}}},
        ["camera_control.config"],
    ),
    "R82: a seventh axis": (page, {"camera_control": camera(spin=1, zoom=1)}, ["camera_control.config.spin"]),
    "R82: in words": (
        page,
        {"camera_control": {"type": "simple", "config": {"zoom": "in"}}},
        ["camera_control.config.zoom"],
    ),
    "R83: two axes": (page, {"camera_control": camera(zoom=1, pan=1)}, ["camera_control.config"]),
    "R83: none": (page, {"camera_control": camera(zoom=0)}, ["camera_control.config"]),
    "R84: above 10": (page, {"camera_control": camera(zoom=10.1)}, ["camera_control.config.zoom"]),
    "R84: below -10": (page, {"camera_control": camera(pan=-11)}, ["camera_control.config.pan"]),
    "R93: neither true nor false": (film, {"watermark_info": {"enabled": "perhaps"}}, ["watermark_info.enabled"]),
    "R93: nothing said": (film, {"watermark_info": {}}, ["watermark_info.enabled"]),
    "R95: a text of one's own": (
        film,
        {"watermark_info": {"enabled": True, "text": "me"}},
        ["watermark_info.text"],
    ),
    "R96: no address": (film, {"callback_url": "my laptop"}, ["callback_url"]),
    "R97: no text": (film, {"external_task_id": 5}, ["external_task_id"]),
    "R120: no scene": (kw.VideoEffect, {"image": PHOTO}, ["effect_scene"]),
    "R120: an empty one": (effect, {"effect_scene": ""}, ["effect_scene"]),
    "R122: no photo": (kw.VideoEffect, {"effect_scene": "squish"}, ["input.image"]),
    "R122: the wire's input": (effect, {"input": {"image": URL}}, ["input"]),
    "R123: two photos for an effect of one": (
        kw.VideoEffect,
        {"effect_scene": "squish", "images": (PHOTO, PHOTO)},
        ["input.images"],
    ),
    "R124: one photo for an effect of two": (
        kw.VideoEffect,
        {"effect_scene": "hug_pro", "image": PHOTO},
        ["input.image"],
    ),
    "R125: a data: prefix": (effect, {"image": DATA}, ["input.image"]),
    "R126: no picture": (effect, {"image": b"%PDF-1.7"}, ["input.image"]),
    "R128: 299 pixels": (effect, {"image": grey(299, 400)}, ["input.image"]),
    "R129: longer than 2.5 to 1": (effect, {"image": grey(751, 300)}, ["input.image"]),
    "R130: one of two": (pair, {"images": (PHOTO,)}, ["input.images"]),
    "R130: three of two": (pair, {"images": (PHOTO,) * 3}, ["input.images"]),
    "R132: a data: prefix": (pair, {"images": (PHOTO, DATA)}, ["input.images[1]"]),
    "R133: too small, too long, no picture": (
        pair,
        {"images": (grey(299, 400), grey(751, 300), b"%PDF-1.7")},
        ["input.images[0]", "input.images[1]", "input.images[2]"],
    ),
    "R134: no address": (effect, {"callback_url": "ftp://example.com"}, ["callback_url"]),
    "R135: no text": (effect, {"external_task_id": 5}, ["external_task_id"]),
    "R136: nothing but these": (
        effect,
        {"model_name": "kling-v1", "mode": "pro", "duration": 5, "prompt": "x", "watermark_info": True},
        ["model_name", "mode", "duration", "prompt", "watermark_info"],
    ),
    "C1: the words count where the service cuts": (
        words,
        {**WORDS, "model_name": "kling-v3", "prompt": ""},
        ["prompt"],
    ),
    "C4: a prompt is optional by its table, and must not be empty": (words, {"prompt": ""}, ["prompt"]),
    "C9: the brush is there at 5 s alone": (film, {"dynamic_masks": [AREA], "duration": 10}, ["dynamic_masks"]),
    "C10: a mask of another size would be read in which pixels?": (
        film,
        {"dynamic_masks": area(*UP, mask=np.ones((854, 1280), bool))},
        ["dynamic_masks[0].mask"],
    ),
    "C17: one photo and two": (pair, {"image": PHOTO}, ["input"]),
}

ACCEPTED: dict[str, Accepted] = {
    "R7: the default is written out": (film, {}, {"model_name": "kling-v1"}),
    "R10: what the map has": (film, {**VOICED, "sound": True}, {"sound": "on"}),
    "R11: an address goes as it is": (film, {"image": URL}, {"image": URL}),
    "R11: raw Base64": (film, {"image": PHOTO.base64()}, {"prompt": "The rocket rises"}),
    "R12: an address goes as it is": (v3, {"image_tail": URL}, {"image_tail": URL}),
    "R13: an end frame alone": (v1_6_pro, {"image": None, "image_tail": URL}, {"image": ABSENT, "image_tail": URL}),
    "R17: 300 on each side": (film, {"image": grey(300, 300)}, {}),
    "R18: 2.5 to 1": (film, {"image": grey(750, 300)}, {}),
    "R22: an end frame of any shape": (v3, {"image_tail": grey(300, 1200)}, {}),
    "R23: one of the three": (film, {"image_tail": URL}, {"image_tail": URL}),
    "R24: both kinds of brush": (film, {"dynamic_masks": [AREA], "static_mask": ~LEFT}, {}),
    "R25: left out where it is not given": (film, {}, {"multi_shot": ABSENT}),
    "R25: a boolean": (v3, {**WORDS}, {"multi_shot": True}),
    "R26: words without effect are let be": (
        v3,
        {**CUSTOM, "prompt": "Not used", "multi_prompt": shots(5)},
        {"prompt": "Not used"},
    ),
    "R28: without shots the way to cut is let be": (film, {"shot_type": "customize"}, {"shot_type": "customize"}),
    "R29: without multi_shot the shots are let be": (film, {"multi_prompt": shots(1, 1)}, {"multi_shot": ABSENT}),
    "R30: as the service likes": (v3, {**WORDS}, {"shot_type": "intelligence"}),
    "R32: index, prompt, duration as text": (
        v3,
        {**CUSTOM, "multi_prompt": shots(2, "3")},
        {
            "multi_prompt": [
                {"index": 1, "prompt": "A shot", "duration": "2"},
                {"index": 2, "prompt": "A shot", "duration": "3"},
            ]
        },
    ),
    "R34: one shot": (v3, {**CUSTOM, "multi_prompt": shots(5)}, {}),
    "R34: six shots": (v3, {**CUSTOM, "multi_prompt": shots(*[1] * 6), "duration": 6}, {"duration": "6"}),
    "R35: 512 characters": (v3, {**CUSTOM, "multi_prompt": [{"prompt": "é" * 512, "duration": 5}]}, {}),
    "R36: 1 s": (v3, {**CUSTOM, "multi_prompt": shots(1, 4)}, {}),
    "R37: as long as the film": (v3, {**CUSTOM, "multi_prompt": shots(5)}, {}),
    "R38: their sum": (v3, {**CUSTOM, "multi_prompt": shots(7, 8), "duration": 15}, {"duration": "15"}),
    "R39: 2500 characters": (film, {"prompt": "é" * 2500}, {"prompt": "é" * 2500}),
    "R40: shots of one's own need no words": (v3, {**CUSTOM, "prompt": "", "multi_prompt": shots(5)}, {}),
    "R42: references go as they are": (
        v3,
        {"prompt": "<<<element_1>>> by <<<image_1>>>"},
        {"prompt": "<<<element_1>>> by <<<image_1>>>"},
    ),
    "R43: in the order of voice_list": (
        film,
        {**VOICED, "sound": True, "voice_list": ["a", "b"], "prompt": voices(2)},
        {"voice_list": [{"voice_id": "a"}, {"voice_id": "b"}], "prompt": "<<<voice_2>>>"},
    ),
    "R44: two voices": (film, {**VOICED, "sound": True, "voice_list": ["a", "b"], "prompt": voices(1, 2, 1)}, {}),
    "R45: a voice that is not named, by the page alone": (
        page,
        {**VOICED, "voice_list": ["a"]},
        {"sound": ABSENT},
    ),
    "R46: 2500 characters": (film, {"negative_prompt": "x" * 2500}, {"negative_prompt": "x" * 2500}),
    "R47: three elements": (v3, {"element_list": [1, 2, 3]}, {}),
    "R48: 18 digits, exact, however they come": (
        v3,
        {"element_list": [ID, str(ID), {"element_id": str(ID)}]},
        {"element_list": [{"element_id": ID}] * 3},
    ),
    "R49: of both kinds, which the id alone does not tell": (
        v3,
        {"element_list": [160, ID]},
        {"element_list": [{"element_id": 160}, {"element_id": ID}]},
    ),
    "R50: two voices": (film, {**VOICED, "sound": True, "voice_list": ["a", "b"]}, {}),
    "R51: an id of any spelling": (film, {**VOICED, "sound": True, "voice_list": ["82982"]}, {}),
    "R54: on": (v3, {"sound": True}, {"sound": "on"}),
    "R54: off": (v3, {"sound": "off"}, {"sound": "off"}),
    "R55: left out where it is not given": (film, {}, {"cfg_scale": ABSENT}),
    "R55: a float": (film, {"cfg_scale": 0.7}, {"cfg_scale": 0.7}),
    "R56: 0": (film, {"cfg_scale": 0}, {"cfg_scale": 0.0}),
    "R56: 1": (film, {"cfg_scale": 1}, {"cfg_scale": 1.0}),
    "R58: left out where it is not given": (film, {}, {"mode": ABSENT}),
    "R59: std": (film, {"mode": "std"}, {"mode": "std"}),
    "R59: pro": (film, {"mode": "pro"}, {"mode": "pro"}),
    "R60: left out where it is not given": (film, {}, {"duration": ABSENT}),
    "R60: text": (film, {"duration": 10}, {"duration": "10"}),
    "R62: an address": (film, {"static_mask": URL}, {"static_mask": URL}),
    "R66: six areas": (film, {"dynamic_masks": [AREA] * 6}, {}),
    "R68: an address": (film, {"dynamic_masks": area(*UP, mask=URL)}, {}),
    "R72: 77 points": (film, {"dynamic_masks": area(*[(1, 1)] * 77)}, {}),
    "R77: without it the model chooses": (film, {}, {"camera_control": ABSENT}),
    "R80: simple, with a config": (film, {**MOVED, "camera_control": camera(zoom=-10)}, {}),
    "R81: a preset, without one": (
        words,
        {"camera_control": {"type": "down_back", "config": None}},
        {"camera_control": {"type": "down_back"}},
    ),
    "R84: 10": (film, {**MOVED, "camera_control": camera(roll=10)}, {}),
    "R84: -10": (film, {**MOVED, "camera_control": camera(roll=-10)}, {}),
    "R93: an object": (film, {"watermark_info": True}, {"watermark_info": {"enabled": True}}),
    "R94: no watermark": (film, {"watermark_info": {"enabled": False}}, {"watermark_info": {"enabled": False}}),
    "R96: an address": (film, {"callback_url": "https://a.example/done"}, {"callback_url": "https://a.example/done"}),
    "R97: the user's own id": (film, {"external_task_id": "rocket-1"}, {"external_task_id": "rocket-1"}),
    "R120, R122, R123: a scene and its photo": (
        effect,
        {"image": URL},
        {"effect_scene": "squish", "input": {"image": URL}},
    ),
    "R124, R131, R132: left first": (
        pair,
        {"images": (URL, URL + "?right")},
        {"effect_scene": "hug_pro", "input": {"images": [URL, URL + "?right"]}},
    ),
    "R125: raw Base64": (effect, {"image": PHOTO.base64()}, {}),
    "R128, R129: 300 x 750": (effect, {"image": grey(300, 750)}, {}),
    "R134: an address": (effect, {"callback_url": "http://a.example/done"}, {"callback_url": "http://a.example/done"}),
    "R135: the user's own id": (effect, {"external_task_id": "squish-1"}, {"external_task_id": "squish-1"}),
    "R136: nothing but these": (
        effect,
        {},
        {"model_name": ABSENT, "mode": ABSENT, "duration": ABSENT, "prompt": ABSENT, "watermark_info": ABSENT},
    ),
    "C1: the words do not count where the user cuts": (
        words,
        {**CUSTOM, "model_name": "kling-v3", "prompt": "", "multi_prompt": shots(5)},
        {"prompt": ""},
    ),
    "C2: shots of a photo": (v3, {**CUSTOM, "multi_prompt": shots(5)}, {"multi_shot": True}),
    "C2: shots of two frames, where the map is not asked": (page, {**WORDS, "image_tail": URL}, {"image_tail": URL}),
    "C3: the sample's text for a boolean": (v3, {**WORDS, "multi_shot": "true"}, {"multi_shot": True}),
    "C5: an end frame alone, on kling-v1-5 and -v1-6 pro": (v1_6_pro, {"image": None, "image_tail": URL}, {}),
    "C6: the sample's text for numbers": (
        kw.ImageGeneration,
        {"prompt": "Merge them", "model_name": "kling-v3", "n": "9", "element_list": [{"element_id": "160"}]},
        {"n": 9, "element_list": [{"element_id": 160}]},
    ),
    "C8: markers as the later copy has them": (v3, {"prompt": "<<<video_1>>>"}, {"prompt": "<<<video_1>>>"}),
    "C11: cfg_scale on kling-v3, of which nothing is said": (v3, {"cfg_scale": 0.5}, {"cfg_scale": 0.5}),
    "C12: all six, 0 where nothing was said": (
        film,
        {**MOVED, "camera_control": camera(zoom=-5)},
        {
            "camera_control": {
                "type": "simple",
                "config": {"horizontal": 0, "vertical": 0, "pan": 0, "tilt": 0, "roll": 0, "zoom": -5},
            }
        },
    ),
    "C13: a master model, without a mode": (film, {"model_name": "kling-v2-master"}, {"mode": ABSENT}),
    "C16: the page's blank behind a name": (
        effect,
        {"effect_scene": "brown_bear_hug "},
        {"effect_scene": "brown_bear_hug"},
    ),
}


@pytest.mark.parametrize(("make", "fields", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_what_breaks_a_rule_cannot_be_built(make: Make, fields: dict[str, Any], named: list[str]) -> None:
    """InvalidRequest, before any network, with each field's path on the wire, the rule and the remedy."""
    with pytest.raises(kw.InvalidRequest) as caught:
        make(**fields)

    assert [problem.field for problem in caught.value.problems] == named
    assert all(problem.message and problem.fix for problem in caught.value.problems)


@pytest.mark.parametrize(("make", "fields", "sent"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_keeps_the_rules_goes_out(make: Make, fields: dict[str, Any], sent: dict[str, Any]) -> None:
    """Every value exactly as the page wants it, its type too; what was not asked for is not there."""
    body = make(**fields).payload()

    assert {name: body.get(name, ABSENT) for name in sent} == sent
    assert [type(body[name]) for name in sent if name in body] == [type(sent[name]) for name in sent if name in body]


@pytest.mark.parametrize("model", capability.models())
def test_each_model_of_the_page_is_known(model: str) -> None:
    """R8: no word of warning for any of the nine."""
    assert film(model_name=model).payload()["model_name"] == model
    assert len(capability.models()) == 9


@pytest.mark.parametrize("fields", [{"model_name": "kling-v4"}, {"mode": "8k"}])
def test_newer_names_pass_with_a_warning(fields: dict[str, str]) -> None:
    """R8, R59: what the dated table does not know is newer than it, not wrong."""
    with pytest.warns(kw.KlingWarning, match="is not among those known here"):
        assert film(**fields).payload().items() >= fields.items()


def test_no_other_mode_of_a_known_model_passes() -> None:
    """R59: `4k` is kling-v3's; the page itself has std and pro alone."""
    assert v3(mode="4k").payload()["mode"] == "4k"
    with pytest.raises(kw.InvalidRequest, match="does not know mode 4k"):
        film(model_name="kling-v2-6", mode="4k")


def opened(text: str) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


def sources() -> dict[str, bytes]:
    """A photo as files of several kinds."""
    files = {}
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"):
        file = io.BytesIO()
        PHOTO.pil().save(file, kind)
        files[kind] = file.getvalue()
    return files


@pytest.mark.parametrize("data", sources().values(), ids=sources().keys())
def test_pictures_leave_as_jpeg_or_png(data: bytes) -> None:
    """R14, R15, R19, R125, R126, R133: whatever came in, raw Base64 of a JPEG or a PNG goes out."""
    texts = [
        v3(image=data, image_tail=data).payload()["image"],
        v3(image=data, image_tail=data).payload()["image_tail"],
        effect(image=data).payload()["input"]["image"],
        *pair(images=(data, data)).payload()["input"]["images"],
    ]

    assert {opened(text).format for text in texts} <= {"JPEG", "PNG"}
    assert {opened(text).size for text in texts} == {(640, 427)}


def test_pictures_leave_with_ten_megabytes_at_most() -> None:
    """R16, R20, R127: noise of 4096 x 4096 is 48 MB raw and cannot be packed."""
    noise = np.random.default_rng(7).integers(0, 256, (4096, 4096, 3), np.uint8)
    picture = v3(image=noise, image_tail=noise)
    sent = effect(image=picture.image).payload()["input"]["image"]

    assert isinstance(picture.image, Image)
    assert isinstance(picture.image_tail, Image)
    assert max(len(picture.image.data), len(picture.image_tail.data), len(base64.b64decode(sent))) <= 10_000_000
    assert min(picture.image.width, picture.image_tail.width) == 4096


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_masks_leave_as_png(kind: str) -> None:
    """R62, R63, R68, R69: a mask may come as a JPEG too; it leaves as an 8-bit PNG of the photo's size."""
    file = io.BytesIO()
    PIL.Image.fromarray(np.where(LEFT, 255, 0).astype(np.uint8)).save(file, kind, quality=95)
    body = film(static_mask=file.getvalue(), dynamic_masks=area(*UP, mask=file.getvalue())).payload()

    for text in (body["static_mask"], body["dynamic_masks"][0]["mask"]):
        mask = opened(text)
        assert (mask.format, mask.mode, mask.size) == ("PNG", "L", (640, 427))
        assert np.array_equal(np.asarray(mask) > 127, LEFT)


def test_all_masks_leave_in_the_photos_own_size() -> None:
    """R64, R65, R70: a photo scaled down for sending takes its masks along."""
    photo = Image.of(grey(8192, 4096))
    painted = np.zeros((4096, 8192), bool)
    painted[:2048] = True
    body = film(image=photo, static_mask=painted, dynamic_masks=area((0, 0), (8, 8), mask=~painted)).payload()

    assert opened(body["static_mask"]).size == opened(body["dynamic_masks"][0]["mask"]).size == (4096, 2048)


def test_a_path_keeps_its_points_and_their_order() -> None:
    """R67, R71, R73, R74, R75: objects of whole x and y, the origin bottom left, first to last."""
    points = [(0, 0), (640, 427), (320, 213), (320, 213), (5, 400)]
    (group,) = film(dynamic_masks=area(*points)).payload()["dynamic_masks"]

    assert group.keys() == {"mask", "trajectories"}
    assert group["trajectories"] == [
        {"x": 0, "y": 0}, {"x": 639, "y": 426}, {"x": 320, "y": 213}, {"x": 320, "y": 213}, {"x": 5, "y": 400},
    ]  # fmt: skip
    assert all(type(value) is int for point in group["trajectories"] for value in point.values())


def test_two_points_are_a_path() -> None:
    """R72, R76: a straight line needs no more."""
    (group,) = film(dynamic_masks=[AREA]).payload()["dynamic_masks"]

    assert group["trajectories"] == [{"x": 140, "y": 187}, {"x": 140, "y": 327}]


@pytest.mark.parametrize("seconds", range(3, 16))
def test_thirteen_lengths(seconds: int) -> None:
    """R60, R61: 3 to 15, as text on the wire."""
    assert v3(duration=seconds).payload()["duration"] == str(seconds)


SIGNS = {
    "R82, R85: left": ("horizontal", -1.5),
    "R82, R85: right": ("horizontal", 1.5),
    "R86: down": ("vertical", -2.0),
    "R86: up": ("vertical", 2.0),
    "R87: turns left": ("pan", -3.0),
    "R87: turns right": ("pan", 3.0),
    "R88: tilts down": ("tilt", -4.0),
    "R88: tilts up": ("tilt", 4.0),
    "R89: counterclockwise": ("roll", -5.0),
    "R89: clockwise": ("roll", 5.0),
    "R90: narrower": ("zoom", -6.0),
    "R90: wider": ("zoom", 6.0),
}


@pytest.mark.parametrize(("axis", "value"), SIGNS.values(), ids=SIGNS.keys())
def test_a_sign_goes_out_as_it_came(axis: str, value: float) -> None:
    """R83: the axis as the page words it, unchanged; the five others are written out as 0."""
    sent = film(**MOVED, camera_control=camera(**{axis: value})).payload()["camera_control"]

    assert sent == {"type": "simple", "config": dict.fromkeys(
        ("horizontal", "vertical", "pan", "tilt", "roll", "zoom"), 0.0) | {axis: value}}  # fmt: skip


@pytest.mark.parametrize("type_", ["down_back", "forward_up", "right_turn_forward", "left_turn_forward"])
def test_presets_go_out_alone(type_: str) -> None:
    """R78, R79, R81, R91, R92: the type and nothing else."""
    assert words(camera_control={"type": type_}).payload()["camera_control"] == {"type": type_}
    assert page(camera_control={"type": type_}).payload()["camera_control"] == {"type": type_}


def test_a_voice_is_paid_for_where_it_is_named() -> None:
    """R53: voice_list alone is billed as sound; with the voice in the prompt it is billed with it."""
    silent = film(**VOICED, voice_list=["a"], sound=True)
    spoken = film(**VOICED, voice_list=["a"], sound=True, prompt="<<<voice_1>>> says hello")

    assert (silent.cost(), spoken.cost()) == (kw.Cost(5.0, 0.7, "2026-09-20"), kw.Cost(6.0, 0.84, "2026-09-20"))


def test_a_watermark_is_asked_for_or_not() -> None:
    """R93, R94: both words reach the wire as booleans."""
    assert [film(watermark_info=asked).payload()["watermark_info"] for asked in (True, False)] == [
        {"enabled": True},
        {"enabled": False},
    ]


def test_an_id_of_its_own_for_each_film() -> None:
    """R97, R98, R135: without one of the user's, the same film has the same id, and any other film another."""
    keys = [film().key(), film().key(), film().key(2), v3().key(), effect().key(), words().key()]

    assert len(set(keys)) == len(keys) - 1
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key) for key in keys)


def test_where_requests_go() -> None:
    """R1, R116: each request knows the path that it is posted to."""
    made = [film(), words(), effect(), kw.ImageGeneration(prompt="x")]

    assert [(request.kind, request.endpoint) for request in made] == [
        ("image2video", "/v1/videos/image2video"),
        ("text2video", "/v1/videos/text2video"),
        ("effects", "/v1/videos/effects"),
        ("images/generations", "/v1/images/generations"),
    ]


@pytest.mark.parametrize("effect_", kw.EFFECTS, ids=lambda each: each.scene)
def test_each_scene_takes_its_photos(effect_: kw.Effect) -> None:
    """R121, R123, R124: 229 names, ten of them of two photos, written as the page writes them; none warns."""
    photos = {"image": URL} if effect_.images == 1 else {"images": (URL, URL)}

    assert kw.VideoEffect(effect_scene=effect_.scene, **photos).payload() == {
        "effect_scene": effect_.scene,
        "input": {"image": URL} if effect_.images == 1 else {"images": [URL, URL]},
    }


def test_the_count_of_scenes() -> None:
    """R121, R123, R124: 219 of one photo and 10 of two."""
    assert [sum(each.images == count for each in kw.EFFECTS) for count in (1, 2)] == [219, 10]
    assert {"let’s_ride", "poping", "3d_cartoon_2"} <= {each.scene for each in kw.EFFECTS}


@pytest.mark.parametrize("scene", ["pet_lion", "let's_ride", "popping"])
def test_other_scenes_pass_with_a_warning(scene: str) -> None:
    """R121: an unknown name is sent as it is."""
    with pytest.warns(kw.KlingWarning, match="it is sent as it is"):
        assert effect(effect_scene=scene).payload()["effect_scene"] == scene


def test_the_pages_own_sample_scene_is_not_in_its_list() -> None:
    """C15: pet_lion passes, with the name that is in the list."""
    with pytest.warns(kw.KlingWarning, match='Did you mean "pet_lion_pro"?'):
        effect(effect_scene="pet_lion")


def test_one_name_space_for_an_account() -> None:
    """C19: the endpoint counts in a key, so no two endpoints ever ask for the same id."""
    body = {"prompt": "A lighthouse"}

    assert kw.RawRequest("text2video", body).key() != kw.RawRequest("omni-video", body).key()


def test_no_number_is_missing() -> None:
    """Every rule from R7 to R98 and from R120 to R136 has its case in this file."""
    borne = {
        number
        for line in Path(__file__).read_text("utf-8").splitlines()
        if (found := re.match(r'\s*"+((?:R\d+(?:, )?)+):', line))
        for number in re.findall(r"R(\d+)", found[1])
    }

    assert sorted({*range(7, 99), *range(120, 137)} - set(map(int, borne))) == []
