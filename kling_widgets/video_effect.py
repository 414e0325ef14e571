"""A ready-made effect on one photo or on two: the page "Video Effects"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from kling_widgets import cost, effect, rules
from kling_widgets.checked import Rule, rule
from kling_widgets.endpoint import Kind
from kling_widgets.errors import Problem
from kling_widgets.fields import Absent, Form, Picture, Text, trimmed
from kling_widgets.request import Request


@rule("effect_scene", "image", "images")
def _photos_of_the_scene(r: VideoEffect) -> Iterator[Problem]:
    """R122, R123, R124, R130"""
    known = effect.find(r.effect_scene)
    if r.image is not None and r.images:
        yield Problem("input", "image and images exclude each other.", "Give image for one photo, images for two.")
    elif r.image is None and not r.images:
        name = "input.images" if known and known.images == 2 else "input.image"
        yield Problem(
            name, "There is no photo.", "Give images=(left, right)." if name.endswith("s") else "Give image=...."
        )
    elif known and known.images == 2 and r.image is not None:
        yield Problem("input.image", f"{known.scene} is an effect of two photos.", "Give images=(left, right).")
    elif known and known.images == 1 and r.images:
        yield Problem("input.images", f"{known.scene} is an effect of one photo.", "Give image=....")
    if r.images and len(r.images) != 2:
        yield Problem("input.images", f"There are {len(r.images)}; exactly 2 are needed.", "Give images=(left, right).")


@rule("effect_scene")
def _a_scene(r: VideoEffect) -> Iterator[Problem]:
    """R120"""
    if not r.effect_scene:
        yield Problem("effect_scene", "It is empty.", 'Choose one of kw.EFFECTS, such as "color_mixing".')


class VideoEffect(Request):
    """A ready-made effect on one photo (`image`) or on two (`images`, left and right)."""

    kind: ClassVar[Kind] = "effects"
    endpoint: ClassVar[str] = "/v1/videos/effects"
    RULES: ClassVar[tuple[Rule, ...]] = (_a_scene, _photos_of_the_scene, rules.a_callback_address)
    WIRE_PATHS: ClassVar[dict[str, str]] = {"image": "input.image", "images": "input.images"}

    effect_scene: Annotated[Text, BeforeValidator(trimmed)]
    image: Annotated[Picture | None, Absent] = None
    images: tuple[Picture, ...] = ()
    callback_url: Text = ""
    external_task_id: Text = ""

    def _written(self, form: Form) -> dict[str, Any]:
        given = {"effect_scene", *self.model_fields_set} - {"check"}
        body = self._dumped(given - {"image", "images"}, form)
        photos = self._dumped({"images"} if self.images else {"image"}, form)
        return {"effect_scene": body.pop("effect_scene"), "input": photos, **body}

    def cost(self) -> cost.Cost | None:
        return cost.of_effect(self.effect_scene)

    def retirement(self) -> str | None:
        known = effect.find(self.effect_scene)
        if known is None or known.listed or self.check == "off":
            return None
        return f"The vendor's list of {effect.AS_OF} no longer has {self.effect_scene}; the service may refuse it."

    def _unlisted(self) -> Iterator[str]:
        if effect.find(self.effect_scene) is None:
            close = effect.similar(self.effect_scene)
            hint = f' Did you mean "{close}"?' if close else ""
            yield f'effect_scene "{self.effect_scene}" is not among those known here; it is sent as it is.{hint}'
