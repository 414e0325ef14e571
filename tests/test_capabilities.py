"""`kw.capabilities`: what a model can do, why not, and what can."""

import re
from typing import Any

import numpy as np
import pytest

import kling_widgets as kw
from kling_widgets import capability

c = kw.capabilities
URL = "https://example.com/photo.jpg"


def test_the_table_is_dated() -> None:
    """A day, as all dated data has one."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", c.as_of)


def test_models_modes_and_lengths() -> None:
    """Oldest first; a model without modes has the mode None; what nobody knows has nothing."""
    assert c.models()[0] == "kling-v1"
    assert c.models("text2video") == tuple(name for name in c.models() if name not in ("kling-v1-5", "kling-v2-1"))
    assert c.modes("kling-v2-6") == ("std", "pro")
    assert c.modes("kling-v2-master") == (None,)
    assert c.modes("kling-v1-5", endpoint="text2video") == ()
    assert c.durations("kling-v1") == c.durations("kling-v2-master") == (5, 10)
    assert c.durations("kling-v3", "4k") == tuple(range(3, 16))
    assert (
        c.durations("kling-v1", "4k") == c.durations("kling-v9") == c.durations("kling-v2-1", None, "text2video") == ()
    )


def test_features_of_a_row() -> None:
    """The columns of the table, in its order; of one length, or of any."""
    assert c.features("kling-v1-5", "pro", 10) == ("start_frame", "start_end", "end_only", "cfg_scale")
    assert c.features("kling-v1-5", "pro") == (
        "start_frame", "start_end", "end_only", "motion_brush", "camera_control", "cfg_scale",
    )  # fmt: skip
    assert c.features("kling-v1", duration=5, endpoint="text2video") == ("camera_control", "cfg_scale")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (
            {"model_name": "kling-v3", "dynamic_masks": True, "duration": 5},
            "kling-v3 does not take the motion brush. "
            'Use model_name="kling-v1", mode="std", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
        ({"model_name": "kling-v3", "sound": True}, "kling-v3 takes this."),
        (
            {"model_name": "kling-v2-6", "sound": "on"},
            'kling-v2-6 in mode std at 5 s does not take sound. Use model_name="kling-v2-6", mode="pro", duration=5.',
        ),
        ({"model_name": "kling-v2-6", "sound": "off"}, "kling-v2-6 takes this."),
        (
            {"model_name": "kling-v3", "dynamic_masks": True, "camera_control": "simple"},
            "kling-v3 does not take the motion brush. kling-v3 does not take camera control. "
            'Use model_name="kling-v1-5", mode="pro", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
        (
            {"model_name": "kling-v1-5", "endpoint": "text2video"},
            "kling-v1-5 makes films of photos, not films of words alone. "
            'Use model_name="kling-v2-5-turbo", mode="std", duration=5.',
        ),
        ({}, "kling-v1 takes this. The vendor announced the end of kling-v1 for 2026-09-15."),
        (
            {"model_name": "kling-v2-6", "duration": 77, "mode": "pro"},
            "kling-v2-6 does not make films of 77 s; it makes 5, 10 s. "
            'Use model_name="kling-v2-6", mode="pro", duration=10.',
        ),
        (
            {"model_name": "kling-v9"},
            f"The table of {c.as_of} does not know kling-v9: it is let through with a warning.",
        ),
        (
            {"model_name": "kling-v3", "mode": "8k"},
            f"The table of {c.as_of} does not know mode 8k: it is let through with a warning.",
        ),
    ],
)
def test_an_explanation_is_a_sentence(wish: dict[str, Any], words: str) -> None:
    """R10: what is in the way, and what to use instead; told once where two things have one way out."""
    assert str(c.explain(**wish)) == words
    assert str(c.explain(wish)) == words


def test_an_explanation_has_the_facts() -> None:
    """Problems with their wire fields, the change as fields to set, the nearest combination."""
    told = c.explain(model_name="kling-v3", dynamic_masks=True, duration="7")

    assert [problem.field for problem in told.problems] == ["dynamic_masks"]
    assert told.possible is False
    assert told.change == {"model_name": "kling-v1", "mode": "std", "duration": 5}
    assert told.nearest == c.Combination("kling-v1", "std", 5)
    assert told.nearest.duration == 5


def test_what_is_possible_has_nothing_to_change() -> None:
    """And is its own nearest."""
    told = c.explain("kling-v2-6", "image", "sound", mode="pro", duration=10)

    assert (told.possible, told.problems, told.change) == (True, (), None)
    assert told.nearest == ("kling-v2-6", "pro", 10)


def test_no_model_has_it_all() -> None:
    """Said in words; there is nothing to set."""
    told = c.explain("kling-v3", "static_mask", "sound")

    assert (told.possible, told.change, told.nearest) == (False, None, None)
    assert "No known model takes the motion brush and sound at once" in str(told)


@pytest.mark.parametrize(
    ("wish", "column"),
    [
        ({"image": True}, "start_frame"),
        ({"image": True, "image_tail": True}, "start_end"),
        ({"image_tail": np.zeros((3, 3))}, "end_only"),
        ({"end_only": True}, "end_only"),
        ({"static_mask": np.zeros((3, 3))}, "motion_brush"),
        ({"motion_brush": True}, "motion_brush"),
        ({"camera_control": {"type": "simple", "config": {"pan": 1}}}, "camera_control"),
        ({"multi_shot": True}, "multi_shot"),
        ({"element_list": [1]}, "element_list"),
        ({"voice_list": ["a"]}, "voice_list"),
        ({"sound": "on"}, "sound"),
        ({"cfg_scale": 0}, "cfg_scale"),
    ],
)
def test_a_wish_names_fields_or_columns(wish: dict[str, Any], column: str) -> None:
    """For every row: it can exactly where the table has the column."""
    for row in capability.rows():
        asked = c.can(**wish, model_name=row.model_name, mode=row.mode, duration=row.seconds[0])
        assert asked is (column in row.features and (column != "camera_control" or "simple" in row.cameras))


@pytest.mark.parametrize("nothing", [None, False, "", [], ()])
def test_what_is_not_there_is_not_asked_for(nothing: Any) -> None:
    """A field of a request that says nothing needs nothing."""
    fields = ("image_tail", "static_mask", "dynamic_masks", "camera_control", "element_list", "voice_list", "sound")

    assert c.can("kling-v2-5-turbo", **dict.fromkeys(fields, nothing))


def test_the_camera_has_types() -> None:
    """As a word, as the wire's object, or only that there is one."""
    assert c.can("kling-v1", camera_control="forward_up", endpoint="text2video")
    assert not c.can("kling-v1-5", mode="pro", camera_control={"type": "forward_up"})
    assert c.can("kling-v1-5", mode="pro", camera_control=True)


