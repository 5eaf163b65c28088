"""Forms about one claim. They read and say what is missing; the verbs in ``claims.domain`` have the last word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.domain import house_rules, people, seen
from claims.enums import Action, ChangeKind, Priority, ReplyReason
from claims.models import Article, Claim, ProposedNote, RatingLevel, ReplyAttempt, RightOfReply, Verdict
from claims.web.forms_choices import in_plain_words

DOCUMENTS = ".pdf,.docx,.html,.htm,.txt,.png,.jpg,.jpeg"
# Each kind with what it is for and what readers see of it: the choice cannot be changed once it is made.
CHANGES = [
    (
        ChangeKind.TYPO,
        _("Typo: a slip of the pen, no figure and no finding. It shows in the report’s history only."),
    ),
    (ChangeKind.UPDATE, _("Update: something new, and the finding stands. Readers see a dated note.")),
    (ChangeKind.CLARIFICATION, _("Clarification: a passage could mislead. Readers see a dated note.")),
    (
        ChangeKind.CORRECTION,
        _("Correction: a fact was wrong. A note on top says what was wrong and what is right."),
    ),
    (
        ChangeKind.VERDICT_CHANGE,
        _("Change of verdict: another rating. A note on top shows the old and the new one."),
    ),
]


class DeskForm(forms.Form):
    """Ids that say what they are, errors joined to their fields, no colons."""

    opened = ""  # the mark of the record that the form was opened on, see ``domain.seen``
    one_field = ""  # the field of the record that the mark is of, where the form shows one alone

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        in_plain_words(self.fields.values())

    def opened_on(self, row: Model | None, data: Any = None) -> Self:
        """Remember which state of the record this form shows: what was sent with it says, or the record itself."""
        self.opened = seen.mark(row, self.one_field) if data is None else str(data.get("seen", ""))
        return self

    def mark_errors(self) -> None:
        """Tie each error to its field for screen readers; called before the form is shown again."""
        for name, field in self.fields.items():
            hints = [f"{self[name].auto_id}_helptext"] if field.help_text else []
            if name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                hints.append(f"{self[name].auto_id}-error")
            if hints:
                field.widget.attrs["aria-describedby"] = " ".join(hints)


def area(rows: int, **attrs: str) -> forms.Textarea:
    """A text field of so many lines."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attrs})


