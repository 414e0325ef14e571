"""A drawing as one small file, such as `boat.drawing`.

It is a zip of `drawing.json` (format, version, the photo's size and fingerprint, paths in its pixels, origin top left),
`labels.png` (of the photo's size, with a palette: 0 nothing, 1 to 6 the areas, 7 the static area; any viewer shows it)
and, where it was asked for, the photo as it is sent.
"""

from __future__ import annotations

import io
import json
import os
import warnings
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import PIL.Image
import PIL.ImageColor

from kling_widgets.decode import MAX_PIXELS
from kling_widgets.drawing import Points
from kling_widgets.errors import InvalidRequest
from kling_widgets.image import Image
from kling_widgets.partial import unshared
from kling_widgets.widgets.given import a_path, area_number, refusal
from kling_widgets.widgets.labels import STATIC, Labels
from kling_widgets.widgets.sketch import COLOURS

FORMAT = "kling_widgets drawing"
VERSION = 1
FACTS, LABELS, PHOTO = "drawing.json", "labels.png", "photo"
# The same drawing is the same bytes, whenever it is saved.
ALWAYS = (1980, 1, 1, 0, 0, 0)
# Bytes of each member: far above what we write, far below what a kernel dies of.
MOST = {FACTS: 16 << 20, LABELS: 64 << 20, PHOTO: 64 << 20}


@dataclass(frozen=True, eq=False)
class DrawingFile:
    """What such a file holds. `labels` has the photo's shape (H, W); `photo` is None where it was not saved too."""

    labels: Labels
    paths: dict[int, Points]
    fingerprint: str
    photo: Image | None = None

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.labels.shape
        return width, height

    def write(self, path: Path) -> None:
        """Puts it at `path`, whole or not at all. Raises OSError."""
        part = unshared(path)
        try:
            part.write_bytes(self._packed())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _packed(self) -> bytes:
        paths = {str(number): path.tolist() for number, path in sorted(self.paths.items())}
        facts: dict[str, Any] = {"format": FORMAT, "version": VERSION, "size": self.size, "paths": paths}
        facts |= {"fingerprint": self.fingerprint, "photo": self.photo is not None}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(FACTS, ALWAYS), json.dumps(facts), zipfile.ZIP_DEFLATED)
            archive.writestr(zipfile.ZipInfo(LABELS, ALWAYS), _png(self.labels))
            if self.photo is not None:
                archive.writestr(zipfile.ZipInfo(PHOTO, ALWAYS), self.photo.data)
        return out.getvalue()

    @classmethod
    def read(cls, path: Path) -> Self:
        """The drawing at `path`. Raises InvalidRequest for a file that is none, OSError where there is no file."""
        name = path.name
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise refusal("drawing", f"{name} is no drawing, or only a part of one.", "Save it again.")
            try:
                with zipfile.ZipFile(file) as archive:
                    return cls._of(archive, name)
            except InvalidRequest:
                raise
            except Exception as error:  # a damaged zip, JSON or PNG makes their readers raise nearly anything
                raise refusal("drawing", f"{name} is damaged: {error}.", "Take another copy of it.") from error

    @classmethod
    def _of(cls, archive: zipfile.ZipFile, name: str) -> Self:
        facts = json.loads(_member(archive, FACTS, name)) if FACTS in archive.namelist() else {}
        if not isinstance(facts, dict) or facts.get("format") != FORMAT:
            raise refusal("drawing", f"{name} is a zip file, but no drawing.", "Give a file of brush.save().")
        if facts["version"] != VERSION:
            message = f"{name} is of version {facts['version']!r}; this package reads version {VERSION}."
            raise refusal("drawing", message, "Run: pip install --upgrade kling-widgets")
        width, height = (int(side) for side in facts["size"])
        labels = _labels(_member(archive, LABELS, name), (width, height), name)
        given = {area_number(number): a_path(points, area_number(number)) for number, points in facts["paths"].items()}
        paths = {number: path for number, path in given.items() if path is not None}
        drawing = cls(labels, paths, str(facts["fingerprint"]))
        if not facts["photo"]:
            return drawing
        photo = Image.of(_member(archive, PHOTO, name))
        # The photo was scaled down to be sent; what is drawn speaks of it as it was.
        return replace(drawing, photo=replace(photo, original=(width, height), fingerprint=drawing.fingerprint))

    def fitted(self, size: tuple[int, int]) -> Self:
        """The same drawing on a photo of another size."""
        grown = PIL.Image.fromarray(self.labels).resize(size, PIL.Image.Resampling.NEAREST)
        scale = np.array(size) / self.size
        paths = {number: path * scale for number, path in self.paths.items()}
        return replace(self, labels=np.asarray(grown), paths=paths)


def _member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    """A member's bytes, of which there may be more than its entry says."""
    with archive.open(member) as file:
        data = file.read(MOST[member] + 1)
    if len(data) > MOST[member]:
        message = f"{name} unpacks to more than {MOST[member] >> 20} MB of {member}; no drawing is that large."
        raise refusal("drawing", message, "Give a file of brush.save().")
    return data


def _png(labels: Labels) -> bytes:
    picture = PIL.Image.fromarray(labels)
    picture.putpalette([value for colour in COLOURS for value in PIL.ImageColor.getrgb(colour)])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _labels(data: bytes, size: tuple[int, int], name: str) -> Labels:
    if size[0] * size[1] > MAX_PIXELS:
        message = f"{name} is of {size[0]} x {size[1]} pixels; at most {MAX_PIXELS // 1_000_000} megapixels are opened."
        raise refusal("drawing", message, "Give a file of brush.save().")
    with warnings.catch_warnings():
        # Pillow warns of sizes that photos have today; the line above is our bound.
        warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
        picture = PIL.Image.open(io.BytesIO(data), formats=["PNG"])
    if picture.size != size or picture.mode not in ("P", "L"):
        message = f"{name}'s labels do not have the size it names, {size[0]} x {size[1]}."
        raise refusal("drawing", message, "Give a file of brush.save().")
    labels: Labels = np.array(picture)
    if labels.max() > STATIC:
        raise refusal("drawing", f"Label {labels.max()} of {name} is none; 0 to {STATIC} are.", "Paint with those.")
    return labels
