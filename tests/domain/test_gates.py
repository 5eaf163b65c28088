"""Every gate of publishing.md, asked through every face: one test for each gate on each path."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from claims.domain import articles, claims, clock, evidence, gates, tokens, verdicts
from claims.enums import ClaimStatus
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import (
    Approval,
    Article,
    Claim,
    Conflict,
    DeskSettings,
    Evidence,
    Page,
    Profile,
    RatingLevel,
    Report,
    RightOfReply,
    Snapshot,
    Verdict,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.publishing]

Answer = tuple[bool, str]  # whether the report came out, and what was said


class Broken(NamedTuple):
    """One way to fail a demand: what is done behind the door's back, and what the gate must say."""

    demand: str
    spoil: Callable[[Claim], Any]
    said: str
    remedy: str


def _evidence(claim: Claim) -> Any:
    return Evidence.objects.filter(claim=claim)


def _verdict(claim: Claim, **fields: Any) -> None:
    Verdict.objects.filter(claim=claim).update(**fields)


def _reply(claim: Claim, **fields: Any) -> None:
    RightOfReply.objects.filter(claim=claim).update(**fields)


def _copy_with_other_words(claim: Claim) -> None:
    kept = Snapshot.objects.create(
        sha256="a" * 64, content=b"x", text="Nothing of it.", taken_at=timezone.now()
    )
    _evidence(claim).filter(number=1).update(snapshot=kept, archive_state="own_copy")


def _declare_interest(claim: Claim) -> None:
    writer = User.objects.get(username="noor")
    Conflict.objects.create(person=writer, speaker=claim.speaker, created_at=timezone.now())


def _machine(claim: Claim) -> None:
    Profile.objects.update_or_create(person=User.objects.get(username="noor"), defaults={"is_machine": True})


def _no_meaning(claim: Claim) -> None:
    RatingLevel.objects.update(definition=" ")


