"""What a request is made of: brushed areas, camera, shots, elements, voices, watermark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, model_serializer

from kling_widgets.checked import Checked, Rule, rule
from kling_widgets.drawing import MAX_POINTS, Mask
from kling_widgets.errors import Problem
from kling_widgets.fields import Form, MaskField, Seconds, Text, Whole, as_point, as_points, picture_in
from kling_widgets.image import Image

AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")


class Point(Checked):
    """A point of a path: whole pixels of the picture, origin **bottom** left."""

    x: Whole
    y: Whole


@rule("trajectories")
def _enough_points(group: DynamicMask) -> Iterator[Problem]:
    """R72; at other lengths than 5 s there is no brush"""
    count = len(group.trajectories)
    if count < 2:
        message = f"A path of {count} point{'s' * (count != 1)} does not move anything; 2 to {MAX_POINTS} are needed."
        yield Problem("trajectories", message, "Draw a path for this area: start and end are enough.")
    if count > MAX_POINTS:
        message = f"The path has {count} points; at most {MAX_POINTS} are taken."
        yield Problem(
            "trajectories", message, "Thin it out: kling_widgets.drawing.resample(points).round().astype(int)."
        )


@rule("mask")
def _painted(group: DynamicMask) -> Iterator[Problem]:
    if isinstance(group.mask, Mask) and not group.mask.painted:
        yield Problem("mask", "No pixel is white, so nothing is brushed.", "Paint what shall move white, on black.")


class DynamicMask(Checked):
    """A brushed area and the path it follows."""

    RULES: ClassVar[tuple[Rule, ...]] = (_painted, _enough_points)

    mask: MaskField
    trajectories: Annotated[tuple[Annotated[Point, BeforeValidator(as_point)], ...], BeforeValidator(as_points)]

    def on(self, image: Image | str | None, form: Form = "wire") -> dict[str, Any]:
        """The group of a body, brought to the picture as it is sent where it speaks of a larger original."""
        sx, sy = (1.0, 1.0)
        right = top = None
        if isinstance(image, Image):
            right, top = image.width - 1, image.height - 1
            if isinstance(self.mask, Mask) and (self.mask.width, self.mask.height) == image.original:
                sx, sy = image.scale
        points = [{"x": _within(p.x * sx, right), "y": _within(p.y * sy, top)} for p in self.trajectories]
        return {"mask": picture_in(form, fitted(self.mask, image)), "trajectories": points}


def fitted(mask: Mask | str | None, image: Image | str | None) -> Mask | str | None:
    """A mask of the original's size, brought to that of the picture as it is sent."""
    if isinstance(mask, Mask) and isinstance(image, Image) and (mask.width, mask.height) != (image.width, image.height):
        return Mask.of(mask.pixels(), (image.width, image.height))
    return mask


def _within(value: float, most: int | None) -> int:
    # The page names no upper bound; the picture's edge is drawn on its last pixel.
    return round(value) if most is None else min(round(value), most)


@rule(*AXES)
def _one_axis(config: CameraConfig) -> Iterator[Problem]:
    """R83, R84"""
    moved = [name for name in AXES if getattr(config, name) != 0]
    if len(moved) != 1:
        said = f"{', '.join(moved)} are not 0" if moved else "All six are 0"
        yield Problem("", f"{said}; exactly one must be other than 0.", "Keep one of them, such as zoom=5.")
    for name in moved:
        value = getattr(config, name)
        if abs(value) > 10:
            yield Problem(
                name, f"{value:g} is out of range.", "Choose from -10 to 10.", {name: 10 if value > 0 else -10}
            )


class CameraConfig(Checked):
    """How strongly the camera moves, -10 to 10; one axis only. The signs are the camera's."""

    RULES: ClassVar[tuple[Rule, ...]] = (_one_axis,)

    horizontal: float = 0.0
    vertical: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 0.0

    @model_serializer
    def _all_six(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in AXES}  # "the rest must be 0": written out


@rule("type", "config")
def _config_with_simple(camera: Camera) -> Iterator[Problem]:
    """R80, R81"""
    if camera.type == "simple" and camera.config is None:
        yield Problem("config", "Type simple needs it.", 'Name one axis, such as config={"zoom": 5}.')
    if camera.type != "simple" and camera.config is not None:
        message = f"The type {camera.type} takes none."
        yield Problem("config", message, "Leave it out, or choose the type simple.", {"config": None})


class Camera(Checked):
    """`camera_control`: a simple move along one axis, or one of four presets."""

    RULES: ClassVar[tuple[Rule, ...]] = (_config_with_simple,)

    type: Literal["simple", "down_back", "forward_up", "right_turn_forward", "left_turn_forward"]
    config: CameraConfig | None = None


@rule("prompt")
def _short_prompt(shot: Shot) -> Iterator[Problem]:
    """R35"""
    if len(shot.prompt) > 512:
        yield Problem("prompt", f"It has {len(shot.prompt)} characters; at most 512 are taken.", "Shorten it.")


@rule("duration")
def _some_duration(shot: Shot) -> Iterator[Problem]:
    """R36"""
    if shot.duration < 1:
        yield Problem("duration", f"{shot.duration} s is too short.", "A shot lasts at least 1 s.", {"duration": 1})


class Shot(Checked):
    """One entry of `multi_prompt`."""

    RULES: ClassVar[tuple[Rule, ...]] = (_short_prompt, _some_duration)

    index: Whole
    prompt: Text
    duration: Seconds


class Element(Checked):
    """One entry of `element_list`. The id has up to 18 digits, more than JavaScript's numbers can hold."""

    element_id: Whole


@rule("voice_id")
def _some_voice(voice: Voice) -> Iterator[Problem]:
    if not voice.voice_id:
        yield Problem("voice_id", "It is empty.", "Take it from the custom-voice endpoint or the preset voices.")


class Voice(Checked):
    """One entry of `voice_list`."""

    RULES: ClassVar[tuple[Rule, ...]] = (_some_voice,)

    voice_id: Text


class Watermark(Checked):
    """`watermark_info`: whether a film with a watermark is made as well."""

    enabled: bool
