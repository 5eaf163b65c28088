"""What the desk says by itself: that a claim is late, and once a day what waits for each person.

The sweeper calls this. Every part is safe to repeat: a reminder is a row that exists once for a claim and its due
date, and a daily mail is promised in the statement that notes the day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.domain import inbox, notices, outbox, people
from claims.enums import ClaimStatus, MailRhythm, Role
from claims.models import Claim, Notification, Profile, Reminder

BATCH = 200
# A claim that was late long before anybody looked brings no reminder: people would learn to ignore them.
LATE_ENOUGH = timedelta(days=3)
MOST_LINES = 12


# --- late claims --------------------------------------------------------------------------------------------------


def remind_late(now: datetime | None = None) -> int:
    """Tell those who have a claim that its due date has passed, once for each due date; how many claims."""
    now = now or timezone.now()
    told = Reminder.objects.filter(claim=OuterRef("pk"), due_at=OuterRef("due_at"))
    late = Claim.objects.filter(
        ~Exists(told), status__in=ClaimStatus.with_checker(), due_at__lte=now, due_at__gte=now - LATE_ENOUGH
    )
    return sum(_remind(claim, now) for claim in late.order_by("due_at", "id")[:BATCH])


def _remind(claim: Claim, now: datetime) -> bool:
    assert claim.due_at is not None, "the filter asks for it"
    try:
        with transaction.atomic():
            row = Reminder.objects.create(claim=claim, due_at=claim.due_at, created_at=now)
            reading = claim.status == ClaimStatus.IN_REVIEW and claim.second_reader_id
            whose = {claim.second_reader_id if reading else claim.assignee_id}
            text = _("“%(claim)s” was due %(when)s.") % {
                "claim": notices.shorten(claim.wording),
                "when": date_format(timezone.localtime(claim.due_at), "j M, H:i"),
            }
            notices.send({pk for pk in whose if pk}, "claim.overdue", text, claim, None, key=f"late{row.pk}")
    except IntegrityError:
        return False  # another sweeper was faster
    return True


# --- the daily mail -----------------------------------------------------------------------------------------------


def send_digests(now: datetime | None = None) -> int:
    """Promise the daily mail to everybody who wants it and has not had today's; how many mails."""
    now = now or timezone.now()
    opens = timezone.localtime(now).replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if now < opens:
        return 0
    waiting = Profile.objects.filter(mail_rhythm=MailRhythm.DAILY, person__is_active=True)
    waiting = waiting.filter(Q(digest_at__isnull=True) | Q(digest_at__lt=opens)).exclude(person__email="")
    return sum(
        _digest(profile, opens, now) for profile in waiting.select_related("person").order_by("pk")[:BATCH]
    )


@transaction.atomic
def _digest(profile: Profile, opens: datetime, now: datetime) -> bool:
    """Note the day and promise the mail in one transaction. Nothing to say is no mail, but the day is noted too."""
    mine = Profile.objects.filter(pk=profile.pk).filter(Q(digest_at__isnull=True) | Q(digest_at__lt=opens))
    if not mine.update(digest_at=now):
        return False
    since = max(profile.digest_at or now - timedelta(days=1), now - timedelta(days=7))
    body = _body(profile, since, now)
    if not body:
        return False
    day = timezone.localdate(now)
    payload = {
        "to": [profile.person.email],
        "subject": _("Your claims on %(day)s") % {"day": date_format(day, "j F")},
        "body": body,
    }
    return outbox.put(f"digest:{profile.person_id}:{day.isoformat()}", "mail", payload) is not None


def _body(profile: Profile, since: datetime, now: datetime) -> str:
    parts = [part for part in (_news(profile, since), *_work(profile.person, now)) if part]
    if not parts:
        return ""
    head = _("Hello %(name)s,") % {"name": people.display_name(profile.person)}
    link = f"{settings.SITE_URL}{reverse('my-work')}"
    return "\n\n".join([head, *parts, link, notices.foot()])


def _news(profile: Profile, since: datetime) -> str:
    rows = (
        Notification.objects.filter(person=profile.person, created_at__gt=since)
        .filter(Q(read_at__isnull=True) | Q(hidden=True))
        .exclude(kind__in={*profile.muted, *notices.ALWAYS})
        .order_by("-created_at", "-id")
    )
    found = inbox.readable(rows.select_related("claim", "event")[: MOST_LINES + 1], profile.person)
    if not found:
        return ""
    lines = [
        "\n  ".join(
            filter(
                None, (f"* {row.text}", notices.shorten(row.why, 200), f"{settings.SITE_URL}{row.address}")
            )
        )
        for row in found[:MOST_LINES]
    ]
    more = [_("… and more in the desk.")] if len(found) > MOST_LINES else []
    return "\n".join([_("New for you:"), *lines, *more])


def _work(person: User, now: datetime) -> list[str]:
    held = people.roles(person)
    tomorrow = now + timedelta(days=1)
    mine = Claim.objects.filter(assignee=person, status__in=[ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING])
    parts = [_due(_("Late:"), mine.filter(due_at__lte=now)),
             _due(_("Due today:"), mine.filter(due_at__gt=now, due_at__lte=tomorrow))]  # fmt: skip
    review = Claim.objects.filter(second_reader=person, status=ClaimStatus.IN_REVIEW)
    parts.append(_due(_("Waiting for your review:"), review))
    if Role.EDITOR in held:
        late = Claim.objects.filter(status__in=ClaimStatus.with_checker(), due_at__lte=now)
        count = late.order_by()[:1000].count()
        if count:
            parts.append(
                ngettext("On the whole desk %(count)d claim is late.", "On the whole desk %(count)d claims are late.", count)
                % {"count": count}
            )  # fmt: skip
    return parts


def _due(title: str, rows: QuerySet[Claim]) -> str:
    found = list(rows.order_by("due_at", "id")[:MOST_LINES])
    if not found:
        return ""
    lines = [
        f"* {notices.shorten(claim.wording)}\n  {settings.SITE_URL}{claim.get_absolute_url()}"
        for claim in found
    ]
    return "\n".join([title, *lines])
