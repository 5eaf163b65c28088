"""Many rows at once for lists: written straight into the table, as no list cares how a claim came about."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import Article, AuditEvent, Claim, Notification, Speaker


def article(number: int, by: User) -> Article:
    """A read article with a text long enough for a hundred claims."""
    return Article.objects.create(
        title=f"Article {number}", text="word " * 400, content_hash=f"{number:064d}", state="ready", added_by=by,
        created_at=timezone.now() - timedelta(minutes=number), slug=f"article-{number}",
    )  # fmt: skip


def claims(count: int, stored: Article, status: str, **fields: object) -> list[Claim]:
    """So many claims of one article in one status, each with a speaker of its own."""
    now = timezone.now()
    top = Claim.objects.filter(article=stored).count()
    speakers = Speaker.objects.bulk_create(
        [
            Speaker(name=f"Speaker {stored.pk}-{status}-{n}", key=f"speaker {stored.pk} {status} {n}")
            for n in range(count)
        ]
    )
    made = Claim.objects.bulk_create(
        [
            Claim(
                article=stored, number=top + n + 1, text=f"word {n}", start=n * 5, end=n * 5 + 4, status=status,
                speaker=speakers[n], worthiness=(n % 100) / 100, status_since=now, touched_at=now,
                created_at=now - timedelta(seconds=top + n), due_at=now + timedelta(hours=n - 1), **fields,
            )
            for n in range(count)
        ]
    )  # fmt: skip
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                chain=f"claim:{claim.pk}", sequence=1, at=now, action="claim.test", actor_name="Noor", claim=claim,
                channel="system", from_status="new", to_status=status, claim_version=1, hash=f"{claim.pk:064d}",
            )
            for claim in made
        ]
    )  # fmt: skip
    return made


def notices(count: int, person: User) -> None:
    """So many unread notices."""
    Notification.objects.bulk_create(
        [
            Notification(person=person, kind="claim.assign", text=f"Notice {n}", created_at=timezone.now())
            for n in range(count)
        ]
    )
