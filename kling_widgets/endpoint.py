"""The places of the API, and the short words for them that `Task.kind` and `client.tasks(kind)` use."""

from __future__ import annotations

Kind = str
"""What makes a task: "image2video", "text2video", "effects", "images/generations", or any other endpoint.

A single word stands for `/v1/videos/<word>`, words with a slash for `/v1/<words>`, a leading slash for the path itself.
"""

_VERSION = "/v1/"
_VIDEOS = "/v1/videos/"


def path_of(kind: Kind) -> str:
    """The path of the API where tasks of this kind are made, listed and queried; no slash at its end."""
    kind = kind.strip().rstrip("/")
    if kind.startswith("/"):
        return kind
    return (_VERSION if "/" in kind else _VIDEOS) + kind


def kind_of(path: str) -> Kind:
    """The shortest word for a path: the opposite of `path_of`."""
    path = path.strip().rstrip("/")
    word = path.removeprefix(_VIDEOS)
    if word != path and "/" not in word:
        return word
    words = path.removeprefix(_VERSION)
    return words if "/" in words else path
