"""The form for a move, with all that it may ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from claims.admin.widgets import DayAndTime
from claims.domain import claims, house_rules, people, tags
from claims.enums import Action, ChangeKind
from claims.exceptions import DeskError, InvalidInput
from claims.models import Claim
from claims.workflow.table import TABLE

NEEDS_REASON = frozenset(row.action for row in TABLE if row.needs_reason)


class PersonField(forms.ModelChoiceField[User]):
    """A colleague, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return people.display_name(obj)


class MoveForm(forms.Form):
    """What one action asks; fields it has no use for are left out."""

    assignee = PersonField(User.objects.none(), label=_("Checker"))
    second_reader = PersonField(User.objects.none(), label=_("Second reader"), required=False)
    due_at = forms.SplitDateTimeField(label=_("Due"), required=False, widget=DayAndTime)
    publish_at = forms.SplitDateTimeField(label=_("Goes out at"), widget=DayAndTime)
    decline_reason = forms.ChoiceField(label=_("Why not checked"), choices=house_rules.reasons)
    original = forms.ModelChoiceField(
        Claim.objects.all(), label=_("Number of the claim it repeats"), widget=forms.NumberInput
    )
    kind = forms.ChoiceField(
        label=_("Kind of correction"),
        choices=[(kind, kind.label) for kind in ChangeKind if kind in ChangeKind.corrections()],
    )
    public_note = forms.CharField(
        label=_("Public note, as readers will see it"), widget=forms.Textarea, required=False,
        help_text=_("Two people have read it when it goes out in the very words that another person proposed or agreed to."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea, required=False, help_text=_("For whoever checks it.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, required=False)

    FIELDS: dict[str, tuple[str, ...]] = {
        Action.ASSIGN: ("assignee", "second_reader", "due_at", "note"),
        Action.REASSIGN: ("assignee", "second_reader", "due_at"),
        Action.SCHEDULE: ("publish_at",),
        Action.DECLINE: ("decline_reason",),
        Action.MARK_DUPLICATE: ("original",),
        Action.OPEN_CORRECTION: ("kind", "public_note"),
        Action.PROPOSE_RETRACTION: ("public_note",),
        Action.PUBLISH_CORRECTION: ("public_note",),
        Action.RETRACT: ("public_note",),
    }

    def __init__(self, action: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {"reason", *self.FIELDS.get(action, ())}
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]
        self.fields["reason"].required = action in NEEDS_REASON
        self.fields["reason"].error_messages["required"] = _("The reason is missing. Give a reason.")
        for name in ("assignee", "second_reader"):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = people.reviewers()

    def payload(self) -> dict[str, Any]:
        """What the door wants besides the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class TagsField(forms.CharField):
    """Tags as people write them, with commas; the claim keeps a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        try:
            return tags.cleaned((super().to_python(value) or "").split(","))
        except InvalidInput as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(list(initial or []) != self.to_python(data))
        except ValidationError:
            return True


class ClaimForm(forms.ModelForm[Claim]):
    """What may be changed of a claim. The desk's own verbs change it, so a refusal stands at its field."""

    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separate them by commas."))

    actor: User
    DETAILS = frozenset({"priority", "due_at"})

    def _post_clean(self) -> None:
        # The last step of reading the form: with no error by now, what was typed goes to the verbs.
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, without a type
        changed = {} if self.errors else {name: self.cleaned_data[name] for name in self.changed_data}
        wording = {name: value for name, value in changed.items() if name not in self.DETAILS}
        details = {name: value for name, value in changed.items() if name in self.DETAILS}
        try:
            with transaction.atomic():
                if wording:
                    claims.reword(self.instance.pk, actor=self.actor, fields=wording)
                if details:
                    claims.set_details(self.instance.pk, actor=self.actor, fields=details)
        except DeskError as error:
            field = error.field if isinstance(error, InvalidInput) else ""
            self.add_error(field if field in self.fields else None, str(error))


class NoteForm(forms.Form):
    """The public note of a correction or a retraction, before it is published."""

    public_note = forms.CharField(
        label=_("Public note, as readers will see it"), widget=forms.Textarea, required=False,
        help_text=_("The standing words, sent by somebody else than who proposed them, are agreed to."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReaderForm(forms.Form):
    """Who reads claims a second time."""

    second_reader = PersonField(User.objects.none(), label=_("Second reader"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["second_reader"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people.reviewers()
