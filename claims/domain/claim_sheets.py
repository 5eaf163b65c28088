"""Claims from a spreadsheet: looked through row by row first, then made all together or not at all.

A row names its source by address or title. An article of the desk that fits is taken, and the row's words must stand in
it; a source that is not here becomes an article whose text is the rows' own words. Rows that are claims already are
passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.domain import audit, notes, people, sheets, speakers, steps, tags
from claims.domain.articles import content_hash
from claims.domain.claims import new_claim
from claims.enums import ArticleState, IntakeKind, Priority, Role
from claims.exceptions import DeskError, InvalidInput, NotAllowed
from claims.extraction import worthiness
from claims.integrations import urls
from claims.models import Article, Claim, ClaimSheet
from claims.queue import hushed

SHORTEST, LONGEST = 8, 2000
# Of one person's sheets that were looked through and not imported so many are kept, and so long.
MOST_WAITING = 20
KEPT_WAITING = timedelta(days=30)
# Columns that a row fills with one line each; more than the desk's columns hold is a problem of the row, never cut off.
_LINES = ("speaker", "speaker_role", "said_where", "topic", "outlet")
_PRIORITIES = {
    "": Priority.NORMAL, "urgent": Priority.URGENT, "high": Priority.URGENT, "1": Priority.URGENT, "normal": Priority.NORMAL,
    "medium": Priority.NORMAL, "2": Priority.NORMAL, "low": Priority.LOW, "3": Priority.LOW,
    **{choice.value: choice for choice in Priority},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What one row will become. ``problem`` says what is wrong and how to mend it; ``known`` is a claim that is here."""

    number: int
    words: str = ""
    restated: str = ""
    speaker: str = ""
    speaker_role: str = ""
    said_on: date | None = None
    said_where: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    priority: str = Priority.NORMAL
    source: str = ""
    start: int | None = None
    problem: str = ""
    known: str = ""

    @property
    def fresh(self) -> bool:
        return not self.problem and not self.known


