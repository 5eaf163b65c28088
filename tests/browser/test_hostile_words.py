"""Words that would be code anywhere else: in every field that somebody can write, seen on every page, with the policy off too.

A payload that runs calls ``hit()``; the browser counts. The strict policy of our pages would stop most of it anyway, so a
second round has the policy taken out of the answers: what holds then is the escaping alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from claims.domain import articles, claims, evidence, extraction
from claims.extraction import extract
from claims.models import Claim, DeskSettings, Page, Report
from tests import factories
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHAPES = (
    "<script>hit()</script>", "</script><script>hit()</script>", "<img src=x onerror=hit()>", '"><svg onload=hit()>',
    "' onmouseover=hit() '", "<svg><script>hit()</script></svg>", "<iframe srcdoc='<script>parent.hit()</script>'>",
    "javascript:hit()", "<a href=javascript:hit()>x</a>", "<details open ontoggle=hit()>", "<body onload=hit()>",
    "<math><mi xlink:href='javascript:hit()'>", "<input autofocus onfocus=hit()>", "<style>@import'x'</style>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>", "<object data=javascript:hit()>", "{{7*7}}", "{% debug %}",
    "<template><script>hit()</script></template>", "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<!--><script>hit()</script>-->", "<![CDATA[<script>hit()</script>]]>", "]]><script>hit()</script>",
    "<scr<script>ipt>hit()</scr</script>ipt>", "\\u003cscript\\u003ehit()\\u003c/script\\u003e", "&lt;script&gt;hit()&lt;/script&gt;",
    "&#60;script&#62;hit()&#60;/script&#62;", "%3Cscript%3Ehit()%3C/script%3E", "<script\x0c>hit()</script>", "<ſcript>hit()</ſcript>",
)  # fmt: skip
MARKDOWN = (
    "[x](javascript:hit())", "[x](JaVaScRiPt:hit())", "[x](data:text/html,<script>hit()</script>)", "![x](javascript:hit())",
    "[x](https://a.example '\"><img src=x onerror=hit()>')", "<javascript:hit()>", "[1]: javascript:hit()\n\n[x][1]",
    "```<script>hit()</script>```", "| a |\n|---|\n| <img src=x onerror=hit()> |", "[x](\\javascript:hit())",
    "[x](&#106;avascript:hit())", "# <svg onload=hit()>", "> <script>hit()</script>", "* <img src=x onerror=hit()>",
)  # fmt: skip
ALL = " ".join(SHAPES)


@pytest.fixture
def hostile(
    transactional_db: None, editor: User, reviewer: User, second_reader: User
) -> tuple[Report, Claim, Claim]:
    """A published report, a claim in review and a new one, with payloads in all that people and machines may write."""
    for person in (editor, reviewer, second_reader):
        person.first_name, person.last_name = "<script>hit()</script>", '"><img src=x onerror=hit()>'
        person.save()
    factories.pages()
    DeskSettings.objects.update(name="<script>hit()</script>", tagline=ALL[:200], complaint_route=ALL)
    Page.objects.update(title="<script>hit()</script>", body="\n\n".join((*MARKDOWN, *SHAPES)))
    made = [_claim(n, editor) for n in range(3)]
    people = {"editor": editor, "checker": reviewer, "reader": second_reader}
    for claim, status in zip(made[:2], ("published", "in_review"), strict=True):
        _write(factories.bring_to("researching", claim, **people), reviewer)
        factories.move(claim, "submit", reviewer)
        if status == "published":
            factories.move(claim, "approve", second_reader)
            factories.move(claim, "publish", editor)
    return Report.objects.get(claim=made[0]), *(Claim.objects.get(pk=claim.pk) for claim in made[1:])


def _claim(number: int, editor: User) -> Claim:
    from claims.domain import speakers

    words = f"In 202{number} the bridge carried 4,000 lorries {ALL}."
    stored = articles.receive_text(
        f"A bridge\n\n{words}\n\nIt was mended by 300 people, the mayor said.", actor=editor, title=f"{number} {ALL}"[:400],
        outlet="<script>hit()</script>", author='"><img src=x onerror=hit()>',
    )  # fmt: skip
    with transaction.atomic():
        extraction.store(stored, extract(stored.original_text, clean=False))
    claim = claims.add_claim(
        stored.pk, actor=editor, text=f"In 202{number} the bridge carried 4,000 lorries {ALL}."
    )
    Claim.objects.filter(pk=claim.pk).update(
        speaker=speakers.find_or_make("<script>hit()</script> Brandt"), speaker_role='"><svg onload=hit()>', topic="<svg onload=hit()>",
        tags=["<script>hit()</script>"], said_where="<img src=x onerror=hit()>",
    )  # fmt: skip
    claims.add_comment(claim.pk, actor=editor, text=ALL, passage="<script>hit()</script>")
    claim.refresh_from_db()
    return claim


def _write(claim: Claim, author: User) -> None:
    for number, stance in enumerate(("undermines", "supports"), start=1):
        evidence.add_evidence(
            claim.pk, actor=author,
            fields={"title": f"{number} {ALL}"[:490], "publisher": f"<script>hit()</script>{number}",
                    "url": f"https://a{number}.example/?q=%22%3E<script>hit()</script>", "stance": stance,
                    "kind": "primary" if number == 1 else "secondary", "quote": ALL, "note": ALL,
                    "interests": "<img src=x onerror=hit()>"},
        )  # fmt: skip
    factories.fill(
        claim, author, headline="<script>hit()</script> lorries", summary='"><img src=x onerror=hit()> fewer lorries.',
        reasoning="The count [1] and the minutes [2].\n\n" + "\n\n".join((*MARKDOWN, *SHAPES)), why_checked=ALL[:900],
        bullets=["<img src=x onerror=hit()> [1]", "[x](javascript:hit())"], how_read=ALL[:900], not_established=ALL[:900],
    )  # fmt: skip


def _pages(report: Report, review: Claim, new: Claim) -> dict[str, list[str]]:
    slug, article = report.slug, report.claim.article
    return {
        "stranger": [
            reverse("home"), reverse("reports"), reverse("report", args=[slug]), reverse("report-history", args=[slug]),
            reverse("report-version", args=[slug, 1]), reverse("embed", args=[slug]), reverse("article-public", args=[article.slug]),
            reverse("articles-public"), reverse("page", args=["methodology"]), reverse("page", args=["about"]),
            reverse("reports") + "?q=%3Cscript%3Ehit()%3C/script%3E", "/<script>hit()</script>/",
        ],
        "editor": [
            reverse("my-work"), reverse("claims"), reverse("board"), reverse("articles"), reverse("article", args=[new.article_id]),
            reverse("claim", args=[new.pk]), reverse("claim", args=[review.pk]), reverse("claim", args=[report.claim_id]),
            reverse("claim-preview", args=[review.pk]), reverse("claim-history", args=[review.pk]), reverse("claim-explain", args=[new.pk]),
            reverse("move", args=[new.pk, "assign"]), reverse("people"), reverse("settings"), reverse("insight"), reverse("notices"),
            reverse("claims") + "?q=%22%3E%3Csvg+onload%3Dhit()%3E", reverse("admin:index"), reverse("admin:claims_claim_changelist"),
            reverse("admin:claims_claim_change", args=[review.pk]), reverse("admin:claims_article_change", args=[new.article_id]),
            reverse("admin:claims_auditevent_changelist"), reverse("admin:claims_evidence_changelist"),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("policy", ["with the policy", "without the policy"])
def test_no_words_ever_run(
    policy: str, hostile: tuple[Report, Claim, Claim], visit: Callable[..., Visitor], editor: User
) -> None:
    editor.is_staff = editor.is_superuser = True
    editor.save()
    hits: list[str] = []
    for who, paths in _pages(*hostile).items():
        visitor = visit(editor if who == "editor" else None)
        page = visitor.page
        page.expose_function("hit", lambda who=who, page=page: hits.append(f"{who}: {page.url}"))
        page.on("dialog", lambda dialog: (hits.append(dialog.message), dialog.dismiss()))
        if policy == "without the policy":
            page.route("**/*", _without_policy)
        for path in paths:
            visitor.open(path)
            page.mouse.move(400, 300)
            page.wait_for_timeout(30)
        ours = [line for line in visitor.complaints if "Content Security Policy" in line]
        assert policy != "with the policy" or ours == []
    assert hits == []


def _without_policy(route: Any) -> None:
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if "security-policy" not in name}
    route.fulfill(response=answer, headers=headers)


def test_the_browser_notices_what_runs(visit: Callable[..., Visitor]) -> None:
    """The corpus itself runs where nothing is escaped: a round of zero hits means something."""
    page = visit().page
    hits: list[str] = []
    page.expose_function("hit", lambda: hits.append("hit"))
    page.set_content(f"<title>x</title>{ALL}")
    page.wait_for_timeout(300)
    assert hits


def test_programs_get_words_too(hostile: tuple[Report, Claim, Claim], client: Any) -> None:
    """Feeds and markup stay well-formed, whatever the words are."""
    import xml.etree.ElementTree as ET

    report = hostile[0]
    for name in ("feed-atom", "feed-rss", "feed-corrections", "sitemap"):
        ET.fromstring(client.get(reverse(name)).content)
    json.loads(client.get(reverse("feed-json")).content)
    page = client.get(reverse("report", args=[report.slug])).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    assert json.loads(blocks[0])
