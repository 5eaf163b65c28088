"""The public site speaks the language that the operator chose: each page, each error; machines are told the same as ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real
from lxml import html

from claims.domain import documents, exports, house_rules, report_files, spoken
from claims.domain.gate_checks import load_dossier
from claims.models import Article, AuditEvent, Claim, DeskSettings, Notification, Report
from claims.web import kept_pages, short_path, urls_public
from claims.web.views import public
from tests import said
from tests.factories import article, fill, move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
LANGUAGES = sorted(spoken.CATALOGUES)
# Addresses of the public site that programs read; each says the same in all languages.
MACHINES = {
    "report-jsonld", "report-card", "report-file", "reports-export", "oembed", "article-annotations", "feed-atom",
    "feed-rss", "feed-json", "feed-corrections", "sitemap", "sitemap-pages", "sitemap-reports", "news-sitemap", "robots",
}  # fmt: skip
FEEDS = {"feed-atom", "feed-rss", "feed-json", "feed-corrections"}
# Pages that speak the language of the report that they are about.
OF_A_REPORT = {"report", "report-version", "report-history", "report-error", "embed", "message-receipt"}
# When something was made, where it says so.
TIMES = re.compile(rb"20\d\d-\d\d-\d\dT[\d:.+Z]+")
# Names that are the same in every language.
NAMES = {"CSV", "Excel", "NDJSON", "JSON-LD", "DataFeed"}


@pytest.fixture
def report(claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User) -> Report:
    """One report in English, corrected once, so that every list has a line."""
    stored = claim_in("published")
    move(stored, "open_correction", editor, reason="x", payload={"kind": "correction"})
    fill(stored, reviewer, headline="Traffic fell by 29 per cent")
    move(stored, "publish_correction", second_reader, payload={"public_note": "The figure was wrong."})
    DeskSettings.objects.filter(pk=1).update(complaint_route="Press council")
    return Report.objects.get(claim=stored)


@pytest.fixture
def untranslated(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Every sentence that was asked for in a language whose catalogue lacks it, as language and sentence."""
    missed: set[tuple[str, str]] = set()
    one, many = trans_real.DjangoTranslation.gettext, trans_real.DjangoTranslation.ngettext

    def gettext(self: Any, message: str) -> str:
        said = one(self, message)
        if self.language()[:2] != spoken.ENGLISH and message not in self._catalog:
            missed.add((self.language(), message))
        return said

    def ngettext(self: Any, single: str, plural: str, number: int) -> str:
        said = many(self, single, plural, number)
        if self.language()[:2] != spoken.ENGLISH and said in (single, plural):
            missed.add((self.language(), single))
        return said

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", gettext)
    monkeypatch.setattr(trans_real.DjangoTranslation, "ngettext", ngettext)
    return missed


def addresses(report: Report) -> dict[str, list[str]]:
    """Every address of the public site by its name; one that is new has to say here what it is asked with."""
    behind = {pattern.callback.__module__.replace(".", "/") + ".py" for pattern in urls_public.urlpatterns}
    assert behind - {"claims/web/views/reader_messages.py"} <= set(said.MODULES), (
        "sentences that nobody looks for"
    )
    slug = report.slug
    parts = {"slug": slug, "number": 1, "token": "x" * 32, "form": "csv", "file": "report.json"}
    found: dict[str, list[str]] = {}
    for pattern in urls_public.urlpatterns:
        assert pattern.name is not None
        given = {name: parts[name] for name in pattern.pattern.converters if name != "kind"}
        if pattern.name in {"article-public", "article-annotations"}:
            given["slug"] = report.claim.article.slug
        if pattern.name in {"speaker", "outlet"}:
            given["slug"] = getattr(report, f"{pattern.name}_slug") or "none"
        if pattern.name == "page":
            found["page"] = [
                reverse("page", args=[kind]) for kind in ("methodology", "corrections-policy", "about")
            ]
        else:
            found[pattern.name] = [reverse(pattern.name, kwargs=given)]
    found["reports"] += [f"{reverse('reports')}?{query}" for query in (
        "q=toll", "q=nowhere", "q=%3F", "topic=none", "verdict=none", "speaker=none", "outlet=none&topic=none", "lang=xx",
    )]  # fmt: skip
    found["corrections"] += [f"{reverse('corrections')}?kind={kind}" for kind in ("retraction", "none")]
    found["report-file"] = [reverse("report-file", args=[slug, name]) for name in report_files.FILES]
    found["reports-export"] = [reverse("reports-export", args=[form]) for form in exports.REPORT_FORMS]
    return found


def in_english(words: str) -> bool:
    """Whether an Arabic page would say this in other letters, were it translated."""
    return words not in NAMES and re.search(r"[A-Za-z]{2,}", words) is not None


