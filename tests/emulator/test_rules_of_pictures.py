"""POST /v1/images/generations: what a body may say, and the size that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from kling_widgets.emulator.answers import Refusal
from kling_widgets.emulator.order import SheetOrder
from kling_widgets.emulator.rules import images

Body = dict[str, Any]


def picture(**fields: object) -> Body:
    return {"prompt": "A lighthouse by the sea"} | fields


REFUSED: dict[str, tuple[Body, str]] = {
    "prompt forgotten": ({}, "prompt cannot be empty"),
    "prompt of blanks": (picture(prompt=" \n"), "prompt cannot be empty"),
    "prompt too long": (picture(prompt="x" * 2501), "prompt cannot exceed 2500 characters"),
    "negative_prompt too long": (picture(negative_prompt="x" * 2501), "negative_prompt cannot exceed 2500 characters"),
    "none": (picture(n=0), "n value '0' is invalid, it must lie in [1, 9]"),
    "ten": (picture(n="10"), "n value '10' is invalid, it must lie in [1, 9]"),
    "half": (picture(n=1.5), "n must be an integer"),
    "resolution": (picture(resolution="4k"), "resolution value '4k' is invalid"),
    "aspect_ratio": (picture(aspect_ratio="5:4"), "aspect_ratio value '5:4' is invalid"),
    "image_reference": (picture(image="a", image_reference="both"), "image_reference value 'both' is invalid"),
    "a reference to nothing": (picture(image_reference="face"), "image is required when image_reference is given"),
    "kling-v1-5 wants a reference": (
        picture(image="a", model_name="kling-v1-5"),
        "image_reference is required by kling-v1-5",
    ),
    "image_fidelity": (picture(image="a", image_fidelity=1.01), "image_fidelity value '1.01' is invalid"),
    "human_fidelity": (picture(image="a", human_fidelity=-1), "human_fidelity value '-1' is invalid"),
    "element_id": (picture(element_list=[{"element_id": "cat"}]), "element_list[0].element_id must be an integer"),
    "too many references": (
        picture(image="a", element_list=[{"element_id": 1}] * 10),
        "element_list and image cannot exceed 10 together",
    ),
    "image": (picture(image=["a"]), "image must be a string"),
    "callback_url": (picture(callback_url="laptop"), "callback_url value 'laptop' is invalid"),
}

ACCEPTED: dict[str, Body] = {
    "the least": picture(),
    "C6: the sample of the page Image to Video": {
        "model_name": "kling-v3",
        "prompt": "Merge all the characters from the images into the <<<image_1>>> diagram",
        "element_list": [{"element_id": "160"}, {"element_id": "161"}, {"element_id": "159"}],
        "image": "xxx",
        "resolution": "2k",
        "n": "9",
        "aspect_ratio": "3:2",
        "external_task_id": "",
        "callback_url": "",
    },
    "ten references": picture(element_list=[{"element_id": 842250903629086720}] * 10),
    "a face": picture(model_name="kling-v1-5", image="a", image_reference="face", human_fidelity=1, image_fidelity=0),
    "a negative prompt with a picture": picture(image="a", negative_prompt="fog"),
    "unknown fields": picture(mode="best", duration="99", sound=True),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_rule_is_named(case: str) -> None:
    body, message = REFUSED[case]
    problems = images.read(body).problems
    assert len(problems) == 1, problems
    assert message in problems[0]


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_the_page_allows_is_taken(case: str) -> None:
    body = ACCEPTED[case]
    reading = images.read(body)
    assert reading.problems == []
    assert reading.pictures == ({"image": ("photo", body["image"])} if "image" in body else {})


@pytest.mark.parametrize("name", images.MODELS)
def test_every_model_of_pictures_is_taken(name: str) -> None:
    assert images.read(picture(model_name=name)).problems == []


@pytest.mark.parametrize("name", ["kling-v99", "kling-v2-6"])
def test_a_model_that_makes_no_pictures_is_no_resource(name: str) -> None:
    with pytest.raises(Refusal, match=name) as caught:
        images.read(picture(model_name=name))
    assert caught.value.code == 1203


@pytest.mark.parametrize(
    ("resolution", "aspect_ratio", "size"),
    [
        ("1k", "1:1", (1024, 1024)),
        ("1k", "16:9", (1360, 765)),
        ("2k", "9:16", (1539, 2736)),
        ("2k", "3:2", (2508, 1672)),
        ("1k", "21:9", (1554, 666)),
        ("", "", (1360, 765)),
    ],
)
def test_a_picture_has_just_this_ratio_and_about_the_pixels_of_a_square(
    resolution: str, aspect_ratio: str, size: tuple[int, int]
) -> None:
    order = images.read(picture(resolution=resolution, aspect_ratio=aspect_ratio)).order
    assert isinstance(order, SheetOrder)
    assert (order.width, order.height) == size
    side = 2048 if resolution == "2k" else 1024
    assert order.width * order.height == pytest.approx(side * side, rel=0.02)


def test_n_pictures_take_n_slots_of_the_pack_for_pictures() -> None:
    order = images.read(picture(n="9")).order
    assert (order.slots, order.pack) == (9, "image")
