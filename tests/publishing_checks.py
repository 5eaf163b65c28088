"""The 46 acceptance checks of publishing, and the tests that make each.

A test belongs to a check when its docstring begins with the number ("Check 13: …") or when it is named here. It then
carries the marker ``publishing``. ``python -m tests.publishing_checks`` runs them and prints the table.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from typing import Any

import pytest

from tests import leftout

TITLES = {
    1: "Markup of public pages has no errors",
    2: "Report passes axe at 360 and 1280 px, light and dark; verdict is a word",
    3: "Everything is readable without script",
    4: "Sections in order; citations lead to sources and back",
    5: "Each source shows kind, stance, day and one confirmed archive state",
    6: "Right of reply is told as it is recorded",
    7: "Drafts are nowhere",
    8: "A report is read by keyboard alone",
    9: "Under 200 kB, no third party, the largest thing is text",
    10: "On paper: addresses of sources, no menus",
    11: "Language and direction follow the report",
    12: "Hostile texts stay texts; the JSON-LD still parses",
    13: "Exactly one ClaimReview on a report, none elsewhere",
    14: "validate_claimreview passes what is published, fails the invalid fixtures",
    15: "Seven sabotages are seen",
    16: "Off the scale there are no numbers",
    17: "Markup says what the page says",
    18: "claimreview.jsonld equals the page's block; type, CORS, ETag",
    19: "Retracted: none; changed verdict: later date and correction",
    20: "Google's page resource; push ends not_configured and sends nothing",
    21: "DataFeed round trip",
    22: "Nasty import: the good comes in, the bad is put aside, memory flat",
    23: "Each gate refuses on every path and names its remedy",
    24: "Nobody approves their own; an edit voids the approval",
    25: "One origin blocks; an exception is printed",
    26: "A machine neither sets nor approves a verdict",
    27: "Feeds are valid",
    28: "Ids stay; dates move for corrections only",
    29: "304, gzip, newest first, pages of 50",
    30: "Corrections feed is exactly the log",
    31: "Sitemaps: only 200, no drafts; news of two days",
    32: "Exports have the ids of the list; formulas neutralised; streams",
    33: "PDF is tagged, titled, readable, fonts embedded",
    34: "The file opens without a network",
    35: "Web annotations find the very words",
    36: "Provenance: one publication a version, no addresses",
    37: "OpenAPI validates; the API never answers 5xx",
    38: "No silent change; direct edits are found",
    39: "A new verdict shows on every surface",
    40: "A withdrawal shows on every surface; webhook signed, replay same id",
    41: "History shows exactly what changed",
    42: "Error form: no script, limits, receipt, due date, reason for a rejection",
    43: "Corrections policy is linked and names the complaint route",
    44: "Embed in a foreign frame; the report refuses it",
    45: "oEmbed",
    46: "Tags for sharing and the card",
}
# Tests that stand elsewhere, by the end of their path and their name.
ELSEWHERE = {
    7: ["web/test_public.py::test_drafts_are_nowhere"],
    12: ["web/test_public.py::test_text_of_others_cannot_become_markup",
         "publishing/test_claimreview.py::test_no_text_breaks_out_of_the_script_element",
         "publishing/test_markdown.py::test_hostile_markdown_is_harmless"],
    15: ["publishing/test_linter.py::test_sabotage_is_seen"],
    22: ["publishing/test_importing.py::test_nasty_feed_gives_the_good_and_puts_the_bad_aside",
         "publishing/test_importing.py::test_memory_stays_flat_on_a_feed_of_tens_of_megabytes",
         "domain/test_imports.py::test_a_file_is_counted_and_what_cannot_be_used_is_kept_with_its_reason",
         "domain/test_imports.py::test_what_was_brought_in_is_not_public"],
    23: ["domain/test_gates.py::test_a_gate_that_fails_refuses_and_says_how_to_mend_it",
         "domain/test_gates.py::test_every_demand_of_the_codes_has_a_gate"],
    24: ["domain/test_gates.py::test_nobody_approves_what_they_wrote",
         "domain/test_gates.py::test_an_edit_voids_the_approval"],
    25: ["domain/test_gates.py::test_one_origin_is_excepted_in_the_open"],
    26: ["domain/test_gates.py::test_a_machine_neither_sets_nor_approves_a_verdict"],
    27: ["publishing/test_feeds.py::test_atom_is_valid", "publishing/test_feeds.py::test_rss",
         "publishing/test_feeds.py::test_json_feed"],
    32: ["publishing/test_tables.py::test_no_cell_is_run_as_a_formula",
         "publishing/test_tables.py::test_rows_come_as_they_are_read"],
    33: ["publishing/test_pdf.py::test_tagged_as_pdf_ua", "publishing/test_pdf.py::test_metadata",
         "publishing/test_pdf.py::test_words_addresses_version_and_order",
         "publishing/test_pdf.py::test_every_font_is_embedded",
         "publishing/test_pdf.py::test_other_scripts_are_set_in_fonts_that_have_them"],
    35: ["publishing/test_exports.py::test_both_selectors_find_the_same_words"],
    36: ["publishing/test_exports.py::test_provenance_has_one_publication_per_version_and_no_address_of_a_person"],
    37: ["api/test_main_job.py::test_schema_is_whole", "api/test_problems.py", "api/test_schema.py"],
    38: ["models/test_database_guards.py::test_history_cannot_be_changed_or_removed",
         "web/test_public.py::test_correction_shows_everywhere"],
    42: ["web/test_reader_messages.py"],
    44: ["web/test_public.py::test_embed_may_be_framed_and_the_report_may_not"],
    46: ["publishing/test_sharecard.py"],
}  # fmt: skip
# What cannot be had, and what stands in its place.
NOTES = {
    1: "without vnu.jar nothing is checked",
    22: "200 MB: python -m benchmarks.exports --import-mb 200",
    27: "feedsmith and the W3C's validator of feeds are not used; the grammar of Atom is checked by libxml2, and by jing",
    32: "10,000 rows: python -m benchmarks.exports",
}
_NUMBER = re.compile(r"\s*Checks? (\d+(?:(?:, | and )\d+)*)\b")


def numbers_of(item: pytest.Item) -> list[int]:
    """The checks that a test belongs to."""
    doc = getattr(getattr(item, "function", None), "__doc__", None) or ""
    said = _NUMBER.match(doc)
    found = {int(number) for number in re.findall(r"\d+", said[1])} if said else set()
    plain = item.nodeid.split("[")[0]
    for number, names in ELSEWHERE.items():
        if any(plain.endswith(name) or ("::" not in name and f"/{name}::" in f"/{plain}") for name in names):
            found.add(number)
    return sorted(found)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each of these tests the marker, before any are taken out."""
    for item in items:
        if found := numbers_of(item):
            item.add_marker(pytest.mark.publishing(*found))
    table = config.stash.get(TABLE, None)
    if table is not None:
        table.collected(items)


