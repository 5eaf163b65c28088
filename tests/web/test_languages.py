"""A report speaks its own language: labels, days and the sentence about the reply; what stays English says so."""

from __future__ import annotations

import dataclasses
import importlib.machinery
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import html

from claims.domain import reader_messages, spoken, steps, verdicts
from claims.domain.gates import GATES
from claims.enums import ChangeKind, MediaCategory, ReplyReason, SourceKind, Stance
from claims.integrations.errors import CredentialsInAddress
from claims.integrations.urls import NO_LINK
from claims.models import (
    Article,
    Claim,
    DeskSettings,
    Evidence,
    Notification,
    OutboxMessage,
    ReaderMessage,
    Report,
)
from claims.publishing.document import ReportDocument
from claims.publishing.exports.labels import ENGLISH
from claims.steps import registry
from claims.templatetags import public_tags
from claims.web import public_report
from claims.web.forms_reader import MistakeForm
from tests.factories import bring_to, claim, fill, move, pages
from tests.said import by_code, to_readers

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "claims" / "locale"
# What the verb says to a reader and writes in mails; test_a_reader_is_answered_in_the_language_of_the_report has them said.
VERB = ROOT / "claims" / "domain" / "reader_messages.py"
TO_THE_DESK = {
    "A reader says that something is wrong in “%(claim)s” (%(number)s).", "Choose how it ended.",
    "Give the reason. The reader is told.", "Message %(number)s from a reader: %(text)s", "There is no such message.",
    "%(who)s has answered this message already: %(outcome)s.",
}  # fmt: skip
FORMS = {"ar": 6}  # of a word that is counted
_HOLES = re.compile(r"%\(\w+\)s|\{\w+\}")


def said_to_readers() -> set[str]:
    """Every sentence of the form, of what is wrong with it, of its mails, and of the parts that the history names."""
    verb = by_code(VERB.read_text(encoding="utf-8"))
    assert verb > TO_THE_DESK
    form = MistakeForm()
    fields = [
        str(words) for field in form.fields.values() for words in (field.label, field.help_text) if words
    ]
    kinds = (ReaderMessage.About, ReaderMessage.Outcome)
    choices = {str(label) for kind in kinds for _value, label in kind.choices}
    parts = {
        str(words) for table in (public_tags._FIELDS, public_tags._OF_A_SOURCE) for words in table.values()
    }
    listed = ("how_checked", "exceptions", "topics", "sources")
    parts |= {public_tags.field_words(f"{name}[1]").rpartition(" ")[0] for name in listed} - {"Source"}
    return (verb - TO_THE_DESK) | set(fields) | choices | parts | {NO_LINK, CredentialsInAddress.sentence}


def catalogue(language: str) -> dict[str, Any]:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {
            (message.id[0] if isinstance(message.id, tuple) else message.id): message
            for message in read_po(file, locale=language)
            if message.id
        }


@pytest.mark.parametrize("language", sorted(spoken.CATALOGUES))
def test_a_catalogue_has_every_word_of_a_report(language: str) -> None:
    kinds = (ChangeKind, SourceKind, Stance, MediaCategory, ReplyReason)
    with translation.override(None):
        wanted = to_readers() | said_to_readers()
        wanted |= {str(label) for kind in kinds for _value, label in kind.choices}
    plain = dataclasses.asdict(ENGLISH)
    wanted |= {
        text for value in plain.values() for text in (value.values() if isinstance(value, dict) else [value])
    }
    present, forms = catalogue(language), FORMS.get(language, 2)
    wanted |= {spoken.in_english(gate.label) for gate in GATES}
    wanted |= {spoken.in_english(step.label) for step in registry.claim_steps()}
    assert len(wanted) > 100
    assert sorted(wanted - present.keys()) == []
    for message in present.values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(given), message.id
        assert len(given) == (forms if isinstance(message.id, tuple) else 1), message.id
        holes = set(_HOLES.findall(ids[-1]))
        assert all(set(_HOLES.findall(text)) <= holes for text in given), message.id
        assert set(_HOLES.findall(given[-1])) == holes, message.id


