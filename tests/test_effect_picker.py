"""The effect picker's Python half: the choice, the photos, the request."""

from __future__ import annotations

import base64
import io
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kling_widgets.effect import EFFECTS
from kling_widgets.errors import InvalidRequest
from kling_widgets.widgets import effect_picker
from kling_widgets.widgets.effect_picker import EffectPicker
from tests.asking import Refused, ask

PIECE = 384 * 1024
RED, BLUE = (np.full((400, 600, 3), color, np.uint8) for color in ((200, 30, 30), (30, 30, 200)))


def png(array: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def drop(monkeypatch: pytest.MonkeyPatch, picker: EffectPicker, slot: int, file: bytes, upload: str = "a") -> None:
    """A file dropped on a slot, as the browser sends it."""
    pieces = [file[at : at + PIECE] for at in range(0, len(file), PIECE)]
    for part, piece in enumerate(pieces):
        body = {"slot": slot, "upload": upload, "part": part, "parts": len(pieces)}
        ask(monkeypatch, picker, "effects.photo", body, piece)


def fresh() -> None:
    effect_picker._thumbnails.cache_clear()
    effect_picker._table.cache_clear()


def test_the_choice_is_a_trait_that_takes_known_scenes_only() -> None:
    picker = EffectPicker()
    seen: list[str] = []
    picker.observe(lambda change: seen.append(change["new"]), "scene")
    picker.scene = "hug_pro"
    with pytest.raises(InvalidRequest, match=r"There is no effect 'hug_por'. Did you mean 'hug_pro'"):
        picker.scene = "hug_por"
    with pytest.raises(InvalidRequest, match=r"no effect 'qqqq'.*EFFECTS"):
        picker.scene = "qqqq"
    assert picker.scene == "hug_pro"
    picker.scene = ""
    assert seen == ["hug_pro", ""]


def table(picker: EffectPicker) -> dict[str, Any]:
    """The table as the browser unpacks it."""
    unpacked: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(picker._effects_table)))
    return unpacked


def test_the_whole_table_goes_to_the_browser_in_a_few_kilobytes() -> None:
    picker = EffectPicker()
    assert [row["scene"] for row in table(picker)["effects"]] == [effect.scene for effect in EFFECTS]
    assert table(picker)["effects"][0] == {
        "scene": "flash_drive",
        "title": "Flash Drive",
        "images": 1,
        "category": "Action & sport",
        "icon": "🏎️",
        "tags": ["car", "drive", "race", "speed", "fast"],
        "listed": True,
        "units": None,
    }
    assert table(picker)["asOf"] == "2026-09"
    state = {name: value for name, value in picker.get_state().items() if name not in ("_esm", "_css")}
    assert len(json.dumps(state)) < 16_000


def test_a_sheet_of_thumbnails_comes_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = {"size": 112, "frames": 8, "sheets": [{"file": "thumbnails-0.webp", "first": 0, "count": 229}]}
    (tmp_path / "thumbnails.json").write_text(json.dumps(sheets))
    (tmp_path / "thumbnails-0.webp").write_bytes(b"a sheet")
    monkeypatch.setattr(effect_picker, "DATA", tmp_path)
    fresh()
    try:
        picker = EffectPicker()
        assert table(picker)["thumbnails"] == sheets
        assert ask(monkeypatch, picker, "effects.sheet", {"sheet": 0})[1] == b"a sheet"
        with pytest.raises(Refused, match="no such sheet"):
            ask(monkeypatch, picker, "effects.sheet", {"sheet": 1})
    finally:
        fresh()


def test_the_request_takes_the_photos_of_the_slots() -> None:
    picker = EffectPicker(RED)
    picker.scene = "squish"
    left, _ = picker.images
    assert picker.request().payload() == {"effect_scene": "squish", "input": {"image": left and left.base64()}}

    picker.scene = "hug_pro"
    picker.set_image(1, BLUE)
    both = [image and image.base64() for image in picker.images]
    request = picker.request(external_task_id="mine")
    assert request.payload() == {
        "effect_scene": "hug_pro",
        "input": {"images": both},
        "external_task_id": "mine",
    }


def test_photos_given_to_the_request_go_before_those_of_the_slots() -> None:
    picker = EffectPicker(RED)
    picker.scene = "hug_pro"
    left = picker.images[0]
    assert picker.request(images=(BLUE, RED)).payload()["input"]["images"][1] == (left and left.base64())


@pytest.mark.parametrize(
    ("scene", "image", "words"),
    [
        ("", RED, "No effect is chosen"),
        ("squish", None, r"The photo is missing.*image=photo"),
        ("hug_pro", None, r"(?s)2 problems.*left photo is missing.*right photo is missing"),
        ("hug_pro", RED, r"^input.images\[1\]: The right photo is missing.*images=\(left, right\)"),
    ],
)
def test_a_request_that_lacks_something_says_what(scene: str, image: Any, words: str) -> None:
    picker = EffectPicker(image)
    picker.scene = scene
    with pytest.raises(InvalidRequest, match=words):
        picker.request()


def test_a_dropped_photo_arrives_in_pieces_and_shows_in_its_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), np.uint8)
    file = png(noise)
    assert len(file) > 2 * PIECE
    picker = EffectPicker()
    drop(monkeypatch, picker, 1, file)
    image = picker.images[1]
    assert image is not None
    assert (image.pixels() == noise).all()
    assert picker._effects_photos[0] is None
    assert picker._effects_photos[1]["width"] == 800

    _, preview = ask(monkeypatch, picker, "effects.picture", {"slot": 1})
    assert Image.open(io.BytesIO(preview)).size == (480, 360)
    assert ask(monkeypatch, picker, "effects.picture", {"slot": 0})[1] == b""


def test_two_photos_may_arrive_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    picker = EffectPicker()
    files = {"left": png(RED), "right": png(BLUE)}
    for part in (0, 1):
        for slot, (upload, file) in enumerate(files.items()):
            half = (file[:500], file[500:])[part]
            ask(monkeypatch, picker, "effects.photo", {"slot": slot, "upload": upload, "part": part, "parts": 2}, half)
    assert [tuple(image.pixels()[0, 0]) for image in picker.images if image] == [(200, 30, 30), (30, 30, 200)]


def test_a_bad_photo_is_refused_in_words_and_the_old_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    picker = EffectPicker(RED)
    before = picker.images
    with pytest.raises(Refused, match="10 x 10 pixels"):
        drop(monkeypatch, picker, 0, png(RED[:10, :10]))
    with pytest.raises(Refused, match="not a picture"):
        drop(monkeypatch, picker, 0, b"Dear diary")
    with pytest.raises(Refused, match="piece of the file is missing"):
        ask(monkeypatch, picker, "effects.photo", {"slot": 0, "upload": "late", "part": 3, "parts": 9}, b"x")
    assert picker.images == before


def test_left_and_right_change_places(monkeypatch: pytest.MonkeyPatch) -> None:
    picker = EffectPicker(RED)
    left = picker.images[0]
    mark = picker._effects_photos[0]
    ask(monkeypatch, picker, "effects.swap")
    assert picker.images == (None, left)
    assert picker._effects_photos == [None, mark]
