"""What a report's page says, part by part. Checks 1, 3 to 7, 11 and 12 of publishing.md."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import extruct
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from claims.domain import documents, gates, steps, verdicts
from claims.models import Claim, Evidence, Report, Snapshot
from claims.web import kept_pages
from tests import factories, leftout
from tests.factories import move

pytestmark = [pytest.mark.django_db, pytest.mark.publishing]

PARTS = ("notice", "headline", "claim", "verdict", "short", "why", "evidence", "reply", "open", "how", "conclusion",
         "sources", "who", "history", "related", "share")  # fmt: skip


@pytest.fixture
def publish(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, second_reader: User
) -> Callable[..., Report]:
    """``publish(before=…, headline=…)``: a report with these texts; ``before`` may change its rows first."""

    def run(before: Callable[[Claim], Any] | None = None, **texts: Any) -> Report:
        claim = claim_in("researching")
        factories.pages()
        factories.fill(claim, reviewer, **{"level": "mostly_false", **texts})
        if before is not None:
            before(claim)
        for action, person in (("submit", reviewer), ("approve", second_reader), ("publish", editor)):
            claim = move(claim, action, person)
        return Report.objects.get(claim=claim)

    return run


def tree_of(client: Client, report: Report) -> Any:
    return html.fromstring(client.get(report.get_absolute_url()).content.decode())


def test_the_sixteen_parts_stand_in_order(
    client: Client, publish: Callable[..., Report], editor: User, reviewer: User, second_reader: User
) -> None:
    """Check 4: by id, each with its heading; readable without JavaScript (check 3)."""
    report = publish()
    claim = move(report.claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    factories.fill(claim, reviewer, summary="Counts show 28 per cent.", not_established="Counts of 2022.")
    move(claim, "publish_correction", second_reader, payload={"public_note": "It is 28."})
    tree = tree_of(client, report)
    ids = [node.get("id") for node in tree.iter() if node.get("id") in PARTS]
    assert tuple(ids) == PARTS
    for part in PARTS[1:]:
        assert tree.get_element_by_id(part).xpath(".//h1|.//h2"), part
    text = tree.text_content()
    for words in ("fallen by 31 per cent", "Mostly false", "Counts show 28 per cent.", "Traffic counts 2025",
                  "The figure is quoted widely.", "First publication", "Counts of 2022."):  # fmt: skip
        assert words in text, words
    assert not tree.xpath("//script[not(@type='application/ld+json')]")


def test_every_citation_leads_to_its_source_and_back(client: Client, publish: Callable[..., Report]) -> None:
    """Check 4: no citation without source, no source without citation, every way back exists."""
    tree = tree_of(client, publish())
    ids = {node.get("id") for node in tree.iter() if node.get("id")}
    cites = tree.xpath("//sup/a")
    sources = tree.xpath("//ol[@class='sources']/li")
    assert len(cites) == 3
    assert {cite.get("href")[1:] for cite in cites} == {source.get("id") for source in sources}
    backs = tree.xpath("//a[@class='back']/@href")
    assert {back[1:] for back in backs} == {cite.get("id") for cite in cites}
    assert {link[1:] for link in tree.xpath("//main//a/@href") if link.startswith("#")} <= ids


def test_every_source_says_what_it_is_and_which_copy_is_kept(
    client: Client, publish: Callable[..., Report]
) -> None:
    """Check 5: kind, stance, date and one state of the copy; an archive link only where the archive confirmed it."""
    address = "https://archive.example/2026/https://port.example/counts"

    def keep(claim: Claim) -> None:
        kept = Snapshot.objects.create(
            sha256="b" * 64, content=b"x", text="On average 22,400 vehicles crossed.", taken_at=timezone.now()
        )
        rows = Evidence.objects.filter(claim=claim)
        rows.filter(number=1).update(archive_state="independent", archive_url=address)
        rows.filter(number=2).update(archive_state="own_copy", snapshot=kept)

    report = publish(keep)
    tree = tree_of(client, report)
    for number, source in enumerate(tree.xpath("//ol[@class='sources']/li"), start=1):
        stored = Evidence.objects.get(claim=report.claim, number=number)
        assert source.xpath(".//*[@class='kind']")[0].text_content() == stored.get_kind_display()
        assert len(source.xpath(".//*[starts-with(@class, 'stance')]")) == 1
        assert f"{stored.accessed_on:%Y}" in source.xpath(".//*[@class='accessed']")[0].text_content()
        (copy,) = source.xpath(".//*[@data-archive]")
        assert copy.get("data-archive") == stored.archive_state
        assert copy.xpath(".//a/@href") == (
            [stored.archive_url] if stored.archive_state == "independent" else []
        )
    assert "b" * 12 in tree.text_content()
    assert not [link for link in tree.xpath("//a/@href") if "archive" in link and link != address]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"contacted": False, "not_contacted_reason": "deceased"}, "was not asked for comment. Reason: the person has died."),
        ({"contacted": True, "asked_on": date(2026, 3, 4), "channel": "by e-mail", "answer": "I stand by it.",
          "answered_on": date(2026, 3, 5)},
         "on 4 March 2026 (by e-mail). The answer, of 5 March 2026: I stand by it."),
        ({"contacted": True, "asked_on": date(2026, 3, 4)}, "No answer had come when this was published."),
    ],
)  # fmt: skip
def test_the_sentence_on_the_reply_is_the_record(
    client: Client, publish: Callable[..., Report], reviewer: User, record: dict[str, Any], said: str
) -> None:
    """Check 6: another record, another sentence; the preview of the draft says the same as the page."""
    seen = []

    def change(claim: Claim) -> None:
        verdicts.save_reply(claim.pk, actor=reviewer, fields=record)
        dossier = gates.load_dossier(Claim.objects.get(pk=claim.pk), timezone.now())
        seen.append(documents.draft(dossier).claimant_reply)

    tree = tree_of(client, publish(change))
    shown = tree.get_element_by_id("reply").xpath("./p")[0].text_content()
    assert said in shown
    assert [shown] == seen


def test_a_right_to_left_report_says_so(client: Client, publish: Callable[..., Report]) -> None:
    """Check 11: language and direction are the report's own, on its page and embed; lists speak English."""
    report = publish(language="ar", headline="انخفضت حركة المرور بأقل من الثلث")
    for name in ("report", "report-version", "embed"):
        args = [report.slug, 1] if name == "report-version" else [report.slug]
        tree = html.fromstring(client.get(reverse(name, args=args)).content.decode())
        assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl"), name
    home = html.fromstring(client.get(reverse("home")).content.decode())
    assert (home.get("lang"), home.get("dir")) == ("en", "ltr")


