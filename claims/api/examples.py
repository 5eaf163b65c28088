"""Examples for the description of the API, by the name of the shape. A test checks each against its schema."""

from __future__ import annotations

from typing import Any

_MOMENT = "2026-03-01T09:30:00Z"
_PROGRESS: dict[str, Any] = {
    "total": 6, "done": 5, "running": 1, "queued": 0, "dead": 0, "fraction": 0.83,
}  # fmt: skip
_ARTICLE: dict[str, Any] = {
    "id": 12, "title": "Port Marlow bridge toll cut traffic, council hears", "outlet": "Marlow Courier",
    "author": "J. Ames", "published_on": "2026-03-01", "url": "https://courier.example/toll", "language": "en",
    "language_supported": True, "topic": "transport", "state": "ready", "problem": "", "intake": "pasted",
    "created_at": _MOMENT,
}  # fmt: skip
_CLAIM: dict[str, Any] = {
    "id": 31, "article": 12, "article_title": _ARTICLE["title"], "number": 1,
    "text": "Traffic on the harbour bridge has fallen by 31 per cent", "start": 67, "end": 122, "restated": "",
    "speaker": "Lena Brandt", "speaker_role": "Mayor", "said_on": None, "said_where": "", "kind": "indirect",
    "worthiness": 0.91, "reasons": ["a figure"], "claim_kinds": ["quantity"], "status": "assigned", "version": 3,
    "assignee": "noor", "second_reader": None, "due_at": "2026-03-04T18:00:00Z", "publish_at": None,
    "priority": "2_normal", "topic": "transport", "tags": [], "decline_reason": "", "duplicate_of": None,
    "created_at": _MOMENT,
}  # fmt: skip
_VERDICT: dict[str, Any] = {
    "level": "mostly_false", "headline": "Traffic fell by less than a third",
    "summary": "Counts show a fall of 27 per cent.", "reasoning": "The port authority counted fewer vehicles [1].",
    "bullets": ["Traffic fell by 27 per cent [1]."], "why_checked": "The figure is quoted widely.", "how_read": "",
    "not_established": "", "searched_other_side": False, "other_side_queries": "", "interests": "", "language": "",
}  # fmt: skip
_SOURCE: dict[str, Any] = {
    "title": "Traffic counts 2025", "publisher": "Port authority", "url": "https://port.example/counts", "where": "",
    "quote": "22,400 vehicles", "note": "", "stance": "undermines", "kind": "primary", "origin": "Port authority",
    "interests": "", "anonymous": False, "anonymous_reason": "",
}  # fmt: skip
_REPORT: dict[str, Any] = {
    "slug": "traffic-fell-by-less-than-a-third", "url": "/reports/traffic-fell-by-less-than-a-third/",
    "headline": "Traffic fell by less than a third", "verdict_key": "mostly_false", "topic": "transport", "version": 1,
    "published_at": _MOMENT, "modified_at": None, "retracted_at": None,
}  # fmt: skip
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_PROBLEM: dict[str, Any] = {
    "type": "urn:plumbline:problem:refused", "title": "The rules do not allow this now.", "status": 422,
    "code": "refused", "detail": "No primary source is cited. Add one.",
    "failing": [
        {"gate": "primary_source", "reason": "No primary source is cited.", "remedy": "Add one.", "where": "evidence"}
    ],
}  # fmt: skip
_WEBHOOK: dict[str, Any] = {
    "id": 1, "name": "CMS", "url": "https://cms.example/hooks/desk", "form": "signed", "events": ["report.published"],
    "created_at": _MOMENT, "stopped_at": None,
}  # fmt: skip
_SHEET: dict[str, Any] = {
    "id": 3, "name": "claims.csv", "brought_by": "noor", "created_at": _MOMENT, "done_at": None, "made": 0, "known": 2,
}  # fmt: skip

