"""A checker's day: what is late, who mentioned them, remarks on a passage, sources in another order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.domain import assignment, claims, desk, queries, seen
from claims.enums import ClaimStatus
from claims.exceptions import NotAllowed
from claims.models import AuditEvent, Authorship, Claim, Evidence, Verdict
from claims.templatetags.claims_tags import mending_address
from tests import factories
from tests.web import rows

LogIn = Callable[[User], Client]


def test_what_is_late_has_a_list_of_its_own_before_the_rest(
    editor: User, reviewer: User, as_user: LogIn
) -> None:
    made = rows.claims(4, rows.article(1, editor), ClaimStatus.ASSIGNED, assignee=reviewer)
    Claim.objects.filter(pk=made[3].pk).update(due_at=timezone.now() - timedelta(days=2))
    page = as_user(reviewer).get(reverse("my-work"))
    # The one that is late longest is the next thing to do and stands on top; two more are late, one has time.
    assert page.context["work"].next == made[3]
    assert page.context["late"] == made[:2]
    assert page.context["assigned"] == [made[2]]
    assert "2 days late" in page.content.decode()


def test_a_mention_waits_in_my_work_until_it_is_done(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    remark = claims.add_comment(claim.pk, actor=reviewer, text="@tomas is page 3 the right one?")
    client = as_user(second_reader)
    page = client.get(reverse("my-work")).content.decode()
    assert "You were mentioned" in page
    assert "is page 3 the right one?" in page
    third = factories.person("mara", "reviewer")
    with pytest.raises(NotAllowed):
        claims.settle_comment(remark.pk, actor=third)
    form = {"next": reverse("my-work")}
    page = client.post(reverse("comment-done", args=[remark.pk]), form, follow=True).content.decode()
    assert "Marked as done." in page
    assert "You were mentioned" not in page
    assert AuditEvent.objects.filter(claim=claim, action="comment.settled").count() == 1
    assert "done" in client.get(reverse("claim", args=[claim.pk])).content.decode()


def test_a_mention_does_not_tell_what_a_second_reader_should_not_know(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    desk.save_settings(actor=editor, fields={"blind_second_rating": True})
    claim = claim_in("in_review")
    claims.add_comment(claim.pk, actor=reviewer, text="@tomas I say mostly false")
    page = as_user(second_reader).get(reverse("my-work")).content.decode()
    assert "once you have rated the claim" in page
    assert "I say mostly false" not in page


def test_a_remark_says_when_its_words_are_gone(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in("in_review")
    # As a selection over the page reads it: the citation's number without its brackets' markup, lines joined.
    for passage in (
        "The port authority counted fewer  vehicles [1]. The\nminutes agree",
        "nobody wrote this",
    ):
        claims.add_comment(claim.pk, actor=second_reader, text="Is that so?", passage=passage)
    page = as_user(second_reader).get(reverse("review", args=[claim.pk]))
    stands = [comment.passage_stands for comment in page.context["comments"]]
    assert stands == [True, False]
    assert page.content.decode().count("These words have changed since.") == 1


# --- the order of the sources -------------------------------------------------------------------------------------


def _numbers(claim: Claim) -> list[tuple[int, str]]:
    return list(Evidence.objects.standing().filter(claim=claim).values_list("number", "stance"))


def test_a_source_is_dragged_into_another_place_and_another_column(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = factories.fill(claim_in("researching"), reviewer)
    one, other = Evidence.objects.filter(claim=claim).order_by("number")
    address = reverse("evidence-order", args=[claim.pk])
    form = {"order": f"{other.pk},{one.pk},x,999999", "moved": str(other.pk), "stance": "undermines"}
    assert as_user(second_reader).post(address, form).status_code == 403
    part = as_user(reviewer).post(address, form, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="panel" id="evidence"')
    assert _numbers(claim) == [(2, "undermines"), (1, "undermines")]
    acts = AuditEvent.objects.filter(claim=claim).order_by("-id").values_list("action", flat=True)[:2]
    assert list(acts) == ["evidence.arranged", "evidence.changed"]
    assert Verdict.objects.get(claim=claim).reasoning.count(
        "[1]"
    )  # numbers stay, so citations keep their meaning


def test_an_order_holds_the_claims_own_sources_once_and_its_maker_is_an_author(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    """Whatever stands in a history stays there, and every number cost a statement under the claim's lock."""
    claim = factories.fill(claim_in("researching"), reviewer)
    one, other = Evidence.objects.filter(claim=claim).order_by("number")
    address, client = reverse("evidence-order", args=[claim.pk]), as_user(editor)
    costs = []
    for more in (range(900_000, 900_003), range(900_000, 900_500)):
        sent = ",".join(str(pk) for pk in (other.pk, *more, one.pk, other.pk))
        with CaptureQueriesContext(connection) as queries:
            client.post(address, {"order": sent})
        costs.append(sum("UPDATE" in query["sql"] for query in queries))
    assert costs[0] == costs[1]
    event = AuditEvent.objects.filter(claim=claim).latest("id")
    assert event.data["order"] == [other.pk, one.pk]
    assert Authorship.objects.filter(claim=claim, person=editor).exists(), "so somebody else approves"


