"""The small form of one cell of the table of claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.domain import people, seen
from claims.enums import Action, Priority
from claims.models import Claim
from claims.web import cells
from claims.web.forms_claim import Day, DeskForm, load_words, offer_checkers

# The form of the table's page to which the controls in a cell belong.
IN_TABLE = "cell-form"


class CellForm(DeskForm):
    """One field of a claim; for the checker of one that has a checker, also why it is handed over."""

    assignee = forms.ChoiceField(required=False)
    due_at = Day(required=False)
    priority = forms.ChoiceField(choices=Priority.choices)
    tags = forms.CharField(required=False, max_length=4000, help_text=_("Separate them by commas."))
    reason = forms.CharField(label=_("Why"), required=False)

    def __init__(
        self, field: str, claim: Claim, person: User, data: Any = None, *, in_table: bool = False
    ) -> None:
        self.one_field, self.in_table = field, in_table
        self.move = cells.move_of(claim, person) if field == "assignee" else None
        super().__init__(data, initial=_standing(claim), auto_id="cell-%s")
        kept = {field, "reason"} if self.move == Action.REASSIGN else {field}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        self.fields[field].label = cells.label(field, claim.number)
        if field == "assignee":
            self._offer_people(claim, person)
        self.opened = self._opened(claim) if data is None else str(data.get("seen", ""))
        if in_table:
            for control in self.fields.values():
                control.widget.attrs["form"] = IN_TABLE
            if field == "tags":
                self.fields[field].widget.attrs |= {"list": "tags-in-use", "autocomplete": "off"}

    def mark_errors(self) -> None:
        """The same as everywhere; in the table the field that is wrong, or the one that is changed, gets the focus."""
        super().mark_errors()
        wrong = next((name for name in self.fields if name in self.errors), self.one_field)
        if self.in_table:
            self.fields[wrong].widget.attrs["data-focus"] = ""

    def reopen(self, claim: Claim) -> None:
        """After somebody else was first: saving once more is a choice made with the present state in sight."""
        self.opened = self._opened(claim)

    def _opened(self, claim: Claim) -> str:
        """What of the claim is compared: moves count its version, the rest goes by what the field showed."""
        return str(claim.version) if self.one_field == "assignee" else seen.mark(claim, self.one_field)

    def _offer_people(self, claim: Claim, person: User) -> None:
        found = people.candidates(claim)
        choose = self.fields["assignee"]
        assert isinstance(choose, forms.ChoiceField)
        self.initial.pop("assignee")  # whoever has it is not offered; the best suited is
        offered = offer_checkers(self, claim, found)
        if self.move == Action.TAKE:
            offered = [(value, words) for value, words in offered if value == str(person.pk)]
            choose.help_text = ""
            self.initial["assignee"] = str(person.pk)
        typed = str(self.data.get("assignee", ""))
        if typed and typed not in dict(offered):
            # What was chosen stays chosen: who may not check the claim is said beside it, not swapped for another.
            one = next((one for one in found if str(one.person.pk) == typed), None)
            offered = [(typed, load_words(one)) if one else ("", str(_("Choose"))), *offered]
        choose.choices = offered


def _standing(claim: Claim) -> dict[str, Any]:
    return {
        "assignee": str(claim.assignee_id or ""),
        "due_at": timezone.localtime(claim.due_at).date() if claim.due_at else None,
        "priority": claim.priority,
        "tags": ", ".join(map(str, claim.tags)),
    }