def own_words(page: Any) -> list[str]:
    """The page's own words: what is not the desk's, a report's or an article's, which say their language or stand apart."""
    for one in page.xpath(
        "//script | //style | //*[@lang][not(self::html)][not(self::article)] | //bdi | //*[@dir='auto']"
    ):
        one.drop_tree()
    for one in page.xpath("//*[contains(@class, 'verdict')] | //select[@id='verdict']/option[@value!=''] | //dl[@class='ratings']"
                          " | //a[starts-with(@href, 'mailto:')] | //title"):  # fmt: skip
        one.drop_tree()
    texts = page.xpath("//body//text() | //@placeholder | //main//@aria-label | //nav/@aria-label")
    return [text.strip() for text in texts if text.strip()]


def test_every_page_speaks_the_language_of_the_site(
    client: Client, report: Report, settings: LazySettings, untranslated: set[tuple[str, str]]
) -> None:
    """Fails on a sentence that a catalogue lacks, and, since Arabic has other letters, on one that asks for none."""
    found = addresses(report)
    asked = [(name, address) for name in found.keys() - MACHINES for address in found[name]]
    assert len(asked) > 25
    for language in LANGUAGES:
        settings.SITE_LANGUAGE = language
        for name, address in asked:
            answer = client.get(address)
            page = html.fromstring(answer.content.decode())
            here = (page.get("lang"), page.get("dir"), answer["Content-Language"])
            if name in OF_A_REPORT and answer.status_code == 200:
                assert here == ("en", "ltr", "en"), address
                continue
            assert here == (language, "rtl" if language == "ar" else "ltr", language), address
            if language == "ar":
                assert [words for words in own_words(page) if in_english(words)] == [], address
    assert untranslated == set()


def test_a_site_without_reports_speaks_it_too(
    client: Client, settings: LazySettings, untranslated: set[tuple[str, str]]
) -> None:
    settings.SITE_LANGUAGE = "ar"
    for name in ("home", "reports", "topics", "speakers", "outlets", "articles-public", "corrections"):
        page = html.fromstring(client.get(reverse(name)).content.decode())
        assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
        assert [words for words in own_words(page) if in_english(words)] == [], name
    assert untranslated == set()


def test_days_counts_and_arrows_are_those_of_the_language(
    client: Client, report: Report, settings: LazySettings
) -> None:
    settings.SITE_LANGUAGE = "de"
    log = client.get(reverse("corrections")).content.decode()
    assert "Von 1 Bericht wurde 1 korrigiert." in log
    assert re.search(r"<time [^>]*>\d+\. \w+ 20\d\d</time>", log)
    assert re.search(
        r'class="claim-line" dir="auto">„[^“<]+“', client.get(reverse("reports")).content.decode()
    )
    settings.SITE_LANGUAGE = "ar"
    topics = client.get(reverse("speakers")).content.decode()
    assert "تقرير واحد" in topics
    with translation.override("ar"):
        counted = {
            number: translation.ngettext("%(count)s report", "%(count)s reports", number)
            for number in (0, 1, 2, 3, 11, 100)
        }
    assert len(set(counted.values())) == 6


def test_errors_speak_it_too(
    client: Client, report: Report, settings: LazySettings, monkeypatch: pytest.MonkeyPatch,
    untranslated: set[tuple[str, str]],
) -> None:  # fmt: skip
    """What is not there, too large, open for too long, broken, or through a fault of ours."""
    settings.SITE_LANGUAGE = "ar"
    form = reverse("report-error", args=[report.slug])
    client.raise_request_exception = False
    answers = [
        (404, client.get("/nowhere/")),
        (404, client.get(reverse("report", args=["nowhere"]))),
        (404, client.get(reverse("embed", args=["nowhere"]))),
        (403, Client(enforce_csrf_checks=True).post(form, {"text": "x"})),
    ]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answers.append((413, client.post(form, {"text": "x" * 100})))

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(public.listing, "articles", broken)
    answers.append((500, client.get(reverse("home"))))
    for status, answer in answers:
        assert answer.status_code == status
        page = html.fromstring(answer.content.decode())
        assert (page.get("lang"), page.get("dir"), answer["Content-Language"]) == ("ar", "rtl", "ar"), status
        assert [words for words in own_words(page) if in_english(words)] == [], status
    with spoken.speaking("ar"):  # as the middleware does around whatever fails
        for page in (render_to_string("503.html"), render_to_string("400.html", {"most_mb": 0})):
            assert [words for words in own_words(html.fromstring(page)) if in_english(words)] == []
    assert client.get("/\0/").content.decode() == "تعذّرت قراءة هذا العنوان."
    assert untranslated == set()


def test_the_desk_its_log_in_and_the_api_stay_english(
    client: Client, report: Report, settings: LazySettings, editor: User, as_user: Callable[[User], Client]
) -> None:
    settings.SITE_LANGUAGE = "ar"
    person = as_user(editor)
    for answer in (
        client.get(reverse("login")),
        person.get(reverse("my-work")),
        person.get("/desk/nowhere/"),
    ):
        page = html.fromstring(answer.content.decode())
        assert (page.get("lang"), page.get("dir")) == ("en-gb", "ltr")
        assert not re.search(r"[\u0600-\u06ff]", answer.content.decode())
    assert "There is no topic" in client.get("/api/v1/reports/?topic=none").content.decode()


