"""The studio: the brush, the effects, the price and the films on one surface."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from kling_widgets import capability
from kling_widgets.client import Client
from kling_widgets.environment import has_keys
from kling_widgets.errors import InvalidRequest, KlingError, KlingWarning
from kling_widgets.image import Image
from kling_widgets.image_to_video import ImageToVideo
from kling_widgets.shipped import SAMPLES, sample
from kling_widgets.video_effect import VideoEffect
from kling_widgets.widgets.base import Reply, answers
from kling_widgets.widgets.effect_picker import Effects
from kling_widgets.widgets.motion_brush import Brushing
from kling_widgets.widgets.pieces import Pieces
from kling_widgets.widgets.taking import Taking

if TYPE_CHECKING:
    import PIL.Image

    from kling_widgets.decode import ImageSource

THUMBNAIL = (192, 144)
NO_KEY = (
    "No key is set, so this runs on the built-in emulator: the film shows the motion you drew. "
    "Set KLING_ACCESS_KEY and KLING_SECRET_KEY for real films."
)


class Studio(Brushing, Effects, Taking, bundle="studio"):
    """A photo becomes a film: `Studio(client, image="boat.jpg")`.

    Without a client it takes the keys from the environment (`Client.from_env`), or the emulator where there are none.
    The photo may also be dropped, pasted or chosen on the surface. `areas`, `set_area`, `drawing` are the brush's,
    `scene`, `images`, `set_image` the effects'; `request()` is what Generate would send now, `tasks` what came of it.
    What the account made of the photo before, in whatever notebook, is found in the client's journal.
    """

    # "motion" or "effects".
    tab = traitlets.Enum(["motion", "effects"], "motion").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    model_name = traitlets.Unicode("").tag(sync=True)
    # Empty where the model has no mode.
    mode = traitlets.Unicode("std").tag(sync=True)
    duration = traitlets.Int(5).tag(sync=True)

    def __init__(self, client: Client | None = None, image: Image | ImageSource | None = None) -> None:
        photo = None if image is None else Image.of(image)
        super().__init__()
        self.client, self._studio_note = (client, "") if client else _client_of_the_house()
        # The brush lives on models that the vendor has retired; the emulator keeps them.
        self.model_name = "kling-v1" if self.client.offline else "kling-v2-5-turbo"
        self._studio_pieces = Pieces()
        self._takes_follow(self.client)
        self._studio_load(photo)

    def request(self, **fields: Any) -> ImageToVideo | VideoEffect:  # type: ignore[override]
        """What Generate would send now; `fields` are further ones by the API's names. Raises InvalidRequest."""
        if self.tab == "effects":
            return Effects.request(self, **fields)
        chosen = {"prompt": self.prompt, "model_name": self.model_name, "duration": self.duration}
        if self.mode:
            chosen["mode"] = self.mode
        return Brushing.request(self, **(chosen | fields))

    def _studio_load(self, photo: Image | None) -> None:
        self._brush_load(photo)
        if photo is not None:
            self.set_image(0, photo)
        self._refresh_still()

    def _effects_put(self, images: Sequence[Image | None]) -> None:
        super()._effects_put(images)
        photos = (self._brush_image, *self._effects_images)
        self._takes_look(frozenset(photo.fingerprint for photo in photos if photo is not None))

    @answers("studio.open")
    def _studio_open(self, _: dict[str, Any], __: Sequence[memoryview]) -> dict[str, Any]:
        rows = [
            {
                "model": row.model_name,
                "mode": row.mode or "",
                "seconds": row.seconds,
                "brush": "motion_brush" in row.features,
                "retired": row.retired_on,
            }
            for row in capability.rows("image2video")
        ]
        return {"offline": self.client.offline, "origin": self.client.origin, "note": self._studio_note, "rows": rows}

    @answers("studio.samples")
    def _studio_samples(self, _: dict[str, Any], __: Sequence[memoryview]) -> Reply:
        """The sample photos, as thumbnails one behind the other."""
        import PIL.Image

        thumbnails = []
        for name, title in SAMPLES.items():
            with PIL.Image.open(sample(name)) as picture:
                small = picture.convert("RGB")
            small.thumbnail(THUMBNAIL)
            out = io.BytesIO()
            small.save(out, "JPEG", quality=80)
            thumbnails.append(({"name": name, "title": title, "size": out.tell()}, out.getvalue()))
        return Reply({"samples": [about for about, _ in thumbnails]}, b"".join(data for _, data in thumbnails))

    @answers("studio.sample")
    def _studio_sample(self, body: dict[str, Any], _: Sequence[memoryview]) -> None:
        if body.get("name") not in SAMPLES:
            raise KlingError("There is no such sample photo. Run this cell again.")
        self._studio_load(Image.of(sample(body["name"])))

    @answers("studio.photo")
    def _studio_photo(self, body: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        data = self._studio_pieces.add(body, buffers)
        if data is not None:
            self._studio_load(Image.of(data))

    @answers("studio.quote")
    def _studio_quote(self, _: dict[str, Any], __: Sequence[memoryview]) -> dict[str, Any]:
        """What the request of this moment would cost, or what is wrong with it and the nearest model that can."""
        quote: dict[str, Any] = {"units": None, "usd": None, "problems": [], "remedy": None, "warnings": []}
        try:
            request, warned = self._studio_built()
        except InvalidRequest as error:
            quote["problems"] = [{"field": p.field, "message": p.message, "fix": p.fix} for p in error.problems]
            quote["remedy"] = self._studio_remedy(error.change)
            return quote
        cost = request.cost()
        retired = None if self.client.offline else request.retirement()
        quote["warnings"] = [*warned, *([retired] if retired else [])]
        return quote | ({"units": cost.units, "usd": cost.usd} if cost else {})

    def _studio_built(self, **fields: Any) -> tuple[ImageToVideo | VideoEffect, list[str]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", KlingWarning)
            request = self.request(**fields)
        return request, [str(warning.message) for warning in caught if issubclass(warning.category, KlingWarning)]

    def _studio_remedy(self, change: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The model, mode and length that one click sets; None where these do not mend it."""
        if change is None or not change.keys() & {"model_name", "mode", "duration"}:
            return None
        now = {"model_name": self.model_name, "mode": self.mode, "duration": self.duration, **change}
        return {"model": now["model_name"], "mode": now["mode"] or "", "duration": now["duration"]}

    @answers("studio.balance")
    async def _studio_balance(self, _: dict[str, Any], __: Sequence[memoryview]) -> dict[str, Any]:
        """Units left on the account; None where the service does not say, or nothing is paid."""
        if self.client.offline:
            return {"units": None}
        balance = await self.client.balance()
        return {"units": balance.remaining if balance.packs else None}

    @answers("studio.generate")
    async def _studio_generate(self, body: dict[str, Any], _: Sequence[memoryview]) -> dict[str, Any]:
        """Submits the request of this moment; `another` asks for a new take of one that was made before."""
        request, _warned = self._studio_built()
        take = await self._takes_number(request, another=bool(body.get("another")))
        task = await self.client.submit(request, take=take)
        fields = {name: getattr(request, name, "") for name in ("effect_scene", "prompt")}
        return {"made": self._takes_add(task, fields)}

    def _picture(self) -> PIL.Image.Image | None:
        return self._film_poster or Brushing._picture(self)


def _client_of_the_house() -> tuple[Client, str]:
    """The client of the keys that are kept somewhere, or the emulator with a word about why."""
    if has_keys():
        return Client.from_env(), ""
    return Client.local(), NO_KEY
