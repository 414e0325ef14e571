"""Pictures: what is taken, what is refused, and what the renderer gets of them."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kling_widgets.emulator import jobs, pictures
from kling_widgets.emulator.order import FilmOrder
from kling_widgets.emulator.pictures import BadPicture

Picture = Callable[..., str]


def encoded(image: Image.Image, format: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def blank(width: int, height: int, format: str = "PNG", mode: str = "RGB") -> bytes:
    return encoded(Image.new(mode, (width, height)), format)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "role"),
    [
        (blank(300, 300), "photo"),
        (blank(750, 300, "JPEG"), "photo"),
        (blank(300, 750), "photo"),
        (blank(400, 400, "JPEG", "CMYK"), "photo"),
        (blank(400, 400, "PNG", "P"), "photo"),
        (blank(400, 400, "PNG", "LA"), "photo"),
        (blank(3000, 300), "tail"),  # R22
        (blank(10, 10, "PNG", "1"), "mask"),
    ],
)
def test_a_picture_within_the_limits_is_taken(data: bytes, role: Any) -> None:
    with Image.open(io.BytesIO(data)) as image:
        assert pictures.check("image", data, role) == image.size
    assert pictures.photo("image", data).shape == (image.height, image.width, 3)


@pytest.mark.parametrize(
    ("data", "role", "message"),
    [
        (b"", "photo", "image is not a supported image: it must be .jpg, .jpeg or .png"),
        (b"no picture at all", "photo", "image is not a supported image"),
        (blank(400, 400, "GIF"), "photo", "image is not a supported image"),  # R15
        (blank(400, 400, "WEBP"), "mask", "image is not a supported image"),  # R63, R69
        (blank(299, 400), "photo", "image is 299 x 400 px, width and height must be at least 300 px"),  # R17
        (blank(400, 299), "tail", "image is 400 x 299 px, width and height must be at least 300 px"),  # R21
        (blank(751, 300), "photo", "image is 751 x 300 px, its aspect ratio must be between 1:2.5 and 2.5:1"),  # R18
        (blank(640, 427, "JPEG")[:-200], "photo", "image cannot be decoded: the file is damaged or truncated"),
        (blank(640, 427)[:-200], "photo", "image cannot be decoded"),
        (bomb(9000, 9000), "photo", "image is 9000 x 9000 px, more than 80 million pixels"),
        (bomb(60000, 60000), "photo", "image"),
        (bytes(10 * 1024 * 1024 + 1), "photo", "image file size exceeds 10 MB"),  # R16, R20, R127
    ],
)
def test_a_picture_beyond_a_limit_is_refused_by_its_name(data: bytes, role: Any, message: str) -> None:
    with pytest.raises(BadPicture) as caught:
        pictures.check("image", data, role)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("text", ["data:image/png;base64,iVBORw0KGgo=", "/home/me/boat.jpg?", "iVBO Rw0K", "ü", "a"])
def test_what_is_no_raw_base64_gets_the_vendors_words(text: str) -> None:
    with pytest.raises(BadPicture, match=r"^File is not in a valid base64 format$"):
        pictures.from_base64("image", text)


def test_base64_is_read_with_and_without_its_padding() -> None:
    assert pictures.from_base64("image", "aGk=") == pictures.from_base64("image", "aGk") == b"hi"


def test_more_than_ten_megabytes_of_base64_are_not_even_decoded() -> None:
    with pytest.raises(BadPicture, match="exceeds 10 MB"):
        pictures.from_base64("image", "?" * 15_000_000)


def test_white_is_painted_and_the_threshold_is_the_middle() -> None:
    grey = np.array([[0, 127, 128, 255]], np.uint8)
    painted = [[False, False, True, True]]
    assert pictures.mask("mask", encoded(Image.fromarray(grey))).tolist() == painted
    assert pictures.mask("mask", encoded(Image.fromarray(np.dstack([grey] * 3)))).tolist() == painted
    assert pictures.mask("mask", encoded(Image.fromarray(grey.astype(np.uint16) * 257))).tolist() == painted


def test_a_transparent_pixel_of_a_mask_is_not_painted() -> None:
    rgba = np.full((1, 2, 4), 255, np.uint8)
    rgba[0, 0, 3] = 0
    assert pictures.mask("mask", encoded(Image.fromarray(rgba))).tolist() == [[False, True]]


# --- the job of the renderer ---

ORDER = FilmOrder(seconds=5, short_side=720, fps=30)


def painted(width: int = 640, height: int = 400) -> bytes:
    mask = np.zeros((height, width), np.uint8)
    mask[: height // 4, : width // 2] = 255
    return encoded(Image.fromarray(mask))


def test_trajectories_are_turned_over_and_masks_are_not() -> None:
    """The wire counts from the bottom-left corner, a mask is a picture: y = 400 is the top edge, row 0 the top row."""
    order = FilmOrder(seconds=5, short_side=720, fps=30, trajectories=(((10, 400), (20, 0)), ((0, 100), (640, 300))))
    files = {
        "image": blank(640, 400),
        "dynamic_masks[0].mask": painted(),
        "dynamic_masks[1].mask": painted(),
        "static_mask": painted(),
    }
    job = jobs.film(order, files)
    assert [area.path.tolist() for area in job.areas] == [[[10, 0], [20, 400]], [[0, 300], [640, 100]]]
    assert job.areas[0].mask[0, 0]
    assert not job.areas[0].mask[399, 0]
    assert job.static is not None
    assert job.static.shape == job.photos[0].shape[:2] == (400, 640)


def test_a_mask_of_another_size_but_the_same_shape_is_stretched() -> None:
    job = jobs.film(ORDER, {"image": blank(1281, 801), "static_mask": painted(640, 400)})
    assert job.static is not None
    assert job.static.shape == (801, 1281)
    assert job.static.mean() == pytest.approx(1 / 8, abs=0.01)


@pytest.mark.parametrize(
    "masks",
    [
        {"static_mask": painted(400, 400)},  # R64
        {"dynamic_masks[0].mask": painted(400, 640)},  # R70
        {"static_mask": painted(640, 400), "dynamic_masks[0].mask": painted(1280, 800)},  # R65
        {"static_mask": painted(320, 200)},  # R62: at least 300 px
    ],
    ids=["R64", "R70", "R65", "R62"],
)
def test_a_mask_of_wrong_shape_fails_the_task_in_the_vendors_words(masks: dict[str, bytes]) -> None:
    with pytest.raises(jobs.Unmakeable, match=r"^The resolution or aspect ratio of the input image is invalid\."):
        jobs.film(ORDER, {"image": blank(640, 400)} | masks)


def test_dynamic_masks_without_a_static_one_need_no_common_resolution() -> None:
    order = FilmOrder(seconds=5, short_side=720, fps=30, trajectories=(((0, 0), (1, 1)),) * 2)
    masks = {"dynamic_masks[0].mask": painted(1280, 800), "dynamic_masks[1].mask": painted()}
    assert len(jobs.film(order, {"image": blank(640, 400)} | masks).areas) == 2


def test_two_photos_stand_left_and_right_and_a_tail_apart(picture: Picture) -> None:
    def colored(color: str) -> bytes:
        return base64.b64decode(picture(400, 300, color=color))

    pair = jobs.film(ORDER, {"input.images[0]": colored("red"), "input.images[1]": colored("blue")})
    assert [photo[0, 0].tolist() for photo in pair.photos] == [[255, 0, 0], [0, 0, 255]]
    alone = jobs.film(ORDER, {"image_tail": colored("blue")})
    assert alone.photos == ()
    assert alone.tail is not None
