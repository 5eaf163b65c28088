"""The reader's cards and marks: what stands beside and in the text of an article, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import blind, house_rules, people, queries
from claims.domain.facts import ClaimFacts
from claims.enums import Action, ClaimStatus, Role
from claims.models import Article, AuditEvent, Claim, Conflict, Profile
from claims.web.parts import Layout, Part, lay
from claims.web.spans import Paragraph, Span, cut
from claims.workflow import table

TRIAGE = frozenset({Action.TRIAGE, Action.TAKE, Action.DECLINE, Action.MARK_DUPLICATE, Action.UNDO})


def worth_step(worthiness: float) -> str:
    """Which of the three tints stands behind a claim that nobody has decided."""
    if worthiness >= 0.75:
        return "high"
    return "mid" if worthiness >= 0.5 else "low"


@dataclass(frozen=True, slots=True)
class Card:
    """One claim as the reader's rail shows it."""

    claim: Claim
    moves: frozenset[str]
    current: bool = False
    editable: bool = False

    @property
    def decided(self) -> bool:
        return self.claim.status != ClaimStatus.NEW

    @property
    def worth(self) -> int:
        return round(self.claim.worthiness * 100)

    @property
    def tone(self) -> str:
        return worth_step(self.claim.worthiness)

    @property
    def restated(self) -> str:
        """The checkable sentence where it says more than the article's words do."""
        return self.claim.restated if self.claim.restated.strip() != self.claim.text.strip() else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the deciding has come."""

    decided: int
    total: int
    undo: Card | None
    undo_elsewhere: bool = False

    @property
    def left(self) -> int:
        return self.total - self.decided


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an article somebody wants to be, as the address says it: the first of these that is given counts.

    ``after`` is a claim just decided, so that the next one to decide is meant; ``claim`` the claim one looks at; ``at`` a
    place in the text. With none of them it is the first claim to decide.
    """

    after: int | None = None
    claim: int | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Rail:
    """The cards of an article, or of one part of a long one, in the order of its text.

    ``before`` and ``beyond`` are the claims around the part, where the keys go on.
    """

    article: Article
    cards: tuple[Card, ...]
    tally: Tally
    part: Part
    before: Claim | None = None
    beyond: Claim | None = None

    def card(self, claim_id: int) -> Card | None:
        """The card of this claim."""
        return next((card for card in self.cards if card.claim.pk == claim_id), None)

    def after(self, claim: Claim) -> Claim | None:
        """The next claim to decide: further down first, then from the top. It may lie in another part."""
        if not self.part.whole:
            return queries.undecided(self.article, claim)
        following = _next_new([card.claim for card in self.cards], claim.pk)
        card = self.card(following) if following is not None else None
        return card.claim if card else None


def rail(article: Article, person: User, place: Place) -> Rail:
    """The cards around a place with the verbs that this person has on each, with a fixed number of queries.

    The verbs come from the workflow's table; the door asks every guard again when a button is pressed.
    """
    layout = lay(article.text, queries.starts_of_claims(article))
    if layout.whole:
        return _whole(article, person, place, layout.parts[0])
    chosen, part = _find(article, place, layout)
    claims = queries.claims_in_article(article, (part.low, part.high))
    mine = [claim for claim in queries.moved_lately(article, person) if claim not in claims]
    cards = _cards(claims, person, chosen, mine)
    here = cards[: len(claims)]
    decided, total = queries.decided_in_article(article)
    undo = _undoable(cards)
    tally = Tally(decided, total, undo, undo_elsewhere=undo is not None and undo not in here)
    return Rail(article, here, tally, part, *queries.around_part(article, part.low, part.high))


def _whole(article: Article, person: User, place: Place, part: Part) -> Rail:
    claims = queries.claims_in_article(article)
    chosen = _current(claims, place.claim) if place.after is None else _next_new(claims, place.after)
    cards = _cards(claims, person, chosen)
    decided = sum(card.decided for card in cards)
    return Rail(article, cards, Tally(decided, len(cards), _undoable(cards)), part)


def _cards(
    claims: Sequence[Claim], person: User, chosen: int | None, more: Sequence[Claim] = ()
) -> tuple[Card, ...]:
    blind.veil(claims, person)
    moves = triage_moves([*claims, *more], person)
    return tuple(
        Card(claim, moves[claim.pk], claim.pk == chosen, _editable(claim, person))
        for claim in (*claims, *more)
    )


def _find(article: Article, place: Place, layout: Layout) -> tuple[int | None, Part]:
    """The current claim and the part to show."""
    wanted = place.after if place.after is not None else place.claim
    named = Claim.objects.filter(article=article, pk=wanted).first() if wanted is not None else None
    if place.after is None and named is None and place.at is not None:
        part = layout.at(place.at)
        at = min(max(place.at, part.low), part.high)
        ahead = queries.undecided_within(article, at, part.high)
        return ahead or queries.undecided_within(article, part.low, at), part
    if place.after is not None or named is None:
        named = queries.undecided(article, named)
    return (named.pk, layout.at(named.start)) if named is not None else (None, layout.parts[0])


def _next_new(claims: Sequence[Claim], after: int) -> int | None:
    places = [claim.pk for claim in claims]
    at = places.index(after) if after in places else -1
    ahead = [*claims[at + 1 :], *claims[: at + 1]]
    return next((claim.pk for claim in ahead if claim.status == ClaimStatus.NEW and claim.pk != after), None)


