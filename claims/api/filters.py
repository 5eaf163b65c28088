"""Filters of the lists; each is a parameter of the address."""

from __future__ import annotations

import django_filters

from claims.enums import ClaimStatus
from claims.models import Claim, Evidence


class ClaimFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Narrow claims down."""

    status = django_filters.MultipleChoiceFilter(choices=ClaimStatus.choices)
    assignee = django_filters.CharFilter(field_name="assignee__username")
    second_reader = django_filters.CharFilter(field_name="second_reader__username")
    unassigned = django_filters.BooleanFilter(field_name="assignee", lookup_expr="isnull")
    worth_from = django_filters.NumberFilter(field_name="worthiness", lookup_expr="gte")
    speaker = django_filters.CharFilter(field_name="speaker__name", lookup_expr="iexact")
    topic = django_filters.CharFilter(lookup_expr="iexact")
    search = django_filters.CharFilter(field_name="text", lookup_expr="icontains")

    class Meta:
        model = Claim
        fields = ("article",)


class EvidenceFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Evidence of one claim, or of one stance."""

    class Meta:
        model = Evidence
        fields = ("claim", "stance", "kind")
