"""Claims: from statement or selection to claim, wording, due dates, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, blind, house_rules, notes, notices, people, speakers, steps, tags
from claims.domain import seen as marks
from claims.domain.locking import lock_claim, note_author
from claims.enums import ClaimStatus, Priority, Role
from claims.exceptions import AlreadyHere, InvalidInput, TransitionRefused
from claims.models import Article, AuditEvent, Claim, Comment, Speaker, Statement
from claims.workflow import permits

WORTHY = 0.5
MENTION = re.compile(r"@([\w.+-]{1,150})")


def new_claim(
    article: Article, number: int, *, start: int, end: int, actor: User | None, **fields: Any
) -> Claim:
    """A claim row on its way into the database; the caller has checked span and number."""
    now = timezone.now()
    return Claim(
        article=article, number=number, text=article.text[start:end], start=start, end=end, topic=article.topic,
        status_since=now, created_at=now, touched_at=now, added_by=actor, **fields,
    )  # fmt: skip


def from_statement(
    article: Article,
    statement: Statement,
    number: int,
    actor: User | None,
    known: Mapping[str, Speaker] | None = None,
) -> Claim:
    """The claim that a statement makes, unsaved; ``known`` are its and others' speakers, where many were looked up at once."""
    if known is None:
        speaker = speakers.find_or_make(statement.speaker, statement.speaker_title)
    else:
        speaker = known.get(speakers.key_of(statement.speaker))
    return new_claim(
        article, number, start=statement.start, end=statement.end, actor=actor, statement=statement,
        restated=statement.restated, speaker=speaker, speaker_mention=statement.speaker_mention,
        speaker_role=statement.speaker_title, kind=statement.kind, cue=statement.cue,
        worthiness=statement.worthiness, reasons=statement.reasons, claim_kinds=statement.claim_kinds,
    )  # fmt: skip


@transaction.atomic
def add_claim(
    article_id: int, *, actor: User, start: int | None = None, end: int | None = None, text: str = "",
    speaker: str = "", statement_id: int | None = None,
) -> Claim:  # fmt: skip
    """Add a claim by hand: from a selection (start, end and the words), from typed words, or from a statement.

    Args:
        start, end: code points into the article's text, with ``text`` the words that were selected there.
        text: alone, the words are looked up in the article.
        statement_id: a statement below the threshold, made a claim by one key.

    Raises:
        InvalidInput: the words are not in the article, stand there twice, or do not match the place; or a name too long.
        AlreadyHere: these words are a claim already.
    """
    people.require(actor, Role.REVIEWER)
    article = Article.objects.select_for_update().filter(pk=article_id).first()
    if article is None:
        raise InvalidInput(_("There is no such article."), "article")
    statement = Statement.objects.filter(pk=statement_id, article=article).first() if statement_id else None
    number = (Claim.objects.filter(article=article).aggregate(top=Max("number"))["top"] or 0) + 1
    if statement is not None:
        start, end = statement.start, statement.end
    else:
        start, end = _span(article, start, end, text)
        # A selection that is exactly a known statement inherits what extraction knows of it.
        statement = Statement.objects.filter(article=article, start=start, end=end).first()
    _refuse_same(article, start, end)
    if statement is not None:
        claim = from_statement(article, statement, number, actor)
    else:
        claim = new_claim(article, number, start=start, end=end, actor=actor, worthiness=WORTHY)
    if speaker := notes.require_fits(speaker, "speaker"):
        claim.speaker, claim.speaker_mention = speakers.find_or_make(speaker), speaker
    claim.save(force_insert=True)
    audit.record("claim.added", actor=actor, claim=claim, to_status="", data={"start": start, "end": end})
    steps.plan_claim(claim, actor=actor)
    return claim


def _span(article: Article, start: int | None, end: int | None, text: str) -> tuple[int, int]:
    words = text.replace("\r\n", "\n").strip()
    if start is not None and end is not None:
        if not 0 <= start < end <= len(article.text):
            raise InvalidInput(_("The selection lies outside the article. Select the words again."), "text")
        found = article.text[start:end]
        if words and found.strip() != words:
            raise InvalidInput(_("The words at that place are others. Select them again."), "text")
        lead = len(found) - len(found.lstrip())
        return start + lead, start + lead + len(found.strip())
    if not words:
        raise InvalidInput(_("Select the words in the article, or type them."), "text")
    count = article.text.count(words)
    if count == 0:
        raise InvalidInput(_("These words are not in the article. Copy them as they stand there."), "text")
    if count > 1:
        raise InvalidInput(
            _("These words stand in the article more than once. Add some words around them."), "text"
        )
    place = article.text.index(words)
    return place, place + len(words)


