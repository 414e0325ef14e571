"""A film of a photo: the page "Image to Video"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from kling_widgets import brush_rules, capability, cost, rules
from kling_widgets.checked import Rule
from kling_widgets.endpoint import Kind
from kling_widgets.errors import Problem
from kling_widgets.fields import Absent, EndFrame, Form, MaskField, Picture, naming, picture_in
from kling_widgets.parts import DynamicMask, Element, Voice, fitted
from kling_widgets.prompted import Prompted


class ImageToVideo(Prompted):
    """A film of a photo: `ImageToVideo(image="boat.jpg", prompt="The boat sails off")`.

    Pictures and masks are paths, addresses, bytes, PIL images or arrays; a mask has the photo's size, (height, width),
    and is white or True where it is brushed. `trajectories` are whole pixels of the photo, counted from its **bottom**
    left corner (a MotionBrush's `path` counts from the top and is turned over by itself). `duration` is in seconds.
    What each field means stands on the vendor's page "Image to Video". Raises InvalidRequest with every problem.
    """

    kind: ClassVar[Kind] = "image2video"
    endpoint: ClassVar[str] = "/v1/videos/image2video"
    RULES: ClassVar[tuple[Rule, ...]] = (
        brush_rules.a_frame,
        brush_rules.one_way_to_steer,
        *rules.OF_A_SCRIPT,
        rules.elements_or_voices,
        rules.voices_named,
        brush_rules.few_masks,
        brush_rules.static_mask_painted,
        brush_rules.masks_fit,
        brush_rules.paths_on_the_picture,
    )

    image: Annotated[Picture | None, Absent] = None
    image_tail: Annotated[EndFrame | None, Absent] = None
    static_mask: Annotated[MaskField | None, Absent] = None
    dynamic_masks: tuple[DynamicMask, ...] = ()
    element_list: tuple[Annotated[Element, naming("element_id")], ...] = ()
    voice_list: tuple[Annotated[Voice, naming("voice_id")], ...] = ()

    def _written(self, form: Form) -> dict[str, Any]:
        body = super()._written(form)
        if self.dynamic_masks:
            body["dynamic_masks"] = [group.on(self.image, form) for group in self.dynamic_masks]
        if self.static_mask is not None:
            body["static_mask"] = picture_in(form, fitted(self.static_mask, self.image))
        return body

    def cost(self) -> cost.Cost | None:
        voice = bool(self.voice_list) and bool(rules.voices_in(self))
        return cost.of_video(self.model_name, self.mode, self.duration, sound=self.sound == "on", voice=voice)

    def _given(self) -> set[str]:
        # Encoding a mask costs time, and these two are written where the picture is known.
        return super()._given() - {"dynamic_masks", "static_mask"}

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterator[Problem]:
        yield from super()._dated(broken)
        # The page asks for sound where a voice is named (R45); the map, wherever there are voices.
        silent = not broken & {"voice_list", "sound", *rules.NAMING} and self.voice_list and self.sound == "off"
        if silent and not rules.voices_in(self):
            message = "Voices need it, named in the prompt or not."
            yield Problem("sound", message, "Set sound=True, or leave voice_list out.", {"sound": "on"})

    def _read_use(self, broken: frozenset[str]) -> capability.Use:
        use = self.use()
        if broken & {"image", "image_tail"}:  # given, but unreadable: which frames there are is not known
            frames = {"start_frame", "start_end", "end_only"}
            use = replace(use, features={name: field for name, field in use.features.items() if name not in frames})
        return use
