"""What one may hand to the brush from Python, and what is said of what one may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from kling_widgets.decode import ImageSource, decode
from kling_widgets.drawing import AREAS, Area, BoolMask, Mask, Points, as_mask
from kling_widgets.errors import InvalidRequest, Problem

MaskLike = ArrayLike | ImageSource | Mask
"""What may be a mask: an array (H, W), or a picture that is white where brushed."""


class Keep:
    """The default of `set_area`: what is not named stays. None would say "take it away"."""

    def __repr__(self) -> str:
        return "unchanged"


KEEP: Final = Keep()


def area_number(n: Any) -> int:
    """1 to 6, of a whole number or, from the wire, of its digits. Raises InvalidRequest."""
    number = int(n) if isinstance(n, str) and n.isdecimal() else n
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 1 <= number <= AREAS:
        raise refusal("dynamic_masks", f"There is no Area {number!r}.", f"Areas are 1 to {AREAS}; areas[0] is Area 1.")
    return int(number)


def a_mask(mask: MaskLike | None, shape: tuple[int, ...], name: str) -> BoolMask | None:
    """A bool array of `shape` (H, W), or None as it is. Raises InvalidRequest on what is no mask of that size."""
    if mask is None:
        return None
    field = "static_mask" if name == "The static area" else "dynamic_masks"
    values = _as_array(mask, field)
    if values.dtype.kind not in "biuf":
        message = f"{name}'s mask is of {values.dtype}; a mask is an array of bool, or white where brushed."
        raise refusal(field, message, "Pass, say, mask > 0.")
    if values.shape != shape:
        message = f"{name}'s mask has shape {values.shape}; the photo's is {shape}."
        raise refusal(field, message, "Give it one value for each pixel of the photo, as (height, width).")
    return as_mask(values)


def _as_array(mask: Any, field: str) -> np.ndarray[Any, Any]:
    """Values (H, W) of anything; of a picture in colours its grey, and what is transparent is not brushed."""
    if isinstance(mask, Mask):
        return mask.pixels()
    if isinstance(mask, list | tuple) or (hasattr(mask, "__array__") and np.ndim(mask) == 2 and not _is_picture(mask)):
        return np.asarray(mask)
    return np.asarray(decode(mask, field=field, backdrop="black").rgb.convert("L"))


def _is_picture(mask: Any) -> bool:
    """Whether it has modes and palettes, which an array does not tell of."""
    return hasattr(mask, "getpalette")


def a_path(path: ArrayLike | None, number: int) -> Points | None:
    """A copy as float (n, 2), read-only; None where there is no point at all. Raises InvalidRequest on a single one."""
    if path is None or np.size(path) == 0:
        return None
    points = Area(path=np.asarray(path)).path
    if points is None or len(points) < 2:
        message = f"Area {number}'s path has 1 point; a path needs a start and an end."
        field = f"dynamic_masks[{number - 1}].trajectories"
        raise refusal(field, message, "Give at least two points, as (n, 2) of x and y.")
    return points


def together(*checks: Callable[[], Any]) -> list[Any]:
    """What each check returns; where some refuse, one refusal with the problems of all."""
    results: list[Any] = []
    problems: list[Problem] = []
    for check in checks:
        try:
            results.append(check())
        except InvalidRequest as error:
            problems += error.problems
    if problems:
        raise InvalidRequest(problems)
    return results


def refusal(field: str, message: str, fix: str) -> InvalidRequest:
    return InvalidRequest([Problem(field, message, fix)])
