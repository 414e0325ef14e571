"""Requests: kind to build, exact on the wire, and wrong ones cannot be built. Rules bear their numbers, as R7."""

import base64
import io
import json
import pickle
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import kling_widgets as kw
from kling_widgets.image import Image

PHOTO = Image.of("notebooks/photos/rocket.jpg")  # 640 x 427
LEFT = np.zeros((427, 640), bool)
LEFT[200:280, 100:180] = True
UP = [(140, 187), (140, 327)]
_ROW, _COLUMN = np.mgrid[0:320, 0:400]
COLOURS = np.stack([_COLUMN % 256, _ROW % 256, _COLUMN * _ROW % 256], -1).astype(np.uint8)
BOX = (_ROW >= 100) & (_ROW < 200) & (_COLUMN >= 50) & (_COLUMN < 150)
URL = "https://example.com/photo.jpg"
SHOTS = [{"prompt": "a", "duration": 2}, {"prompt": "b", "duration": "3"}]
ODD = ["~nobody-lives-here/photo.jpg", "\ud800.png", "photo\0.jpg", {1: 2}, {"\ud800": 1}, [], 10**400, float("nan")]
KEYS: list[tuple[Any, dict[str, Any], str]] = [
    (kw.ImageToVideo, {"image": URL, "prompt": "The rocket rises"}, "e3cd26ca6d593d65fa5daf161ec7da7a6faeec89"),
    (
        kw.ImageToVideo,
        {"image": URL, "model_name": "kling-v3", "mode": "pro", "multi_shot": True, "shot_type": "customize"}
        | {"multi_prompt": SHOTS, "sound": True, "watermark_info": True, "callback_url": "https://a.b/c"},
        "d251d90fd7590a056930504040e0ee8d2dba4ee2",
    ),
    (
        kw.ImageToVideo,
        {"image": URL, "prompt": "x", "dynamic_masks": [{"mask": URL, "trajectories": [(1, 2), (3, 4)]}]}
        | {"static_mask": URL, "cfg_scale": 0.7, "negative_prompt": "blur"},
        "3cfbdf2792d17d9bd6bd5edc9579e397faa1ac32",
    ),
    (
        kw.ImageToVideo,
        {"image": URL, "image_tail": URL, "prompt": "é", "element_list": [829836802793406551]}
        | {"model_name": "kling-v3", "mode": "std"},
        "979c94001b440655ee46a653a169d1b730e01119",
    ),
    (kw.VideoEffect, {"effect_scene": "hug_pro", "images": (URL, URL)}, "0ee4e4f0f56fc72c5bcbd775da3c4cbf9461e5a1"),
]


