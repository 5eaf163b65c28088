"""What the API takes. Unknown fields and wrong JSON types are refused, so that nothing is set by accident."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.settings import api_settings

from claims.domain import notes, reader_messages, sheets, tags, webhooks
from claims.domain.gates import GATES
from claims.enums import (
    Action,
    ChangeKind,
    MediaCategory,
    MediaKind,
    Priority,
    ReplyReason,
    SourceKind,
    Stance,
)
from claims.models import ReaderMessage, WebhookReceiver

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1
MOST_AT_ONCE = 100
MOST_OF_A_TAG, MOST_TAGS = tags.LONGEST, tags.MOST  # a field is called tags too
CORRECTION_KINDS = [(kind.value, kind.label) for kind in ChangeKind if kind in ChangeKind.corrections()]

_JSON_TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], type | tuple[type, ...], str], ...] = (
    (serializers.BooleanField, bool, "true or false"),
    (serializers.IntegerField, int, "a whole number"),
    (serializers.FloatField, (int, float), "a number"),
    (serializers.ListField, list, "a list"),
    (serializers.ListSerializer, list, "a list"),
    (serializers.Serializer, dict, "an object"),
    (serializers.FileField, object, "a file"),
    (serializers.Field, str, "a text"),
)


class Strict(serializers.Serializer[Any]):
    """Input that says no to fields it does not know, and to numbers where it wants texts."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            wrong = {
                name: [serializers.ErrorDetail(self._unknown(), code="unknown")]
                for name in data
                if name not in self.fields
            }
            for name, field in self.fields.items():
                words = _wrong_type(field, data.get(name))
                if words:
                    wrong[name] = [serializers.ErrorDetail(words, code="wrong_type")]
            if wrong:
                raise serializers.ValidationError(dict(sorted(wrong.items())))
        try:
            return super().to_internal_value(data)
        except OverflowError:  # the last hours of the year 9999, in a time zone behind Greenwich
            words = "A time here is too far off for the calendar. Send an earlier one."
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [words]}) from None

    def _unknown(self) -> str:
        return f"There is no such field. Fields here: {', '.join(sorted(self.fields))}."


def _wrong_type(field: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        inner = next((words for item in value if (words := _wrong_type(field.child, item))), "")
        return f"In the list: {inner}" if inner else ""
    _kind, types, words = next(row for row in _JSON_TYPES if isinstance(field, row[0]))
    if isinstance(value, bool) and types is not bool and types is not object:
        return f"This must be {words}."
    return "" if isinstance(value, types) else f"This must be {words}."


def _id(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, **options)


def _place(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=LARGEST_VERSION, required=False, **options)


def _version(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1, max_value=LARGEST_VERSION, help_text="The version of the claim that you saw.", **options
    )


def _text(most: int, words: str = "", **options: Any) -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, max_length=most, help_text=words or None, **options
    )


def _note(name: str, words: str) -> serializers.CharField:
    """What people write to each other, as long as the verbs take it, and refused in their words."""
    return _text(notes.LONGEST, words, error_messages={"max_length": notes.too_long(name)})


# --- articles --------------------------------------------------------------------------------------------------
class ArticleDetails(Strict):
    """What is known about an article. Its text never changes."""

    title = _text(500)
    outlet = _text(200, "Newspaper, site or programme.")
    author = _text(300)
    published_on = serializers.DateField(required=False, allow_null=True)
    topic = _text(80)


class NewArticle(Strict):
    """An article by its text, or by its address alone: then the desk fetches it."""

    text = serializers.CharField(
        required=False,
        trim_whitespace=False,
        min_length=80,
        max_length=1_000_000,
        help_text="The article's text.",
    )
    url = serializers.CharField(required=False, max_length=2000, help_text="Its address.")
    title = _text(500)
    outlet = _text(200, "Newspaper, site or programme.")
    author = _text(300)
    published_on = serializers.DateField(required=False)
    topic = _text(80)


class ArticleFile(Strict):
    """An article as a file: .txt, .html, .docx or .pdf, up to 10 MB."""

    file = serializers.FileField(help_text="The file.")
    title = _text(500)
    outlet = _text(200)
    author = _text(300)
    published_on = serializers.DateField(required=False)
    topic = _text(80)


class ArticleText(Strict):
    """The text of an article whose page could not be read."""

    text = serializers.CharField(trim_whitespace=False, min_length=80, max_length=1_000_000)
    title = _text(500)


# --- claims ----------------------------------------------------------------------------------------------------
class NewClaim(Strict):
    """A claim from words in the article, from a place in it, or from a statement."""

    article = _id(help_text="Number of the article.")
    text = serializers.CharField(
        required=False,
        trim_whitespace=False,
        max_length=10_000,
        help_text="Words as they stand in the article.",
    )
    start = _place(help_text="First code point of the words.")
    end = _place(help_text="The code point behind the words.")
    speaker = _text(300)
    statement = _id(required=False, help_text="A statement that is to become a claim.")