class When(forms.DateTimeField):
    """A date with its time, from the browser's own picker or typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class Day(forms.DateField):
    """A date, from the browser's own picker or typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class PageAddress(forms.CharField):
    """The address of a page that the desk fetches in the background."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"})
        super().__init__(
            label=_("Address"), required=False, max_length=2000, widget=widget,
            help_text=_("The page is fetched in the background; you see it as soon as it is here."), **kwargs,
        )  # fmt: skip


# --- moving a claim -----------------------------------------------------------------------------------------------

_FIELDS: dict[str, tuple[str, ...]] = {
    Action.ASSIGN: ("assignee", "second_reader", "due_at", "note"),
    Action.REASSIGN: ("assignee", "second_reader", "due_at", "reason"),
    Action.RELEASE: ("reason",),
    Action.SEND_BACK: ("reason",),
    Action.APPROVE: ("note",),
    Action.SCHEDULE: ("publish_at",),
    Action.OPEN_CORRECTION: ("kind", "reason", "public_note"),
    Action.PUBLISH_CORRECTION: ("public_note",),
    Action.PROPOSE_RETRACTION: ("reason", "public_note"),
    Action.RETRACT: ("public_note",),
    Action.CANCEL_RETRACTION: ("reason",),
    Action.DECLINE: ("decline_reason", "reason"),
    Action.MARK_DUPLICATE: ("original",),
    Action.HOLD: ("reason",),
    Action.REOPEN: ("reason",),
}
# These cannot be taken back, so they get a page that says what will happen, though they ask nothing.
WEIGHTY = frozenset({Action.PUBLISH, Action.CANCEL_CORRECTION, Action.APPROVE})


# These begin what ends with a note to readers, which may be proposed with them.
PROPOSING = frozenset({Action.OPEN_CORRECTION, Action.PROPOSE_RETRACTION})


def asks_more(action: str) -> bool:
    """Whether pressing the button opens a page first."""
    return action in _FIELDS or action in WEIGHTY


class MoveForm(DeskForm):
    """What one action asks for. Nothing here is required: the door says what is missing, in one place for all."""

    reason = forms.CharField(label=_("Why"), required=False, widget=area(3))
    assignee = forms.ChoiceField(label=_("Who checks this claim"), required=False, widget=forms.RadioSelect)
    second_reader = forms.ChoiceField(label=_("Second reader"), required=False)
    due_at = When(label=_("Due"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=area(2))
    publish_at = When(label=_("Goes out at"), required=False)
    kind = forms.ChoiceField(label=_("What is being mended"), choices=CHANGES, required=False,
                             widget=forms.RadioSelect)  # fmt: skip
    public_note = forms.CharField(
        label=_("Public note, as readers will see it"), required=False, widget=area(4),
        help_text=_("Printed on top of the report: what was wrong, and what is right."),
    )  # fmt: skip
    decline_reason = forms.ChoiceField(label=_("Why it is not checked"), required=False, widget=forms.RadioSelect)  # fmt: skip
    original = forms.ChoiceField(label=_("The claim it repeats"), required=False, widget=forms.RadioSelect)

    def __init__(self, action: str, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = _FIELDS.get(action, ())
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]
        self.order_fields(wanted)
        if action == Action.DECLINE:
            self.fields["reason"].label = _("Anything to add")
            choose = self.fields["decline_reason"]
            assert isinstance(choose, forms.ChoiceField)
            choose.choices = house_rules.reasons()
        if action == Action.APPROVE:
            self.fields["note"].label = _("Anything to say with it")
        if action in PROPOSING:
            self.fields["public_note"].label = _(
                "Public note, as readers will see it, if you have it already"
            )
            self.fields["public_note"].help_text = _(
                "A proposal: whoever publishes it finds it in the form, and as it stands two people have read it."
            )
        elif action == Action.RETRACT:
            self.fields["public_note"].help_text = _("Printed on top of the report: why it is withdrawn.")
        if "assignee" in self.fields:
            self._offer_people(claim)
        if "original" in self.fields:
            self._offer_claims(claim)

    def _offer_people(self, claim: Claim) -> None:
        found = people.candidates(claim)
        offer_checkers(self, claim, found)
        reader = self.fields["second_reader"]
        assert isinstance(reader, forms.ChoiceField)
        reader.choices = reader_choices(found, but=None)
        self.fields["due_at"].help_text = _("Left empty, the desk's usual time is given.")
        if claim.due_at:
            self.initial.setdefault("due_at", timezone.localtime(claim.due_at))
        self.initial.setdefault("second_reader", str(claim.second_reader_id or ""))

    def _offer_claims(self, claim: Claim) -> None:
        from claims.web.likeness import alike  # words in common, computed only when somebody asks

        field = self.fields["original"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(row.pk), f"{row.number}. {row.wording[:160]}") for row in alike(claim)]

    def payload(self) -> dict[str, Any]:
        """What the door gets besides the reason, as it was typed where a field could not read it."""
        cleaned = getattr(self, "cleaned_data", {})
        return {
            name: cleaned.get(name) or self.data.get(self.add_prefix(name)) or ""
            for name in self.fields
            if name != "reason"
        }


def offer_checkers(form: DeskForm, claim: Claim, found: Iterable[people.Candidate]) -> list[tuple[str, str]]:
    """Let ``assignee`` offer who may check the claim next, the best suited first; its hint says who may not and why.

    Returns:
        What it offers.
    """
    choose = form.fields["assignee"]
    assert isinstance(choose, forms.ChoiceField)
    others = [one for one in found if one.person.pk != claim.assignee_id]
    best = people.suggested(others)
    offered = [
        (str(one.person.pk), load_words(one, suggested=one is best)) for one in others if not one.problem
    ]
    choose.choices = offered
    choose.help_text = " ".join(one.problem for one in others if one.problem)
    if best is not None:
        form.initial.setdefault("assignee", str(best.person.pk))
    return offered


def load_words(one: people.Candidate, *, suggested: bool = False) -> str:
    """A person as the assign form offers them: name, what lies on their table, what they know."""
    values = {"name": people.display_name(one.person), "load": one.load, "most": one.most}
    words = _("%(name)s: %(load)s of %(most)s claims") % values
    if one.knows_topic:
        words = _("%(words)s, knows the topic") % {"words": words}
    return str(_("%(words)s · suggested") % {"words": words} if suggested else words)


def reader_choices(found: Iterable[people.Candidate], *, but: int | None) -> list[tuple[str, Any]]:
    """Who may read a claim a second time: not its checker (``but``), nobody who wrote on it or is barred."""
    fit = [one for one in found if not one.problem_reading and one.person.pk != but]
    return [("", _("Anybody who has time")), *((str(one.person.pk), load_words(one)) for one in fit)]


class SecondReaderForm(DeskForm):
    """Who reads a claim a second time."""

    second_reader = forms.ChoiceField(label=_("Second reader"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=area(2))

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["second_reader"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = reader_choices(people.candidates(claim), but=claim.assignee_id)
        self.initial.setdefault("second_reader", str(claim.second_reader_id or ""))


class NoteForm(DeskForm):
    """The public note of a correction or a retraction, before it is published."""

    public_note = forms.CharField(
        label=_("Public note, as readers will see it"), required=False, widget=area(6)
    )

    @classmethod
    def of(cls, note: ProposedNote | None, data: Any = None) -> NoteForm:
        """The form as the proposed note stands, or as it was typed."""
        return cls(data, initial={"public_note": note.text} if note else None).opened_on(note, data)


# --- the claim's words --------------------------------------------------------------------------------------------


class WordsForm(DeskForm):
    """What may be edited of a claim: which words of the article, the checkable sentence, who said it."""

    words = forms.CharField(
        label=_("Words in the article"), required=False, widget=area(3),
        help_text=_("The exact words. Lengthen or shorten them as they stand in the article."),
    )  # fmt: skip
    restated = forms.CharField(
        label=_("Checkable sentence"), required=False, widget=area(3),
        help_text=_("The claim so that it stands alone: who, what, when. The article's words stay beside it."),
    )  # fmt: skip
    speaker = forms.CharField(label=_("Who said it"), required=False, max_length=300,
                              help_text=_("Empty for the article's own voice."))  # fmt: skip
    speaker_role = forms.CharField(label=_("Role when it was said"), required=False, max_length=300)
    said_on = Day(label=_("Said on"), required=False)
    said_where = forms.CharField(label=_("Where it was said"), required=False, max_length=300)
    topic = forms.CharField(label=_("Topic"), required=False, max_length=80)

    @classmethod
    def of(cls, claim: Claim, data: Any = None) -> WordsForm:
        """The form as the claim stands, or as it was typed."""
        initial = {
            "words": claim.text, "restated": claim.restated, "speaker": claim.speaker_name, "topic": claim.topic,
            "speaker_role": claim.speaker_role, "said_on": claim.said_on, "said_where": claim.said_where,
        }  # fmt: skip
        return cls(data, initial=initial).opened_on(claim, data)


def nearest(text: str, words: str, to: int) -> int | None:
    """Where these words stand in the text, the place nearest to ``to``; None where they do not."""
    best: int | None = None
    at = text.find(words) if words else -1
    while at >= 0:
        if best is None or abs(at - to) < abs(best - to):
            best = at
        at = text.find(words, at + 1)
    return best


class AddClaimForm(DeskForm):
    """A claim by selection (start, end, words) or by typing its words."""

    text = forms.CharField(
        label=_("The claim's words"), required=False, widget=area(3),
        help_text=_("Exactly as they stand in the article."),
    )  # fmt: skip
    speaker = forms.CharField(label=_("Who said it, if you know"), required=False, max_length=300)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class DetailsForm(DeskForm):
    """Due date, priority, topic and tags."""

    due_at = When(label=_("Due"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    topic = forms.CharField(label=_("Topic"), required=False, max_length=80)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=4000,
                           help_text=_("Separate them by commas."))  # fmt: skip

    @classmethod
    def of(cls, claim: Claim, data: Any = None) -> DetailsForm:
        """The form as the claim stands, or as it was typed."""
        initial = {
            "due_at": timezone.localtime(claim.due_at) if claim.due_at else None, "priority": claim.priority,
            "topic": claim.topic, "tags": ", ".join(claim.tags),
        }  # fmt: skip
        return cls(data, initial=initial).opened_on(claim, data)

    def fields_given(self) -> dict[str, Any]:
        """The values as ``set_details`` wants them."""
        return {**self.cleaned_data, "tags": self.cleaned_data["tags"].split(",")}


class CommentForm(DeskForm):
    """A word to colleagues."""

    text = forms.CharField(label=_("Comment"), required=False, widget=area(2),
                           help_text=_("@name tells that person."))  # fmt: skip


# --- verdict and reply --------------------------------------------------------------------------------------------


class VerdictForm(DeskForm):
    """The verdict as it is being written; every part may be empty until the claim is submitted."""

    level = forms.ChoiceField(label=_("How accurate is the claim?"), required=False, widget=forms.RadioSelect)
    headline = forms.CharField(label=_("Headline"), required=False, max_length=200,
                               help_text=_("States the finding, not the falsehood."))  # fmt: skip
    summary = forms.CharField(
        label=_("One-sentence summary"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Says the finding and why. Up to 300 characters."),
    )  # fmt: skip
    reasoning = forms.CharField(
        label=_("Reasoning"), required=False, widget=area(12),
        help_text=_("Markdown. Cite evidence by its number, as [1]."),
    )  # fmt: skip
    bullets = forms.CharField(label=_("In short"), required=False, widget=area(3),
                              help_text=_("Up to five points, one a line."))  # fmt: skip
    why_checked = forms.CharField(label=_("Why we checked this"), required=False, widget=area(2))
    how_read = forms.CharField(label=_("How we read the claim"), required=False, widget=area(2))
    not_established = forms.CharField(label=_("What we could not establish"), required=False, widget=area(2))
    searched_other_side = forms.BooleanField(
        label=_("I searched for the other side and found none"), required=False
    )
    other_side_queries = forms.CharField(label=_("What was searched"), required=False, max_length=500,
                                         widget=area(2))  # fmt: skip

    interests = forms.CharField(
        label=_("Our own interests"), required=False, max_length=500,
        help_text=_("What the desk or its people stand to gain here. Printed on the report."),
    )  # fmt: skip
    language = forms.CharField(label=_("Language of this report"), required=False, max_length=12,
                               help_text=_("As a code, such as ar or pt-BR. Empty: the desk's own."))  # fmt: skip

    def __init__(self, levels: list[RatingLevel], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(level.pk), level.word) for level in levels]

    @classmethod
    def of(cls, levels: list[RatingLevel], verdict: Verdict | None) -> VerdictForm:
        """The form as the verdict stands."""
        if verdict is None:
            return cls(levels)
        initial: dict[str, Any] = {name: getattr(verdict, name) for name in Verdict.TEXT_FIELDS}
        initial["bullets"] = "\n".join(map(str, verdict.bullets))
        initial["level"] = str(verdict.level_id or "")
        return cls(levels, initial=initial)

    def values(self) -> dict[str, Any]:
        """The fields as ``save_verdict`` wants them; parts that the form did not hold are left out."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name in self.data or name in BOXES
        }
        if "level" not in self.data:
            given["level"] = None
        if "bullets" in given:
            given["bullets"] = given["bullets"].splitlines()
        return given


