"""Claims in the administration: moved by buttons and in bulk, through the same door as everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.base import NoDeleteAdmin, ReadOnlyAdmin, VeiledAdmin
from claims.admin.forms import ClaimForm, MoveForm, NoteForm, ReaderForm
from claims.domain import assignment, blind, public_notes, queries, searching, seen
from claims.domain.locking import note_author_of_read
from claims.domain.transitions import available, transition
from claims.enums import Action, NoteFor
from claims.exceptions import Conflict, DeskError, InvalidInput, NotAllowed, TransitionRefused
from claims.models import Assignment, Claim, Comment, Evidence, Speaker
from claims.models.article import long_fields

BULK = (Action.TRIAGE, Action.ASSIGN, Action.DECLINE, Action.HOLD, Action.REOPEN, Action.PUBLISH)

EDITABLE = ("restated", "speaker_role", "said_on", "said_where", "topic", "tags", "priority", "due_at")
SHOWN = (
    "text", "status", "version", "assignee", "second_reader", "speaker", "worthiness", "article", "number",
    "decline_reason", "duplicate_of", "publish_at", "created_at", "touched_at",
)  # fmt: skip


@admin.register(Claim)
class ClaimAdmin(NoDeleteAdmin):
    form = ClaimForm
    change_form_template = "admin/claims/claim/change_form.html"
    list_display = (
        "__str__",
        "status",
        "speaker",
        "assignee",
        "second_reader",
        "due_at",
        "worthiness",
        "article",
    )
    # No filter that would have to read every claim to know its choices; topics are found by the search.
    list_filter = ("status", "priority", "assignee", "second_reader")
    search_fields = ("text",)  # shows the field; what is searched says get_search_results
    search_help_text = gettext_lazy("Words of the claim, its speaker, its article or its sources.")
    ordering = ("-created_at", "-id")
    list_per_page = 50
    view_on_site = False  # its page has a button of its own that says where it leads
    fields = (*EDITABLE, *SHOWN)
    readonly_fields = SHOWN

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """With what the list shows, without the articles' texts: to sort rows of some megabytes took minutes."""
        rows: QuerySet[Claim] = super().get_queryset(request)
        rows = rows.select_related("article", "speaker", "assignee", "second_reader")
        return rows.defer(*long_fields("article"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """The same search as on the desk's own lists."""
        return searching.saying(queryset, search_term), False

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        for action in BULK:
            actions[f"bulk_{action}"] = (_bulk(action), f"bulk_{action}", str(action.label))
        ask: Any = _ask_reader
        actions["second_reader"] = (ask, "second_reader", str(_("Ask a second reader")))
        return actions

    def get_form(
        self, request: HttpRequest, obj: Claim | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.actor = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        """The form has changed the claim by the desk's verbs, see there."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit trail tells it; Django's own log would tell it a second time."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/move/<str:action>/",
                self.admin_site.admin_view(self.move_view),
                name="claims_claim_move",
            ),
            path(
                "<int:pk>/note/<str:of>/",
                self.admin_site.admin_view(self.note_view),
                name="claims_claim_note",
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        claim = Claim.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        extra = dict(extra_context or {})
        if claim is not None:
            person: Any = request.user
            extra |= {
                "moves": available(claim, person),
                "timeline": queries.timeline(claim),
                "unseen": blind.is_hidden(claim, person),
                "desk_claim": claim,
                "notes_for": public_notes.spoken_of(claim),
            }
        return super().change_view(request, object_id, form_url, extra)

    def move_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Ask what the action needs, then send one claim through the door."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        claim = Claim.objects.filter(pk=pk).first()
        if claim is None or action not in Action.values:
            messages.error(request, _("There is no such claim or action."))
            return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
        return _ask(self, request, Action(action), [claim], single=True)

    def note_view(self, request: HttpRequest, pk: int, of: str) -> HttpResponse:
        """Propose the public note of a correction or a retraction, or agree to the one that stands."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        claim = Claim.objects.filter(pk=pk).first()
        if claim is None or of not in NoteFor.values:
            messages.error(request, _("There is no such claim or note."))
            return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
        standing = public_notes.standing(claim, of)
        shown = {"public_note": standing.text if standing else "", "seen": seen.mark(standing)}
        form, status = NoteForm(request.POST or None, initial=shown), 200
        if request.method == "POST" and form.is_valid():
            actor: Any = request.user
            typed = dict(form.cleaned_data)
            try:
                public_notes.propose(pk, of, actor=actor, text=typed["public_note"], seen=typed["seen"])
                return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[pk]))
            except DeskError as error:
                form.add_error("public_note", str(error))
                status = _status_of(error)
                standing = public_notes.standing(claim, of)
                if isinstance(error, Conflict) and standing is not None:
                    # Sent again, it is sent with the words in sight that stand now.
                    form.add_error("public_note", _("It reads now: “%(note)s”") % {"note": standing.text})
                    form.data = {"public_note": typed["public_note"], "seen": seen.mark(standing)}
        title = _("Public note: %(of)s") % {"of": NoteFor(of).label}
        return _question(
            self, request, [claim], form, title, "note", single=True, status=status, press=_("Propose this note")
        )  # fmt: skip


def _bulk(action: Action) -> Any:
    def run(modeladmin: ClaimAdmin, request: HttpRequest, chosen: QuerySet[Claim]) -> HttpResponse | None:
        return _ask(modeladmin, request, action, list(chosen.order_by("pk")), single=False)

    return run


def _ask_reader(modeladmin: ClaimAdmin, request: HttpRequest, chosen: QuerySet[Claim]) -> HttpResponse | None:
    """Ask one person to read the chosen claims a second time, or nobody in particular; no claim moves by it."""
    confirmed = request.POST.get("confirmed") == "yes"
    form = ReaderForm(request.POST if confirmed else None)
    rows = list(chosen.order_by("pk"))
    if not confirmed or not form.is_valid():
        return _question(modeladmin, request, rows, form, str(_("Ask a second reader")), "second_reader")
    actor: Any = request.user
    refused: list[tuple[Claim, DeskError]] = []
    for claim in rows:
        try:
            assignment.set_second_reader(
                claim.pk, form.cleaned_data["second_reader"], actor=actor, note=form.cleaned_data["note"]
            )
        except DeskError as error:
            refused.append((claim, error))
            messages.error(request, f"{claim}: {error}")
    if not refused:
        return None
    _pin(form, refused[0][1])
    left, status = [claim for claim, _error in refused], _status_of(refused[0][1])
    return _question(
        modeladmin, request, left, form, str(_("Ask a second reader")), "second_reader", status=status
    )


def _question(
    modeladmin: ClaimAdmin, request: HttpRequest, rows: list[Claim], form: Any, title: str, name: str,
    *, single: bool = False, status: int = 200, press: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": title,
        "claims": rows,
        "form": form,
        "single": single,
        "opts": modeladmin.model._meta,
        "action_name": name,
        "press": press,
    }
    return TemplateResponse(request, "admin/claims/claim/move.html", context, status=status)


def _ask(
    modeladmin: ClaimAdmin, request: HttpRequest, action: Action, chosen: list[Claim], *, single: bool
) -> HttpResponse:
    """The page between pressing a button and the door: reason and whatever else the action asks."""
    confirmed = request.POST.get("confirmed") == "yes"
    initial = {"public_note": public_notes.text_for(chosen[0], action)} if len(chosen) == 1 else {}
    form = MoveForm(action, request.POST if confirmed else None, initial=initial)
    status = 422 if confirmed and not form.is_valid() else 200
    if confirmed and form.is_valid():
        refused = _move_all(request, action, chosen, form)
        if not refused:
            there = reverse("admin:claims_claim_change", args=[chosen[0].pk])
            return HttpResponseRedirect(there if single else request.get_full_path())
        # The page comes again for those that were refused, with what was typed; the version beside each is the one
        # that stands now.
        status = _status_of(refused[0][1])
        _pin(form, refused[0][1])
        chosen = list(Claim.objects.filter(pk__in=[claim.pk for claim, _error in refused]).order_by("pk"))
    return _question(
        modeladmin, request, chosen, form, str(action.label), f"bulk_{action}", single=single, status=status
    )


def _pin(form: Any, error: DeskError) -> None:
    """Put a refusal at its field, where the form has it."""
    if isinstance(error, InvalidInput) and error.field in form.fields:
        form.add_error(error.field, str(error))
    elif isinstance(error, TransitionRefused):
        for name, sentence in error.fields.items():
            if name in form.fields:
                form.add_error(name, sentence)


def _status_of(error: DeskError) -> int:
    if isinstance(error, Conflict):
        return 409
    return 403 if isinstance(error, NotAllowed) else 422


def _move_all(
    request: HttpRequest, action: Action, chosen: Iterable[Claim], form: MoveForm
) -> list[tuple[Claim, DeskError]]:
    """Each claim for itself: one that is refused does not hold the others back. Answers with those refused."""
    actor: Any = request.user
    moved = 0
    refusals: list[tuple[Claim, DeskError]] = []
    for claim in chosen:
        version = _seen(request, claim)
        try:
            transition(
                claim.pk, action, actor=actor, version=version, reason=form.cleaned_data["reason"],
                payload=form.payload(),
            )  # fmt: skip
            moved += 1
        except DeskError as error:
            refusals.append((claim, error))
            messages.error(request, f"{claim}: {error}")
    if moved:
        done = ngettext("%(count)d claim: %(action)s.", "%(count)d claims: %(action)s.", moved)
        messages.success(request, done % {"count": moved, "action": action.label})
    return refusals


def _seen(request: HttpRequest, claim: Claim) -> int:
    """The version that stood on the page which asked, so that somebody faster is not overruled."""
    value = request.POST.get(f"version_{claim.pk}", "")
    return int(value) if value.isdecimal() and len(value) < 10 else claim.version


@admin.register(Speaker)
class SpeakerAdmin(NoDeleteAdmin):
    list_display = ("name", "role", "same_as")
    search_fields = ("name",)
    fields = ("name", "role", "same_as")

    def save_model(self, request: HttpRequest, obj: Speaker, form: Any, change: bool) -> None:
        """Reports print all three, so whoever changes them while a claim is reviewed has written on that claim."""
        actor: Any = request.user
        with transaction.atomic():
            if form.changed_data:
                note_author_of_read(Claim.objects.filter(speaker_id=obj.pk), actor, "speaker.changed")
            super().save_model(request, obj, form, change)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "claim", "stance", "kind", "publisher", "added_by", "withdrawn_at")
    list_filter = ("stance", "kind", "archive_state")
    search_fields = ("title", "publisher", "quote")
    list_select_related = ("claim", "added_by")


@admin.register(Assignment)
class AssignmentAdmin(VeiledAdmin):
    list_display = ("claim", "person", "role", "assigned_by", "created_at", "ended_at")
    list_select_related = ("claim", "person", "assigned_by")


@admin.register(Comment)
class CommentAdmin(VeiledAdmin):
    list_display = ("__str__", "claim", "author", "created_at")
    search_fields = ("text",)
    list_select_related = ("claim", "author")
