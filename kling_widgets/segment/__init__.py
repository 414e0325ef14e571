"""Which object does one point at? `Finder` answers with its mask; `Seeds` is how one points."""

from kling_widgets.segment.finder import Finder
from kling_widgets.segment.seeds import BoolMask, Points, Seeds, Segmenter
from kling_widgets.segment.shape import resized

__all__ = ["BoolMask", "Finder", "Points", "Seeds", "Segmenter", "resized"]