def _own_page(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(restated="False: the toll cut traffic")


def _said_by_nobody(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(speaker=None)
    Article.objects.filter(pk=claim.article_id).update(outlet="", url="")


BROKEN = {
    "unfindable source": Broken("G1", lambda c: _evidence(c).filter(number=1).update(title=" "),
                                "Source [1] cannot be found", "Give it a title"),
    "unknown citation": Broken("G1", lambda c: _verdict(c, reasoning="See [1], [2] and [7]."),
                               "cites [7]", "add the source"),
    "unused source": Broken("G1", lambda c: _verdict(c, reasoning="See [1].", bullets=[]),
                            "Source [2] is not cited", "take it back"),
    "no primary source": Broken("G2", lambda c: _evidence(c).update(kind="secondary"),
                                "No primary source", "Add one"),
    "one origin": Broken("G3", lambda c: _evidence(c).update(origin="One press release"),
                         "fewer than two independent origins", "another origin"),
    "one side": Broken("G4", lambda c: _evidence(c).update(stance="supports"),
                       "Only one side", "what you searched for"),
    "expert's interests": Broken("G5", lambda c: _evidence(c).filter(number=2).update(kind="expert"),
                                 "interests of the expert in [2]", "none known"),
    "our interests": Broken("G5", _declare_interest, "declared a conflict of interest", "our own interests"),
    "unnamed, no reason": Broken("G6", lambda c: _evidence(c).filter(number=2).update(anonymous=True),
                                 "why the source in [2] stays unnamed", "at risk"),
    "unnamed, no consent": Broken(
        "G6", lambda c: _evidence(c).filter(number=2).update(anonymous=True, anonymous_reason="Would lose the job"),
        "rests on an unnamed source", "agree and say why"),
    "speaker not asked": Broken("G7", lambda c: RightOfReply.objects.filter(claim=c).delete(),
                                "not recorded whether the speaker was asked", "why not"),
    "deadline ahead": Broken(
        "G7", lambda c: _reply(c, contacted=True, asked_on=timezone.localdate(),
                               deadline=timezone.now() + timedelta(days=2)),
        "has not passed", "record the answer"),
    "approval void": Broken("G8", lambda c: _verdict(c, summary="Something else."),
                            "for an earlier version", "approved again"),
    "no reason to check": Broken("G10", lambda c: _verdict(c, why_checked=" "),
                                 "not said why this was checked", "one or two sentences"),
    "no funding page": Broken("G11", lambda c: Page.objects.filter(kind="funding").delete(),
                              "“Funding” is empty", "under Settings"),
    "rating without meaning": Broken("G11", _no_meaning, "what “Mostly false” means", "meaning of every rating"),
    "no corrections policy": Broken("G12", lambda c: Page.objects.filter(kind="corrections-policy").delete(),
                                    "“Corrections policy” is empty", "under Settings"),
    "no contact": Broken("G12", lambda c: DeskSettings.objects.update(contact=""),
                         "no address to write to", "under Settings"),
    "words moved": Broken("G15", lambda c: Claim.objects.filter(pk=c.pk).update(text="fallen by 13 per cent"),
                          "not found at their place", "again"),
    "quote not in the copy": Broken("G15", _copy_with_other_words, "quoted from [1] are not found", "exact words"),
    "no copy": Broken("G16", lambda c: Article.objects.update(original_text="Something else."),
                      "copy of the article", "Add the article's text"),
    "no name": Broken("G17", lambda c: User.objects.filter(username="noor").update(first_name="", last_name=""),
                      "no name that readers could know", "under People"),
    "a machine's verdict": Broken("G19", _machine, "machine account", "A person"),
    "markup refused": Broken("G20", _own_page, "ClaimReview (claimReviewed)", "verdict"),
    "said by nobody": Broken("G20", _said_by_nobody, "the article has no outlet", "Enter the article"),
    "no headline": Broken("", lambda c: _verdict(c, headline=" "), "no headline", "states the finding"),
}  # fmt: skip


def by_web(claim: Claim, person: User) -> Answer:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("move", args=[claim.pk, "publish"]), {"version": claim.version}, follow=True)
    return answer.status_code == 200, answer.content.decode()


def by_admin(claim: Claim, person: User) -> Answer:
    client = Client()
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    person.refresh_from_db()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("admin:claims_claim_move", args=[claim.pk, "publish"])
    sent = {"confirmed": "yes", f"version_{claim.pk}": claim.version, "reason": ""}
    page = client.post(url, sent, follow=True).content.decode()
    return Claim.objects.get(pk=claim.pk).status == ClaimStatus.PUBLISHED, page


def by_api(claim: Claim, person: User) -> Answer:
    client = APIClient()
    _token, secret = tokens.create(person, "test", scope="publish")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    answer = client.post(
        f"/api/v1/claims/{claim.pk}/transitions/", {"action": "publish", "version": claim.version}
    )
    assert answer.status_code in {200, 422}, answer.data
    return answer.status_code == 200, str(answer.data)


def by_command(claim: Claim, person: User) -> Answer:
    try:
        call_command("move", claim.pk, "publish", "--as", person.username, stdout=StringIO())
    except CommandError as error:
        return False, str(error)
    return True, ""


PATHS = {"web": by_web, "admin": by_admin, "api": by_api, "command": by_command}


@pytest.fixture
def approved(claim_in: Callable[..., Claim]) -> Claim:
    claim = claim_in("approved")
    factories.pages()
    return claim


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("case", BROKEN)
def test_a_gate_that_fails_refuses_and_says_how_to_mend_it(
    case: str, path: str, approved: Claim, editor: User
) -> None:
    """Check 23: G1 to G8, G10 to G12, G15 to G17, G19, G20 through web, administration, API and command."""
    broken = BROKEN[case]
    broken.spoil(approved)
    out, said = PATHS[path](approved, editor)
    plain = said.replace("&#x27;", "'").replace("\\'", "'")
    assert not out
    assert Claim.objects.get(pk=approved.pk).status == ClaimStatus.APPROVED
    assert not Report.objects.exists()
    assert broken.said in plain, plain[-3000:]
    assert broken.remedy in plain


@pytest.mark.parametrize("path", PATHS)
def test_nothing_stands_in_the_way_of_a_whole_report(path: str, approved: Claim, editor: User) -> None:
    """Check 23, the control: unspoilt, the same report comes out by every path."""
    out, said = PATHS[path](approved, editor)
    assert out, said[-3000:]
    assert Report.objects.get().current_version is not None


def test_every_demand_of_the_codes_has_a_gate() -> None:
    """Check 23: the demands that software can check, and no gate without a test."""
    demands = {
        "G1",
        "G2",
        "G3",
        "G4",
        "G5",
        "G6",
        "G7",
        "G10",
        "G11",
        "G12",
        "G15",
        "G16",
        "G17",
        "G19",
        "G20",
    }
    assert {gate.demand for gate in gates.GATES} - {""} == demands
    assert {case.demand for case in BROKEN.values()} - {""} == demands | {"G8"}


def test_the_clock_meets_the_same_gates(claim_in: Callable[..., Claim], editor: User) -> None:
    """Check 23: a report that was scheduled is held back too."""
    claim = claim_in("approved")
    factories.pages()
    when = timezone.now() + timedelta(hours=1)
    factories.move(claim, "schedule", editor, payload={"publish_at": when})
    Claim.objects.filter(pk=claim.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    Page.objects.filter(kind="funding").delete()
    assert clock.publish_due() == 0
    assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.SCHEDULED
    factories.pages()
    assert clock.publish_due() == 1
    assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.PUBLISHED


def test_one_origin_is_excepted_in_the_open(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, second_reader: User, client: Client
) -> None:
    """Check 25: two sources of one origin block; with an exception the report comes out and prints the reason."""
    claim = claim_in("researching")
    factories.fill(claim, reviewer)
    _evidence(claim).update(origin="The toll study")
    factories.pages()
    assert "two_origins" in [denial.gate for denial in gates.failing(gates.evaluate(_dossier(claim)))]
    reason = "Only the authority counts vehicles on the bridge."
    verdicts.except_gate(claim.pk, "two_origins", actor=editor, reason=reason)
    verdicts.except_gate(claim.pk, "primary_source", actor=editor, reason="Not needed after all.")
    for action, person in (("submit", reviewer), ("approve", second_reader), ("publish", editor)):
        claim = factories.move(claim, action, person)
    page = client.get(claim.report.get_absolute_url()).content.decode()
    assert reason in page
    assert "Pia Demo" in page
    assert "Not needed after all." not in page  # that rule held without it


def test_consent_to_an_unnamed_source_is_not_given_by_who_added_it(
    claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    factories.fill(claim, reviewer)
    _evidence(claim).filter(number=2).update(anonymous=True, anonymous_reason="Safety", added_by=editor)
    with pytest.raises(NotAllowed):
        verdicts.except_gate(claim.pk, "anonymous_consent", actor=editor, reason="I trust them.")
    other = factories.person("otto", "editor")
    verdicts.except_gate(claim.pk, "anonymous_consent", actor=other, reason="I have met them.")
    assert not [d for d in gates.failing(gates.evaluate(_dossier(claim))) if d.gate.startswith("anonymous")]


@pytest.mark.parametrize("reason", ["\u200b", "\u2060 \u00ad", "Nobody else counts.\x00"])
def test_an_exception_gives_readers_a_reason_that_can_be_read(
    claim_in: Callable[..., Claim], editor: User, reason: str
) -> None:
    claim = claim_in("in_review")
    with pytest.raises(InvalidInput) as told:
        verdicts.except_gate(claim.pk, "two_origins", actor=editor, reason=reason)
    assert told.value.field == "reason"


def test_a_reason_for_taking_a_source_back_is_one_that_can_be_kept(
    claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = factories.fill(claim_in("researching"), reviewer)
    source = claim.evidence.earliest("pk")
    with pytest.raises(InvalidInput):
        evidence.withdraw_evidence(source.pk, actor=editor, reason="No longer there.\x00")
    assert Evidence.objects.get(pk=source.pk).withdrawn_at is None


def test_consent_is_not_given_by_who_took_the_name_off_nor_ahead_of_the_source(
    claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    factories.fill(claim, reviewer)
    source = _evidence(claim).get(number=2)
    other = factories.person("otto", "editor")
    # Agreed to while no source was unnamed; then the same editor takes the name off a colleague's source.
    verdicts.except_gate(claim.pk, "anonymous_consent", actor=editor, reason="In case we need it.")
    unnamed = {"anonymous": True, "anonymous_reason": "Safety"}
    evidence.change_evidence(source.pk, actor=editor, fields=unnamed)
    assert "anonymous_consent" in [denial.gate for denial in gates.failing(gates.evaluate(_dossier(claim)))]
    with pytest.raises(NotAllowed):
        verdicts.except_gate(claim.pk, "anonymous_consent", actor=editor, reason="I trust them.")
    verdicts.except_gate(claim.pk, "anonymous_consent", actor=other, reason="I have met them.")
    evidence.change_evidence(source.pk, actor=reviewer, fields={"note": "Seen in the harbour office."})
    assert not gates.failing(gates.evaluate(_dossier(claim)), author_only=True)
    assert "anonymous_consent" not in [d.gate for d in gates.failing(gates.evaluate(_dossier(claim)))]
    # What was agreed to was that source: another in its place needs its own consent.
    evidence.change_evidence(source.pk, actor=reviewer, fields={"title": "Somebody else entirely"})
    assert "anonymous_consent" in [denial.gate for denial in gates.failing(gates.evaluate(_dossier(claim)))]


def test_nobody_approves_what_they_wrote(
    claim_in: Callable[..., Claim], reviewer: User, second_reader: User, as_user: Callable[[User], Client]
) -> None:
    """Check 24: the author's approval is refused on every face; it is void after an edit; one person counts once."""
    claim = claim_in("in_review")
    Claim.objects.filter(pk=claim.pk).update(second_reader=None)
    for path in ("web", "api"):
        if path == "web":
            url = reverse("move", args=[claim.pk, "approve"])
            assert as_user(reviewer).post(url, {"version": claim.version}).status_code == 422
        else:
            api = APIClient()
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(reviewer, 'x', scope='publish')[1]}")
            sent = {"action": "approve", "version": claim.version}
            assert api.post(f"/api/v1/claims/{claim.pk}/transitions/", sent).status_code == 422
    with pytest.raises(CommandError, match="You wrote on this claim"):
        call_command("move", claim.pk, "approve", "--as", reviewer.username)
    assert not Approval.objects.exists()
    claim = factories.move(claim, "approve", second_reader)
    for again in (second_reader, second_reader):
        with pytest.raises(CommandError):
            call_command("move", claim.pk, "approve", "--as", again.username)
    assert Approval.objects.count() == 1


def test_an_edit_voids_the_approval(
    approved: Claim, editor: User, reviewer: User, second_reader: User
) -> None:
    """Check 24: what was approved is what comes out."""
    claim = factories.move(approved, "send_back", editor, reason="One figure is old.")
    factories.fill(claim, reviewer, summary="Counts show 26 per cent.")
    factories.move(claim, "submit", reviewer)
    with pytest.raises(CommandError):
        call_command("move", claim.pk, "publish", "--as", editor.username)
    claim = factories.move(claim, "approve", second_reader)
    claim = factories.move(claim, "publish", editor)
    assert claim.status == ClaimStatus.PUBLISHED


@pytest.mark.parametrize("field", ["speaker_role", "said_where", "restated"])
def test_whoever_changes_what_was_said_by_whom_and_where_wrote_on_it(
    claim_in: Callable[..., Claim], editor: User, field: str
) -> None:
    claim = claim_in("researching")
    claims.reword(claim.pk, actor=editor, fields={field: "Other words"})
    assert claim.authorships.filter(person=editor).exists()


@pytest.mark.parametrize("what", ["title", "outlet", "topic"])
def test_other_words_about_the_source_void_the_approval(
    claim_in: Callable[..., Claim], reviewer: User, editor: User, what: str
) -> None:
    """The outlet may be the claimant, and the topic decides who has a conflict: both are printed."""
    claim = claim_in("approved")
    if what == "topic":
        claims.set_details(claim.pk, actor=reviewer, fields={"topic": "Another topic"})
    else:
        articles.change_details(claim.article_id, actor=reviewer, fields={what: "Another paper"})
    factories.pages()
    with pytest.raises(TransitionRefused, match="for an earlier version"):
        factories.move(claim, "publish", editor)


def test_a_machine_neither_sets_nor_approves_a_verdict(
    claim_in: Callable[..., Claim], machine: User, reviewer: User
) -> None:
    """Check 26: whatever its role and token."""
    claim = claim_in("researching")
    Claim.objects.filter(pk=claim.pk).update(assignee=machine)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(machine, 'x', scope='publish')[1]}")
    saved = api.put(f"/api/v1/claims/{claim.pk}/verdict/", {"revision": 0, "level": "true"})
    assert saved.status_code == 403
    Claim.objects.filter(pk=claim.pk).update(assignee=reviewer)
    factories.fill(claim, reviewer)
    claim = factories.move(claim, "submit", reviewer)
    sent = {"action": "approve", "version": claim.version}
    refused = api.post(f"/api/v1/claims/{claim.pk}/transitions/", sent)
    assert refused.status_code == 422
    assert "machine account" in str(refused.data)
    assert not Approval.objects.exists()


def test_a_machine_is_nobodys_second_pair_of_eyes(claim_in: Callable[..., Claim], editor: User) -> None:
    """Not even one with an editor's role: no exception, no consent, no second word on a retraction."""
    robot = factories.person("press", "editor", machine=True)
    claim = claim_in("published")
    for gate in ("two_origins", "anonymous_consent"):
        with pytest.raises(NotAllowed, match="machine account"):
            verdicts.except_gate(claim.pk, gate, actor=robot, reason="It says so.")
    claim = factories.move(claim, "propose_retraction", editor, reason="It was wrong.")
    with pytest.raises(TransitionRefused, match="machine account"):
        factories.move(claim, "retract", robot, payload={"public_note": "Withdrawn."})


def _dossier(claim: Claim) -> gates.Dossier:
    return gates.load_dossier(Claim.objects.get(pk=claim.pk), timezone.now())
