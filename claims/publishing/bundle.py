"""The replicability bundle: a report with all that it rests on, in one zip.

A manifest names each file with its size and SHA-256; :func:`verify` checks the
zip against it, the hash of every version and the chain between them, and each
snapshot against the hash in its name. The same contents give the same bytes.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from claims.publishing import canonical

FORMAT: Final = "bundle/1"
MANIFEST: Final = "manifest.json"
MAX_FILE: Final = 512 << 20
"""Bytes that one file of a bundle may have unpacked."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SNAPSHOT = re.compile(r"^snapshots/([0-9a-f]{64})(\.[A-Za-z0-9]{1,8})?$")
_VERSION = re.compile(r"^versions/(\d+)\.json$")
_UNREADABLE: Final = (
    ValueError,
    RecursionError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
)
_SAFE_NAME = re.compile(r"^(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/-]+$")
_README: Final = """This file holds a verdict report and all that it rests on.

claim.json         the claim, its place in the article and the SHA-256 of the article
article.txt        the article's text; the places count its Unicode code points
report.json        the report as published, in canonical form
versions/          every version; each names the SHA-256 of the one before
claimreview.jsonld the markup for machines (absent for a withdrawn report)
prov.json          where everything comes from (W3C PROV)
evidence.ndjson    the sources, one a line
steps.ndjson       what each step was given and what it found
audit.ndjson       who did what, when
snapshots/         copies of sources, each named by its SHA-256
manifest.json      size and SHA-256 of every file; check them with any SHA-256 tool
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version: its canonical JSON and the hash of the version before it."""

    number: int
    document_json: str
    previous_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a bundle that is not as it should be."""

    file: str
    message: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.file}: {self.message}"


def write(
    target: IO[bytes],
    *,
    versions: Iterable[Version],
    files: Mapping[str, bytes | str] | None = None,
    snapshots: Iterable[tuple[str, bytes]] = (),
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
) -> None:
    """Write a bundle.

    Args:
        target: a seekable binary file.
        versions: all versions, oldest first; the last one is the report.
        files: further files by name, such as ``claimreview.jsonld`` and ``prov.json``.
        snapshots: pairs of a suffix (".html") and the bytes that the desk holds.
        rows: lists to be written as lines of JSON, by name without suffix
            ("evidence", "steps", "audit").

    Raises:
        ValueError: if there is no version, or a name could lead out of the folder.
    """
    stored = list(versions)
    if not stored:
        raise ValueError("a bundle needs at least one version")
    if any(canonical.dumps(json.loads(item.document_json)) != item.document_json for item in stored):
        raise ValueError("a version is not in canonical form, so its hash could not be checked")
    listing: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in _contents(stored, files or {}, snapshots, rows or {}):
            if name in listing:
                continue
            _put(bundle, name, data)
            listing[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        manifest = {"format": FORMAT, "files": listing, "versions": len(stored)}
        _put(bundle, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())


def verify(path: str | Path | IO[bytes]) -> list[Problem]:
    """Everything that is wrong with a bundle; an empty list means that it is whole."""
    try:
        with zipfile.ZipFile(path) as bundle:
            return list(_problems(bundle))
    except (*_UNREADABLE, OSError, RuntimeError) as error:
        return [Problem(str(getattr(path, "name", path)), f"cannot be opened: {error}")]


def _contents(
    versions: list[Version],
    files: Mapping[str, bytes | str],
    snapshots: Iterable[tuple[str, bytes]],
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _README.encode()
    yield "report.json", versions[-1].document_json.encode()
    for version in versions:
        envelope = {
            "number": version.number,
            "previous_sha256": version.previous_sha256,
            "sha256": hashlib.sha256(version.document_json.encode()).hexdigest(),
            "document": json.loads(version.document_json),
        }
        yield f"versions/{version.number}.json", canonical.dumps(envelope).encode()
    for name, items in rows.items():
        yield f"{name}.ndjson", "".join(f"{canonical.dumps(dict(item))}\n" for item in items).encode()
    for name, data in files.items():
        yield name, data.encode() if isinstance(data, str) else data
    for suffix, data in snapshots:
        yield f"snapshots/{hashlib.sha256(data).hexdigest()}{suffix}", data


def _put(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    if not _SAFE_NAME.match(name):
        raise ValueError(f"{name!r} cannot be the name of a file in a bundle")
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, data)


def _problems(bundle: zipfile.ZipFile) -> Iterator[Problem]:
    names = bundle.namelist()
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(name, "is in the zip twice")
    for name in sorted({name for name in names if not _SAFE_NAME.match(name)}):
        yield Problem(name, "has a name that could lead out of the folder")
    try:
        manifest = _manifest(bundle)
    except ValueError as error:
        yield Problem(MANIFEST, str(error))
        return
    for name in sorted(set(names) - manifest.keys() - {MANIFEST}):
        yield Problem(name, "is not in the manifest")
    for name, entry in sorted(manifest.items()):
        yield from _file_problems(bundle, name, entry)
    yield from _version_problems(bundle, manifest)


def _manifest(bundle: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads(_read(bundle, MANIFEST))
    except KeyError:
        raise ValueError("is missing") from None
    except _UNREADABLE as error:
        raise ValueError(f"cannot be read: {error}") from error
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, dict) or data.get("format") != FORMAT:
        raise ValueError(f"is not of the form {FORMAT}")
    if not all(isinstance(entry, dict) for entry in files.values()):
        raise ValueError("lists a file without size and hash")
    return files


def _file_problems(bundle: zipfile.ZipFile, name: str, entry: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        digest, size = _digest(bundle, name)
    except KeyError:
        yield Problem(name, "is in the manifest but not in the zip")
        return
    except _UNREADABLE as error:
        yield Problem(name, f"cannot be read: {error}")
        return
    if size != entry.get("bytes"):
        yield Problem(name, f"has {size} bytes, the manifest says {entry.get('bytes')}")
    if digest != entry.get("sha256"):
        yield Problem(name, f"has SHA-256 {digest}, the manifest says {entry.get('sha256')}")
    snapshot = _SNAPSHOT.match(name)
    if name.startswith("snapshots/") and (snapshot is None or snapshot[1] != digest):
        yield Problem(name, "is not the copy that its name says")


def _version_problems(bundle: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Each version has the hash that it claims, names the one before, and the last is the report."""
    numbers = sorted(int(match[1]) for name in manifest if (match := _VERSION.match(name)))
    if not numbers:
        yield Problem("versions/", "holds no version")
        return
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem("versions/", f"has a gap: {', '.join(map(str, numbers))}")
    before, last = "", ""
    for number in numbers:
        name = f"versions/{number}.json"
        try:
            envelope = json.loads(_read(bundle, name))
            text = canonical.dumps(envelope["document"])
            claimed, previous = envelope["sha256"], envelope["previous_sha256"]
        except (KeyError, TypeError, *_UNREADABLE) as error:
            yield Problem(name, f"cannot be read: {error}")
            return
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != claimed:
            yield Problem(name, f"has SHA-256 {digest}, but says {claimed}")
        if previous != before:
            yield Problem(name, "does not follow from the version before it")
        before, last = digest, text
    yield from _report_problem(bundle, last)


def _report_problem(bundle: zipfile.ZipFile, last: str) -> Iterator[Problem]:
    try:
        same = _read(bundle, "report.json") == last.encode()
    except (KeyError, *_UNREADABLE):
        same = False
    if not same:
        yield Problem("report.json", "is not the last version")


def _read(bundle: zipfile.ZipFile, name: str) -> bytes:
    if bundle.getinfo(name).file_size > MAX_FILE:
        raise ValueError("is larger than a bundle may hold")
    return bundle.read(name)


def _digest(bundle: zipfile.ZipFile, name: str) -> tuple[str, int]:
    """Hash and size, read piece by piece; stops at the limit, whatever the header says."""
    digest, size = hashlib.sha256(), 0
    with bundle.open(name) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            if size > MAX_FILE:
                raise ValueError("is larger than a bundle may hold")
    return digest.hexdigest(), size
