"""The one guarded HTTP client: the only place in the project that opens a connection to another machine.

The rule against server-side request forgery is *resolve once, check every address, dial that address*. A
client that checks a name and then hands it to a library resolves twice, and a name that answers differently
the second time walks past the check. Here the look-up, the check and the dialling are one method
(``_GuardedBackend.connect_tcp``), so there is nothing between them; TLS still verifies the host name.

Further limits, each against a measured way to hurt a worker: only http and https on ports 80 and 443; no user
names in addresses; no proxy from the environment; redirects followed by hand, each hop checked afresh; one
time limit for everything together rather than per read; a cap on the body *after* decompression; a cap on
header count and size. An origin listed by the operator for one named service may be private; that never holds
for an address a person typed, and never across a redirect.
"""

from __future__ import annotations

import functools
import json as json_module
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpcore

from claims.integrations import addresses, conf, errors, pace, urls
from claims.integrations.decoding import ACCEPT_ENCODING, Body
from claims.integrations.response import Response

Resolver = Callable[[str, int], Sequence[str]]
Dialer = Callable[[str, int, float], httpcore.NetworkStream]

_REDIRECTS = {301, 302, 303, 307, 308}
_OURS = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "te",
    "upgrade",
    "expect",
}
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_MAX_ADDRESSES = 32
_LOOK_UPS = threading.BoundedSemaphore(64)  # a look-up cannot be cancelled; this bounds those that hang


@dataclass(frozen=True)
class Limits:
    """What one request may cost. ``seconds`` covers look-up, connecting, all hops and the whole body."""

    seconds: float = 10.0
    body_bytes: int = 5_000_000
    redirects: int = 3
    header_bytes: int = 64 * 1024
    header_count: int = 100


def system_resolver(host: str, port: int) -> list[str]:
    """Every address the system knows for ``host``, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def system_dialer(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """A TCP connection to a literal address."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


class _Clock:
    """The time left of one request, over all its parts."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.started = time.monotonic()
        self.answering = False

    def left(self) -> float:
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise self.expired()
        return left

    def pause(self, seconds: float) -> None:
        """What was spent waiting for a turn is not the other side's fault."""
        self.started += seconds

    def expired(self) -> errors.FetchError:
        return (errors.TooSlow if self.answering else errors.TimedOut)(seconds=self.seconds)


