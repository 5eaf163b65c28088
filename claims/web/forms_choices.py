"""What a form says of a choice that is not on its list."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

# A page was open while somebody left or a list was changed.
NO_CHOICE = _("It cannot be chosen, or not any more. Choose again from the list.")


def in_plain_words(fields: Iterable[forms.Field]) -> None:
    """Put ``NO_CHOICE`` in the place of Django's own sentence, which prints the value; a field's own words stay."""
    for field in fields:
        own = getattr(type(field), "default_error_messages", {}).get("invalid_choice")
        if own is not None and field.error_messages["invalid_choice"] is own:
            field.error_messages["invalid_choice"] = NO_CHOICE
