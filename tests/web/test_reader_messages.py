"""Readers report errors; the desk answers them. Check 42 of publishing.md."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from rest_framework.test import APIClient

from claims.domain import evidence, limits, reader_messages, tokens
from claims.exceptions import Conflict, InvalidInput
from claims.models import AuditEvent, Claim, Correction, Notification, OutboxMessage, ReaderMessage, Report
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.publishing]

GOOD = {
    "about": "fact", "passage": "fallen by 27 per cent", "text": "It was 29 per cent, see the annual report.",
    "link": "https://port.example/annual", "email": "reader@mail.example", "website": "",
}  # fmt: skip


@pytest.fixture
def published(claim_in: Callable[..., Claim]) -> Report:
    return Report.objects.get(claim=claim_in("published"))


@pytest.fixture
def form(published: Report) -> str:
    return reverse("report-error", args=[published.slug])


def mails() -> list[dict[str, Any]]:
    rows = OutboxMessage.objects.filter(kind="mail", key__startswith="mail:reader").order_by("pk")
    return [row.payload for row in rows]


def test_a_reader_gets_a_number_a_day_and_a_page(client: Client, form: str, published: Report) -> None:
    """Check 42: works without JavaScript, receipt number and page, due date, mail."""
    page = client.get(form).content.decode()
    assert "<script" not in page
    answer = client.post(form, GOOD)
    message = ReaderMessage.objects.get()
    assert answer.status_code == 302
    receipt = client.get(answer["Location"]).content.decode()
    assert message.number in receipt
    assert f"{message.due_at:%Y}" in receipt
    assert message.due_at.date() == (timezone.now() + timedelta(days=14)).date()
    assert re.fullmatch(r"\d{4}-\d{3}", message.number)
    assert message.report_version == 1
    (mail,) = mails()
    assert mail["to"] == ["reader@mail.example"]
    assert message.number in mail["subject"]
    assert answer["Location"] in mail["body"]
    assert client.get(reverse("message-receipt", args=["guessed"])).status_code == 404


def test_nobodys_mailbox_is_filled_from_many_places(form: str, published: Report) -> None:
    """Anybody can leave anybody's address; the message is taken in and has its page all the same."""
    for n in range(8):
        sent = {**GOOD, "email": ("reader@mail.example", "Reader@Mail.example")[n % 2]}
        answer = Client(REMOTE_ADDR=f"198.51.100.{n}").post(form, sent)
        assert answer.status_code == 302
    assert ReaderMessage.objects.count() == 8
    assert len(mails()) == 5


def test_the_desk_is_told_and_no_address_enters_the_history(
    client: Client, form: str, editor: User, published: Report
) -> None:
    client.post(form, GOOD)
    assert Notification.objects.filter(person=editor, kind="reader.message").exists()
    event = AuditEvent.objects.get(action="reader.message")
    assert "mail.example" not in str(event.data)
    assert event.actor is None
    assert "127.0.0.1" not in str(ReaderMessage.objects.values().get())


