"""The verdict on a claim as it is being written, every saved state of it, and the claimant's right of reply."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import MediaKind, ReplyReason
from claims.models.claim import Claim
from claims.models.desk import RatingLevel


class VerdictText(models.Model):
    """What a verdict consists of."""

    level = models.ForeignKey(
        RatingLevel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rating"),
    )
    headline = models.CharField(_("headline"), max_length=200, blank=True)
    summary = models.CharField(_("one-sentence summary"), max_length=300, blank=True)
    reasoning = models.TextField(_("reasoning"), blank=True)
    bullets = models.JSONField(_("in short"), default=list, blank=True)
    why_checked = models.TextField(_("why we checked this"), blank=True)
    how_read = models.TextField(_("how we read the claim"), blank=True)
    not_established = models.TextField(_("what we could not establish"), blank=True)
    searched_other_side = models.BooleanField(_("searched for the other side, none found"), default=False)
    other_side_queries = models.CharField(_("what was searched"), max_length=500, blank=True)

    interests = models.CharField(_("our own interests"), max_length=500, blank=True)
    language = models.CharField(_("language of the report"), max_length=12, blank=True)

    class Meta:
        abstract = True

    TEXT_FIELDS = (
        "headline", "summary", "reasoning", "bullets", "why_checked", "how_read", "not_established", "searched_other_side",
        "other_side_queries", "interests", "language",
    )  # fmt: skip


class Verdict(VerdictText):
    """The verdict as it stands. ``revision`` counts saves, so that two editors of one draft get a clear conflict."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="verdict")
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.level or '…'}: {self.summary}"


class VerdictRevision(VerdictText):
    """One saved state of a verdict. Rows are only ever added."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdict_revisions")
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved state of a verdict")
        verbose_name_plural = _("saved states of verdicts")
        ordering = ["claim", "-revision"]
        constraints = [models.UniqueConstraint(fields=["claim", "revision"], name="verdict_revision_once")]

    def __str__(self) -> str:
        return f"{self.claim_id}.{self.revision}"


class SecondRating(models.Model):
    """How a second reader rated a claim before seeing the first rating, and what that one was. Rows are only added."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="second_ratings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(
        "claims.RatingLevel", on_delete=models.PROTECT, related_name="+", verbose_name=_("rating")
    )
    first_level = models.ForeignKey(
        "claims.RatingLevel",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("rating of the checker"),
    )
    first_author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("checker")
    )
    note = models.TextField(_("why"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("second rating")
        verbose_name_plural = _("second ratings")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["claim", "reader"], name="second_rating_once")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.level} / {self.first_level}"

    @property
    def agrees(self) -> bool:
        """Whether both chose the same rating."""
        return self.level_id == self.first_level_id


class RightOfReply(models.Model):
    """Whether, when and how the person who made the claim was asked, and what they said."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="right_of_reply")
    contacted = models.BooleanField(_("asked"))
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    channel = models.CharField(_("how"), max_length=100, blank=True)
    deadline = models.DateTimeField(_("answer asked for by"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    not_contacted_reason = models.CharField(
        _("why not asked"), max_length=20, choices=ReplyReason, blank=True
    )
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("right of reply")
        verbose_name_plural = _("rights of reply")
        constraints = [
            models.CheckConstraint(
                condition=Q(contacted=True, asked_on__isnull=False)
                | Q(contacted=False) & ~Q(not_contacted_reason=""),
                name="reply_asked_or_reason",
            )
        ]

    def __str__(self) -> str:
        return str(_("asked") if self.contacted else _("not asked"))


class MediaFinding(models.Model):
    """What was found of the picture, film or sound that carries the claim: the report's MediaReview."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="media_finding")
    kind = models.CharField(_("what it is"), max_length=12, choices=MediaKind, default=MediaKind.IMAGE)
    categories = models.JSONField(_("what was done to it"), default=list)
    appearance = models.URLField(_("where it is shown"), max_length=2000, blank=True)
    original_context = models.TextField(_("what it shows in truth"), blank=True)
    original_link = models.URLField(_("the original"), max_length=2000, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("finding on a picture, film or sound")
        verbose_name_plural = _("findings on pictures, films and sounds")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.claim_id}"


class ReplyAttempt(models.Model):
    """One time that the person who made the claim was asked, and what came of it. The report tells of all together."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reply_attempts")
    asked_on = models.DateField(_("asked on"))
    channel = models.CharField(_("how"), max_length=100, blank=True)
    deadline = models.DateTimeField(_("answer asked for by"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("request for a reply")
        verbose_name_plural = _("requests for a reply")
        ordering = ["claim", "asked_on", "id"]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.asked_on}"
