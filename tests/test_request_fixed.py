"""One click mends it: problems that know their change, and requests built again with it."""

import pickle
from typing import Any

import numpy as np
import pytest

import kling_widgets as kw
from kling_widgets.errors import combined

URL = "https://example.com/photo.jpg"
EMPTY = np.zeros((300, 300), bool)


def film(**fields: Any) -> kw.ImageToVideo:
    return kw.ImageToVideo(**{"image": URL, "prompt": "The rocket rises", **fields})


def v3(**fields: Any) -> kw.ImageToVideo:
    return film(model_name="kling-v3", **fields)


def words(**fields: Any) -> kw.TextToVideo:
    return kw.TextToVideo(**{"prompt": "A lighthouse", **fields})


def pictures(**fields: Any) -> kw.ImageGeneration:
    return kw.ImageGeneration(**{"prompt": "A lighthouse", **fields})


def refused(make: Any, **fields: Any) -> kw.InvalidRequest:
    with pytest.raises(kw.InvalidRequest) as caught:
        make(**fields)
    return caught.value


def shots(*durations: int, **more: Any) -> list[dict[str, Any]]:
    return [{"prompt": "A shot", "duration": duration, **more} for duration in durations]


def camera(kind: str = "simple", **config: float) -> dict[str, Any]:
    return {"camera_control": {"type": kind, "config": config}}


CUSTOM = {"multi_shot": True, "shot_type": "customize"}

MENDED: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "R10: a model that can": (
        film,
        {"model_name": "kling-v2-6", "sound": True},
        {"model_name": "kling-v2-6", "mode": "pro", "duration": 5},
    ),
    "R10: a model of words": (
        words,
        {"model_name": "kling-v1-5"},
        {"model_name": "kling-v2-5-turbo", "mode": "std", "duration": 5},
    ),
    "R10: a mode that does not exist": (film, {"model_name": "kling-v2-master", "mode": "pro"}, {"mode": None}),
    "R31: shots are there": (v3, {"multi_shot": True, "multi_prompt": shots(5)}, {"shot_type": "customize"}),
    "R31: words are there": (v3, {"multi_shot": True}, {"shot_type": "intelligence"}),
    "R32: numbered anew": (v3, {**CUSTOM, "multi_prompt": shots(2, 3, index=1)}, {"multi_prompt": shots(2, 3)}),
    "R33: words are there": (v3, {**CUSTOM}, {"shot_type": "intelligence"}),
    "R36: the shortest shot": (
        v3,
        {**CUSTOM, "multi_prompt": shots(0, 4)},
        {"multi_prompt": [*shots(1), *shots(4)]},
    ),
    "R37: as long as its shot": (v3, {**CUSTOM, "multi_prompt": shots(9)}, {"duration": 9}),
    "R38: as long as its shots": (v3, {**CUSTOM, "multi_prompt": shots(4, 4)}, {"duration": 8}),
    "R45: a voice is heard": (
        film,
        {"model_name": "kling-v2-6", "mode": "pro", "voice_list": ["a"], "prompt": "<<<voice_1>>>"},
        {"sound": "on"},
    ),
    "R10: voices are heard": (
        film,
        {"model_name": "kling-v2-6", "mode": "pro", "voice_list": ["a"]},
        {"sound": "on"},
    ),
    "R56: the nearest": (film, {"cfg_scale": 3}, {"cfg_scale": 1.0}),
    "R56: the nearest below": (film, {"cfg_scale": -3}, {"cfg_scale": 0.0}),
    "R57: without it": (film, {"model_name": "kling-v2-6", "cfg_scale": 0.5}, {"cfg_scale": None}),
    "R61: the nearest": (v3, {"duration": 99}, {"duration": 15}),
    "R61: the nearest above": (v3, {"duration": 1}, {"duration": 3}),
    "R81: without a config": (
        words,
        {"model_name": "kling-v1", **camera("down_back", zoom=1)},
        {"camera_control": {"type": "down_back"}},
    ),
    "R84: the nearest": (
        words,
        {"model_name": "kling-v1", **camera(zoom=-77)},
        camera(zoom=-10),
    ),
    "an unpainted static mask": (film, {"static_mask": EMPTY}, {"static_mask": None}),
    "more pictures than nine": (pictures, {"n": 12}, {"n": 9}),
    "fewer than one": (pictures, {"n": 0}, {"n": 1}),
    "fidelities": (
        pictures,
        {"image_fidelity": 7, "human_fidelity": -7},
        {"image_fidelity": 1.0, "human_fidelity": 0.0},
    ),
    "taken from no picture": (pictures, {"image_reference": "face"}, {"image_reference": None}),
    "an aspect that is near": (pictures, {"aspect_ratio": "5:4"}, {"aspect_ratio": "4:3"}),
}