def _current(claims: Sequence[Claim], wanted: int | None) -> int | None:
    if wanted is not None and any(claim.pk == wanted for claim in claims):
        return wanted
    return next((claim.pk for claim in claims if claim.status == ClaimStatus.NEW), None)


def _editable(claim: Claim, person: User) -> bool:
    """Whether words and bounds of the claim are still this person's to change, as ``domain.claims`` has it."""
    held = people.roles(person)
    if claim.status == ClaimStatus.NEW:
        return Role.REVIEWER in held
    return claim.status == ClaimStatus.TRIAGED and Role.EDITOR in held


def _undoable(cards: Sequence[Card]) -> Card | None:
    """The claim that this person moved last and may still put back."""
    mine = [card for card in cards if Action.UNDO in card.moves]
    return max(mine, key=lambda card: card.claim.touched_at, default=None)


def triage_moves(claims: Iterable[Claim], person: User) -> dict[int, frozenset[str]]:
    """The verbs of triage that this person has on each claim."""
    rows = list(claims)
    moves = queries.latest_moves([claim.pk for claim in rows if claim.status != ClaimStatus.NEW])
    barred = _Barred(person)
    return {claim.pk: _moves(claim, person, moves.get(claim.pk), barred) for claim in rows}


def _moves(claim: Claim, person: User, last: AuditEvent | None, barred: _Barred) -> frozenset[str]:
    here = people.relations(claim, person)
    found: set[str] = set()
    for row in table.actions_from(claim.status):
        if row.action not in TRIAGE or not here & set(row.who):
            continue
        if row.action == Action.TAKE and barred.from_taking(claim):
            continue
        if row.action == Action.UNDO and _undo_problem(claim, person, last):
            continue
        found.add(row.action)
    return frozenset(found)


def _undo_problem(claim: Claim, person: User, last: AuditEvent | None) -> str:
    facts = ClaimFacts(claim, person)
    facts.last_move = last  # looked up for the whole list at once
    return facts.undo_problem


class _Barred:
    """What keeps a person from taking claims: being away, or a declared conflict of interest."""

    def __init__(self, person: User) -> None:
        profile = Profile.objects.filter(person=person).first()
        today = timezone.localdate()
        self.wholly = bool(
            profile and (profile.is_machine or (profile.away_until and profile.away_until >= today))
        )
        declared = list(Conflict.objects.filter(person=person).values_list("speaker_id", "topic"))
        self.speakers = {speaker for speaker, _topic in declared if speaker}
        self.topics = {topic.casefold() for _speaker, topic in declared if topic}

    def from_taking(self, claim: Claim) -> bool:
        """Whether this person is not offered this claim."""
        if self.wholly or (claim.speaker_id and claim.speaker_id in self.speakers):
            return True
        return bool(claim.topic) and claim.topic.casefold() in self.topics


# --- the text with its marks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """One flat piece of the text as the template writes it."""

    start: int
    text: str
    cards: tuple[Card, ...] = ()
    begins: tuple[Card, ...] = ()

    @property
    def keys(self) -> str:
        """The claims over this piece, the one that wins a click first."""
        return " ".join(str(card.claim.pk) for card in self.cards)

    @property
    def classes(self) -> str:
        """How it looks: status and worth of the winning claim, and whether claims overlap here."""
        if not self.cards:
            return ""
        card = self.cards[0]
        names = ["mark", f"mark-{card.claim.status}"]
        if not card.decided:
            names.append(f"worth-{card.tone}")
        if len(self.cards) > 1:
            names.append("mark-overlap")
        if any(one.current for one in self.cards):
            names.append("mark-current")
        return " ".join(names)


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph of marks. ``heading`` is the article's title standing as its own first line; ``gap`` are the
    blanks between the paragraph before and this one, which a selection over both needs."""

    start: int
    marks: tuple[Mark, ...]
    heading: bool = False
    gap: str = ""


def marked(article: Article, cards: Sequence[Card], part: Part) -> list[MarkedParagraph]:
    """The text of a part with the cards' claims marked in it."""
    by_key = {card.claim.pk: card for card in cards}
    spans = [Span(card.claim.pk, card.claim.start, card.claim.end) for card in cards]
    paragraphs = cut(article.text, spans, part.bounds)
    ends = [part.blocks[0].start if part.blocks else 0, *(row.pieces[-1].end for row in paragraphs)]
    return [
        _paragraph(
            row,
            by_key,
            article.title if at == 0 and part.number == 1 else "",
            article.text[ends[at] : row.start],
        )
        for at, row in enumerate(paragraphs)
    ]


def _paragraph(row: Paragraph, by_key: dict[int, Card], title: str, gap: str) -> MarkedParagraph:
    marks = tuple(
        Mark(
            piece.start,
            piece.text,
            tuple(by_key[key] for key in piece.keys),
            tuple(by_key[key] for key in piece.begins),
        )
        for piece in row.pieces
    )
    heading = bool(title) and row.text.strip() == title.strip()
    return MarkedParagraph(row.start, marks, heading, gap)


def marks_of(paragraphs: Iterable[MarkedParagraph], claim_id: int) -> list[Mark]:
    """The pieces that lie under one claim: what changes when it is decided."""
    return [
        mark
        for paragraph in paragraphs
        for mark in paragraph.marks
        if any(card.claim.pk == claim_id for card in mark.cards)
    ]


def decline_reasons() -> list[tuple[int, str, str]]:
    """The reasons with the number keys that choose them."""
    return [(at, key, label) for at, (key, label) in enumerate(house_rules.reasons(), start=1)]
