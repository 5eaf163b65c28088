"""Four eyes over what reports print beside the verdict: article, speaker, topic, the order of sources, exceptions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import articles, assignment, claims, evidence, queries, transitions, verdicts
from claims.exceptions import TransitionRefused
from claims.models import Authorship, Claim, Conflict, Evidence, GateException
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]


@pytest.mark.parametrize(
    "fields", [{"title": "Another title"}, {"outlet": "Another paper"}, {"published_on": "2020-01-01"}]
)
def test_nobody_approves_an_article_that_only_they_described(
    claim_in: ClaimIn, second_reader: User, editor: User, fields: dict[str, str]
) -> None:
    claim = claim_in("in_review")
    articles.change_details(claim.article_id, actor=second_reader, fields=fields)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", second_reader)
    assert move(claim, "approve", editor).status == "approved"


def test_what_was_said_of_an_article_before_the_checker_submitted_bars_nobody(
    claim_in: ClaimIn, second_reader: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    fields = {"outlet": "The Marlow Post", "author": "A. Writer"}
    articles.change_details(claim.article_id, actor=second_reader, fields=fields)
    claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    # The same again, and what no report prints, is no writing either.
    articles.change_details(claim.article_id, actor=second_reader, fields={**fields, "author": "B. Writer"})
    assert move(claim, "approve", second_reader).status == "approved"
    assert not Authorship.objects.filter(claim=claim, person=second_reader).exists()


def _rename_speaker(claim: Claim, administrator: User, client: Client) -> None:
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:claims_speaker_change", args=[claim.speaker_id])
    assert client.post(address, {"name": "Somebody else", "role": "mayor", "same_as": ""}).status_code == 302


@pytest.fixture
def administrator(editor: User) -> User:
    User.objects.filter(pk=editor.pk).update(is_superuser=True, is_staff=True)
    return User.objects.get(pk=editor.pk)


def test_nobody_approves_a_speaker_whom_only_they_renamed(
    claim_in: ClaimIn, administrator: User, second_reader: User, client: Client
) -> None:
    claim = claim_in("in_review")
    _rename_speaker(claim, administrator, client)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", administrator)
    assert move(claim, "approve", second_reader).status == "approved"


def test_nor_does_anybody_publish_that_in_a_correction(
    claim_in: ClaimIn, administrator: User, client: Client
) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = move(
        claim_in("published"), "open_correction", other, reason="Seen.", payload={"kind": "correction"}
    )
    _rename_speaker(claim, administrator, client)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", administrator, payload={"public_note": "A note."})


def test_nor_an_order_of_sources_that_nobody_else_saw(claim_in: ClaimIn, editor: User) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = move(
        claim_in("published"), "open_correction", other, reason="Seen.", payload={"kind": "correction"}
    )
    order = list(Evidence.objects.filter(claim=claim).order_by("-number").values_list("pk", flat=True))
    evidence.arrange_evidence(claim.pk, order, actor=editor)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", editor, payload={"public_note": "A note."})


def test_nobody_turns_the_conflict_that_they_declared_into_another(
    claim_in: ClaimIn, administrator: User, client: Client
) -> None:
    claim = claim_in("in_review")
    claims.set_details(claim.pk, actor=factories.person("otto", "editor"), fields={"topic": "Harbour"})
    assignment.declare_conflict(actor=administrator, topic="Harbour")
    mine = Conflict.objects.get(person=administrator)
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    other = {"person": administrator.pk, "speaker": "", "topic": "Fishing", "note": ""}
    answer = client.post(reverse("admin:claims_conflict_change", args=[mine.pk]), other)
    assert answer.status_code == 403
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        move(claim, "approve", administrator)


# --- the topic ----------------------------------------------------------------------------------------------------


def _by_details(claim: Claim, actor: User, topic: str) -> None:
    claims.set_details(claim.pk, actor=actor, fields={"topic": topic})


def _by_wording(claim: Claim, actor: User, topic: str) -> None:
    claims.reword(claim.pk, actor=actor, fields={"topic": topic})


SetTopic = Callable[[Claim, User, str], None]


def test_nobody_approves_a_topic_that_only_they_chose(
    claim_in: ClaimIn, editor: User, second_reader: User
) -> None:
    claim = claim_in("in_review")
    _by_details(claim, editor, "Harbour")
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", editor)
    assert move(claim, "approve", second_reader).status == "approved"


def test_a_topic_set_before_the_checker_submitted_bars_nobody(
    claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    _by_details(claim, editor, "Harbour")
    claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    claims.set_details(claim.pk, actor=editor, fields={"topic": "Harbour", "tags": ["toll"]})
    assert move(claim, "approve", editor).status == "approved"


@pytest.mark.parametrize(
    ("change", "status"),
    [(_by_details, "assigned"), (_by_wording, "assigned"), (_by_details, "in_review")],
    ids=["details", "wording", "details in review"],
)
def test_another_topic_does_not_lead_round_a_declared_conflict(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User, change: SetTopic, status: str
) -> None:
    claim = claim_in("assigned")
    _by_details(claim, reviewer, "Ports")
    if status == "in_review":
        claim = move(claim, "start", reviewer)
        claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    assignment.declare_conflict(actor=editor, topic="ports")
    change(claim, editor, "Culture")
    if status == "assigned":
        claim = move(Claim.objects.get(pk=claim.pk), "start", reviewer)
        claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", editor)
    assert move(claim, "approve", second_reader).status == "approved"


def test_nor_does_taking_the_declaration_back(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("assigned")
    _by_details(claim, reviewer, "Ports")
    by_topic = assignment.declare_conflict(actor=editor, topic="ports")
    assert claim.speaker is not None
    by_speaker = assignment.declare_conflict(actor=second_reader, speaker=claim.speaker.name)
    claim = move(claim, "start", reviewer)
    claim = move(factories.fill(claim, reviewer, interests="Two of us know it."), "submit", reviewer)
    for declared, person in ((by_topic, editor), (by_speaker, second_reader)):
        assignment.withdraw_conflict(declared.pk, actor=person)
        with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
            move(claim, "approve", person)
    # Who sends the claim back does not begin a review that is open to them: it stood while the claim was checked.
    claim = move(claim, "send_back", editor, reason="Another look.")
    claim = move(claim, "submit", reviewer)
    for person in (editor, second_reader):
        with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
            move(claim, "approve", person)
    assert move(claim, "approve", factories.person("ines", "reviewer")).status == "approved"


@pytest.mark.parametrize("change", [_by_details, _by_wording])
def test_nor_do_both_together(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User, change: SetTopic
) -> None:
    """Broken build: once the declaration is taken back, another topic frees the claim of it without a trace."""
    claim = claim_in("assigned")
    _by_details(claim, reviewer, "Ports")
    assignment.withdraw_conflict(assignment.declare_conflict(actor=editor, topic="ports").pk, actor=editor)
    change(claim, editor, "Culture")
    claim = move(Claim.objects.get(pk=claim.pk), "start", reviewer)
    claim = move(factories.fill(claim, reviewer), "submit", reviewer)
    with pytest.raises(TransitionRefused, match="You wrote on this claim"):
        move(claim, "approve", editor)
    assert move(claim, "approve", second_reader).status == "approved"


def test_nobody_withdraws_a_report_that_a_conflict_of_theirs_touches(
    claim_in: ClaimIn, editor: User, second_reader: User
) -> None:
    """Whoever confirms a retraction approves its version of the report, as with a correction."""
    other = factories.person("otto", "editor", first="Otto")
    claim = claim_in("published")
    _by_details(claim, editor, "Harbour")
    declared = assignment.declare_conflict(actor=other, topic="harbour")
    claim = move(claim, "propose_retraction", editor, reason="Seen.")
    for taken_back in (False, True):
        if taken_back:
            assignment.withdraw_conflict(declared.pk, actor=other)
        with pytest.raises(TransitionRefused, match="You declared a conflict of interest"):
            move(claim, "retract", other, payload={"public_note": "A note."})
    assert move(claim, "retract", second_reader, payload={"public_note": "A note."}).status == "retracted"


def test_nor_is_a_topic_published_in_a_correction_by_who_chose_it(claim_in: ClaimIn, editor: User) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = claim_in("published")
    _by_details(claim, editor, "Harbour")
    claim = move(claim, "open_correction", other, reason="Seen.", payload={"kind": "correction"})
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", editor, payload={"public_note": "A note."})


# --- exceptions ---------------------------------------------------------------------------------------------------


def _except(claim: Claim, actor: User, gate: str = "two_origins") -> None:
    verdicts.except_gate(claim.pk, gate, actor=actor, reason="Nobody else counts vehicles.")


def test_nobody_approves_an_exception_that_only_they_made(
    claim_in: ClaimIn, editor: User, second_reader: User
) -> None:
    claim = claim_in("in_review")
    _except(claim, editor)
    with pytest.raises(
        TransitionRefused, match=r"You made an exception .*Two independent origins"
    ) as refused:
        move(claim, "approve", editor)
    assert editor.first_name not in refused.value.failing[0]["remedy"]
    assert second_reader.first_name in refused.value.failing[0]["remedy"]
    assert move(claim, "approve", second_reader).status == "approved"
    # Who approved has now read it; who made it may publish.
    factories.pages()
    assert move(claim, "publish", editor).status == "published"


def test_nor_takes_one_over_after_approving(claim_in: ClaimIn, editor: User) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = claim_in("in_review")
    _except(claim, other)
    claim = move(claim, "approve", editor)
    _except(claim, editor)  # the same words under the approver's name
    factories.pages()
    with pytest.raises(TransitionRefused, match="The approval is for an earlier version"):
        move(claim, "publish", other)


def test_nor_publishes_one_in_a_correction(claim_in: ClaimIn, editor: User) -> None:
    other = factories.person("otto", "editor", first="Otto")
    claim = claim_in("in_review")
    _except(claim, editor)
    for action, person in (("approve", other), ("publish", editor)):
        factories.pages()
        claim = move(claim, action, person)
    claim = move(claim, "open_correction", other, reason="Seen.", payload={"kind": "correction"})
    note = {"public_note": "A note."}
    _except(claim, editor, "primary_source")
    with pytest.raises(TransitionRefused, match=r"You made an exception .*A primary source is cited”"):
        move(claim, "publish_correction", editor, payload=note)
    # What a second person approved with the first version is no hindrance.
    GateException.objects.filter(claim=claim, gate="primary_source").update(person=other)
    assert move(claim, "publish_correction", editor, payload=note).status == "published"


def test_the_forms_say_what_saving_them_means(
    claim_in: ClaimIn, second_reader: User, editor: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("researching")
    pages = {
        reverse("article-about", args=[claim.article_id]): second_reader,
        reverse("claim-details", args=[claim.pk]): editor,
    }
    words = "somebody else has to approve it"
    for address, person in pages.items():
        assert words not in as_user(person).get(address).content.decode()
    claim = move(factories.fill(claim, User.objects.get(pk=claim.assignee_id)), "submit", claim.assignee)
    for address, person in pages.items():
        assert words in as_user(person).get(address).content.decode()


def test_my_work_asks_for_no_review_that_the_door_refuses(
    claim_in: ClaimIn, editor: User, second_reader: User
) -> None:
    claim = claim_in("in_review")
    others = [factories.person(f"reader{at}", "reviewer", first=f"Reader {at}") for at in range(2)]
    assert [row.pk for row in queries.my_work(editor).to_review] == [claim.pk]
    declared = assignment.declare_conflict(actor=editor, topic=claim.topic or "harbour")
    Claim.objects.filter(pk=claim.pk).update(topic=declared.topic.upper())
    assignment.withdraw_conflict(declared.pk, actor=editor)
    GateException.objects.create(
        claim=claim,
        gate="primary_source",
        reason="One is enough.",
        person=others[0],
        created_at=claim.status_since,
    )
    for person in (editor, others[0]):
        assert not transitions.can(Claim.objects.get(pk=claim.pk), person, "approve")
        assert queries.my_work(person).to_review == []
    assert [row.pk for row in queries.my_work(others[1]).to_review] == [claim.pk]
