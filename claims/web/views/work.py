"""My work: the next thing to do first, then what is one's own, what waits for review, and what is free to take."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.domain import blind, desk, health, people, queries
from claims.enums import Action, Role
from claims.models import Claim
from claims.web import answers
from claims.web.offers import offers


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What the person does today. A fixed number of queries, however full the desk is."""
    person = answers.person_of(request)
    held = people.roles(person)
    is_editor = Role.EDITOR in held
    work = queries.my_work(person, is_editor=is_editor, reviews=Role.REVIEWER in held)
    lists = (work.returned, work.to_review, work.assigned, work.mine_to_publish, work.waiting_for_others)
    unseen = blind.veil(
        [*(claim for rows in lists for claim in rows), *(one.claim for one in work.mentions)], person
    )
    assigned = sorted(_besides(work.next, work.assigned), key=_urgency)
    late = [claim for claim in assigned if claim.due_at is not None and claim.due_at < timezone.now()]
    open_to = offers(work.free, person)
    free = [claim for claim in work.free if any(offer.action == Action.TAKE for offer in open_to[claim.pk])]
    tasks = health.open_tasks(person) if Role.REVIEWER in held else []
    context = {
        "work": work,
        "returned": _besides(work.next, work.returned),
        "to_review": _besides(work.next, work.to_review),
        "to_publish": _besides(work.next, work.mine_to_publish),
        "late": late,
        "assigned": assigned[len(late) :],
        "mentions": work.mentions,
        "unseen": unseen,
        "free": free,
        "sent_back": queries.latest_moves([claim.pk for claim in work.returned]),
        "load": _load() if is_editor else [],
        "editors": [] if Role.REVIEWER in held else [people.display_name(one) for one in desk.editors()[:4]],
        "tasks": tasks,
        "nothing": not any(
            (
                tasks,
                work.next,
                work.returned,
                work.to_review,
                work.assigned,
                work.mine_to_publish,
                work.corrections,
                work.retractions,
            )
        ),
    }
    return render(request, "desk/work.html", context)


def _besides(first: Claim | None, rows: list[Claim]) -> list[Claim]:
    """The rows without the one that stands on top of the page already."""
    return [claim for claim in rows if first is None or claim.pk != first.pk]


def _urgency(claim: Claim) -> tuple[bool, datetime, int]:
    """What is due first comes first; what has no date comes last."""
    return (claim.due_at is None, claim.due_at or timezone.now(), claim.pk)


def _load() -> list[User]:
    return list(people.with_load(people.reviewers()))
