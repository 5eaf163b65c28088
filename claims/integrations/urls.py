"""Web addresses: taken apart strictly before a request, and brought to one form for finding duplicates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say
from claims.integrations.errors import CredentialsInAddress, FetchError, NotAWebAddress, PortNotAllowed

NO_LINK = _(
    "Enter a link that begins with http:// or https:// and names a site, such as https://example.org/page."
)
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 4096
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~[]|"
_QUERY_SAFE = _PATH_SAFE + "?"
# Parameters that only say how a reader came to the page. Names as their senders document them.
_TRACKING = re.compile(
    r"(utm_\w+|at_\w+|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|li_fat_id|mkt_tok|_hs(enc|mi)|vero_(id|conv)|oly_(anon|enc)_id|wt_?mc|icid|ocid|cmpid|ns_\w+|s_cid"
    r"|smid|smtyp|sr_share|guccounter|guce_referrer\w*|xtor|_ga|_gl|ref_src|ref_url|srnd)\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Target:
    """A checked address, in the pieces a request is made of."""

    scheme: str
    host: str  # ASCII, lower case, no brackets
    port: int
    path: str  # path and query, percent-encoded

    @property
    def bracketed_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port."""
        plain = self.port == DEFAULT_PORTS[self.scheme]
        return self.bracketed_host if plain else f"{self.bracketed_host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.path


def why_not_printed(link: str) -> str:
    """What keeps readers from being led to ``link``, as a sentence; empty where it may be printed."""
    try:
        parse(link, any_port=True)
    except CredentialsInAddress as error:
        return str(error)
    except FetchError:
        return say(NO_LINK)
    return ""


def parse(url: str, *, any_port: bool = False) -> Target:
    """Take ``url`` apart, refusing whatever two parsers could read in two ways.

    Raises ``NotAWebAddress``, ``CredentialsInAddress`` or ``PortNotAllowed`` (ports 80 and 443 only, unless
    ``any_port``). The fragment is dropped: it is never sent.
    """
    url = url.strip()
    if not url or len(url) > MAX_URL_LENGTH or re.search(r"[\x00-\x1f\x7f\\]", url):
        raise NotAWebAddress
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAWebAddress from None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not url[len(scheme) :].startswith("://"):
        raise NotAWebAddress
    if "@" in parts.netloc:
        raise CredentialsInAddress
    if not any_port and (port or DEFAULT_PORTS[scheme]) not in DEFAULT_PORTS.values():
        raise PortNotAllowed
    path = _encode(parts.path, _PATH_SAFE) or "/"
    if parts.query:
        path += "?" + _encode(parts.query, _QUERY_SAFE)
    if port == 0:
        raise PortNotAllowed
    return Target(scheme, _host(parts.hostname or "", parts.netloc), port or DEFAULT_PORTS[scheme], path)


def join(base: str, location: str) -> str:
    """The absolute address a redirect from ``base`` points to."""
    try:
        return urljoin(base, location.strip())
    except ValueError:
        raise NotAWebAddress from None


def normalise(url: str) -> str:
    """One canonical form, so that the same page pasted twice is seen as the same.

    Scheme and host in lower case, default port, fragment and tracking parameters dropped, parameters kept in
    their order, a trailing dot of the host removed. Raises like ``parse``; ports are kept as they are.
    """
    target = parse(url, any_port=True)
    path, _, query = target.path.partition("?")
    kept = [
        part for part in query.split("&") if part and not _TRACKING.match(unquote_plus(part.split("=")[0]))
    ]
    return target.origin + _plain_escapes(path + ("?" + "&".join(kept) if kept else ""))


def _plain_escapes(text: str) -> str:
    """Escapes that need not be (``%41``) undone, the others in capitals (RFC 3986, 6.2.2)."""
    return re.sub(r"%([0-9A-Fa-f]{2})", _plain_escape, text)


def _plain_escape(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else match.group().upper()


def _encode(text: str, safe: str) -> str:
    try:
        encoded = quote(text, safe=safe)
    except UnicodeEncodeError:  # a lone surrogate
        raise NotAWebAddress from None
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)


def _host(host: str, netloc: str) -> str:
    if netloc.startswith("["):
        return _bracketed(netloc)
    if not host or len(host) > 253 or _CONTROL.search(host) or "%" in host:
        raise NotAWebAddress
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NotAWebAddress from None
    labels = ascii_host.removesuffix(".").split(".")
    if not all(_LABEL.match(label) for label in labels):
        raise NotAWebAddress
    if _looks_numeric(labels[-1]) and not _is_dotted_quad(labels):
        raise NotAWebAddress  # 2130706433, 0x7f.1 and the like: resolvers read them as addresses, people do not
    return ".".join(labels)


def _bracketed(netloc: str) -> str:
    match = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](:\d*)?", netloc)
    if match is None:
        raise NotAWebAddress
    try:
        return str(IPv6Address(match.group(1)))
    except ValueError:
        raise NotAWebAddress from None


def _looks_numeric(label: str) -> bool:
    return label.isdigit() or re.fullmatch(r"0x[0-9a-f]*", label) is not None


def _is_dotted_quad(labels: list[str]) -> bool:
    return len(labels) == 4 and all(
        re.fullmatch(r"0|[1-9]\d{0,2}", label) and int(label) < 256 for label in labels
    )