def pngs(picture: PIL.Image.Image, level: int) -> bytes:
    """A PNG, as thoroughly compressed."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=level)
    return file.getvalue()


def film(**fields: Any) -> kw.ImageToVideo:
    return kw.ImageToVideo(**{"image": PHOTO, "prompt": "The rocket rises", **fields})


def v3(**fields: Any) -> kw.ImageToVideo:
    return film(model_name="kling-v3", **fields)


def brush(**fields: Any) -> kw.ImageToVideo:
    return film(**{"dynamic_masks": [{"mask": LEFT, "trajectories": UP}], **fields})


def problems(make: Any, **fields: Any) -> list[kw.Problem]:
    with pytest.raises(kw.InvalidRequest) as caught:
        make(**fields)
    assert all(problem.message and problem.fix for problem in caught.value.problems)
    return list(caught.value.problems)


def fields_of(make: Any, **fields: Any) -> list[str]:
    return [problem.field for problem in problems(make, **fields)]


def shots(*durations: int, prompt: str = "A shot") -> list[dict[str, Any]]:
    return [{"prompt": prompt, "duration": duration} for duration in durations]


class TestTheBody:
    """What payload() writes."""

    def test_only_what_was_asked_for_and_the_model(self) -> None:
        """R7: model_name is always written, with the page's default; nothing else that was not given."""
        assert film().payload() == {"model_name": "kling-v1", "image": PHOTO.base64(), "prompt": "The rocket rises"}

    def test_kind_types_become_the_wires(self) -> None:
        """duration=5 is "5", sound=True is "on", tuples are arrays, one value stands for its object."""
        body = v3(duration=7.0, sound=True, watermark_info=True, element_list=(160, "829836802793406551")).payload()

        assert {name: body[name] for name in ("duration", "sound", "watermark_info", "element_list")} == {
            "duration": "7",
            "sound": "on",
            "watermark_info": {"enabled": True},
            "element_list": [{"element_id": 160}, {"element_id": 829836802793406551}],
        }
        assert type(body["element_list"][0]["element_id"]) is int
        assert film(model_name="kling-v2-6", mode="pro", sound="on", voice_list=["v"]).payload()["voice_list"] == [
            {"voice_id": "v"}
        ]

    def test_the_body_is_json(self) -> None:
        """Every value survives json.dumps and json.loads unchanged."""
        body = brush(static_mask=~LEFT, cfg_scale=0.7, mode="pro", negative_prompt="blur").payload()

        assert json.loads(json.dumps(body)) == body

    def test_an_address_stays_an_address(self) -> None:
        """R11: nothing is fetched; masks and end frames too."""
        body = brush(image=URL, dynamic_masks=[{"mask": URL, "trajectories": UP}], static_mask=URL).payload()

        assert (body["image"], body["static_mask"], body["dynamic_masks"][0]["mask"]) == (URL, URL, URL)
        assert film(image=None, image_tail=URL, model_name="kling-v1-5", mode="pro").payload()["image_tail"] == URL

    @pytest.mark.parametrize("source", [str, Path, bytes], ids=["path", "Path", "bytes"])
    def test_pictures_are_raw_base64(self, source: Any) -> None:
        """R14: no prefix, whatever the picture came as."""
        path = Path("notebooks/photos/rocket.jpg")
        text = film(image=path.read_bytes() if source is bytes else source(path)).payload()["image"]

        assert PIL.Image.open(io.BytesIO(base64.b64decode(text, validate=True))).size == (640, 427)

    def test_a_mask_may_come_as_anything(self) -> None:
        """R62, R68: a bool or uint8 array, PIL, bytes, a path, black and transparent: the same PNG goes out."""
        grey = PIL.Image.fromarray(np.where(LEFT, 255, 0).astype(np.uint8))
        clear = PIL.Image.merge("LA", (PIL.Image.new("L", (640, 427), 255), grey))
        file = io.BytesIO()
        grey.save(file, "PNG")
        sources = [LEFT, np.asarray(grey), LEFT.astype(np.uint8), grey, grey.convert("RGB"), clear, file.getvalue()]
        sent = [film(static_mask=source).payload()["static_mask"] for source in sources]

        assert len(set(sent)) == 1
        mask = PIL.Image.open(io.BytesIO(base64.b64decode(sent[0])))
        assert (mask.format, mask.mode, mask.size) == ("PNG", "L", (640, 427))
        assert np.array_equal(np.asarray(mask), np.asarray(grey))

    def test_points_may_come_as_pairs_objects_or_an_array(self) -> None:
        """R71, R73, R74: integers x and y, in the order given."""
        ways = [UP, tuple(UP), np.array(UP), np.array(UP, float), [{"x": 140, "y": 187}, {"x": "140", "y": 327.0}]]
        bodies = [brush(dynamic_masks=[{"mask": LEFT, "trajectories": way}]).payload() for way in ways]

        assert all(
            body["dynamic_masks"][0]["trajectories"] == [{"x": 140, "y": 187}, {"x": 140, "y": 327}] for body in bodies
        )

    def test_a_point_on_the_edge_is_drawn_on_the_last_pixel(self) -> None:
        """640 x 427: (640, 427) is the corner, (639, 426) the pixel there."""
        body = brush(dynamic_masks=[{"mask": LEFT, "trajectories": [(0, 0), (640, 427)]}]).payload()

        assert body["dynamic_masks"][0]["trajectories"] == [{"x": 0, "y": 0}, {"x": 639, "y": 426}]

    def test_a_group_in_the_originals_pixels_is_scaled_with_the_photo(self) -> None:
        """9000 x 6000 is sent as 4096 x 2731: mask and path follow by the same factor."""
        photo = Image.of(np.zeros((6000, 9000), np.uint8))
        area = np.zeros((6000, 9000), bool)
        area[:3000, :4500] = True
        body = brush(
            image=photo, dynamic_masks=[{"mask": area, "trajectories": [(4500, 3000), (9000, 6000)]}]
        ).payload()
        group = body["dynamic_masks"][0]

        assert (photo.width, photo.height) == (4096, 2731)
        assert group["trajectories"] == [{"x": 2048, "y": 1366}, {"x": 4095, "y": 2730}]
        assert PIL.Image.open(io.BytesIO(base64.b64decode(group["mask"]))).size == (4096, 2731)

    def test_a_camera_config_has_all_six_axes(self) -> None:
        """R82, R83: "the rest must be 0", written out."""
        body = film(
            model_name="kling-v1-5", mode="pro", camera_control={"type": "simple", "config": {"zoom": -5}}
        ).payload()

        assert body["camera_control"] == {
            "type": "simple",
            "config": {"horizontal": 0, "vertical": 0, "pan": 0, "tilt": 0, "roll": 0, "zoom": -5},
        }

    def test_shots_are_numbered_as_they_stand(self) -> None:
        """R32: index, prompt, and duration as text; an index of the user's own stays."""
        body = v3(prompt="", multi_shot="true", shot_type="customize", multi_prompt=shots(2, 3)).payload()

        assert body["multi_shot"] is True
        assert body["multi_prompt"] == [
            {"index": 1, "prompt": "A shot", "duration": "2"},
            {"index": 2, "prompt": "A shot", "duration": "3"},
        ]

    def test_empty_lists_are_left_out(self) -> None:
        """An untouched drawing has no groups; the body then has no key for them."""
        body = film(dynamic_masks=(), static_mask=None, element_list=[], camera_control=None).payload()

        assert body.keys() == {"model_name", "image", "prompt"}

    def test_an_effect_has_an_input(self) -> None:
        """R122, R123, R124, R131: image for one photo, images, left first, for two."""
        one = kw.VideoEffect(effect_scene="squish", image=PHOTO)
        two = kw.VideoEffect(effect_scene="hug_pro", images=(URL, PHOTO), callback_url="http://a.b/c")

        assert one.payload() == {"effect_scene": "squish", "input": {"image": PHOTO.base64()}}
        assert two.payload() == {
            "effect_scene": "hug_pro",
            "input": {"images": [URL, PHOTO.base64()]},
            "callback_url": "http://a.b/c",
        }