@dataclass(slots=True)
class Source:
    """Where rows come from: an article that is here, or one to be made."""

    key: str
    label: str
    url: str = ""
    normalised: str | None = None
    outlet: str = ""
    article: Article | None = None
    problem: str = ""
    known: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole sheet, looked through."""

    rows: list[Row]
    sources: dict[str, Source]

    @property
    def fresh(self) -> list[Row]:
        return [row for row in self.rows if row.fresh]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.known]

    @property
    def problems(self) -> list[Row]:
        return [row for row in self.rows if row.problem]

    @property
    def new_articles(self) -> int:
        """How many articles will be made."""
        used = {row.source for row in self.fresh}
        return sum(source.article is None for key, source in self.sources.items() if key in used)


# --- bringing and looking -----------------------------------------------------------------------------------------


@transaction.atomic
def bring(content: bytes, name: str, *, actor: User, delimiter: str = "") -> ClaimSheet:
    """Keep a sheet for its person to look through; nothing becomes a claim yet.

    Of one person's sheets that were not imported the newest are kept, and those for a month (``forget_old``).

    Raises:
        NotAllowed: viewers bring nothing.
        InvalidInput: the content is no sheet; the sentence says why.
    """
    people.require(actor, Role.REVIEWER)
    text, encoding = sheets.decode(content)
    chosen = delimiter if delimiter in sheets.DELIMITERS else sheets.delimiter_of(text)
    sheet = sheets.read(text, chosen)
    waiting = ClaimSheet.objects.filter(brought_by=actor, done_at__isnull=True).order_by("-id")
    ClaimSheet.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[MOST_WAITING - 1 :])).delete()
    return ClaimSheet.objects.create(
        name=name[:255] or _("Pasted rows"), content=text.lstrip("\ufeff"), encoding=encoding, delimiter=chosen,
        columns=sheets.guess(sheet.head), brought_by=actor, created_at=timezone.now(),
    )  # fmt: skip


def forget_old() -> int:
    """Drop sheets that nobody imported for a month; how many. Those that became claims stay, as where these came from."""
    until = timezone.now() - KEPT_WAITING
    return ClaimSheet.objects.filter(done_at__isnull=True, created_at__lt=until).delete()[0]


def find(sheet_id: int, actor: User) -> ClaimSheet | None:
    """The sheet, for the person who brought it and for editors."""
    rows = ClaimSheet.objects.filter(pk=sheet_id)
    if Role.EDITOR not in people.roles(actor):
        rows = rows.filter(brought_by=actor)
    return rows.first()


def look(sheet: ClaimSheet, columns: Mapping[str, int]) -> Plan:
    """What the rows would become, in a number of queries that does not grow with them.

    Raises:
        InvalidInput: no column holds the claim, or two fields share one.
    """
    _check_columns(columns)
    read = sheets.read(sheet.content, sheet.delimiter)
    cells = [(number, sheets.cells_of(row, columns)) for number, row in read.rows]
    sources = _sources(cells, sheet)
    drafts = [_draft(number, values, _source_key(values)) for number, values in cells]
    long = {number for number, row in read.rows if any(row[len(read.head) :])}
    drafts = [replace(row, problem=_too_long(sheet)) if row.number in long else row for row in drafts]
    _look_up(drafts, sources)
    return Plan(list(_placed(drafts, sources)), sources)


def _too_long(sheet: ClaimSheet) -> str:
    return _(
        "This row has more cells than there are headings: a text with a %(sign)s in it may lack its quotation marks. Put "
        "the text between quotation marks."
    ) % {"sign": sheets.DELIMITERS.get(sheet.delimiter, sheet.delimiter)}


def _check_columns(columns: Mapping[str, int]) -> None:
    if "claim" not in columns:
        raise InvalidInput(_("Choose the column that holds the claim."), "claim")
    seen: dict[int, str] = {}
    for name, at in columns.items():
        if at in seen:
            raise InvalidInput(
                _("“%(one)s” and “%(two)s” are the same column. Choose another for one of them.")
                % {"one": sheets.FIELDS[seen[at]][0], "two": sheets.FIELDS[name][0]},
                name,
            )
        seen[at] = name


def _draft(number: int, cells: Mapping[str, str], source: str) -> Row:
    claim, quote = " ".join(cells.get("claim", "").split()), cells.get("quote", "").strip()
    problem = ""
    said_on = None
    try:
        said_on = sheets.day(cells.get("said_on", ""))
    except ValueError:
        problem = _("“%(text)s” is no day that can be read one way only. Write it as 2026-03-01.") % {
            "text": cells.get("said_on", "")[:40]
        }
    priority = _PRIORITIES.get(" ".join(cells.get("priority", "").casefold().split()))
    if priority is None:
        problem = _("“%(text)s” is no priority. Write urgent, normal or low.") % {
            "text": cells["priority"][:40]
        }
    words = quote or claim
    if not claim and not quote:
        problem = _("There is no claim in this row. Write one, or take the row out.")
    elif len(words) < SHORTEST:
        problem = _("“%(text)s” is too short for a claim. Write the whole sentence.") % {"text": words}
    elif max(len(words), len(claim)) > LONGEST:
        problem = _("This claim is longer than %(most)d characters. Shorten it.") % {"most": LONGEST}
    for name, text in [*((name, _line(cells, name)) for name in _LINES), ("title", _named(cells)[1])]:
        try:
            notes.require_fits(text, name)
        except InvalidInput as error:
            problem = f"{problem} {error}".strip()
    named: list[str] = []
    try:
        named = tags.cleaned(cells.get("tags", "").replace(";", ",").split(","))
    except InvalidInput as error:
        problem = f"{problem} {error}".strip()
    return Row(
        number=number, words=words, restated=claim if quote and claim != quote else "", problem=problem,
        speaker=_line(cells, "speaker"), speaker_role=_line(cells, "speaker_role"), said_on=said_on,
        said_where=_line(cells, "said_where"), topic=_line(cells, "topic"), tags=tuple(named), priority=priority or Priority.NORMAL, source=source,
    )  # fmt: skip


# --- sources ------------------------------------------------------------------------------------------------------


def _line(cells: Mapping[str, str], name: str) -> str:
    return " ".join(cells.get(name, "").split())


def _named(cells: Mapping[str, str]) -> tuple[str, str]:
    """Address and title of a row's source; many sheets have one column for either."""
    url, title = cells.get("url", "").strip(), _line(cells, "title")
    if not url and title.lower().startswith(("http://", "https://")):
        return title, ""
    return url, title


def _source_key(cells: Mapping[str, str]) -> str:
    url, title = _named(cells)
    return url or title.casefold()


