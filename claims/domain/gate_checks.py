"""What each gate looks at: the dossier of a claim, and one function for each demand of the codes of practice.

A check answers None where its demand is met, else what is missing and how to mend it. It reads the dossier alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.db.models import Exists
from django.utils.translation import gettext as _

from claims.domain import articles, documents, people
from claims.domain.people import display_name
from claims.enums import SourceKind, Stance
from claims.matching import quoting
from claims.models import (
    Authorship,
    Claim,
    Conflict,
    DeskSettings,
    Evidence,
    GateException,
    MediaFinding,
    Page,
    Profile,
    RatingLevel,
    Report,
    RightOfReply,
    Verdict,
    VerificationStep,
)
from claims.publishing import claimreview, linter, markdown
from claims.publishing.document import DocumentError
from claims.workflow.guards import Denied


@dataclass(frozen=True)
class Dossier:
    """All that the gates look at, loaded once; what only some of them ask for, when it is first asked for, and once."""

    claim: Claim
    verdict: Verdict | None
    evidence: tuple[Evidence, ...]
    reply: RightOfReply | None
    exceptions: dict[str, GateException]
    desk: DeskSettings
    now: datetime
    interest_declared: bool  # somebody who wrote on the claim declared a conflict of interest that touches it
    media: MediaFinding | None = None

    @cached_property
    def pages(self) -> dict[str, documents.PublicPage]:
        """The desk's public pages, by kind."""
        return documents.public_pages()

    @cached_property
    def levels(self) -> list[RatingLevel]:
        """The scale that the verdict stands on, in order."""
        return documents.levels_of(self.verdict)

    @cached_property
    def steps(self) -> list[VerificationStep]:
        """What the desk's own steps found last."""
        return documents.steps_of(self.claim.pk)

    @cached_property
    def related(self) -> list[Report]:
        """Public reports beside this one."""
        return documents.reports_beside(self.claim)

    @property
    def cited(self) -> set[int]:
        """Numbers that the texts of the verdict cite."""
        if self.verdict is None:
            return set()
        verdict = self.verdict
        texts = [verdict.why_checked, verdict.reasoning, verdict.not_established, *map(str, verdict.bullets)]
        return {number for text in texts for number in markdown.cited_numbers(text)}


_BESIDE = ("article", "speaker", "assignee", "second_reader")
_OF_ONE = ("verdict__level__scale", "verdict__saved_by__profile", "right_of_reply", "media_finding")


def load_dossier(claim: Claim, now: datetime) -> Dossier:
    """Everything the gates look at, in four queries. The copies' bytes stay where they are.

    The claim in hand gets its article, its speaker and its people from the same rows, as far as it does not have them.
    """
    sources = Evidence.objects.standing().select_related("snapshot", "added_by").filter(claim=claim)
    missing = [name for name in _BESIDE if name not in claim._state.fields_cache]
    interested = Conflict.objects.filter(
        people.touching(claim), person_id__in=Authorship.objects.filter(claim=claim).values("person_id")
    )
    row = (
        Claim.objects.select_related(*missing, *_OF_ONE)
        .annotate(interested=Exists(interested))
        .get(pk=claim.pk)
    )
    for name in missing:
        setattr(claim, name, getattr(row, name))
    return Dossier(
        claim=claim,
        verdict=getattr(row, "verdict", None),
        evidence=tuple(sources.defer("snapshot__content", "snapshot__warc")),
        reply=getattr(row, "right_of_reply", None),
        exceptions={
            row.gate: row for row in GateException.objects.select_related("person").filter(claim=claim)
        },
        desk=documents.desk_settings(),
        now=now,
        interest_declared=row.interested,  # type: ignore[attr-defined]  # annotated above
        media=getattr(row, "media_finding", None),
    )


def sources_identified(dossier: Dossier) -> Denied | None:
    for item in dossier.evidence:
        if not item.title.strip() or not (item.url or item.where.strip()):
            return Denied(
                _("Source [%(number)s] cannot be found by a reader.") % {"number": item.number},
                _("Give it a title and a link, or say where it can be found."), "evidence", "sources_identified",
            )  # fmt: skip
    return None


