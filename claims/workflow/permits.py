"""Who may do everything that is not a move: one row per address, per verb on a claim, per table of the administration.

``table.py`` beside it holds the moves. An address without a row is refused when it is asked for, and fails the build.

``who`` is a role, which includes the roles above it, or ``everyone``. What lies behind an address may ask for more (the
door for a move, ``CLAIM_VERBS`` for writing on a claim, the owner for one's own key); it never asks for less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.enums import ClaimStatus as S
from claims.enums import Role

EVERYONE = "everyone"
VIEWER, REVIEWER, EDITOR = Role.VIEWER.value, Role.REVIEWER.value, Role.EDITOR.value
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Permit:
    """One address by its name: for each method that it answers, who may ask."""

    name: str
    who: Mapping[str, str] = field(default_factory=dict)

    def answers(self, method: str) -> bool:
        """Whether the address knows this method at all."""
        return method in self.who or method == "OPTIONS" or (method == "HEAD" and "GET" in self.who)

    def needed(self, method: str) -> str:
        """The role for this method. One that the address does not answer needs what reading it needs."""
        if method in self.who:
            return self.who[method]
        if "GET" in self.who and method not in {"POST", "PUT", "PATCH", "DELETE"}:
            return self.who["GET"]
        return self.who.get("GET") or next(iter(self.who.values()), EDITOR)


def _open(*names: str) -> list[Permit]:
    return [Permit(name, {"GET": EVERYONE}) for name in names]


def _row(name: str, **who: str) -> Permit:
    return Permit(name, who)


ADDRESSES: tuple[Permit, ...] = (
    # --- the public site -----------------------------------------------------------------------------------------
    *_open(
        "home", "reports", "report", "report-version", "report-history", "report-jsonld", "report-card", "embed",
        "oembed", "articles-public", "article-public", "page", "corrections", "feed-atom", "feed-rss", "feed-json",
        "feed-corrections", "sitemap", "sitemap-pages", "sitemap-reports", "news-sitemap", "robots", "healthz", "readyz", "report-file", "reports-export",
        "article-annotations",
    ),
    _row("theme", POST=EVERYONE),
    _row("report-error", GET=EVERYONE, POST=EVERYONE),
    *_open("message-receipt", "topics", "speakers", "speaker", "outlets", "outlet"),
    # --- coming in -----------------------------------------------------------------------------------------------
    _row("login", GET=EVERYONE, POST=EVERYONE),
    _row("login-second", GET=EVERYONE, POST=EVERYONE),
    *_open("security-txt", "login-provider", "login-provider-back"),
    _row("login-passkey", POST=EVERYONE),
    _row("login-passkey-begin", POST=EVERYONE),
    _row("logout", POST=EVERYONE),
    _row("password_reset", GET=EVERYONE, POST=EVERYONE),
    _row("password_reset_confirm", GET=EVERYONE, POST=EVERYONE),
    _row("invitation", GET=EVERYONE, POST=EVERYONE),
    *_open("password_reset_done", "password_reset_complete"),
    # --- one's own account ---------------------------------------------------------------------------------------
    _row("account", GET=VIEWER, POST=VIEWER),
    _row("password_change", GET=VIEWER, POST=VIEWER),
    _row("checking", GET=REVIEWER, POST=REVIEWER),
    _row("conflict-declare", POST=REVIEWER),
    _row("conflict-withdraw", POST=REVIEWER),
    _row("second-step", GET=VIEWER, POST=VIEWER),
    _row("provider", GET=VIEWER, POST=VIEWER),
    _row("proof", GET=VIEWER, POST=VIEWER),
    _row("proof-begin", POST=VIEWER),
    _row("passkey-add", GET=VIEWER, POST=VIEWER),
    _row("passkey-begin", POST=VIEWER),
    _row("passkey-remove", POST=VIEWER),
    _row("recovery-codes", POST=VIEWER),
    _row("session-end", POST=VIEWER),
    _row("token-new", POST=VIEWER),
    _row("token-revoke", POST=VIEWER),
    _row("notices", GET=VIEWER, POST=VIEWER),
    _row("notice-choices", GET=VIEWER, POST=VIEWER),
    _row("notice-read", POST=VIEWER),
    _row("keys", GET=VIEWER, POST=VIEWER),
    # --- the desk: lists -----------------------------------------------------------------------------------------
    _row("my-work", GET=VIEWER),
    _row("claims", GET=VIEWER),
    _row("claims-together", GET=VIEWER, POST=REVIEWER),
    _row("claims-download", GET=VIEWER),
    *(_row(f"{kind}-download", GET=VIEWER) for kind in ("articles", "library", "readers")),
    _row("saved-lists", GET=VIEWER, POST=VIEWER),
    _row("saved-list-remove", POST=VIEWER),
    _row("board", GET=VIEWER),
    _row("steps-overview", GET=VIEWER),
    _row("wellbeing", GET=EDITOR),
    _row("step-dead", POST=REVIEWER),
    _row("steps-failed-again", POST=REVIEWER),
    _row("service-limit", POST=EDITOR),
    _row("reader-messages", GET=VIEWER),
    _row("reader-message", GET=VIEWER, POST=REVIEWER),
    _row("reader-correct", POST=EDITOR),
    _row("library", GET=VIEWER),
    _row("document-new", GET=REVIEWER, POST=REVIEWER),
    _row("document", GET=VIEWER, POST=REVIEWER),
    _row("document-file", GET=VIEWER),
    _row("document-decide", POST=REVIEWER),
    _row("task", GET=VIEWER, POST=REVIEWER),
    _row("insight", GET=VIEWER),
    _row("insight-table", GET=VIEWER),
    # --- articles ------------------------------------------------------------------------------------------------
    _row("articles", GET=VIEWER),
    _row("article-new", GET=REVIEWER, POST=REVIEWER),
    _row("import", GET=REVIEWER, POST=REVIEWER),
    _row("import-sheet", GET=REVIEWER, POST=REVIEWER),
    _row("article", GET=VIEWER),
    _row("article-about", GET=REVIEWER, POST=REVIEWER),
    _row("article-original", GET=VIEWER),
    _row("article-live", GET=VIEWER),
    _row("article-statements", GET=VIEWER),
    _row("article-supply", POST=REVIEWER),
    _row("article-bring-back", POST=REVIEWER),
    _row("article-retry", POST=REVIEWER),
    _row("article-steps-again", POST=REVIEWER),
    _row("claim-add", GET=REVIEWER, POST=REVIEWER),
    # --- one claim -----------------------------------------------------------------------------------------------
    _row("claim", GET=VIEWER),
    _row("claim-explain", GET=VIEWER),
    _row("claim-history", GET=VIEWER),
    _row("claim-preview", GET=VIEWER, POST=VIEWER),
    _row("claim-words", GET=REVIEWER, POST=REVIEWER),
    _row("claim-split", GET=REVIEWER, POST=REVIEWER),
    _row("claim-details", GET=VIEWER, POST=REVIEWER),
    _row("claim-cell", GET=REVIEWER, POST=REVIEWER),
    _row("comment-add", GET=VIEWER, POST=REVIEWER),
    _row("claim-checklist", POST=REVIEWER),
    _row("claim-bundle", POST=EDITOR),
    _row("claim-media", GET=REVIEWER, POST=REVIEWER),
    _row("claim-note", GET=REVIEWER, POST=REVIEWER),
    _row("second-rating", POST=REVIEWER),
    _row("second-reader", GET=REVIEWER, POST=REVIEWER),
    _row("comment-done", POST=REVIEWER),
    _row("evidence-order", POST=REVIEWER),
    _row("verdict-save", POST=REVIEWER),
    _row("reply-save", GET=REVIEWER, POST=REVIEWER),
    _row("reply-again", GET=REVIEWER, POST=REVIEWER),
    _row("reply-entry", GET=REVIEWER, POST=REVIEWER),
    _row("claim-ready", GET=VIEWER),
    _row("claim-here", POST=VIEWER),
    _row("gate-exception", GET=VIEWER, POST=EDITOR),
    _row("review", GET=VIEWER),
    _row("evidence-add", GET=REVIEWER, POST=REVIEWER),
    _row("evidence-change", GET=REVIEWER, POST=REVIEWER),
    _row("evidence-take-back", GET=REVIEWER, POST=REVIEWER),
    _row("evidence-move", POST=REVIEWER),
    _row("claim-steps", GET=VIEWER),
    _row("claim-steps-again", POST=REVIEWER),
    _row("step-again", POST=REVIEWER),
    _row("step-cancel", POST=REVIEWER),
    _row("transition", POST=REVIEWER),
    _row("move", GET=REVIEWER, POST=REVIEWER),
    # --- what editors look after ---------------------------------------------------------------------------------
    _row("people", GET=EDITOR, POST=EDITOR),
    _row("person-change", POST=EDITOR),
    _row("person-checking", GET=EDITOR, POST=EDITOR),
    _row("second-step-away", POST=EDITOR),
    _row("settings", GET=EDITOR, POST=EDITOR),
    _row("settings-page", GET=EDITOR, POST=EDITOR),
    _row("settings-scale", GET=EDITOR, POST=EDITOR),
    _row("settings-checklists", GET=EDITOR, POST=EDITOR),
    _row("settings-checklist", GET=EDITOR, POST=EDITOR),
    _row("settings-reasons", GET=EDITOR, POST=EDITOR),
    _row("settings-due", GET=EDITOR, POST=EDITOR),
    _row("receivers", GET=EDITOR, POST=EDITOR),
    _row("receiver", GET=EDITOR, POST=EDITOR),
    _row("receiver-change", POST=EDITOR),
    _row("delivery-replay", POST=EDITOR),
    # --- the API -------------------------------------------------------------------------------------------------
    *_open(
        "api-schema", "api-browse", "api-report-list", "api-report-detail", "api-report-version", "api-report-versions",
    ),
    # An address that the API does not know, told in the API's own form.
    _row("api-nowhere", GET=EVERYONE, POST=EVERYONE, PUT=EVERYONE, PATCH=EVERYONE, DELETE=EVERYONE),
    _row("api-article-list", GET=VIEWER, POST=REVIEWER),
    _row("api-article-detail", GET=VIEWER, PATCH=REVIEWER),
    _row("api-article-statements", GET=VIEWER),
    _row("api-article-upload", POST=REVIEWER),
    _row("api-article-retry", POST=REVIEWER),
    _row("api-article-text", POST=REVIEWER),
    _row("api-claim-list", GET=VIEWER, POST=REVIEWER),
    _row("api-claim-detail", GET=VIEWER, PATCH=REVIEWER),
    _row("api-claim-assign", POST=REVIEWER),
    _row("api-claim-assignments", GET=VIEWER),
    _row("api-claim-bulk-assign", POST=REVIEWER),
    _row("api-claim-bulk-move", POST=REVIEWER),
    _row("api-claim-comments", GET=VIEWER, POST=REVIEWER),
    _row("api-claim-evidence", GET=VIEWER, POST=REVIEWER),
    _row("api-claim-gates", GET=VIEWER, POST=EDITOR),
    _row("api-claim-history", GET=VIEWER),
    _row("api-claim-matches", GET=VIEWER),
    _row("api-claim-correction-note", GET=VIEWER, PUT=REVIEWER),
    _row("api-claim-retraction-note", GET=VIEWER, PUT=REVIEWER),
    _row("api-claim-reply", GET=VIEWER, PUT=REVIEWER),
    _row("api-claim-media", GET=VIEWER, PUT=REVIEWER, DELETE=REVIEWER),
    _row("api-claim-revisions", GET=VIEWER),
    _row("api-claim-second-rating", POST=REVIEWER),
    _row("api-claim-split", POST=REVIEWER),
    _row("api-claim-steps", GET=VIEWER),
    _row("api-claim-transitions", GET=VIEWER, POST=REVIEWER),
    _row("api-claim-verdict", GET=VIEWER, PUT=REVIEWER),
    _row("api-assignment-list", GET=VIEWER),
    _row("api-rating-list", GET=VIEWER),
    _row("api-speaker-list", GET=VIEWER),
    _row("api-speaker-detail", GET=VIEWER),
    _row("api-token-list", GET=VIEWER),
    _row("api-token-detail", DELETE=VIEWER),
    _row("api-evidence-list", GET=VIEWER),
    _row("api-evidence-detail", GET=VIEWER, PATCH=REVIEWER, DELETE=REVIEWER),
    _row("api-export-claims", GET=VIEWER),
    _row("api-import-list", GET=VIEWER, POST=EDITOR),
    _row("api-import-detail", GET=VIEWER),
    _row("api-claim-sheet-list", GET=REVIEWER),
    _row("api-claim-sheet-upload", POST=REVIEWER),
    _row("api-claim-sheet-detail", GET=REVIEWER),
    _row("api-claim-sheet-look", POST=REVIEWER),
    _row("api-claim-sheet-make", POST=REVIEWER),
    _row("api-insight-figures", GET=VIEWER),
    _row("api-webhook-list", GET=EDITOR, POST=EDITOR),
    _row("api-webhook-detail", GET=EDITOR, PATCH=EDITOR),
    _row("api-webhook-secret", POST=EDITOR),
    _row("api-webhook-test", POST=EDITOR),
    _row("api-webhook-deliveries", GET=EDITOR),
    _row("api-webhook-delivery", GET=EDITOR),
    _row("api-webhook-again", POST=EDITOR),
    _row("api-step-list", GET=VIEWER),
    _row("api-step-detail", GET=VIEWER),
    _row("api-step-rerun", POST=REVIEWER),
    _row("api-step-cancel", POST=REVIEWER),
    _row("api-person-list", GET=VIEWER),
    _row("api-person-me", GET=VIEWER),
    _row("api-report-errors", POST=EVERYONE),
    _row("api-reader-message-list", GET=VIEWER),
    _row("api-reader-message-detail", GET=VIEWER),
    _row("api-reader-message-answer", POST=REVIEWER),
)  # fmt: skip


# What opens or closes doors, and what loosens a gate for everybody: asked only of somebody who has proved a short while
# ago (``settings.PROOF_MINUTES``) who they are, by password, code or passkey. Whoever sits down at an open browser, or
# has taken over a session, does none of it. Keys to the API prove themselves with each request. ``password_change`` and
# ``provider`` are not here since both ask for the present password each time.
PROVEN: Mapping[str, frozenset[str]] = {
    **{
        name: frozenset({"POST"})
        for name in (
            "proof",
            # Ways into one's own account.
            "passkey-begin", "passkey-add", "passkey-remove", "recovery-codes", "token-new",
            # People, their roles and their ways in.
            "people", "person-change", "second-step-away",
            # What reports rest on: who rates unseen, what a rating means, what has to be ticked, who is told first.
            "settings", "settings-scale", "settings-checklists", "settings-checklist", "receivers", "receiver",
            "receiver-change",
            "api-webhook-list", "api-webhook-secret", "api-webhook-test",
        )
    },
    # Looking at it shows the secret that the app is about to be given: read over a shoulder it would open the account later.
    "second-step": frozenset({"GET", "POST"}),
    "api-webhook-detail": frozenset({"PATCH"}),
    # The administration's tables, by what their addresses begin with: switches, machine accounts, conflicts of interest.
    **{
        f"admin:claims_{table}_{page}": frozenset({"POST"})
        for table in ("desksettings", "profile", "conflict")
        for page in ("add", "change", "changelist", "delete")
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimVerb:
    """Writing on a claim without moving it: in which statuses, and by whom in the words of ``table.py``."""

    name: str
    statuses: frozenset[S]
    who: tuple[str, ...]


_ALL = frozenset(S)
CLAIM_VERBS: tuple[ClaimVerb, ...] = (
    # Verdict, evidence, right of reply.
    ClaimVerb("write", S.writable(), ("assignee", "editor")),
    # The wording, the span, speaker and date; splitting.
    ClaimVerb("reword", frozenset({S.NEW}), ("reviewer",)),
    ClaimVerb("reword", S.writable() | {S.ON_HOLD}, ("assignee", "editor")),
    # Due day, priority, tags.
    ClaimVerb("details", _ALL, ("assignee", "editor")),
    ClaimVerb("comment", _ALL, ("reviewer",)),
    # The note to readers, while a correction is being made or a retraction is proposed.
    ClaimVerb(
        "propose_note", frozenset({S.CORRECTING, S.PUBLISHED}), ("assignee", "second_reader", "editor")
    ),
    ClaimVerb("except_gate", _ALL, ("editor",)),
    ClaimVerb("rerun_steps", _ALL, ("reviewer",)),
)

VIEW, CHANGE, ADD = "view", "change", "add"
# What administrators (superusers who may enter it) do there. Nothing is ever deleted, and moves go through the door.
ADMINISTRATION: Mapping[str, frozenset[str]] = {
    **{
        name: frozenset({VIEW})
        for name in (
            "claims.statement", "claims.evidence", "claims.assignment", "claims.comment", "claims.page",
            "claims.ratingscale", "claims.auditevent", "claims.auditseal", "claims.verificationstep",
            "claims.stepresult", "claims.outboxmessage", "claims.workerseen", "claims.snapshot", "claims.apitoken",
            "claims.report", "claims.reportversion", "claims.verdict", "claims.approval", "claims.correction", "claims.proposednote",
            "claims.gateexception", "claims.checklist", "claims.checklisttick", "claims.importbatch",
            "claims.importedcheck", "claims.webhookreceiver", "claims.webhookdelivery", "claims.readermessage", "claims.notification",
            "claims.reminder", "claims.claimsheet", "claims.librarydocument", "claims.servicelimit", "claims.serviceuse",
            "claims.reviewtask", "claims.sourcecheck", "claims.secondrating", "claims.replyattempt",
            "auth.user",
        )
    },
    "claims.claim": frozenset({VIEW, CHANGE}),
    "claims.speaker": frozenset({VIEW, CHANGE}),
    "claims.profile": frozenset({VIEW, CHANGE, ADD}),
    # Declared anew, never another: who changed their own would be rid of it before a review that has begun.
    "claims.conflict": frozenset({VIEW, ADD}),
    "claims.desksettings": frozenset({VIEW, CHANGE}),
    "claims.article": frozenset({VIEW, CHANGE, ADD}),
}  # fmt: skip

_BY_NAME = {permit.name: permit for permit in ADDRESSES}


def find(name: str | None) -> Permit | None:
    """The row of an address; None where the table has none, and then nobody may open it."""
    return _BY_NAME.get(name or "")


def may_open(name: str | None, method: str, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may ask this address by this method."""
    permit = find(name)
    if permit is None:
        return False
    needed = permit.needed(method)
    return needed == EVERYONE or needed in roles


def needs_proof(name: str, method: str) -> bool:
    """Whether this address (``admin:`` before those of the administration) is for people who proved themselves lately."""
    return method in PROVEN.get(name, frozenset())


def statuses_for(verb: str) -> frozenset[S]:
    """Every status in which anybody may do this on a claim."""
    return frozenset().union(*(row.statuses for row in CLAIM_VERBS if row.name == verb))


def may_do(verb: str, status: str, relations: frozenset[str]) -> bool:
    """Whether somebody who stands in these relations to a claim of this status may do this on it."""
    return any(
        row.name == verb and status in row.statuses and relations & set(row.who) for row in CLAIM_VERBS
    )


def administration(model: str) -> frozenset[str]:
    """What the administration offers on this table (``app.model``); nothing where it has no row."""
    return ADMINISTRATION.get(model, frozenset())