class TestWhatIsRefused:
    """How it is told what cannot be built; the rules one by one are in test_rules.py."""

    def test_every_problem_is_named_at_once(self) -> None:
        """Unreadable fields, unknown names, broken rules and the capability map, in one error."""
        found = fields_of(
            kw.ImageToVideo,
            image="nowhere.png",
            duration=2,
            cfg_scale=3,
            multi_shot="maybe",
            modle_name="kling-v3",
            camera_control={"type": "simple", "config": {"zoom": 11, "pan": 1}},
            dynamic_masks=[{"mask": LEFT, "trajectories": [(1, 2)]}, {"mask": LEFT & False, "trajektories": UP}],
        )

        assert sorted(found) == [
            "camera_control.config",
            "camera_control.config.zoom",
            "cfg_scale",
            "duration",
            "duration",
            "dynamic_masks[0].trajectories",
            "dynamic_masks[1].mask",
            "dynamic_masks[1].trajectories",
            "dynamic_masks[1].trajektories",
            "image",
            "modle_name",
            "multi_shot",
        ]

    @pytest.mark.parametrize(
        ("name", "hint"), [("modle_name", "model_name"), ("model", "model_name"), ("imagetail", "image_tail")]
    )
    def test_a_misspelt_field_gets_a_suggestion(self, name: str, hint: str) -> None:
        """R9: `model` would be ignored by the service, so it is refused here like any other wrong name."""
        (problem,) = problems(film, **{name: "x"})

        assert (problem.field, problem.fix) == (name, f"Did you mean {hint}?")

    def test_a_value_without_a_name_is_refused_in_words(self) -> None:
        """Nobody knows the order of thirty fields."""
        with pytest.raises(kw.InvalidRequest) as caught:
            kw.TextToVideo("A lighthouse", 5)  # type: ignore[call-arg]
        assert str(caught.value) == (
            "TextToVideo: 2 values have no name. Name every field, such as TextToVideo(prompt=...)."
        )

    def test_inner_fields_get_one_too(self) -> None:
        """R95: nothing may be added inside either."""
        assert "Did you mean enabled?" in problems(film, watermark_info={"enable": True})[0].fix
        assert fields_of(film, watermark_info={"enabled": True, "text": "me"}) == ["watermark_info.text"]
        assert fields_of(v3, element_list=[{"element_id": "x"}]) == ["element_list[0].element_id"]

    @pytest.mark.parametrize("value", [2, 16, "2", 5.5, "five", True, None, float("inf")])
    def test_other_durations_are_refused(self, value: Any) -> None:
        """R60, R61: 3 to 15 whole seconds."""
        assert set(fields_of(v3, duration=value)) == {"duration"}

    @pytest.mark.parametrize("value", [3, "15", 5.0, np.int64(5)])
    def test_durations_of_every_type(self, value: Any) -> None:
        """R60: on the wire it is text."""
        assert v3(duration=value).payload()["duration"] == str(int(value))

    @pytest.mark.parametrize("value", ODD, ids=ascii)
    @pytest.mark.parametrize("name", ["image", "static_mask", "camera_control", "duration", "watermark_info"])
    def test_odd_values_are_refused_like_any_other(self, name: str, value: Any) -> None:
        """InvalidRequest, whose words can be printed, and nothing else."""
        with pytest.raises(kw.InvalidRequest) as caught:
            v3(**{name: value})
        assert str(caught.value).encode()

    def test_an_unpainted_mask_is_refused(self) -> None:
        """No white pixel: nothing could move, or stand still."""
        empty = LEFT & False

        assert fields_of(film, static_mask=empty) == ["static_mask"]
        assert fields_of(film, dynamic_masks=[{"mask": empty, "trajectories": UP}]) == ["dynamic_masks[0].mask"]

    def test_an_effect_takes_its_photos(self) -> None:
        """R120, R122, R123, R124, R125, R130, R136: one photo or two, as the scene wants, and nothing else."""
        effect = kw.VideoEffect

        assert fields_of(effect) == ["effect_scene"]
        assert fields_of(effect, effect_scene="", image=PHOTO) == ["effect_scene"]
        assert fields_of(effect, effect_scene="squish") == ["input.image"]
        assert fields_of(effect, effect_scene="hug_pro") == ["input.images"]
        assert fields_of(effect, effect_scene="squish", images=(PHOTO, PHOTO)) == ["input.images"]
        assert fields_of(effect, effect_scene="hug_pro", image=PHOTO) == ["input.image"]
        assert fields_of(effect, effect_scene="hug_pro", image=PHOTO, images=(PHOTO, PHOTO)) == ["input"]
        assert fields_of(effect, effect_scene="hug_pro", images=(PHOTO,)) == ["input.images"]
        assert fields_of(effect, effect_scene="hug_pro", images=(PHOTO, "nowhere.png")) == ["input.images[1]"]
        assert fields_of(effect, effect_scene="squish", image=np.zeros((300, 900), np.uint8)) == ["input.image"]
        assert fields_of(effect, effect_scene="squish", image=PHOTO, prompt="x", duration=5) == ["prompt", "duration"]


