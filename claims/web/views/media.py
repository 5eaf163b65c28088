"""What was found of the picture, film or sound that carries a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.domain import media, verdicts
from claims.enums import MediaCategory, MediaKind
from claims.exceptions import DeskError
from claims.models import Claim, MediaFinding
from claims.web import answers, meeting, problems
from claims.web.forms_claim import DeskForm, area


class MediaForm(DeskForm):
    """The finding; without a category there is none."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What carries the claim?"), choices=MediaKind.choices, widget=forms.RadioSelect,
        initial=MediaKind.IMAGE, required=False,
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What was done to it?"), choices=MediaCategory.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    appearance = forms.CharField(
        label=gettext_lazy("Address where it is shown"), required=False, max_length=2000
    )
    original_context = forms.CharField(
        label=gettext_lazy("What it shows in truth"), required=False, widget=area(3),
        help_text=gettext_lazy("When, where and by whom it was made, as far as you know."),
    )  # fmt: skip
    original_link = forms.CharField(
        label=gettext_lazy("Address of the original"), required=False, max_length=2000
    )

    @classmethod
    def of(cls, row: MediaFinding | None, data: Any = None) -> MediaForm:
        """The form as the finding stands, or as it was typed."""
        kept = {name: getattr(row, name) for name in cls.base_fields} if row else None
        return cls(data, initial=kept).opened_on(row, data)


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Record, change or take away the finding."""
    claim = get_object_or_404(Claim.objects.select_related("article", "speaker"), pk=pk)
    person = answers.require_reviewer(request)
    status, met = 200, None
    present = _present(claim)
    if request.method == "GET":
        verdicts.require_writer(claim, person)
        form = MediaForm.of(present)
    else:
        form = MediaForm.of(present, request.POST)
        status = 422
        if form.is_valid():
            try:
                media.save(pk, actor=person, fields=form.cleaned_data, seen=form.opened)
            except DeskError as error:
                present = _present(claim)
                met = meeting.refused(form, error, present, MediaForm.of(present))
                status = problems.status_of(error)
            else:
                messages.success(request, _("Saved."))
                return answers.go(request, f"{reverse('claim', args=[pk])}#verdict")
    form.mark_errors()
    return render(request, "desk/media.html", {"claim": claim, "form": form, "met": met}, status=status)


def _present(claim: Claim) -> MediaFinding | None:
    return MediaFinding.objects.select_related("saved_by").filter(claim=claim).first()