def test_the_buttons_sort_without_a_script_and_for_htmx(
    claim_in: Any, reviewer: User, as_user: LogIn
) -> None:
    claim = factories.fill(claim_in("researching"), reviewer)
    one = Evidence.objects.get(claim=claim, number=1)
    Evidence.objects.filter(claim=claim).update(stance="supports")
    client = as_user(reviewer)
    assert client.post(reverse("evidence-move", args=[one.pk]), {"to": "down"}).status_code == 302
    assert [number for number, _stance in _numbers(claim)] == [2, 1]
    part = client.post(
        reverse("evidence-move", args=[one.pk]), {"to": "up"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert [number for number, _stance in _numbers(claim)] == [1, 2]
    assert 'id="source-1" tabindex="-1" draggable="true"' in part
    assert "data-focus" in part


def test_who_reads_along_is_asked_for_no_review(claim_in: Any, as_user: LogIn) -> None:
    claim_in("in_review")
    page = as_user(factories.person("wren", "viewer")).get(reverse("my-work"))
    assert page.context["work"].next is None
    assert "Your role is to read along" in page.content.decode()
    page = as_user(factories.person("mara", "reviewer")).get(reverse("my-work"))
    assert page.context["work"].next is not None


@pytest.mark.parametrize(("status", "late"), [("in_review", True), ("approved", False), ("published", False)])
def test_a_claim_is_late_only_while_somebody_waits_for_it(
    claim_in: Any, reviewer: User, as_user: LogIn, status: str, late: bool
) -> None:
    claim = claim_in(status)
    Claim.objects.filter(pk=claim.pk).update(due_at=timezone.now() - timedelta(days=2))
    page = as_user(reviewer).get(reverse("claim", args=[claim.pk])).content.decode()
    assert ("2 days late" in page) is late


def test_a_due_date_that_is_over_is_refused_and_what_was_typed_stays(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("triaged")
    client = as_user(editor)
    typed = {
        "assignee": reviewer.pk, "due_at": "2020-01-01T10:00", "note": "By Friday.", "version": claim.version,
    }  # fmt: skip
    page = client.post(reverse("move", args=[claim.pk, "assign"]), typed)
    assert page.status_code == 422
    assert "The due date is over." in page.content.decode()
    assert "By Friday." in page.content.decode()
    details = {
        "due_at": "2020-01-01T10:00", "priority": "2_normal", "topic": "", "tags": "", "seen": seen.mark(claim),
    }  # fmt: skip
    assert client.post(reverse("claim-details", args=[claim.pk]), details).status_code == 422
    many = {"claim": f"{claim.pk}.{claim.version}", "do": "due", "due_on": "2020-01-01"}
    assert (
        "The due date is over." in client.post(reverse("claims-together"), many, follow=True).content.decode()
    )
    # A date that stands already may stay, though it is over meanwhile.
    Claim.objects.filter(pk=claim.pk).update(due_at=timezone.now() - timedelta(days=2))
    claim.refresh_from_db()
    assert claim.due_at is not None
    stands = timezone.localtime(claim.due_at).strftime("%Y-%m-%dT%H:%M")
    assert (
        client.post(
            reverse("claim-details", args=[claim.pk]), {**details, "due_at": stands, "seen": seen.mark(claim)}
        ).status_code
        == 302
    )


def test_all_that_a_source_lacks_is_said_at_once(claim_in: Any, reviewer: User, as_user: LogIn) -> None:
    claim = claim_in("researching")
    page = as_user(reviewer).post(reverse("evidence-add", args=[claim.pk]), {"url": "ftp://example.org"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"url", "title", "stance", "kind"}


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://the council", "names a site"),
        ("https://", "names a site"),
        ("https://me:word@site.example/paper", "user name or password"),
    ],
)
def test_no_link_is_printed_that_leads_nowhere_or_gives_a_password_away(
    link: str, said: str, claim_in: Any, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    before = Evidence.objects.filter(claim=claim).count()
    source = {"url": link, "title": "Figures", "stance": "supports", "kind": "primary"}
    page = as_user(reviewer).post(reverse("evidence-add", args=[claim.pk]), source)
    assert page.status_code == 422
    assert said in page.context["form"].errors["url"][0]
    assert Evidence.objects.filter(claim=claim).count() == before


def test_no_source_was_seen_on_a_day_to_come(claim_in: Any, reviewer: User, as_user: LogIn) -> None:
    claim = claim_in("researching")
    before = Evidence.objects.filter(claim=claim).count()
    source = {
        "url": "https://example.org/a", "title": "Figures", "stance": "supports", "kind": "primary",
        "accessed_on": (timezone.localdate() + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    page = as_user(reviewer).post(reverse("evidence-add", args=[claim.pk]), source)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["accessed_on"]
    assert Evidence.objects.filter(claim=claim).count() == before


def test_the_line_leads_to_what_readers_see_now(claim_in: Any, editor: User, as_user: LogIn) -> None:
    factories.pages()
    claim = claim_in("approved")
    page = as_user(editor).post(
        reverse("transition", args=[claim.pk]), {"action": "publish", "version": claim.version}, follow=True
    )
    claim.refresh_from_db()
    line = page.content.decode().split('id="line"')[1].split("<h1")[0]
    assert "Published." in line
    assert f'href="{reverse("report", args=[claim.report.slug])}">See the report' in line


def test_each_kind_of_correction_says_what_it_is_for(claim_in: Any, editor: User, as_user: LogIn) -> None:
    claim = claim_in("published")
    page = as_user(editor).get(reverse("move", args=[claim.pk, "open_correction"])).content.decode()
    for kind in ("typo", "update", "clarification", "correction", "verdict_change"):
        label = re.findall(rf'value="{kind}"[^>]*> ([^<]+)</label>', page)
        assert len(label) == 1
        assert ": " in label[0]


def test_a_long_list_of_what_is_missing_leaves_room_for_the_work(
    claim_in: Any, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    page = as_user(reviewer).get(reverse("claim", args=[claim.pk])).content.decode()
    box = page.split(f'id="missing-{claim.pk}-submit"')[1]
    first, rest = box.split("<details>", 1)
    rest = rest.split("</details>")[0]
    assert first.count("<li>") == 4  # three, and the one that holds the rest
    assert f"{rest.count('<li>')} more are missing" in rest
    # What is missing of the article's data leads to the field itself.
    assert mending_address(claim, "article").endswith("#id_outlet")


def test_a_correction_that_another_editor_has_to_publish_is_on_their_table(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("published")
    factories.move(claim, "open_correction", editor, reason="Seen by a reader.", payload={"kind": "update"})
    other = factories.person("olga", "editor")
    page = as_user(other).get(reverse("my-work"))
    assert [one.claim_id for one in page.context["work"].corrections] == [claim.pk]
    assert "Corrections to publish" in page.content.decode()
    assert "Seen by a reader." in page.content.decode()
    assert not page.context["nothing"]
    for person in (editor, reviewer):
        assert as_user(person).get(reverse("my-work")).context["work"].corrections == []
    # Two more cost no more queries.
    client = as_user(other)
    seen_queries = []
    for more in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("my-work"))
        seen_queries.append(len(queries))
        twin = factories.bring_to(
            "published", factories.claim(editor, ("4,000 more passengers", "22,400 vehicles")[more]), editor=editor,
            checker=reviewer, reader=factories.person(f"reader{more}", "reviewer"),
        )  # fmt: skip
        factories.move(twin, "open_correction", editor, reason="x", payload={"kind": "update"})
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(reverse("my-work")).context["work"].corrections) == 3
    assert {*seen_queries, len(queries)} == {seen_queries[0]}


def test_a_long_article_hides_no_other_that_waits_for_triage(editor: User) -> None:
    waiting = [rows.article(at, editor) for at in range(3)]
    for article, many in zip(waiting, (2, 501, 501), strict=True):
        rows.claims(many, article, ClaimStatus.NEW)
    shown = {article.pk: article.waiting for article in queries.my_work(editor).new_articles}
    assert shown == {waiting[0].pk: 2, waiting[1].pk: 501, waiting[2].pk: 501}


def test_the_second_reader_finds_the_correction_and_the_retraction_that_wait_for_them(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in("published")
    claim = factories.move(claim, "open_correction", editor, reason="Seen.", payload={"kind": "update"})
    factories.move(claim, "propose_retraction", editor, reason="Wrong bridge.")
    for person in (second_reader, factories.person("olga", "editor")):
        page = as_user(person).get(reverse("my-work"))
        assert [one.claim_id for one in page.context["work"].corrections] == [claim.pk]
        assert [one.pk for one in page.context["work"].retractions] == [claim.pk]
        assert "Retractions to confirm" in page.content.decode()
        assert "Pia Demo proposes to retract this report." in page.content.decode()
        assert not page.context["nothing"]
    for person in (editor, reviewer):
        work = as_user(person).get(reverse("my-work")).context["work"]
        assert (work.corrections, work.retractions) == ([], [])
    # Whoever has declared a conflict of interest cannot confirm it.
    assignment.declare_conflict(actor=second_reader, speaker=claim.speaker_name)
    assert queries.my_work(second_reader).retractions == []
