"""The brush's Python half: what one reads and sets, what crosses to the browser, what is refused and in which words."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kling_widgets import Image, InvalidRequest, MotionBrush
from kling_widgets.widgets import labels as wire
from kling_widgets.widgets.labels import Rect

WIDTH, HEIGHT = 400, 300
PHOTO = Image.of(PIL.Image.new("RGB", (WIDTH, HEIGHT), "steelblue"))
PLANES = json.loads((Path(__file__).parent / "brush/labels.json").read_text("utf-8"))["planes"]


class Views:
    """Stands where the browser is: keeps what Python says, asks what a view asks."""

    def __init__(self, brush: MotionBrush) -> None:
        self.brush = brush
        self.said: list[tuple[dict[str, Any], bytes]] = []
        brush.send = self._hear

    def _hear(self, message: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        self.said.append((message, b"".join(bytes(buffer) for buffer in buffers)))

    def ask(self, kind: str, body: dict[str, Any] | None = None, *buffers: bytes) -> tuple[dict[str, Any], bytes]:
        self.said.clear()
        self.brush._hear(None, {"ask": kind, "id": 1, "body": body or {}}, [memoryview(b) for b in buffers])
        return self.said[-1][0], b"".join(data for _, data in self.said)

    def edit(self, rect: Rect, values: np.ndarray) -> dict[str, Any]:
        place = [rect.x, rect.y, rect.width, rect.height]
        return self.ask("brush.edit", {"rev": 5, "rect": place, "paths": {}}, wire.deflate(values))[0]


# What an area holds in which nothing is painted: shapes of mask and path, and whether anything is true.
NOTHING = ((HEIGHT, WIDTH), False, (0, 2))


@pytest.fixture
def brush() -> MotionBrush:
    return MotionBrush(PIL.Image.new("RGB", (WIDTH, HEIGHT), "steelblue"))


@pytest.fixture
def views(brush: MotionBrush) -> Views:
    return Views(brush)


def box(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[top:bottom, left:right] = True
    return mask


def test_a_new_brush_is_empty(brush: MotionBrush) -> None:
    assert [(area.mask.shape, area.mask.any(), area.path.shape) for area in brush.areas] == [NOTHING] * 6
    assert brush.static is None


def test_what_is_set_is_what_is_read(brush: MotionBrush) -> None:
    brush.set_area(2, mask=box(10, 20, 60, 80), path=[(30, 40), (200, 40)])
    brush.set_static(box(0, 200, 400, 300))
    assert np.array_equal(brush.areas[1].mask, box(10, 20, 60, 80))
    assert brush.areas[1].path.tolist() == [[30, 40], [200, 40]]
    assert np.array_equal(brush.static, box(0, 200, 400, 300))


def test_areas_are_disjoint_and_the_last_wins(brush: MotionBrush) -> None:
    brush.set_area(1, mask=box(0, 0, 100, 100))
    brush.set_area(3, mask=box(50, 0, 150, 100))
    assert np.array_equal(brush.areas[0].mask, box(0, 0, 50, 100))
    assert np.array_equal(brush.areas[2].mask, box(50, 0, 150, 100))


def test_setting_a_mask_again_replaces_it_and_keeps_the_path(brush: MotionBrush) -> None:
    brush.set_area(1, mask=box(0, 0, 100, 100), path=[(1, 2), (3, 4)])
    brush.set_area(1, mask=box(200, 0, 220, 30))
    assert np.array_equal(brush.areas[0].mask, box(200, 0, 220, 30))
    assert brush.areas[0].path.tolist() == [[1, 2], [3, 4]]


def test_none_takes_away(brush: MotionBrush) -> None:
    brush.set_area(1, mask=box(0, 0, 100, 100), path=[(1, 2), (3, 4)])
    brush.set_area(1, path=None)
    assert len(brush.areas[0].path) == 0
    assert brush.areas[0].painted
    brush.set_area(1, mask=None)
    assert not brush.areas[0].mask.any()


def test_clear_takes_everything_away(brush: MotionBrush) -> None:
    brush.set_area(4, mask=box(0, 0, 9, 9), path=[(1, 2), (3, 4)])
    brush.set_static(box(50, 50, 60, 60))
    brush.clear()
    assert [(area.mask.shape, area.mask.any(), area.path.shape) for area in brush.areas] == [NOTHING] * 6
    assert brush.static is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 0}, "There is no Area 0."),
        ({"n": 7}, "There is no Area 7."),
        ({"n": True}, "There is no Area True."),
        ({"n": 1, "mask": np.zeros((400, 300), bool)}, "mask has shape (400, 300); the photo's is (300, 400)."),
        (
            {"n": 1, "mask": np.full((300, 400), "x")},
            "mask is of <U1; a mask is an array of bool, or white where brushed.",
        ),
        ({"n": 1, "mask": b"no picture"}, "is text, not a picture"),
        ({"n": 2, "path": [(1, 2)]}, "Area 2's path has 1 point; a path needs a start and an end."),
        ({"n": 2, "path": [(1, 2), (3, float("nan"))]}, "finite x and y"),
        ({"n": 2, "path": [(1, 2, 3), (4, 5, 6)]}, "A path is (n, 2)"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_changes_nothing(
    brush: MotionBrush, arguments: dict[str, Any], words: str
) -> None:
    brush.set_area(1, mask=box(0, 0, 9, 9), path=[(1, 2), (3, 4)])
    with pytest.raises(InvalidRequest) as caught:
        brush.set_area(**arguments)
    assert words in str(caught.value)
    assert np.array_equal(brush.areas[0].mask, box(0, 0, 9, 9))
    assert len(brush.areas[1].path) == 0


def test_both_faults_of_one_call_are_named_at_once(brush: MotionBrush) -> None:
    with pytest.raises(InvalidRequest) as caught:
        brush.set_area(1, mask=np.zeros((5, 5), bool), path=[(1, 2)])
    assert [problem.field for problem in caught.value.problems] == ["dynamic_masks", "dynamic_masks[0].trajectories"]


def test_the_request_has_masks_and_paths_with_the_origin_at_the_bottom(brush: MotionBrush) -> None:
    brush.set_area(1, mask=box(0, 0, 40, 30), path=[(20, 15), (100, 75)])
    brush.set_static(box(0, 290, 400, 300))
    body = brush.request(prompt="away").payload()
    assert body["dynamic_masks"][0]["trajectories"] == [{"x": 20, "y": 285}, {"x": 100, "y": 225}]
    assert {"image", "static_mask", "prompt"} <= body.keys()


def test_the_request_of_an_empty_drawing_has_no_masks(brush: MotionBrush) -> None:
    assert not {"dynamic_masks", "static_mask"} & brush.request(prompt="still").payload().keys()


def test_the_request_names_an_area_without_a_path(brush: MotionBrush) -> None:
    brush.set_area(3, mask=box(0, 0, 40, 30))
    with pytest.raises(InvalidRequest, match="trajectories"):
        brush.request(prompt="away")


def test_the_request_refuses_what_the_drawing_gives(brush: MotionBrush) -> None:
    with pytest.raises(InvalidRequest, match="image: The drawing itself gives this field"):
        brush.request(image="other.jpg")


def test_the_snapshot_shows_paint_where_it_is_and_the_photo_elsewhere(brush: MotionBrush) -> None:
    brush.set_area(1, mask=box(100, 100, 200, 200))
    picture = brush.snapshot()
    assert picture.size == (WIDTH, HEIGHT)
    assert picture.getpixel((300, 50)) == (70, 130, 180)
    red, green, blue = picture.getpixel((120, 120))
    # 35 % of #E69F00 over steel blue.
    assert (abs(red - 126), abs(green - 140), abs(blue - 117)) <= (2, 2, 2)


def test_a_large_photo_is_drawn_on_at_its_own_size() -> None:
    brush = MotionBrush(PIL.Image.new("RGB", (9000, 6700), "grey"))
    mask = np.zeros((6700, 9000), bool)
    mask[3000:4000, 4000:5000] = True
    brush.set_area(1, mask=mask, path=[(4500, 3500), (8000, 3500)])
    assert np.array_equal(brush.areas[0].mask, mask)
    body, data = Views(brush).ask("brush.open")
    assert body["body"]["size"] == (9000, 6700)
    assert len(data) < 10 * 2**20
    (group,) = brush.drawing.dynamic_masks()
    assert (group["mask"].width, group["mask"].height) == (brush.image.width, brush.image.height)


def test_a_view_opens_with_photo_labels_and_paths(brush: MotionBrush, views: Views) -> None:
    brush.set_area(5, mask=box(10, 20, 60, 80), path=[(30, 40), (200.5, 40)])
    answer, data = views.ask("brush.open")
    body = answer["body"]
    assert (body["size"], body["paths"]) == ((WIDTH, HEIGHT), {"5": [[30, 40], [200.5, 40]]})
    seen = wire.inflate(data[: body["labels"]], Rect(0, 0, WIDTH, HEIGHT))
    assert np.array_equal(seen == 5, box(10, 20, 60, 80))
    assert data[body["labels"] :] == brush.image.data


def test_a_stroke_from_the_browser_arrives(brush: MotionBrush, views: Views) -> None:
    answer = views.edit(Rect(10, 20, 3, 2), np.array([[1, 1, 0], [7, 2, 2]], np.uint8))
    assert answer["ok"]
    assert answer["body"] == {"rev": 5}
    assert np.argwhere(brush.areas[0].mask).tolist() == [[20, 10], [20, 11]]
    assert np.argwhere(brush.static).tolist() == [[21, 10]]


def test_a_path_from_the_browser_arrives_and_goes(brush: MotionBrush, views: Views) -> None:
    views.ask("brush.edit", {"rev": 1, "rect": None, "paths": {"2": [[1, 2], [3, 4.25]]}})
    assert brush.areas[1].path.tolist() == [[1, 2], [3, 4.25]]
    views.ask("brush.edit", {"rev": 2, "rect": None, "paths": {"2": None}})
    assert len(brush.areas[1].path) == 0


@pytest.mark.parametrize(
    ("body", "data", "words"),
    [
        ({"rect": [395, 0, 10, 10], "paths": {}}, wire.deflate(np.zeros((10, 10), np.uint8)), "another photo"),
        ({"rect": [-1, 0, 2, 2], "paths": {}}, wire.deflate(np.zeros((2, 2), np.uint8)), "another photo"),
        ({"rect": [0, 0, 0, 0], "paths": {}}, b"", "another photo"),
        ({"rect": [0, 0, 10, 10], "paths": {}}, wire.deflate(np.zeros((9, 10), np.uint8)), "do not fill"),
        ({"rect": [0, 0, 10, 10], "paths": {}}, zlib.compress(bytes(10**6)), "do not fill"),
        ({"rect": [0, 0, 10, 10], "paths": {}}, b"nonsense", "cannot be unpacked"),
        ({"rect": [0, 0, 2, 2], "paths": {}}, wire.deflate(np.full((2, 2), 8, np.uint8)), "Label 8 is none"),
        ({"rect": None, "paths": {"2": [[1, 2]]}}, b"", "a path needs a start and an end"),
        ({"rect": None, "paths": {"7": [[1, 2], [3, 4]]}}, b"", "There is no Area 7"),
        ({"rect": None, "paths": {"1": [[1, 2], [3, float("nan")]]}}, b"", "finite x and y"),
        ({"rect": None}, b"", "It lacks its number or its paths"),
        ({"rect": [0.5, 0, 2, 2], "paths": {}}, b"", "Its rectangle is none"),
        ({"rect": [0, 0, 2], "paths": {}}, b"", "Its rectangle is none"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_whole(
    brush: MotionBrush, views: Views, body: dict[str, Any], data: bytes, words: str
) -> None:
    brush.set_area(1, mask=box(0, 0, 9, 9), path=[(1, 2), (3, 4)])
    answer, _ = views.ask("brush.edit", {"rev": 1, **body}, data)
    assert not answer["ok"]
    assert words in answer["error"]["message"]
    assert np.array_equal(brush.areas[0].mask, box(0, 0, 9, 9))
    assert len(brush.areas[1].path) == 0


def test_pythons_edits_reach_the_views_as_the_rectangle_that_changed(brush: MotionBrush, views: Views) -> None:
    brush.set_area(1, mask=box(10, 20, 60, 80), path=[(1, 2), (3, 4)])
    ((message, data),) = views.said
    assert message["tell"] == "brush.edit"
    assert message["body"] == {"rect": [10, 20, 50, 60], "paths": {"1": [[1, 2], [3, 4]]}, "more": False}
    assert (wire.inflate(data, Rect(10, 20, 50, 60)) == 1).all()


def test_a_mask_like_noise_travels_in_pieces_that_every_host_carries() -> None:
    brush = MotionBrush(PIL.Image.new("RGB", (2400, 1800)))
    views = Views(brush)
    mask = np.random.default_rng(1).random((1800, 2400)) < 0.5
    brush.set_area(1, mask=mask)
    assert len(views.said) > 1
    assert max(len(data) for _, data in views.said) <= wire.PIECE
    assert [message["body"]["more"] for message, _ in views.said] == [True] * (len(views.said) - 1) + [False]
    seen = np.zeros_like(mask)
    for message, data in views.said:
        rect = Rect(*message["body"]["rect"])
        seen[rect.slices] = wire.inflate(data, rect) == 1
    assert np.array_equal(seen, mask)


def test_a_misspelt_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="fitt"):
        MotionBrush(PIL.Image.new("RGB", (400, 300)), fitt="pad")  # type: ignore[call-arg]


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 7)))
def test_labels_come_back_from_the_wire_as_they_were(values: np.ndarray) -> None:
    rect = Rect(0, 0, values.shape[1], values.shape[0])
    assert np.array_equal(wire.inflate(wire.deflate(values), rect), values)


def test_what_areas_gives_can_be_given_back(brush: MotionBrush) -> None:
    """An area without a path has an empty one, and that is how it comes back."""
    brush.set_area(1, mask=box(0, 0, 9, 9))
    brush.set_area(2, mask=brush.areas[0].mask, path=brush.areas[0].path)
    assert brush.areas[1].mask.sum() == 81
    assert len(brush.areas[1].path) == 0


@pytest.mark.parametrize(
    "kind", ["0 and 255", "0 and 1", "0.0 to 1.0", "PIL", "palette", "RGBA", "file", "bytes", "list"]
)
def test_a_mask_may_be_anything_that_is_white_where_brushed(brush: MotionBrush, tmp_path: Path, kind: str) -> None:
    painted = box(10, 20, 60, 80)
    white = np.where(painted, np.uint8(255), np.uint8(0))
    picture = PIL.Image.fromarray(white)
    picture.save(tmp_path / "mask.png")
    clear = PIL.Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.paste("white", mask=picture)
    masks: dict[str, Any] = {
        "0 and 255": white,
        "0 and 1": painted.astype(np.uint8),
        "0.0 to 1.0": painted.astype(float),
        "PIL": picture.convert("1"),
        "palette": picture.convert("P"),
        "RGBA": clear,
        "file": tmp_path / "mask.png",
        "bytes": (tmp_path / "mask.png").read_bytes(),
        "list": painted.tolist(),
    }
    brush.set_area(1, mask=masks[kind])
    brush.set_static(None)
    assert np.array_equal(brush.areas[0].mask, painted)


def test_an_observer_hears_of_each_edit_once_from_either_side(brush: MotionBrush, views: Views) -> None:
    heard: list[tuple[int, bool]] = []
    brush.observe(lambda change: heard.append((brush.revision, change.new.areas[0].painted)), "drawing")
    brush.set_area(1, mask=box(0, 0, 9, 9), path=[(1, 2), (3, 4)])
    views.edit(Rect(0, 0, 9, 9), np.zeros((9, 9), np.uint8))
    brush.set_static(None)  # nothing was painted, nothing changes
    views.ask("brush.edit", {"rev": 1})  # refused
    assert [painted for _, painted in heard] == [True, False]
    assert heard[1][0] == heard[0][0] + 1 == brush.revision


def test_an_edit_is_heard_of_without_a_mask_being_built(brush: MotionBrush) -> None:
    heard: list[Any] = []
    brush.observe(heard.append, "drawing")
    brush.set_area(1, path=[(1, 2), (3, 4)])
    assert [sorted(change) for change in heard] == [["name", "old", "owner", "type"]]


def test_the_count_of_edits_is_read_only(brush: MotionBrush) -> None:
    with pytest.raises(traitlets.TraitError):
        brush.revision = 3


def test_a_message_that_comes_twice_counts_once(brush: MotionBrush, views: Views) -> None:
    edit = {"page": "a", "rev": 1, "rect": [0, 0, 2, 1], "paths": {}}
    views.ask("brush.edit", edit, wire.deflate(np.full((1, 2), 1, np.uint8)))
    brush.set_area(1, mask=None)
    answer, _ = views.ask("brush.edit", edit, wire.deflate(np.full((1, 2), 1, np.uint8)))
    assert answer["body"] == {"rev": 1}
    assert not brush.areas[0].painted
    views.ask("brush.edit", {**edit, "page": "b"}, wire.deflate(np.full((1, 2), 1, np.uint8)))
    assert brush.areas[0].painted


def test_an_edit_of_the_photo_before_is_passed_over(brush: MotionBrush, views: Views) -> None:
    sheet = views.ask("brush.open")[0]["body"]["sheet"]
    brush._brush_load(brush.image)
    answer, _ = views.ask(
        "brush.edit",
        {"rev": 1, "sheet": sheet, "rect": [0, 0, 2, 1], "paths": {}},
        wire.deflate(np.full((1, 2), 1, np.uint8)),
    )
    assert answer["ok"]
    assert not brush.areas[0].painted


@pytest.mark.parametrize("plane", PLANES, ids=[plane["name"] for plane in PLANES])
def test_a_browsers_labels_and_ours_are_the_same(plane: dict[str, Any]) -> None:
    labels = np.array([[int(label) for label in row] for row in plane["rows"]], np.uint8)
    rect = Rect(0, 0, labels.shape[1], labels.shape[0])
    for packed in (plane["browser"], plane["python"]):
        assert np.array_equal(wire.inflate(base64.b64decode(packed), rect), labels)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "7", "a"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
KINDS = ("brush.edit", "brush.open", "brush.done", "brush.here", "ping", "nothing")


PUT_UPON = MotionBrush(PHOTO)


@settings(max_examples=300, deadline=None)
@given(
    ask=st.sampled_from(KINDS),
    body=st.fixed_dictionaries({}, optional=dict.fromkeys(("page", "rev", "sheet", "rect", "paths"), ODD)) | ODD,
    buffers=st.lists(st.binary(max_size=30), max_size=2),
)
def test_whatever_a_page_sends_is_answered_and_leaves_a_drawing(ask: str, body: Any, buffers: list[bytes]) -> None:
    brush = PUT_UPON
    answer, _ = Views(brush).ask(ask, body, *buffers)
    assert answer["answer"] == 1
    assert answer["ok"] or answer["error"]["message"]
    assert brush._brush_labels.max() <= 7
    assert all(path.shape[1] == 2 and np.isfinite(path).all() for path in brush._brush_paths.values())