def test_the_catalogues_are_compiled() -> None:
    loader = importlib.machinery.SourceFileLoader("labels", str(ROOT / "bin" / "labels"))
    spec = importlib.util.spec_from_loader("labels", loader)
    assert spec is not None
    labels = importlib.util.module_from_spec(spec)
    loader.exec_module(labels)
    assert {path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/django.po")} == spoken.CATALOGUES
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        assert source.with_suffix(".mo").read_bytes() == labels.compiled(source), "run make labels"


@pytest.fixture
def in_language(editor: User, reviewer: User, second_reader: User) -> Callable[[str], Report]:
    def publish(language: str) -> Report:
        people = {"editor": editor, "checker": reviewer, "reader": second_reader}
        stored = bring_to("researching", claim(editor), **people)
        fill(stored, reviewer, language=language)
        stored = move(Claim.objects.get(pk=stored.pk), "submit", reviewer)
        stored = move(stored, "approve", second_reader)
        pages()
        return Report.objects.get(claim=move(stored, "publish", editor))

    return publish


def page_of(client: Client, report: Report) -> Any:
    return html.fromstring(client.get(report.get_absolute_url()).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "direction", "sources", "said"),
    [("ar", "rtl", "المصادر", "لم يُطلب التعليق"), ("de", "ltr", "Quellen", "nicht um Stellungnahme gebeten"),
     ("fr-CA", "ltr", "Sources", "Aucun commentaire"), ("es", "ltr", "Fuentes", "No se pidió comentario"),
     ("pt-BR", "ltr", "Fontes", "Não foi pedido comentário")],
)  # fmt: skip
def test_a_report_has_its_labels_in_its_language(
    client: Client,
    in_language: Callable[[str], Report],
    language: str,
    direction: str,
    sources: str,
    said: str,
) -> None:
    """Check 11: language and direction of the page, and its own words with it."""
    report = in_language(language)
    home = client.get(reverse("home")).content.decode()  # in English, and must not leave its words behind
    page = page_of(client, report)
    assert (page.get("lang"), page.get("dir")) == (language, direction)
    assert page.get_element_by_id("sources").find("h2").text == sources
    assert said in page.get_element_by_id("reply").text_content()
    assert not page.xpath("//h2[@lang] | //header[@lang]")
    # The meaning of a rating is in the desk's language: its full stop stays with it, also from right to left.
    assert page.xpath("//p[@class='meta']/bdi")[0].text.endswith(".")
    assert "All reports" in home
    assert "Primary source" not in page.get_element_by_id("sources").text_content()
    assert client.get(report.get_absolute_url())["Content-Language"] == language
    old = client.get(reverse("report-version", args=[report.slug, 1])).content.decode()
    assert f"<h2>{sources}</h2>" in old
    for name, begins in (("report.html", "<h2>"), ("report.md", "## ")):
        file = client.get(reverse("report-file", args=[report.slug, name])).content.decode()
        assert f"{begins}{sources}" in file
    assert "Search reports" in client.get(reverse("reports")).content.decode()


@pytest.fixture
def with_exception(
    editor: User, reviewer: User, second_reader: User
) -> Callable[[str], tuple[Report, ReportDocument]]:
    """A report whose author mixed languages, of which one rule was set aside and one step ran."""

    def publish(language: str) -> tuple[Report, ReportDocument]:
        stored = bring_to("researching", claim(editor), editor=editor, checker=reviewer, reader=second_reader)
        step = stored.steps.get(kind="quote_check")
        steps.run_step(step.pk)
        fill(
            stored,
            reviewer,
            language=language,
            reasoning="Fewer vehicles [1].\n\nأقل [2].\n\n- Traffic fell.\n- انخفض.",
        )
        Evidence.objects.filter(claim=stored).update(origin="Port authority")
        verdicts.except_gate(stored.pk, "two_origins", actor=editor, reason="There is only one.")
        stored = move(stored, "submit", reviewer)
        stored = move(stored, "approve", second_reader)
        pages()
        report = Report.objects.select_related("current_version").get(claim=move(stored, "publish", editor))
        assert report.current_version is not None
        return report, ReportDocument.from_json(report.current_version.document)

    return publish


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "rule", "step", "marked"),
    [("ar", "مصدران مستقلان", "الاقتباس", None), ("de", "Zwei voneinander unabhängige Herkünfte", "Zitat", None),
     ("en", "Two independent origins", "Quotation", None), ("ur", "Two independent origins", "Quotation", "en")],
)  # fmt: skip
def test_names_of_rules_and_steps_are_in_the_language_or_marked(
    client: Client, with_exception: Any, language: str, rule: str, step: str, marked: str | None
) -> None:
    report, document = with_exception(language)
    assert {one.label for one in document.how_checked} >= {"Quotation"}, (
        "what is frozen is one for all languages"
    )
    page = page_of(client, report)
    how = page.get_element_by_id("how")
    names = {one.text: one.get("lang") for one in how.xpath(".//li/strong")}
    assert (names[rule], names[step]) == (marked, marked)
    (aside,) = how.xpath(".//ul[@class='exceptions']/li")
    assert [part.text for part in aside.xpath(".//bdi")] == ["There is only one.", "Pia Demo"]
    told = how.xpath(".//ul[@class='steps']/li/span[not(@class)]")
    assert {(one.get("lang"), one.get("dir")) for one in told} == {
        (None, "auto") if language == "en" else ("en", "ltr")
    }
    prose = page.xpath("//div[@class='prose']")[0]
    assert [(one.tag, one.get("dir")) for one in prose.xpath(".//p | .//li")] == [("p", "auto")] * 2 + [
        ("li", None)
    ] * 2
    file = client.get(reverse("report-file", args=[report.slug, "report.html"])).content.decode()
    assert f"<bdi>{rule}</bdi>: <bdi>There is only one.</bdi>" in file
    assert f"<bdi>{step}</bdi>" in file
    assert ('<span lang="en" dir="ltr">' in file) == (language != "en")


