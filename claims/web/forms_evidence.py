"""The form of one source: link, title, what it does and what it is; everything else stands under one fold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.enums import SourceKind, Stance
from claims.integrations import urls
from claims.models import Evidence
from claims.steps.evidence_search import nearness
from claims.web.forms_claim import DOCUMENTS, Day, DeskForm, area


class EvidenceForm(DeskForm):
    """One source."""

    # Text to the browser, which would else refuse a link in its own words and not in the desk's. The form keeps the browser's
    # look at the rest: of a day that is half typed it would send nothing, and nothing means today.
    url = forms.CharField(
        label=_("Link"), required=False, max_length=2000, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    where = forms.CharField(label=_("Or where to find it"), required=False, max_length=500,
                            help_text=_("For what has no link: an archive, a phone call, a file."))  # fmt: skip
    file = forms.FileField(
        label=_("Or a file"), required=False, widget=forms.FileInput(attrs={"accept": DOCUMENTS}),
        help_text=_("A .pdf, .docx, .html, .txt, .png or .jpg of up to 10 MB. It is kept in the library."),
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )  # fmt: skip
    document = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=300)
    quote = forms.CharField(label=_("The words that matter"), required=False, widget=area(3))
    stance = forms.ChoiceField(label=_("What it does"), choices=Stance.choices, required=False,
                               widget=forms.RadioSelect)  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is"), choices=SourceKind.choices, required=False,
                             widget=forms.RadioSelect)  # fmt: skip
    interests = forms.CharField(label=_("Interests"), required=False, max_length=500,
                                help_text=_("What the source stands to gain. Or: none known."))  # fmt: skip
    origin = forms.CharField(
        label=_("Origin"), required=False, max_length=200,
        help_text=_("Sources that repeat one study or one press release share an origin and count once."),
    )  # fmt: skip
    anonymous = forms.BooleanField(label=_("The source stays unnamed"), required=False)
    anonymous_reason = forms.CharField(
        label=_("Why it stays unnamed"), required=False, max_length=300,
        help_text=_("Only for safety: who would be at risk. Printed on the report, and an editor has to agree."),
    )  # fmt: skip
    accessed_on = Day(label=_("Seen on"), required=False)
    note = forms.CharField(label=_("Note for colleagues"), required=False, widget=area(2))

    proposed = ""  # the kind that the site's name speaks for, as long as nobody chose one

    @classmethod
    def of(cls, item: Evidence, data: Any = None, files: Any = None) -> EvidenceForm:
        """The form as the source stands, or as it was typed."""
        kept = {name: getattr(item, name) for name in cls.base_fields if name not in {"file", "document"}}
        return cls(data, files, initial=kept).opened_on(item, data)

    @property
    def more(self) -> bool:
        """Something stands, or is wrong, in what the form folds away; a missing link may be mended there too."""
        folded = self.fields.keys() - {"url", "title", "stance", "kind", "document"}
        wrong = self.errors.keys() & {*folded, "url"}
        return bool(wrong) or any(self[name].value() for name in folded)

    def propose_kind(self, address: str) -> None:
        """Ask for the proposed kind again whenever the link changes; what was chosen by hand is sent along and stays.

        What was only proposed for the link before goes with that link. A form that was refused goes on as it was.
        """
        self.fields["url"].widget.attrs |= {
            "hx-get": address, "hx-trigger": "change", "hx-include": "#evidence-kind",
            "hx-target": "#evidence-kind", "hx-select": "#evidence-kind", "hx-swap": "outerHTML",
        }  # fmt: skip
        if self.is_bound:
            kind = str(self.data.get("kind", ""))
            self.proposed = kind if kind == self.data.get("proposed") else ""
        else:
            self.fields["url"].widget.attrs["autofocus"] = True
            if self.initial.get("kind") == self.initial.get("proposed"):
                self.initial.pop("kind", None)
            link = str(self.initial.get("url") or "")
            if link and not self.initial.get("kind") and not urls.why_not_printed(link):
                self.initial["kind"] = self.proposed = nearness(link)
        if self.proposed:
            # On the bound field, which a form that was read has made already.
            self["kind"].help_text = _("Proposed by the name of the site. Choose another where it is wrong.")
