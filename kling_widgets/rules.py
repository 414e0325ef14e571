"""The rules of the page "Image to Video" that look at several fields, each with its number in our list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kling_widgets.checked import rule
from kling_widgets.drawing import Mask
from kling_widgets.errors import Problem
from kling_widgets.image import Image, size_problems

if TYPE_CHECKING:
    from kling_widgets.request import ImageToVideo

MAX_PROMPT = 2500

_VOICE = re.compile(r"<<<voice_(\d+)>>>")


@rule("image", "image_tail")
def a_frame(r: ImageToVideo) -> Iterator[Problem]:
    """R13"""
    if r.image is None and r.image_tail is None:
        yield Problem("image", "There is no picture.", "Give image=... (or image_tail=..., or both).")


@rule("image_tail", "dynamic_masks", "static_mask", "camera_control")
def one_way_to_steer(r: ImageToVideo) -> Iterator[Problem]:
    """R23, R24"""
    masks = "dynamic_masks" if r.dynamic_masks else "static_mask" if r.static_mask else None
    used = [
        name
        for name in ("image_tail" if r.image_tail else None, masks, "camera_control" if r.camera_control else None)
        if name
    ]
    if len(used) > 1:
        message = f"{' and '.join(used)} exclude each other: an end frame, the motion brush, or the camera."
        yield Problem(used[-1], message, f"Keep one of {', '.join(used)}.")


@rule("prompt", "multi_shot", "shot_type")
def a_prompt(r: ImageToVideo) -> Iterator[Problem]:
    """R39, R40, R41"""
    if len(r.prompt) > MAX_PROMPT:
        yield Problem("prompt", f"It has {len(r.prompt)} characters; at most {MAX_PROMPT} are taken.", "Shorten it.")
    if not r.prompt.strip() and not (r.multi_shot and r.shot_type == "customize"):
        wanted = (
            "shot_type is intelligence" if r.shot_type == "intelligence" and r.multi_shot else "multi_shot is false"
        )
        if not r.multi_shot or r.shot_type == "intelligence":
            yield Problem("prompt", f"It is empty, which it must not be when {wanted}.", "Say what shall happen.")


@rule("negative_prompt")
def a_short_negative_prompt(r: ImageToVideo) -> Iterator[Problem]:
    """R46"""
    if len(r.negative_prompt) > MAX_PROMPT:
        message = f"It has {len(r.negative_prompt)} characters; at most {MAX_PROMPT} are taken."
        yield Problem("negative_prompt", message, "Shorten it.")


@rule("multi_shot", "shot_type", "multi_prompt")
def shots_where_wanted(r: ImageToVideo) -> Iterator[Problem]:
    """R31, R33, R34"""
    if r.multi_shot and r.shot_type is None:
        yield Problem("shot_type", "multi_shot needs it.", 'Choose "customize" or "intelligence".')
    if r.multi_shot and r.shot_type == "customize" and not r.multi_prompt:
        yield Problem("multi_prompt", "shot_type customize needs it.", "Give 1 to 6 shots.")
    if len(r.multi_prompt) > 6:
        yield Problem("multi_prompt", f"There are {len(r.multi_prompt)} shots; at most 6 are taken.", "Leave some out.")


@rule("multi_shot", "shot_type", "multi_prompt", "duration")
def shots_fill_the_film(r: ImageToVideo) -> Iterator[Problem]:
    """R37, R38; of shots that have no effect (R29) nothing is asked"""
    if not r.multi_prompt or not r.multi_shot or r.shot_type != "customize":
        return

    for n, shot in enumerate(r.multi_prompt):
        if shot.duration > r.duration:
            message = f"{shot.duration} s is longer than the whole film of {r.duration} s."
            yield Problem(f"multi_prompt[{n}].duration", message, "Shorten the shot or lengthen the film.")
    total = sum(shot.duration for shot in r.multi_prompt)
    if total != r.duration:
        fix = f"Set duration={total}." if 3 <= total <= 15 else "Make the shots fit."
        yield Problem("multi_prompt", f"The shots last {total} s together, the film {r.duration} s.", fix)


@rule("multi_prompt")
def shots_counted_once(r: ImageToVideo) -> Iterator[Problem]:
    """R32: index is the sequence number"""
    indexes = [shot.index for shot in r.multi_prompt]
    if len(set(indexes)) != len(indexes):
        yield Problem("multi_prompt", f"The indexes {indexes} repeat.", "Number the shots 1, 2, 3.")


@rule("element_list", "voice_list")
def elements_or_voices(r: ImageToVideo) -> Iterator[Problem]:
    """R47, R50, R52"""
    if len(r.element_list) > 3:
        yield Problem("element_list", f"There are {len(r.element_list)}; at most 3 are taken.", "Leave some out.")
    if len(r.voice_list) > 2:
        yield Problem("voice_list", f"There are {len(r.voice_list)}; at most 2 are taken.", "Leave some out.")
    if r.element_list and r.voice_list:
        yield Problem("voice_list", "element_list and voice_list exclude each other.", "Keep one of them.")


@rule("prompt", "multi_shot", "shot_type", "multi_prompt", "voice_list", "sound")
def voices_named(r: ImageToVideo) -> Iterator[Problem]:
    """R43, R44, R45"""
    named = voices_in(r)
    if len(named) > 2:
        yield Problem("prompt", f"It names {len(named)} voices; at most 2 are taken.", "Leave some out.")
    for number in sorted(named):
        if not 1 <= number <= len(r.voice_list):
            message = f"<<<voice_{number}>>> is named, but voice_list has {len(r.voice_list)}."
            yield Problem("prompt", message, "Number the voices from 1, in the order of voice_list.")
    if named and r.sound != "on":
        yield Problem("sound", "A voice is named, and a silent film has none.", "Set sound=True.")


@rule("cfg_scale", "model_name")
def cfg_scale_in_range(r: ImageToVideo) -> Iterator[Problem]:
    """R56, R57"""
    if not 0 <= r.cfg_scale <= 1:
        yield Problem("cfg_scale", f"{r.cfg_scale:g} is out of range.", "Choose from 0 to 1.")
    if r.model_name.startswith("kling-v2") and "cfg_scale" in r.model_fields_set:
        yield Problem("cfg_scale", f"{r.model_name} does not support it.", "Leave it out.")


@rule("duration")
def duration_in_range(r: ImageToVideo) -> Iterator[Problem]:
    """R61"""
    if not 3 <= r.duration <= 15:
        yield Problem("duration", f"{r.duration} s is out of range.", "Choose from 3 to 15 whole seconds.")


@rule("dynamic_masks")
def few_masks(r: ImageToVideo) -> Iterator[Problem]:
    """R66"""
    if len(r.dynamic_masks) > 6:
        yield Problem(
            "dynamic_masks", f"There are {len(r.dynamic_masks)} areas; at most 6 are taken.", "Leave some out."
        )


@rule("static_mask")
def static_mask_painted(r: ImageToVideo) -> Iterator[Problem]:
    if isinstance(r.static_mask, Mask) and not r.static_mask.painted:
        fix = "Paint what shall stand still white, on black, or leave static_mask out."
        yield Problem("static_mask", "No pixel is white, so nothing is brushed.", fix)


@rule("image", "dynamic_masks", "static_mask")
def masks_fit(r: ImageToVideo) -> Iterator[Problem]:
    """R62, R64, R65, R68, R70: the API lets such a task fail; we do not send it"""
    masks = [("static_mask", r.static_mask)]
    masks += [(f"dynamic_masks[{n}].mask", group.mask) for n, group in enumerate(r.dynamic_masks)]
    known = [(field, mask) for field, mask in masks if isinstance(mask, Mask)]
    for field, mask in known:
        size = (mask.width, mask.height)
        if isinstance(r.image, Image):
            if size not in (r.image.original, (r.image.width, r.image.height)):
                message = f"The mask is {size[0]} x {size[1]} pixels, the picture {_by(r.image.original)}."
                yield Problem(field, message, "Paint the mask on the picture itself, pixel for pixel.")
        else:
            yield from size_problems(*size, field=field)
            if size != (known[0][1].width, known[0][1].height):
                message = f"The mask is {_by(size)} pixels, another one {_by((known[0][1].width, known[0][1].height))}."
                yield Problem(field, message, "Give all masks the picture's size.")


@rule("image", "dynamic_masks")
def paths_on_the_picture(r: ImageToVideo) -> Iterator[Problem]:
    """R73, R74"""
    for n, group in enumerate(r.dynamic_masks):
        width, height = _frame_of(group.mask, r.image)
        for k, point in enumerate(group.trajectories):
            if not (0 <= point.x <= width and 0 <= point.y <= height):
                size = f"; it is {width:g} x {height:g} pixels" if width < float("inf") else ""
                message = f"({point.x}, {point.y}) lies outside the picture{size}, counted from its bottom left corner."
                yield Problem(f"dynamic_masks[{n}].trajectories[{k}]", message, "Keep the path on the picture.")
                break  # one point tells where the mistake is; 76 more would hide the other problems


@rule("callback_url")
def a_callback_address(r: ImageToVideo) -> Iterator[Problem]:
    """R96, R134"""
    if r.callback_url and not re.match(r"https?://[^/\s]+", r.callback_url):
        yield Problem("callback_url", f'"{r.callback_url:.60}" is no address.', "It begins with https:// or http://.")


def voices_in(r: ImageToVideo) -> set[int]:
    """The numbers of the voices that the prompts in effect refer to."""
    customised = r.multi_shot and r.shot_type == "customize"
    prompts = [shot.prompt for shot in r.multi_prompt] if customised else [r.prompt]
    return {int(number) for prompt in prompts for number in _VOICE.findall(prompt)}


def _frame_of(mask: Mask | str, image: Image | str | None) -> tuple[float, float]:
    """The size that a group's points may fill: a group speaks the pixels of its mask."""
    if isinstance(mask, Mask):
        return mask.width, mask.height
    if isinstance(image, Image):
        return image.width, image.height
    return float("inf"), float("inf")


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


IMAGE_TO_VIDEO = (
    a_frame,
    one_way_to_steer,
    a_prompt,
    a_short_negative_prompt,
    shots_where_wanted,
    shots_fill_the_film,
    shots_counted_once,
    elements_or_voices,
    voices_named,
    cfg_scale_in_range,
    duration_in_range,
    few_masks,
    static_mask_painted,
    masks_fit,
    paths_on_the_picture,
    a_callback_address,
)
