"""Forms of what editors lay down: the rating scale, checklists, reasons to decline, due dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from claims.domain.house_rules import MOST_RULES, DueRule, Reason
from claims.domain.scales import Rating
from claims.enums import Priority
from claims.models import Checklist, RatingScale
from claims.web.forms_claim import DeskForm, area

DAYS_ERROR = {"invalid": _("Enter a number of days from 1 to 365.")}

LAST_PLACE = 99
PLACE_ERROR = format_lazy(_("Enter a place from 1 to {last}."), last=LAST_PLACE)


class Rows(forms.BaseFormSet[Any]):
    """Rows that can be put in order and taken off, with some empty ones below for what is new."""

    off_label = _("Take off")

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"] = forms.IntegerField(
                label=_("Place"), required=False, min_value=1, max_value=LAST_PLACE, initial=form.fields["ORDER"].initial,
                widget=forms.NumberInput(attrs={"class": "tiny"}),
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PLACE_ERROR),
            )  # fmt: skip
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = self.off_label

    def rows(self) -> list[Any]:
        """The rows as they were put in order; those without a place stand last. Emptied or taken off, a row is gone."""
        standing = [form for form in self.forms if not form.cleaned_data.get("DELETE") and _filled(form)]
        return sorted(standing, key=lambda form: form.cleaned_data.get("ORDER") or 10_000)

    def mark_errors(self) -> None:
        """See ``DeskForm.mark_errors``."""
        for form in self.forms:
            form.mark_errors()

    def problems(self) -> list[dict[str, str]]:
        """Every error of every row for the summary on top."""
        return [
            {"field": form[name].auto_id if name != NON_FIELD_ERRORS else "", "text": str(text)}
            for form in self.forms
            for name, texts in form.errors.items()
            for text in texts
        ]


def _filled(form: DeskForm) -> bool:
    values = form.cleaned_data
    return any(values.get(name) for name, field in form.fields.items()
               if not field.widget.is_hidden and name not in {"ORDER", "DELETE"})  # fmt: skip


class RatingForm(DeskForm):
    """One rating of the scale."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    word = forms.CharField(label=_("Word"), required=False, max_length=60)
    definition = forms.CharField(label=_("What it means"), required=False, widget=area(2))

    def rating(self) -> Rating:
        """What was typed."""
        values = self.cleaned_data
        return Rating(values["word"], values["definition"], values["key"])


RatingRows = forms.formset_factory(
    RatingForm, formset=Rows, extra=2, can_order=True, can_delete=True, max_num=25
)


class ScaleForm(DeskForm):
    """The name of the scale, and which version the editor saw."""

    name = forms.CharField(label=_("Name of the scale"), required=False, max_length=80)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)


def rating_rows(scale: RatingScale | None, data: Any = None) -> tuple[Any, Any]:
    """The rows on the scale, truest first, and those off it."""
    levels = list(scale.levels.all()) if scale else []
    on = sorted((row for row in levels if not row.off_scale), key=lambda row: -(row.value or 0))
    off = [row for row in levels if row.off_scale]
    return tuple(
        RatingRows(
            data, prefix=prefix,
            initial=[{"key": row.key, "word": row.word, "definition": row.definition, "ORDER": at}
                     for at, row in enumerate(rows, start=1)],
        )
        for prefix, rows in (("on", on), ("off", off))
    )  # type: ignore[return-value]  # two of them  # fmt: skip


class ReasonForm(DeskForm):
    """One reason to decline a claim."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    label = forms.CharField(label=_("Reason"), required=False, max_length=200)


ReasonRows = forms.formset_factory(
    ReasonForm, formset=Rows, extra=3, can_order=True, can_delete=True, max_num=60
)


def reason_rows(reasons: Sequence[Reason], data: Any = None) -> Any:
    """The reasons on the list, with three empty rows."""
    standing = [reason for reason in reasons if not reason.retired]
    return ReasonRows(
        data, prefix="reason",
        initial=[{"key": reason.key, "label": reason.label, "ORDER": at} for at, reason in enumerate(standing, start=1)],
    )  # fmt: skip


class DueForm(DeskForm):
    """The desk's usual days."""

    usual = forms.IntegerField(label=_("Days for every other claim"), error_messages={**DAYS_ERROR, "required": DAYS_ERROR["invalid"]},
                               widget=forms.NumberInput(attrs={"class": "tiny", "min": "1"}))  # fmt: skip


class DueRuleForm(DeskForm):
    """One rule. A row without days is no rule."""

    topic = forms.CharField(label=_("Topic"), required=False, max_length=80)
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("Every")), *Priority.choices]
    )
    days = forms.IntegerField(label=_("Days"), required=False, error_messages=DAYS_ERROR,
                              widget=forms.NumberInput(attrs={"class": "tiny", "min": "1"}))  # fmt: skip

    def rule(self) -> DueRule | None:
        """What was typed; None for an empty row."""
        values = self.cleaned_data
        if not values.get("days"):
            return None
        return DueRule(values["days"], values["priority"], values["topic"])


DueRuleRows = forms.formset_factory(DueRuleForm, formset=Rows, extra=3, can_delete=True, max_num=MOST_RULES)


def due_rows(rules: Sequence[DueRule], data: Any = None) -> Any:
    """The rules as they stand, with three empty rows."""
    initial = [{"topic": rule.topic, "priority": rule.priority, "days": rule.days} for rule in rules]
    return DueRuleRows(data, prefix="rule", initial=initial)


class ChecklistForm(DeskForm):
    """A list: each line is one thing to look at."""

    name = forms.CharField(label=_("Name of the list"), required=False, max_length=80)
    topic = forms.CharField(label=_("Only for claims of the topic"), required=False, max_length=80,
                            help_text=_("Leave it empty for a list that holds for every claim."))  # fmt: skip
    items = forms.CharField(
        label=_("What to look at"), required=False, widget=area(10),
        help_text=_("One line for each. A line whose words you leave as they are keeps its ticks."),
    )  # fmt: skip

    @classmethod
    def of(cls, checklist: Checklist, lines: Sequence[str]) -> ChecklistForm:
        """The form as the list stands."""
        return cls(initial={"name": checklist.name, "topic": checklist.topic, "items": "\n".join(lines)})