def test_all_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(
    client: Client, form: str, published: Report
) -> None:
    typed = {
        "about": "",
        "passage": "p" * 1001,
        "text": "short",
        "link": "port.example",
        "email": "reader@",
        "website": "",
    }
    answer = client.post(form, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    summary = page.partition('id="error-summary"')[2].partition("</div>")[0]
    assert 'tabindex="-1" autofocus' in page
    linked = re.findall(r'<a href="#([^"]+)">', summary)
    assert linked == ["id_about", "id_passage", "id_text", "id_link", "id_email"]
    assert all(f'id="{place}"' in page for place in linked)
    assert all(f'id="{place}-error"' in page for place in linked)
    assert all(escape(value) in page for value in typed.values())
    assert not ReaderMessage.objects.exists()
    del typed["website"]
    told = APIClient().post(
        f"/api/v1/reports/{published.slug}/errors/", {**typed, "about": "fact"}, format="json"
    )
    assert [error["field"] for error in told.json()["errors"]] == ["passage", "text", "link", "email"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("about", "", "Choose what is wrong"), ("text", "short", "Say what it should be"),
     ("text", "x" * 5001, "longer than 5000"), ("link", "javascript:alert(1)", "begins with http"),
     ("link", "https://no site/page", "names a site"), ("link", "https://me:word@site.example/", "user name or password"),
     ("email", "nobody", "e-mail address"), ("website", "https://spam.example", "stay empty")],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: Client, form: str, field: str, value: str, said: str
) -> None:
    """Check 42: 422 with a summary; the honeypot keeps programs out."""
    answer = client.post(form, {**GOOD, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "There is a problem" in page
    assert "fallen by 27 per cent" in page
    assert not ReaderMessage.objects.exists()


def test_a_flood_from_one_address_is_slowed_down(
    client: Client, form: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check 42: rate-limited, for everybody behind that address and nobody else."""
    settings.READER_MESSAGES_PER_HOUR = 2
    assert [client.post(form, GOOD).status_code for _try in range(3)] == [302, 302, 429]
    assert ReaderMessage.objects.count() == 2
    assert Client(REMOTE_ADDR="198.51.100.7").post(form, GOOD).status_code == 302
    later = time.time() + 2 * 3600
    monkeypatch.setattr(limits, "_now", lambda: later)
    assert client.post(form, GOOD).status_code == 302


def test_a_form_from_elsewhere_is_refused(form: str) -> None:
    assert Client(enforce_csrf_checks=True).post(form, GOOD).status_code == 403


def test_the_list_shows_what_is_late(
    client: Client, form: str, as_user: Callable[[User], Client], viewer: User
) -> None:
    """Check 42: the due date is visible to the desk, the most urgent first."""
    client.post(form, GOOD)
    client.post(form, {**GOOD, "text": "A second thing that is wrong."})
    late = ReaderMessage.objects.get(text__startswith="A second")
    ReaderMessage.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    page = as_user(viewer).get(reverse("reader-messages")).content.decode()
    assert page.index("A second thing") < page.index("It was 29 per cent")
    assert page.count("late: was due on") == 1
    assert page.count("due on") == 2


def test_rejecting_without_a_reason_is_refused(
    client: Client, form: str, as_user: Callable[[User], Client], reviewer: User, viewer: User
) -> None:
    """Check 42: on the web and over the API; with one, the outcome is mailed and stands on the receipt."""
    client.post(form, GOOD)
    message = ReaderMessage.objects.get()
    url = reverse("reader-message", args=[message.pk])
    desk = as_user(reviewer)
    refused = desk.post(url, {"outcome": "rejected", "answer": "  "})
    assert refused.status_code == 422
    assert "Give the reason" in refused.content.decode()
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(reviewer, 'x', scope='desk')[1]}")
    sent = {"outcome": "rejected", "answer": ""}
    assert api.post(f"/api/v1/reader-messages/{message.pk}/answer/", sent).status_code == 400
    assert as_user(viewer).post(url, {"outcome": "known", "answer": "We know."}).status_code == 403
    assert ReaderMessage.objects.get().closed_at is None

    desk.post(url, {"outcome": "rejected", "answer": "The annual report counts lorries twice."})
    assert (
        "counts lorries twice"
        in client.get(reverse("message-receipt", args=[message.token])).content.decode()
    )
    assert "counts lorries twice" in mails()[-1]["body"]
    assert "Nothing changed" in mails()[-1]["subject"]
    with pytest.raises(Conflict, match="has answered this message already"):
        reader_messages.close(message.pk, actor=reviewer, outcome="known", answer="Again.")


def test_a_message_can_lead_to_a_correction(
    client: Client, form: str, as_user: Callable[[User], Client], editor: User, published: Report
) -> None:
    client.post(form, {**GOOD, "email": ""})
    message = ReaderMessage.objects.get()
    url = reverse("reader-correct", args=[message.pk])
    version = Claim.objects.get(pk=published.claim_id).version
    desk = as_user(editor)
    missing = desk.post(url, {"version": version})
    assert missing.status_code == 422
    assert "kind of correction is missing" in missing.content.decode()
    answer = desk.post(url, {"kind": "correction", "version": version})
    assert answer["Location"] == reverse("claim", args=[published.claim_id])
    assert Claim.objects.get(pk=published.claim_id).status == "correcting"
    correction = Correction.objects.get()
    assert ReaderMessage.objects.get().correction == correction
    assert message.number in correction.reason
    reader_messages.close(message.pk, actor=editor, outcome="corrected", answer="It now says 29 per cent.")
    assert mails() == []  # no address was left


def test_the_api_takes_messages_from_anybody_and_shows_no_addresses(published: Report, viewer: User) -> None:
    url = f"/api/v1/reports/{published.slug}/errors/"
    sent = {"about": "source", "text": "The second source is a copy of the first.", "email": "r@mail.example"}
    made = APIClient().post(url, sent)
    assert made.status_code == 201, made.data
    assert made.data["receipt"].endswith(reverse("message-receipt", args=[ReaderMessage.objects.get().token]))
    assert APIClient().get("/api/v1/reader-messages/").status_code in {401, 403}
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(viewer, 'x', scope='read')[1]}")
    listed = api.get("/api/v1/reader-messages/").data["results"]
    assert [row["number"] for row in listed] == [made.data["number"]]
    assert "mail.example" not in str(listed)
    assert listed[0]["wants_answer"] is True


def test_lists_cost_the_same_however_long_they_are(
    client: Client, form: str, as_user: Callable[[User], Client], viewer: User, django_assert_num_queries: Any
) -> None:
    desk = as_user(viewer)
    client.post(form, GOOD)
    counts = []
    for _round in range(2):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        desk.get(reverse("reader-messages"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("reader-messages"))
        counts.append(len(queries))
        client.post(form, GOOD)
        client.post(form, GOOD)
    assert counts[0] == counts[1]


def test_only_published_reports_have_a_form(client: Client, claim_in: Callable[..., Claim]) -> None:
    claim_in("approved")
    assert client.get("/reports/traffic-fell-by-less-than-a-third/report-an-error/").status_code == 404


def test_two_numbers_are_never_the_same(client: Client, form: str, published: Report) -> None:
    client.post(form, GOOD)
    taken = ReaderMessage.objects.get().number
    year, count = taken.split("-")
    ReaderMessage.objects.filter(number=taken).update(number=f"{year}-{int(count) + 1:03d}")
    made = reader_messages.receive(published, about="other", text="Something else is wrong.")
    assert made.number != ReaderMessage.objects.order_by("pk")[0].number
    with pytest.raises(InvalidInput):
        reader_messages.close(987_654, actor=factories.person("rae", "reviewer"), outcome="known", answer="x")


def test_behind_a_proxy_one_reader_does_not_use_up_the_messages_of_all(
    client: Client, form: str, settings: Any
) -> None:
    settings.PROXY_COUNT = 1
    settings.READER_MESSAGES_PER_HOUR = 2
    told = [
        client.post(form, GOOD, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.9").status_code
        for n in range(3)
    ]
    assert told == [302, 302, 429]
    assert client.post(form, GOOD, HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 302


@pytest.mark.parametrize("link", ["http://[", "https://a]b/", "http://[x]/"])
def test_an_address_that_cannot_be_read_is_refused_and_breaks_nothing(
    client: Client, form: str, link: str, published: Report, editor: User
) -> None:
    answer = client.post(form, {**GOOD, "link": link})
    assert answer.status_code == 422
    assert "begins with http" in answer.content.decode()
    assert client.get(reverse("oembed"), {"url": link}).status_code == 404
    opened = {"kind": "correction"}
    claim = factories.move(published.claim, "open_correction", editor, reason="Seen.", payload=opened)
    fields = {"title": "Count", "url": link, "stance": "supports", "kind": "primary"}
    with pytest.raises(InvalidInput):
        evidence.add_evidence(claim.pk, actor=editor, fields=fields)