def _sources(cells: list[tuple[int, dict[str, str]]], sheet: ClaimSheet) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for _number, values in cells:
        key = _source_key(values)
        if key in found:
            continue
        url, title = _named(values)
        source = Source(key, title, url, outlet=_line(values, "outlet"))
        if source.url:
            try:
                source.normalised = urls.normalise(source.url)
            except DeskError as error:
                source.problem = _("“%(url)s”: %(why)s") % {"url": source.url[:60], "why": error}
        if not key:
            source.label = _("Claims from %(name)s") % {"name": sheet.name}
        found[key] = source
    _match_articles(found)
    return found


def _match_articles(found: dict[str, Source]) -> None:
    """The articles of the desk that rows name, by address first, then by title; in two queries."""
    addresses = [source.normalised for source in found.values() if source.normalised]
    by_address = {row.normalised_url: row for row in Article.objects.filter(normalised_url__in=addresses)}
    titles = [source.label for source in found.values() if source.label and not source.normalised]
    by_title: dict[str, list[Article]] = {}
    same = Q(title__in=titles) | Q(lowered__in=[title.lower() for title in titles])
    for row in (
        Article.objects.annotate(lowered=Lower("title")).filter(same).order_by("pk")[: 5 * len(titles) + 1]
    ):
        by_title.setdefault(row.title.casefold(), []).append(row)
    for source in found.values():
        if source.normalised:
            source.article = by_address.get(source.normalised)
        else:
            fitting = by_title.get(source.label.casefold(), [])
            source.article = fitting[0] if len(fitting) == 1 else None
            if len(fitting) > 1:
                source.problem = _("Several articles are called “%(title)s”. Give the address of the right one.") % {
                    "title": source.label[:80]
                }  # fmt: skip
        if source.article is not None and source.article.state != ArticleState.READY:
            source.problem = _("“%(title)s” is not read yet. Import these rows when it is.") % {
                "title": source.article
            }
        source.label = str(source.article) if source.article else source.label or source.url


# --- claims that are here -----------------------------------------------------------------------------------------


def _level(words: str) -> str:
    return " ".join(words.casefold().split())


def _look_up(drafts: list[Row], sources: dict[str, Source]) -> None:
    """Note for each source which of the rows' words are claims already."""
    ids = {source.article.pk: source for source in sources.values() if source.article}
    for claim in Claim.objects.filter(article__in=list(ids)).only("article_id", "number", "text", "restated"):
        known = ids[claim.article_id].known
        known.setdefault(_level(claim.text), claim.number)
        if claim.restated:
            known.setdefault(_level(claim.restated), claim.number)
    loose = [row.words for row in drafts if not row.source]
    if loose and "" in sources:
        same = Claim.objects.filter(Q(text__in=loose) | Q(restated__in=loose)).only(
            "number", "text", "restated"
        )
        for claim in same:
            sources[""].known.setdefault(_level(claim.text), claim.number)
            sources[""].known.setdefault(_level(claim.restated), claim.number)


def _placed(drafts: list[Row], sources: dict[str, Source]) -> Iterator[Row]:
    """The rows with what is wrong with them, what is here already, and where their words stand."""
    taken: dict[tuple[str, str], int] = {}
    for row in drafts:
        source = sources[row.source]
        same = (row.source, _level(row.words))
        if row.problem or source.problem:
            yield replace(row, problem=row.problem or source.problem)
        elif same[1] in source.known:
            yield replace(row, known=_("claim %(number)d of the article") % {"number": source.known[same[1]]})
        elif same in taken:
            yield replace(row, known=_("row %(number)d of this sheet") % {"number": taken[same]})
        else:
            taken[same] = row.number
            yield _in_text(row, source.article)


def _in_text(row: Row, article: Article | None) -> Row:
    if article is None or article.intake == IntakeKind.IMPORTED:
        return row
    start = article.text.find(row.words)
    if start >= 0:
        return replace(row, start=start)
    problem = _(
        "These words are not in “%(title)s”, which is here already. Put the words as they stand there into the column "
        "for the words in the source, or leave the source empty."
    ) % {"title": str(article)[:80]}
    return replace(row, problem=problem)


# --- making them --------------------------------------------------------------------------------------------------


