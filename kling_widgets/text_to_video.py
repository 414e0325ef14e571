"""A film of words alone: the page "Text to Video"."""

from __future__ import annotations

from typing import ClassVar, Literal

from kling_widgets import rules
from kling_widgets.checked import Rule
from kling_widgets.endpoint import Kind
from kling_widgets.prompted import Prompted


class TextToVideo(Prompted):
    """A film of words alone: `TextToVideo(prompt="A lighthouse at dusk", aspect_ratio="9:16")`.

    `duration` is in seconds. Raises InvalidRequest with every problem.
    """

    kind: ClassVar[Kind] = "text2video"
    endpoint: ClassVar[str] = "/v1/videos/text2video"
    RULES: ClassVar[tuple[Rule, ...]] = (*rules.OF_A_SCRIPT, rules.no_voices)

    aspect_ratio: Literal["16:9", "9:16", "1:1"] = "16:9"
