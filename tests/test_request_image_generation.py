"""Pictures of words: fields, wire, rules."""

import base64
from typing import Any

import numpy as np
import pytest

import kling_widgets as kw
from kling_widgets.image_generation import MODELS, RATIOS

URL = "https://example.com/photo.jpg"
ID = 829836802793406551


def pictures(**fields: Any) -> kw.ImageGeneration:
    return kw.ImageGeneration(**{"prompt": "A lighthouse", **fields})


def refused(**fields: Any) -> list[str]:
    with pytest.raises(kw.InvalidRequest) as caught:
        pictures(**fields)
    assert all(problem.message and problem.fix for problem in caught.value.problems)
    return [problem.field for problem in caught.value.problems]


def test_the_body_says_what_was_asked_for() -> None:
    """n is a number here, unlike duration; ids are exact integers."""
    assert pictures().payload() == {"model_name": "kling-v1", "prompt": "A lighthouse"}
    assert pictures(
        model_name="kling-v3",
        negative_prompt="rain",
        image=URL,
        image_reference="subject",
        image_fidelity=0.5,
        human_fidelity=1,
        element_list=[ID, str(ID)],
        resolution="2k",
        n="9",
        aspect_ratio="3:2",
        watermark_info=True,
        callback_url="https://a.example/done",
        external_task_id="light-1",
    ).payload() == {
        "model_name": "kling-v3",
        "prompt": "A lighthouse",
        "negative_prompt": "rain",
        "image": URL,
        "image_reference": "subject",
        "image_fidelity": 0.5,
        "human_fidelity": 1.0,
        "element_list": [{"element_id": ID}, {"element_id": ID}],
        "resolution": "2k",
        "n": 9,
        "aspect_ratio": "3:2",
        "watermark_info": {"enabled": True},
        "callback_url": "https://a.example/done",
        "external_task_id": "light-1",
    }


def test_a_picture_may_come_as_anything() -> None:
    """As in films: a path, an array, bytes; raw Base64 goes out."""
    text = pictures(image="notebooks/photos/rocket.jpg").payload()["image"]

    assert base64.b64decode(text, validate=True).startswith(b"\xff\xd8")
    assert pictures(image=np.zeros((300, 300), np.uint8)).payload()["image"].startswith("iVBOR")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": ""}, ["prompt"]),
        ({"prompt": "x" * 2501}, ["prompt"]),
        ({"negative_prompt": "x" * 2501}, ["negative_prompt"]),
        ({"n": 0}, ["n"]),
        ({"n": 10}, ["n"]),
        ({"n": 1.5}, ["n"]),
        ({"n": True}, ["n"]),
        ({"resolution": "4k"}, ["resolution"]),
        ({"image_fidelity": 1.1, "human_fidelity": -0.1}, ["image_fidelity", "human_fidelity"]),
        ({"image_reference": "style", "image": URL}, ["image_reference"]),
        ({"image_reference": "face"}, ["image_reference"]),
        ({"image": URL, "model_name": "kling-v1-5"}, ["image_reference"]),
        ({"image": np.zeros((299, 299), np.uint8)}, ["image"]),
        ({"image": np.zeros((300, 751), np.uint8)}, ["image"]),
        ({"element_list": list(range(1, 11)), "image": URL}, ["element_list"]),
        ({"element_list": ["vase"]}, ["element_list[0].element_id"]),
        ({"aspect_ratio": "wide"}, ["aspect_ratio"]),
        ({"aspect_ratio": "16:0"}, ["aspect_ratio"]),
        ({"aspect_ratio": "5:4"}, ["aspect_ratio"]),
        ({"callback_url": "my laptop"}, ["callback_url"]),
        ({"duration": 5}, ["duration"]),
    ],
)
def test_what_cannot_be_built(fields: dict[str, Any], named: list[str]) -> None:
    """Each problem by its field, with the remedy."""
    assert refused(**fields) == named


def test_a_prompt_is_required() -> None:
    """A picture of nothing said cannot be made."""
    with pytest.raises(kw.InvalidRequest, match="prompt: It is required"):
        kw.ImageGeneration()


@pytest.mark.parametrize("ratio", RATIOS)
def test_eight_aspects(ratio: str) -> None:
    """As the page lists them."""
    assert pictures(aspect_ratio=ratio).payload()["aspect_ratio"] == ratio


def test_another_aspect_is_a_matter_of_check() -> None:
    """The list is dated: "warn" says so, "off" says nothing, and both send it."""
    with pytest.warns(kw.KlingWarning, match="The nearest is 4:3"):
        assert pictures(aspect_ratio="5:4", check="warn").payload()["aspect_ratio"] == "5:4"
    assert pictures(aspect_ratio="9:21", check="off").payload()["aspect_ratio"] == "9:21"


@pytest.mark.parametrize(("wanted", "near"), [("21:10", "21:9"), ("2:1", "16:9"), ("1:3", "9:16"), ("10:9", "1:1")])
def test_the_nearest_aspect_is_that_of_the_eye(wanted: str, near: str) -> None:
    """2:3 is as far from 1:1 as 3:2 is."""
    assert pictures(aspect_ratio=wanted, check="off").fixed().aspect_ratio == near


def test_a_new_model_passes_with_a_warning() -> None:
    """Newer than our list is not wrong; the known ones are silent."""
    assert [pictures(model_name=model).model_name for model in MODELS] == list(MODELS)
    with pytest.warns(kw.KlingWarning, match="kling-v9"):
        pictures(model_name="kling-v9")


def test_no_price_is_known() -> None:
    """The list of prices is of films."""
    assert pictures().cost() is None


def test_the_key_counts_what_the_picture_shows() -> None:
    """Defaults said or not are the same; the number of pictures, the model and the prompt are not."""
    assert pictures(n=1, resolution="1k", aspect_ratio="16:9").key() == pictures().key()
    assert len({pictures(**fields).key() for fields in ({}, {"n": 2}, {"model_name": "kling-v3"}, {"image": URL})}) == 4
