"""A small loopback server that speaks the documented shape of each outside service, with faults on demand.

Real HTTP over 127.0.0.1: the code under test runs unchanged. ``StandIn.origin`` is listed in
``FACTCHECK_TRUSTED_ORIGINS`` the way an operator lists a local service. Every request is kept in ``seen``.

    with StandIn() as server:
        server.fault("/searxng", "too_many", retry_after="7")     # the next request there
        server.fault("/searxng", "fault", times=None)             # every request there
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.standins import shapes

Handler = Callable[["Seen"], "Reply"]


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Reply:
        return cls(json.dumps(value).encode(), status, {"Content-Type": "application/json; charset=utf-8"})

    @classmethod
    def html(cls, text: str, status: int = 200) -> Reply:
        return cls(text.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


@dataclass
class Fault:
    prefix: str
    kind: str
    times: int | None
    options: dict[str, Any]


class StandIn:
    """The server, with what it will answer and what it has seen."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.routes: dict[str, Handler] = {}
        self.faults: list[Fault] = []
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _RequestHandler)
        self._server.stand_in = self
        self._scheme = "https" if tls else "http"
        if tls is not None:
            # The handshake belongs to the thread of the request, or one bad client would stop the server.
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        shapes.install(self)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def origin(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def route(self, path: str, handler: Handler) -> None:
        """Answer requests whose path begins with ``path``; the longest match wins."""
        self.routes[path] = handler

    def page(self, path: str, text: str, **headers: str) -> None:
        """Serve an HTML page."""
        reply = Reply.html(text)
        reply.headers |= headers
        self.routes[path] = lambda seen: reply

    def fault(self, prefix: str, kind: str, *, times: int | None = 1, **options: Any) -> None:
        """Let the next ``times`` requests under ``prefix`` go wrong (None: all of them). Kinds: see ``_FAULTS``."""
        if kind not in _FAULTS:
            raise ValueError(kind)
        self.faults.append(Fault(prefix, kind, times, options))

    def asked(self, prefix: str) -> list[Seen]:
        """The requests seen under ``prefix``."""
        return [seen for seen in self.seen if seen.path.startswith(prefix)]

    def due_fault(self, path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if path.startswith(fault.prefix) and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def answer(self, seen: Seen) -> Reply:
        for path in sorted(self.routes, key=len, reverse=True):
            if seen.path.startswith(path):
                return self.routes[path](seen)
        return Reply.html("<p>Nothing here.</p>", 404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up on purpose are part of the tests."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output clean."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        seen = Seen(self.command, parts.path, query, headers, self.rfile.read(length))
        stand_in = self.server.stand_in
        stand_in.seen.append(seen)
        fault = stand_in.due_fault(parts.path)
        self.close_connection = True
        if fault is None:
            self.send_reply(stand_in.answer(seen))
        else:
            _FAULTS[fault.kind](self, stand_in, fault.options)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = _serve  # noqa: N815 - named by http.server

    def send_reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()


# --- faults ----------------------------------------------------------------------------------------------------


def _too_many(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(b"slow down", 429, {"Retry-After": str(options.get("retry_after", "30"))}))


def _status(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(options.get("body", b"CANARY-status-body"), int(options["status"])))


def _fault(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(b"Traceback CANARY-secret-of-the-server", 500, {"Content-Type": "text/plain"}))


def _slow(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Says nothing at all for ``seconds``."""
    stand_in.stopped.wait(float(options.get("seconds", 60)))


def _drip(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Sends a correct head and then one byte at a time, for ever."""
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while not stand_in.stopped.wait(float(options.get("every", 1.0))):
        handler.raw(b"x")


def _drip_head(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Drips even the head."""
    handler.raw(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not stand_in.stopped.wait(float(options.get("every", 1.0))):
        handler.raw(b"x")


def _truncated(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.raw(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"claims": ['
    )


def _malformed(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(b'{"CANARY": [1, 2,,', 200, {"Content-Type": "application/json"}))


def _other_shape(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Correct JSON, but nothing like what is documented."""
    handler.send_reply(
        Reply.json(options.get("value", ["CANARY", 7, None, {"claims": "no list", "results": 3}]))
    )


def _empty(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(b"", 200, {"Content-Type": "application/json"}))


def _garbage(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.raw(b"\x16\x03CANARY this is no HTTP\r\n\r\n")


def _hang_up(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def _redirect(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    handler.send_reply(Reply(b"", int(options.get("status", 302)), {"Location": str(options["to"])}))


def _endless(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """A body without a length that never ends."""
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while not stand_in.stopped.is_set():
        handler.raw(b"<p>again and again</p>" * 3000)


def _hints(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Announces an answer for ever and never gives one."""
    while not stand_in.stopped.is_set():
        handler.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1000)


def _hollow(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """A compressed body of empty blocks: much on the wire, nothing to keep."""
    handler.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: deflate\r\n\r\n\x78\x9c")
    while not stand_in.stopped.is_set():
        handler.raw(b"\0\0\0\xff\xff" * 10_000)


def _bomb(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """``megabytes`` of zeros, gzipped: about a thousandth of that on the wire."""
    encoding = str(options.get("encoding", "gzip"))
    handler.raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Encoding: "
        + encoding.encode()
        + b"\r\n\r\n"
    )
    engine = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    for _ in range(int(options.get("megabytes", 100))):
        handler.raw(engine.compress(bytes(1_000_000)))
    handler.raw(engine.flush())


def _many_headers(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    lines = b"".join(b"X-%d: CANARY\r\n" % number for number in range(int(options.get("count", 5000))))
    handler.raw(b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: 0\r\n\r\n")


def _content(handler: _RequestHandler, stand_in: StandIn, options: dict[str, Any]) -> None:
    """Any body with any headers."""
    handler.send_reply(Reply(options["body"], int(options.get("status", 200)), options.get("headers", {})))


_FAULTS: dict[str, Callable[[_RequestHandler, StandIn, dict[str, Any]], None]] = {
    "too_many": _too_many,
    "status": _status,
    "fault": _fault,
    "slow": _slow,
    "drip": _drip,
    "drip_head": _drip_head,
    "truncated": _truncated,
    "malformed": _malformed,
    "other_shape": _other_shape,
    "empty": _empty,
    "garbage": _garbage,
    "hang_up": _hang_up,
    "redirect": _redirect,
    "endless": _endless,
    "hints": _hints,
    "hollow": _hollow,
    "bomb": _bomb,
    "many_headers": _many_headers,
    "content": _content,
}
