"""A public web that lies wholly on the loopback: names, addresses and a dialer for the guarded client.

The guard runs unchanged. Names resolve to addresses of our choosing; whatever public address the guard then
dials is led to the stand-in server, and whatever private one it dials (it never should) to a victim server.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import httpcore

from claims.integrations.http import GuardedClient, Limits
from tests.standins.server import Reply, StandIn

PUBLIC = "93.184.216.34"
# Written out here and not asked of the guard: a test must not use what it tests as its yardstick.
_PUBLIC_NETWORKS = (ipaddress.ip_network("93.184.216.0/24"), ipaddress.ip_network("2606:2800:220::/48"))


def is_ours(address: str) -> bool:
    """Whether ``address`` is one of the few that stand for the public web here."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in _PUBLIC_NETWORKS if network.version == ip.version)


class PublicWeb:
    """``site`` answers for every public address, ``victim`` for every private one; ``client`` is the guard."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        server_tls: ssl.SSLContext | None = None,
        client_tls: ssl.SSLContext | None = None,
    ) -> None:
        self.site = StandIn(server_tls)
        self.victim = StandIn()
        self.victim.route("/", lambda seen: Reply.html("<p>CANARY-of-the-victim</p>"))
        self.names: dict[str, list[Sequence[str]]] = {}
        self.look_ups: Counter[str] = Counter()
        self.dialled: list[tuple[str, int]] = []
        self.client = GuardedClient(
            resolver=self.resolve, dialer=self.dial, limits=limits or Limits(), ssl_context=client_tls
        )
        self._open = ExitStack()

    def name(self, host: str, *answers: Sequence[str]) -> None:
        """What ``host`` resolves to; with several answers each look-up gets the next, the last one stays."""
        self.names[host] = list(answers)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """Listed names as listed; ``*.test`` is public, everything else answers with the loopback."""
        answers = self.names.get(host, [[PUBLIC] if host.endswith(".test") else ["127.0.0.1"]])
        answer = answers[min(self.look_ups[host], len(answers) - 1)]
        self.look_ups[host] += 1
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return answer

    def dial(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.dialled.append((address, port))
        server = self.site if is_ours(address) else self.victim
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", server.port, timeout=seconds)

    @property
    def hits(self) -> int:
        """How often the victim was reached."""
        return len(self.victim.seen)

    def __enter__(self) -> Self:
        self._open.enter_context(self.site)
        self._open.enter_context(self.victim)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