def test_a_request_explains_itself() -> None:
    """Of both kinds; requests of other endpoints are not in the table, and only their end is told."""
    film = kw.ImageToVideo(image=URL, prompt="x", model_name="kling-v3", static_mask=URL, check="off")
    words = kw.TextToVideo(prompt="x", model_name="kling-v2-1", check="off")
    effect = kw.VideoEffect(effect_scene="squish", image=URL)
    raw = kw.RawRequest("omni-video", {})

    assert c.explain(film).change == {"model_name": "kling-v1", "mode": "std", "duration": 5}
    assert "makes films of photos" in str(c.explain(words))
    assert c.can(effect)
    assert "2026-09" in str(c.explain(effect))
    assert str(c.explain(raw)) == "RawRequest takes this."


def test_its_change_is_the_requests() -> None:
    """What `explain` says to set is what `fixed()` sets."""
    request = kw.ImageToVideo(image=URL, prompt="x", model_name="kling-v2-6", sound=True, check="off")
    change = c.explain(request).change

    assert change is not None
    assert (
        request.fixed().payload().items()
        >= kw.ImageToVideo(image=URL, prompt="x", sound=True, **change).payload().items()
    )


@pytest.mark.parametrize(
    ("wish", "field", "hint"),
    [
        ({"dynamic_mask": True}, "dynamic_mask", "dynamic_masks"),
        ({"teleport": True}, "teleport", "motion_brush"),
        ({"endpoint": "effects"}, "endpoint", "text2video"),
        ({"duration": "long"}, "duration", "whole number"),
        ({"mode": 5}, "mode", "string"),
    ],
)
def test_a_wish_that_cannot_be_read(wish: dict[str, Any], field: str, hint: str) -> None:
    """InvalidRequest, with what was meant or what there is."""
    with pytest.raises(kw.InvalidRequest, match=hint) as caught:
        c.explain("kling-v3", **wish)
    assert [problem.field for problem in caught.value.problems] == [field]