class ClaimChange(Strict):
    """What may be edited of a claim. The article's words are never changed; start and end mark others."""

    restated = _text(2000, "The sentence to check, clear without the article.")
    speaker = _text(300, "Name of the speaker.")
    speaker_role = _text(300)
    said_on = serializers.DateField(required=False, allow_null=True)
    said_where = _text(300)
    topic = _text(80)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=MOST_OF_A_TAG), required=False, max_length=MOST_TAGS
    )
    start = _place(help_text="Together with end.")
    end = _place(help_text="Together with start.")
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class Split(Strict):
    """Where to cut a claim in two."""

    at = serializers.IntegerField(
        min_value=1, max_value=LARGEST_VERSION, help_text="A code point of the article inside the claim."
    )


class MoveParts(Strict):
    """What an action may ask beyond its name."""

    reason = _note("reason", "Why; some actions ask for it.")
    assignee = serializers.CharField(required=False, max_length=150, help_text="User name of the checker.")
    second_reader = _text(150, "User name of the second reader.")
    due_at = serializers.DateTimeField(required=False)
    publish_at = serializers.DateTimeField(required=False, help_text="When a scheduled report goes out.")
    decline_reason = _text(20, "One of the desk's reasons.")
    original = _id(required=False, help_text="The claim that this one repeats.")
    kind = serializers.ChoiceField(choices=CORRECTION_KINDS, required=False, help_text="Kind of correction.")
    public_note = _note("public_note", "What readers are told about a correction or retraction; a proposal "
                        "where one is opened or proposed.")  # fmt: skip
    note = _note("note", "A note for colleagues.")


class Move(MoveParts):
    """A move: what, at which version, why, and whatever else the action asks."""

    action = serializers.ChoiceField(choices=Action.choices)
    version = _version()


class BulkMove(MoveParts):
    """One move of many."""

    claim = _id(help_text="Number of the claim.")
    action = serializers.ChoiceField(choices=Action.choices)
    version = _version()


class BulkMoves(Strict):
    """Up to a hundred moves; each goes through the door by itself."""

    items = serializers.ListField(child=BulkMove(), min_length=1, max_length=MOST_AT_ONCE)


class Assign(Strict):
    """Who checks the claim, by when."""

    version = _version()
    assignee = serializers.CharField(max_length=150, help_text="User name of the checker.")
    second_reader = _text(150, "User name of the second reader.")
    due_at = serializers.DateTimeField(required=False)
    note = _note("note", "A note for the checker.")
    reason = _note("reason", "Why, where the claim is taken from somebody.")


class ClaimAt(Strict):
    """A claim at the version that was seen."""

    claim = _id(help_text="Number of the claim.")
    version = _version()


class BulkAssign(Strict):
    """One checker for up to a hundred claims."""

    items = serializers.ListField(child=ClaimAt(), min_length=1, max_length=MOST_AT_ONCE)
    assignee = serializers.CharField(max_length=150, help_text="User name of the checker.")
    second_reader = _text(150, "User name of the second reader.")
    due_at = serializers.DateTimeField(required=False)
    note = _note("note", "A note for the checker.")
    reason = _note("reason", "Why, where claims are taken from somebody.")


# --- evidence, verdict, reply ----------------------------------------------------------------------------------
class EvidenceParts(Strict):
    """What a source consists of."""

    publisher = _text(300)
    url = _text(2000, "Its link, or say `where`.")
    where = _text(500, "Where it can be found, without a link.")
    quote = _text(20_000, "The words that matter.")
    note = _text(5000, "A note for colleagues.")
    origin = _text(200, "Whom it goes back to; sources of one origin count once.")
    interests = _text(500, "Interests that the source has.")
    anonymous = serializers.BooleanField(required=False, help_text="The source stays unnamed.")
    anonymous_reason = _text(300, "Why it stays unnamed.")
    accessed_on = serializers.DateField(required=False)


class EvidenceIn(EvidenceParts):
    """A new source."""

    title = serializers.CharField(max_length=500)
    stance = serializers.ChoiceField(choices=Stance.choices)
    kind = serializers.ChoiceField(choices=SourceKind.choices)


class EvidenceChange(EvidenceParts):
    """What changes of a source; parts that are left out stay."""

    title = serializers.CharField(max_length=500, required=False)
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    kind = serializers.ChoiceField(choices=SourceKind.choices, required=False)


class VerdictIn(Strict):
    """The verdict; parts that are left out stay as they are."""

    revision = serializers.IntegerField(
        min_value=0, max_value=LARGEST_VERSION, help_text="The revision that you saw; 0 the first time."
    )
    level = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="Key of a rating, see /ratings/."
    )
    headline = _text(200)
    summary = _text(300, "One sentence.")
    reasoning = _text(50_000, "Markdown with citations such as [1].", trim_whitespace=False)
    bullets = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=5)
    why_checked = _text(10_000)
    how_read = _text(10_000)
    not_established = _text(10_000)
    searched_other_side = serializers.BooleanField(required=False)
    other_side_queries = _text(500)
    interests = _text(500)
    language = _text(12, "Language of the report, such as en.")


