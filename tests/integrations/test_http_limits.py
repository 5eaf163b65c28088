"""Slow, huge, broken and hostile answers: each ends in time, within bounds, with a sentence."""

from __future__ import annotations

import datetime as dt
import gzip
import ipaddress
import resource
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from claims.integrations import errors, http
from claims.integrations.decoding import Body, decode
from claims.integrations.http import Limits
from tests.standins.server import Reply
from tests.standins.web import PublicWeb

PAGE = "http://gazette.test/page"
SHORT = Limits(seconds=0.6)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("slow", errors.TimedOut),
        ("drip_head", errors.TimedOut),
        ("drip", errors.TooSlow),
    ],
)
def test_the_time_limit_is_for_everything_together(
    public_web: PublicWeb, kind: str, error: type[errors.FetchError]
) -> None:
    public_web.site.fault("/page", kind, every=0.1)
    started = time.monotonic()
    with pytest.raises(error, match=r"0\.6 s") as caught:
        http.fetch(PAGE, limits=SHORT)
    assert time.monotonic() - started < 20.0  # the stand-in itself would take a minute
    assert caught.value.retryable


def test_a_slow_look_up_counts_too(public_web: PublicWeb) -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait(30)
        return []

    public_web.client.resolver = hanging
    with pytest.raises(errors.NameLookupFailed, match=r"gazette\.test"):
        http.fetch(PAGE, limits=SHORT)
    release.set()


def test_hops_share_one_time_limit(public_web: PublicWeb) -> None:
    public_web.site.fault("/page", "redirect", to="/second")
    public_web.site.fault("/second", "slow")
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        http.fetch(PAGE, limits=SHORT)
    assert time.monotonic() - started < 20.0  # the stand-in itself would take a minute


def test_an_unknown_name_is_said_by_name(public_web: PublicWeb) -> None:
    public_web.name("typo.test", [])
    with pytest.raises(errors.NameNotFound, match=r"typo\.test") as caught:
        http.fetch("http://typo.test/")
    assert not caught.value.retryable


def test_an_endless_body_is_cut_off(public_web: PublicWeb) -> None:
    public_web.site.fault("/page", "endless")
    with pytest.raises(errors.TooLarge, match="5 MB"):
        http.fetch(PAGE)


@pytest.mark.parametrize("kind", ["hints", "hollow"])
def test_bytes_that_never_become_a_body_are_counted_too(public_web: PublicWeb, kind: str) -> None:
    public_web.site.fault("/page", kind)
    with pytest.raises(errors.TooLarge):
        http.fetch(PAGE)


def test_a_declared_size_over_the_limit_is_not_even_read(public_web: PublicWeb) -> None:
    public_web.site.fault("/page", "content", body=b"x", headers={"Content-Length": "99999999"})
    with pytest.raises(errors.TooLarge):
        http.fetch(PAGE)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(public_web: PublicWeb, encoding: str) -> None:
    """1 GB of zeros in 1 MB: refused within the limits, and never held in memory."""
    public_web.site.fault("/page", "bomb", encoding=encoding, megabytes=1000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(errors.TooLarge):
        http.fetch(PAGE)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_a_body_never_holds_more_than_its_limit() -> None:
    packed = gzip.compress(bytes(200_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(errors.TooLarge):
            Body("gzip", 5_000_000).add(packed)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


TEXT = "Bürger zahlen 12 Millionen Euro. ".encode() * 3000


@pytest.mark.parametrize("size", [1, 7, 1000, 10**7])
@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:50_000]) + gzip.compress(TEXT[50_000:]) + b"\0\0"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
    ],
)
def test_bodies_are_decoded_however_they_are_cut(size: int, encoding: str, packed: bytes) -> None:
    body = Body(encoding, 5_000_000)
    for start in range(0, len(packed), size):
        body.add(packed[start : start + size])
    assert body.finish() == TEXT


def test_brotli_is_read_and_bounded_where_it_is_installed() -> None:
    from claims.integrations import decoding

    if decoding._BROTLI is None:
        assert "br" not in decoding.ACCEPT_ENCODING
        return
    packed = decoding._BROTLI.compress(TEXT)
    for size in (1, 10**7):
        body = Body("br", 5_000_000)
        for start in range(0, len(packed), size):
            body.add(packed[start : start + size])
        assert body.finish() == TEXT
    with pytest.raises(errors.TooLarge):
        Body("br", 5_000_000).add(decoding._BROTLI.compress(bytes(300_000_000), quality=1))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "zstd", "compress", "x" * 200])
def test_codings_we_did_not_ask_for_are_refused(public_web: PublicWeb, encoding: str) -> None:
    public_web.site.fault("/page", "content", body=b"abc", headers={"Content-Encoding": encoding})
    with pytest.raises(errors.Unreadable):
        http.fetch(PAGE)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("truncated", errors.Truncated),
        ("garbage", errors.Unreadable),
        ("hang_up", errors.Unreachable),
        ("many_headers", errors.Unreadable),
        ("fault", errors.ServerFault),
    ],
)
def test_broken_answers_have_their_own_error(
    public_web: PublicWeb, kind: str, error: type[errors.FetchError]
) -> None:
    public_web.site.fault("/page", kind)
    with pytest.raises(error):
        http.fetch(PAGE)