class RatingForm(DeskForm):
    """A second reader's own rating, before the first one is shown."""

    level = forms.ChoiceField(label=_("How accurate is the claim?"), required=False, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Why, in a sentence or two"), required=False, widget=area(3),
                           help_text=_("The checker reads it after you have rated."))  # fmt: skip

    def __init__(self, levels: list[RatingLevel], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(level.pk), level.word) for level in levels]


BOXES = frozenset({"searched_other_side"})


class ReplyForm(DeskForm):
    """Whether the speaker was asked."""

    contacted = forms.ChoiceField(
        label=_("Was the speaker asked?"), required=False, widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )  # fmt: skip
    asked_on = Day(label=_("Asked on"), required=False)
    channel = forms.CharField(label=_("How"), required=False, max_length=100,
                              help_text=_("By e-mail, by phone, in person."))  # fmt: skip
    deadline = When(label=_("Answer asked for by"), required=False)
    answer = forms.CharField(label=_("Answer"), required=False, widget=area(3))
    answered_on = Day(label=_("Answered on"), required=False)
    not_contacted_reason = forms.ChoiceField(
        label=_("Why not asked"), required=False, choices=[("", _("Choose")), *ReplyReason.choices]
    )

    @classmethod
    def of(cls, reply: RightOfReply | None, data: Any = None) -> ReplyForm:
        """The form as the record stands, or as it was typed."""
        if reply is None:
            return cls(data).opened_on(None, data)
        initial: dict[str, Any] = {name: getattr(reply, name) for name in cls.base_fields}
        initial["contacted"] = "yes" if reply.contacted else "no"
        initial["deadline"] = timezone.localtime(reply.deadline) if reply.deadline else None
        return cls(data, initial=initial).opened_on(reply, data)

    def values(self) -> dict[str, Any]:
        """The fields as ``save_reply`` wants them."""
        return {**self.cleaned_data, "contacted": self.cleaned_data.get("contacted") == "yes"}


