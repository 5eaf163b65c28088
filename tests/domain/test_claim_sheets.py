"""Claims from a spreadsheet: read however it was saved, looked through by row, imported all together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from claims.domain import audit, claim_sheets, exports, sheets
from claims.domain.claim_sheets import Plan
from claims.enums import IntakeKind
from claims.exceptions import DeskError, InvalidInput, NotAllowed
from claims.models import Article, AuditEvent, Claim, ClaimSheet, ClaimTag, Speaker, VerificationStep

HEAD = "Claim,Speaker,Date,Source,URL,Topic,Tags\n"
FERRY = "The ferry carried 4000 more passengers a day than in 2021."


def bring(text: str, actor: User, name: str = "claims.csv") -> ClaimSheet:
    return claim_sheets.bring(text.encode(), name, actor=actor)


def plan_of(text: str, actor: User) -> Plan:
    sheet = bring(text, actor)
    return claim_sheets.look(sheet, sheet.columns)


def imported(text: str, actor: User, name: str = "claims.csv") -> ClaimSheet:
    sheet = bring(text, actor, name)
    return claim_sheets.import_rows(sheet.pk, sheet.columns, actor=actor)


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_sheet_is_read_however_it_was_saved(encoding: str, delimiter: str) -> None:
    lines = [
        ["Claim", "Speaker"],
        ["“Über 40 € mehr”, says he", "José Díaz"],
        ["Two, with\na break; and | bar", "x"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in lines)
    decoded, _name = sheets.decode(text.encode(encoding))
    found = sheets.delimiter_of(decoded)
    assert found == delimiter
    sheet = sheets.read(decoded, found)
    assert sheet.head == ("Claim", "Speaker")
    assert sheet.rows[0] == (2, ("“Über 40 € mehr”, says he", "José Díaz"))
    assert sheet.rows[1][1][0] == "Two, with\na break; and | bar"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"PK\x03\x04xxxx", "workbook"), (b"a\x00b\x00\x01", "no text"), (b"Claim\n", "at least one row"),
     (b"x" * 2_000_001, "larger than 2 MB"), (b"Claim\n" + b"a long claim\n" * 501, "more than 500 rows"),
     (b'Claim\n"' + b"x" * 140_000 + b"\n", "quotation mark")],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_with_a_reason(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        sheets.read(sheets.decode(content)[0], ",")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        text, _encoding = sheets.decode(content)
        sheet = sheets.read(text, sheets.delimiter_of(text))
    except DeskError:
        return
    assert all(number >= 2 for number, _cells in sheet.rows)
    assert set(sheets.guess(sheet.head).values()) <= set(range(len(sheet.head)))


def test_headings_are_understood_in_several_words() -> None:
    assert sheets.guess(("Statement", "Said by", "Link", "Medium", "Category", "Date of claim")) == {
        "claim": 0, "speaker": 1, "url": 2, "outlet": 3, "topic": 4, "said_on": 5,
    }  # fmt: skip
    assert sheets.guess(("Nr", "Zitat")) == {"claim": 1}
    assert sheets.guess(("a", "b")) == {}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", date(2026, 3, 1)), ("1.3.2026", date(2026, 3, 1)), ("1 March 2026", date(2026, 3, 1)), ("", None),
     ("31/12/2025", date(2025, 12, 31)), ("12/31/2025", date(2025, 12, 31)), ("2026-03-01T10:00:00Z", date(2026, 3, 1)),
     ("5/5/2025", date(2025, 5, 5))],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert sheets.day(text) == day


@pytest.mark.parametrize("text", ["3/4/2026", "soon", "2026-13-01", "31/31/2020", "0/5/2025"])
def test_a_day_that_can_be_two_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"[0-9]|soon"):
        sheets.day(text)


# --- looking through ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_row_with_a_problem_is_named_by_its_number_in_the_sheet(editor: User) -> None:
    text = (
        HEAD + "\n,Nobody,,,,,\nThe bridge is older than the town.,A,3/4/2026,,,,\nshort,A,,,,,\n"
        f"{FERRY},A,2026-03-01,Port paper,,,\nA claim with a broken address of its source.,A,,,ftp://x,,\n"
    )
    plan = plan_of(text, editor)
    assert [row.number for row in plan.problems] == [3, 4, 5, 7]
    assert [row.number for row in plan.fresh] == [6]
    texts = [row.problem for row in plan.problems]
    for problem, words in zip(texts, ("no claim", "2026-03-01", "too short", "ftp://x"), strict=True):
        assert words in problem


@pytest.mark.django_db
def test_a_comma_without_quotation_marks_is_noticed(editor: User) -> None:
    plan = plan_of("Claim,Speaker\nThe ferry carried 4,000 more passengers.,Marek Dunn\n", editor)
    assert "may lack its quotation marks" in plan.problems[0].problem


@pytest.mark.django_db
def test_one_bad_row_keeps_all_the_others_out(editor: User) -> None:
    sheet = bring(f"{HEAD}{FERRY},A,,,,,\nAnother claim that is good.,A,nonsense,,,,\n", editor)
    with pytest.raises(InvalidInput, match=r"Row 3: .* Nothing was imported"):
        claim_sheets.import_rows(sheet.pk, sheet.columns, actor=editor)
    assert (Claim.objects.count(), Article.objects.count(), Speaker.objects.count()) == (0, 0, 0)
    sheet.refresh_from_db()
    assert sheet.done_at is None


@pytest.mark.django_db
def test_a_fault_in_the_middle_leaves_nothing_behind(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = bring(f"{HEAD}{FERRY},A,,One,,,\nAnother claim that is good.,A,,Two,,,\n", editor)
    real, calls = claim_sheets._claim, []

    def fails_at_the_second(*args: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the disk is full")
        real(*args)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(claim_sheets, "_claim", fails_at_the_second)
    with pytest.raises(RuntimeError):
        claim_sheets.import_rows(sheet.pk, sheet.columns, actor=editor)
    assert (Claim.objects.count(), Article.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


# --- importing ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_becomes_a_claim_with_everything_it_says(editor: User) -> None:
    head = "claim;quote;speaker;role;said on;said where;url;title;outlet;topic;tags;priority\n"
    row = (
        "The ferry gained 4,000 passengers.;it carries 4,000 more a day;Marek Dunn;Opposition leader;24 Nov 2026;Council;"
        "https://post.example/ferry;Ferry row;Marlow Post;Transport;ferry, Water;urgent\n"
    )
    done = imported(head + row, editor)
    assert (done.made, done.known) == (1, 0)
    claim = Claim.objects.get()
    assert (claim.text, claim.restated) == (
        "it carries 4,000 more a day",
        "The ferry gained 4,000 passengers.",
    )
    assert claim.article.text[claim.start : claim.end] == claim.text
    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker_role, claim.said_on) == (
        "Marek Dunn",
        "Opposition leader",
        date(2026, 11, 24),
    )
    assert (claim.topic, claim.tags, claim.priority, claim.said_where) == (
        "Transport",
        ["ferry", "Water"],
        "1_urgent",
        "Council",
    )
    assert ClaimTag.objects.filter(claim=claim).count() == 2
    article = claim.article
    assert (article.title, article.outlet, article.intake) == (
        "Ferry row",
        "Marlow Post",
        IntakeKind.IMPORTED,
    )
    assert article.normalised_url == "https://post.example/ferry"
    assert claim.status == "new"
    assert VerificationStep.objects.filter(claim=claim).exists()
    assert audit.verify() is None


@pytest.mark.django_db
def test_rows_of_one_source_share_an_article_and_a_second_sheet_joins_it(editor: User) -> None:
    first = f"Claim,Source\n{FERRY},Port paper\nThe toll began in March 2024.,port paper\nRents doubled in ten years.,\n"
    assert imported(first, editor).made == 3
    assert sorted(Article.objects.values_list("title", flat=True)) == ["Claims from claims.csv", "Port paper"]
    again = imported(first + "The bridge opened in 1931.,Port paper\n", editor)
    assert (again.made, again.known) == (1, 3)
    article = Article.objects.get(title="Port paper")
    claims = list(article.claims.order_by("number"))
    assert [claim.number for claim in claims] == [1, 2, 3]
    assert all(article.text[claim.start : claim.end] == claim.text for claim in claims)
    assert imported(first, editor).made == 0


@pytest.mark.django_db
def test_an_article_of_the_desk_is_matched_and_its_words_are_asked_for(
    editor: User, make_article: Callable[..., Article]
) -> None:
    article = make_article(url="https://post.example/toll", title="Toll")
    inside = '"the ferry carries 4,000 more passengers a day than in 2021"'
    text = f"Claim,URL\n{inside},https://post.example/toll?utm_source=x\nThe toll was never paid.,https://post.example/toll\n"
    plan = plan_of(text, editor)
    assert [row.number for row in plan.problems] == [3]
    assert "not in “Toll”" in plan.problems[0].problem
    by_title = plan_of(f"Claim,Title\n{inside},toll\n", editor)
    assert by_title.problems == []
    assert imported(f"Claim,Title\n{inside},toll\n", editor).made == 1
    claim = Claim.objects.filter(article=article).latest("pk")
    assert article.text[claim.start : claim.end] == claim.text
    before = article.text
    article.refresh_from_db()
    assert article.text == before


@pytest.mark.django_db
def test_what_is_twice_in_the_sheet_is_imported_once(editor: User) -> None:
    plan = plan_of(f"Claim\n{FERRY}\n  {FERRY.upper()}\n", editor)
    assert len(plan.fresh) == 1
    assert plan.known[0].known == "row 2 of this sheet"


@pytest.mark.django_db
def test_a_formula_is_a_text_on_the_way_in_and_on_the_way_out(editor: User) -> None:
    evil = '=HYPERLINK("http://evil.example";"all claims")'
    imported("claim\tspeaker\n" + evil.replace('"', '""').join(['"', '"']) + "\t+cmd\n", editor)
    claim = Claim.objects.get()
    assert claim.text == evil
    out = b"".join(
        piece.encode() if isinstance(piece, str) else piece
        for piece in exports.write_claims("csv", Claim.objects.all())
    )
    assert f"'{evil[:10]}".encode() in out
    assert claim_sheets.bring(out, "out.csv", actor=editor).content.count("'=HYPERLINK") == 2
    assert sheets.clean(f"'{evil}") == evil


@pytest.mark.django_db
def test_a_sheet_is_imported_once_and_by_its_owner_or_an_editor(
    editor: User, reviewer: User, second_reader: User, viewer: User
) -> None:
    sheet = bring(f"Claim\n{FERRY}\n", reviewer)
    with pytest.raises(NotAllowed):
        claim_sheets.import_rows(sheet.pk, sheet.columns, actor=second_reader)
    with pytest.raises(NotAllowed):
        bring("Claim\nx\n", viewer)
    claim_sheets.import_rows(sheet.pk, sheet.columns, actor=editor)
    with pytest.raises(InvalidInput, match="imported already"):
        claim_sheets.import_rows(sheet.pk, sheet.columns, actor=reviewer)
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_sheets_that_nobody_imports_do_not_pile_up(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_sheets, "MOST_WAITING", 2)
    text = f"{HEAD}{FERRY},Marek Dunn,,Marlow Post,,,\n"
    others, done = bring(text, reviewer), imported(text, editor)
    waiting = [bring(text, editor) for _n in range(3)]
    assert set(ClaimSheet.objects.all()) == {others, done, *waiting[1:]}

    ClaimSheet.objects.exclude(pk=waiting[2].pk).update(created_at=timezone.now() - timedelta(days=31))
    assert claim_sheets.forget_old() == 2
    assert set(ClaimSheet.objects.all()) == {done, waiting[2]}


@pytest.mark.django_db
def test_looking_asks_no_more_queries_for_more_rows(editor: User) -> None:
    counts = []
    for size in (2, 30):
        rows = "".join(
            f"Claim number {n} of this long sheet.,Source {n},https://x.example/{size}/{n}\n"
            for n in range(size)
        )
        sheet = bring(f"Claim,Title,URL\n{rows}", editor)
        with CaptureQueriesContext(connection) as queries_made:
            claim_sheets.look(sheet, sheet.columns)
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_a_list_that_was_downloaded_here_is_known_when_it_comes_back(
    editor: User, make_article: Callable[..., Article]
) -> None:
    make_article()
    imported(f'claim,url,tags\n{FERRY},https://x.example/a,"one, two"\n', editor)
    count = Claim.objects.count()
    out = "".join(str(piece) for piece in exports.write_claims("csv", Claim.objects.order_by("pk")))
    done = imported(out, editor)
    assert (done.made, done.known) == (0, count)


# --- the command --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_looks_first_and_then_imports(
    editor: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"What they said,Paper\n{FERRY},Post\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Choose the column"):
        call_command("import_claims", str(path))
    options = {"column": ["claim=What they said", "title=Paper"]}
    call_command("import_claims", str(path), dry_run=True, **options)
    assert "1 claims would be imported, 1 new articles." in capsys.readouterr().out
    assert (Claim.objects.count(), ClaimSheet.objects.count()) == (0, 0)
    call_command("import_claims", str(path), **options)
    assert Claim.objects.get().article.title == "Post"
    assert AuditEvent.objects.filter(channel="command", action="claim.added").count() == 1
    path.write_text("Claim\nshort\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1 of 1 rows"):
        call_command("import_claims", str(path))
    assert "Row 2:" in capsys.readouterr().err


def test_a_row_with_a_tag_too_long_is_no_row_to_import(editor: User) -> None:
    plan = plan_of(f'claim,url,tags\n{FERRY},https://x.example/a,"water, {"x" * 61}"\n', editor)
    assert ["longer than 60 characters" in row.problem for row in plan.problems] == [True]


def test_what_no_column_holds_is_a_sentence_of_its_row_and_nothing_is_cut(editor: User) -> None:
    fields = {"Speaker": 300, "Role": 300, "Place": 300, "Topic": 80, "Source": 500, "Outlet": 200}
    head = ",".join(["Claim", *fields])
    fits = ",".join([FERRY, *("x" * most for most in fields.values())])
    rows = [
        ",".join([f"{FERRY} {at}", *("y" * (most + (name == long)) for name, most in fields.items())])
        for at, long in enumerate(fields)
    ]
    both = ",".join([f"{FERRY} 9", *("y" * (most + 1) for most in fields.values())])
    plan = plan_of("\n".join([head, fits, *rows, both]), editor)
    assert [row.number for row in plan.problems] == [3, 4, 5, 6, 7, 8, 9]
    said = ("speaker's name", "speaker's role", "Where it was said", "The topic", "The title", "The outlet")
    for row, words in zip(plan.problems, said, strict=False):
        assert words in row.problem
        assert row.problem.count("Shorten it.") == 1
    assert all(words in plan.problems[-1].problem for words in said)
    with pytest.raises(InvalidInput, match="Nothing was imported"):
        imported("\n".join([head, fits, both]), editor)
    imported(f"{head}\n{fits}", editor)
    claim = Claim.objects.select_related("article", "speaker").get()
    assert claim.speaker is not None
    kept = (
        claim.speaker.name,
        claim.speaker_role,
        claim.said_where,
        claim.topic,
        claim.article.title,
        claim.article.outlet,
    )
    assert [len(text) for text in kept] == list(fields.values())
