"""Keys from where they are kept: the environment first, the system's keyring last."""

from __future__ import annotations

import asyncio
import sys
import types
from pathlib import Path

import httpx
import pytest

import kling_widgets as kw
from kling_widgets import environment


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring, and an environment without a single variable of ours."""
    kept: dict[tuple[str, str], str] = {}
    module = types.ModuleType("keyring")
    module.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    for name in ("KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY", "KLING_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return kept


def sent(request: httpx.Request, into: list[str]) -> httpx.Response:
    into.append(request.headers["authorization"])
    return httpx.Response(200, json={"code": 0, "data": []})


async def authorization(into: list[str]) -> None:
    client = kw.Client.from_env(transport=httpx.MockTransport(lambda request: sent(request, into)))
    async with client:
        async for _ in client.tasks():
            pass


def test_a_key_of_the_keyring_is_used(kept: dict[tuple[str, str], str]) -> None:
    """Under the service kling_widgets, by the variable's name."""
    kept["kling_widgets", "KLING_API_KEY"] = " kept-in-the-ring "
    said: list[str] = []
    asyncio.run(authorization(said))

    assert said == ["Bearer kept-in-the-ring"]


def test_the_environment_comes_first(kept: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for this kernel is meant for it."""
    kept["kling_widgets", "KLING_API_KEY"] = "kept-in-the-ring"
    monkeypatch.setenv("KLING_API_KEY", "of-this-kernel")
    said: list[str] = []
    asyncio.run(authorization(said))

    assert said == ["Bearer of-this-kernel"]


def test_a_keyring_that_is_locked_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor has one that is not installed; then it is said where a key may be kept, and how to go without."""

    def locked(service: str, name: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setattr(sys.modules["keyring"], "get_password", locked)
    assert not environment.has_keys()
    with pytest.raises(kw.KlingError, match=r"keyring set kling_widgets KLING_ACCESS_KEY.*Client\.local"):
        kw.Client.from_env()

    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not environment.has_keys()


def test_half_a_pair_is_a_key_that_is_missed(kept: dict[tuple[str, str], str]) -> None:
    """A studio does not go on without a word on the emulator then."""
    kept["kling_widgets", "KLING_SECRET_KEY"] = "half"

    assert environment.has_keys()
    with pytest.raises(kw.KlingError, match="KLING_SECRET_KEY is set, but KLING_ACCESS_KEY is not"):
        kw.Client.from_env()


def test_the_journal_lies_in_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for all notebooks, unless another is named."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert kw.Client(kw.ApiKey("k")).journal.path == environment.home() / "journal.sqlite"
    assert kw.Client(kw.ApiKey("k"), journal=tmp_path / "other").journal.path == tmp_path / "other"