@pytest.mark.django_db
def test_pages_around_a_report_speak_its_language_and_lists_mark_its_words(
    client: Client, in_language: Callable[[str], Report], editor: User, reviewer: User, second_reader: User
) -> None:
    report = in_language("ar")
    move(report.claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    fill(report.claim, reviewer, language="ar", headline="انخفضت الحركة")
    move(report.claim, "publish_correction", second_reader, payload={"public_note": "كان الرقم خطأ."})
    Article.objects.filter(pk=report.claim.article_id).update(language="ar")
    history = html.fromstring(client.get(reverse("report-history", args=[report.slug])).content.decode())
    assert (history.get("lang"), history.get("dir")) == ("ar", "rtl")
    assert history.find(".//h1").text == "ما الذي تغيّر"
    assert [one.text for one in history.xpath("//h2")] == ["الإصدار 2: تصحيح", "الإصدار 1: النشر الأول"]
    fields = [one.text for one in history.xpath("//dt")]
    assert "العنوان" in fields
    assert not [words for words in fields if words.isascii()]
    assert {one.text for one in history.xpath("//dd//span")} <= {"أُضيف:", "حُذف:"}
    assert {one.get("lang") for one in history.xpath("//dd//span")} == {"ar"}
    words = history.xpath("//dd | //section/p[@dir='auto'] | //p[@class='topic']/a")
    assert len(words) > 2
    assert {one.get("lang") for one in words} == {"ar"}
    for name in ("reports", "corrections"):
        page = html.fromstring(client.get(reverse(name)).content.decode())
        assert {one.get("lang") for one in page.xpath("//h2/a[@dir='auto']")} == {"ar"}, name
    article = html.fromstring(
        client.get(reverse("article-public", args=[report.claim.article.slug])).content.decode()
    )
    (whole,) = article.xpath("//article")
    assert (whole.get("lang"), whole.get("dir")) == ("ar", "rtl")
    assert {one.get("lang") for one in whole.xpath("./p")} == {"en"}
    assert {one.get("dir") for one in whole.xpath(".//div[@class='para']/p")} == {"auto"}


WRONG = {"about": "", "passage": "p" * 1001, "text": "قصير", "link": "port.example", "email": "reader@"}
RIGHT = {
    "about": "fact",
    "text": "كان الرقم 29 بالمئة.",
    "link": "https://port.example/",
    "email": "r@mail.example",
}


@pytest.mark.django_db
def test_a_reader_is_answered_in_the_language_of_the_report(
    client: Client, in_language: Callable[[str], Report], editor: User
) -> None:
    """The form, what is wrong with it, the receipt, the outcome and the mails; the desk is told in English."""
    report = in_language("ar")
    address = reverse("report-error", args=[report.slug])
    for answer in (
        client.get(address),
        client.post(address, WRONG),
        client.post(address, {**RIGHT, "website": "x"}),
    ):
        page = html.fromstring(answer.content.decode())
        assert (page.get("lang"), page.get("dir"), answer["Content-Language"]) == ("ar", "rtl", "ar")
        assert page.find(".//h1").text == "الإبلاغ عن خطأ"
        said = page.xpath(
            "//main//label/text() | //main//legend/text() | //main//button/text() | //main//*[@class='hint']/text()"
        )
        said += page.xpath("//*[@id='error-summary']//text()")
        assert len(said) > 10
        assert not [words for words in said if words.strip() and words.isascii()]
        assert page.xpath("//p[@class='topic']//bdi")[0].get("lang") == "ar"
    assert len(page.xpath("//*[@id='error-summary']//li")) == 1
    sent = client.post(address, RIGHT)
    message = ReaderMessage.objects.get()
    receipt = html.fromstring(client.get(sent["Location"]).content.decode())
    assert (receipt.get("lang"), receipt.get("dir")) == ("ar", "rtl")
    assert receipt.find(".//h1").text == "شكرًا لك"
    assert receipt.xpath("//p[@class='receipt']//bdi")[0].text == message.number
    assert "معلومة" in receipt.text_content()
    reader_messages.close(message.pk, actor=editor, outcome="rejected", answer="كان الرقم صحيحًا.")
    ended = html.fromstring(client.get(sent["Location"]).content.decode())
    assert ended.find(".//h1").text_content() == f"الرسالة {message.number}: لم يتغيّر شيء"
    # Digits after Arabic letters change places around a hyphen, unless they stand apart.
    assert [one.text for one in ended.xpath("//h1/bdi")] == [message.number]
    first, last = OutboxMessage.objects.filter(key__startswith="mail:reader").order_by("pk")
    assert first.payload["subject"] == f"رسالتك {message.number}"
    assert "سيقرؤها شخص" in first.payload["body"]
    assert last.payload["subject"].endswith("لم يتغيّر شيء")
    told = Notification.objects.get(person=editor, kind="reader.message")
    assert told.text.startswith("A reader says")


@pytest.mark.django_db
def test_a_flood_is_refused_in_the_language_of_the_report(
    client: Client, in_language: Callable[[str], Report], settings: Any
) -> None:
    settings.READER_MESSAGES_PER_HOUR = 0
    report = in_language("fr")
    answer = client.post(reverse("report-error", args=[report.slug]), RIGHT)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Envoyez le suivant plus tard." in answer.content.decode()


@pytest.mark.django_db
def test_pages_around_a_report_without_a_catalogue_are_in_english(
    client: Client, in_language: Callable[[str], Report]
) -> None:
    report = in_language("ur")
    message = reader_messages.receive(report, about="fact", text=RIGHT["text"])
    for name, argument in (
        ("report-history", report.slug),
        ("report-error", report.slug),
        ("message-receipt", message.token),
    ):
        answer = client.get(reverse(name, args=[argument]))
        page = html.fromstring(answer.content.decode())
        assert (page.get("lang"), page.get("dir"), answer["Content-Language"]) == ("en", "ltr", "en"), name
        assert page.xpath("//p[@class='topic']//*[@lang]")[0].get("lang") == "ur"


@pytest.mark.django_db
def test_what_has_no_catalogue_says_that_it_is_english(
    client: Client, in_language: Callable[[str], Report]
) -> None:
    page = page_of(client, in_language("ur"))
    assert (page.get("lang"), page.get("dir")) == ("ur", "rtl")
    heading = page.get_element_by_id("sources").find("h2")
    assert (heading.text, heading.get("lang"), heading.get("dir")) == ("Sources", "en", "ltr")
    for part in page.xpath("//header[@class='top'] | //footer | //a[@class='skip']"):
        assert (part.get("lang"), part.get("dir")) == ("en", "ltr")
    headline = page.find(".//h1")
    assert headline.get("lang") is None, "that is the report's own"


@pytest.mark.django_db
def test_an_english_report_is_as_it_was(client: Client, in_language: Callable[[str], Report]) -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"language": "fr"})
    page = page_of(client, in_language("en-GB"))
    assert not page.xpath("//*[@lang='en']")
    assert re.fullmatch(r"\d+ [A-Z][a-z]+ 20\d\d", page.find(".//p[@class='meta']/time").text)


