"""Layers in motion: held to the scenes that the browser's preview is held to as well (tests/motion/README.md)."""

import json
from pathlib import Path

import numpy as np
import pytest

from kling_widgets.emulator.job import Area, Job
from kling_widgets.emulator.layers import Layers

SCENES = json.loads((Path(__file__).parents[1] / "motion" / "layers.json").read_text("utf-8"))["scenes"]


def painted(scene: dict) -> np.ndarray:
    photo = np.full((*scene["size"][::-1], 3), scene["ground"], np.uint8)
    for block in scene["blocks"]:
        photo[mask(scene, block["rect"])] = block["colour"]
    return photo


def mask(scene: dict, rect: list[int]) -> np.ndarray:
    x, y, width, height = rect
    inside = np.zeros(scene["size"][::-1], bool)
    inside[y : y + height, x : x + width] = True
    return inside


def centre(frame: np.ndarray, scene: dict, block: int) -> list[float]:
    ground = np.array(scene["ground"], float)
    way = scene["blocks"][block]["colour"] - ground
    weight = np.clip(((frame - ground) @ way / (way @ way) - 0.1) / 0.9, 0, 1)
    rows, columns = np.indices(weight.shape)
    return [float((weight * (place + 0.5)).sum() / weight.sum()) for place in (columns, rows)]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene["name"])
def test_shared_scenes(scene: dict) -> None:
    """What a scene says of its frames is so."""
    photo = painted(scene)
    areas = tuple(
        Area(mask(scene, area["rect"]), np.array(area["path"], float)) for _, area in sorted(scene["areas"].items())
    )
    static = None if scene["static"] is None else mask(scene, scene["static"])
    layers = Layers(Job(photos=(photo,), areas=areas, static=static, seconds=scene["duration"]), tuple(scene["size"]))
    for said in scene["frames"]:
        frame = layers.at(said["time"])
        if "photo" in said:
            np.testing.assert_array_equal(frame, photo)
        if "static" in said:
            np.testing.assert_array_equal(frame[static], photo[static])
        for x, y, colour in said.get("colours", []):
            np.testing.assert_allclose(frame[y, x].astype(int), colour, atol=10, err_msg=f"{said['time']}: {x}, {y}")
        for block, x, y in said.get("centres", []):
            np.testing.assert_allclose(centre(frame, scene, block), (x, y), atol=0.25, err_msg=str(said["time"]))
