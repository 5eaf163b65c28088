"""The form for a receiver of calls."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.domain.webhooks import EVENTS
from claims.models import WebhookReceiver
from claims.web.forms_claim import DeskForm


class ReceiverChangeForm(DeskForm):
    """What can be changed of a receiver: not the form of its calls, since what waits was worded in it."""

    name = forms.CharField(label=_("Name"), required=False, max_length=100,
                           help_text=_("What it is: our website, the newsroom chat."))  # fmt: skip
    url = forms.CharField(
        label=_("Address to call"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), required=False, choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class ReceiverForm(ReceiverChangeForm):
    """A program elsewhere that wants to be told."""

    form = forms.ChoiceField(label=_("Form"), choices=WebhookReceiver.Form.choices, widget=forms.RadioSelect,
                             initial=WebhookReceiver.Form.SIGNED)  # fmt: skip