def sources_linked(dossier: Dossier) -> Denied | None:
    numbers = {item.number for item in dossier.evidence}
    unknown = sorted(dossier.cited - numbers)
    unused = sorted(numbers - dossier.cited)
    if unknown:
        return Denied(
            _("The reasoning cites [%(number)s], which is not in the evidence.") % {"number": unknown[0]},
            _("Mend the number, or add the source."), "verdict", "sources_linked",
        )  # fmt: skip
    if unused:
        return Denied(
            _("Source [%(number)s] is not cited in the reasoning.") % {"number": unused[0]},
            _("Cite it where it is used, or take it back."), "verdict", "sources_linked",
        )  # fmt: skip
    return None


def primary_source(dossier: Dossier) -> Denied | None:
    if any(item.kind == SourceKind.PRIMARY for item in dossier.evidence):
        return None
    return Denied(_("No primary source is among the evidence."), _("Add one, or have an editor record why not."),
                  "evidence", "primary_source")  # fmt: skip


def origins(evidence: tuple[Evidence, ...]) -> set[str]:
    """Independent origins: sources that share an origin (one press release, one study) count once."""
    return {(item.origin or item.publisher or item.url or item.where).strip().casefold() for item in evidence}


def two_origins(dossier: Dossier) -> Denied | None:
    if len(origins(dossier.evidence)) >= 2:
        return None
    return Denied(_("The evidence comes from fewer than two independent origins."),
                  _("Add a source of another origin."), "evidence", "two_origins")  # fmt: skip


def both_sides(dossier: Dossier) -> Denied | None:
    stances = {item.stance for item in dossier.evidence}
    if {Stance.SUPPORTS, Stance.UNDERMINES} <= stances:
        return None
    if dossier.verdict and dossier.verdict.searched_other_side and dossier.verdict.other_side_queries.strip():
        return None
    return Denied(_("Only one side of the evidence is shown."),
                  _("Add the other side, or say what you searched for without finding it."),
                  "verdict", "both_sides")  # fmt: skip


def interests_stated(dossier: Dossier) -> Denied | None:
    for item in dossier.evidence:
        if item.kind == SourceKind.EXPERT and not item.interests.strip():
            return Denied(
                _("The interests of the expert in [%(number)s] are not stated.") % {"number": item.number},
                _("State them, or write “none known”."), "evidence", "interests_stated",
            )  # fmt: skip
    if dossier.interest_declared and not (dossier.verdict and dossier.verdict.interests.strip()):
        return Denied(
            _("Somebody who wrote on this has declared a conflict of interest, and the report says nothing of it."),
            _("State our own interests."), "verdict", "interests_stated",
        )  # fmt: skip
    return None


def anonymous_reason(dossier: Dossier) -> Denied | None:
    for item in dossier.evidence:
        if item.anonymous and not item.anonymous_reason.strip():
            return Denied(
                _("It is not said why the source in [%(number)s] stays unnamed.") % {"number": item.number},
                _("Say who would be at risk if it were named."), "evidence", "anonymous_reason",
            )  # fmt: skip
    return None


def anonymous_consent(dossier: Dossier) -> Denied | None:
    unnamed = [item.number for item in dossier.evidence if item.anonymous]
    if not unnamed:
        return None
    return Denied(
        _("The report rests on an unnamed source: [%(number)s].") % {"number": unnamed[0]},
        _("Name it, or have an editor who did not add it agree and say why."), "evidence", "anonymous_consent",
    )  # fmt: skip


def right_of_reply(dossier: Dossier) -> Denied | None:
    if not dossier.claim.speaker_name or dossier.reply is not None:
        return None
    return Denied(_("It is not recorded whether the speaker was asked."),
                  _("Say when and how, or why not."), "reply", "right_of_reply")  # fmt: skip


def reply_deadline(dossier: Dossier) -> Denied | None:
    reply = dossier.reply
    if reply is None or not reply.contacted or reply.answer.strip() or reply.deadline is None:
        return None
    if reply.deadline <= dossier.now:
        return None
    return Denied(_("The time given to the speaker to answer has not passed."),
                  _("Wait, or record the answer."), "reply", "reply_deadline")  # fmt: skip


def why_checked(dossier: Dossier) -> Denied | None:
    if dossier.verdict and dossier.verdict.why_checked.strip():
        return None
    return Denied(_("It is not said why this was checked."), _("Write one or two sentences."),
                  "verdict", "why_checked")  # fmt: skip


def quote_in_text(dossier: Dossier) -> Denied | None:
    claim = dossier.claim
    if claim.article.text[claim.start : claim.end] == claim.text:
        return None
    return Denied(_("The claim's words are not found at their place in the stored article."),
                  _("Mark the words in the article again."), "claim", "quote_in_text")  # fmt: skip


