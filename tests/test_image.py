"""Anything image-like in; upright, 8-bit RGB, within the API's limits out; or a clear error."""

import base64
import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import PIL.Image
import PIL.ImageCms
import pytest

import kling_widgets as kw
from kling_widgets.image import MAX_FILE, Image, size_problems
from kling_widgets.source import fetch

ROCKET = Path("notebooks/photos/rocket.jpg")


def coded(picture: PIL.Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def quarters(width: int = 400, height: int = 320) -> PIL.Image.Image:
    """Red, green over blue, white: each corner tells where it is."""
    picture = PIL.Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    picture.paste("lime", (width // 2, 0, width, height // 2))
    picture.paste("blue", (0, height // 2, width // 2, height))
    return picture


def noise(width: int, height: int) -> PIL.Image.Image:
    return PIL.Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))


def refusal(source: object, **options: Any) -> kw.Problem:
    with pytest.raises(kw.InvalidRequest) as caught:
        Image.of(source, **options)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    "source",
    [
        str(ROCKET),
        ROCKET,
        ROCKET.read_bytes(),
        bytearray(ROCKET.read_bytes()),
        memoryview(ROCKET.read_bytes()),
        base64.b64encode(ROCKET.read_bytes()).decode(),
        PIL.Image.open(ROCKET),
        np.asarray(PIL.Image.open(ROCKET)),
    ],
    ids=["str", "Path", "bytes", "bytearray", "memoryview", "Base64", "PIL", "numpy"],
)
def test_every_way_to_name_a_picture_gives_the_same_one(source: Any) -> None:
    """A path, its bytes, raw Base64, a PIL image and an array are one photo, give or take its encoding."""
    image = Image.of(source)
    truth = np.asarray(PIL.Image.open(ROCKET)).astype(int)

    assert (image.width, image.height, image.original, image.scale) == (640, 427, (640, 427), (1.0, 1.0))
    assert np.abs(image.pixels().astype(int) - truth).mean() < 1.5


def test_a_png_stays_lossless_and_a_jpeg_stays_a_jpeg() -> None:
    """The format follows the source, and a PNG's pixels are not touched."""
    png, jpeg = Image.of("notebooks/photos/coffee.png"), Image.of(ROCKET)

    assert (png.format, jpeg.format) == ("png", "jpeg")
    assert np.array_equal(png.pixels(), np.asarray(PIL.Image.open("notebooks/photos/coffee.png").convert("RGB")))
    assert PIL.Image.open(io.BytesIO(jpeg.data)).format == "JPEG"


def test_base64_is_raw() -> None:
    """The wire's text has no prefix and is exactly the data."""
    image = Image.of(ROCKET)

    assert base64.b64decode(image.base64(), validate=True) == image.data


def test_an_image_is_taken_as_it_is() -> None:
    """Image.of an Image is the same object: nothing is encoded twice."""
    image = Image.of(ROCKET)

    assert Image.of(image) is image
    assert Image.of(image, fit="crop") is image


def test_a_picture_prints_without_its_bytes() -> None:
    """The repr says size and format only."""
    assert repr(Image.of(ROCKET)) == "Image(width=640, height=427, original=(640, 427), format='jpeg')"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
def test_a_rotated_phone_photo_is_sent_upright(orientation: int, format: str) -> None:
    """Each of the eight EXIF orientations ends as the same upright picture, without EXIF."""
    upright = quarters()
    turns = [
        [],
        [PIL.Image.Transpose.FLIP_LEFT_RIGHT],
        [PIL.Image.Transpose.ROTATE_180],
        [PIL.Image.Transpose.FLIP_TOP_BOTTOM],
        [PIL.Image.Transpose.TRANSPOSE],
        [PIL.Image.Transpose.ROTATE_90],
        [PIL.Image.Transpose.TRANSVERSE],
        [PIL.Image.Transpose.ROTATE_270],
    ]
    stored = upright
    for turn in turns[orientation - 1]:
        stored = stored.transpose(turn)
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation

    image = Image.of(coded(stored, format, exif=exif))

    assert (image.width, image.height, image.original) == (400, 320, (400, 320))
    assert np.abs(image.pixels().astype(int) - np.asarray(upright)).mean() < 3
    assert len(image.pil().getexif()) == 0


def test_metadata_stays_behind() -> None:
    """Neither EXIF, nor a comment, nor an ICC profile, nor PNG text goes out."""
    exif = PIL.Image.Exif()
    exif[0x010E] = "at home"
    profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    jpeg = Image.of(coded(quarters(), "JPEG", exif=exif, comment="secret place", icc_profile=profile))
    png = Image.of(coded(quarters(), "PNG", exif=exif, icc_profile=profile))

    for image in (jpeg, png):
        assert not {"exif", "comment", "icc_profile"} & image.pil().info.keys()
        assert b"secret place" not in image.data
        assert b"at home" not in image.data


def test_a_pil_image_of_the_users_stays_as_it_was() -> None:
    """Its metadata is taken off our copy, not off theirs."""
    theirs = quarters()
    theirs.info["comment"] = "mine"

    Image.of(theirs)

    assert theirs.info == {"comment": "mine"}


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    """A print shop's JPEG keeps its colours."""
    image = Image.of(coded(quarters().convert("CMYK"), "JPEG", quality=95))

    assert image.pixels()[10, 10].tolist() == pytest.approx([255, 0, 0], abs=12)
    assert image.pil().mode == "RGB"


def test_a_broken_profile_is_as_good_as_none() -> None:
    """A CMYK JPEG whose profile cannot be read is still a picture."""
    cmyk = quarters().convert("CMYK")

    broken, none = Image.of(coded(cmyk, "JPEG", icc_profile=b"broken")), Image.of(coded(cmyk, "JPEG"))

    assert np.array_equal(broken.pixels(), none.pixels())


def test_a_16_bit_png_keeps_its_tones() -> None:
    """65535 is white and 32768 is the middle, not the low byte of it."""
    tones = np.zeros((300, 300), np.uint16)
    tones[:, 100:200] = 32768
    tones[:, 200:] = 65535

    image = Image.of(coded(PIL.Image.fromarray(tones)))

    assert image.pixels()[5, [50, 150, 250]].tolist() == [[0] * 3, [128] * 3, [255] * 3]


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "PA"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    """Grey, two-valued, palette and alpha pictures are sent as RGB."""
    picture = PIL.Image.new("L", (300, 300), 255)
    picture.paste(0, (0, 0, 150, 300))

    image = Image.of(picture.convert("RGBA").convert("PA") if mode == "PA" else picture.convert(mode))

    assert image.pil().mode == "RGB"
    assert image.pixels()[150, [10, 290]].tolist() == [[0] * 3, [255] * 3]


def test_what_is_transparent_shows_white() -> None:
    """Alpha lies over white, half alpha half."""
    clear = np.zeros((300, 300, 4), np.uint8)
    clear[:, 100:200, 3] = 128
    clear[:, 200:, 3] = 255

    assert Image.of(clear).pixels()[7, [50, 150, 250], 0].tolist() == [255, 127, 0]


@pytest.mark.parametrize("format", ["WEBP", "GIF", "BMP", "TIFF"])
def test_other_formats_are_converted(format: str) -> None:
    """What Pillow reads is sent as PNG, lossless."""
    image = Image.of(coded(quarters(), format, **({"lossless": True} if format == "WEBP" else {})))

    assert image.format == "png"
    assert image.pixels()[[10, 10, 310], [10, 390, 10]].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]


def test_of_an_animation_the_first_frame_is_sent() -> None:
    """A GIF that moves is its first picture."""
    frames = [PIL.Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    moving = coded(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert Image.of(moving).pixels()[0, 0].tolist() == [255, 0, 0]


def test_a_missing_file_is_named_with_its_likely_neighbour() -> None:
    """A misspelt name gets a suggestion, another one the folder that paths start at."""
    near, far = refusal("notebooks/photos/rockt.jpg"), refusal("nowhere/at/all.png", field="image_tail")

    assert near.message == 'There is no file "notebooks/photos/rockt.jpg".'
    assert near.fix == 'Did you mean "notebooks/photos/rocket.jpg"?'
    assert (far.field, str(Path.cwd()) in far.fix) == ("image_tail", True)


def test_a_text_named_png_is_called_a_text(tmp_path: Path) -> None:
    """What the name claims does not matter."""
    (tmp_path / "photo.png").write_text("<!doctype html>\nnot found")

    assert 'is text, not a picture; it begins with "<!doctype html>"' in refusal(tmp_path / "photo.png").message


def test_files_that_hold_no_picture_are_told_apart(tmp_path: Path) -> None:
    """Empty, a folder, noise, HEIC, a name too long: each has its own words."""
    (tmp_path / "empty.jpg").write_bytes(b"")

    assert "is empty (0 bytes)" in refusal(tmp_path / "empty.jpg").message
    assert "is a folder" in refusal(tmp_path).message
    assert "no picture that can be read" in refusal(bytes(range(256)) * 4).message
    assert "HEIC" in refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").message
    assert "cannot be read" in refusal("x" * 5000).message
    assert "cannot be read" in refusal("a\0b").message
    assert "0 bytes" in refusal(b"").message
    assert 'A "data:" address is not accepted' in refusal("data:image/png;base64,iVBORw0KGgo=").message
    assert "Base64 text cannot be read" in refusal("iVBORw0KGgo" + "!" * 80).message
    assert "A int is no picture" in refusal(7).message


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_truncated_picture_says_that_it_ends_early(format: str) -> None:
    """Half a file is neither a crash nor a picture with a grey half."""
    whole = coded(noise(320, 320), format)

    assert "ends before the picture is complete" in refusal(whole[: len(whole) // 2]).message


def test_a_png_with_a_broken_middle_is_damaged() -> None:
    """A flipped byte in the compressed pixels is found."""
    whole = bytearray(coded(noise(320, 320)))
    whole[len(whole) // 2] ^= 0xFF

    assert refusal(bytes(whole)).fix.endswith(("save it anew.", "download it again."))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    """A PNG that says 40,000 x 40,000 in a few bytes costs no memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    header = struct.pack(">IIBBBBB", 13_000, 10_000, 8, 2, 0, 0, 0)
    large = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")

    assert "too many pixels: at most 128 megapixels" in refusal(bomb).message
    assert "too many pixels: at most 128 megapixels" in refusal(large).message


def test_a_small_picture_is_refused_with_its_size() -> None:
    """10 x 10 is below 300 a side."""
    assert refusal(np.zeros((10, 10, 3), np.uint8)).message == (
        "The picture is 10 x 10 pixels; each side needs at least 300."
    )


@pytest.mark.parametrize(
    ("width", "height", "good"),
    [(300, 300, True), (299, 300, False), (750, 300, True), (751, 300, False), (300, 750, True), (300, 751, False)],
)
def test_the_limits_are_met_to_the_pixel(width: int, height: int, good: bool) -> None:
    """300 a side and 1:2.5 to 2.5:1 are allowed, one pixel beyond is not."""
    assert (size_problems(width, height, field="image") == []) is good


def test_a_long_picture_is_refused_with_both_remedies() -> None:
    """1:4 names pad and crop, and both then work."""
    tall = np.zeros((1600, 400, 3), np.uint8)
    tall[800] = 255

    assert 'fit="pad"' in refusal(tall).fix
    assert 'fit="crop"' in refusal(tall).fix
    padded, cropped = Image.of(tall, fit="pad"), Image.of(tall, fit="crop")
    assert (padded.width, padded.height, padded.original) == (640, 1600, (640, 1600))
    assert (cropped.width, cropped.height, cropped.original) == (400, 1000, (400, 1000))
    assert cropped.pixels()[500].min() == 255  # the middle row is still in the middle
    assert padded.pixels()[800, [100, 130, 500, 530], 0].tolist() == [0, 255, 255, 0]


def test_a_wide_picture_fits_too() -> None:
    """4:1 is padded above and below, or loses its ends."""
    wide = np.full((300, 1200, 3), 255, np.uint8)

    assert Image.of(wide, fit="pad").original == (1200, 480)
    assert Image.of(wide, fit="crop").original == (750, 300)


def test_the_end_frame_may_have_any_aspect() -> None:
    """Of image_tail the page demands no aspect, only 300 pixels."""
    assert Image.of(np.zeros((300, 1200, 3), np.uint8), any_aspect=True).width == 1200


def test_a_4k_photo_is_sent_whole() -> None:
    """3840 x 2160 is below the limit of what is scaled."""
    image = Image.of(coded(noise(960, 540).resize((3840, 2160)), "JPEG"))

    assert (image.width, image.height, image.scale) == (3840, 2160, (1.0, 1.0))


def test_a_60_megapixel_photo_is_scaled_down() -> None:
    """The long side becomes 4096, the original is remembered, and 10 MB are kept."""
    huge = PIL.Image.new("RGB", (9500, 6330), "teal")
    huge.paste("white", (0, 0, 4750, 6330))

    image = Image.of(coded(huge, "JPEG", quality=70))

    assert (image.width, image.height, image.original) == (4096, 2730, (9500, 6330))
    assert image.scale == pytest.approx((4096 / 9500, 2730 / 6330))
    assert len(image.data) <= MAX_FILE
    assert image.pixels()[1000, [2000, 2096], 0].tolist() == pytest.approx([255, 0], abs=8)


def test_a_huge_rotated_jpeg_keeps_its_upright_size() -> None:
    """Decoding at a half, turning and scaling together still know the original's size."""
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    stored = PIL.Image.new("RGB", (9000, 6000), "navy")

    image = Image.of(coded(stored, "JPEG", exif=exif, quality=50))

    assert (image.width, image.height, image.original) == (2731, 4096, (6000, 9000))


@pytest.mark.parametrize(("width", "height"), [(10_000, 4_000), (4_001, 10_001), (9_999, 4_001), (6_007, 2_403)])
def test_scaling_never_breaks_the_aspect_rule(width: int, height: int) -> None:
    """2.5:1 stays within 2.5:1 when its sides are rounded."""
    image = Image.of(coded(PIL.Image.new("L", (width, height)), "JPEG"))

    assert size_problems(image.width, image.height, field="image") == []
    assert max(image.width, image.height) == 4096


def test_a_lossless_photo_too_heavy_for_png_is_sent_as_jpeg() -> None:
    """Noise of 2000 x 2000 is 12 MB as PNG: it goes as JPEG, below 10 MB."""
    image = Image.of(np.asarray(noise(2000, 2000)))

    assert image.format == "jpeg"
    assert len(image.data) <= MAX_FILE


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((300,), np.uint8), "of shape 300"),
        (np.zeros((300, 300, 2), np.uint8), "of shape 300 x 300 x 2"),
        (np.zeros((0, 300, 3), np.uint8), "of shape 0 x 300 x 3"),
        (np.zeros((300, 300), np.float32), "dtype float32"),
        (np.zeros((300, 300), np.uint16), "dtype uint16"),
    ],
)
def test_an_array_of_another_kind_is_refused(array: Any, words: str) -> None:
    """Shape and dtype are named, with what is accepted."""
    assert words in refusal(array).message


def test_many_megapixels_do_not_warn() -> None:
    """Pillow's bomb warning, from 89 megapixels on, is not the user's business."""
    huge = coded(PIL.Image.new("L", (9_600, 9_400)), "JPEG")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Image.of(huge).original == (9_600, 9_400)


def test_a_picture_is_fetched_from_its_address() -> None:
    """Redirects are followed, and the bytes come back."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old":
            return httpx.Response(301, headers={"location": "/new"})
        return httpx.Response(200, content=b"picture")

    assert fetch("https://example.com/old", "image", httpx.MockTransport(answer)) == b"picture"


def test_an_address_without_a_picture_says_why() -> None:
    """HTTP 404, nothing at all and a dead host are each told."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "dead":
            raise httpx.ConnectError("no such host")
        return httpx.Response({"/404": 404}.get(request.url.path, 200))

    for url, words in [("http://a/404", "HTTP 404"), ("http://a/", "is empty"), ("http://dead/", "no such host")]:
        with pytest.raises(kw.InvalidRequest, match=words):
            fetch(url, "image", httpx.MockTransport(answer))
