"""Filters of the lists; each is a parameter of the address. A value that makes no sense is refused, never ignored."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from claims.domain import searching
from claims.enums import ArticleState, AssignmentRole, ClaimStatus, Priority, SourceKind, Stance, StepState
from claims.models import (
    Article,
    Assignment,
    Claim,
    Evidence,
    ReaderMessage,
    Report,
    Speaker,
    VerificationStep,
)
from claims.models.claim import on_topic

LARGEST = 2**63 - 1


class Words(django_filters.CharFilter):  # type: ignore[misc]  # the library has no types
    """A text of so many characters at most; the schema says so too."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        extend_schema_field({"type": "string", "maxLength": max_length})(self)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST})
class IdFilter(django_filters.Filter):  # type: ignore[misc]  # the library has no types
    """The number of something."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST, **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class YesNo(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # the library has no types
    """``true`` or ``false``, and nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(*args, choices=choices, coerce=lambda value: value == "true", **kwargs)


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 1})
class Fraction(django_filters.NumberFilter):  # type: ignore[misc]  # the library has no types
    """From 0 to 1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=1, **kwargs)


class ArticleFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Narrow articles down."""

    state = django_filters.ChoiceFilter(
        choices=ArticleState.choices, help_text="How far it is on its way in."
    )
    topic = Words(lookup_expr="iexact", max_length=80)
    search = Words(
        field_name="title", lookup_expr="icontains", max_length=200, help_text="Words of the title."
    )

    class Meta:
        model = Article
        fields = ()


class ClaimFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Narrow claims down."""

    article = IdFilter(field_name="article_id", help_text="Claims of one article.")
    status = django_filters.MultipleChoiceFilter(
        choices=ClaimStatus.choices, help_text="May be given several times."
    )
    assignee = Words(field_name="assignee__username", max_length=150, help_text="User name of the checker.")
    second_reader = Words(
        field_name="second_reader__username", max_length=150, help_text="User name of the second reader."
    )
    unassigned = YesNo(field_name="assignee", lookup_expr="isnull", help_text="Claims that nobody checks.")
    priority = django_filters.ChoiceFilter(choices=Priority.choices)
    worth_from = Fraction(
        field_name="worthiness", lookup_expr="gte", help_text="Worth checking at least this much."
    )
    speaker = Words(
        field_name="speaker__name", lookup_expr="iexact", max_length=300, help_text="Name of the speaker."
    )
    topic = Words(method="on_topic", max_length=80)
    search = Words(
        method="with_words",
        max_length=200,
        help_text="Words that the claim, its speaker, its article or its sources say; each must be there.",
    )

    def on_topic(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """In small or capital letters."""
        return rows.filter(Q(on_topic(value)))

    def with_words(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """The same search as on the desk's own lists."""
        return searching.saying(rows, value)

    class Meta:
        model = Claim
        fields = ()


class EvidenceFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Evidence of one claim, or of one stance."""

    claim = IdFilter(field_name="claim_id", help_text="Sources of one claim.")
    stance = django_filters.ChoiceFilter(choices=Stance.choices)
    kind = django_filters.ChoiceFilter(choices=SourceKind.choices)
    withdrawn = YesNo(
        field_name="withdrawn_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="Taken back, or still standing.",
    )

    class Meta:
        model = Evidence
        fields = ()


class StepFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Steps of one claim or article, or in one state."""

    claim = IdFilter(field_name="claim_id", help_text="Steps of one claim.")
    article = IdFilter(field_name="article_id", help_text="Steps of one article (fetching, reading).")
    state = django_filters.ChoiceFilter(choices=StepState.choices)
    kind = Words(max_length=40, help_text="Kind of step, such as quote_check.")

    class Meta:
        model = VerificationStep
        fields = ()


class AssignmentFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Who was asked to do what."""

    claim = IdFilter(field_name="claim_id", help_text="Assignments of one claim.")
    person = Words(field_name="person__username", max_length=150, help_text="User name.")
    role = django_filters.ChoiceFilter(choices=AssignmentRole.choices)
    standing = YesNo(field_name="ended_at", lookup_expr="isnull", help_text="Those that have not ended.")

    class Meta:
        model = Assignment
        fields = ()


class SpeakerFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Speakers by name."""

    name = Words(lookup_expr="iexact", max_length=300, help_text="The whole name.")
    search = Words(
        field_name="name", lookup_expr="icontains", max_length=200, help_text="A part of the name."
    )

    class Meta:
        model = Speaker
        fields = ()


class ReportFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Public reports."""

    verdict = Words(field_name="verdict_key", max_length=40, help_text="Key of the rating.")
    topic = Words(lookup_expr="iexact", max_length=80)
    retracted = YesNo(
        field_name="retracted_at", lookup_expr="isnull", exclude=True, help_text="Withdrawn reports."
    )
    search = Words(
        field_name="headline", lookup_expr="icontains", max_length=200, help_text="Words of the headline."
    )

    class Meta:
        model = Report
        fields = ()


class ReaderMessageFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Messages from readers."""

    about = django_filters.ChoiceFilter(choices=ReaderMessage.About.choices)
    outcome = django_filters.ChoiceFilter(choices=ReaderMessage.Outcome.choices)

    class Meta:
        model = ReaderMessage
        fields = ()
