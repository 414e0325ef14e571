"""All the effects as cards, with search, and the photos that the chosen one needs."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from kling_widgets.effect import AS_OF, EFFECTS, find, similar
from kling_widgets.errors import InvalidRequest, KlingError, Problem
from kling_widgets.widgets.base import KlingWidget, Reply, answers
from kling_widgets.widgets.card import card
from kling_widgets.widgets.pieces import Pieces

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from kling_widgets.decode import ImageSource
    from kling_widgets.image import Image
    from kling_widgets.video_effect import VideoEffect

DATA = Path(__file__).parent.parent / "data"
PREVIEW = 480  # px: a photo in its slot, on a dense screen


class Effects(KlingWidget):
    """Lets one choose an effect and give it its photos: slot 0 is the photo, or the left of two, slot 1 the right."""

    # The chosen scene's exact name; empty while none is chosen.
    scene = traitlets.Unicode("").tag(sync=True)
    # All effects, see _table(). Not an answer: in most hosts those wait until the running cell has ended.
    _effects_table = traitlets.Unicode().tag(sync=True)
    # What lies in the two slots: {mark, width, height} or None; the pictures themselves are asked for.
    _effects_photos: traitlets.List[Any] = traitlets.List([None, None]).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._effects_images: tuple[Image | None, Image | None] = (None, None)
        self._effects_pieces = Pieces()

    @traitlets.default("_effects_table")
    def _effects_whole_table(self) -> str:
        return _table()

    @traitlets.validate("scene")
    def _effects_known(self, proposal: Any) -> str:
        scene = str(proposal["value"])
        if scene and find(scene) is None:
            close = similar(scene)
            fix = f"Did you mean {close!r}?" if close else "kling_widgets.EFFECTS lists them all."
            raise InvalidRequest([Problem("effect_scene", f"There is no effect {scene!r}.", fix)])
        return scene

    @traitlets.observe("scene")
    def _effects_chosen(self, _: Any) -> None:
        self._refresh_still()

    @property
    def images(self) -> tuple[Image | None, Image | None]:
        """The photos in the two slots; a one-photo effect takes the first."""
        return self._effects_images

    def set_image(self, slot: int, image: Image | ImageSource | None) -> None:
        """Put a photo into slot 0 or 1, or take it out with None. Raises InvalidRequest for what is no good photo."""
        from kling_widgets.image import Image

        images = list(self._effects_images)
        images[slot] = None if image is None else Image.of(image)
        self._effects_put(images)

    def request(
        self,
        image: Image | ImageSource | None = None,
        images: tuple[Image | ImageSource, Image | ImageSource] | None = None,
        **fields: Any,
    ) -> VideoEffect:
        """The request for the chosen effect, with the photos of the slots unless others are given.

        Raises InvalidRequest when no effect is chosen or a photo is missing.
        """
        from kling_widgets.video_effect import VideoEffect

        effect = find(self.scene)
        if effect is None:
            raise InvalidRequest([Problem("effect_scene", "No effect is chosen.", "Click one, or set .scene.")])
        photos: dict[str, Any] = {"image": image, "images": images}
        if image is None and images is None:
            filled = self._effects_filled(effect.images)
            photos = {"images": filled} if len(filled) == 2 else {"image": filled[0]}
        given = {name: photo for name, photo in photos.items() if photo is not None}
        return VideoEffect(effect_scene=effect.scene, **given, **fields)

    def _effects_filled(self, count: int) -> tuple[Image] | tuple[Image, Image]:
        """The photos of the first `count` slots; InvalidRequest where one of them is empty."""
        left, right = self._effects_images
        if count == 1 and left is not None:
            return (left,)
        if count == 2 and left is not None and right is not None:
            return left, right
        wire = (
            {"left photo": "input.images[0]", "right photo": "input.images[1]"}
            if count == 2
            else {"photo": "input.image"}
        )
        instead = "images=(left, right)" if count == 2 else "image=photo"
        raise InvalidRequest(
            Problem(field, f"The {name} is missing.", f"Drop one on the picker, or pass {instead}.")
            for (name, field), image in zip(wire.items(), self._effects_images, strict=False)
            if image is None
        )

    def _effects_put(self, images: Sequence[Image | None]) -> None:
        left, right = images
        self._effects_images = (left, right)
        self._effects_photos = [image and _about(image) for image in images]

    @answers("effects.sheet")
    def _effects_sheet(self, body: dict[str, Any], _: Sequence[memoryview]) -> Reply:
        sheets = (_thumbnails() or {"sheets": []})["sheets"]
        number = int(body["sheet"])
        if not 0 <= number < len(sheets):
            raise KlingError("There is no such sheet of thumbnails. Run this cell again.")
        return Reply(data=(DATA / sheets[number]["file"]).read_bytes())

    @answers("effects.photo")
    def _effects_photo(self, body: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        data = self._effects_pieces.add(body, buffers)
        if data is not None:
            self.set_image(int(body["slot"]), data)

    @answers("effects.swap")
    def _effects_swap(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        self._effects_put(self._effects_images[::-1])

    @answers("effects.picture")
    def _effects_picture(self, body: dict[str, Any], _: Sequence[memoryview]) -> Reply:
        image = self._effects_images[int(body["slot"])]
        if image is None:
            return Reply()
        preview = image.pil().convert("RGB")
        preview.thumbnail((PREVIEW, PREVIEW))
        out = io.BytesIO()
        preview.save(out, "JPEG", quality=80)
        return Reply(data=out.getvalue())

    def _picture(self) -> Picture | None:
        effect = find(self.scene)
        return (
            card(effect.title, f"{effect.category}, {effect.scene}")
            if effect
            else card("Effects", "None is chosen yet.")
        )


class EffectPicker(Effects, bundle="effect_picker"):
    """Cards of all effects: `EffectPicker("me.jpg")`. `.scene` is the choice, `.request()` what to submit."""

    def __init__(self, image: Image | ImageSource | None = None) -> None:
        super().__init__()
        if image is not None:
            self.set_image(0, image)


def _about(image: Image) -> dict[str, Any]:
    mark = hashlib.sha256(image.data).hexdigest()[:16]
    return {"mark": mark, "width": image.width, "height": image.height}


@cache
def _table() -> str:
    """The effects and the places of their thumbnails: JSON, deflated to a fifth, as Base64; about 12 kB."""
    table = {"effects": [asdict(effect) for effect in EFFECTS], "asOf": AS_OF, "thumbnails": _thumbnails()}
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


@cache
def _thumbnails() -> dict[str, Any] | None:
    """data/thumbnails.json; None where the package has none."""
    try:
        text = (DATA / "thumbnails.json").read_text("utf-8")
    except FileNotFoundError:
        return None
    sheets: dict[str, Any] = json.loads(text)
    return sheets