@pytest.mark.django_db
def test_pages_of_the_site_say_which_words_are_the_desks_own(client: Client) -> None:
    DeskSettings.objects.update_or_create(
        pk=1, defaults={"language": "fr", "complaint_route": "Conseil de presse"}
    )
    pages()
    for name in ("home", "reports", "corrections"):
        assert html.fromstring(client.get(reverse(name)).content.decode()).get("lang") == "en", name
    policy = html.fromstring(client.get(reverse("page", args=["corrections-policy"])).content.decode())
    assert policy.get("lang") == "en"
    own = policy.xpath("//main//h1 | //div[@class='prose'] | //section[@id='complaints']/p")
    assert [one.get("lang") for one in own] == ["fr"] * 3


@pytest.mark.django_db
def test_days_are_written_as_the_language_does(in_language: Callable[[str], Report]) -> None:
    report = in_language("de")
    assert report.current_version is not None
    document = ReportDocument.from_json(report.current_version.document)
    with spoken.speaking("de"):
        assert re.fullmatch(r"\d+\. \S+ 20\d\d", spoken.day(document.published_at.date()))
    with spoken.speaking("xx-nothing"):
        assert re.fullmatch(r"\d+ [A-Z][a-z]+ 20\d\d", spoken.day(document.published_at.date()))
    assert spoken.day(None) == ""


def test_files_in_english_have_the_words_that_they_had() -> None:
    for language in ("en", "sw"):
        assert dataclasses.replace(spoken.labels(language), gates={}) == ENGLISH
        assert spoken.labels(language).gates["two_origins"] == "Two independent origins"


@pytest.mark.django_db
def test_words_of_one_report_do_not_reach_another(in_language: Callable[[str], Report]) -> None:
    report = in_language("fr")
    assert report.current_version is not None
    with translation.override("de"):
        page = public_report._page.__wrapped__(report.current_version.document, "x")
    assert page.history[0].label == "Première publication"
