"""Calls that leave the emulator because a request asked for them: picture URLs and callbacks.

A server that fetches what it is told to fetch can be turned against its own network. So every address is looked up and
checked first, again after each redirect, and the connection then goes to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping

import httpx

_MOST_REDIRECTS = 5
# ValueError is what the standard library makes of a host name that is none.
_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError)

_PRIVATE = [
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
# What these may lead to nobody can tell: IPv4-compatible, local NAT64, Teredo, 6to4 and site-local addresses.
_TUNNELS = [
    ipaddress.ip_network(network) for network in ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
]
# How a network without IPv4 reaches it.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses."""


class Unreachable(Exception):  # noqa: N818
    """Raised when an address may not be called or did not answer well; its text says which."""


async def look_up(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Outward:
    """`loopback`: whether this machine's own addresses may be called; only while nobody else reaches the emulator.
    `private`: whether those of a local network may be called too.

    `verify` is whom to trust on https addresses; True stands for the usual authorities.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        private: bool = False,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        lookup: Lookup = look_up,
        seconds: float = 20,
    ) -> None:
        self._loopback = loopback
        self._private = private
        self._seconds = seconds
        self._lookup = lookup
        # No proxies and no .netrc of the user's: nothing of theirs leaves with a stranger's URL.
        self._client = httpx.AsyncClient(transport=transport, trust_env=False, timeout=seconds, verify=verify)

    async def fetch(self, url: str, most_bytes: int) -> bytes:
        """Raises Unreachable, also when the answer is longer than `most_bytes`."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._fetch(url, most_bytes)
        except _NO_ANSWER as error:
            raise Unreachable("it did not answer") from error

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises Unreachable unless the answer is HTTP 2xx."""
        try:
            async with asyncio.timeout(self._seconds):
                request = await self._request("POST", httpx.URL(url), body, headers)
                # Nobody reads what a listener says, however long.
                response = await self._client.send(request, stream=True)
                await response.aclose()
        except _NO_ANSWER as error:
            raise Unreachable("it did not answer") from error

        if not response.is_success:
            raise Unreachable(f"it answered HTTP {response.status_code}")

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _fetch(self, url: str, most_bytes: int) -> bytes:
        place = httpx.URL(url)
        for _ in range(_MOST_REDIRECTS + 1):
            response = await self._client.send(await self._request("GET", place), stream=True)
            try:
                if response.has_redirect_location:
                    place = place.join(response.headers["location"])
                    continue

                if response.status_code != httpx.codes.OK:
                    raise Unreachable(f"it answered HTTP {response.status_code}")

                return await _read(response, most_bytes)
            finally:
                await response.aclose()
        raise Unreachable(f"it redirected more than {_MOST_REDIRECTS} times")

    async def _request(
        self, method: str, url: httpx.URL, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Request:
        if url.scheme not in ("http", "https") or not url.host:
            raise Unreachable("it is no http or https address")

        addresses = await self._lookup(url.host, url.port or (443 if url.scheme == "https" else 80))
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise Unreachable("it lies in a private network, which this emulator does not call")

        return self._client.build_request(
            method,
            url.copy_with(host=addresses[0]),
            headers={"Host": url.netloc.decode("ascii"), **(headers or {})},
            content=content,
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )

    def _allowed(self, address: str) -> bool:
        ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
        if ip.is_loopback:
            return self._loopback

        if any(ip in network for network in _TUNNELS):
            return False

        if any(ip in network for network in _PRIVATE):
            return self._private

        return ip.is_global and not ip.is_multicast


def _meant(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip

    return ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip)


async def _read(response: httpx.Response, most_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > most_bytes:
            raise Unreachable(f"it sent more than {most_bytes // 1024 // 1024} MB")

    return bytes(data)
