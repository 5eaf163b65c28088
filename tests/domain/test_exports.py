"""Files made by command: the same reports as the pages, and a bundle that can be checked without the desk."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator

from claims.domain import bundles
from claims.exceptions import NotAllowed
from claims.models import Claim, Evidence, Report, Snapshot
from claims.publishing import bundle
from tests.factories import move

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def published(claim_in: Callable[..., Claim]) -> Report:
    return Report.objects.get(claim=claim_in("published"))


def run(*args: Any) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson", "jsonld", "datafeed"])
def test_export_writes_every_form(form: str, published: Report, tmp_path: Path) -> None:
    path = tmp_path / "out"
    run("export", "--format", form, "--output", path)
    assert path.stat().st_size > 300
    run("export", "--format", form, "--search", "nothing-like-this", "--output", path)
    assert published.slug.encode() not in path.read_bytes()


def test_export_of_single_files_and_of_claims(published: Report, tmp_path: Path) -> None:
    run("export", "--format", "html", "--output", tmp_path)
    assert '<h1 dir="auto">Traffic fell' in (tmp_path / f"{published.slug}-report.html").read_text()
    run("export", published.slug, "--format", "markdown", "--output", tmp_path / "one.md")
    assert (tmp_path / "one.md").read_text().startswith("# Traffic fell")
    run(
        "export",
        "--what",
        "claims",
        "--status",
        "published",
        "--format",
        "ndjson",
        "--output",
        tmp_path / "c",
    )
    assert [json.loads(line)["id"] for line in (tmp_path / "c").read_text().splitlines()] == [
        published.claim_id
    ]
    for wrong in (
        ["nowhere", "--format", "csv"],
        ["--format", "html"],
        ["--what", "claims", "--format", "pdf"],
    ):
        with pytest.raises(CommandError):
            run("export", *wrong)


def test_google_pages_have_the_shape_of_the_api(published: Report) -> None:
    """Check 20, first half."""
    schema = json.loads((ROOT / "claims/publishing/exports/google_pages.schema.json").read_text())
    page = json.loads(run("export_google_pages", published.slug))
    Draft202012Validator(schema).validate(page)
    assert page["claimReviewMarkups"][0]["rating"]["textualRating"] == "Mostly false"
    with pytest.raises(CommandError):
        run("export_google_pages", "nowhere")


def with_a_copy(published: Report) -> Snapshot:
    copy = Snapshot.objects.create(
        sha256="0a4d55a8d778e5022fab701977c5d840bbc486d0e6f4ad6a1f6c9d1d4d0a2d2f", content=b"<p>22,400 vehicles</p>",
        content_type="text/html; charset=utf-8", taken_at=timezone.now(),
    )  # fmt: skip
    Evidence.objects.filter(claim=published.claim_id, number=1).update(
        snapshot=copy, archive_state="own_copy"
    )
    return copy


def test_a_bundle_holds_everything_and_can_be_checked(
    published: Report, editor: User, second_reader: User, tmp_path: Path
) -> None:
    move(published.claim, "open_correction", editor, reason="x", payload={"kind": "clarification"})
    move(published.claim, "publish_correction", second_reader, payload={"public_note": "Clearer."})
    with_a_copy(published)
    path = tmp_path / "bundle.zip"
    run("export_bundle", published.slug, "--output", path)
    assert "whole" in run("verify_bundle", path)
    with zipfile.ZipFile(path) as made:
        names = set(made.namelist())
        assert {
            "versions/1.json",
            "versions/2.json",
            "claimreview.jsonld",
            "prov.json",
            "article.txt",
        } <= names
        assert any(name.startswith("snapshots/") and name.endswith(".html") for name in names)
        lines = {
            part: [json.loads(line) for line in made.read(f"{part}.ndjson").splitlines()]
            for part in ("evidence", "audit", "steps")
        }
        claim = json.loads(made.read("claim.json"))
        assert made.read("article.txt").decode()[claim["start"] : claim["end"]] == claim["quote"]
        everything = b"".join(made.read(name) for name in names)
    assert [row["number"] for row in lines["evidence"]] == [1, 2]
    assert lines["audit"][0]["sequence"] == 1
    assert {"claim.publish", "claim.publish_correction"} <= {row["action"] for row in lines["audit"]}
    assert b"@desk.example" not in everything


def test_a_changed_bundle_is_seen(published: Report, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    run("export_bundle", published.slug, "--output", path)
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["evidence.ndjson"] = parts["evidence.ndjson"].replace(b"22,400", b"92,400")
    with zipfile.ZipFile(path, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert [problem.file for problem in bundle.verify(path)] == ["evidence.ndjson"]
    with pytest.raises(CommandError):
        run("verify_bundle", path)


def test_the_button_is_for_editors(
    published: Report, editor: User, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    address = reverse("claim-bundle", args=[published.claim_id])
    page = reverse("claim", args=[published.claim_id])
    assert address in as_user(editor).get(page).content.decode()
    assert address not in as_user(reviewer).get(page).content.decode()
    answer = as_user(editor).post(address)
    assert bundle.verify(io.BytesIO(b"".join(answer.streaming_content))) == []
    assert as_user(reviewer).post(address).status_code == 403
    with pytest.raises(NotAllowed):
        bundles.make(published, actor=reviewer)
