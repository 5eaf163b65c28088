"""The address that a request comes from: one answer for locks, limits and the list of log-ins."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address; None where the connection has none, as on a socket file.

    Without ``PROXY_COUNT`` no header is believed. With it, so many of the last entries of ``X-Forwarded-For`` were
    written by proxies of our own, and the first of these is the visitor; what stands before it anybody could write.
    """
    peer = _literal(request.META.get("REMOTE_ADDR", ""))
    count = settings.PROXY_COUNT
    named = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if count <= 0 or not named:
        return peer
    return _literal(named[-min(count, len(named))]) or peer


def counted_address(request: HttpRequest) -> str | None:
    """The address by which tries are counted: see ``network_of``."""
    return network_of(client_address(request))


def network_of(address: str | None) -> str | None:
    """What one visitor can choose from at will counts as one address.

    Of IPv6 that is the /64 that a single line gets; an IPv4 address in the clothes of IPv6 is the IPv4 address.
    """
    if address is None:
        return None
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False).network_address)


def _literal(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None
