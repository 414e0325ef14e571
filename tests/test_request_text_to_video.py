"""Films of words alone: fields, wire, table."""

import warnings
from typing import Any

import pytest

import kling_widgets as kw


def words(**fields: Any) -> kw.TextToVideo:
    return kw.TextToVideo(**{"prompt": "A lighthouse", **fields})


def refused(**fields: Any) -> list[str]:
    with pytest.raises(kw.InvalidRequest) as caught:
        words(**fields)
    return [problem.field for problem in caught.value.problems]


def test_the_body_says_what_was_asked_for() -> None:
    """The model is always written; every field by its name and type on the wire."""
    assert words().payload() == {"model_name": "kling-v1", "prompt": "A lighthouse"}
    assert words(
        model_name="kling-v3",
        negative_prompt="rain",
        sound=True,
        cfg_scale=0.4,
        mode="pro",
        aspect_ratio="9:16",
        duration=7,
        multi_shot=True,
        shot_type="customize",
        multi_prompt=[{"prompt": "Dusk", "duration": 3}, {"prompt": "Night", "duration": 4}],
        watermark_info=True,
        callback_url="https://a.example/done",
        external_task_id="light-1",
    ).payload() == {
        "model_name": "kling-v3",
        "prompt": "A lighthouse",
        "negative_prompt": "rain",
        "sound": "on",
        "cfg_scale": 0.4,
        "mode": "pro",
        "aspect_ratio": "9:16",
        "duration": "7",
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": [
            {"index": 1, "prompt": "Dusk", "duration": "3"},
            {"index": 2, "prompt": "Night", "duration": "4"},
        ],
        "watermark_info": {"enabled": True},
        "callback_url": "https://a.example/done",
        "external_task_id": "light-1",
    }


@pytest.mark.parametrize("ratio", ["16:9", "9:16", "1:1"])
def test_three_aspects(ratio: Any) -> None:
    """And no fourth."""
    assert words(aspect_ratio=ratio).payload()["aspect_ratio"] == ratio
    assert refused(aspect_ratio="4:3") == ["aspect_ratio"]


def test_the_rules_of_words_are_those_of_image_to_video() -> None:
    """R31, R33, R37, R38, R39, R40, R46, R56, R57, R61, R81, R96: one and the same."""
    custom = {"multi_shot": True, "shot_type": "customize", "model_name": "kling-v3"}

    assert refused(prompt=" ") == ["prompt"]
    assert refused(prompt="x" * 2501, negative_prompt="x" * 2501) == ["prompt", "negative_prompt"]
    assert refused(model_name="kling-v3", multi_shot=True) == ["shot_type"]
    assert refused(**custom) == ["multi_prompt"]
    assert refused(**custom, multi_prompt=[{"prompt": "x", "duration": 9}]) == [
        "multi_prompt[0].duration",
        "multi_prompt",
    ]
    assert refused(cfg_scale=2) == ["cfg_scale"]
    assert refused(model_name="kling-v2-6", cfg_scale=0.5) == ["cfg_scale"]
    assert refused(model_name="kling-v3", duration=2) == ["duration", "duration"]
    assert refused(camera_control={"type": "down_back", "config": {"zoom": 1}}) == ["camera_control.config"]
    assert refused(callback_url="my laptop") == ["callback_url"]


@pytest.mark.parametrize("name", ["image", "image_tail", "static_mask", "dynamic_masks", "element_list", "voice_list"])
def test_what_needs_a_photo_is_no_field(name: str) -> None:
    """A film of words has neither frames nor brush, elements nor voices."""
    assert refused(**{name: "x"}) == [name]


def test_a_voice_cannot_be_named() -> None:
    """R43: there is no voice_list whose voice it could be."""
    assert refused(model_name="kling-v3", sound=True, prompt="<<<voice_1>>> says hello") == ["prompt"]


def test_the_camera_presets_are_here() -> None:
    """R10: all five types on kling-v1, std, 5 s; none anywhere else."""
    for kind in ("down_back", "forward_up", "right_turn_forward", "left_turn_forward"):
        assert words(camera_control={"type": kind}).cost() == kw.Cost(1.0, 0.14, "2026-09-20")
    assert words(camera_control={"type": "simple", "config": {"pan": 5}}).camera_control is not None
    assert refused(camera_control={"type": "down_back"}, duration=10) == ["camera_control"]
    assert refused(camera_control={"type": "down_back"}, model_name="kling-v1-6") == ["camera_control"]


def test_a_model_of_photos_alone_is_not_a_new_one() -> None:
    """The table has kling-v1-5 and kling-v2-1, and has them for photos."""
    for model in ("kling-v1-5", "kling-v2-1"):
        assert refused(model_name=model) == ["model_name"]
        with pytest.warns(kw.KlingWarning, match="makes films of photos, not films of words alone"):
            words(model_name=model, check="warn")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert words(model_name=model, check="off").payload()["model_name"] == model


def test_a_new_model_passes_with_a_warning() -> None:
    """R8: newer than the table is not wrong."""
    with pytest.warns(kw.KlingWarning, match="kling-v4"):
        words(model_name="kling-v4", duration=12)


def test_retirement_is_told_on_submission() -> None:
    """A note, no problem."""
    assert "2026-09-15" in str(words().retirement())
    assert words(model_name="kling-v3").retirement() is None


def test_prices_are_those_of_films() -> None:
    """By model, mode, sound and seconds."""
    assert words(model_name="kling-v3", mode="pro", duration=10, sound=True).cost() == kw.Cost(12, 1.68, "2026-09-20")
    assert words(model_name="kling-v2-6", mode="pro").cost() == kw.Cost(2.5, 0.35, "2026-09-20")


def test_the_aspect_makes_another_film() -> None:
    """Unless it is the default, said or not."""
    assert words(aspect_ratio="16:9").key() == words(mode="std", duration=5).key() == words().key()
    assert words(aspect_ratio="1:1").key() != words().key()
