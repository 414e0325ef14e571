"""An emulator behind a proxy, for the tests that need no more of it than one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.proxy import Proxy, Weather
from tests.chaos.world import world

CALM = Weather(create=0, read=0, film=0, late=0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def one_proxy(server: Path) -> Iterator[Proxy]:
    with world(server) as proxy:
        yield proxy


@pytest.fixture
def proxy(one_proxy: Proxy) -> Proxy:
    """In calm weather, which a test may change."""
    one_proxy.weather = CALM
    return one_proxy
