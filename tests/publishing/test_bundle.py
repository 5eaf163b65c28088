"""The replicability bundle: whole when written, and any tampering is seen."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from claims.publishing import bundle
from tests.publishing import samples

SNAPSHOT = b"<html>accounts</html>"
SNAPSHOT_NAME = f"snapshots/{hashlib.sha256(SNAPSHOT).hexdigest()}.html"


def written(**changes: object) -> bytes:
    first, second = samples.report(), samples.corrected()
    file = io.BytesIO()
    bundle.write(
        file,
        versions=[
            bundle.Version(1, first.to_json()),
            bundle.Version(2, second.to_json(), first.sha256()),
        ],
        files={"claimreview.jsonld": "{}", "prov.json": b"{}"},
        snapshots=[(".html", SNAPSHOT), (".html", SNAPSHOT)],
        rows={"evidence": [{"number": 1}], "steps": [], "audit": [{"at": "2026-11-20", "act": "publish"}]},
    )
    return file.getvalue()


def changed(
    data: bytes, change: Callable[[dict[str, bytes]], object], *, honest_manifest: bool = False
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    if honest_manifest:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
            for name, body in files.items()
            if name != "manifest.json"
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, body in files.items():
            new.writestr(name, body)
    return out.getvalue()


def test_a_fresh_bundle_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(written())
    assert bundle.verify(path) == []
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        assert SNAPSHOT_NAME in opened.namelist()
        assert opened.read("report.json").decode() == samples.corrected().to_json()
        assert opened.read("steps.ndjson") == b""


def test_the_same_contents_give_the_same_bytes() -> None:
    assert written() == written()


def swap(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "honest", "file", "words"),
    [
        (swap("report.json", b"70", b"90"), False, "report.json", "SHA-256"),
        (swap("report.json", b"70", b"90"), True, "report.json", "not the last version"),
        (swap("versions/1.json", b"70", b"90"), True, "versions/1.json", "but says"),
        (swap("audit.ndjson", b"publish", b"delete!"), False, "audit.ndjson", "SHA-256"),
        (swap(SNAPSHOT_NAME, b"accounts", b"nothing!"), True, SNAPSHOT_NAME, "its name"),
        (lambda files: files.pop("audit.ndjson"), False, "audit.ndjson", "not in the zip"),
        (lambda files: files.pop("manifest.json"), False, "manifest.json", "missing"),
        (lambda files: files.pop("versions/1.json"), True, "versions/", "gap"),
        (lambda files: files.update(extra=b"x"), False, "extra", "not in the manifest"),
        (lambda files: files.update({"../evil": b"x"}), False, "../evil", "out of the folder"),
        (lambda files: files.update({"manifest.json": b"[]"}), False, "manifest.json", "form"),
        (lambda files: files.update({"versions/2.json": b"{}"}), True, "versions/2.json", "cannot be read"),
    ],
)
def test_tampering_is_seen(
    change: Callable[[dict[str, bytes]], object], honest: bool, file: str, words: str
) -> None:
    problems = bundle.verify(io.BytesIO(changed(written(), change, honest_manifest=honest)))
    assert any(problem.file == file and words in problem.message for problem in problems), problems


def test_a_rewritten_first_version_breaks_the_chain() -> None:
    def rewrite(files: dict[str, bytes]) -> None:
        envelope = json.loads(files["versions/1.json"])
        text = samples.report(headline="Rewritten").to_json()
        envelope |= {"document": json.loads(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        files["versions/1.json"] = json.dumps(envelope).encode()

    problems = bundle.verify(io.BytesIO(changed(written(), rewrite, honest_manifest=True)))
    assert [(problem.file, problem.message) for problem in problems] == [
        ("versions/2.json", "does not follow from the version before it")
    ]


def test_a_first_version_follows_nothing() -> None:
    file = io.BytesIO()
    bundle.write(file, versions=[bundle.Version(1, samples.report().to_json(), "ab" * 32)])
    (problem,) = bundle.verify(file)
    assert problem.file == "versions/1.json"


@pytest.mark.parametrize("data", [b"", b"no zip", written()[:200]])
def test_what_is_no_zip(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    (problem,) = bundle.verify(path)
    assert "cannot be opened" in problem.message


def test_every_flipped_byte_is_seen() -> None:
    data = bytearray(written())
    for position in range(40, len(data) - 1000, 397):
        flipped = data.copy()
        flipped[position] ^= 0xFF
        if bundle.verify(io.BytesIO(bytes(flipped))) == []:
            with (
                zipfile.ZipFile(io.BytesIO(bytes(flipped))) as left,
                zipfile.ZipFile(io.BytesIO(bytes(data))) as right,
            ):
                assert [left.read(name) for name in left.namelist()] == [
                    right.read(n) for n in right.namelist()
                ]


def test_what_cannot_be_bundled() -> None:
    with pytest.raises(ValueError, match="at least one version"):
        bundle.write(io.BytesIO(), versions=[])
    version = bundle.Version(1, samples.report().to_json())
    with pytest.raises(ValueError, match="name of a file"):
        bundle.write(io.BytesIO(), versions=[version], files={"../x": b""})
    with pytest.raises(ValueError, match="canonical"):
        bundle.write(io.BytesIO(), versions=[bundle.Version(1, '{"b": 1}')])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    version = bundle.Version(1, samples.report().to_json())
    bundle.write(file, versions=[version], files={"big.txt": b"0" * 2_000_000})
    assert bundle.verify(file) == []
    monkeypatch.setattr(bundle, "MAX_FILE", 1_000_000)
    assert bundle.verify(file) == [
        bundle.Problem("big.txt", "cannot be read: is larger than a bundle may hold")
    ]
