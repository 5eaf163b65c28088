"""The words that a report document may use, and which of them count as what.

They are plain strings, so that a stored document can be read without this
program; the sets are checked when a document is made.
"""

from typing import Final

CHANGE_KINDS: Final = frozenset(
    {"first", "typo", "update", "clarification", "correction", "verdict_change", "retraction"}
)
"""What a version is: the first one, or one of the six kinds of change."""

SILENT_KINDS: Final = frozenset({"typo"})
"""Changes that readers need not be told of: they move no date and no feed."""

CORRECTION_KINDS: Final = frozenset({"correction", "verdict_change"})
"""Changes that admit an error: they are said in the ClaimReview as ``correction``."""

LOGGED_KINDS: Final = frozenset({"update", "clarification", "correction", "verdict_change", "retraction"})
"""Changes that may be shown to readers with a date and a note."""

CORRECTIONS_FEED_KINDS: Final = frozenset({"correction", "verdict_change", "retraction"})
"""Changes that belong into the public corrections log and its feed."""

SOURCE_KINDS: Final = frozenset({"primary", "secondary", "expert"})
STANCES: Final = frozenset({"supports", "undermines", "context"})
ARCHIVE_STATES: Final = frozenset({"independent", "own_copy", "none"})
SPEAKER_KINDS: Final = frozenset({"person", "organization"})
DIRECTIONS: Final = frozenset({"ltr", "rtl"})
STEP_OUTCOMES: Final = frozenset(
    {"ok", "no_result", "not_applicable", "not_configured", "unavailable", "failed", "stale"}
)
RELATIONS: Final = frozenset({"same_claim", "same_speaker", "same_article", "related", "elsewhere"})

MEDIA_CATEGORIES: Final = frozenset(
    {
        "DecontextualizedContent",
        "EditedOrCroppedContent",
        "OriginalMediaContent",
        "SatireOrParodyContent",
        "StagedContent",
        "TransformedContent",
    }
)
"""schema.org's ``MediaManipulationRatingEnumeration``."""

MEDIA_TYPES: Final = frozenset({"ImageObject", "VideoObject", "AudioObject"})