def test_a_broken_off_gzip_stream_is_not_taken_for_whole(public_web: PublicWeb) -> None:
    packed = gzip.compress(TEXT)[:-20]
    public_web.site.fault("/page", "content", body=packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(errors.Truncated):
        http.fetch(PAGE)


@pytest.mark.parametrize("count", [101, 5000])
def test_headers_are_counted(public_web: PublicWeb, count: int) -> None:
    public_web.site.fault("/page", "many_headers", count=count)
    with pytest.raises(errors.Unreadable):
        http.fetch(PAGE)


@pytest.mark.parametrize(
    ("status", "error", "retryable"),
    [
        (404, errors.NotThere, False),
        (410, errors.NotThere, False),
        (401, errors.RefusedUs, False),
        (403, errors.RefusedUs, False),
        (451, errors.RefusedUs, False),
        (418, errors.UnexpectedStatus, False),
        (304, errors.UnexpectedStatus, False),
        (429, errors.Busy, True),
        (503, errors.Busy, True),
        (500, errors.ServerFault, True),
        (502, errors.ServerFault, True),
    ],
)
def test_statuses(
    public_web: PublicWeb, status: int, error: type[errors.FetchError], retryable: bool
) -> None:
    public_web.site.fault("/page", "status", status=status)
    with pytest.raises(error) as caught:
        http.fetch(PAGE)
    assert caught.value.retryable is retryable
    assert str(status) in str(caught.value)


def _http_date(seconds: int) -> str:
    return format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("7", 7, 7), (90, 30, 91), (-90, 0, 0), ("9999999", 86400, 86400)],
)
def test_retry_after_is_read_in_both_forms(
    public_web: PublicWeb, value: str | int, low: float, high: float
) -> None:
    asked = _http_date(value) if isinstance(value, int) else value
    public_web.site.fault("/page", "too_many", retry_after=asked)
    with pytest.raises(errors.Busy) as caught:
        http.fetch(PAGE)
    assert caught.value.retry_after is not None
    assert low <= caught.value.retry_after <= high


@pytest.mark.parametrize("value", ["soon", "-5", "", "1e9"])
def test_nonsense_in_retry_after_is_no_wait(public_web: PublicWeb, value: str) -> None:
    public_web.site.fault("/page", "too_many", retry_after=value)
    with pytest.raises(errors.Busy) as caught:
        http.fetch(PAGE)
    assert caught.value.retry_after is None


def test_json_bombs_are_unreadable_rather_than_fatal(public_web: PublicWeb) -> None:
    for body in (b"[" * 200_000, b"9" * 10_000, b'{"a": \xff}', b""):
        public_web.site.route("/page", lambda seen, body=body: Reply(body))  # type: ignore[misc]  # early binding
        with pytest.raises(errors.Unreadable):
            http.fetch(PAGE).json()


def test_head_brings_headers_alone(public_web: PublicWeb) -> None:
    answer = http.request("HEAD", "http://gazette.test/bridge")
    assert answer.ok
    assert answer.content == b""
    assert answer.content_type == "text/html"


# --- TLS -------------------------------------------------------------------------------------------------------


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server context with a certificate for ``name``, and a client context that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = folder / "chain.pem"
    chain.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
def secure_web(tmp_path: Path) -> Iterator[tuple[PublicWeb, list[str]]]:
    server, client = _certificate(tmp_path, "gazette.test")
    asked: list[str] = []
    server.sni_callback = lambda sock, name, context: asked.append(str(name))
    with PublicWeb(server_tls=server, client_tls=client) as web, http.using(web.client):
        yield web, asked


def test_tls_is_verified_by_name_though_the_address_is_dialled(
    secure_web: tuple[PublicWeb, list[str]],
) -> None:
    web, asked = secure_web
    assert http.fetch("https://gazette.test/bridge").ok
    assert asked == ["gazette.test"]
    assert web.dialled[0][1] == 443


def test_a_certificate_for_another_name_is_refused(secure_web: tuple[PublicWeb, list[str]]) -> None:
    web, _ = secure_web
    with pytest.raises(errors.CertificateRefused):
        http.fetch("https://other.test/bridge")
    assert web.site.seen == []


# --- text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "declared", "text"),
    [
        ("Süß".encode(), "", "Süß"),
        ("Süß".encode("utf-8-sig"), "text/html; charset=iso-8859-1", "Süß"),
        ("Süß".encode("cp1252"), "", "Süß"),
        ("“Süß”".encode("cp1252"), "text/html; charset=ISO-8859-1", "“Süß”"),
        ("Šaty".encode("iso8859-2"), 'text/html; charset="iso-8859-2"', "Šaty"),
        ("Привет".encode("koi8-r"), "text/plain; charset=koi8-r", "Привет"),
        ("Hello there".encode("utf-16"), "", "Hello there"),
        ("Hello there".encode("utf-16-le"), "", "Hello there"),
        ("Hello there".encode("utf-16-be"), "", "Hello there"),
        (
            b'<meta charset="windows-1251">' + "Москва".encode("cp1251"),
            "text/html",
            '<meta charset="windows-1251">Москва',
        ),
        ("日本語".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語"),
        (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),
        (b"\\u003cscript\\u003e", "text/html; charset=unicode_escape", "\\u003cscript\\u003e"),
        (b"a\0b", "", "ab"),
    ],
)
def test_bytes_become_the_text_that_was_meant(content: bytes, declared: str, text: str) -> None:
    assert decode(content, declared) == text


def test_no_bytes_make_decoding_fail() -> None:
    import random

    source = random.Random(4)
    for _ in range(300):
        declared = (
            f"text/html; charset={source.choice(['utf-8', 'euc-jp', 'big5', 'utf-16', 'zip', 'nonsense'])}"
        )
        decode(source.randbytes(source.randrange(60)), declared).encode("utf-8", "strict")


def test_limits_have_the_documented_values() -> None:
    limits: Any = Limits()
    assert (limits.seconds, limits.body_bytes, limits.redirects) == (10.0, 5_000_000, 3)
