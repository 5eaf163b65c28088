"""Two people at one record: what stands there now beside what was typed, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format

from claims.domain import people, seen
from claims.exceptions import Conflict, DeskError
from claims.web import answers
from claims.web.differences import compare
from claims.web.forms_claim import DeskForm
from claims.web.verdict_texts import Difference, shown


@dataclass(frozen=True, slots=True)
class Met:
    """Whose record stands, and where it is not what was typed."""

    who: str
    differences: list[Difference]


def refused(form: DeskForm, error: DeskError, row: Model | None, theirs: DeskForm) -> Met | None:
    """Put a refusal on the form; where somebody else saved meanwhile, also what they saved.

    The form is then open on the record as it stands now: saving it again is a choice made with both texts in sight.

    Args:
        row: the record as it stands.
        theirs: the form of that record.
    """
    answers.pin(form, error)
    if not isinstance(error, Conflict):
        return None
    form.opened = seen.mark(row, form.one_field)
    return Met(people.display_name(seen.saved_by(row, form.one_field)), differences(theirs, form))


def differences(theirs: DeskForm, mine: DeskForm) -> list[Difference]:
    """The fields in which two forms differ, in the order of the form."""
    found = []
    for name, field in mine.fields.items():
        if isinstance(field, forms.FileField) or field.widget.is_hidden:
            continue
        one = _text(field, theirs.get_initial_for_field(field, name) if theirs.initial else None)
        other = _text(field, mine.cleaned_data.get(name))
        if one != other:
            found.append(Difference(name, str(field.label), one, other, compare(one, other)))
    return found


def _text(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        words = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in chosen if one not in (None, ""))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return shown("", value).replace("\r\n", "\n")
