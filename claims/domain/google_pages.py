"""Pushing reports into Google's Fact Check Tools: promised with the change, off until credentials are set.

Whoever pushes gives the data to Data Commons; the page on operations says so.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import outbox
from claims.enums import StepOutcome
from claims.integrations import google_pages
from claims.integrations.google_pages import Pushed
from claims.models import AuditEvent, Claim, GooglePage, OutboxMessage, Report
from claims.publishing.document import ReportDocument
from claims.publishing.exports.google import to_google_pages


def report_changed(claim: Claim, event: AuditEvent) -> None:
    """Promise a push where it is set up; called by the door, in its transaction."""
    if google_pages.configured():
        outbox.put(f"google:{event.pk}", "google", {"claim": claim.pk})


def push(report: Report) -> Pushed:
    """Bring Google's page in line with the version that stands; the same version is not sent twice."""
    assert report.current_version is not None, "only published reports are pushed"
    document = ReportDocument.from_json(report.current_version.document)
    known = GooglePage.objects.filter(report=report).first()
    if not google_pages.configured():
        return google_pages.not_configured()
    if known and known.pushed_sha256 == report.current_version.sha256:
        return Pushed(StepOutcome.FOUND, _("This version was sent before."), known.name, known.version_id)
    resource = to_google_pages(document)
    name = known.name if known else ""
    pushed = google_pages.put(resource, name=name) if resource else google_pages.delete(name, document.url)
    if pushed.done:
        GooglePage.objects.update_or_create(
            report=report,
            defaults={
                "name": pushed.name,
                "version_id": pushed.version_id,
                "pushed_sha256": report.current_version.sha256,
                "pushed_at": timezone.now(),
            },
        )
    return pushed


def send(message: OutboxMessage) -> None:
    """Push the version that stands now, whichever it was when the push was promised.

    Raises:
        outbox.Later: Google was busy or away.
        outbox.Undeliverable: it refused, or the push is not set up any more.
    """
    report = (
        Report.objects.public()
        .select_related("current_version")
        .filter(claim=message.payload["claim"])
        .first()
    )
    if report is None:
        return
    pushed = push(report)
    if pushed.done:
        return
    if pushed.retryable:
        raise outbox.Later(pushed.note, pushed.retry_after)
    raise outbox.Undeliverable(pushed.note)