class TestDatedFacts:
    """What `check` governs, and only that."""

    def test_the_map_is_an_error_by_default(self) -> None:
        """R10: the motion brush on a model without one, with a combination that has it."""
        (problem,) = problems(brush, model_name="kling-v2-6")

        assert problem.field == "dynamic_masks"
        assert 'model_name="kling-v1"' in problem.fix

    def test_the_map_as_a_warning_and_not_at_all(self) -> None:
        """check="warn" warns, check="off" is silent."""
        with pytest.warns(kw.KlingWarning, match="does not take the motion brush"):
            brush(model_name="kling-v2-6", check="warn")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            brush(model_name="kling-v2-6", check="off")

    @pytest.mark.parametrize(
        ("fields", "hint"),
        [
            ({"model_name": "kling-v4"}, "kling-v"),
            ({"mode": "prof"}, "pro"),
            ({"mode": "8k"}, "4k"),
        ],
    )
    def test_a_newer_name_passes_with_a_warning(self, fields: dict[str, str], hint: str) -> None:
        """R8, R59: newer than our data is not wrong; check="off" says nothing."""
        with pytest.warns(kw.KlingWarning, match=f"not among those known here.*{hint}"):
            request = film(**fields)
        assert request.payload() | fields == request.payload()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            film(**fields, check="off")

    def test_an_unknown_scene_passes_with_a_warning(self) -> None:
        """R121: sent as it is, with the likely spelling."""
        with pytest.warns(kw.KlingWarning, match="let’s_ride"):
            request = kw.VideoEffect(effect_scene="let's_ride", image=PHOTO)
        assert request.payload()["effect_scene"] == "let's_ride"

    def test_the_pages_own_rules_hold_with_every_check(self) -> None:
        """check="off" does not let an empty prompt pass."""
        assert [fields_of(film, prompt="", check=check) for check in ("error", "warn", "off")] == [["prompt"]] * 3
        assert fields_of(film, check="maybe") == ["check"]

    def test_end_frame_with_shots_is_dated(self) -> None:
        """R27: refused by the map of March 2026, allowed by later word: check="off" lets it pass."""
        both = {"multi_shot": True, "shot_type": "intelligence", "image_tail": URL}

        assert fields_of(v3, **both) == ["multi_shot"]
        assert v3(**both, check="off").multi_shot

    def test_retirement_is_no_problem_but_a_note(self) -> None:
        """Nothing warns while it is built; the note is for whoever submits it to the vendor."""
        assert "2026-09-15" in str(film().retirement())
        assert film(check="off").retirement() is None
        assert v3().retirement() is None
        assert "2026-09" in str(kw.VideoEffect(effect_scene="squish", image=PHOTO).retirement())
        assert kw.VideoEffect(effect_scene="color_mixing", image=PHOTO).retirement() is None


