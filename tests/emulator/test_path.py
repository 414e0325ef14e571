"""Positions along a path: held to the numbers that the browser's preview is held to as well."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kling_widgets.emulator.path import displacement, position

MOTION = Path(__file__).parents[1] / "motion"
CASES = json.loads((MOTION / "displacement.json").read_text("utf-8"))["cases"]

paths = st.integers(2, 77).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.floats(-5000, 5000, width=32)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_numbers(case: dict) -> None:
    """Displacements are those of tests/motion."""
    found = displacement(case["points"], case["duration"], case["times"])

    np.testing.assert_allclose(found, case["displacements"], atol=1e-3)


@given(path=paths, duration=st.floats(1, 15))
def test_every_point_at_its_time(path: np.ndarray, duration: float) -> None:
    """Point k of n is passed at k / (n - 1) of the duration."""
    times = duration * np.arange(len(path)) / (len(path) - 1)

    np.testing.assert_allclose(position(path, duration, times), path, atol=1e-6)


@given(path=paths, where=st.floats(0, 1), share=st.floats(0, 1))
def test_linear_between_points(path: np.ndarray, where: float, share: float) -> None:
    """Between two neighbouring points the position is their weighted mean."""
    leg = min(int(where * (len(path) - 1)), len(path) - 2)
    found = position(path, 1, (leg + share) / (len(path) - 1))

    np.testing.assert_allclose(found, path[leg] * (1 - share) + path[leg + 1] * share, atol=1e-6)


@given(path=paths, shift=st.floats(-1000, 1000), time=st.floats(-1, 6))
def test_displacement_knows_no_origin(path: np.ndarray, shift: float, time: float) -> None:
    """A path elsewhere of the same shape displaces the same."""
    np.testing.assert_allclose(displacement(path + shift, 5, time), displacement(path, 5, time), atol=1e-6)
