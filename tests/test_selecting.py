"""The Select tool's Python half: questions and answers, what is dropped, and what somebody's own segmenter may do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import PIL.Image
import pytest

from kling_widgets import MotionBrush
from kling_widgets.segment import BoolMask, Seeds, Segmenter
from kling_widgets.widgets.labels import Rect, inflate

WIDTH, HEIGHT = 400, 300
CLICK = {"area": 1, "inside": [[200, 150]], "outside": [], "loop": None, "adds": True}


def disc() -> PIL.Image.Image:
    """A red disc of radius 60 in the middle of grey."""
    rows, columns = np.indices((HEIGHT, WIDTH))
    photo = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    photo[in_disc(rows, columns)] = (200, 30, 30)
    return PIL.Image.fromarray(photo)


def in_disc(rows: Any, columns: Any) -> Any:
    return np.hypot(columns + 0.5 - 200, rows + 0.5 - 150) < 60


class View:
    """Stands where the browser is."""

    def __init__(self, segmenter: Segmenter | None = None, photo: PIL.Image.Image | None = None) -> None:
        self.brush = MotionBrush(photo or disc(), segmenter=segmenter)
        self.answers: dict[int, asyncio.Future[tuple[dict[str, Any], bytes]]] = {}
        self.count = 0
        self.brush.send = self._hear

    def ask(self, kind: str, body: dict[str, Any] | None = None) -> asyncio.Future[tuple[dict[str, Any], bytes]]:
        self.count += 1
        answer = self.answers[self.count] = asyncio.get_running_loop().create_future()
        self.brush._hear(None, {"ask": kind, "id": self.count, "body": body or {}}, [])
        return answer

    async def select(self, **body: Any) -> BoolMask:
        """What the area holds where it changes, on an empty plane."""
        message, data = await self.ask("brush.select", CLICK | body)
        assert message["ok"], message
        mask = np.zeros((HEIGHT, WIDTH), bool)
        rect = Rect(*message["body"]["rect"])
        mask[rect.slices] = inflate(data, rect) == 1
        return mask

    async def refusal(self, **body: Any) -> str:
        message, _ = await self.ask("brush.select", CLICK | body)
        assert not message["ok"]
        return str(message["error"]["message"])

    def _hear(self, message: dict[str, Any], buffers: Any = ()) -> None:
        if "answer" in message:
            self.answers[message["answer"]].set_result((message, b"".join(bytes(buffer) for buffer in buffers)))


def run(work: Callable[[], Any]) -> None:
    asyncio.run(work())


def test_a_click_gives_the_object_and_paints_nothing_by_itself() -> None:
    async def work() -> None:
        view = View()
        await view.ask("brush.select.ready")
        mask = await view.select()
        rows, columns = np.indices(mask.shape)
        disc = in_disc(rows, columns)
        assert (mask & disc).sum() / (mask | disc).sum() > 0.97
        assert not view.brush.areas[0].mask.any()

    run(work)


def test_where_nothing_changes_it_says_so() -> None:
    async def work() -> None:
        view = View()
        view.brush.set_area(2, mask=np.ones((HEIGHT, WIDTH), bool))
        message, data = await view.ask("brush.select", CLICK | {"area": 2})
        assert (message["body"], data) == ({"rect": None}, b"")

    run(work)


def test_a_segmenter_gets_photo_and_seeds_in_pixels_of_the_photo() -> None:
    asked: list[tuple[np.ndarray, Seeds]] = []

    def corner(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        asked.append((photo, seeds))
        mask = np.zeros(photo.shape[:2], bool)
        mask[10:20, 30:50] = True
        return mask

    async def work() -> None:
        view = View(corner)
        held = np.zeros((HEIGHT, WIDTH), bool)
        held[0:5, 0:5] = True
        view.brush.set_area(3, mask=held)
        mask = await view.select(area=3, inside=[[1, 2]], outside=[[3, 4]], loop=[[5, 6], [9, 6], [9, 11]])
        ((photo, seeds),) = asked
        assert (photo.shape, photo.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
        assert (seeds.inside.tolist(), seeds.outside.tolist()) == ([[1, 2]], [[3, 4]])
        assert (seeds.box, seeds.adds) == ((5, 6, 9, 11), True)
        assert np.array_equal(seeds.mask, held)
        assert (mask.sum(), mask[10:20, 30:50].all()) == (200, True)

    run(work)


def test_a_segmenter_may_be_async() -> None:
    async def everything(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        await asyncio.sleep(0)
        return np.ones(photo.shape[:2], bool)

    async def work() -> None:
        assert (await View(everything).select()).all()

    run(work)


def test_on_a_photo_that_is_sent_smaller_points_and_masks_are_scaled() -> None:
    asked: list[tuple[tuple[int, ...], list[list[float]]]] = []

    def left_half(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        asked.append((photo.shape, seeds.inside.tolist()))
        mask = np.zeros(photo.shape[:2], bool)
        mask[:, : mask.shape[1] // 2] = True
        return mask

    async def work() -> None:
        view = View(left_half, PIL.Image.new("RGB", (8192, 4096)))
        message, data = await view.ask("brush.select", CLICK | {"inside": [[800, 400]]})
        assert asked == [((2048, 4096, 3), [[400, 200]])]
        assert message["body"]["rect"] == [0, 0, 4096, 4096]
        assert inflate(data, Rect(0, 0, 4096, 4096)).all()

    run(work)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.zeros((HEIGHT, WIDTH), np.uint8), "returned uint8 of shape (300, 400)"),
        (np.zeros((WIDTH, HEIGHT), bool), "returned bool of shape (400, 300)"),
        (None, "returned object of shape ()"),
    ],
)
def test_a_segmenters_wrong_answer_is_named(given: Any, words: str) -> None:
    def mine(photo: np.ndarray, seeds: Seeds) -> Any:
        return given

    async def work() -> None:
        said = await View(mine).refusal()
        assert "The segmenter" in said
        assert "mine" in said
        assert words in said
        assert "it should return bool of shape (300, 400)" in said

    run(work)


def test_a_segmenters_error_is_told_in_words_and_its_traceback_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def mine(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        raise ModuleNotFoundError("No module named 'sam2'")

    async def work() -> None:
        assert "mine failed with ModuleNotFoundError: No module named 'sam2'" in await View(mine).refusal()
        assert any(record.exc_info for record in caplog.records)

    run(work)


def test_a_newer_question_drops_the_older_and_its_answer() -> None:
    let = threading.Event()

    def slow(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        if seeds.inside[0, 0] == 1:
            let.wait(10)
        return np.ones(photo.shape[:2], bool)

    async def work() -> None:
        view = View(slow)
        older = view.ask("brush.select", CLICK | {"inside": [[1, 1]]})
        await asyncio.sleep(0)
        newer = view.ask("brush.select", CLICK)
        assert (await older)[0]["body"] == {"dropped": True}
        assert (await newer)[0]["body"]["rect"] == [0, 0, WIDTH, HEIGHT]
        let.set()

    run(work)


def test_what_is_cancelled_stops_and_is_dropped() -> None:
    async def work() -> None:
        view = View()
        answer = view.ask("brush.select", CLICK)
        await asyncio.sleep(0)
        await view.ask("brush.select.cancel")
        assert (await answer)[0]["body"] == {"dropped": True}
        assert view.brush._select_job is None

    run(work)


def test_another_photo_meanwhile_drops_the_answer() -> None:
    let = threading.Event()

    def slow(photo: np.ndarray, seeds: Seeds) -> BoolMask:
        let.wait(10)
        return np.ones(photo.shape[:2], bool)

    async def work() -> None:
        view = View(slow)
        answer = view.ask("brush.select", CLICK)
        await asyncio.sleep(0)
        view.brush._brush_load(MotionBrush(PIL.Image.new("RGB", (500, 300))).image)
        let.set()
        assert (await answer)[0]["body"] == {"dropped": True}

    run(work)


@pytest.mark.parametrize("area", [0, 8, "1", True, None])
def test_an_area_that_does_not_exist_is_refused(area: Any) -> None:
    async def work() -> None:
        assert "There is no area" in await View().refusal(area=area)

    run(work)
