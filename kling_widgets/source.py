"""Where a picture's bytes come from: a path, an address, bytes, or the raw Base64 of the vendor's page."""

from __future__ import annotations

import base64
import binascii
import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kling_widgets.errors import InvalidRequest, Problem

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 200_000_000  # of a file before it is decoded: a 60-megapixel PNG fits, a mistaken video mostly does not

_BASE64_HEADS = ("/9j/", "iVBORw0KGgo")  # JPEG and PNG


def is_url(source: object) -> bool:
    return isinstance(source, str) and source.strip().lower().startswith(("http://", "https://"))


def read(source: str | os.PathLike[str] | bytes | bytearray | memoryview, field: str) -> tuple[bytes, str]:
    """The bytes, and a name for them that error messages can use. Raises InvalidRequest."""
    if isinstance(source, str):
        if is_url(source):
            return fetch(source.strip(), field), source.strip()

        if source.lstrip().startswith("data:"):
            fix = "Pass the picture itself, a path, or the Base64 alone, without the part up to the comma."
            raise InvalidRequest([Problem(field, 'A "data:" address is not accepted by the API.', fix)])

        if source.startswith(_BASE64_HEADS) and len(source) > 64:
            return _from_base64(source, field), "the Base64 text"

    if isinstance(source, str | os.PathLike):
        return _from_file(Path(source), field), f'"{os.fspath(source)}"'

    data = bytes(source)
    if not data:
        raise InvalidRequest([Problem(field, "There are 0 bytes.", "Pass the whole file's bytes.")])
    return data, "what the bytes hold"


def fetch(url: str, field: str, transport: httpx.BaseTransport | None = None) -> bytes:
    """Download a picture. Raises InvalidRequest when the address does not give one."""
    import httpx

    what = f"{url} could not be fetched"
    try:
        with (
            httpx.Client(transport=transport, follow_redirects=True, timeout=30) as http,
            http.stream("GET", url) as response,
        ):
            if not response.is_success:
                message = f"{what}: the server answered HTTP {response.status_code}."
                raise InvalidRequest([Problem(field, message, "Open the address in a browser to see why.")])

            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise InvalidRequest([_too_large(url, field)])
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fix = "Check the address and the connection."
        raise InvalidRequest([Problem(field, f"{what}: {error or type(error).__name__}.", fix)]) from error

    if not data:
        raise InvalidRequest([Problem(field, f"{url} is empty.", "Open the address in a browser to see why.")])
    return bytes(data)


def _from_file(path: Path, field: str) -> bytes:
    try:
        path = path.expanduser()
        if path.stat().st_size > MAX_BYTES:
            raise InvalidRequest([_too_large(f'"{path}"', field)])
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidRequest([Problem(field, f'There is no file "{path}".', _whereabouts(path))]) from None
    except IsADirectoryError:
        raise InvalidRequest([Problem(field, f'"{path}" is a folder.', "Name a picture inside it.")]) from None
    except (OSError, ValueError, RuntimeError) as error:  # a zero byte in the name; a "~name" whose home nobody knows
        shown = str(path)[:80]
        message = f'"{shown}" cannot be read: {getattr(error, "strerror", None) or error}.'
        raise InvalidRequest([Problem(field, message, "Check the path and its permissions.")]) from error

    if not data:
        raise InvalidRequest([Problem(field, f'"{path}" is empty (0 bytes).', "Copy or download it again.")])
    return data


def _whereabouts(path: Path) -> str:
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=1)
    except OSError:
        near = []
    if near:
        return f'Did you mean "{path.with_name(near[0])}"?'
    return f'Relative paths start at "{Path.cwd()}".'


def _from_base64(text: str, field: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        fix = "Pass the picture itself or its path."
        raise InvalidRequest([Problem(field, f"The Base64 text cannot be read: {error}.", fix)]) from error


def _too_large(name: str, field: str) -> Problem:
    return Problem(field, f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", "Use a smaller picture.")
