"""The demo data holds together: spans, citations, statuses, people, dates and the gates a report must pass."""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "claims" / "demo"


def split(text: str) -> frozenset[str]:
    return frozenset(text.split())


STATUSES = split(
    "new triaged assigned researching in_review approved scheduled published correcting retracted "
    "declined duplicate on_hold"
)
# A report has been written, whether or not readers can see it yet.
REPORTED = split("in_review approved scheduled published correcting retracted")
PUBLIC = split("published correcting retracted")
CLAIM_KEYS = split(
    "key words speaker speaker_role said_on said_where claim_reviewed status topics assignee second_reader "
    "published_by scheduled_by published_on publish_in_days due_in_days why_checked how_read rating headline "
    "summary bullets reasoning not_established reply searched evidence comments sent_back decline hold "
    "duplicate_of first_version correction retraction"
)
EVIDENCE_KEYS = split("id title publisher url quote stance kind origin interests accessed since_version")

Table = dict[str, Any]


def read(name: str) -> Table:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


ARTICLES: dict[str, Table] = {a["key"]: a for a in read("articles/index.toml")["articles"]}
DESK = read("desk.toml")
SCALE = read("scale.toml")
WORK = [read(f"desk/{path.name}") for path in sorted((DEMO / "desk").glob("*.toml"))]
CLAIMS: list[Table] = [{**c, "article": w["article"]} for w in WORK for c in w["claims"]]
PEOPLE: dict[str, Table] = {p["username"]: p for p in DESK["people"]}
WORDS = {r["key"]: r["word"] for r in SCALE["levels"] + SCALE["off_scale"]}
REPORTS = [c for c in CLAIMS if c["status"] in REPORTED]


def named(claim: Table) -> str:
    return str(claim["key"])


def text_of(article: Table) -> str:
    path: Path = DEMO / "articles" / article["file"]
    return path.read_text(encoding="utf-8")


def words_in(text: str) -> int:
    """Words of prose: table rows of Markdown are not counted."""
    return sum(len(line.split()) for line in text.splitlines() if not line.startswith("|"))


def cited(*texts: str) -> set[int]:
    return {int(n) for text in texts for n in re.findall(r"\[(\d+)\]", text)}


def versions(claim: Table) -> Iterator[tuple[Table, list[Table]]]:
    """Each written version of a report with the evidence it could cite."""
    if first := claim.get("first_version"):
        yield first, [e for e in claim["evidence"] if e.get("since_version", 1) == 1]
    yield claim, claim["evidence"]