def _refuse_same(article: Article, start: int, end: int) -> None:
    if end <= start:
        raise InvalidInput(_("Select some words."), "text")
    same = Claim.objects.filter(article=article, start=start, end=end).first()
    if same is not None:
        raise AlreadyHere(
            _("These words are claim %(number)s already.") % {"number": same.number}, article.pk
        )


@transaction.atomic
def reword(claim_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None) -> Claim:
    """Edit what may be edited of a claim: the checkable sentence, speaker, role, date, topic, tags, the span.

    The article's own words are never changed; ``start`` and ``end`` mark others. Before triage any reviewer may
    do it; later the checker or an editor. ``seen`` is the mark of the claim as the person saw it, see ``domain.seen``.

    Raises:
        InvalidInput: words that are not in the article, or more than a field holds; none is cut off in silence.
        NotAllowed, TransitionRefused
        Conflict: somebody saved meanwhile.
    """
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    _require_editable(claim, actor)
    marks.require(claim, seen)
    changed: dict[str, Any] = {}
    if "start" in fields and "end" in fields:
        start, end = _span(claim.article, fields["start"], fields["end"], "")
        if (start, end) != (claim.start, claim.end):
            _refuse_same(claim.article, start, end)
            changed |= {"start": start, "end": end, "text": claim.article.text[start:end]}
    for name in ("restated", "speaker_role", "said_where", "topic"):
        if name in fields:
            changed[name] = notes.require_fits(fields[name], name)
    if "speaker" in fields:
        name = notes.require_fits(fields["speaker"], "speaker")
        changed["speaker"] = speakers.find_or_make(name) if name else None
        changed["speaker_mention"] = name
    if "said_on" in fields:
        changed["said_on"] = fields["said_on"]
    if "tags" in fields:
        changed["tags"] = tags.cleaned(fields["tags"] or [])
    changed = {name: value for name, value in changed.items() if getattr(claim, name) != value}
    if not changed:
        return claim
    before = {name: str(getattr(claim, name)) for name in changed}
    _note_topic(claim, actor, changed)
    Claim.objects.filter(pk=claim.pk).update(**changed)
    for name, value in changed.items():
        setattr(claim, name, value)
    if "tags" in changed:
        tags.keep_rows(claim, changed["tags"])
    if set(changed) - {"topic", "tags"}:  # all the rest is printed as what was said, by whom, when and where
        note_author(claim, actor, "claim.reworded")
        steps.plan_claim(claim, actor=actor)  # what looks at any of it looks again, and nothing else
    after = {name: str(value) for name, value in changed.items()}
    audit.record("claim.reworded", actor=actor, claim=claim, data={"before": before, "after": after})
    return claim


def _note_topic(claim: Claim, actor: User, changed: Mapping[str, Any]) -> None:
    """Before a change of topic is written: whether it makes its doer an author.

    Reports print the topic, so it does while somebody reviews it; earlier the checker still submits what stands. At any time it
    does where it takes the claim away from a conflict of interest of theirs, who could approve it then; also from one that they
    took back since and that holds on.
    """
    if "topic" not in changed:
        return
    conflict = people.has_conflict(actor, claim) or people.took_back(actor.pk, claim)
    if claim.status == ClaimStatus.IN_REVIEW or conflict:
        note_author(claim, actor, "claim.topic")


def _require_editable(claim: Claim, actor: User) -> None:
    if claim.status not in permits.statuses_for("reword"):
        raise TransitionRefused(
            _("This claim is %(status)s, so its wording cannot be changed now.")
            % {"status": str(claim.get_status_display()).lower()}
        )
    people.require_verb(
        "reword", claim, actor, _("Only the person checking this claim or an editor can change it.")
    )


@transaction.atomic
def split_claim(claim_id: int, at: int, *, actor: User) -> tuple[Claim, Claim]:
    """Cut a new claim in two at a code point of its article; the second part becomes a claim of its own."""
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    _require_editable(claim, actor)
    if not claim.start < at < claim.end:
        raise InvalidInput(_("Choose a place inside the claim."), "at")
    end = claim.end
    first = reword(claim_id, actor=actor, fields={"start": claim.start, "end": at, "restated": ""})
    second = add_claim(claim.article_id, actor=actor, start=at, end=end, speaker=claim.speaker_name)
    return first, second


