"""Articles as they came in, and the statements found in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import ArticleState, IntakeKind
from claims.models.texts import TextQuerySet

# What may be megabytes of an article and no list shows. A row that is sorted along with them costs seconds.
LONG_FIELDS = ("text", "original_text", "dropped")


def long_fields(path: str) -> list[str]:
    """The long fields of the article that ``path`` (such as ``"article"``) leads to, for ``defer``."""
    return [f"{path}__{name}" for name in LONG_FIELDS]


class ArticleQuerySet(TextQuerySet["Article"]):
    """Which articles a page may list."""

    def readable(self) -> ArticleQuerySet:
        """Those with a text; what is still on its way or failed is left out."""
        return self.exclude(state=ArticleState.FAILED).exclude(text="")

    def with_public_reports(self) -> ArticleQuerySet:
        """Those of which at least one verdict stands in public."""
        public = Article.objects.filter(
            pk=models.OuterRef("pk"), claims__report__current_version__isnull=False
        )
        return self.filter(models.Exists(public))


class Article(models.Model):
    """One article. ``text`` is what people read and what every span counts in (Unicode code points)."""

    title = models.CharField(_("title"), max_length=500, blank=True)
    outlet = models.CharField(_("outlet"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=300, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    normalised_url = models.CharField(max_length=2000, null=True, blank=True, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=12, blank=True)
    language_supported = models.BooleanField(default=True, editable=False)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    intake = models.CharField(_("came in by"), max_length=12, choices=IntakeKind, default=IntakeKind.PASTED)
    original_name = models.CharField(max_length=255, blank=True)
    original_text = models.TextField(_("text as it came in"), blank=True)
    content_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    text = models.TextField(_("text"), blank=True)
    dropped = models.JSONField(_("left out"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ArticleState, default=ArticleState.EXTRACTING)
    problem = models.TextField(_("problem"), blank=True)
    slug = models.SlugField(max_length=120, unique=True, null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="articles_added"
    )
    created_at = models.DateTimeField(_("added"))
    extracted_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="article_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ArticleState.READY) | Q(content_hash__isnull=False),
                name="article_ready_has_text",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(_("Article without a title"))

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])

    @property
    def direction(self) -> str:
        """``rtl`` for languages written from right to left, else ``ltr``."""
        return "rtl" if self.language.split("-")[0] in {"ar", "fa", "he", "ur", "ps", "yi"} else "ltr"


class Statement(models.Model):
    """One stretch of words of one source within a sentence, as extraction found it. Never edited."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveIntegerField()
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    content = models.JSONField(default=list)
    speaker = models.CharField(max_length=300, blank=True)
    speaker_mention = models.CharField(max_length=300, blank=True)
    speaker_title = models.CharField(max_length=300, blank=True)
    cue = models.CharField(max_length=200, blank=True)
    worthiness = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    claim_kinds = models.JSONField(default=list)
    restated = models.TextField(blank=True)
    splits = models.JSONField(default=list)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="statement_place"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="statement_span"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