def import_rows(sheet_id: int, columns: Mapping[str, int], *, actor: User) -> ClaimSheet:
    """Make claims of all rows that are new, in one transaction; the sheet says how many.

    Raises:
        NotAllowed: viewers, or the sheet of somebody else.
        InvalidInput: it was imported before, or a row has a problem: then nothing is made.
    """
    people.require(actor, Role.REVIEWER)
    # Thousands of steps are promised here: the sweeper rings for them, instead of this request for each.
    with hushed(), transaction.atomic():
        if find(sheet_id, actor) is None:
            raise NotAllowed(_("Only the person who brought this sheet, or an editor, can import it."))
        sheet = ClaimSheet.objects.select_for_update().get(pk=sheet_id)
        if sheet.done_at is not None:
            raise InvalidInput(_("This sheet was imported already. Bring it again to add rows."), "sheet")
        plan = look(sheet, columns)
        if plan.problems:
            raise InvalidInput(
                _("Row %(number)d: %(problem)s Nothing was imported.")
                % {"number": plan.problems[0].number, "problem": plan.problems[0].problem},
                "sheet",
            )
        made = _make(plan, actor)
        sheet.columns, sheet.done_at = dict(columns), timezone.now()
        sheet.made, sheet.known = made, len(plan.known)
        sheet.save(update_fields=["columns", "done_at", "made", "known"])
    return sheet


def _make(plan: Plan, actor: User) -> int:
    worth = dict(
        zip(
            (row.number for row in plan.fresh),
            worthiness.score([row.restated or row.words for row in plan.fresh]),
            strict=True,
        )
    )
    made = 0
    for key, source in plan.sources.items():
        rows = [row for row in plan.fresh if row.source == key]
        if not rows:
            continue
        article, rows = _article_for(source, rows, actor)
        number = Claim.objects.filter(article=article).aggregate(top=Max("number"))["top"] or 0
        for row in rows:
            number += 1
            _claim(article, number, row, worth[row.number], actor)
        made += len(rows)
    return made


def _article_for(source: Source, rows: list[Row], actor: User) -> tuple[Article, list[Row]]:
    """The article of these rows, with their words in it and their places known."""
    article = source.article
    if article is not None and article.intake != IntakeKind.IMPORTED:
        return Article.objects.select_for_update().get(pk=article.pk), rows
    before = article.text if article else ""
    text, placed = before, []
    for row in rows:
        text = f"{text}\n\n{row.words}" if text else row.words
        placed.append(replace(row, start=len(text) - len(row.words)))
    digest = content_hash(text)
    if article is None:
        article = _new_article(source, text, digest, rows[0].topic, actor)
    else:
        Article.objects.filter(pk=article.pk).update(text=text, original_text=text, content_hash=digest)
        article.text = text
        audit.record(
            "article.extended", actor=actor, article=article, data={"rows": len(rows), "sha256": digest}
        )
    return article, placed


def _new_article(source: Source, text: str, digest: str, topic: str, actor: User) -> Article:
    if Article.objects.filter(content_hash=digest).exists():
        raise InvalidInput(
            _("An article with exactly these words is here already. Name it by its title, so that the rows join it."), "sheet"
        )  # fmt: skip
    now = timezone.now()
    article = Article(
        title=source.label[:500], outlet=source.outlet, url=source.url if source.normalised else "",
        normalised_url=source.normalised, intake=IntakeKind.IMPORTED, original_text=text, text=text, content_hash=digest,
        state=ArticleState.READY, topic=topic, added_by=actor, created_at=now, extracted_at=now,
    )  # fmt: skip
    article.save(force_insert=True)
    article.slug = f"{slugify(article.title)[:90] or 'article'}-{article.pk}"
    article.save(update_fields=["slug"])
    audit.record("article.received", actor=actor, article=article, data={"intake": article.intake})
    return article


def _claim(article: Article, number: int, row: Row, worth: float, actor: User) -> None:
    assert row.start is not None, "every fresh row has its place by now"
    claim = new_claim(
        article, number, start=row.start, end=row.start + len(row.words), actor=actor, restated=row.restated,
        speaker=speakers.find_or_make(row.speaker, row.speaker_role), speaker_mention=row.speaker,
        speaker_role=row.speaker_role, said_on=row.said_on, said_where=row.said_where, priority=row.priority,
        tags=list(row.tags), worthiness=min(max(worth, 0.0), 1.0),
    )  # fmt: skip
    claim.topic = row.topic or article.topic
    claim.save(force_insert=True)
    if row.tags:
        tags.keep_rows(claim, row.tags)
    audit.record("claim.added", actor=actor, claim=claim, to_status="", data={"row": row.number, "start": row.start, "end": claim.end})  # fmt: skip
    steps.plan_claim(claim, actor=actor)
