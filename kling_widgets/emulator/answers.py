"""The vendor's envelope around every answer, good or bad (R99)."""

from __future__ import annotations

import json
import uuid
from importlib.resources import files

from starlette.responses import JSONResponse

_TABLE = json.loads(files("kling_widgets").joinpath("data/errors.json").read_text("utf-8"))

HTTP_STATUS: dict[int, int] = {row["code"]: row["http"] for row in _TABLE["errors"]}
"""HTTP status by business code."""

# The business codes the emulator answers with.
NOT_AUTHENTICATED = 1000
NO_AUTHORIZATION = 1001
INVALID_AUTHORIZATION = 1002
TOKEN_TOO_EARLY = 1003
TOKEN_EXPIRED = 1004
NO_UNITS = 1102
INVALID_REQUEST = 1200
INVALID_FIELD = 1201
WRONG_METHOD = 1202
NO_SUCH_RESOURCE = 1203
TOO_FAST = 1302
NO_FREE_SLOT = 1303
INTERNAL = 5000
UNAVAILABLE = 5001
TIMEOUT = 5002


class Refusal(Exception):  # noqa: N818
    """Raised wherever a call ends with one of the vendor's error codes."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def good(data: object) -> JSONResponse:
    return JSONResponse({"code": 0, "message": "SUCCEED", "request_id": str(uuid.uuid4()), "data": data})


def bad(refusal: Refusal) -> JSONResponse:
    frame = {"code": refusal.code, "message": refusal.message, "request_id": str(uuid.uuid4())}
    return JSONResponse(frame, status_code=HTTP_STATUS[refusal.code])