@transaction.atomic
def set_details(
    claim_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None, only: str = ""
) -> Claim:
    """Due date, priority, tags and topic: an editor's to set, or the checker's own. A topic may make its doer an author.

    Raises:
        InvalidInput, NotAllowed
        Conflict: somebody saved after ``seen``, the mark of the claim (or of this ``only`` field) as the person saw it.
    """
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    people.require_verb("details", claim, actor)
    marks.require(claim, seen, only)
    changed = {name: fields[name] for name in ("due_at", "priority", "tags", "topic") if name in fields}
    if changed.get("priority", Priority.NORMAL) not in Priority.values:
        raise InvalidInput(_("Choose a priority."), "priority")
    house_rules.require_to_come(changed.get("due_at"), claim.due_at)
    if "topic" in changed:
        changed["topic"] = notes.require_fits(changed["topic"], "topic")
    if "tags" in changed:
        changed["tags"] = tags.cleaned(changed["tags"] or [])
    changed = {name: value for name, value in changed.items() if getattr(claim, name) != value}
    if not changed:
        return claim
    _note_topic(claim, actor, changed)
    Claim.objects.filter(pk=claim.pk).update(**changed)
    for name, value in changed.items():
        setattr(claim, name, value)
    if "tags" in changed:
        tags.keep_rows(claim, changed["tags"])
    audit.record("claim.details", actor=actor, claim=claim, data={k: str(v) for k, v in changed.items()})
    return claim


@transaction.atomic
def add_comment(claim_id: int, *, actor: User, text: str, passage: str = "") -> Comment:
    """Say something to colleagues. ``@username`` tells that person.

    Raises:
        InvalidInput: nothing was written, or too much.
        NotAllowed: viewers read only.
    """
    claim = lock_claim(claim_id)
    people.require_verb("comment", claim, actor)
    if not text.strip():
        raise InvalidInput(_("Write something first."), "text")
    text = notes.require_short(text, "text", notes.LONGEST_COMMENT)
    comment = Comment.objects.create(
        claim=claim, author=actor, text=text, passage=passage.strip()[:2000],
        created_at=timezone.now(),
    )  # fmt: skip
    event = audit.record("comment.added", actor=actor, claim=claim, data={"comment": comment.pk})
    _tell(comment, claim, event)
    return comment


@transaction.atomic
def settle_comment(comment_id: int, *, actor: User) -> Comment:
    """Mark a remark as dealt with. It stays where it is, for everybody to read.

    Raises:
        InvalidInput: there is no such comment.
        NotAllowed: neither its author, nor mentioned in it, nor the claim's checker, nor an editor.
    """
    people.require(actor, Role.REVIEWER)
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None:
        raise InvalidInput(_("There is no such comment."))
    claim = lock_claim(comment.claim_id)
    concerned = actor.pk in {comment.author_id, claim.assignee_id}
    if not concerned and not comment.mentions.filter(pk=actor.pk).exists():
        people.require(
            actor,
            Role.EDITOR,
            _("Only people whom this comment concerns, or an editor, can mark it as done."),
        )
    if comment.resolved_at is None:
        comment.resolved_at = timezone.now()
        comment.save(update_fields=["resolved_at"])
        audit.record("comment.settled", actor=actor, claim=claim, data={"comment": comment.pk})
    return comment


def _tell(comment: Comment, claim: Claim, event: AuditEvent) -> None:
    """Those who are named hear that; those who have the claim hear that something was said on it."""
    # A name at the end of a sentence has the sentence's full stop behind it.
    names = {name.rstrip(".-+") for name in MENTION.findall(comment.text)}
    mentioned = list(
        people.Person.objects.filter(username__in=names, is_active=True).exclude(pk=comment.author_id)
    )
    comment.mentions.set(mentioned)
    said = {
        "who": people.display_name(comment.author),
        "text": notices.shorten(comment.text, 200),
        "claim": notices.shorten(claim.wording, 60),
    }
    named = {person.pk for person in mentioned}
    others = {pk for pk in (claim.assignee_id, claim.second_reader_id) if pk} - named - {comment.author_id}
    # Whoever has to rate the claim unseen is told that there is a remark, not what it says.
    told = people.Person.objects.filter(pk__in=named | others)
    veiled = {person.pk for person in told if blind.is_hidden(claim, person)}
    mention, remark = _("%(who)s mentioned you: %(text)s"), _("%(who)s on “%(claim)s”: %(text)s")
    if veiled:
        notices.send(
            named & veiled, "comment.mention", _("%(who)s mentioned you on “%(claim)s”.") % said, claim, event
        )
        notices.send(
            others & veiled,
            "comment.on_mine",
            _("%(who)s made a remark on “%(claim)s”.") % said,
            claim,
            event,
        )
    if named - veiled:
        notices.send(named - veiled, "comment.mention", mention % said, claim, event)
    if others - veiled:
        notices.send(others - veiled, "comment.on_mine", remark % said, claim, event)