def test_machines_are_told_the_same_in_every_language(
    client: Client, report: Report, settings: LazySettings
) -> None:
    """ClaimReview, files, exports, cards and maps: not one byte differs. Feeds differ in their titles alone."""
    found = addresses(report)
    asked = {address for name in MACHINES - FEEDS - {"oembed"} for address in found[name]} - {
        address for address in found["report-file"] if address.endswith(".pdf")
    }
    asked = {
        address for address in asked if not address.endswith("xlsx")
    }  # holds the time at which it was made
    asked |= {found[name][0] for name in OF_A_REPORT - {"report-error", "message-receipt"}}
    asked.add(f"{reverse('oembed')}?url={settings.SITE_URL}{report.get_absolute_url()}")
    asked.add("/api/v1/reports/")

    def told(language: str) -> dict[str, bytes]:
        settings.SITE_LANGUAGE = language
        kept_pages.PAGES.clear()
        public.public_report._page.cache_clear()
        short_path.forget()
        answers = {address: client.get(address) for address in sorted(asked)}
        assert {answer.status_code for answer in answers.values()} == {200}
        return {address: TIMES.sub(b"now", answer.getvalue()) for address, answer in answers.items()}

    english = told("en")
    for language in ("ar", "de"):
        assert told(language) == english
    assert any(b'"@type"' in body for body in english.values())


def test_feeds_are_titled_in_the_language_and_not_taken_for_those_of_another(
    client: Client, report: Report, settings: LazySettings
) -> None:
    settings.SITE_LANGUAGE = "en"
    first = client.get(reverse("feed-atom"))
    settings.SITE_LANGUAGE = "de"
    again = client.get(reverse("feed-atom"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "verdicts</title>" in first.content.decode()
    assert re.search(r'<title xml:lang="de">[^<]+: Urteile</title>', again.content.decode())
    assert ": Korrekturen</title>" in client.get(reverse("feed-corrections")).content.decode()


def test_what_is_frozen_and_written_down_is_the_same_in_every_language(
    client: Client, report: Report, settings: LazySettings
) -> None:
    """A document is made alike whoever speaks; what a reader sends from an Arabic site tells the desk in English."""
    dossier = load_dossier(report.claim, timezone.now())
    made = set()
    for language in ("en", *LANGUAGES):
        with spoken.speaking(language):
            made.add(TIMES.sub(b"now", documents.draft(dossier).to_json().encode()))
    assert len(made) == 1
    before = AuditEvent.objects.count()
    settings.SITE_LANGUAGE = "ar"
    sent = {"about": "fact", "text": "The figure is 29 per cent.", "email": ""}
    assert client.post(reverse("report-error", args=[report.slug]), sent).status_code == 302
    (event,) = AuditEvent.objects.order_by("pk")[before:]
    assert event.data["about"] == "fact"
    told = Notification.objects.filter(kind="reader.message").values_list("text", flat=True)
    assert [text[:13] for text in told] == ["A reader says"] * len(told) != []


def test_a_new_desk_writes_its_reports_in_the_language_of_its_site(
    settings: LazySettings, editor: User
) -> None:
    begin = import_module("claims.migrations.0037_language_of_the_site").begin
    settings.SITE_LANGUAGE = "es"
    begin(apps, None)
    assert house_rules.settings().language == "es"
    settings.SITE_LANGUAGE = "de"
    begin(apps, None)
    assert house_rules.settings().language == "es", "somebody chose it"
    DeskSettings.objects.update(language="en")
    article(editor)
    begin(apps, None)
    assert house_rules.settings().language == "en", "the desk is at work"


def test_a_language_costs_no_query(client: Client, report: Report, settings: LazySettings) -> None:
    Article.objects.update(language="de")

    def asked(address: str, language: str) -> int:
        settings.SITE_LANGUAGE = language
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    for name in ("home", "reports", "corrections", "article-public", "speaker"):
        (address,) = addresses(report)[name][:1]
        asked(address, "en")
        assert asked(address, "ar") == asked(address, "en"), name


def test_words_of_another_language_within_a_page_say_so(
    client: Client, report: Report, settings: LazySettings
) -> None:
    """An English report in a list of an Arabic site, and the site's words in an English article."""
    settings.SITE_LANGUAGE = "ar"
    for name in ("home", "reports", "corrections"):
        page = html.fromstring(client.get(reverse(name)).content.decode())
        assert {one.get("lang") for one in page.xpath("//h2/a[@dir='auto']")} == {"en"}, name
    page = html.fromstring(client.get(addresses(report)["article-public"][0]).content.decode())
    (whole,) = page.xpath("//article")
    assert (whole.get("lang"), whole.get("dir")) == ("en", "ltr")
    assert {(one.get("lang"), one.get("dir")) for one in whole.xpath("./p")} == {("ar", "rtl")}
    (link,) = whole.xpath(".//aside//a/span[@lang]")
    assert (link.text, link.get("lang"), link.get("dir")) == ("اقرأ التحقق", "ar", "rtl")