class Table:
    """What became of each check."""

    def __init__(self) -> None:
        self.tests: dict[str, list[int]] = {}
        self.out: dict[int, set[str]] = defaultdict(set)
        self.results: dict[int, dict[str, str]] = defaultdict(dict)

    def collected(self, items: list[pytest.Item]) -> None:
        """Remember which test belongs where, and which cannot run here and why."""
        absent = leftout.reasons()
        for item in items:
            numbers = numbers_of(item)
            why = leftout.lacking(item) or next(
                (reason for marker, reason in absent.items() if item.get_closest_marker(marker)), ""
            )
            for number in numbers if why else []:
                self.out[number].add(why)
            if numbers and not why:
                self.tests[item.nodeid] = numbers

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Worst outcome of each test."""
        for number in self.tests.get(report.nodeid, []):
            before = self.results[number].get(report.nodeid, "passed")
            if report.failed:
                self.results[number][report.nodeid] = "failed"
            elif report.skipped:
                self.results[number][report.nodeid] = "skipped"
                self.out[number].add(str(report.longrepr[-1]) if report.longrepr else "skipped")
            else:
                self.results[number].setdefault(report.nodeid, before)

    def state(self, number: int) -> str:
        """``passed``, ``FAILED``, ``left out`` or ``NO TEST``."""
        outcomes = set(self.results[number].values())
        if "failed" in outcomes:
            return "FAILED"
        if "passed" in outcomes:
            return "passed"
        return "left out" if self.out[number] else "NO TEST"

    def lines(self) -> list[str]:
        """The table as text."""
        written = []
        for number, title in TITLES.items():
            state, count = self.state(number), len(self.results[number])
            written.append(f"{number:>2}  {state:<8}  {count:>3} tests  {title}")
            written += [f"{'':28}not run: {why}" for why in sorted(self.out[number])]
            if number in NOTES:
                written.append(f"{'':28}note: {NOTES[number]}")
            written += [
                f"{'':28}failed: {name}" for name, how in self.results[number].items() if how == "failed"
            ]
        return written


TABLE: pytest.StashKey[Table] = pytest.StashKey()


class _Runner:
    """Hands the table to the run, so that it can follow it."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[TABLE] = self.table


def main(arguments: list[str]) -> int:
    """Run all 46 and print the table; 0 when each passed or is left out with its reason."""
    table = Table()
    os.environ["CHECK_PUBLISHING"] = "1"
    wanted = ["-q", "-p", "no:randomly", "-m", "publishing", "--no-header", "--tb=short", "tests", *arguments]
    code = int(pytest.main(wanted, plugins=[_Runner(table), table]))
    states = [table.state(number) for number in TITLES]
    print("\nThe 46 acceptance checks of publishing:\n")
    print("\n".join(table.lines()))
    counts = ", ".join(
        f"{states.count(state)} {state}" for state in ("passed", "left out", "FAILED", "NO TEST")
    )
    print(f"\n{counts}")
    return 1 if {"FAILED", "NO TEST"} & set(states) or code not in (0, 5) else 0


if __name__ == "__main__":
    # The plugin of the suite is this module under its own name; what runs here is another copy of it.
    from tests import publishing_checks

    sys.exit(publishing_checks.main(sys.argv[1:]))
