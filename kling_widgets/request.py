"""The requests: what the API is asked for, by the API's own names. One that exists is valid."""

from __future__ import annotations

import difflib
import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from kling_widgets import capability, cost, effect, rules
from kling_widgets.checked import Checked, Rule, rule
from kling_widgets.errors import InvalidRequest, KlingWarning, Problem
from kling_widgets.fields import (
    Absent,
    EndFrame,
    MaskField,
    Picture,
    Seconds,
    Sound,
    mask_to_wire,
    naming,
    numbered,
)
from kling_widgets.parts import Camera, DynamicMask, Element, Shot, Voice, Watermark, fitted
from kling_widgets.task import Kind

Check = Literal["error", "warn", "off"]


class Request(Checked):
    """What all requests have. `check` governs dated facts alone: model names, modes, scenes, the capability map."""

    kind: ClassVar[Kind]
    endpoint: ClassVar[str]

    check: Check = "error"

    def payload(self) -> dict[str, Any]:
        """The JSON body that goes on the wire: what was asked for, and nothing else."""
        raise NotImplementedError

    def cost(self) -> cost.Cost | None:
        """The list price, or None where it is not known."""
        raise NotImplementedError

    def key(self, take: int = 1) -> str:
        """The external_task_id of this request where the user sets none: the same film, the same key, on any machine.

        Another `take` (1, 2, ...) asks for another film. 46 characters or a few more, safe in an address.
        """
        if isinstance(take, bool) or not isinstance(take, int) or take < 1:
            raise InvalidRequest([Problem("take", f"{take!r} is no take.", "Count takes from 1.")])

        text = json.dumps([self.kind, self._film()], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"kw-{hashlib.sha256(text.encode()).hexdigest()[:40]}-{take}"

    def retirement(self) -> str | None:
        """A sentence where the service may no longer offer what is asked for; None on `check="off"`."""
        return None

    def _film(self) -> dict[str, Any]:
        """The part of the payload that decides what the film looks like, without what says the default."""
        body = self.payload()
        for name in ("callback_url", "external_task_id"):
            body.pop(name, None)
        return {name: value for name, value in body.items() if name not in self._defaults()}

    def _defaults(self) -> set[str]:
        """Set fields that say no more than their absence."""
        fields = type(self).model_fields.items()
        return {name for name, info in fields if name in self.model_fields_set and getattr(self, name) == info.default}

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterable[Problem]:
        """What the dated tables have against this request, as far as it could be read."""
        return ()

    def _unlisted(self) -> Iterable[str]:
        """Names that are newer than the dated tables, or misspelt."""
        return ()

    def _found(self, broken: frozenset[str]) -> Iterable[Problem]:
        yield from super()._found(broken)
        if "check" not in broken and self.check == "error":
            yield from self._dated(broken)

    def _accepted(self) -> None:
        notes = [] if self.check == "off" else [*self._unlisted()]
        notes += map(str, self._dated()) if self.check == "warn" else []
        for note in notes:
            warnings.warn(note, KlingWarning, stacklevel=3)


class ImageToVideo(Request):
    """A film of a photo. Pictures and masks are paths, addresses, bytes, PIL images or arrays."""

    kind: ClassVar[Kind] = "image2video"
    endpoint: ClassVar[str] = "/v1/videos/image2video"
    RULES: ClassVar[tuple[Rule, ...]] = rules.IMAGE_TO_VIDEO

    image: Annotated[Picture | None, Absent] = None
    prompt: str = ""
    model_name: str = "kling-v1"
    image_tail: Annotated[EndFrame | None, Absent] = None
    multi_shot: bool = False
    shot_type: Literal["customize", "intelligence"] | None = None
    multi_prompt: Annotated[tuple[Shot, ...], BeforeValidator(numbered)] = ()
    negative_prompt: str = ""
    element_list: tuple[Annotated[Element, naming("element_id")], ...] = ()
    voice_list: tuple[Annotated[Voice, naming("voice_id")], ...] = ()
    sound: Sound = "off"
    cfg_scale: float = 0.5
    mode: str | None = None
    static_mask: Annotated[MaskField | None, Absent] = None
    dynamic_masks: tuple[DynamicMask, ...] = ()
    camera_control: Camera | None = None
    duration: Seconds = 5
    watermark_info: Annotated[Watermark, naming("enabled")] = Watermark(enabled=False)
    callback_url: str = ""
    external_task_id: str = ""

    def payload(self) -> dict[str, Any]:
        given = {name for name in self.model_fields_set if getattr(self, name) not in (None, ())}
        body = self.model_dump(
            mode="json", include=given - {"check", "dynamic_masks", "static_mask"}, exclude_none=True
        )
        if "dynamic_masks" in given:
            body["dynamic_masks"] = [group.on(self.image) for group in self.dynamic_masks]
        if "static_mask" in given:
            body["static_mask"] = mask_to_wire(fitted(self.static_mask, self.image))
        return {"model_name": self.model_name, **body}

    def cost(self) -> cost.Cost | None:
        voice = bool(self.voice_list) and bool(rules.voices_in(self))
        return cost.of_video(self.model_name, self.mode, self.duration, sound=self.sound == "on", voice=voice)

    def retirement(self) -> str | None:
        day = capability.retired_on(self.model_name)
        if day is None or self.check == "off":
            return None
        return f"The vendor announced the end of {self.model_name} for {day}; the service may refuse it."

    def _defaults(self) -> set[str]:
        return super()._defaults() - {"model_name"} | ({"mode"} if self.mode == "std" else set())

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterable[Problem]:
        if broken & {"model_name", "mode", "duration"}:
            return ()
        use = self.use()
        if broken & {"image", "image_tail"}:  # given, but unreadable: which frames there are is not known
            frames = {"start_frame", "start_end", "end_only"}
            use = replace(use, features={name: field for name, field in use.features.items() if name not in frames})
        return capability.problems(use)

    def use(self) -> capability.Use:
        """What this request needs of a model, as the capability map counts it."""
        tail = "image_tail" if self.image_tail else ""
        wanted = {
            "start_frame": "image" if self.image and not tail else "",
            "start_end": tail if self.image else "",
            "end_only": tail if not self.image else "",
            "motion_brush": "dynamic_masks" if self.dynamic_masks else "static_mask" if self.static_mask else "",
            "camera_control": "camera_control" if self.camera_control else "",
            "multi_shot": "multi_shot" if self.multi_shot else "",
            "element_list": "element_list" if self.element_list else "",
            "voice_list": "voice_list" if self.voice_list else "",
            "sound": "sound" if self.sound == "on" else "",
            "cfg_scale": "cfg_scale" if "cfg_scale" in self.model_fields_set else "",
        }
        features = {name: field for name, field in wanted.items() if field}
        camera = self.camera_control.type if self.camera_control else None
        return capability.Use(self.model_name, self.mode, self.duration, features, camera)

    def _unlisted(self) -> Iterator[str]:
        modes = sorted({row.mode for row in capability.rows() if row.mode})
        for name, value, known in (
            ("model_name", self.model_name, capability.models()),
            ("mode", self.mode, modes),
        ):
            if value is not None and value not in known:
                close = difflib.get_close_matches(value, known, n=1)
                hint = f' Did you mean "{close[0]}"?' if close else f" Known are {', '.join(known)}."
                yield f'{name} "{value}" is not among those known here; it is sent as it is.{hint}'


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

    effect_scene: str
    image: Annotated[Picture | None, Absent] = None
    images: tuple[Picture, ...] = ()
    callback_url: str = ""
    external_task_id: str = ""

    def payload(self) -> dict[str, Any]:
        given = {"effect_scene", *self.model_fields_set} - {"check"}
        body = self.model_dump(mode="json", include=given - {"image", "images"})
        photos = self.model_dump(mode="json", include={"images"} if self.images else {"image"})
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