class SecondRatingIn(Strict):
    """How the second reader rates the claim."""

    level = serializers.CharField(max_length=40, help_text="Key of a rating, see /ratings/.")
    note = _note("note", "Why, for the checker to read afterwards.")


class PublicNoteIn(Strict):
    """A note to readers before it is public."""

    public_note = serializers.CharField(
        max_length=notes.LONGEST,
        help_text="As readers will see it.",
        error_messages={"max_length": notes.too_long("public_note")},
    )


class ReplyIn(Strict):
    """Whether the speaker was asked."""

    contacted = serializers.BooleanField()
    asked_on = serializers.DateField(required=False, allow_null=True)
    channel = _text(100, "How: by mail, by phone.")
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    answer = _text(20_000)
    answered_on = serializers.DateField(required=False, allow_null=True)
    not_contacted_reason = serializers.ChoiceField(choices=ReplyReason.choices, required=False)


class MediaIn(Strict):
    """What was found of a picture, film or sound. Parts that are left out are empty."""

    kind = serializers.ChoiceField(choices=MediaKind.choices)
    categories = serializers.ListField(
        child=serializers.ChoiceField(MediaCategory.choices),
        min_length=1,
        max_length=len(MediaCategory.values),
    )
    appearance = _text(2000, "Address where it is shown.")
    original_context = _text(2000, "What it shows in truth.")
    original_link = _text(2000, "Address of the original.")


class GateExceptionIn(Strict):
    """An exception from one gate. Name and reason are printed on the report."""

    gate = serializers.ChoiceField(choices=[(gate.key, gate.label) for gate in GATES if gate.can_be_excepted])
    reason = serializers.CharField(max_length=5000)


class CommentIn(Strict):
    """A word to colleagues. @username tells that person."""

    text = serializers.CharField(
        max_length=notes.LONGEST_COMMENT,
        error_messages={"max_length": notes.too_long("text", notes.LONGEST_COMMENT)},
    )
    passage = _text(2000, "The words it is about.")


# --- readers ---------------------------------------------------------------------------------------------------
class MistakeIn(Strict):
    """What is wrong in a report."""

    about = serializers.ChoiceField(choices=ReaderMessage.About.choices)
    text = serializers.CharField(max_length=5000, help_text="What it should say, and how you know.")
    passage = _text(1000, "The words of the report that are wrong.")
    link = _text(2000, "A page that shows it.")
    email = _text(254, "For the answer. It is shown to nobody.")

    def to_internal_value(self, data: Any) -> Any:
        """What does not fit the schema and what the desk refuses besides, at once."""
        given = (
            {name: text for name, text in data.items() if isinstance(text, str)}
            if isinstance(data, dict)
            else None
        )
        said: dict[str, Any] = {}
        if given is not None:
            said = {error.field: [str(error)] for error in reader_messages.wrong(given)}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            said |= error.detail if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError(said or error.detail) from error
        if said:
            raise serializers.ValidationError(said)
        return value


class AnswerIn(Strict):
    """How a message ended."""

    outcome = serializers.ChoiceField(choices=ReaderMessage.Outcome.choices)
    answer = serializers.CharField(
        max_length=5000, allow_blank=True, help_text="The reason; the reader is told."
    )


# --- the desk as a whole -----------------------------------------------------------------------------------------
class WebhookIn(Strict):
    """A program elsewhere that wants to be told."""

    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=2000, help_text="Begins with https://.")
    form = serializers.ChoiceField(choices=WebhookReceiver.Form.choices)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=list(webhooks.EVENTS.items())), min_length=1, max_length=20
    )


class WebhookChange(Strict):
    """What is left out stays. The form stays always: calls that wait were worded in it."""

    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=2000, required=False, help_text="Begins with https://.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=list(webhooks.EVENTS.items())), min_length=1, max_length=20,
        required=False, help_text="All that it is told of from now on.",
    )  # fmt: skip
    stopped = serializers.BooleanField(
        required=False, help_text="true: nothing is sent to it any more; false: it is told again."
    )


class ImportFile(Strict):
    """Checks by other desks as ClaimReview."""

    file = serializers.FileField(help_text="The file.")


class SheetFile(Strict):
    """Claims from a spreadsheet."""

    file = serializers.FileField(
        help_text="CSV, in UTF-8 or another encoding that can be told from its bytes."
    )
    delimiter = serializers.ChoiceField(
        choices=list(sheets.DELIMITERS.items()),
        required=False,
        help_text="Between the cells; found out where left out.",
    )


class SheetColumns(Strict):
    """Which column holds what, counted from 0; what is left out is in none."""

    def get_fields(self) -> dict[str, Any]:
        return {
            name: serializers.IntegerField(
                min_value=0, max_value=sheets.MOST_COLUMNS - 1, required=False, help_text=str(label)
            )
            for name, (label, _words) in sheets.FIELDS.items()
        }


class SheetChoice(Strict):
    """Which columns; as they were found by their headings where left out."""

    columns = SheetColumns(required=False)