@pytest.mark.parametrize(("make", "fields", "change"), MENDED.values(), ids=MENDED.keys())
def test_what_has_one_plain_way_out_knows_it(make: Any, fields: dict[str, Any], change: dict[str, Any]) -> None:
    """`change` are the fields to set, None for those to leave out; `fixed()` is the request built with them."""
    error = refused(make, **fields)
    merged = {**fields, **change}

    assert error.change == change
    assert error.fixed() == make(**{name: value for name, value in merged.items() if value is not None})


NOT_MENDED: dict[str, tuple[Any, dict[str, Any]]] = {
    "no picture": (film, {"image": None}),
    "too many words": (film, {"prompt": "x" * 2501}),
    "78 points": (film, {"dynamic_masks": [{"mask": URL, "trajectories": [(1, 1)] * 78}]}),
    "shots of 20 s": (v3, {**CUSTOM, "multi_prompt": shots(10, 10), "duration": 15}),
    "a voice too far": (film, {"prompt": "<<<voice_1>>>", "sound": True, "model_name": "kling-v3"}),
    "no model has both": (film, {"model_name": "kling-v3", "static_mask": URL, "sound": True}),
    "two ways to steer": (film, {"image_tail": URL, "static_mask": URL}),
    "a misspelt field": (film, {"promt": "x"}),
    "an unpainted area": (film, {"dynamic_masks": [{"mask": EMPTY, "trajectories": [(1, 1), (2, 2)]}]}),
}


@pytest.mark.parametrize(("make", "fields"), NOT_MENDED.values(), ids=NOT_MENDED.keys())
def test_what_only_its_author_can_mend_stays_refused(make: Any, fields: dict[str, Any]) -> None:
    """Nothing is guessed: `fixed()` raises the same problems again and says that it could do nothing."""
    error = refused(make, **fields)

    assert error.change is None
    with pytest.raises(kw.InvalidRequest) as again:
        error.fixed()
    assert again.value.problems == error.problems
    assert "No change" in again.value.__notes__[0]


def test_one_mended_thing_may_show_the_next() -> None:
    """Too long for every model, then too long for this one; cfg_scale out of range, then not taken at all."""
    error = refused(
        film,
        model_name="kling-v2-6",
        voice_list=["a"],
        prompt="<<<voice_1>>> says hello",
        cfg_scale=3,
        duration=77,
    )

    assert error.fixed().payload() == {
        "model_name": "kling-v2-6",
        "mode": "pro",
        "image": URL,
        "prompt": "<<<voice_1>>> says hello",
        "voice_list": [{"voice_id": "a"}],
        "sound": "on",
        "duration": "10",
    }


def test_what_is_left_is_told() -> None:
    """The duration is mended, the missing words are not: the error speaks of the words alone."""
    with pytest.raises(kw.InvalidRequest) as left:
        refused(v3, duration=99, prompt="").fixed()

    assert [problem.field for problem in left.value.problems] == ["prompt"]


def test_two_changes_that_cannot_come_to_rest() -> None:
    """A shot is lengthened, then the film would be too short for any model with a brush: it ends, with a refusal."""
    fields = {**CUSTOM, "multi_prompt": shots(0, 3), "static_mask": URL}
    with pytest.raises(kw.InvalidRequest):
        refused(v3, **fields).fixed()


