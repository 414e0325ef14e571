"""POST /v1/videos/image2video: the body, field by field (R7-R98)."""

from __future__ import annotations

from collections.abc import Mapping

from .. import answers
from ..answers import Refusal
from ..order import Order, Reading, Role
from ..reading import Fields, shown
from . import brush, camera, capability, common, price, script, voices

_SECONDS = tuple(str(seconds) for seconds in range(3, 16))
_DEFAULT_MODEL = "kling-v1"


def read(body: Mapping[str, object]) -> Reading:
    """Raises Refusal (1203) for a model that does not exist."""
    fields = Fields(body)
    model_name = fields.text("model_name", default=_DEFAULT_MODEL)  # R7; R9: the old field `model` is never read
    if not capability.knows(model_name):  # R8
        raise Refusal(answers.NO_SUCH_RESOURCE, f"model_name value {shown(model_name)} does not exist")

    mode = fields.choice("mode", capability.MODES, default="std")  # R58, R59
    seconds = int(fields.choice("duration", _SECONDS, default="5"))  # R60, R61
    cfg_scale = fields.has("cfg_scale")
    fields.number("cfg_scale", default=0.5, low=0, high=1)  # R55, R56
    story = script.read(fields, seconds)
    cast = voices.read(fields, story)
    brushed = brush.read(fields)
    move = camera.read(fields)
    watermark = fields.nested("watermark_info")

    pictures: dict[str, tuple[Role, str]] = {}
    if image := fields.text("image"):
        pictures["image"] = ("photo", image)
    if tail := fields.text("image_tail"):
        pictures["image_tail"] = ("tail", tail)
    pictures |= {field: ("mask", mask) for field, mask in brushed.masks.items()}
    if not image and not tail:  # R13
        fields.problems.append("image and image_tail cannot both be empty")

    if sum([bool(tail), bool(brushed.masks), move is not None]) > 1:  # R23; the masks are one group (R24)
        fields.problems.append("image_tail, dynamic_masks/static_mask and camera_control are mutually exclusive")

    features = {
        "start_frame": bool(image) and not tail,
        "start_end": bool(image and tail),  # R27 is one of the map's exclusions
        "end_only": bool(tail) and not image,
        "motion_brush": bool(brushed.masks),
        "multi_shot": story.multi_shot,
        "element_list": cast.elements,
        "voice_list": cast.voices,
        "sound": cast.sound,
        "cfg_scale": cfg_scale,
    }
    if not fields.problems:
        used = [feature for feature, given in features.items() if given]
        fields.problems.extend(capability.problems(model_name, mode, seconds, used, move.type if move else None))

    short_side, fps = capability.size(model_name, mode)
    order = Order(
        seconds=seconds,
        short_side=short_side,
        fps=fps,
        prompt=" ".join(story.prompts),
        camera_type=move.type if move else None,
        camera_config=move.config if move else {},
        trajectories=brushed.trajectories,
        units=price.of_video(model_name, mode, cast.sound, cast.speaks, seconds),
        watermark=watermark.flag("enabled") if watermark else False,  # R93, R94
        callback_url=common.callback_url(fields),
        external_task_id=fields.text("external_task_id"),
    )
    return Reading(order, pictures, fields.problems)
