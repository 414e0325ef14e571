"""What films made by a prompt have in common: words, shots, sound, the camera, a model and its length."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from kling_widgets import advice, capability, cost, rules
from kling_widgets.errors import Problem
from kling_widgets.fields import Form, Seconds, Sound, Text, naming, numbered
from kling_widgets.parts import Camera, Shot, Watermark
from kling_widgets.request import Request


class Prompted(Request):
    """The fields of both endpoints; `ImageToVideo` and `TextToVideo` add their own."""

    prompt: Text = ""
    model_name: Text = "kling-v1"
    multi_shot: bool = False
    shot_type: Literal["customize", "intelligence"] | None = None
    multi_prompt: Annotated[tuple[Shot, ...], BeforeValidator(numbered)] = ()
    negative_prompt: Text = ""
    sound: Sound = "off"
    cfg_scale: float = 0.5
    mode: Text | None = None
    camera_control: Camera | None = None
    duration: Seconds = 5
    watermark_info: Annotated[Watermark, naming("enabled")] = Watermark(enabled=False)
    callback_url: Text = ""
    external_task_id: Text = ""

    def _written(self, form: Form) -> dict[str, Any]:
        return {"model_name": self.model_name, **self._dumped(self._given(), form)}

    def cost(self) -> cost.Cost | None:
        return cost.of_video(self.model_name, self.mode, self.duration, sound=self.sound == "on", voice=False)

    def retirement(self) -> str | None:
        day = capability.retired_on(self.model_name, self.kind)
        if day is None or self.check == "off":
            return None
        return f"The vendor announced the end of {self.model_name} for {day}; the service may refuse it."

    def use(self) -> capability.Use:
        """What this request needs of a model, as the capability map counts it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        if "cfg_scale" not in self.model_fields_set:
            del fields["cfg_scale"]
        return capability.use_of(fields, self.kind)

    def _read_use(self, broken: frozenset[str]) -> capability.Use:
        """`use()` without what could not be read."""
        return self.use()

    def _defaults(self) -> set[str]:
        return super()._defaults() - {"model_name"} | ({"mode"} if self.mode == "std" else set())

    def _dated(self, broken: frozenset[str] = frozenset()) -> Iterable[Problem]:
        if broken & {"model_name", "mode", "duration"}:
            return ()
        found = advice.problems(self._read_use(broken))
        # Of kling-v2.x and cfg_scale the page itself speaks, whatever the table says.
        return [problem for problem in found if problem.field != "cfg_scale" or not rules.denies_cfg_scale(self)]

    def _unlisted(self) -> Iterator[str]:
        modes = sorted({row.mode for row in capability.rows(self.kind) if row.mode})
        for name, value, known in (
            ("model_name", self.model_name, capability.every_model()),
            ("mode", self.mode, modes),
        ):
            if value is not None and value not in known:
                close = difflib.get_close_matches(value, known, n=1)
                hint = f' Did you mean "{close[0]}"?' if close else f" Known are {', '.join(known)}."
                yield f'{name} "{value}" is not among those known here; it is sent as it is.{hint}'
