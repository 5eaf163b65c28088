"""Whoever wrote on a claim tries to approve it, by every way there is. None leads there, and none leaves a trace of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from claims.models import Approval, Claim
from tests import factories
from tests.api.clients import V1, client_of

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
CONFIRMED = {"action": "approve", "confirmed": "yes", "reason": "x"}


class Author:
    """The checker of a claim that waits for its second reader, with all doors of the desk before them."""

    def __init__(self, claim: Claim, person: User, editor: User, other: User, log_in: LogIn) -> None:
        self.claim, self.person, self.editor, self.other, self.log_in = claim, person, editor, other, log_in

    def press(self, version: int | None = None) -> int:
        form = {**CONFIRMED, "version": version or self.claim.version}
        return self.log_in(self.person).post(reverse("transition", args=[self.claim.pk]), form).status_code

    def web_form(self) -> int:
        return self.press()

    def second_tab(self) -> int:
        return self.press(self.claim.version - 1)

    def another_role(self) -> int:
        self.person.groups.set(Group.objects.filter(name__in=["viewer", "reviewer", "editor"]))
        return self.press()

    def another_checker(self) -> int:
        claim = factories.move(
            self.claim, "reassign", self.editor, reason="x", payload={"assignee": self.other.pk}
        )
        claim = factories.move(claim, "start", self.other)
        self.claim = factories.move(claim, "submit", self.other)
        return self.press()

    def many_at_once(self) -> int:
        client = self.log_in(self.person)
        page = client.post(
            reverse("claims-together"),
            {"do": "approve", "claim": f"{self.claim.pk}.{self.claim.version}"},
        )
        body = {"items": [{"claim": self.claim.pk, "action": "approve", "version": self.claim.version}]}
        answer = client_of(self.person).post(f"{V1}claims/bulk/transitions/", body)
        assert answer.status_code in {200, 400, 403, 422}  # 200 tells of each claim how it went
        return page.status_code

    def administration(self) -> int:
        User.objects.filter(pk=self.person.pk).update(is_staff=True, is_superuser=True)
        form = {**CONFIRMED, f"version_{self.claim.pk}": self.claim.version}
        address = reverse("admin:claims_claim_move", args=[self.claim.pk, "approve"])
        return self.log_in(User.objects.get(pk=self.person.pk)).post(address, form).status_code

    def api(self) -> int:
        body = {"action": "approve", "version": self.claim.version}
        return client_of(self.person).post(f"{V1}claims/{self.claim.pk}/transitions/", body).status_code

    def shell(self) -> int:
        self.claim.status = "approved"  # type: ignore[assignment]  # as somebody would type it
        self.claim.version += 1
        with pytest.raises(DatabaseError), transaction.atomic():
            self.claim.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.create(
                claim=self.claim, person=self.person, fingerprint="x", created_at=self.claim.created_at
            )
        return 0

    def raw_sql(self) -> int:
        statement = "UPDATE claims_claim SET status = 'approved', version = version + 1 WHERE id = %s"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [self.claim.pk])
        return 0


WAYS = ("web_form", "second_tab", "another_role", "another_checker", "many_at_once", "administration", "api",
        "shell", "raw_sql")  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_an_author_to_an_approval(
    way: str,
    claim_in: Callable[..., Claim],
    reviewer: User,
    editor: User,
    second_reader: User,
    as_user: LogIn,
) -> None:
    claim = claim_in("in_review")
    author = Author(claim, reviewer, editor, second_reader, as_user)
    status = getattr(author, way)()
    assert status in ({0} if way in {"shell", "raw_sql"} else {200, 403, 409, 422}), status
    claim.refresh_from_db()
    assert claim.status == "in_review"
    assert not Approval.objects.exists()


def test_the_second_reader_is_let_through(
    claim_in: Callable[..., Claim], second_reader: User, reviewer: User, editor: User, as_user: LogIn
) -> None:
    """Or the test above would pass on a desk where nobody can approve at all."""
    claim = claim_in("in_review")
    assert Author(claim, second_reader, editor, reviewer, as_user).web_form() == 302
    claim.refresh_from_db()
    assert claim.status == "approved"