def quotes_in_copies(dossier: Dossier) -> Denied | None:
    for item in dossier.evidence:
        kept = item.snapshot.text if item.snapshot is not None else ""
        if item.quote.strip() and kept and not _stands_in(item.quote, kept):
            return Denied(
                _("The words quoted from [%(number)s] are not found in the copy that was kept of it.")
                % {"number": item.number},
                _("Quote its exact words, or have an editor record why they differ."), "evidence", "quotes_in_copies",
            )  # fmt: skip
    return None


@lru_cache(maxsize=64)  # the claim's page asks on every visit; a copy never changes
def _stands_in(quote: str, text: str) -> bool:
    place = quoting.find(quote, text)
    return place is not None and place.exact


def copy_kept(dossier: Dossier) -> Denied | None:
    article = dossier.claim.article
    if article.content_hash and articles.content_hash(article.original_text) == article.content_hash:
        return None
    return Denied(
        _("The copy of the article that we hold is not the one that came in, or there is none."),
        _("Add the article's text again, and mark the claim in it."), "claim", "copy_kept",
    )  # fmt: skip


def byline(dossier: Dossier) -> Denied | None:
    claim, verdict = dossier.claim, dossier.verdict
    for person in (claim.assignee, verdict.saved_by if verdict else None, claim.second_reader):
        if person is not None and not person.get_full_name().strip():
            return Denied(
                _("“%(name)s” has no name that readers could know.") % {"name": display_name(person)},
                _("Enter first and last name under People."), "review", "byline",
            )  # fmt: skip
    return None


def person_decided(dossier: Dossier) -> Denied | None:
    profile = getattr(dossier.verdict.saved_by, "profile", None) if dossier.verdict else None
    if not isinstance(profile, Profile) or not profile.is_machine:
        return None
    return Denied(
        _("The verdict was last saved by a machine account."), _("A person has to read it and save it."),
        "verdict", "person_decided",
    )  # fmt: skip


def public_pages(dossier: Dossier) -> Denied | None:
    written = {kind for kind, page in dossier.pages.items() if page.written}
    missing = [page for page in Page.Kind if page not in written and page != Page.Kind.CORRECTIONS]
    if missing:
        return Denied(
            _("The public page “%(page)s” is empty.") % {"page": missing[0].label},
            _("An editor has to write it under Settings."), "settings", "public_pages",
        )  # fmt: skip
    level = dossier.verdict.level if dossier.verdict else None
    if level is None or level.definition.strip():
        return None
    return Denied(
        _("Readers cannot look up what “%(word)s” means.") % {"word": level.word},
        _("An editor has to write the meaning of every rating."), "settings", "public_pages",
    )  # fmt: skip


def corrections_open(dossier: Dossier) -> Denied | None:
    page = dossier.pages.get(Page.Kind.CORRECTIONS)
    if page is None or not page.written:
        return Denied(
            _("The public page “%(page)s” is empty.") % {"page": Page.Kind.CORRECTIONS.label},
            _("An editor has to write it under Settings."), "settings", "corrections_open",
        )  # fmt: skip
    if dossier.desk.contact:
        return None
    return Denied(
        _("Readers find no address to write to."), _("An editor has to enter a contact under Settings."),
        "settings", "corrections_open",
    )  # fmt: skip


def markup_valid(dossier: Dossier) -> Denied | None:
    if dossier.verdict is None or dossier.verdict.level is None:
        return None
    try:
        document = documents.draft(dossier)
    except DocumentError as error:
        return Denied(str(error), _("Mend it, then try again."), "verdict", "markup_valid")
    found = linter.errors(linter.lint(claimreview.build(document), page_url=document.url))
    if not found:
        return None
    if found[0].field == "itemReviewed":
        return Denied(
            _("Readers cannot tell where the claim was made: nobody is named, and the article has no outlet."),
            _("Enter the article's outlet, or the claim's speaker."), "article", "markup_valid",
        )  # fmt: skip
    about_claim = found[0].field.startswith(("itemReviewed", "claimReviewed"))
    return Denied(
        _("Other programs would refuse the report's ClaimReview (%(field)s).") % {"field": found[0].field},
        found[0].remedy, "claim" if about_claim else "verdict", "markup_valid",
    )  # fmt: skip


def headline(dossier: Dossier) -> Denied | None:
    if dossier.verdict and dossier.verdict.headline.strip():
        return None
    return Denied(
        _("The report has no headline."), _("Write one that states the finding."), "verdict", "headline"
    )
