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
from kling_widgets.emulator.job import Camera, Shot
from kling_widgets.emulator.order import FilmOrder, SheetOrder
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
    """R15, R16, R17, R18, R19, R21, R22, R63, R69: JPEG or PNG of whatever kind, at the limits and within them."""
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
    """R15, R16, R17, R18, R20, R21, R63, R69: and a bomb or half a file too."""
    with pytest.raises(BadPicture) as caught:
        pictures.check("image", data, role)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("text", ["data:image/png;base64,iVBORw0KGgo=", "/home/me/boat.jpg?", "iVBO Rw0K", "ü", "a"])
def test_what_is_no_raw_base64_gets_the_vendors_words(text: str) -> None:
    """R14, R125, R132: no prefix, no path, no blanks."""
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
    """R73, R74, R75, R76: the wire counts from the bottom-left corner, a mask is a picture: y = 400 is the top edge."""
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
    """C10: points are pixels of the picture, so masks are brought to its size."""
    job = jobs.film(ORDER, {"image": blank(1281, 801), "static_mask": painted(640, 400)})
    assert job.static is not None
    assert job.static.shape == (801, 1281)
    assert job.static.mean() == pytest.approx(1 / 8, abs=0.01)


@pytest.mark.parametrize(
    "masks",
    [
        {"static_mask": painted(400, 400)},
        {"dynamic_masks[0].mask": painted(400, 640)},
        {"static_mask": painted(640, 400), "dynamic_masks[0].mask": painted(1280, 800)},
        {"static_mask": painted(320, 200)},
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
    """R12, R131: the first of two is the left one."""

    def colored(color: str) -> bytes:
        return base64.b64decode(picture(400, 300, color=color))

    pair = jobs.film(ORDER, {"input.images[0]": colored("red"), "input.images[1]": colored("blue")})
    assert [photo[0, 0].tolist() for photo in pair.photos] == [[255, 0, 0], [0, 0, 255]]
    alone = jobs.film(ORDER, {"image_tail": colored("blue")})
    assert alone.photos == ()
    assert alone.tail is not None


def test_a_job_has_all_that_was_asked_for() -> None:
    """R38, R54, R85: shots, sound, camera and shape reach the renderer."""
    order = FilmOrder(
        seconds=5,
        short_side=720,
        fps=30,
        aspect=16 / 9,
        shots=((2, "A door"), (3, "A window")),
        sound=True,
        camera_type="simple",
        camera_config={"horizontal": -3},
    )
    job = jobs.film(order, {})
    assert (job.aspect, job.sound, job.seconds) == (16 / 9, True, 5)
    assert job.shots == (Shot(2, "A door"), Shot(3, "A window"))
    assert job.camera == Camera("simple", {"horizontal": -3})
    assert (job.photos, job.tail) == ((), None)


def test_a_sheet_starts_from_its_picture_or_from_words_alone() -> None:
    order = SheetOrder(prompt="A lighthouse", width=1360, height=765, n=3)
    alone = jobs.sheet(order, {})
    assert (alone.prompt, alone.width, alone.height, alone.n, alone.photo) == ("A lighthouse", 1360, 765, 3, None)
    photo = jobs.sheet(order, {"image": blank(400, 300)}).photo
    assert photo is not None
    assert photo.shape == (300, 400, 3)


# --- the same over the wire, field by field ---


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


GOOD = text(blank(640, 400))
BIG = text(blank(400, 400, "JPEG") + bytes(10 * 1024 * 1024))
FIELDS = {
    "image": lambda value: ("image2video", {"image": value, "prompt": "Go"}),
    "image_tail": lambda value: ("image2video", {"image": GOOD, "image_tail": value, "prompt": "Go"}),
    "static_mask": lambda value: ("image2video", {"image": GOOD, "static_mask": value, "prompt": "Go"}),
    "dynamic_masks[0].mask": lambda value: (
        "image2video",
        {
            "image": GOOD,
            "prompt": "Go",
            "dynamic_masks": [{"mask": value, "trajectories": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}],
        },
    ),
    "input.image": lambda value: ("effects", {"effect_scene": "squish", "input": {"image": value}}),
    "input.images[1]": lambda value: ("effects", {"effect_scene": "hug_pro", "input": {"images": [GOOD, value]}}),
}

WRONG = {
    "R14: image": ("image", f"data:image/png;base64,{GOOD}", "File is not in a valid base64 format"),
    "R14: image_tail": (
        "image_tail",
        f"data:image/png;base64,{GOOD}",
        "File is not in a valid base64 format: image_tail",
    ),
    "R15": ("image", text(blank(400, 400, "WEBP")), "image is not a supported image: it must be .jpg, .jpeg or .png"),
    "R16": ("image", BIG, "image file size exceeds 10 MB"),
    "R17": ("image", text(blank(400, 299)), "image is 400 x 299 px, width and height must be at least 300 px"),
    "R18": ("image", text(blank(300, 751)), "image is 300 x 751 px, its aspect ratio must be between 1:2.5 and 2.5:1"),
    "R19": ("image_tail", text(blank(400, 400, "GIF")), "image_tail is not a supported image"),
    "R20": ("image_tail", BIG, "image_tail file size exceeds 10 MB"),
    "R21": ("image_tail", text(blank(299, 400)), "image_tail is 299 x 400 px, width and height must be"),
    "R62: static_mask": (
        "static_mask",
        f"data:image/png;base64,{GOOD}",
        "File is not in a valid base64 format: static_mask",
    ),
    "R63": ("static_mask", text(blank(400, 400, "BMP")), "static_mask is not a supported image"),
    "R68: mask": ("dynamic_masks[0].mask", "not Base64", "File is not in a valid base64 format: dynamic_masks[0].mask"),
    "R69": ("dynamic_masks[0].mask", text(blank(400, 400, "GIF")), "dynamic_masks[0].mask is not a supported image"),
    "R125": ("input.image", f"data:image/png;base64,{GOOD}", "File is not in a valid base64 format: input.image"),
    "R126": ("input.image", text(blank(400, 400, "TIFF")), "input.image is not a supported image"),
    "R127": ("input.image", BIG, "input.image file size exceeds 10 MB"),
    "R128": ("input.image", text(blank(299, 299)), "input.image is 299 x 299 px"),
    "R129": ("input.image", text(blank(751, 300)), "input.image is 751 x 300 px, its aspect ratio must be"),
    "R132": (
        "input.images[1]",
        f"data:image/png;base64,{GOOD}",
        "File is not in a valid base64 format: input.images[1]",
    ),
    "R133: format": ("input.images[1]", text(blank(400, 400, "WEBP")), "input.images[1] is not a supported image"),
    "R133: weight": ("input.images[1]", BIG, "input.images[1] file size exceeds 10 MB"),
    "R133: size": ("input.images[1]", text(blank(299, 400)), "input.images[1] is 299 x 400 px"),
    "R133: shape": ("input.images[1]", text(blank(300, 800)), "input.images[1] is 300 x 800 px, its aspect ratio"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("rule", WRONG)
async def test_a_create_with_a_wrong_picture_is_refused(rig: Any, rule: str) -> None:
    field, value, message = WRONG[rule]
    kind, body = FIELDS[field](value)
    answer = await rig.post(kind, body)
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)
    assert answer.json()["message"].startswith(message)
    assert (await rig.get(kind)).json()["data"] == []


@pytest.mark.anyio
@pytest.mark.parametrize("field", FIELDS)
async def test_a_picture_may_be_raw_base64_or_a_url(rig: Any, world: Any, field: str) -> None:
    """R11, R12, R62, R68, R125, R132: and what cannot be fetched is named."""
    world.pictures["/boat.png"] = blank(640, 400)
    for value in (GOOD, "https://photos.example/boat.png"):
        kind, body = FIELDS[field](value)
        await rig.create(body, kind)
    kind, body = FIELDS[field]("https://photos.example/gone.png")
    answer = await rig.post(kind, body)
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)
    assert answer.json()["message"] == f"{field} cannot be fetched from its URL: it answered HTTP 404"


@pytest.mark.anyio
async def test_an_end_frame_may_have_any_shape(rig: Any) -> None:
    """R22: no aspect ratio is demanded of image_tail."""
    kind, body = FIELDS["image_tail"](text(blank(1200, 300)))
    await rig.create(body, kind)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "masks",
    [
        {"static_mask": text(painted(400, 400))},
        {
            "static_mask": GOOD,
            "dynamic_masks": FIELDS["dynamic_masks[0].mask"](text(painted(1280, 800)))[1]["dynamic_masks"],
        },
        {"dynamic_masks": FIELDS["dynamic_masks[0].mask"](text(painted(400, 640)))[1]["dynamic_masks"]},
    ],
    ids=["R64", "R65", "R70"],
)
async def test_a_mask_of_wrong_shape_is_accepted_and_fails_later(rig: Any, masks: dict[str, Any]) -> None:
    """R64, R65, R70: as the page says, it is the task that fails, with the reason, and it costs nothing."""
    id = (await rig.create({"image": GOOD, "prompt": "Go"} | masks))["task_id"]
    await rig.clock.advance(5)
    task = await rig.task(id)
    assert (task["task_status"], task["final_unit_deduction"]) == ("failed", "0")
    assert task["task_status_msg"].startswith(jobs.MISSHAPEN)


def test_a_long_text_is_decoded_like_a_short_one() -> None:
    """In slices, so padding in the middle could pass for the end of one; at its end it counts, or may be left out."""
    for size in (300_000, 300_001, 300_002, 3 * 128 * 1024, 98_304):
        data = bytes(range(256)) * (size // 256) + b"!" * (size % 256)
        text = base64.b64encode(data).decode()
        assert pictures.from_base64("image", text) == pictures.from_base64("image", text.rstrip("=")) == data
    slice = base64.b64encode(bytes(98_303)).decode()
    assert slice.endswith("=")
    with pytest.raises(pictures.BadPicture, match="not in a valid base64 format"):
        pictures.from_base64("image", slice + "AAAA" * 3)
