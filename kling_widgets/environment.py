"""Keys from where they are kept: the environment, Colab's secrets or the system's keyring, by the same names."""

from __future__ import annotations

import importlib
import os
import ssl
from pathlib import Path

from kling_widgets.auth import ApiKey, KeyPair, Keys
from kling_widgets.errors import KlingError

ACCESS, SECRET, API, BASE_URL = "KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY", "KLING_BASE_URL"


KEYRING = "kling_widgets"
"""The service under which the system's keyring has them: `keyring set kling_widgets KLING_SECRET_KEY`."""


def has_keys() -> bool:
    """Whether there is any key, or half of a pair."""
    return any(_value(name) for name in (ACCESS, SECRET, API))


def keys_from_env() -> Keys:
    """A key pair, or else a plain key. Raises KlingError naming the variables that are missing."""
    has_access, has_secret = bool(_value(ACCESS)), bool(_value(SECRET))
    # The values go straight from one call into the next: a name for them would show in a traceback with locals.
    if has_access and has_secret:
        return KeyPair(_value(ACCESS), _value(SECRET))
    if _value(API):
        return ApiKey(_value(API))

    if has_access or has_secret:
        missing, there = (SECRET, ACCESS) if has_access else (ACCESS, SECRET)
        raise KlingError(f"{there} is set, but {missing} is not. Set both, or use Client.local(), which needs no key.")
    raise KlingError(
        f"No key was found. Set {ACCESS} and {SECRET} (or {API}) in the environment, in Colab's secrets or in the "
        f"system's keyring (keyring set {KEYRING} {ACCESS}), or use Client.local(), which needs no key."
    )


def base_url_from_env() -> str:
    """KLING_BASE_URL, or an empty text."""
    return _value(BASE_URL)


def home() -> Path:
    """The folder of this user where what outlives a notebook is kept."""
    import platformdirs

    return platformdirs.user_data_path("kling_widgets", appauthor=False)


def trusted() -> ssl.SSLContext | bool:
    """The authorities of SSL_CERT_FILE where it is set, True for the usual ones. Raises KlingError for no such file."""
    path = os.environ.get("SSL_CERT_FILE")
    if not path:
        return True
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise KlingError(f"SSL_CERT_FILE names {path}, where no certificates can be read: {error}.") from error


def _value(name: str) -> str:
    return os.environ.get(name, "").strip() or _from_colab(name).strip() or _from_keyring(name).strip()


def _from_keyring(name: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
        return str(keyring.get_password(KEYRING, name) or "")
    except Exception:  # not installed, locked, or nothing that keeps keys on this machine: all mean that there is none
        return ""


def _from_colab(name: str) -> str:
    try:
        userdata = importlib.import_module("google.colab.userdata")
        return str(userdata.get(name) or "")
    except Exception:  # not on Colab, no such secret, or no leave to read it: all mean that there is none
        return ""