class _Stream(httpcore.NetworkStream):
    """A connection whose every read and write is given only the time that is left, and a cap on bytes."""

    def __init__(self, inner: httpcore.NetworkStream, clock: _Clock, limits: Limits) -> None:
        self._inner = inner
        self._clock = clock
        self._limits = limits
        self._received = 0
        self.ended = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, timeout=self._clock.left())
        self._received += len(data)
        # Before the answer begins there is only its head (or hints that one will come). Chunked framing may
        # cost as much again as the body; whatever goes beyond that is not a page.
        head = 4 * self._limits.header_bytes
        if self._received > (head + 2 * self._limits.body_bytes if self._clock.answering else head):
            raise _too_large(self._limits)
        self.ended = self.ended or not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), 65536):
            self._inner.write(buffer[start : start + 65536], timeout=self._clock.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._inner = self._inner.start_tls(ssl_context, server_hostname, timeout=self._clock.left())
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Looks a name up once, checks every address, dials one of exactly those addresses."""

    def __init__(self, client: GuardedClient, clock: _Clock, limits: Limits, *, listed: bool) -> None:
        self._client = client
        self._clock = clock
        self._limits = limits
        self._listed = listed
        self.stream: _Stream | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = self._addresses(host, port)
        failure: errors.FetchError = errors.Unreachable()
        for position, address in enumerate(found):
            share = self._clock.left() / (len(found) - position)
            try:
                self.stream = _Stream(self._client.dialer(address, port, share), self._clock, self._limits)
            except (httpcore.ConnectTimeout, TimeoutError):
                failure = errors.TimedOut(seconds=self._clock.seconds)
            except (httpcore.ConnectError, OSError):
                failure = errors.Unreachable()
            else:
                return self.stream
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise errors.AddressNotAllowed

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = [str(addresses.parse(host))]  # a literal needs no look-up
        except ValueError:
            found = list(_within(self._clock, functools.partial(self._client.resolver, host, port), host))
        if not found:
            raise errors.NameNotFound(host=host)
        closed = conf.denied_networks()
        for address in found:
            good = addresses.may_be_trusted(address) if self._listed else addresses.is_public(address, closed)
            if not good:
                raise errors.AddressNotAllowed
        return found[:_MAX_ADDRESSES]


class GuardedClient:
    """Fetches pages and asks services, under the guard described at the top of this module.

    ``resolver`` and ``dialer`` stand for the system's own; tests give stand-ins so that nothing leaves the
    loopback. They see only what the guard lets through: the dialer gets literal, checked addresses.
    """

    def __init__(
        self,
        *,
        resolver: Resolver = system_resolver,
        dialer: Dialer = system_dialer,
        limits: Limits = Limits(),
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.resolver = resolver
        self.dialer = dialer
        self.limits = limits
        self._ssl_context = ssl_context

    def fetch(
        self,
        url: str,
        *,
        service: str = "",
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> Response:
        """GET ``url``, follow its redirects, return a 2xx answer.

        ``service`` names the service that asks; only then may ``url`` lie at the private origin the operator
        listed for it. Raises a subclass of ``FetchError`` otherwise, each with a sentence for the person.
        """
        limits = limits or self.limits
        pace.asked(service)
        clock = _Clock(limits.seconds)
        passed: list[str] = []
        target, listed = _target(url, service)
        while True:
            answer = self._exchange("GET", target, headers, b"", clock, limits, listed=listed)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                answer.raise_for_status()
                return replace(answer, redirects=tuple(passed))
            passed.append(target.url)
            if len(passed) > limits.redirects:
                raise errors.TooManyRedirects(limit=limits.redirects)
            following = _hop(target, answer.headers["location"])
            headers = headers if following.origin == target.origin else None
            target, listed = following, False

    def request(
        self,
        method: str,
        url: str,
        *,
        service: str = "",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        json: Any = None,
        limits: Limits | None = None,
    ) -> Response:
        """One request without following redirects; returns whatever status came. For services and webhooks.

        ``json`` is sent as a JSON body. Raises ``FetchError`` when no complete answer came.
        """
        limits = limits or self.limits
        target, listed = _target(url, service)
        sent = dict(headers or {})
        if json is not None:
            content = json_module.dumps(json, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        pace.asked(service)
        return self._exchange(method, target, sent, content, _Clock(limits.seconds), limits, listed=listed)

    def _exchange(
        self,
        method: str,
        target: urls.Target,
        headers: Mapping[str, str] | None,
        content: bytes,
        clock: _Clock,
        limits: Limits,
        *,
        listed: bool,
    ) -> Response:
        clock.answering = False
        if not listed:  # what the operator runs for this desk may be asked as fast as it answers
            clock.pause(pace.wait_for_turn(target.host))
        backend = _GuardedBackend(self, clock, limits, listed=listed)
        connection = httpcore.HTTPConnection(
            httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port),
            ssl_context=self._tls() if target.scheme == "https" else None,
            network_backend=backend,
        )
        url = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path.encode("ascii")
        )
        sent = _headers(target, headers)
        with (
            connection,
            _plain_errors(backend, clock),
            connection.stream(method, url, headers=sent, content=content or None) as answer,
        ):
            clock.answering = True
            return _read(method, target, answer, clock, limits)

    def _tls(self) -> ssl.SSLContext:
        if self._ssl_context is None:
            self._ssl_context = httpcore.default_ssl_context()
        return self._ssl_context


_client = GuardedClient()


def fetch(
    url: str,
    *,
    service: str = "",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Response:
    """GET a page through the desk's client; see ``GuardedClient.fetch``. Needs no database."""
    return _client.fetch(url, service=service, headers=headers, limits=limits)


def request(
    method: str,
    url: str,
    *,
    service: str = "",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    json: Any = None,
    limits: Limits | None = None,
) -> Response:
    """One request through the desk's client; see ``GuardedClient.request``. Needs no database."""
    return _client.request(
        method, url, service=service, headers=headers, content=content, json=json, limits=limits
    )


@contextmanager
def using(client: GuardedClient) -> Iterator[GuardedClient]:
    """Let ``fetch`` and ``request`` go through ``client`` for a while, in every thread of this process.

    For tests and benchmarks that bring their own resolver and dialer; the guard itself stays in place.
    """
    global _client
    before, _client = _client, client
    try:
        yield client
    finally:
        _client = before


def _target(url: str, service: str) -> tuple[urls.Target, bool]:
    """The checked address, and whether it lies at the origin the operator listed for ``service``."""
    origin = conf.trusted_origin(service) if service else ""
    if origin:
        target = urls.parse(url, any_port=True)
        if target.origin == urls.parse(origin, any_port=True).origin:
            return target, True
    return urls.parse(url), False


def _hop(target: urls.Target, location: str) -> urls.Target:
    try:
        return urls.parse(urls.join(target.url, location))
    except errors.FetchError:
        raise errors.RedirectNotAllowed from None


def _headers(target: urls.Target, extra: Mapping[str, str] | None) -> list[tuple[bytes, bytes]]:
    sent = {
        "Host": target.authority,
        "User-Agent": conf.user_agent(),
        "Accept": "text/html,application/xhtml+xml,application/pdf,application/json;q=0.9,*/*;q=0.8",
        "Accept-Encoding": ACCEPT_ENCODING,
        "Connection": "close",
    }
    for name, value in (extra or {}).items():
        if name.lower() in _OURS or not _HEADER_NAME.match(name) or re.search(r"[\r\n\0]", value):
            raise ValueError(f"The header {name!r} may not be set by a caller.")
        sent = {known: kept for known, kept in sent.items() if known.lower() != name.lower()} | {name: value}
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in sent.items()]


