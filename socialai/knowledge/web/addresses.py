"""Where a web page may come from: public addresses, nothing of this machine or its net."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""A host's name and port → its addresses; OSError when it has none."""

_CLOUD = frozenset(map(ipaddress.ip_address, ["168.63.129.16"]))
"""Public by its number, and yet a cloud's own service for the machine that asks."""

_WITH_IPV4 = [ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48")]


def resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(text: str) -> bool:
    """False also for what is no address. An IPv6 address that holds an IPv4 one is as public as that is."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved and each not in _CLOUD
        for each in (_inner(address) or [address])
    )


def _inner(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    if any(address in net for net in _WITH_IPV4):
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    return [each for each in inner if each is not None]
