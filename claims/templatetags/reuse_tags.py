"""Links that take lists along as files."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.enums import MediaCategory, MediaKind
from claims.publishing.document import MediaReview

register = template.Library()
_LABELS = {"csv": "CSV", "xlsx": "Excel", "ndjson": "NDJSON", "jsonld": "JSON-LD", "datafeed": "DataFeed"}
# Places in a list are no part of a file that holds the whole list.
_PLACES = ("after", "before", "page")


@register.inclusion_tag("partials/_downloads.html", takes_context=True)
def list_downloads(context: dict[str, Any], name: str, *forms: str) -> dict[str, Any]:
    """The list that the page shows, all of its pages, as files: the same filter goes along in the address."""
    query: QueryDict = context["request"].GET.copy()
    for place in (*_PLACES, *context.get("passed_over", ())):
        query.pop(place, None)
    tail = f"?{query.urlencode()}" if query else ""
    links = [(f"{reverse(name, args=[form])}{tail}", _LABELS[form]) for form in forms]
    return {"links": links, "label": _("This list as a file:")}


@register.simple_tag
def media_heading(media: MediaReview) -> str:
    """The heading over what was found of a picture, film or sound."""
    headings = {
        MediaKind.IMAGE: _("About the picture"),
        MediaKind.VIDEO: _("About the film"),
        MediaKind.AUDIO: _("About the recording"),
    }
    return headings[MediaKind(media.media_type)]


@register.simple_tag
def media_words(media: MediaReview) -> str:
    """What was done to it, in words."""
    return ". ".join(str(MediaCategory(name).label) for name in media.categories)
