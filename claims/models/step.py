"""The ledger of verification steps. The row is the truth; a queue message only rings its bell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import StepOutcome, StepState
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.library import LibraryDocument


class VerificationStep(models.Model):
    """One promised piece of work on one claim, one article or one document of the library."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="steps"
    )
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="steps")
    # Its unique constraint is the index that finds it; one index less is one write less for every step.
    document = models.ForeignKey(
        LibraryDocument, on_delete=models.CASCADE, null=True, blank=True, related_name="steps", db_index=False
    )
    kind = models.CharField(_("step"), max_length=40)
    input_hash = models.CharField(max_length=64)
    run = models.PositiveIntegerField(_("run"), default=1)
    queue = models.CharField(max_length=20, default="verify")
    state = models.CharField(_("state"), max_length=10, choices=StepState, default=StepState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    next_run_at = models.DateTimeField(_("next try"))
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("promised"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    last_error = models.TextField(_("last problem"), blank=True)
    # The service whose daily limit it waits for; empty for a step that waits for nothing but its turn.
    waits_for = models.CharField(max_length=40, blank=True, default="", db_default="")
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("verification step")
        verbose_name_plural = _("verification steps")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["state", "next_run_at", "id"], name="step_due"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="step_leased"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=True, claim__isnull=False, document__isnull=True)
                | Q(article__isnull=False, claim__isnull=True, document__isnull=True)
                | Q(article__isnull=True, claim__isnull=True, document__isnull=False),
                name="step_one_subject",
            ),
            models.UniqueConstraint(
                fields=["claim", "kind", "input_hash", "run"],
                condition=Q(claim__isnull=False),
                name="step_claim_once",
            ),
            models.UniqueConstraint(
                fields=["article", "kind", "input_hash", "run"],
                condition=Q(article__isnull=False),
                name="step_article_once",
            ),
            models.UniqueConstraint(
                fields=["document", "kind", "input_hash", "run"],
                condition=Q(document__isnull=False),
                name="step_document_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="step_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="step_done_has_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"


class StepResult(models.Model):
    """What one step found, written once in the transaction that finishes it."""

    step = models.OneToOneField(VerificationStep, on_delete=models.CASCADE, related_name="result")
    outcome = models.CharField(_("outcome"), max_length=16, choices=StepOutcome)
    summary = models.TextField(_("in words"), blank=True)
    items = models.JSONField(_("what was found"), default=list)
    params = models.JSONField(default=dict)
    source = models.CharField(_("searched"), max_length=200, blank=True)
    step_version = models.CharField(max_length=20, default="1")
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=4, default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("result of a step")
        verbose_name_plural = _("results of steps")

    def __str__(self) -> str:
        return f"{self.step.kind}: {self.get_outcome_display()}"
