"""What the emulator fetches when a request tells it to, and what it leaves alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from kling_widgets.emulator.outward import Outward, Unreachable, look_up

pytestmark = pytest.mark.anyio

_HOSTS = {
    "photos.example": ["93.184.216.34"],
    "localhost": ["127.0.0.1"],
    "intranet.example": ["10.0.0.7"],
    "half.example": ["93.184.216.34", "192.168.1.1"],
    "mapped.example": ["::ffff:10.0.0.7"],
    "nowhere.example": [],
    "public6.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "public64.example": ["64:ff9b::5db8:d822"],
    "rebound.example": ["93.184.216.34", "127.0.0.1"],
}


async def _lookup(host: str, port: int) -> list[str]:
    return _HOSTS.get(host, [host])


def _outward(
    answer: Callable[[httpx.Request], httpx.Response], *, loopback: bool = True, private: bool = False
) -> Outward:
    return Outward(loopback=loopback, private=private, transport=httpx.MockTransport(answer), lookup=_lookup)


def _ok(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"picture")


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that points elsewhere a moment later is not asked again; host and certificate stay those of the name."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return _ok(request)

    assert await _outward(answer).fetch("https://photos.example:8443/boat.jpg?a=1", 100) == b"picture"
    assert str(seen[0].url) == "https://93.184.216.34:8443/boat.jpg?a=1"
    assert seen[0].headers["host"] == "photos.example:8443"
    assert seen[0].extensions["sni_hostname"] == "photos.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://intranet.example/a.jpg",
        "http://half.example/a.jpg",
        "http://mapped.example/a.jpg",
        "http://nowhere.example/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.1.1/a.jpg",
        "http://0.0.0.0/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://[fe80::1]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://[fec0::1]/a.jpg",
        "http://[ff02::1]/a.jpg",
        "http://[::]/a.jpg",
        "http://[::10.0.0.1]/a.jpg",
        "http://[::ffff:169.254.169.254]/a.jpg",
        "http://[64:ff9b::a00:1]/a.jpg",
        "http://[64:ff9b::a9fe:a9fe]/a.jpg",
        "http://[64:ff9b:1::5db8:d822]/a.jpg",
        "http://[2002:a00:1::1]/a.jpg",
        "http://[2002:5db8:d822::1]/a.jpg",
        "http://[2001:0:1234::1]/a.jpg",
        "http://10.0.0.1:80@10.0.0.2/a.jpg",
        "http://172.31.255.255/a.jpg",
        "http://100.64.0.1/a.jpg",
        "http://198.18.0.1/a.jpg",
        "http://240.0.0.1/a.jpg",
        "http://255.255.255.255/a.jpg",
    ],
)
async def test_private_networks_are_not_called(url: str) -> None:
    with pytest.raises(Unreachable, match="private network"):
        await _outward(_ok).fetch(url, 100)


@pytest.mark.parametrize("host", ["public6.example", "public64.example", "[2606:4700::1111]", "172.32.0.1", "11.0.0.1"])
async def test_public_addresses_are_called(host: str) -> None:
    """Those of IPv6, and of IPv4 as a network without it reaches them, too."""
    assert await _outward(_ok).fetch(f"http://{host}/a.jpg", 100) == b"picture"


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0x7f.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"]
)
async def test_another_spelling_of_an_address_is_the_same_address(host: str) -> None:
    """As a number, in octal, with parts left out: looked up as the system does it, checked as what comes out."""
    outward = Outward(loopback=False, transport=httpx.MockTransport(_ok), lookup=look_up)
    with pytest.raises(Unreachable, match=r"private network|did not answer"):
        await outward.fetch(f"http://{host}/a.jpg", 100)


async def test_of_several_addresses_each_is_checked() -> None:
    """A name that has this machine among them would reach it at the second try."""
    with pytest.raises(Unreachable, match="private network"):
        await _outward(_ok, loopback=False).fetch("http://rebound.example/a.jpg", 100)


@pytest.mark.parametrize(
    "url",
    [
        "http://intranet.example/a.jpg",
        "http://half.example/a.jpg",
        "http://mapped.example/a.jpg",
        "http://172.16.0.1/a.jpg",
        "http://192.168.1.1/a.jpg",
        "http://100.64.0.1/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://[64:ff9b::a00:1]/a.jpg",
    ],
)
async def test_private_networks_are_called_when_that_was_allowed(url: str) -> None:
    """By --allow-private; redirects lead there too then."""
    assert await _outward(_ok, private=True).fetch(url, 100) == b"picture"
    await _outward(_ok, private=True).post(url, b"{}", {})
    with pytest.raises(Unreachable, match="private network"):
        await _outward(_ok).post(url, b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:169.254.169.254]/latest/meta-data",
        "http://[fe80::1]/a.jpg",
        "http://0.0.0.0/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://[2002:a00:1::1]/a.jpg",
        "http://127.0.0.1/a.jpg",
    ],
)
async def test_some_addresses_are_never_called_by_a_server_for_others(url: str) -> None:
    """Those where a cloud keeps its secrets, those that are none, and this machine's own."""
    with pytest.raises(Unreachable, match="private network"):
        await _outward(_ok, loopback=False, private=True).fetch(url, 100)


