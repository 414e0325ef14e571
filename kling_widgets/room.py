"""Room on the disk: whether there is enough of it, and what is said where there is not."""

from __future__ import annotations

import errno
import math
import os
import shutil
from pathlib import Path

from kling_widgets.errors import KlingError

SPARE = 1_000_000
"""Bytes asked for beyond what is fetched: a disk filled to the last one is of use to nobody."""

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}  # Windows has no EDQUOT


def check(folder: Path, size: int) -> None:
    """Raises OSError, as the disk itself would, where `size` bytes more have no room in `folder`."""
    free = _free(folder)
    if free is not None and free < size + SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


def full(folder: Path, size: int | None, noun: str) -> KlingError:
    """What a person is told, once what was half written is gone again. `size` is in bytes, None where nobody knows."""
    free = _free(folder)
    numbers = []
    if size is not None:
        numbers.append(f"{math.ceil((size + SPARE) / 1e6)} MB are needed")
    if free is not None and free < (size or 0) + SPARE:  # else it is a quota that is used up
        numbers.append(f"{free // 1_000_000} MB are free")
    facts = f": {', '.join(numbers)}" if numbers else ""
    return KlingError(
        f"The disk with {folder} is full{facts}. Make room, then fetch the {noun} again; the task is safe."
    )


def _free(folder: Path) -> int | None:
    """Bytes; None where the file system does not say."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free if usage.total else None
