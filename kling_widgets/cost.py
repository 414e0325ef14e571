"""What a request costs by the dated price list data/prices.json."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Cost:
    """A list price: `units` of the account's pack, their price in US dollars, and the date of the list."""

    units: float
    usd: float
    as_of: str

    def __str__(self) -> str:
        return f"{self.units:g} unit{'s' * (self.units != 1)}, {self.usd:.2f} USD (list price of {self.as_of})"


def of_video(model_name: str, mode: str | None, seconds: int, *, sound: bool, voice: bool) -> Cost | None:
    """Of a film from pictures or text; None where no price is known. No mode means std, or the model's only one."""
    for row in _prices()["video"]:
        same = row["model_name"] == model_name and row["mode"] in (mode or "std", None)
        if same and (row["sound"], row["voice"]) == ("on" if sound else "off", voice):
            rate = row["units_per_second"]
            return None if rate is None else _cost(rate * seconds, _prices()["about"]["as_of"])
    return None


def of_effect(scene: str) -> Cost | None:
    """Of a video effect; None where no price is known, as for most."""
    for row in _prices()["effects"]:
        if row["effect_scene"] == scene:
            return _cost(row["units"], row["as_of"])
    return None


def _cost(units: float, as_of: str) -> Cost:
    # Rounded, since 0.7 x 5 is 3.5 to everyone but a binary float.
    usd = units * _prices()["about"]["unit"]["usd"]
    return Cost(round(units, 4), round(usd, 4), as_of)


@functools.cache
def _prices() -> dict[str, Any]:
    text = resources.files("kling_widgets").joinpath("data/prices.json").read_text("utf-8")
    prices: dict[str, Any] = json.loads(text)
    return prices
