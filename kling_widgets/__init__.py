"""A Kling studio inside a notebook: draw the motion, see it move for free, pay once, keep the film.

What is listed here is what we promise. Each name is loaded when it is first used, so that importing costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kling_widgets import callbacks, capabilities
    from kling_widgets.auth import ApiKey, KeyPair
    from kling_widgets.balance import Balance, Pack
    from kling_widgets.batch import Outcome
    from kling_widgets.client import Client
    from kling_widgets.cost import Cost
    from kling_widgets.drawing import Area, Drawing
    from kling_widgets.effect import EFFECTS, Effect
    from kling_widgets.errors import (
        AccountError,
        APIError,
        ConnectionFailed,
        InvalidRequest,
        KlingError,
        KlingWarning,
        MissingExtra,
        NotAuthorized,
        OverBudget,
        Problem,
        RateLimited,
        Rejected,
        ResponseError,
        ServerError,
        TaskFailed,
        TaskTimeout,
    )
    from kling_widgets.fetch import LinkEnded
    from kling_widgets.image import Image
    from kling_widgets.image_generation import ImageGeneration
    from kling_widgets.image_to_video import ImageToVideo
    from kling_widgets.picture import Picture
    from kling_widgets.raw_request import RawRequest
    from kling_widgets.studio import Studio
    from kling_widgets.task import ImageResult, Result, Task
    from kling_widgets.text_to_video import TextToVideo
    from kling_widgets.video import Video
    from kling_widgets.video_effect import VideoEffect
    from kling_widgets.widgets.effect_picker import EffectPicker
    from kling_widgets.widgets.motion_brush import MotionBrush
    from kling_widgets.widgets.task_view import TaskView

__version__ = "0.1.0"

__all__ = [
    "EFFECTS",
    "APIError",
    "AccountError",
    "ApiKey",
    "Area",
    "Balance",
    "Client",
    "ConnectionFailed",
    "Cost",
    "Drawing",
    "Effect",
    "EffectPicker",
    "Image",
    "ImageGeneration",
    "ImageResult",
    "ImageToVideo",
    "InvalidRequest",
    "KeyPair",
    "KlingError",
    "KlingWarning",
    "LinkEnded",
    "MissingExtra",
    "MotionBrush",
    "NotAuthorized",
    "Outcome",
    "OverBudget",
    "Pack",
    "Picture",
    "Problem",
    "RateLimited",
    "RawRequest",
    "Rejected",
    "ResponseError",
    "Result",
    "ServerError",
    "Studio",
    "Task",
    "TaskFailed",
    "TaskTimeout",
    "TaskView",
    "TextToVideo",
    "Video",
    "VideoEffect",
    "callbacks",
    "capabilities",
]

_MODULES = ("callbacks", "capabilities")

_HOMES = {
    "auth": ("ApiKey", "KeyPair"),
    "balance": ("Balance", "Pack"),
    "batch": ("Outcome",),
    "client": ("Client",),
    "cost": ("Cost",),
    "drawing": ("Area", "Drawing"),
    "effect": ("EFFECTS", "Effect"),
    "errors": (
        "APIError",
        "AccountError",
        "ConnectionFailed",
        "InvalidRequest",
        "KlingError",
        "KlingWarning",
        "MissingExtra",
        "NotAuthorized",
        "OverBudget",
        "Problem",
        "RateLimited",
        "Rejected",
        "ResponseError",
        "ServerError",
        "TaskFailed",
        "TaskTimeout",
    ),
    "fetch": ("LinkEnded",),
    "image": ("Image",),
    "image_generation": ("ImageGeneration",),
    "image_to_video": ("ImageToVideo",),
    "picture": ("Picture",),
    "raw_request": ("RawRequest",),
    "studio": ("Studio",),
    "task": ("ImageResult", "Result", "Task"),
    "text_to_video": ("TextToVideo",),
    "video": ("Video",),
    "video_effect": ("VideoEffect",),
    "widgets.effect_picker": ("EffectPicker",),
    "widgets.motion_brush": ("MotionBrush",),
    "widgets.task_view": ("TaskView",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME and name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