@pytest.mark.parametrize("url", ["http://localhost/a.jpg", "http://127.0.0.1/a.jpg", "http://[::1]/a.jpg"])
async def test_loopback_is_called_only_by_an_emulator_on_loopback(url: str) -> None:
    assert await _outward(_ok).fetch(url, 100) == b"picture"
    with pytest.raises(Unreachable, match="private network"):
        await _outward(_ok, loopback=False).fetch(url, 100)


@pytest.mark.parametrize(
    "target",
    [
        "http://intranet.example/a.jpg",
        "//10.0.0.7/a",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "http://[fd00::1]/",
    ],
)
async def test_a_redirect_is_checked_like_a_first_address(target: str) -> None:
    with pytest.raises(Unreachable):
        await _outward(lambda request: httpx.Response(302, headers={"location": target})).fetch(
            "http://photos.example", 9
        )


async def test_redirects_are_followed_but_not_for_ever() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        step = int(request.url.path.strip("/") or 0)
        return httpx.Response(302, headers={"location": f"/{step + 1}"}) if step < 5 else _ok(request)

    assert await _outward(answer).fetch("http://photos.example/0", 100) == b"picture"
    with pytest.raises(Unreachable, match="redirected more than 5 times"):
        await _outward(answer).fetch("http://photos.example/-1", 100)


async def test_too_much_is_cut_off() -> None:
    async def endless() -> object:
        while True:
            yield bytes(1 << 20)

    with pytest.raises(Unreachable, match="sent more than 2 MB"):
        await _outward(lambda request: httpx.Response(200, content=endless())).fetch("http://photos.example", 2 << 20)


async def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


async def _hang(request: httpx.Request) -> httpx.Response:
    raise TimeoutError


@pytest.mark.parametrize("answer", [_refuse, _hang])
async def test_silence_is_told_as_such(answer: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
    outward = Outward(loopback=True, transport=httpx.MockTransport(answer), lookup=_lookup)
    with pytest.raises(Unreachable, match="did not answer"):
        await outward.fetch("http://photos.example", 100)
    with pytest.raises(Unreachable, match="did not answer"):
        await outward.post("http://photos.example", b"{}", {})


@pytest.mark.parametrize("url", ["http://", "http://[", "http://a:b:c/", "http://\0/", "http:///x", "ftp://a/b"])
async def test_a_broken_address_is_no_crash(url: str) -> None:
    with pytest.raises(Unreachable):
        await _outward(_ok).fetch(url, 100)


async def test_an_error_page_is_no_picture() -> None:
    with pytest.raises(Unreachable, match="answered HTTP 404"):
        await _outward(lambda request: httpx.Response(404)).fetch("http://photos.example", 100)


async def test_a_lookup_that_never_ends_does_not_hold_up_others() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    outward = Outward(loopback=True, transport=httpx.MockTransport(_ok), lookup=lookup, seconds=0.01)
    with pytest.raises(Unreachable, match="did not answer"):
        await outward.fetch("http://photos.example", 100)
