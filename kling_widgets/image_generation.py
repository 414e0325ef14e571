"""Pictures of words, or of words and a picture: the page "Image Generation"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from kling_widgets import rules
from kling_widgets.checked import Rule, refuse, rule
from kling_widgets.endpoint import Kind
from kling_widgets.errors import Problem
from kling_widgets.fields import Absent, Form, Picture, Text, Whole, naming
from kling_widgets.parts import Element, Watermark
from kling_widgets.request import Request

# As copies of the vendor's page had them in spring 2026.
MODELS = ("kling-v1", "kling-v1-5", "kling-v2", "kling-v2-new", "kling-v2-1", "kling-v3")
RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9")
MAX_REFERENCES = 10  # elements and the picture together


def _ratio(value: str) -> str:
    width, _, height = value.partition(":")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)) or len(value) > 20:
        raise refuse(f'"{value:.20}" is no aspect ratio.', f"Choose one of {', '.join(RATIOS)}.")
    return value


@rule("prompt")
def _a_prompt(r: ImageGeneration) -> Iterator[Problem]:
    if not r.prompt.strip():
        yield Problem("prompt", "It is empty.", "Say what the picture shall show.")
    if len(r.prompt) > rules.MAX_PROMPT:
        message = f"It has {len(r.prompt)} characters; at most {rules.MAX_PROMPT} are taken."
        yield Problem("prompt", message, "Shorten it.")


@rule("n")
def _one_to_nine(r: ImageGeneration) -> Iterator[Problem]:
    if not 1 <= r.n <= 9:
        yield Problem("n", f"{r.n} is out of range.", "Choose from 1 to 9 pictures.", {"n": min(max(r.n, 1), 9)})


@rule("image_fidelity", "human_fidelity")
def _fidelities(r: ImageGeneration) -> Iterator[Problem]:
    for name, value in (("image_fidelity", r.image_fidelity), ("human_fidelity", r.human_fidelity)):
        if value is not None and not 0 <= value <= 1:
            yield Problem(name, f"{value:g} is out of range.", "Choose from 0 to 1.", {name: float(value > 1)})


@rule("image", "image_reference", "model_name")
def _what_to_take_from_the_picture(r: ImageGeneration) -> Iterator[Problem]:
    if r.image is None and r.image_reference is not None:
        message = "It says what to take from image, and there is none."
        yield Problem("image_reference", message, "Give image=..., or leave it out.", {"image_reference": None})
    if r.image is not None and r.image_reference is None and r.model_name == "kling-v1-5":
        message = "kling-v1-5 needs it where there is an image."
        yield Problem("image_reference", message, 'Choose "subject" or "face".')


@rule("image", "element_list")
def _few_references(r: ImageGeneration) -> Iterator[Problem]:
    count = len(r.element_list) + (r.image is not None)
    if count > MAX_REFERENCES:
        message = f"Elements and image are {count} together; at most {MAX_REFERENCES} are taken."
        yield Problem("element_list", message, "Leave some out.")


class ImageGeneration(Request):
    """`n` pictures of a prompt: `ImageGeneration(prompt="A lighthouse", n=4, aspect_ratio="3:2")`.

    `image` is what they start from, `image_reference` what is taken from it, the fidelities how closely (0 to 1).
    Raises InvalidRequest with every problem.
    """

    kind: ClassVar[Kind] = "images/generations"
    endpoint: ClassVar[str] = "/v1/images/generations"
    RULES: ClassVar[tuple[Rule, ...]] = (
        _a_prompt,
        rules.a_short_negative_prompt,
        _one_to_nine,
        _fidelities,
        _what_to_take_from_the_picture,
        _few_references,
        rules.a_callback_address,
    )

    prompt: Text
    model_name: Text = "kling-v1"
    negative_prompt: Text = ""
    image: Annotated[Picture | None, Absent] = None
    image_reference: Annotated[Literal["subject", "face"] | None, Absent] = None
    image_fidelity: float | None = None
    human_fidelity: float | None = None
    element_list: tuple[Annotated[Element, naming("element_id")], ...] = ()
    resolution: Literal["1k", "2k"] = "1k"
    n: Whole = 1
    aspect_ratio: Annotated[Text, AfterValidator(_ratio)] = "16:9"
    watermark_info: Annotated[Watermark, naming("enabled")] = Watermark(enabled=False)
    callback_url: Text = ""
    external_task_id: Text = ""

    def _written(self, form: Form) -> dict[str, Any]:
        return {"model_name": self.model_name, **self._dumped(self._given(), form)}

    def _defaults(self) -> set[str]:
        return super()._defaults() - {"model_name"}

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterable[Problem]:
        if "aspect_ratio" not in broken and self.aspect_ratio not in RATIOS:
            wanted = _log(self.aspect_ratio)
            near = min(RATIOS, key=lambda known: abs(_log(known) - wanted))
            message = f"{self.aspect_ratio} is none of {', '.join(RATIOS)}."
            yield Problem("aspect_ratio", message, f"The nearest is {near}.", {"aspect_ratio": near})

    def _unlisted(self) -> Iterator[str]:
        if self.model_name not in MODELS:
            yield (
                f'model_name "{self.model_name}" is not among those known here; it is sent as it is. '
                f"Known are {', '.join(MODELS)}."
            )


def _log(ratio: str) -> float:
    """The ratio as eyes compare it: 2:3 is as far from 1:1 as 3:2 is."""
    width, height = map(int, ratio.split(":"))
    return math.log(width / height)
