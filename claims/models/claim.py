"""Claims, the people who made them, who wrote on them, and what colleagues say about them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import ClaimStatus, Priority
from claims.models.article import Article, Statement, long_fields


class Speaker(models.Model):
    """A person, organisation or group whose words are checked."""

    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=300, blank=True)
    same_as = models.URLField(_("confirmed page about them"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


# What the index of topics holds.
LEVEL_TOPIC = Upper("topic")


def on_topic(topic: str, of: Any = LEVEL_TOPIC) -> Exact:
    """Of this topic, in small or capital letters: asked so that the index of topics answers, or of another expression."""
    return Exact(of, Upper(Value(topic)))


class ClaimQuerySet(models.QuerySet["Claim"]):
    """The lists people ask for, each clause with its reason."""

    def open(self) -> ClaimQuerySet:
        """Somebody still has something to do."""
        return self.filter(status__in=ClaimStatus.open())

    def for_lists(self) -> ClaimQuerySet:
        """With what a row of a list shows, in one query; the articles' texts stay where they are."""
        rows = self.select_related("article", "speaker", "assignee", "second_reader", "verdict__level")
        return rows.defer(*long_fields("article"))


class Claim(models.Model):
    """A claim pulled from an article. ``status`` is written by the door alone (``domain.transitions``)."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="claims")
    statement = models.ForeignKey(
        Statement, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("words in the article"))
    start = models.PositiveIntegerField(_("starts at"))
    end = models.PositiveIntegerField(_("ends at"))
    restated = models.TextField(_("checkable sentence"), blank=True)
    speaker = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("speaker"),
    )
    speaker_mention = models.CharField(max_length=300, blank=True)
    speaker_role = models.CharField(_("role when speaking"), max_length=300, blank=True)
    said_on = models.DateField(_("said on"), null=True, blank=True)
    said_where = models.CharField(_("said where"), max_length=300, blank=True)
    kind = models.CharField(max_length=12, default="statement")
    cue = models.CharField(max_length=200, blank=True)
    worthiness = models.FloatField(_("worth checking"), default=0)
    reasons = models.JSONField(default=list)
    claim_kinds = models.JSONField(default=list)

    status = models.CharField(_("status"), max_length=12, choices=ClaimStatus, default=ClaimStatus.NEW)
    version = models.PositiveIntegerField(_("version"), default=1)
    status_since = models.DateTimeField(_("in this status since"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="claims_assigned",
        verbose_name=_("checker"),
    )  # fmt: skip
    second_reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="claims_to_review",
        verbose_name=_("second reader"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    publish_at = models.DateTimeField(_("goes out at"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    decline_reason = models.CharField(_("why not checked"), max_length=20, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    retraction_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("found"))
    touched_at = models.DateTimeField(_("last changed"))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="claim_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="claim_status_newest"),
            models.Index(fields=["status", "-worthiness", "-id", "assignee"], name="claim_status_worth_who"),
            models.Index(fields=["-worthiness", "-id"], name="claim_worth"),
            models.Index(LEVEL_TOPIC, F("created_at").desc(), F("id").desc(), name="claim_topic_newest"),
            models.Index(fields=["priority", "-created_at", "-id"], name="claim_priority_newest"),
            # A handful among all that is published; My work asks for them each time.
            models.Index(
                fields=["retraction_proposed_by"],
                condition=Q(retraction_proposed_by__isnull=False),
                name="claim_retractions_proposed",
            ),
            models.Index(fields=["assignee", "status", "due_at", "id"], name="claim_of_checker"),
            models.Index(fields=["second_reader", "status", "due_at", "id"], name="claim_of_reader"),
            models.Index(fields=["status", "status_since", "id"], name="claim_status_since"),
            models.Index(fields=["speaker", "-created_at"], name="claim_speaker"),
            models.Index(fields=["article", "start"], name="claim_in_article"),
            models.Index(fields=["publish_at"], condition=Q(status="scheduled"), name="claim_scheduled"),
            models.Index(
                fields=["due_at", "id", "status"], condition=Q(due_at__isnull=False), name="claim_due_status"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="claim_number"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="claim_span"),
            models.CheckConstraint(
                condition=Q(worthiness__gte=0, worthiness__lte=1), name="claim_worthiness_range"
            ),
            models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name="claim_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["assigned", "researching", "in_review"]) | Q(assignee__isnull=False),
                name="claim_work_has_checker",
            ),
            models.CheckConstraint(
                condition=~Q(status="duplicate") | Q(duplicate_of__isnull=False),
                name="claim_duplicate_has_original",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="claim_not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(publish_at__isnull=False),
                name="claim_scheduled_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 100 else f"{self.text[:99]}…"

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk])

    @property
    def runs(self) -> bool:
        """Whether somebody still waits for the claim, so that its date can be late."""
        return self.status in ClaimStatus.with_checker()

    @property
    def wording(self) -> str:
        """The sentence to check: the restated one where there is one, else the article's words."""
        return self.restated or self.text

    @property
    def speaker_name(self) -> str:
        """Who said it, as far as known; empty for the article's own voice."""
        return self.speaker.name if self.speaker_id and self.speaker else self.speaker_mention


class Tag(models.Model):
    """A word the desk hangs on claims to find them again. ``key`` is how it is compared."""

    name = models.CharField(_("tag"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class ClaimTag(models.Model):
    """A tag on a claim, as a row that an index can find; ``Claim.tags`` keeps the words in the order typed."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        verbose_name = _("tag of a claim")
        verbose_name_plural = _("tags of claims")
        constraints = [models.UniqueConstraint(fields=["tag", "claim"], name="claim_tag_once")]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.claim_id}"


class Authorship(models.Model):
    """Somebody wrote on a claim (verdict, evidence, wording). Rows are only ever added: four eyes rest on them."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="authorships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authorships")
    act = models.CharField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [models.UniqueConstraint(fields=["claim", "person"], name="authorship_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.claim_id}"


class Comment(models.Model):
    """What a colleague says about a claim, or about a passage of its report."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))
    passage = models.TextField(_("about these words"), blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentioned_in")
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
