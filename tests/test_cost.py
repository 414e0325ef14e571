"""List prices."""

import pytest

import kling_widgets as kw
from kling_widgets import cost


@pytest.mark.parametrize(
    ("model", "mode", "seconds", "sound", "voice", "units"),
    [
        ("kling-v1", "pro", 5, False, False, 3.5),
        ("kling-v1", None, 5, False, False, 1.0),
        ("kling-v2-6", "pro", 10, True, False, 10.0),
        ("kling-v2-6", "pro", 5, True, True, 6.0),
        ("kling-v3", "std", 3, False, False, 1.8),
        ("kling-v3", "4k", 15, True, False, 45.0),
        ("kling-v2-master", None, 5, False, False, 10.0),
    ],
)
def test_units_are_the_rate_times_the_seconds(
    model: str, mode: str | None, seconds: int, sound: bool, voice: bool, units: float
) -> None:
    """Without the dust of binary floats; a unit is 0.14 USD."""
    price = cost.of_video(model, mode, seconds, sound=sound, voice=voice)

    assert price == kw.Cost(units, round(units * 0.14, 4), "2026-09-20")


def test_an_unknown_price_is_none() -> None:
    """A new model, a mode without a row, a price nobody stated, most effects."""
    assert cost.of_video("kling-v9", "pro", 5, sound=False, voice=False) is None
    assert cost.of_video("kling-v2-6", "std", 5, sound=True, voice=False) is None
    assert cost.of_video("kling-v3", "pro", 5, sound=True, voice=True) is None
    assert cost.of_effect("hug_pro") is None


def test_a_few_effects_have_a_price() -> None:
    """squish is 2 units, by a list of 2025."""
    assert cost.of_effect("squish") == kw.Cost(2, 0.28, "2025")


def test_a_cost_reads_as_a_price() -> None:
    """Units, dollars, and how old the list is."""
    assert str(kw.Cost(3.5, 0.49, "2026-09-20")) == "3.5 units, 0.49 USD (list price of 2026-09-20)"
    assert str(kw.Cost(1.0, 0.14, "2026-09-20")).startswith("1 unit, ")