def test_changes_of_several_problems_are_one() -> None:
    """Of two that set the same field the first counts, and the other is not taken by halves."""
    first = kw.Problem("a", "", "", {"duration": 5})
    second = kw.Problem("b", "", "", {"duration": 10, "mode": "pro"})
    third = kw.Problem("c", "", "", {"sound": "on"})

    assert combined([first, second, third]) == {"duration": 5, "sound": "on"}
    assert combined([kw.Problem("a", "", "")]) is None


def test_the_remedy_in_words_is_the_change() -> None:
    """What a person reads and what a click does are the same."""
    assert "Set duration=8." in str(refused(v3, **CUSTOM, multi_prompt=shots(4, 4)))
    assert 'mode="pro"' in str(refused(film, model_name="kling-v2-6", sound=True))
    assert "resample" in str(refused(film, dynamic_masks=[{"mask": URL, "trajectories": [(1, 1)] * 78}]))


def test_a_refusal_carries_no_picture_away() -> None:
    """What was refused is in neither the words, nor the arguments, nor a pickle; there it can no longer be mended."""
    secret = "A prompt that is nobody's business " * 50
    error = refused(v3, prompt=secret, duration=99)
    again = pickle.loads(pickle.dumps(error))

    assert all("nobody" not in text for text in (str(error), repr(error), repr(error.args), repr(vars(error))))
    assert b"nobody" not in pickle.dumps(error)
    assert (again.problems, again.change, str(again)) == (error.problems, {"duration": 15}, str(error))
    with pytest.raises(kw.InvalidRequest):
        again.fixed()


def test_nobody_reads_a_hundred_problems() -> None:
    """The words end after thirty; the facts do not."""
    error = refused(v3, **CUSTOM, multi_prompt=shots(*[77] * 99))

    assert len(error.problems) == 101
    assert str(error).splitlines()[0] == "101 problems:"
    assert str(error).splitlines()[31:] == ["- and 71 more, in error.problems."]


def test_a_refused_picture_is_not_mended() -> None:
    """An error that speaks of no request has nothing to build again."""
    with pytest.raises(kw.InvalidRequest) as caught:
        kw.Image.of(EMPTY)
    with pytest.raises(kw.InvalidRequest):
        caught.value.fixed()


class TestWhatIsThere:
    """`request.fixed()`, for requests made with check="warn" or "off"."""

    def test_a_good_request_is_itself(self) -> None:
        """Nothing to mend."""
        for request in (film(), words(), pictures(), kw.VideoEffect(effect_scene="squish", image=URL)):
            assert request.fixed() is request

    @pytest.mark.parametrize("check", ["warn", "off"])
    @pytest.mark.filterwarnings("ignore::kling_widgets.KlingWarning")
    def test_the_nearest_that_the_table_takes(self, check: Any) -> None:
        """Everything else stays, `check` too."""
        request = v3(static_mask=URL, duration=7, negative_prompt="blur", check=check)

        assert request.fixed() == film(
            model_name="kling-v1", mode="std", duration=5, static_mask=URL, negative_prompt="blur", check=check
        )

    def test_nothing_is_said_while_it_is_mended(self) -> None:
        """check="off" is silent, with a mode that nobody knows too."""
        mended = words(model_name="kling-v1-5", mode="8k", check="off").fixed()

        assert (mended.model_name, mended.mode, mended.check) == ("kling-v2-5-turbo", "std", "off")

    def test_no_model_takes_it(self) -> None:
        """InvalidRequest, as at the strict setting."""
        request = v3(static_mask=URL, sound=True, check="off")

        with pytest.raises(kw.InvalidRequest, match="No known model takes the motion brush and sound at once"):
            request.fixed()

    def test_a_picture_of_another_shape(self) -> None:
        """The list of shapes is dated too."""
        assert pictures(aspect_ratio="5:4", check="off").fixed().aspect_ratio == "4:3"

    def test_masks_and_pictures_stay_the_same_ones(self) -> None:
        """What was read once is not read again."""
        photo = kw.Image.of(np.zeros((300, 300), np.uint8))
        request = v3(image=photo, static_mask=~EMPTY, check="off")

        assert request.fixed().image is photo
        assert request.fixed().static_mask is request.static_mask