class TestKeyAndCost:
    """The id of a request, and its price."""

    def test_the_same_request_has_the_same_key(self) -> None:
        """However it is written: the file or its array's PNG are other bytes, but 5 and "5" are the same."""
        same = [
            film(),
            film(duration=5, mode="std", sound="off", cfg_scale=0.5, negative_prompt="", watermark_info=False),
            film(image="notebooks/photos/rocket.jpg", callback_url="https://a/b", external_task_id="mine"),
            film(model_name="kling-v1", multi_prompt=[], check="off"),
        ]

        assert len({request.key() for request in same}) == 1

    def test_the_same_photo_is_the_same_film(self) -> None:
        """As a file, its bytes, opened, as an array, written by any encoder: pixels count, bytes do not."""
        path = Path("notebooks/photos/rocket.jpg")
        opened = PIL.Image.open(path)
        forms = [path, str(path), path.read_bytes(), opened, np.asarray(opened), PHOTO]
        forms += [pngs(opened, level) for level in (0, 9)]

        for field in ("image", "image_tail"):
            assert len({film(**{"image": URL, field: form}).key() for form in forms}) == 1
        assert len({kw.VideoEffect(effect_scene="squish", image=form).key() for form in forms}) == 1

    def test_the_same_mask_is_the_same_film(self) -> None:
        """However it was painted and written."""
        picture = PIL.Image.fromarray(LEFT)
        forms = [LEFT, LEFT.astype(np.uint8) * 255, picture, picture.convert("RGB"), pngs(picture, 0), pngs(picture, 9)]

        assert len({film(static_mask=form).key() for form in forms}) == 1
        groups = [[{"mask": form, "trajectories": UP}] for form in forms]
        assert len({film(dynamic_masks=group).key() for group in groups}) == 1

    def test_pixels_count_and_so_does_the_shape(self) -> None:
        """One value in one pixel, and the same bytes in another form."""
        array = np.asarray(PIL.Image.open("notebooks/photos/rocket.jpg")).copy()
        turned = array.reshape(640, 427, 3)
        changed = array.copy()
        changed[0, 0, 0] ^= 1

        assert len({film(image=photo).key() for photo in (array, turned, changed)}) == 3
        assert len({film(static_mask=mask).key() for mask in (LEFT, ~LEFT, np.roll(LEFT, 1))}) == 3

    @pytest.mark.parametrize(
        ("fields", "key"),
        [
            ({}, "2fe1f4477f457dc1b39d031a378be3bafff17b19"),
            ({"static_mask": BOX}, "dc03ee9ceaaa1dcc04d5da3d978dc8af26365ec0"),
            (
                {"dynamic_masks": [{"mask": BOX, "trajectories": [(60, 120), (90, 150)]}]},
                "1bcd41c8ade99381501ed2c677b559ef6f88d7b8",
            ),
        ],
    )
    def test_the_keys_of_pixels_stay_for_ever(self, fields: dict[str, Any], key: str) -> None:
        """On any machine, with any encoder: else last year's film would be paid for again."""
        assert film(image=COLOURS, prompt="p", **fields).key() == f"kw-{key}-1"

    def test_an_outline_is_small(self) -> None:
        """What was asked for, with the fingerprints in the place of pictures; the same for RawRequest's long texts."""
        request = brush(static_mask=~LEFT, external_task_id="mine")
        raw = kw.RawRequest("omni-video", {"prompt": "up", "image_list": [{"image": PHOTO.base64()}]})
        outline = request.outline()

        assert outline == {
            "model_name": "kling-v1",
            "prompt": "The rocket rises",
            "external_task_id": "mine",
            "image": f"sha256:{PHOTO.fingerprint}",
            "static_mask": outline["static_mask"],
            "dynamic_masks": [
                {
                    "mask": outline["dynamic_masks"][0]["mask"],
                    "trajectories": request.payload()["dynamic_masks"][0]["trajectories"],
                }
            ],
        }
        for small in (outline, raw.outline()):
            text = json.dumps(small)
            assert len(text) < 700
            assert not re.search(r"[A-Za-z0-9+/]{65}", text)
        assert raw.outline()["prompt"] == "up"

    def test_the_gist_is_what_decides(self) -> None:
        """Without what goes without saying, and without what is only for us."""
        request = film(mode="std", duration=5, callback_url="https://a/b", external_task_id="mine")
        raw = kw.RawRequest("omni-video", {"check": "error", "body": {}, "callback_url": "x", "external_task_id": "y"})

        assert request.gist() == film().gist() == film().outline()
        assert raw.gist() == {"check": "error", "body": {}}

    @pytest.mark.parametrize(("make", "fields", "key"), KEYS)
    def test_keys_stay_for_ever(self, make: Any, fields: dict[str, Any], key: str) -> None:
        """Who runs last year's notebook again finds last year's film: the bytes that are hashed do not change."""
        assert make(**fields).key() == f"kw-{key}-1"

    def test_another_film_has_another_key(self) -> None:
        """Picture, words, model, length, mask and take all count."""
        others = [
            film(),
            film(prompt="The rocket sinks"),
            film(image="notebooks/photos/coffee.png"),
            film(model_name="kling-v3"),
            film(duration=10),
            film(mode="pro"),
            brush(),
            film(static_mask=LEFT),
            kw.VideoEffect(effect_scene="squish", image=PHOTO),
            kw.VideoEffect(effect_scene="emoji", image=PHOTO),
        ]
        keys = [request.key() for request in others] + [film().key(take) for take in (2, 3, 10**6)]

        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key) for key in keys)

    @pytest.mark.parametrize("take", [0, -1, 1.5, True, "1"])
    def test_takes_are_counted_from_one(self, take: Any) -> None:
        """Anything else is refused."""
        with pytest.raises(kw.InvalidRequest, match="Count takes from 1"):
            film().key(take)

    def test_prices(self) -> None:
        """R53: a voice is billed when the list has one and the prompt names it."""
        voiced = {"model_name": "kling-v2-6", "mode": "pro", "sound": True, "voice_list": ["a"]}

        assert film(mode="pro").cost() == kw.Cost(3.5, 0.49, "2026-09-20")
        assert film(**voiced).cost() == kw.Cost(5.0, 0.7, "2026-09-20")
        assert film(**voiced, prompt="<<<voice_1>>> hi").cost() == kw.Cost(6.0, 0.84, "2026-09-20")
        assert kw.VideoEffect(effect_scene="hug_pro", images=(PHOTO, PHOTO)).cost() is None

    def test_a_request_is_frozen_and_survives_a_pickle(self) -> None:
        """A value: it cannot be changed, and a copy is the same film."""
        request = brush(static_mask=~LEFT)

        with pytest.raises(ValueError, match="frozen"):
            request.prompt = "other"  # type: ignore[misc]
        assert pickle.loads(pickle.dumps(request)).key() == request.key()

    def test_a_request_prints_short(self) -> None:
        """No Base64 and no bytes in its repr."""
        assert len(repr(brush(static_mask=~LEFT))) < 2500