EVIL = ("</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7*7 }}",
        "<!--", "]]>", "\u2028alert(1)")  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_words_of_others_never_become_markup(
    client: Client, publish: Callable[..., Report], evil: str
) -> None:
    """Check 12: in claim, speaker, source, headline and texts; the markup for machines still parses."""

    def spread(claim: Claim) -> None:
        Evidence.objects.filter(claim=claim, number=1).update(
            title=f"Counts {evil}", publisher=evil, interests=evil
        )
        claim.speaker.name = f"Lena {evil}"  # type: ignore[union-attr]  # the factory gave one
        claim.speaker.save()  # type: ignore[union-attr]
        Claim.objects.filter(pk=claim.pk).update(restated=f"Traffic {evil} fell", speaker_role=evil)

    report = publish(spread, headline=f"Head {evil}", summary=f"Sum {evil}", why_checked=f"Why {evil}",
                     reasoning=f"{evil} [1] [x]({evil}) [2]", bullets=[evil])  # fmt: skip
    for name in ("report", "report-history", "embed"):
        page = client.get(reverse(name, args=[report.slug])).content.decode()
        tree = html.fromstring(page)
        assert not tree.xpath("//script[not(@type='application/ld+json')]"), name
        assert not tree.xpath("//img|//*[@onerror]"), name
        assert not [link for link in tree.xpath("//@href|//@src") if link.lower().startswith("javascript")], (
            name
        )
        assert "49" not in tree.get_element_by_id("headline").text_content() if name == "report" else True
    page = client.get(report.get_absolute_url()).content.decode()
    (found,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert found["headline"] == f"Head {evil}"
    for name in ("home", "reports", "speakers", "topics", "corrections"):
        tree = html.fromstring(client.get(reverse(name)).content.decode())
        assert not tree.xpath("//script|//img"), name


def test_the_code_to_embed_holds_whatever_the_headline_holds(
    client: Client, publish: Callable[..., Report]
) -> None:
    """It is pasted into pages of others: a quotation mark there would end the title and begin attributes."""
    headline = 'He said "31" onload="alert(1)" <b> & more'
    report = publish(headline=headline)
    page = html.fromstring(client.get(report.get_absolute_url()).content)
    code = page.xpath("//pre/code")[0].text_content()
    frame = html.fromstring(code)
    assert (frame.tag, frame.get("title")) == ("iframe", headline)
    assert sorted(frame.attrib) == ["height", "sandbox", "src", "title", "width"]


def test_a_draft_is_not_found_anywhere(
    client: Client, publish: Callable[..., Report], reviewer: User
) -> None:
    """Check 7: 404 without a word of it, and nothing in lists, search, feeds, sitemap, oEmbed, API."""
    publish()
    claim = factories.claim(User.objects.get(username="pia"), "carries 4,000 more passengers")
    factories.bring_to("researching", claim, editor=User.objects.get(username="pia"), checker=reviewer,
                       reader=User.objects.get(username="tomas"))  # fmt: skip
    factories.fill(claim, reviewer, headline="Canary7731 headline", summary="Canary7731 summary")
    move(claim, "submit", reviewer)
    answer = client.get("/reports/canary7731-headline/")
    assert answer.status_code == 404
    assert "Canary7731" not in answer.content.decode()
    for name in ("home", "reports", "speakers", "outlets", "topics", "corrections", "feed-atom", "feed-rss",
                 "feed-json", "sitemap", "news-sitemap", "api-report-list"):  # fmt: skip
        assert "Canary7731" not in client.get(reverse(name)).content.decode(), name
    assert "Canary7731" not in client.get(reverse("reports"), {"q": "passengers"}).content.decode()
    assert (
        client.get(
            reverse("oembed"), {"url": "http://127.0.0.1:8000/reports/canary7731-headline/"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("words", "found"), [("traffic", 1), ("vehicle", 0), ("TRAFFICS third", 1), ("brandt", 1), ("zebra", 0)]
)
def test_search_looks_at_headline_claim_and_speaker(
    client: Client, publish: Callable[..., Report], words: str, found: int
) -> None:
    report = publish()
    page = client.get(reverse("reports"), {"q": words}).content.decode()
    assert page.count(f'href="{report.get_absolute_url()}"') == found


def test_a_record_counts_verdicts_only_where_there_are_enough(
    client: Client, publish: Callable[..., Report], settings: Any
) -> None:
    report = publish()
    url = reverse("speaker", args=[report.speaker_slug])
    assert "fewer say nothing" in client.get(url).content.decode()
    settings.SPEAKER_RECORD_FROM = 1
    tree = html.fromstring(client.get(url).content.decode())
    assert tree.xpath("//table//tbody//td/text()") == ["1"]
    assert "%" not in tree.get_element_by_id("main").text_content()


def test_a_page_is_made_once_and_a_new_version_shows_at_once(
    client: Client, publish: Callable[..., Report], editor: User, reviewer: User, second_reader: User
) -> None:
    """Served by one query; whatever the theme, and never an old version for a new one."""
    report = publish()
    url = report.get_absolute_url()
    kept_pages.PAGES.clear()
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        first = client.get(url)
    assert len(queries) == 1
    assert "Cookie" in first["Vary"]
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(url).content.decode()
    claim = move(report.claim, "open_correction", editor, reason="x", payload={"kind": "typo"})
    factories.fill(claim, reviewer, summary="Counts show 27 percent.")
    move(claim, "publish_correction", second_reader)
    assert "27 percent" in client.get(url).content.decode()


def test_a_browser_gets_the_page_compressed(client: Client, publish: Callable[..., Report]) -> None:
    url = publish().get_absolute_url()
    plain, zipped = client.get(url), client.get(url, headers={"accept-encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < 12_000
    assert zipped["ETag"] != plain["ETag"]
    again = {"accept-encoding": "gzip, br", "if-none-match": zipped["ETag"]}
    assert client.get(url, headers=again).status_code == 304


def test_kept_pages_stay_within_their_size() -> None:
    pages, made = kept_pages.KeptPages(most_bytes=10), []

    def make(name: str) -> Callable[[], bytes]:
        def run() -> bytes:
            made.append(name)
            return b"12345"

        return run

    for name in ("a", "b", "c", "a", "c"):
        pages.get((name,), make(name))
    assert made == ["a", "b", "c", "a"]


@pytest.mark.vnu
def test_pages_are_valid_html(client: Client, publish: Callable[..., Report], tmp_path: Path) -> None:
    """Check 1: the validator of the W3C finds no error on any kind of public page."""
    report = publish()
    names = ["home", "reports", "topics", "speakers", "outlets", "corrections", "articles-public"]
    addresses = [reverse(name) for name in names] + [
        report.get_absolute_url(), reverse("report-history", args=[report.slug]), reverse("embed", args=[report.slug]),
        reverse("report-version", args=[report.slug, 1]), reverse("report-error", args=[report.slug]),
        reverse("speaker", args=[report.speaker_slug]), reverse("page", args=["corrections-policy"]),
        reverse("article-public", args=[report.claim.article.slug]),
    ]  # fmt: skip
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert_valid(answers, tmp_path)


@pytest.mark.vnu
def test_pages_in_another_language_and_those_that_say_no_are_valid_html(
    client: Client, publish: Callable[..., Report], tmp_path: Path, editor: User
) -> None:
    """Check 1: a report from right to left with all that may stand in it, and pages of what is wrong."""

    def before(claim: Claim) -> None:
        steps.run_step(claim.steps.filter(kind="quote_check").latest("pk").pk)
        Evidence.objects.filter(claim=claim).update(origin="Port authority", interests="A party to it.")
        verdicts.except_gate(claim.pk, "two_origins", actor=editor, reason="There is only one.")

    words = "## ما\n\nأقل [1]. Fewer [2].\n\n- a\n- b\n\n1. c\n\n2. d\n\n> e\n\n|f|\n|-:|\n|g|"
    report = publish(
        before, language="ar", headline="انخفضت حركة المرور", reasoning=words, not_established="x"
    )
    error_form = reverse("report-error", args=[report.slug])
    own = [report.get_absolute_url(), reverse("embed", args=[report.slug]),
           reverse("report-history", args=[report.slug]), reverse("report-file", args=[report.slug, "report.html"])]  # fmt: skip
    answers = {
        address: client.get(address)
        for address in [*own, f"{reverse('reports')}?topic=nope", f"{reverse('corrections')}?kind=foo"]
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    answers |= {
        "/nothing-here/": client.get("/nothing-here/"),
        error_form: client.post(error_form, {"link": "x"}),
    }
    assert [answer.status_code for answer in answers.values()][-2:] == [404, 422]
    assert_valid(answers, tmp_path)


def assert_valid(answers: dict[str, Any], folder: Path) -> None:
    addresses, files = list(answers), []
    for number, answer in enumerate(answers.values()):
        files.append(folder / f"{number}.html")
        files[-1].write_bytes(answer.content)
    jar = leftout.vnu()
    assert jar is not None
    told = subprocess.run(
        ["java", "-jar", jar, "--errors-only", "--format", "gnu", *map(str, files)], capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert re.sub(r'"file:[^"]*/(\d+)\.html"', lambda m: addresses[int(m[1])], told.stderr) == ""