def _read(
    method: str, target: urls.Target, answer: httpcore.Response, clock: _Clock, limits: Limits
) -> Response:
    size = sum(len(name) + len(value) for name, value in answer.headers)
    if len(answer.headers) > limits.header_count or size > limits.header_bytes:
        raise errors.Unreadable
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    content = b""
    if method != "HEAD":
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limits.body_bytes:
            raise _too_large(limits)
        body = Body(headers.get("content-encoding", ""), limits.body_bytes)
        for piece in answer.iter_stream():
            clock.left()
            body.add(piece)
        content = body.finish()
    elapsed = time.monotonic() - clock.started
    reason = bytes(answer.extensions.get("reason_phrase", b"")).decode("latin-1")
    return Response(target.url, answer.status, headers, content, datetime.now(UTC), (), elapsed, reason)


@contextmanager
def _plain_errors(backend: _GuardedBackend, clock: _Clock) -> Iterator[None]:
    """Turn the library's errors into ours, without anything the other side sent."""
    try:
        yield
    except httpcore.TimeoutException:
        raise clock.expired() from None
    except httpcore.NetworkError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise errors.CertificateRefused from None
        raise (errors.Truncated if clock.answering else errors.Unreachable)() from None
    except httpcore.ProtocolError:
        broke_off = backend.stream is not None and backend.stream.ended
        if not broke_off:
            raise errors.Unreadable from None
        raise (errors.Truncated if clock.answering else errors.Unreachable)() from None


def _within(clock: _Clock, look_up: Callable[[], Sequence[str]], host: str) -> Sequence[str]:
    """Run a look-up in a thread, since the system's own has no time limit."""
    box: queue.SimpleQueue[Sequence[str] | BaseException] = queue.SimpleQueue()
    if not _LOOK_UPS.acquire(timeout=clock.left()):
        raise errors.NameLookupFailed(host=host)

    def run() -> None:
        try:
            box.put(look_up())
        except BaseException as error:  # handed to the waiting thread
            box.put(error)
        finally:
            _LOOK_UPS.release()

    threading.Thread(target=run, name="look-up", daemon=True).start()
    try:
        found = box.get(timeout=clock.left())
    except queue.Empty:
        raise errors.NameLookupFailed(host=host) from None
    if isinstance(found, socket.gaierror):
        known = found.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        raise (errors.NameNotFound if known else errors.NameLookupFailed)(host=host) from None
    if isinstance(found, (OSError, UnicodeError)):
        raise errors.NameLookupFailed(host=host) from None
    if isinstance(found, BaseException):
        raise found
    return found


def _too_large(limits: Limits) -> errors.TooLarge:
    return errors.TooLarge(megabytes=round(limits.body_bytes / 1_000_000, 1))