def usernames(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from usernames(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from usernames(inner, key)
    elif key in {"assignee", "second_reader", "by"} or (key.endswith("_by") and key != "reported_by"):
        yield value


@pytest.mark.parametrize("article", ARTICLES.values(), ids=named)
def test_article_is_complete(article: Table) -> None:
    text = text_of(article)
    low, high = (500, 800) if article["set"] == "sample" else (450, 700)
    assert low <= len(text.split()) <= high
    assert text.split("\n\n")[0] == article["title"]
    assert article["url"].split("/")[2].endswith(".example.org")
    assert "(demo)" in article["outlet"]
    if article["set"] == "full":
        assert text.rstrip().endswith("its people and its figures are invented.")


def test_sets() -> None:
    assert Counter(a["set"] for a in ARTICLES.values()) == {"sample": 1, "full": 3}
    assert {w["article"] for w in WORK} == {k for k, a in ARTICLES.items() if a["set"] == "full"}
    assert "🚗" in text_of(ARTICLES["harbour-toll"])
    assert all(10 <= len(w["claims"]) <= 20 for w in WORK)


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_words_stand_once_in_the_article(claim: Table) -> None:
    text = text_of(ARTICLES[claim["article"]])
    assert text.count(claim["words"]) == 1
    assert "\n" not in claim["words"]


def test_spans_do_not_overlap() -> None:
    for work in WORK:
        text = text_of(ARTICLES[work["article"]])
        spans = sorted(
            (text.index(c["words"]), text.index(c["words"]) + len(c["words"])) for c in work["claims"]
        )
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_claim_is_well_formed(claim: Table) -> None:
    assert set(claim) - {"article"} <= CLAIM_KEYS
    assert len(claim["claim_reviewed"]) < 75
    assert not any(claim["claim_reviewed"].startswith(word) for word in WORDS.values())
    assert set(claim["topics"]) <= {t["key"] for t in DESK["topics"]}
    assert set(usernames(claim)) <= set(PEOPLE)
    assert "why_checked" in claim or claim["status"] in {"new", "declined", "duplicate"}


def test_keys_are_unique_and_every_status_occurs() -> None:
    assert len({c["key"] for c in CLAIMS}) == len(CLAIMS)
    assert {c["status"] for c in CLAIMS} == STATUSES


def test_counts_of_the_desk_in_mid_work() -> None:
    published = [c for c in CLAIMS if c["status"] == "published"]
    levels = {r["key"] for r in SCALE["levels"]}
    assert len(published) == 12
    assert [c["key"] for c in published if c.get("correction", {}).get("kind") == "verdict_change"] == [
        "record-cargo"
    ]
    assert sum(c["status"] == "retracted" for c in CLAIMS) == 1
    assert sum(c["status"] == "in_review" for c in CLAIMS) == 1
    assert {c["rating"] for c in published} & levels == levels
    assert {c["rating"] for c in published} - levels == {"missing_context", "unproven", "satire"}


def test_people_and_roles() -> None:
    assert Counter(p["role"] for p in PEOPLE.values()) == {"editor": 2, "reviewer": 4, "viewer": 1}
    assert Counter(p["role"] for p in PEOPLE.values() if p["base"]) == {
        "editor": 1,
        "reviewer": 2,
        "viewer": 1,
    }
    assert not any(PEOPLE[u]["role"] == "viewer" for c in CLAIMS for u in usernames(c))


@pytest.mark.parametrize("claim", CLAIMS, ids=named)
def test_status_has_what_it_needs(claim: Table) -> None:
    status = claim["status"]
    working = {"assigned", "researching"} | REPORTED
    assert ("assignee" in claim) == (status in working) or status == "on_hold"
    assert ("decline" in claim) == (status == "declined")
    assert ("hold" in claim) == (status == "on_hold")
    assert ("duplicate_of" in claim) == (status == "duplicate")
    assert ("retraction" in claim) == (status == "retracted")
    assert ("publish_in_days" in claim) == (status == "scheduled")
    assert ("published_on" in claim) == (status in PUBLIC)
    if status == "correcting":
        assert "published_on" not in claim["correction"]


def test_duplicates_point_at_claims_that_stay() -> None:
    by_key = {c["key"]: c for c in CLAIMS}
    for claim in CLAIMS:
        if target := claim.get("duplicate_of"):
            assert by_key[target]["status"] == "published"


@pytest.mark.parametrize("claim", REPORTS, ids=named)
def test_nobody_approves_or_publishes_what_they_wrote(claim: Table) -> None:
    assert claim["assignee"] != claim["second_reader"]
    assert PEOPLE[claim["second_reader"]]["role"] == "reviewer"
    for key in ("published_by", "scheduled_by"):
        assert claim.get(key) is None or PEOPLE[claim[key]]["role"] == "editor"
    if correction := claim.get("correction"):
        assert PEOPLE[correction["opened_by"]]["role"] == "editor"
        assert correction.get("published_by") != correction["opened_by"]
        assert correction.get("approved_by") not in {claim["assignee"], correction["opened_by"]}
    if retraction := claim.get("retraction"):
        assert retraction["proposed_by"] != retraction["confirmed_by"]


@pytest.mark.parametrize("claim", REPORTS, ids=named)
def test_report_is_written_out(claim: Table) -> None:
    for version, evidence in versions(claim):
        words = words_in(version["reasoning"])
        assert 150 <= words <= 300, words
        assert len(version["bullets"]) == 3
        assert version["rating"] in WORDS
        assert re.search(rf"\*\*{WORDS[version['rating']].lower()}\*\*", version["reasoning"])
        assert version["headline"] != claim["claim_reviewed"] and not version["headline"].endswith(".")
        assert len(version["headline"]) <= 130 and len(version["summary"]) <= 200
        assert len("\n".join(version.get("searched", {}).get("queries", []))) <= 500
        assert version["summary"].endswith(".") and version["summary"].count(". ") == 0
        known = {e["id"] for e in evidence}
        assert cited(version["reasoning"], *version["bullets"]) == known
        assert len(known) == len(evidence)


@pytest.mark.parametrize("claim", REPORTS, ids=named)
def test_report_passes_the_gates_on_sources(claim: Table) -> None:
    for version, evidence in versions(claim):
        assert any(e["kind"] == "primary" for e in evidence)
        assert len({e["origin"] for e in evidence}) >= 2
        missing = {"supports", "undermines"} - {e["stance"] for e in evidence}
        searched = version.get("searched")
        assert missing == ({searched["side"]} if searched else set())
        assert searched is None or len(searched["queries"]) >= 2


@pytest.mark.parametrize("claim", [c for c in CLAIMS if "evidence" in c], ids=named)
def test_evidence_is_well_formed(claim: Table) -> None:
    assert [e["id"] for e in claim["evidence"]] == list(range(1, len(claim["evidence"]) + 1))
    for item in claim["evidence"]:
        assert EVIDENCE_KEYS - set(item) <= {"since_version"} and set(item) <= EVIDENCE_KEYS
        assert item["stance"] in {"supports", "undermines", "context"}
        assert item["kind"] in {"primary", "secondary", "expert"}
        assert item["url"].startswith("https://") and item["url"].split("/")[2].endswith(".example.org")
        assert item["quote"] and item["title"] and item["publisher"]
        assert item["interests"] or item["kind"] != "expert"


@pytest.mark.parametrize("claim", REPORTS, ids=named)
def test_the_claimant_was_asked_in_time(claim: Table) -> None:
    for version, evidence in versions(claim):
        reply = version["reply"]
        assert reply["asked"] and reply["channel"]
        assert reply["asked_on"] < reply["deadline"]
        assert bool(reply["answer"]) == ("answered_on" in reply)
        if version is claim and "first_version" in claim:
            shown = claim["correction"]["published_on"]
        else:
            shown = version.get("published_on", dt.date(2026, 11, 23))
        assert reply["deadline"].date() <= shown
        assert reply.get("answered_on", reply["deadline"]).date() <= shown
        assert all(e["accessed"] <= shown for e in evidence)


def test_corrections_name_both_sides() -> None:
    corrected = {c["key"]: c for c in CLAIMS if "correction" in c}
    cargo, bill = corrected["record-cargo"], corrected["bill-310"]
    assert cargo["correction"]["old_rating"] == cargo["first_version"]["rating"]
    assert cargo["correction"]["new_rating"] == cargo["rating"]
    for change in bill["correction"]["replace"]:
        assert bill[change["field"]].count(change["old"]) == 1
        assert change["new"] not in bill[change["field"]]


def test_scale_has_five_levels_and_labels_without_numbers() -> None:
    assert [r["value"] for r in SCALE["levels"]] == [5, 4, 3, 2, 1]
    assert all("value" not in r for r in SCALE["off_scale"])
    assert all(len(r["definition"].split()) >= 12 for r in SCALE["levels"] + SCALE["off_scale"])


def test_policy_pages_exist_and_say_that_they_are_demo() -> None:
    assert {p["kind"] for p in DESK["pages"]} == {"methodology", "corrections-policy", "about", "funding"}
    for page in DESK["pages"]:
        text = (DEMO / page["file"]).read_text(encoding="utf-8")
        assert text.startswith(f"# {page['title']}\n")
        assert "demonstration text" in text
