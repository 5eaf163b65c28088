"""Which addresses count as the public internet.

``ipaddress.is_global`` alone is no guard: on Python 3.11 it calls NAT64, 6to4, IPv4-compatible, site-local and
multicast addresses global, and two cloud metadata addresses with them. So IPv4 has a deny list on top of it,
and IPv6 an allow list (only 2000::/3, the one block given out for public use) with holes.
The blocks are those of the IANA special-purpose registries (RFC 6890 and its updates).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_DENIED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; also Alibaba's metadata address 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform address
        "169.254.0.0/16",  # link-local, metadata of AWS, Google, Azure, DigitalOcean
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata address 192.0.0.192
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # former 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # Teredo, ORCHID, benchmarking and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
# Never reached, not even for a service the operator lists: addresses that give out a machine's own keys.
_NEVER = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/32",
        "::/128",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "192.0.0.192/32",
        "224.0.0.0/4",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
        "fe80::/10",
        "ff00::/8",
    )
)


def parse(address: str) -> IPAddress:
    """The address as an object; raises ``ValueError`` for anything that is no plain IP address.

    A zone index (``fe80::1%eth0``) is refused: it only makes sense for addresses we never reach.
    """
    if "%" in address:
        raise ValueError("zone index")
    return ipaddress.ip_address(address)


def is_public(address: str, closed: Iterable[str] = ()) -> bool:
    """Whether ``address`` belongs to the public internet and to none of the ``closed`` networks."""
    try:
        ip = parse(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        public = ip.is_global and not any(ip in block for block in _DENIED_V4)
    else:
        public = ip.is_global and ip in _PUBLIC_V6 and not any(ip in block for block in _DENIED_V6)
    return public and not _inside(ip, closed)


def may_be_trusted(address: str) -> bool:
    """Whether an origin listed by the operator may sit at ``address`` (private yes, metadata and multicast no)."""
    try:
        ip = parse(address)
    except ValueError:
        return False
    embedded = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    candidates: tuple[IPAddress, ...] = (ip,) if embedded is None else (ip, embedded)
    return not any(one in block for one in candidates for block in _NEVER if one.version == block.version)


def _inside(ip: IPAddress, networks: Iterable[str]) -> bool:
    parsed: list[IPNetwork] = [ipaddress.ip_network(network, strict=False) for network in networks]
    return any(ip in network for network in parsed if network.version == ip.version)
