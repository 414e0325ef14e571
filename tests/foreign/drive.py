"""Uses the PyPI package klingai-api as its readers would; everything it saw goes to stdout as one JSON object.

argv: base URL, access key, secret key, photo, mask (files). Its folder must be on PYTHONPATH.
"""

import base64
import json
import sys
import time
from pathlib import Path

import api as klingai
from exceptions import BadCredentials
from requests import HTTPError

base, access, secret, photo, mask = sys.argv[1:]
klingai.API.base = base
PHOTO, MASK = (base64.b64encode(Path(file).read_bytes()).decode() for file in (photo, mask))


def ended(query, id):
    for _ in range(1200):
        answer = query(id)
        if answer["data"]["task_status"] in ("succeed", "failed"):
            return answer
        time.sleep(0.1)
    raise TimeoutError(id)


def refusal(call):
    try:
        call()
    except HTTPError as error:
        return {"status": error.response.status_code, "body": error.response.json()}
    return None


with klingai.KlingAiAPI(access, secret) as client:
    words = client.text2video(
        "A lighthouse by the sea", camera_control={"type": "down_back"}, external_task_id="python-words"
    )
    brush = client.image2video(
        PHOTO,
        prompt="The rocket rises",
        static_mask=None,
        dynamic_masks=[{"mask": MASK, "trajectories": [{"x": 140, "y": 187}, {"x": 140, "y": 327}]}],
        external_task_id="python-brush",
    )
    seen = {
        "words": ended(client.get_text2video, words["data"]["task_id"]),
        "brush": ended(client.get_image2video, "python-brush"),
        "words_listed": client.list_text2video(page_size=500),
        "brush_listed": client.list_image2video(page_num=1, page_size=1),
        "refused": {
            "no_prompt": refusal(lambda: client.image2video(PHOTO)),
            "points_as_pairs": refusal(
                lambda: client.image2video(
                    PHOTO, prompt="x", dynamic_masks=[{"mask": MASK, "trajectories": [[140, 187], [140, 327]]}]
                )
            ),
            "page_size": refusal(lambda: client.list_image2video(page_size=501)),
        },
    }

try:
    with klingai.KlingAiAPI(access, "not the secret of this account"):
        pass
except BadCredentials as error:
    seen["wrong_secret"] = str(error)
print(json.dumps(seen))