class AttemptForm(DeskForm):
    """One time that the speaker was asked."""

    asked_on = Day(label=_("Asked on"), required=False)
    channel = forms.CharField(label=_("How"), required=False, max_length=100,
                              help_text=_("By e-mail, by phone, in person."))  # fmt: skip
    deadline = When(label=_("Answer asked for by"), required=False)
    answered_on = Day(label=_("Answered on"), required=False)
    answer = forms.CharField(label=_("Answer"), required=False, widget=area(3))

    @classmethod
    def of(cls, entry: ReplyAttempt, data: Any = None) -> AttemptForm:
        """The form as the entry stands, or as it was typed."""
        initial: dict[str, Any] = {name: getattr(entry, name) for name in cls.base_fields}
        initial["deadline"] = timezone.localtime(entry.deadline) if entry.deadline else None
        return cls(data, initial=initial).opened_on(entry, data)


class ExceptionForm(DeskForm):
    """Why a report may pass without holding to one of the desk's rules."""

    reason = forms.CharField(label=_("Reason, printed on the report"), required=False, widget=area(3))


class PasteForm(DeskForm):
    """The text of an article whose page could not be read."""

    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    text = forms.CharField(label=_("Text of the article"), required=False, widget=area(12))

    @classmethod
    def of(cls, article: Article, data: Any = None) -> PasteForm:
        """With what is known of the article."""
        return cls(data, initial={"title": article.title})
