"""The rules of every film made by a prompt that look at several fields, each with its number in our list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kling_widgets.checked import rule
from kling_widgets.errors import Problem

if TYPE_CHECKING:
    from kling_widgets.image_to_video import ImageToVideo
    from kling_widgets.prompted import Prompted
    from kling_widgets.text_to_video import TextToVideo

MAX_PROMPT = 2500  # characters
SHORTEST, LONGEST = 3, 15  # seconds

NAMING = ("prompt", "multi_shot", "shot_type", "multi_prompt")  # the fields that say which prompts are in effect
_VOICE = re.compile(r"<<<voice_(\d{1,9})>>>")


@rule("prompt", "multi_shot", "shot_type")
def a_prompt(r: Prompted) -> Iterator[Problem]:
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
def a_short_negative_prompt(r: Prompted) -> Iterator[Problem]:
    """R46"""
    if len(r.negative_prompt) > MAX_PROMPT:
        message = f"It has {len(r.negative_prompt)} characters; at most {MAX_PROMPT} are taken."
        yield Problem("negative_prompt", message, "Shorten it.")


@rule("prompt", "multi_shot", "shot_type", "multi_prompt")
def shots_where_wanted(r: Prompted) -> Iterator[Problem]:
    """R31, R33, R34"""
    words = {"shot_type": "intelligence"} if r.prompt.strip() else None
    if r.multi_shot and r.shot_type is None:
        change = {"shot_type": "customize"} if r.multi_prompt else words
        yield Problem("shot_type", "multi_shot needs it.", 'Choose "customize" or "intelligence".', change)
    if r.multi_shot and r.shot_type == "customize" and not r.multi_prompt:
        yield Problem("multi_prompt", "shot_type customize needs it.", "Give 1 to 6 shots.", words)
    if len(r.multi_prompt) > 6:
        yield Problem("multi_prompt", f"There are {len(r.multi_prompt)} shots; at most 6 are taken.", "Leave some out.")


@rule("multi_shot", "shot_type", "multi_prompt", "duration")
def shots_fill_the_film(r: Prompted) -> Iterator[Problem]:
    """R37, R38; of shots that have no effect (R29) nothing is asked"""
    if not r.multi_prompt or not r.multi_shot or r.shot_type != "customize":
        return

    total = sum(shot.duration for shot in r.multi_prompt)
    change = {"duration": total} if SHORTEST <= total <= LONGEST else None
    for n, shot in enumerate(r.multi_prompt):
        if shot.duration > r.duration:
            message = f"{shot.duration} s is longer than the whole film of {r.duration} s."
            yield Problem(f"multi_prompt[{n}].duration", message, "Shorten the shot or lengthen the film.", change)
    if total != r.duration:
        fix = f"Set duration={total}." if change else "Make the shots fit."
        yield Problem("multi_prompt", f"The shots last {total} s together, the film {r.duration} s.", fix, change)


@rule("multi_prompt")
def shots_counted_once(r: Prompted) -> Iterator[Problem]:
    """R32: index is the sequence number"""
    indexes = [shot.index for shot in r.multi_prompt]
    if len(set(indexes)) != len(indexes):
        anew = [{"prompt": shot.prompt, "duration": shot.duration} for shot in r.multi_prompt]
        message = f"The indexes {indexes} repeat."
        yield Problem("multi_prompt", message, "Number the shots 1, 2, 3.", {"multi_prompt": anew})


@rule("element_list", "voice_list")
def elements_or_voices(r: ImageToVideo) -> Iterator[Problem]:
    """R47, R50, R52"""
    if len(r.element_list) > 3:
        yield Problem("element_list", f"There are {len(r.element_list)}; at most 3 are taken.", "Leave some out.")
    if len(r.voice_list) > 2:
        yield Problem("voice_list", f"There are {len(r.voice_list)}; at most 2 are taken.", "Leave some out.")
    if r.element_list and r.voice_list:
        yield Problem("voice_list", "element_list and voice_list exclude each other.", "Keep one of them.")


@rule(*NAMING, "voice_list", "sound")
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
        yield Problem("sound", "A voice is named, and a silent film has none.", "Set sound=True.", {"sound": "on"})


@rule(*NAMING)
def no_voices(r: TextToVideo) -> Iterator[Problem]:
    """R43: a voice is one of voice_list, which text2video has not"""
    for number in sorted(voices_in(r)):
        message = f"<<<voice_{number}>>> is named, but a film of words alone has no voice_list."
        yield Problem("prompt", message, "Leave it out, or make the film of a photo.")


@rule("cfg_scale", "model_name")
def cfg_scale_in_range(r: Prompted) -> Iterator[Problem]:
    """R56, R57"""
    if not 0 <= r.cfg_scale <= 1:
        change = {"cfg_scale": float(r.cfg_scale > 1)}
        yield Problem("cfg_scale", f"{r.cfg_scale:g} is out of range.", "Choose from 0 to 1.", change)
    if denies_cfg_scale(r) and "cfg_scale" in r.model_fields_set:
        yield Problem("cfg_scale", f"{r.model_name} does not support it.", "Leave it out.", {"cfg_scale": None})


@rule("duration")
def duration_in_range(r: Prompted) -> Iterator[Problem]:
    """R61"""
    if not SHORTEST <= r.duration <= LONGEST:
        change = {"duration": min(max(r.duration, SHORTEST), LONGEST)}
        message = f"{r.duration} s is out of range."
        yield Problem("duration", message, f"Choose from {SHORTEST} to {LONGEST} whole seconds.", change)


@rule("callback_url")
def a_callback_address(r: Any) -> Iterator[Problem]:
    """R96, R134"""
    if r.callback_url and not re.match(r"https?://[^/\s]+", r.callback_url):
        yield Problem("callback_url", f'"{r.callback_url:.60}" is no address.', "It begins with https:// or http://.")


def denies_cfg_scale(r: Prompted) -> bool:
    return r.model_name.startswith("kling-v2")


def voices_in(r: Prompted) -> set[int]:
    """The numbers of the voices that the prompts in effect refer to."""
    customised = r.multi_shot and r.shot_type == "customize"
    prompts = [shot.prompt for shot in r.multi_prompt] if customised else [r.prompt]
    return {int(number) for prompt in prompts for number in _VOICE.findall(prompt)}


OF_A_SCRIPT = (
    a_prompt,
    a_short_negative_prompt,
    shots_where_wanted,
    shots_fill_the_film,
    shots_counted_once,
    cfg_scale_in_range,
    duration_in_range,
    a_callback_address,
)
"""What holds for every film made by a prompt."""
