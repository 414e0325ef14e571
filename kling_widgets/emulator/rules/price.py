"""What the vendor would deduct for a task, from data/prices.json, as decimal text such as "2.4" (R112)."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.resources import files

_DATA = json.loads(files("kling_widgets").joinpath("data/prices.json").read_text("utf-8"), parse_float=Decimal)

# The emulator deducts nothing from anybody; where nobody knows the vendor's price
# that is the truth left to tell.
_UNKNOWN = "0"


def of_video(model_name: str, mode: str, sound: bool, voice: bool, seconds: int) -> str:
    for row in _DATA["video"]:
        same_model = row["model_name"] == model_name and row["mode"] in (None, mode)
        same_sound = row["sound"] == ("on" if sound else "off") and row["voice"] == voice
        if same_model and same_sound and row["units_per_second"] is not None:
            return _text(Decimal(row["units_per_second"]) * seconds)

    return _UNKNOWN


def of_effect(scene: str) -> str:
    for row in _DATA["effects"]:
        if row["effect_scene"] == scene:
            return _text(Decimal(row["units"]))

    return _UNKNOWN


def _text(units: Decimal) -> str:
    return f"{units.normalize():f}"
