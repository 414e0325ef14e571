"""Requests as people write them: of models that exist, most of them right, some with a field that does not fit."""

from __future__ import annotations

import functools
import io
from typing import Any

import numpy as np
import PIL.Image
from hypothesis import strategies as st

import kling_widgets as kw
from kling_widgets import capability, effect

Wish = tuple[type[Any], dict[str, Any]]

SIZES = ((640, 427), (300, 300), (300, 750), (750, 300))
TOO_SMALL = ((299, 400), (300, 751))
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")


@functools.cache
def photo(width: int, height: int) -> bytes:
    file = io.BytesIO()
    PIL.Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


@functools.cache
def mask(width: int, height: int) -> Any:
    painted = np.zeros((height, width), dtype=bool)
    painted[height // 4 : height // 2, width // 4 : width // 2] = True
    return painted


def _mostly(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 19).flatmap(lambda n: wrong if n == 0 else right)


def _maybe(field: str, values: st.SearchStrategy[Any], chance: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """The field in one case of `chance`."""
    return st.integers(1, chance).flatmap(lambda n: values.map(lambda value: {field: value}) if n == 1 else st.just({}))


prompts = _mostly(
    st.sampled_from(
        ["The rocket rises", "<<<element_1>>> waves", "Der Mann sagt: „Grüß Gott“", "火箭升空", "x" * 2500]
    ),
    st.sampled_from(["", "  ", "x" * 2501, "<<<voice_1>>> says", "<<<voice_3>>>"]),
)
durations = st.integers(3, 15) | st.sampled_from([5, 10, "5", 5.0])
sounds = st.sampled_from([True, False, "on", "off"])
ids = st.integers(1, 10**18 - 1)


def _common(row: capability.Capability) -> list[st.SearchStrategy[dict[str, Any]]]:
    """The fields that films of pictures and of words share, mostly such as the row of the table takes."""
    return [
        st.just({"model_name": row.model_name}),
        prompts.map(lambda prompt: {"prompt": prompt}),
        st.just({"mode": row.mode} if row.mode else {}),
        _mostly(st.sampled_from(row.seconds), durations).map(lambda seconds: {"duration": seconds}),
        _maybe("negative_prompt", st.sampled_from(["", "clouds", "x" * 2500])),
        _maybe("cfg_scale", st.floats(0, 1) | st.just(1.1), 2 if "cfg_scale" in row.features else 30),
        _maybe("sound", sounds, 2 if "sound" in row.features else 10),
        _maybe("watermark_info", st.sampled_from([True, False, {"enabled": True}])),
        _maybe("callback_url", st.sampled_from(["", "https://example.com/done", "example.com"]), 5),
        _maybe("external_task_id", st.uuids().map(str), 5),
    ]


@st.composite
def _shots(draw: st.DrawFn, seconds: int) -> dict[str, Any]:
    if draw(st.integers(0, 4)) == 0:
        return {"multi_shot": True, "shot_type": "intelligence"}
    cuts = sorted(draw(st.sets(st.integers(1, max(1, seconds - 1)), max_size=5)))
    lengths = [b - a for a, b in zip([0, *cuts], [*cuts, seconds], strict=True)]
    shots = [{"prompt": draw(st.sampled_from(["A door", "x" * 512, ""])), "duration": length} for length in lengths]
    return {"multi_shot": True, "shot_type": "customize", "multi_prompt": shots}


@st.composite
def _cameras(draw: st.DrawFn, types: tuple[str, ...]) -> dict[str, Any]:
    type = draw(st.sampled_from(types or ("simple", "down_back")))
    config = (
        {draw(st.sampled_from(AXES)): draw(st.integers(-10, 10) | st.floats(-10, 10))} if type == "simple" else None
    )
    return {"camera_control": {"type": type, **({"config": config} if config else {})}}


@st.composite
def _brushes(draw: st.DrawFn, size: tuple[int, int]) -> dict[str, Any]:
    width, height = size
    points = st.tuples(st.integers(0, width), st.integers(0, height))
    paths = _mostly(st.lists(points, min_size=2, max_size=6), st.lists(points, min_size=77, max_size=78))
    groups = [
        {"mask": mask(*size), "trajectories": draw(paths)} for _ in range(draw(_mostly(st.integers(1, 6), st.just(7))))
    ]
    still = {"static_mask": mask(*draw(_mostly(st.just(size), st.sampled_from(SIZES))))} if draw(st.booleans()) else {}
    return {"dynamic_masks": groups, **still}


@st.composite
def films_of_pictures(draw: st.DrawFn) -> Wish:
    row = draw(st.sampled_from(capability.rows("image2video")))
    fields = functools.reduce(lambda a, b: a | b, [draw(part) for part in _common(row)])
    size = draw(_mostly(st.sampled_from(SIZES), st.sampled_from(TOO_SMALL)))
    fields["image"] = photo(*size)
    seconds = fields["duration"]
    ways = [
        {},
        {"image_tail": photo(300, 751)},
        draw(_brushes(size)),
        draw(_cameras(row.cameras)),
        draw(_shots(int(seconds))),
    ]
    names = ["", "start_end", "motion_brush", "camera_control", "multi_shot"]
    likely = [
        way for way, name in zip(ways, names, strict=True) if not name or name in row.features or name in row.cameras
    ]
    fields |= draw(st.sampled_from(likely) | st.sampled_from(ways))
    if "element_list" in row.features:
        fields |= draw(_maybe("element_list", st.lists(ids, min_size=1, max_size=4)))
    if "voice_list" in row.features:
        fields |= draw(_maybe("voice_list", st.lists(st.text("abc123", min_size=1), min_size=1, max_size=2)))
    return kw.ImageToVideo, fields


@st.composite
def films_of_words(draw: st.DrawFn) -> Wish:
    row = draw(st.sampled_from(capability.rows("text2video")))
    fields = functools.reduce(lambda a, b: a | b, [draw(part) for part in _common(row)])
    fields |= draw(_maybe("aspect_ratio", st.sampled_from(["16:9", "9:16", "1:1", "4:3"])))
    if row.cameras:
        fields |= draw(st.just({}) | _cameras(row.cameras))
    if "multi_shot" in row.features:
        fields |= draw(st.just({}) | _shots(int(fields["duration"])))
    return kw.TextToVideo, fields


@st.composite
def effects(draw: st.DrawFn) -> Wish:
    scene = draw(st.sampled_from(effect.EFFECTS))
    sizes = _mostly(st.sampled_from(SIZES), st.sampled_from(TOO_SMALL))
    one = {"image": photo(*draw(sizes))}
    two = {"images": (photo(*draw(sizes)), photo(*draw(sizes)))}
    right, wrong = (one, two) if scene.images == 1 else (two, one)
    return kw.VideoEffect, {"effect_scene": scene.scene, **draw(_mostly(st.just(right), st.just(wrong)))}


@st.composite
def pictures(draw: st.DrawFn) -> Wish:
    models = st.sampled_from(["kling-v1", "kling-v1-5", "kling-v2", "kling-v2-new", "kling-v2-1", "kling-v3"])
    parts = [
        models.map(lambda name: {"model_name": name}),
        prompts.map(lambda prompt: {"prompt": prompt}),
        _maybe("negative_prompt", st.sampled_from(["", "fog", "x" * 2500])),
        _maybe("image", st.sampled_from(SIZES).map(lambda size: photo(*size))),
        _maybe("image_reference", st.sampled_from(["subject", "face", "both"])),
        _maybe("image_fidelity", st.floats(0, 1) | st.just(-0.1)),
        _maybe("human_fidelity", st.floats(0, 1) | st.just(2)),
        _maybe("element_list", st.lists(ids, max_size=3)),
        _maybe("resolution", st.sampled_from(["1k", "2k", "8k"])),
        _maybe("n", st.integers(1, 9) | st.sampled_from([0, 10, "9"])),
        _maybe("aspect_ratio", st.sampled_from(["16:9", "1:1", "3:2", "21:9", "5:4"])),
    ]
    return kw.ImageGeneration, functools.reduce(lambda a, b: a | b, [draw(part) for part in parts])


wishes = films_of_pictures() | films_of_words() | effects() | pictures()