EXAMPLES: dict[str, Any] = {
    "ArticleOut": _ARTICLE,
    "ArticleDetail": {**_ARTICLE, "text": "Port Marlow bridge toll …", "dropped": [], "progress": _PROGRESS},
    "NewArticleRequest": {
        "text": "Traffic on the harbour bridge has fallen by 31 per cent since the toll began in March 2024, the mayor "
        "told the council on Tuesday.",
        "title": _ARTICLE["title"],
        "outlet": "Marlow Courier",
    },
    "PatchedArticleDetailsRequest": {"outlet": "Marlow Courier", "published_on": "2026-03-01"},
    "ArticleTextRequest": {
        "text": "Traffic on the harbour bridge has fallen by 31 per cent since the toll began in March 2024."
    },
    "ClaimOut": _CLAIM,
    "ClaimDetail": {
        **_CLAIM,
        "moves": [
            {"action": "start", "label": "Start checking", "allowed": True, "needs_reason": False, "missing": []}
        ],
        "progress": _PROGRESS,
    },
    "NewClaimRequest": {"article": 12, "text": "22,400 vehicles crossed the bridge on an average weekday last year"},
    "PatchedClaimChangeRequest": {"restated": "Traffic on the harbour bridge fell by 31 per cent after March 2024."},
    "SplitRequest": {"at": 96},
    "MoveRequest": {"action": "start", "version": 3},
    "BulkMovesRequest": {
        "items": [
            {"claim": 31, "action": "triage", "version": 1},
            {"claim": 32, "action": "decline", "version": 1, "reason": "A wish.", "decline_reason": "opinion"},
        ]
    },
    "BulkAssignRequest": {"items": [{"claim": 31, "version": 2}, {"claim": 32, "version": 2}], "assignee": "noor"},
    "BulkResult": {
        "done": 1,
        "refused": 1,
        "items": [
            {"claim": 31, "status": 200, "state": "assigned", "version": 3, "problem": None},
            {"claim": 32, "status": 422, "state": "in_review", "version": 7, "problem": _PROBLEM},
        ],
    },
    "AssignRequest": {"version": 2, "assignee": "noor", "note": "Ask the port authority."},
    "AssignmentOut": {
        "id": 8, "claim": 31, "person": "noor", "role": "checker", "assigned_by": "pia", "note": "",
        "created_at": _MOMENT, "ended_at": None,
    },
    "EventOut": {
        "id": 204, "at": _MOMENT, "actor_name": "Pia Demo", "channel": "api", "action": "claim.assign",
        "from_status": "triaged", "to_status": "assigned", "claim_version": 3, "reason": "",
        "note_read_by": [], "hash": _HASH,
    },
    "SpeakerOut": {"id": 4, "name": "Lena Brandt", "role": "Mayor", "same_as": ""},
    "StepOut": {
        "id": 77, "claim": 31, "article": None, "kind": "quote_check", "run": 1, "state": "done", "attempts": 1,
        "next_run_at": _MOMENT, "last_error": "", "created_at": _MOMENT, "started_at": _MOMENT, "finished_at": _MOMENT,
        "result": {
            "outcome": "found", "summary": "The words stand in the article.", "items": [], "source": "This article",
            "step_version": "1", "finished_at": _MOMENT,
        },
    },
    "MatchList": {
        "results": [
            {
                "step": 78, "kind": "previous_checks", "found_at": _MOMENT, "title": _REPORT["headline"],
                "url": _REPORT["url"], "verdict": "Mostly false", "claim": "Traffic fell by 31 per cent.", "score": 0.71,
                "item": {"slug": _REPORT["slug"]},
            }
        ]
    },
    "EvidenceIn": _SOURCE,
    "EvidenceInRequest": _SOURCE,
    "PatchedEvidenceChangeRequest": {"quote": "22,400 vehicles a day"},
    "EvidenceOut": {
        **_SOURCE, "id": 15, "claim": 31, "number": 1, "accessed_on": "2026-03-01", "archive_state": "none",
        "archive_url": "", "added_by": "noor", "created_at": _MOMENT, "withdrawn_at": None,
    },
    "RatingOut": {
        "key": "mostly_false", "word": "Mostly false", "definition": "More of it is wrong than right.", "value": 2,
        "off_scale": False, "position": 2,
    },
    "VerdictInRequest": {"revision": 0, **_VERDICT},
    "VerdictOut": {"revision": 1, **_VERDICT, "saved_by": "noor", "saved_at": _MOMENT},
    "RevisionOut": {"revision": 1, **_VERDICT, "author": "noor", "created_at": _MOMENT},
    "SecondRatingInRequest": {"level": "false", "note": "The counts are plain."},
    "SecondRatingOut": {
        "id": 1, "claim": 31, "reader": "tomas", "level": "false", "note": "The counts are plain.", "created_at": _MOMENT,
    },
    "ReplyInRequest": {"contacted": True, "asked_on": "2026-03-01", "channel": "by mail"},
    "ReplyOut": {
        "contacted": True, "asked_on": "2026-03-01", "channel": "by mail", "deadline": None, "answer": "",
        "answered_on": None, "not_contacted_reason": "", "saved_at": _MOMENT,
    },
    "PublicNoteInRequest": {"public_note": "We wrote 27 per cent of cars; it is 27 per cent of vehicles."},
    "ProposedNoteOut": {
        "public_note": "We wrote 27 per cent of cars; it is 27 per cent of vehicles.", "proposed_by": "pia",
        "agreed_by": None, "proposed_at": _MOMENT,
    },
    "MediaInRequest": {
        "kind": "ImageObject", "categories": ["DecontextualizedContent"], "original_context": "Taken in 2011, in another town.",
    },
    "MediaOut": {
        "kind": "ImageObject", "categories": ["DecontextualizedContent"], "appearance": "",
        "original_context": "Taken in 2011, in another town.", "original_link": "", "saved_by": "noor", "saved_at": _MOMENT,
    },
    "GateList": {
        "results": [
            {
                "gate": "primary_source", "label": "A primary source is cited", "passed": False,
                "reason": "No primary source is cited.", "remedy": "Add one.", "exception": "",
            }
        ]
    },
    "GateExceptionInRequest": {"gate": "both_sides", "reason": "The other side left no record."},
    "CommentInRequest": {"text": "@tomas could you read this today?"},
    "CommentOut": {
        "id": 3, "author": "noor", "text": "@tomas could you read this today?", "passage": "", "created_at": _MOMENT,
        "resolved_at": None,
    },
    "ReportOut": _REPORT,
    "ReportDetail": {**_REPORT, "sha256": _HASH, "document": {"headline": _REPORT["headline"]}},
    "VersionOut": {
        "number": 1, "kind": "first", "note": "", "sha256": _HASH, "previous_sha256": "", "created_at": _MOMENT,
    },
    "VersionDetail": {
        "number": 1, "kind": "first", "note": "", "sha256": _HASH, "previous_sha256": "", "created_at": _MOMENT,
        "document": {"headline": _REPORT["headline"]},
    },
    "PersonOut": {"username": "noor", "name": "Noor Demo", "roles": ["reviewer", "viewer"]},
    "TokenOut": {
        "id": 2, "name": "CMS", "prefix": "plb_Zk3v9d", "scope": "desk", "created_at": _MOMENT,
        "expires_at": "2026-05-30T09:30:00Z", "last_used_at": None, "revoked_at": None,
    },
    "MistakeInRequest": {
        "about": "fact", "text": "The counts were revised in May; see the port's page.", "passage": "22,400 vehicles",
    },
    "ReceiptOut": {
        "number": "2026-001", "created_at": _MOMENT, "due_at": "2026-03-08T09:30:00Z",
        "receipt": "https://desk.example/messages/x/",
    },
    "ReaderMessageOut": {
        "id": 1, "number": "2026-001", "report": _REPORT["slug"], "report_version": 1, "claim": 31, "about": "fact",
        "passage": "22,400 vehicles", "text": "The counts were revised in May.", "link": "", "wants_answer": True,
        "created_at": _MOMENT, "due_at": "2026-03-08T09:30:00Z", "correction": None, "outcome": "", "answer": "",
        "closed_at": None, "closed_by": None,
    },
    "AnswerInRequest": {"outcome": "corrected", "answer": "You are right, the report says so now."},
    "WebhookInRequest": {
        "name": "CMS", "url": "https://cms.example/hooks/desk", "form": "signed", "events": ["report.published"],
    },
    "PatchedWebhookChangeRequest": {"url": "https://cms.example/hooks/v2", "events": ["report.published", "report.corrected"]},
    "WebhookOut": _WEBHOOK,
    "WebhookMade": {**_WEBHOOK, "secret": "whsec_…"},
    "DeliveryOut": {
        "id": 9, "uid": "0f8c2c0e9f5b4c52a8d6d1f0a1b2c3d4", "event": "report.published", "state": "sent",
        "created_at": _MOMENT,
        "attempts": [{"at": _MOMENT, "delivered": True, "status_code": 204, "note": ""}],
    },
    "SheetOut": _SHEET,
    "SheetDetail": {
        **_SHEET, "head": ["Statement", "Who", "When"], "columns": {"claim": 0, "speaker": 1, "said_on": 2}, "fresh": 41,
        "problems": [{"row": 7, "problem": "The claim is empty. Write it, or take the row out."}], "missing": "",
    },
    "SheetChoiceRequest": {"columns": {"claim": 0, "speaker": 1, "said_on": 2}},
    "ImportOut": {
        "id": 1, "name": "checks.json", "sha256": _HASH, "brought_by": "pia", "started_at": _MOMENT,
        "finished_at": _MOMENT, "fresh": 120, "renewed": 3, "put_aside": 1,
    },
    "InsightOut": {
        "period": {"first": "2026-01-05", "last": "2026-03-29"}, "counted_at": _MOMENT,
        "stays": [{"status": "in_review", "count": 12, "middle": 3.5, "longest_tenth": 26.0}],
        "weeks": [{"monday": "2026-03-23", "submitted": 4, "sent_back": 1, "approved": 3, "published": 3}],
        "queue": [{"status": "in_review", "by_age": [1, 0, 0], "oldest": _MOMENT}],
        "by_topic": [{"name": "transport", "counts": {"mostly_false": 2}}],
        "by_speaker": [{"name": "Lena Brandt", "counts": {"mostly_false": 1}}],
        "by_outlet": [{"name": "Marlow Courier", "counts": {"mostly_false": 2}}],
        "balance": [{"name": "Lena Brandt", "found": 5, "declined": 2, "published": 1}],
        "agreement": {"count": 8, "same": 7, "kappa": 0.82},
        "people": [{"name": "Noor Demo", "load": 3, "most": 6, "submitted": 4, "reviewed": 2}],
    },
    "Problem": _PROBLEM,
}  # fmt: skip
