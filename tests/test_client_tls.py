"""The client over TLS on this machine, as `kling-widgets serve --tls-cert --tls-key` offers it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import trustme

import kling_widgets as kw
from kling_widgets.emulator.serve import Emulator


@pytest.fixture
def emulator(tmp_path: Path) -> Emulator:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    chain, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.cert_chain_pems[0].write_to_path(chain)
    certificate.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return Emulator({"ak": "s" * 32}, tls=(chain, key))


async def at_once(seconds: float) -> None:
    """Nobody waits here."""


async def remaining(url: str) -> float:
    async with kw.Client(kw.KeyPair("ak", "s" * 32), base_url=url, sleep=at_once) as client:
        return (await client.balance()).remaining


def test_an_authority_of_ones_own_is_trusted_where_it_is_named(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SSL_CERT_FILE, as everywhere in Python; the proxies of the environment are still left out on loopback."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with emulator:
        assert asyncio.run(remaining(emulator.url)) == 200_000


def test_a_file_of_certificates_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, before any network."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(kw.KlingError, match=r"SSL_CERT_FILE names .*none\.pem"):
        asyncio.run(remaining("https://127.0.0.1:9"))


def test_a_stranger_is_not_trusted(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost connection that says why, before anything is sent."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with emulator, pytest.raises(kw.ConnectionFailed, match="certificate verify failed") as caught:
        asyncio.run(remaining(emulator.url))
    assert not caught.value.sent
