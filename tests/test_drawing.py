"""Masks and paths: from the photo's pixels, origin top left, to the wire's, origin bottom left."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import kling_widgets as kw
from kling_widgets.drawing import Mask, as_mask, encode_mask, resample, trajectory
from kling_widgets.image import Image

PHOTO = Image.of("notebooks/photos/rocket.jpg")  # 640 x 427
SCALED = Image(b"", 4096, 2731, (9000, 6000), "jpeg")

RESAMPLED = json.loads((Path(__file__).parent / "motion/paths/resample.json").read_text())["cases"]

finite = st.floats(-1e4, 1e4)
paths = st.lists(st.tuples(finite, finite), min_size=2, max_size=300).map(np.array)


def rectangle(left: int, top: int, right: int, bottom: int, size: tuple[int, int] = (640, 427)) -> Any:
    mask = np.zeros((size[1], size[0]), bool)
    mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize(
    ("top_left", "wire"),
    [
        ([(140, 240), (140, 100)], [(140, 187), (140, 327)]),
        ([(480, 160), (560, 160), (560, 300)], [(480, 267), (560, 267), (560, 127)]),
        ([(0, 0)], [(0, 426)]),
        ([(640, 427)], [(639, 0)]),
        ([(-5, 900)], [(0, 0)]),
    ],
)
def test_y_is_turned_over_and_kept_on_the_picture(top_left: Any, wire: Any) -> None:
    """The values of tests/wire/README.md, worked out by hand: y' = 427 - y, within 0 to 426."""
    assert trajectory(np.array(top_left, float), PHOTO) == tuple({"x": x, "y": y} for x, y in wire)


def test_a_path_on_a_scaled_photo_is_scaled_too() -> None:
    """The middle of the original is the middle of the picture as sent."""
    assert trajectory(np.array([(4500.0, 3000.0), (9000.0, 0.0)]), SCALED) == (
        {"x": 2048, "y": 1366},
        {"x": 4095, "y": 2730},
    )


@given(st.lists(st.tuples(st.integers(0, 639), st.integers(1, 427)), min_size=2, max_size=77))
def test_turning_over_twice_is_the_identity(points: list[tuple[int, int]]) -> None:
    """On an unscaled photo no point of the picture moves by going to the wire and back."""
    wire = trajectory(np.array(points, float), PHOTO)

    assert [(p["x"], 427 - p["y"]) for p in wire] == points


@given(paths)
def test_every_path_becomes_whole_points_on_the_picture(path: Any) -> None:
    """2 to 77 points, integers, inside, whatever was drawn."""
    points = trajectory(path, PHOTO)

    assert 2 <= len(points) <= 77
    assert all(type(p["x"]) is int and 0 <= p["x"] <= 639 and 0 <= p["y"] <= 426 for p in points)


@given(paths)
def test_resampling_keeps_the_ends_and_evens_the_steps(path: Any) -> None:
    """At most 77 points; a short path is untouched; a long one keeps its ends, and no step is longer than its share."""
    points = resample(path)

    assert len(points) == min(len(path), 77)
    assert np.isfinite(points).all()
    if len(path) <= 77:
        assert np.array_equal(points, path)
    else:
        length = np.hypot(*np.diff(path, axis=0).T).sum()
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert points[[0, -1]] == pytest.approx(path[[0, -1]])
        assert steps.max() <= length / 76 * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("case", RESAMPLED, ids=lambda case: case["name"])
def test_resampling_as_the_browser_does(case: Any) -> None:
    """Brush and kernel thin a path to the same points."""
    found = resample(case["points"], case["most"], case["mode"])

    np.testing.assert_allclose(found, case["expected"], atol=1e-6)


def test_resampling_by_time_keeps_the_speed() -> None:
    """A path that is slow, then fast, stays so; by length its speed is even."""
    path = np.array([(x * x / 200, 5.0) for x in range(201)])

    assert resample(path, 5, "time")[:, 0].tolist() == [0, 12.5, 50, 112.5, 200]
    assert resample(path, 5)[:, 0] == pytest.approx([0, 50, 100, 150, 200])


def test_resampling_an_l_by_its_length() -> None:
    """100 points along, 100 down: of 3 points the middle one is the corner."""
    along = [(x, 0.0) for x in range(101)]
    down = [(100.0, y) for y in range(1, 101)]

    assert resample(np.array(along + down), 3).tolist() == [[0, 0], [100, 0], [100, 100]]


