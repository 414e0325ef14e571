"""What each model can do, and the nearest that can."""

import dataclasses

import pytest

from kling_widgets import advice, capability
from kling_widgets.capability import Use

PLAIN = Use("kling-v2-6", "pro", 5, {"start_frame": "image"})


def use(model: str, mode: str | None, seconds: int, *features: str, camera: str | None = None) -> Use:
    return Use(model, mode, seconds, dict.fromkeys(("start_frame", *features), "x"), camera)


def test_nine_models_of_the_page_in_order() -> None:
    """R8: oldest first."""
    assert capability.models() == (
        "kling-v1",
        "kling-v1-5",
        "kling-v1-6",
        "kling-v2-master",
        "kling-v2-1",
        "kling-v2-1-master",
        "kling-v2-5-turbo",
        "kling-v2-6",
        "kling-v3",
    )
    assert capability.modes("kling-v3") == ("std", "pro", "4k")
    assert capability.modes("kling-v2-master") == (None,)


def test_a_row_is_found_by_model_mode_and_length() -> None:
    """No mode means std, except for a model that has none; a length without a row is not offered."""
    assert capability.row_for(PLAIN).resolution == "1080p"  # type: ignore[union-attr]
    assert capability.row_for(use("kling-v2-6", None, 5)).mode == "std"  # type: ignore[union-attr]
    assert capability.row_for(use("kling-v2-master", None, 5)).mode is None  # type: ignore[union-attr]
    assert capability.row_for(use("kling-v2-6", "pro", 7)) is None


@pytest.mark.parametrize(
    ("wanted", "message", "fix"),
    [
        (
            use("kling-v2-6", "std", 5, "motion_brush"),
            "kling-v2-6 does not take the motion brush.",
            'Use model_name="kling-v1", mode="std", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
        (
            use("kling-v1", "std", 10, "motion_brush"),
            "kling-v1 in mode std at 10 s does not take the motion brush.",
            'Use model_name="kling-v1", mode="std", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
        (
            use("kling-v2-6", "std", 5, "sound"),
            "kling-v2-6 in mode std at 5 s does not take sound.",
            'Use model_name="kling-v2-6", mode="pro", duration=5.',
        ),
        (
            use("kling-v1", "std", 7),
            "kling-v1 does not make films of 7 s; it makes 5, 10 s.",
            'Use model_name="kling-v1", mode="std", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
        (
            use("kling-v1-5", "pro", 5, "camera_control", camera="down_back"),
            "kling-v1-5 in mode pro at 5 s does not take the camera type down_back.",
            'Only the camera type simple is taken, with model_name="kling-v1-5", mode="pro", duration=5',
        ),
        (
            use("kling-v2-6", "pro", 5, "voice_list", "multi_shot"),
            "kling-v2-6 does not take several shots.",
            "No known model takes several shots and voices at once. Leave one out.",
        ),
        (use("kling-v1", "4k", 5), "kling-v1 does not know mode 4k; it has std and pro.", 'Use model_name="kling-v1"'),
        (
            use("kling-v2-master", "pro", 5),
            "kling-v2-master does not know mode pro; it has no mode at all.",
            "Leave mode out.",
        ),
        (use("kling-v2-6", "pro", 5, "cfg_scale"), "kling-v2-6 does not take cfg_scale.", "Leave it out."),
        (
            Use("kling-v1-5", "pro", 5, {}, endpoint="text2video"),
            "kling-v1-5 makes films of photos, not films of words alone.",
            'Use model_name="kling-v2-5-turbo", mode="pro", duration=5.',
        ),
        (
            Use("kling-v1-6", "std", 5, {"camera_control": "x"}, "down_back", "text2video"),
            "kling-v1-6 does not take camera control.",
            'Use model_name="kling-v1", mode="std", duration=5 (retired 2026-09-15; the emulator has it).',
        ),
    ],
)
def test_what_a_model_lacks_is_said_with_a_combination_that_works(wanted: Use, message: str, fix: str) -> None:
    """R10: the rule, and the one click that mends it."""
    (problem,) = advice.problems(wanted)

    assert problem.message == message
    assert problem.fix.startswith(fix)


def test_what_is_said_is_also_data() -> None:
    """`change` is what the remedy says, as the request's fields; None where no one thing mends it."""
    told = {
        "nearest": use("kling-v2-6", "std", 5, "sound"),
        "no mode": use("kling-v2-master", "pro", 5),
        "without it": use("kling-v2-6", "std", 5, "cfg_scale"),
        "no way": use("kling-v2-6", "pro", 5, "voice_list", "multi_shot"),
        "another camera": use("kling-v1-5", "pro", 5, "camera_control", camera="down_back"),
    }

    assert {name: advice.problems(wanted)[0].change for name, wanted in told.items()} == {
        "nearest": {"model_name": "kling-v2-6", "mode": "pro", "duration": 5},
        "no mode": {"mode": None},
        "without it": {"x": None},
        "no way": None,
        "another camera": None,
    }


def test_cfg_scale_changes_no_model() -> None:
    """Where a model takes none, it is left out first, and the rest is sought without it."""
    both = advice.problems(use("kling-v2-6", "std", 5, "sound", "cfg_scale"))

    assert [problem.change for problem in both] == [
        {"model_name": "kling-v2-6", "mode": "pro", "duration": 5},
        {"x": None},
    ]
    assert both[0].fix == 'Use model_name="kling-v2-6", mode="pro", duration=5.'


def test_features_that_clash_in_one_row() -> None:
    """kling-v2-6 pro has end frames and sound, but not both at once; kling-v3 has."""
    clash = Use("kling-v2-6", "pro", 5, {"start_end": "image_tail", "sound": "sound"})

    (problem,) = advice.problems(clash)
    assert (problem.field, "together with" in problem.message) == ("sound", True)
    assert problem.fix == 'Use model_name="kling-v3", mode="pro", duration=5.'


@pytest.mark.parametrize("wanted", [use("kling-v9", "pro", 77, "sound"), use("kling-v2-6", "8k", 5, "motion_brush")])
def test_what_is_newer_than_the_table_passes(wanted: Use) -> None:
    """A model or a mode that the table does not know is not wrong."""
    assert advice.problems(wanted) == []


def test_every_advice_works() -> None:
    """Of all models, modes, lengths and single features: what `nearest` names has no problem left."""
    for row in (row for endpoint in capability.ENDPOINTS for row in capability.rows(endpoint)):
        for feature in capability.FEATURES:
            for seconds in (3, 5, 10, 15):
                wanted = Use(row.model_name, row.mode, seconds, {feature: "x"}, endpoint=row.endpoint)
                found = advice.nearest(wanted)
                if found is None:  # of words alone there are neither frames nor voices
                    assert not any(feature in other.features for other in capability.rows(row.endpoint))
                    continue
                model, mode, length = found
                mended = dataclasses.replace(wanted, model_name=model, mode=mode, seconds=length)
                assert advice.problems(mended) == []


def test_retirement_is_a_date() -> None:
    """Six models were announced to end; the newer ones were not."""
    assert capability.retired_on("kling-v1") == "2026-09-15"
    assert capability.retired_on("kling-v3") is None
    assert capability.retired_on("kling-v9") is None
