"""Clients written by others from the vendor's pages, unchanged, against `kling-widgets serve`.

Where one of them disagrees with us, README.md beside this file says who is right.
"""

from __future__ import annotations

import io
from typing import Any

import av
import httpx
import PIL.Image
import pytest


def film(url: str) -> dict[str, Any]:
    """Facts of the film at this address; the certificate is not what is tested here."""
    answer = httpx.get(url, verify=False, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    with av.open(io.BytesIO(answer.content)) as container:
        stream = container.streams.video[0]
        seconds = float(container.duration or 0) / av.time_base
        return {
            "width": stream.width,
            "height": stream.height,
            "seconds": round(seconds),
            "sound": bool(container.streams.audio),
        }


def test_kling_api_of_npm_makes_films_and_pictures(node_saw: dict[str, Any]) -> None:
    """Its text2video, image2video with brush and camera, pictures and account calls all work, over TLS."""
    seen = node_saw

    packs = seen["account"]["data"]["resource_pack_subscribe_infos"]
    assert all(pack["remaining_quantity"] > 0 and pack["status"] == "online" for pack in packs)

    words, brush, camera = seen["textToVideo"], seen["motionBrush"], seen["camera"]
    for made in (words, brush, camera, seen["pictures"]):
        assert (made["made"]["code"], made["made"]["data"]["task_status"]) == (0, "submitted")
        assert made["ended"]["data"]["task_status"] == "succeed"
    assert words["byOwnId"]["data"]["task_id"] == words["made"]["data"]["task_id"]

    (video,) = words["ended"]["data"]["task_result"]["videos"]
    assert film(video["url"]) == {"width": 1080, "height": 1920, "seconds": 5, "sound": True}
    for made in (brush, camera):
        (video,) = made["ended"]["data"]["task_result"]["videos"]
        assert film(video["url"])["seconds"] == 5
        assert not film(video["url"])["sound"]

    images = seen["pictures"]["ended"]["data"]["task_result"]["images"]
    assert [image["index"] for image in images] == [0, 1]
    for image in images:
        answer = httpx.get(image["url"], verify=False, trust_env=False)
        with PIL.Image.open(io.BytesIO(answer.content)) as picture:
            assert picture.width / picture.height == pytest.approx(3 / 2, rel=0.02)


def test_kling_api_of_npm_reads_our_refusals(node_saw: dict[str, Any]) -> None:
    """Each refusal arrives with the vendor's code and a message that names the field."""
    refused = node_saw["refused"]

    def said(name: str) -> tuple[int, str]:
        return refused[name]["code"], refused[name]["message"]

    assert said("promptForgotten") == (1201, "prompt cannot be empty when multi_shot is false")
    assert said("brushOnV16") == (
        1201,
        "model/mode/duration(kling-v1-6/pro/5) is not supported with dynamic_masks or static_mask",
    )
    assert said("usedTwice") == (1201, "External_task_id node-words already exists")
    assert said("unknownTask") == (1201, "Task not found by id/external id: 842250903629086720")
    assert said("omni")[0] == 1203
    assert said("wrongSecret")[0] == 1000


def test_klingai_api_of_pypi_makes_films(python_saw: dict[str, Any]) -> None:
    """It asks for the account first; text2video, the motion brush, look-up by its own id and lists all work."""
    seen = python_saw

    for name in ("words", "brush"):
        task = seen[name]["data"]
        assert task["task_status"] == "succeed"
        assert film(task["task_result"]["videos"][0]["url"])["seconds"] == 5
    assert [task["task_info"]["external_task_id"] for task in seen["words_listed"]["data"]] == ["python-words"]
    assert [task["task_id"] for task in seen["brush_listed"]["data"]] == [seen["brush"]["data"]["task_id"]]


def test_klingai_api_of_pypi_reads_our_refusals(python_saw: dict[str, Any]) -> None:
    """A forgotten prompt, points as pairs (as its own docstring has them), a page too large, a wrong secret."""
    seen = python_saw
    refused = {name: (found["status"], found["body"]["code"]) for name, found in seen["refused"].items()}

    assert refused == {"no_prompt": (400, 1201), "points_as_pairs": (400, 1201), "page_size": (400, 1201)}
    assert "dynamic_masks[0].trajectories[0]" in seen["refused"]["points_as_pairs"]["body"]["message"]
    assert seen["wrong_secret"] == "Invalid ACCESS_TOKEN or SECRET_TOKEN."