@settings(max_examples=40)
@given(arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_a_mask_survives_its_encoding(area: Any) -> None:
    """White where brushed, black elsewhere, nothing between, not turned over."""
    png = PIL.Image.open(io.BytesIO(encode_mask(area)))

    assert (png.format, png.mode) == ("PNG", "L")
    assert np.array_equal(np.asarray(png), np.where(area, 255, 0))
    assert np.array_equal(Mask.of(area).pixels(), area)


def test_a_mask_is_scaled_with_its_photo() -> None:
    """A quarter painted stays a quarter, on the same side, with a hard edge."""
    mask = Mask.of(rectangle(0, 0, 4500, 3000, (9000, 6000)), (4096, 2731))

    assert (mask.width, mask.height) == (4096, 2731)
    assert mask.painted == pytest.approx(4096 * 2731 / 4, rel=0.002)
    assert mask.pixels()[10, 10]
    assert not mask.pixels()[2700, 10]


def test_a_hair_thin_stroke_survives_scaling() -> None:
    """One pixel in 9000 covers less than half of the pixel it falls on, and is kept."""
    assert Mask.of(rectangle(100, 0, 101, 6000, (9000, 6000)), (4096, 2731)).painted > 0


@pytest.mark.parametrize(
    ("values", "brushed"),
    [
        (np.array([[0, 127, 128, 255]], np.uint8), [[False, False, True, True]]),
        (np.array([[0, 1, 1, 0]], np.uint8), [[False, True, True, False]]),
        (np.array([[0.0, 1.0]]), [[False, True]]),
        (np.array([[False, True]]), [[False, True]]),
    ],
)
def test_masks_of_numbers(values: Any, brushed: Any) -> None:
    """Above 127 is white; where nothing exceeds 1, above 0 is."""
    assert as_mask(values).tolist() == brushed


def test_an_area_cannot_be_changed_from_outside() -> None:
    """A frozen value: the caller's array goes on as it likes, ours stays."""
    mask, path = rectangle(0, 0, 10, 10), np.array([(1.0, 2.0), (3.0, 4.0)])
    area = kw.Area(mask, path)
    mask[:] = True
    path[:] = 0

    assert area.mask is not None
    assert area.path is not None
    assert (area.mask.sum(), area.path.tolist()) == (100, [[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="read-only"):
        area.mask[0, 0] = False
    with pytest.raises(ValueError, match="read-only"):
        area.path[0, 0] = 7


def test_a_drawing_becomes_the_groups_of_a_request() -> None:
    """Areas without a painted pixel are left out; the request that comes of the rest is the page's form."""
    drawing = kw.Drawing(
        PHOTO,
        (
            kw.Area(),
            kw.Area(rectangle(100, 200, 180, 280), np.array([(140, 240), (140, 100)])),
            kw.Area(rectangle(0, 0, 0, 0), np.array([(1, 1), (2, 2)])),
        ),
        static=rectangle(0, 347, 640, 427),
    )
    request = kw.ImageToVideo(
        image=drawing.image,
        prompt="up",
        dynamic_masks=drawing.dynamic_masks(),
        static_mask=drawing.static_mask(),
    )

    assert len(drawing.areas) == 6
    assert [group["trajectories"] for group in request.payload()["dynamic_masks"]] == [
        [{"x": 140, "y": 187}, {"x": 140, "y": 327}]
    ]
    assert "static_mask" in request.payload()


def test_nothing_painted_is_nothing_sent() -> None:
    """An untouched drawing has no groups and no static mask."""
    drawing = kw.Drawing(PHOTO, static=rectangle(0, 0, 0, 0))

    assert (drawing.dynamic_masks(), drawing.static_mask()) == ((), None)


def test_an_area_without_a_path_is_named_by_the_request() -> None:
    """Painted, but going nowhere: the request says which group and what to do."""
    drawing = kw.Drawing(PHOTO, (kw.Area(rectangle(0, 0, 9, 9)),))

    with pytest.raises(kw.InvalidRequest) as caught:
        kw.ImageToVideo(image=PHOTO, prompt="up", dynamic_masks=drawing.dynamic_masks())
    assert [problem.field for problem in caught.value.problems] == ["dynamic_masks[0].trajectories"]
    assert "0 points" in caught.value.problems[0].message


def test_wrong_sizes_are_all_named() -> None:
    """A mask of another size is refused, with the area's number as people count, and so are seven areas."""
    wrong = kw.Area(np.ones((10, 20), bool))

    with pytest.raises(kw.InvalidRequest) as caught:
        kw.Drawing(PHOTO, (kw.Area(), wrong, *[kw.Area()] * 5), static=np.ones((3, 3), bool))
    assert [problem.field for problem in caught.value.problems] == [
        "dynamic_masks",
        "dynamic_masks[1].mask",
        "static_mask",
    ]
    assert caught.value.problems[1].message == "Area 2's mask has shape (10, 20); the photo's is (427, 640)."


@pytest.mark.parametrize("path", [[(1, 2, 3)], [1, 2], [(1, np.nan)], "here", [(1, 2), (3,)]])
def test_a_path_that_is_no_list_of_points_is_refused(path: Any) -> None:
    """(n, 2), finite."""
    with pytest.raises(kw.InvalidRequest, match=r"\(n, 2\)"):
        kw.Area(path=path)


def test_an_empty_path_has_no_points() -> None:
    """An erased path is none."""
    assert trajectory(kw.Area(path=[]).path, PHOTO) == ()  # type: ignore[arg-type]
    assert trajectory(None, PHOTO) == ()
