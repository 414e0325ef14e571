"""The contact sheet: every effect once on one's own photo, by a function and by a command."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kling_widgets.cli import main
from kling_widgets.emulator.contact_page import effects, page
from kling_widgets.emulator.contact_sheet import NARROWEST, _cell, cells, opened, save


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 90, 3), np.uint8)).save(path)
    return path


def test_every_effect_has_a_place_of_its_own() -> None:
    """All 229 are there, once, a category together; and the page shows each cell's picture whole."""
    assert len({effect["scene"] for effect in effects()}) == 229
    categories = [effect["category"] for effect in effects()]
    assert sum(one != other for one, other in pairwise(categories)) == len(set(categories)) - 1

    shades = [np.full((24, 36, 3), (255, 20 + index, 0), np.uint8) for index in range(229)]
    seen = np.asarray(page(shades, effects()))
    shown = seen[..., 1][(seen[..., 0] == 255) & (seen[..., 2] == 0)]
    np.testing.assert_array_equal(np.bincount(shown, minlength=256)[20:249], 24 * 36)


def test_few_effects_make_a_small_page() -> None:
    """The page is wider than high, but no ribbon, however many effects are on it."""
    for only in ("", "christmas", "halloween"):
        shown = effects(only)
        width, height = page([np.zeros((168, 168, 3), np.uint8)] * len(shown), shown).size
        assert 0.6 < width / height < 2.2, only


def test_only_some() -> None:
    """Words choose by title, name, category and tags, all of them together, in any case."""
    assert [effect["scene"] for effect in effects("Bullet 360")] == ["bullet_time_360"]
    assert {effect["category"] for effect in effects("halloween")} >= {"Halloween"}
    assert len(effects("wings")) < len(effects("")) == 229


def test_cells_do_not_depend_on_threads(photo: Path) -> None:
    """One thread or three make the same pictures, in the photo's aspect; OpenCV gets its own threads back."""
    some = (*effects()[3:7], *(effect for effect in effects() if effect["images"] == 2))[:6]
    before = cv2.getNumThreads()
    one, three = (list(cells(opened(photo, None), 24, [0.2, 0.6], some, count)) for count in (1, 3))

    assert cv2.getNumThreads() == before
    np.testing.assert_array_equal(one, three)
    assert np.shape(one) == (6, 2, 20, 29, 3)


def test_a_panorama_is_cut_and_an_upright_photo_stands_upright() -> None:
    """Cells keep the photo's aspect within two to three and three to two."""
    for shape, aspect in (((100, 300), 1 / NARROWEST), ((300, 100), NARROWEST), ((120, 100), 100 / 120)):
        width, height = _cell(np.zeros((*shape, 3), np.uint8), 60)
        assert width / height == pytest.approx(aspect, rel=0.03)


def test_one_photo_stands_for_two_by_its_mirror_image(photo: Path) -> None:
    """A photo on its side by EXIF is set upright first."""
    first, second = opened(photo, None)
    np.testing.assert_array_equal(second, first[:, ::-1])

    turned = Image.open(photo)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(photo.with_name("turned.png"), exif=exif)
    assert opened(photo.with_name("turned.png"), photo)[0].shape == (90, 60, 3)


def test_command_writes_the_sheet(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A picture file as wide as its cells ask for, and a line that says what to do with it."""
    out = photo.with_name("sheet.webp")
    assert main(["contact-sheet", str(photo), "--out", str(out), "--size", "10", "--only", "camera zoom"]) == 0
    shown = effects("camera zoom")
    with Image.open(out) as sheet:
        assert (sheet.format, sheet.size) == ("WEBP", page([np.zeros((8, 12, 3), np.uint8)] * len(shown), shown).size)
    assert "effect_scene" in capsys.readouterr().out


def test_a_moving_sheet_is_an_animation(tmp_path: Path) -> None:
    """Several pages make a file that plays for ever; the first page is the one that stands still."""
    pages = [Image.new("RGB", (40, 30), colour) for colour in ("#c02020", "#2020c0")]
    save(pages, tmp_path / "sheet.webp")
    with Image.open(tmp_path / "sheet.webp") as sheet:
        assert (sheet.n_frames, sheet.info["loop"]) == (2, 0)
        assert sheet.convert("RGB").getpixel((9, 9))[0] > 150


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nobody.jpg"], "There is no file"),
        (["me.png", "--out", "nowhere/sheet.webp"], "There is no folder"),
        (["me.png", "--out", "sheet.tiff"], "end its name in .webp, .png or .jpg"),
        (["me.png", "--out", "sheet.png", "--animated"], "leave out --animated"),
        (["me.png", "--only", "zeppelin"], "No effect has 'zeppelin'"),
        (["text.txt"], "cannot be read as a picture"),
    ],
)
def test_command_says_what_is_wrong(
    given: list[str], said: str, photo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence with the remedy, and nothing is written."""
    monkeypatch.chdir(photo.parent)
    Path("text.txt").write_text("no picture")
    before = sorted(Path().iterdir())

    assert main(["contact-sheet", *given]) == 1
    assert said in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before


def test_command_wants_at_least_one_thread(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["contact-sheet", "me.png", "--workers", "0"])
    assert "give 1 or more" in capsys.readouterr().err
