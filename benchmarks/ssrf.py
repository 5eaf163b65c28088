"""Does anything a person can type make the desk fetch from inside its own network?

    python -m benchmarks.ssrf              # the guarded client: every row must end with 0 hits
    python -m benchmarks.ssrf --broken     # the usual check-then-fetch client, to see the table bite

Every row is tried three ways: as the address itself, as the target of a redirect, and as the target of a
second redirect, through each path that fetches (page, article, snapshot and
library, looking again, webhook). A victim server on the loopback
stands for everything private and counts who reaches it; names and dialling are stand-ins, so nothing leaves
the machine. Exit code 1 when the victim was reached, when a name was looked up more than once in a hop, or
when a harmless address was refused.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from unittest import mock
from urllib.parse import quote, urljoin, urlsplit

import httpcore
from django.conf import settings

from benchmarks.harness import tell
from claims.integrations import article, http, links, snapshot, webhook
from claims.integrations.errors import FetchError
from tests.standins.server import Reply, Seen
from tests.standins.web import PUBLIC, PublicWeb, is_ours

_LITERALS = """
http://127.0.0.1/  http://127.0.0.2/  http://127.1/  http://127.0.1/  http://2130706433/  http://0x7f000001/
http://0x7f.0.0.1/  http://0177.0.0.1/  http://0177.1/  http://017700000001/  http://0/  http://0.0.0.0/
http://00000177.0.0.1/  http://127.0.0.1./  http://①②⑦.⓪.⓪.①/  http://１２７.０.０.１/  http://127。0。0。1/
http://10.0.0.1/  http://10.255.255.255/  http://172.16.0.1/  http://172.31.255.254/  http://192.168.0.1/
http://100.64.0.1/  http://100.127.255.254/  http://169.254.0.1/  http://198.18.0.1/  http://198.51.100.7/
http://203.0.113.9/  http://192.0.2.1/  http://192.0.0.8/  http://192.88.99.1/  http://224.0.0.1/
http://239.255.255.250/  http://240.0.0.1/  http://255.255.255.255/
http://169.254.169.254/latest/meta-data/  http://169.254.170.2/v2/credentials  http://100.100.100.200/latest/
http://192.0.0.192/opc/v2/instance/  http://168.63.129.16/machine  http://[fd00:ec2::254]/latest/meta-data/
http://[fd20:ce::254]/computeMetadata/v1/
http://[::1]/  http://[::]/  http://[0:0:0:0:0:0:0:1]/  http://[::ffff:127.0.0.1]/  http://[::ffff:7f00:1]/
http://[::ffff:169.254.169.254]/  http://[::127.0.0.1]/  http://[64:ff9b::7f00:1]/  http://[64:ff9b:1::7f00:1]/
http://[2002:7f00:1::]/  http://[2001::7f00:1]/  http://[2001:db8::1]/  http://[fe80::1]/  http://[fe80::1%25lo]/
http://[fec0::1]/  http://[fc00::1]/  http://[fd12:3456:789a::1]/  http://[ff02::1]/  http://[5f00::1]/
http://[3fff::1]/  http://[100::1]/  http://[::ffff:0:127.0.0.1]/
"""
LITERALS = _LITERALS.split()
SPELLINGS = [
    "http://user@127.0.0.1/",
    "http://public.test@127.0.0.1/",
    "http://public.test:80@127.0.0.1/",
    "http://127.0.0.1:80\\@public.test/",
    "http://public.test\\@127.0.0.1/",
    "http://127.0.0.1#@public.test/",
    "http://127.0.0.1?@public.test/",
    "http://127.0.0.1%00.public.test/",
    "http://127.0.0.1%2f.public.test/",
    "http://public.test%40127.0.0.1/",
    "http://[::1]public.test/",
    "http://[127.0.0.1]/",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:6379/",
    "http://public.test:8080/",
    "http://public.test:0/",
    "http://public.test:443@127.0.0.1:80/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "//127.0.0.1/",
    "http://127.0.0.1\r\nHost: public.test/",
    "http://\t127.0.0.1/",
    "http://0x7f.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://foo.localhost/",
    "http://lo\u0441alhost/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stats",
    "ftp://127.0.0.1/",
    "ldap://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "data:text/html,<p>x</p>",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
]
NAMES: dict[str, list[list[str]]] = {
    "loopback.names.test": [["127.0.0.1"]],
    "six.names.test": [["::1"]],
    "private.names.test": [["10.1.2.3"]],
    "metadata.names.test": [["169.254.169.254"]],
    "mapped.names.test": [["::ffff:10.0.0.1"]],
    "nat64.names.test": [["64:ff9b::a00:1"]],
    "sixtofour.names.test": [["2002:a00:1::1"]],
    "sitelocal.names.test": [["fec0::1"]],
    "scoped.names.test": [["fe80::1%lo"]],
    "multicast.names.test": [["ff02::1"]],
    "carrier.names.test": [["100.64.0.9"]],
    "azure.names.test": [["168.63.129.16"]],
    "mixed-first.names.test": [["127.0.0.1", PUBLIC]],
    "mixed-last.names.test": [[PUBLIC, "127.0.0.1"]],
    "mixed-six.names.test": [[PUBLIC, "::1"]],
    "nonsense.names.test": [["not an address"]],
}
# A name that is public when looked up first and private ever after: the check-then-fetch client's undoing.
REBINDING = "rebinding.names.test"
HARMLESS = [
    "http://public.test/bridge",
    "https://public.test:443/bridge",
    "http://public.test./bridge?q=1#part",
    f"http://{PUBLIC}/bridge",
    "http://[2606:2800:220:1:248:1893:25c8:1946]/bridge",
    "http://bücher.test/bridge",
]


def table() -> list[str]:
    """Every hostile address."""
    names = [f"http://{name}/" for name in (*NAMES, REBINDING)]
    return [*LITERALS, *SPELLINGS, *names, f"http://{REBINDING}/go?to=http://{REBINDING}/"]


@dataclass
class Outcome:
    """What the table did to one client."""

    addresses: int = 0
    requests: int = 0
    victim_hits: int = 0
    private_dials: int = 0
    repeated_look_ups: int = 0
    echoes: int = 0
    harmless_refused: int = 0
    seconds: float = 0.0
    reached_by: list[str] = field(default_factory=list)

    @property
    def safe(self) -> bool:
        bad = self.victim_hits + self.private_dials + self.repeated_look_ups + self.echoes
        return bad + self.harmless_refused == 0 and self.requests > 0


_URL_SAFE = ":/?#[]@!$&'()*+,;=%"
Fetcher = Callable[[PublicWeb, str], object]


def guarded_fetch(web: PublicWeb, url: str) -> object:
    """A page a person asked for."""
    return http.fetch(url)


def guarded_snapshot(web: PublicWeb, url: str) -> object:
    """A source to be kept."""
    return snapshot.take(url, asked_by_person=True)


def guarded_article(web: PublicWeb, url: str) -> object:
    """An article to be brought in."""
    return article.fetch_article(url)


def guarded_link(web: PublicWeb, url: str) -> object:
    """A cited page that is looked at again."""
    return links.check(url)


def guarded_webhook(web: PublicWeb, url: str) -> object:
    """A receiver somebody registered."""
    return webhook.deliver(url, b"{}", secrets=["s" * 32], delivery_id="1", event="test")


def check_then_fetch(web: PublicWeb, url: str) -> object:
    """The usual mistake, kept as a yardstick: look the name up, check it, then let a library look it up again."""
    for _ in range(4):
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
        if not all(is_ours(address) for address in web.resolve(host, port)):
            raise FetchError
        stream = web.dial(web.resolve(host, port)[0], port, 5)
        backend = mock.Mock(connect_tcp=lambda *a, stream=stream, **k: stream)
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            answer = pool.request("GET", quote(url, safe=_URL_SAFE))
        if "Location" not in {name.decode() for name, _ in answer.headers}:
            return answer
        url = urljoin(url, dict(answer.headers)[b"Location"].decode())
    raise FetchError


PATHS: dict[str, Fetcher] = {
    "page": guarded_fetch,
    "article": guarded_article,
    "snapshot": guarded_snapshot,
    "link": guarded_link,
    "webhook": guarded_webhook,
}


def run(fetchers: dict[str, Fetcher], rows: list[str] | None = None) -> Outcome:
    """Send every row through every path, straight and behind one and two redirects."""
    started = time.monotonic()
    outcome = Outcome()
    with PublicWeb() as web, http.using(web.client):
        web.site.route("/go", _forward)
        for url in rows or table():
            outcome.addresses += 1
            once = "http://public.test/go?to=" + quote(url, safe="")
            for path, fetcher in fetchers.items():
                for variant in (url, once, "http://public.test/go?to=" + quote(once, safe="")):
                    _try(web, fetcher, variant, f"{path} {variant}", outcome)
        for fetcher in fetchers.values():
            outcome.harmless_refused += sum(not _reaches(web, fetcher, url) for url in HARMLESS)
    outcome.seconds = round(time.monotonic() - started, 2)
    return outcome


def _forward(seen: Seen) -> Reply:
    # What cannot stand in a header line cannot be a redirect either.
    target = seen.query.get("to", "").replace("\r", "").replace("\n", "")
    return Reply(b"", 302, {"Location": quote(target, safe=_URL_SAFE + "\\ \t")})


def _try(web: PublicWeb, fetcher: Fetcher, url: str, label: str, outcome: Outcome) -> None:
    hits = web.hits
    web.look_ups.clear()
    web.dialled.clear()
    web.names = {name: list(answers) for name, answers in NAMES.items()}
    web.names[REBINDING] = [[PUBLIC], ["127.0.0.1"]]
    outcome.requests += 1
    said = ""
    try:
        said = str(getattr(fetcher(web, url), "note", ""))
    except (
        FetchError,
        OSError,
        ValueError,
        httpcore.UnsupportedProtocol,
        httpcore.LocalProtocolError,
    ) as error:
        said = str(error)
    outcome.echoes += "CANARY" in said
    outcome.private_dials += sum(not is_ours(address) for address, _ in web.dialled)
    # One look-up per hop: each is followed by one connection, but for a last one that is refused.
    outcome.repeated_look_ups += web.look_ups.total() > len(web.dialled) + 1
    if web.hits > hits:
        outcome.victim_hits += web.hits - hits
        outcome.reached_by.append(label)


def _reaches(web: PublicWeb, fetcher: Fetcher, url: str) -> bool:
    web.dialled.clear()
    with contextlib.suppress(
        FetchError, httpcore.ConnectError
    ):  # the stand-in speaks no TLS: arriving counts
        fetcher(web, url)
    return bool(web.dialled)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; prints a table and JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--broken", action="store_true", help="use the check-then-fetch client instead")
    options = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure(USE_I18N=False, FACTCHECK_OUTSIDE=True)
    outcome = run({"page": check_then_fetch} if options.broken else PATHS)
    tell(asdict(outcome) | {"safe": outcome.safe})
    return 0 if outcome.safe else 1


if __name__ == "__main__":
    sys.exit(main())
