"""The studio: the brush, the effects, the price and the films on one surface."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from kling_widgets import capability
from kling_widgets.client import Client
from kling_widgets.effect import find
from kling_widgets.errors import InvalidRequest, KlingError, KlingWarning
from kling_widgets.image import Image
from kling_widgets.image_to_video import ImageToVideo
from kling_widgets.shipped import SAMPLES, sample
from kling_widgets.video_effect import VideoEffect
from kling_widgets.widgets.base import Reply, answers
from kling_widgets.widgets.effect_picker import Effects
from kling_widgets.widgets.follow import Follower
from kling_widgets.widgets.motion_brush import Brushing
from kling_widgets.widgets.pieces import Pieces
from kling_widgets.widgets.task_view import Watching

if TYPE_CHECKING:
    from pathlib import Path

    import PIL.Image

    from kling_widgets.decode import ImageSource
    from kling_widgets.task import Task

THUMBNAIL = (192, 144)
NO_KEY = (
    "No key is set, so this runs on the built-in emulator: the film shows the motion you drew. "
    "Set KLING_ACCESS_KEY and KLING_SECRET_KEY for real films."
)


class Studio(Brushing, Effects, Watching, bundle="studio"):
    """A photo becomes a film: `Studio(client, image="boat.jpg")`.

    Without a client it takes the keys from the environment (`Client.from_env`), or the emulator where there are none.
    The photo may also be dropped, pasted or chosen on the surface. `areas`, `set_area`, `drawing` are the brush's,
    `scene`, `images`, `set_image` the effects'; `request()` is what Generate would send now, `film` the newest film.
    """

    # "motion" or "effects".
    tab = traitlets.Enum(["motion", "effects"], "motion").tag(sync=True)
    prompt = traitlets.Unicode("").tag(sync=True)
    model_name = traitlets.Unicode("").tag(sync=True)
    # Empty where the model has no mode.
    mode = traitlets.Unicode("std").tag(sync=True)
    duration = traitlets.Int(5).tag(sync=True)
    # Small facts of each take, newest first (read-only).
    _studio_takes: traitlets.List[Any] = traitlets.List([]).tag(sync=True)

    def __init__(self, client: Client | None = None, image: Image | ImageSource | None = None) -> None:
        photo = None if image is None else Image.of(image)
        super().__init__()
        self.client, self._studio_note = (client, "") if client else _client_of_the_house()
        # The brush lives on models that the vendor has retired; the emulator keeps them.
        self.model_name = "kling-v1" if self.client.offline else "kling-v2-5-turbo"
        self._studio_pieces = Pieces()
        self._studio_followers: dict[str, Follower] = {}
        self._studio_titles: dict[str, str] = {}
        self._studio_chosen = ""
        self._studio_take_count: dict[str, int] = {}
        self._studio_load(photo)

    def request(self, **fields: Any) -> ImageToVideo | VideoEffect:  # type: ignore[override]
        """What Generate would send now; `fields` are further ones by the API's names. Raises InvalidRequest."""
        if self.tab == "effects":
            return Effects.request(self, **fields)
        chosen = {"prompt": self.prompt, "model_name": self.model_name, "duration": self.duration}
        if self.mode:
            chosen["mode"] = self.mode
        return Brushing.request(self, **(chosen | fields))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What was submitted here, newest first, as last seen."""
        return tuple(follower.task for follower in reversed(self._studio_followers.values()))

    def _studio_load(self, photo: Image | None) -> None:
        self._brush_load(photo)
        if photo is not None:
            self.set_image(0, photo)
        self._refresh_still()

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
        key = request.key()
        take = self._studio_take_count.get(key, 1) + bool(body.get("another"))
        self._studio_take_count[key] = take
        task = await self.client.submit(request, take=take)
        made = task.id not in self._studio_followers
        if made:
            effect = find(request.effect_scene) if isinstance(request, VideoEffect) else None
            self._studio_titles[task.id] = effect.title if effect else getattr(request, "prompt", "") or "Film"
            follower = Follower(self.client, task, self._studio_changed)
            self._studio_followers[task.id] = follower
            follower.start()
        self._studio_choose(task.id)
        return {"made": made}

    @answers("studio.take")
    def _studio_take(self, body: dict[str, Any], _: Sequence[memoryview]) -> None:
        if body.get("id") not in self._studio_followers:
            raise KlingError("That film was made before the kernel was restarted. Press Generate to find it again.")
        self._studio_choose(body["id"])

    def _studio_choose(self, task: str) -> None:
        self._studio_chosen = task
        self._film_poster = None
        self._studio_changed()

    def _studio_changed(self) -> None:
        chosen = self._studio_followers.get(self._studio_chosen)
        if chosen is not None:
            self._task_state = chosen.state
        states = [(follower.state, self._studio_titles[id]) for id, follower in self._studio_followers.items()]
        facts = ("id", "status", "created", "updated")
        self._studio_takes = [{"title": title} | {name: state[name] for name in facts} for state, title in states[::-1]]

    def _task_retry(self) -> None:
        follower = self._studio_followers.get(self._studio_chosen)
        if follower is not None:
            follower.go_on()

    def _film_file(self, film: str) -> Path | None:
        follower = self._studio_followers.get(film)
        return follower.video.path if follower and follower.video else None

    def _picture(self) -> PIL.Image.Image | None:
        return self._film_poster or Brushing._picture(self)


def _client_of_the_house() -> tuple[Client, str]:
    """The client of the environment's keys, or the emulator with a word about why."""
    if any(os.environ.get(name) for name in ("KLING_ACCESS_KEY", "KLING_API_KEY")):
        return Client.from_env(), ""
    return Client.local(), NO_KEY
