"""Forms of the source library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.enums import SourceKind
from claims.models import LibraryDocument
from claims.web.forms_claim import DOCUMENTS, DeskForm, PageAddress, area


class AboutForm(DeskForm):
    """What is known about a document."""

    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=300)
    kind = forms.ChoiceField(label=_("What it is"), choices=SourceKind.choices, required=False,
                             widget=forms.RadioSelect)  # fmt: skip
    note = forms.CharField(label=_("Note for colleagues"), required=False, widget=area(2))

    @classmethod
    def about(cls, document: LibraryDocument, data: Any = None) -> AboutForm:
        """The form as the document stands, or as it was typed."""
        return cls(
            data, initial={name: getattr(document, name) for name in ("title", "publisher", "kind", "note")}
        )

    def known(self) -> dict[str, Any]:
        """What was typed, as the domain wants it."""
        return {name: self.cleaned_data[name] for name in ("title", "publisher", "kind", "note")}


class DocumentForm(AboutForm):
    """A document comes in: a file, or an address."""

    way = forms.ChoiceField(
        label=_("How does it come in?"), widget=forms.RadioSelect, required=False, initial="file",
        choices=[("file", _("Upload a file")), ("url", _("Give its address"))],
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": DOCUMENTS}),
        help_text=_("A .pdf, .docx, .html, .txt, .png or .jpg of up to 10 MB."),
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )  # fmt: skip
    url = PageAddress()
