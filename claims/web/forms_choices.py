"""What a form says of a choice that is not on its list, and of too much in a field."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

# A page was open while somebody left or a list was changed.
NO_CHOICE = _("It cannot be chosen, or not any more. Choose again from the list.")
# The browser would cut what is pasted at the field's end, and nobody would see it.
TOO_LONG = _("“%(field)s” is longer than %(most)s characters. Shorten it.")


def in_plain_words(fields: Iterable[forms.Field]) -> None:
    """Put the desk's sentences in the place of Django's own; a field's own words stay. No field cuts what is pasted."""
    for field in fields:
        if field.widget.attrs.pop("maxlength", None) and isinstance(field, forms.CharField):
            field.error_messages["max_length"] = TOO_LONG % {
                "field": field.label,
                "most": f"{field.max_length:,}",
            }
        own = getattr(type(field), "default_error_messages", {}).get("invalid_choice")
        if own is not None and field.error_messages["invalid_choice"] is own:
            field.error_messages["invalid_choice"] = NO_CHOICE
