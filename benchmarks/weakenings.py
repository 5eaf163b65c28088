"""Deliberately weakened builds, one replaced line each, and the test that has to notice: data for ``benchmarks.weakened``.

Numbers are those of the project's acceptance list, parts B to D. A weakening says what an attacker or a careless
change would take away; where two guards stand behind each other, each is taken away by itself or both together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weakening:
    """One replaced piece of code and the tests of which at least one must fail."""

    number: int
    promise: str
    taken_away: str
    file: str
    old: str
    new: str
    test: str


def _w(number: int, promise: str, taken_away: str, file: str, old: str, new: str, test: str) -> Weakening:
    return Weakening(number, promise, taken_away, file, old, new, test)


_DOOR, _GUARDS = "claims/domain/transitions.py", "claims/workflow/guards.py"
_TRIGGERS, _AUDIT = "claims/migrations/0002_triggers.py", "claims/domain/audit.py"
_DB, _LEAKS = "tests/models/test_database_guards.py", "tests/web/test_leaks.py"
_PRINTED = "tests/domain/test_what_reports_print.py"
_NOTES = "tests/domain/test_public_notes.py"
_MEET = (
    "tests/web/test_two_at_a_record.py::test_the_second_to_save_sees_both_texts_and_overwrites_only_knowingly"
)

WEAKENINGS: tuple[Weakening, ...] = (
    _w(19, "of two who press at once one gets 409", "the version that was seen is not compared",
       _DOOR, "    if claim.version != version:\n", "    if False:\n",
       "tests/domain/test_transitions.py::test_stale_version_is_a_conflict_with_the_present_state"),
    _w(20, "whatever is pressed, the rules hold", "the guard that keeps authors from approving",
       "claims/workflow/table.py", '("never_wrote", "no_conflict_declared",', '("no_conflict_declared",',
       "tests/races/test_workflow_machine.py"),
    _w(21, "each cell answers as the tables say", "the door does not ask the relation to the claim",
       _DOOR, "        if here & set(row.who):\n            return row\n", "        if True:\n            return row\n",
       "tests/architecture/test_permits_on_claims.py::test_each_cell_answers_as_the_tables_say"),
    _w(21, "each address opens at the rung of its row", "verbs do not ask the relation to the claim",
       "claims/workflow/permits.py", "status in row.statuses and relations & set(row.who)", "status in row.statuses",
       "tests/architecture/test_permits_on_claims.py::test_each_cell_answers_as_the_tables_say"),
    _w(22, "one order of changes explains all answers", "the version that was seen is not compared",
       _DOOR, "    if claim.version != version:\n", "    if False:\n",
       "tests/races/test_history.py::test_one_order_of_changes_explains_what_everybody_was_told"),
    _w(23, "nobody overwrites what they have not seen", "sources are saved over others' changes",
       "claims/domain/evidence.py", "    marks.require(item, seen)\n", "", f"{_MEET}[source]"),
    _w(23, "nobody overwrites what they have not seen", "the record of the reply is saved over others' changes",
       "claims/domain/verdicts.py",
       'marks.require(RightOfReply.objects.select_related("saved_by").filter(claim=claim).first(), seen)', "pass",
       f"{_MEET}[reply]"),
    _w(23, "nobody overwrites what they have not seen", "findings on pictures are saved over others' changes",
       "claims/domain/media.py",
       'marks.require(MediaFinding.objects.select_related("saved_by").filter(claim=claim).first(), seen)', "pass",
       f"{_MEET}[picture]"),
    _w(23, "nobody overwrites what they have not seen", "the revision of a verdict is not compared",
       "claims/domain/verdicts.py", "if revision != (present.revision if present else 0):", "if False:",
       "tests/api/test_preconditions.py::test_verdict_reply_evidence_and_article_have_tags_of_their_own"),
    _w(24, "a repeated request has one effect", "keys of requests are passed over",
       "claims/api/views/base.py", "        if key is None:\n", "        if True:\n",
       "tests/api/test_idempotency.py::test_replay_has_one_effect_and_the_same_answer"),
    _w(25, "authors never approve", "the guard does not look at who wrote",
       _GUARDS, "    if not facts.actor_wrote:\n", "    if True:\n",
       "tests/domain/test_transitions.py::test_author_cannot_approve"),
    _w(25, "authors never approve", "the database's trigger on approvals",
       _TRIGGERS, '"WHEN EXISTS (SELECT 1 FROM claims_authorship WHERE claim_id = NEW.claim_id AND person_id = NEW.person_id) "',
       '"WHEN 0 "', f"{_DB}::test_author_cannot_be_inserted_as_approver"),
    _w(25, "no way leads an author to an approval", "the guard does not look at who wrote",
       _GUARDS, "    if not facts.actor_wrote:\n", "    if True:\n",
       "tests/flows/test_four_eyes.py::test_no_way_leads_an_author_to_an_approval[api]"),
    _w(25, "nobody leads themselves round four eyes", "a topic changed in review makes nobody an author",
       "claims/domain/claims.py", "    if claim.status == ClaimStatus.IN_REVIEW or conflict:\n", "    if False:\n",
       f"{_PRINTED}::test_another_topic_does_not_lead_round_a_declared_conflict"),
    _w(25, "nobody leads themselves round four eyes", "a conflict that was taken back ends with the topic",
       "claims/domain/claims.py", " or people.took_back(actor.pk, claim)\n", "\n",
       f"{_PRINTED}::test_nor_do_both_together"),
    _w(25, "nobody leads themselves round four eyes", "who made an exception may be the one who agrees to it",
       _GUARDS, "    if not excepted:\n", "    if True:\n",
       f"{_PRINTED}::test_nobody_approves_an_exception_that_only_they_made"),
    _w(25, "a public note needs two people where the desk asks so", "words that only their publisher has read go out",
       _GUARDS, "    if not facts.note or facts.note_read_by_another or not facts.note_needs_two:\n", "    if True:\n",
       f"{_NOTES}::test_a_note_that_one_person_alone_has_read_does_not_go_out"),
    _w(25, "a public note needs two people where the desk asks so", "a proposal counts for whatever words are published",
       "claims/domain/public_notes.py", "    if note is None or note.text != text:\n", "    if note is None:\n",
       f"{_NOTES}::test_a_note_that_one_person_alone_has_read_does_not_go_out"),
    _w(26, "history is only added to", "the triggers against DELETE",
       _TRIGGERS, 'for verb in ("UPDATE", "DELETE"):', 'for verb in ("UPDATE",):',
       f"{_DB}::test_history_cannot_be_changed_or_removed"),
    _w(27, "a changed row is named", "hashes are not computed anew",
       _AUDIT, "    if hashlib.sha256(canonical(event)).hexdigest() != event.hash:\n", "    if False:\n",
       "tests/domain/test_audit.py::test_changed_row_is_named"),
    _w(27, "a cut tail shows against the head kept outside", "that head is not looked for",
       _AUDIT, "    if not known.issuperset(kept):\n", "    if False:\n",
       "tests/domain/test_audit.py::test_cut_tail_with_its_seal_shows_against_the_head_kept_outside"),
    _w(30, "no draft reaches a stranger", "articles are public before a report of theirs is",
       "claims/models/article.py", "return self.filter(models.Exists(public))", "return self.all()",
       f"{_LEAKS}::test_no_draft_and_no_note_reaches_a_stranger"),
    _w(31, "one's own things are one's own", "a sheet is found for everybody",
       "claims/domain/claim_sheets.py",
       "    if Role.EDITOR not in people.roles(actor):\n        rows = rows.filter(brought_by=actor)\n", "",
       "tests/web/test_import.py::test_a_sheet_is_its_owners_and_the_editors"),
    _w(32, "guessed addresses find no draft", "articles are public before a report of theirs is",
       "claims/models/article.py", "return self.filter(models.Exists(public))", "return self.all()",
       "tests/architecture/test_addresses.py::test_what_is_not_published_is_not_there"),
    _w(33, "a draft moves no public count", "the public list shows every article",
       "claims/web/views/public.py", '"articles": listing.articles_of(part.rows)', '"articles": list(Article.objects.all())',
       f"{_LEAKS}::test_a_draft_changes_no_public_page"),
    _w(34, "a withdrawn report is gone from every surface", "withdrawn reports count as standing",
       "claims/models/report.py", "return self.public().filter(retracted_at__isnull=True)", "return self.public()",
       "tests/web/test_public.py::test_retraction_reaches_every_surface_and_the_page_stays"),
    _w(35, "no request reaches an inner address", "Python's is_global alone decides",
       "claims/integrations/addresses.py", "ip.is_global and not any(ip in block for block in _DENIED_V4)", "ip.is_global",
       "tests/integrations/test_http_guard.py::test_no_row_of_the_table_reaches_the_victim_by_any_path"),
    _w(36, "huge answers are cut off", "bytes are not counted while they are unpacked",
       "claims/integrations/decoding.py", "        if self._size > self._limit or swollen:\n", "        if False:\n",
       "tests/integrations/test_http_limits.py::test_a_bomb_is_not_unpacked"),
    _w(37, "file bombs are not unpacked", "a Word file's parts are read at whatever size",
       "claims/integrations/readers/docx.py", "MAX_MEMBER_BYTES = 20_000_000", "MAX_MEMBER_BYTES = 20_000_000_000",
       "tests/integrations/test_article.py::test_a_word_bomb_is_refused_for_what_it_is_and_not_for_what_it_unpacks_to"),
    _w(37, "file bombs are not unpacked", "an import unpacks without a limit",
       "claims/domain/imports.py", "if limits is not None and jsonstream.larger_than(", "if False and jsonstream.larger_than(",
       "tests/api/test_desk.py::test_what_unpacks_to_more_than_its_size_is_not_brought_in"),
    _w(38, "hostile text costs no more than its length", "elements without an end are looked through one after the other",
       "claims/publishing/jsonstream.py", "            if endless >= MOST_ENDLESS:\n", "            if False:\n",
       "tests/publishing/test_importing.py::test_a_file_of_nothing_but_beginnings_is_left_early"),
    _w(39, "words never run", "Markdown may hold HTML",
       "claims/publishing/markdown.py",
       '"html": False, "linkify": False}).enable(["table", "strikethrough"])\n    parser.disable(["image", "reference", "html_block", "html_inline"])',
       '"html": True, "linkify": False}).enable(["table", "strikethrough"])\n    parser.disable(["image", "reference"])',
       "tests/publishing/test_markdown.py::test_typed_html_is_shown_as_it_was_typed"),
    _w(40, "every answer carries the headers", "the policy lets inline scripts run",
       "factcheck/settings.py", '"script-src": [SELF],', '"script-src": [SELF, "\'unsafe-inline\'"],',
       "tests/architecture/test_headers.py::test_every_answer_carries_them"),
    _w(41, "no cell is run as a formula", "only an equals sign counts as one",
       "claims/publishing/exports/tables.py", 'value.lstrip(" \\n").startswith(_FORMULA)', 'value.startswith("=")',
       "tests/publishing/test_tables.py::test_no_cell_is_run_as_a_formula"),
    _w(42, "odd bytes are answered", "a NUL in an address reaches the query",
       "claims/web/middleware.py", '    if "\\x00" in request.path_info:\n', "    if False:\n",
       f"{_LEAKS}::test_a_nul_reaches_no_query"),
    _w(43, "the schema is kept by every answer", "a claim says nothing of the progress of its steps",
       "claims/api/outputs.py", "        return dict(Progress(progress(claim)).data)", "        return {}",
       "tests/api/test_schema.py::test_no_made_up_request_finds_a_fault[editor]"),
    _w(44, "no field is set that is not meant to be", "unknown fields are passed over",
       "claims/api/inputs.py", "                if name not in self.fields\n            }", "                if False\n            }",
       "tests/api/test_schema.py::test_no_field_of_a_row_can_be_set_that_is_not_meant_to"),
)  # fmt: skip
