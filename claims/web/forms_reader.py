"""The form for readers who found a mistake, and the desk's form to answer one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.enums import ChangeKind
from claims.models import ReaderMessage
from claims.web.forms_claim import DeskForm, area


class MistakeForm(DeskForm):
    """What a reader found wrong. Nothing is required here: the verb says what is missing, in one place for all."""

    about = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=ReaderMessage.About.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    passage = forms.CharField(
        label=_("The passage"), required=False, widget=area(3),
        help_text=_("Copy the words that are wrong, if you can."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What should it say, and how do you know?"), required=False, widget=area(6)
    )
    link = forms.CharField(
        label=_("A link that shows it"), required=False, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    email = forms.CharField(
        label=_("Your e-mail, if you want an answer"), required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only for the answer. It is never printed or passed on."),
    )  # fmt: skip
    # People do not see it and leave it empty; programs that fill in every field give themselves away.
    website = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip


class AnswerForm(DeskForm):
    """How a reader's message ended."""

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=ReaderMessage.Outcome.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer, with the reason"), required=False, widget=area(5),
        help_text=_("Goes to the reader, where an address was left."),
    )  # fmt: skip


class CorrectForm(DeskForm):
    """Opens a correction because of the message."""

    kind = forms.ChoiceField(
        label=_("What is being mended"), required=False, widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in ChangeKind if kind in ChangeKind.corrections()],
    )  # fmt: skip
