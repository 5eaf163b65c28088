"""Addresses of the article reader and of everything that happens on one claim."""

from __future__ import annotations

from django.urls import path

from claims.web.views import (
    articles,
    assigning,
    cells,
    checklist,
    claim,
    downloads,
    evidence,
    media,
    moves,
    public_note,
    reader,
    reply,
    review,
    steps,
    verdict,
)

urlpatterns = [
    # The article: reading it and deciding its claims.
    path("desk/articles/<int:pk>/", reader.article, name="article"),
    path("desk/articles/<int:pk>/about/", articles.about, name="article-about"),
    path("desk/articles/<int:pk>/original/", reader.original, name="article-original"),
    path("desk/articles/<int:pk>/live/", reader.live, name="article-live"),
    path("desk/articles/<int:pk>/statements/", reader.statements, name="article-statements"),
    path("desk/articles/<int:pk>/add-claim/", reader.add_claim, name="claim-add"),
    path("desk/articles/<int:pk>/text/", reader.supply, name="article-supply"),
    path("desk/articles/<int:pk>/bring-back/", reader.bring_back, name="article-bring-back"),
    path("desk/articles/<int:pk>/try-again/", reader.try_again, name="article-retry"),
    # The claim: its page and what is written on it.
    path("desk/claims/<int:pk>/", claim.claim, name="claim"),
    path("desk/claims/<int:pk>/why/", reader.explain, name="claim-explain"),
    path("desk/claims/<int:pk>/words/", claim.words, name="claim-words"),
    path("desk/claims/<int:pk>/split/", claim.split, name="claim-split"),
    path("desk/claims/<int:pk>/details/", claim.details, name="claim-details"),
    path("desk/claims/<int:pk>/cell/<slug:field>/", cells.cell, name="claim-cell"),
    path("desk/claims/<int:pk>/checklist/", checklist.ticks, name="claim-checklist"),
    path("desk/claims/<int:pk>/comments/", claim.comment, name="comment-add"),
    path("desk/comments/<int:pk>/done/", claim.comment_done, name="comment-done"),
    path("desk/claims/<int:pk>/evidence/order/", evidence.order, name="evidence-order"),
    path("desk/claims/<int:pk>/history/", verdict.history, name="claim-history"),
    path("desk/claims/<int:pk>/preview/", verdict.preview, name="claim-preview"),
    path("desk/claims/<int:pk>/bundle/", downloads.bundle, name="claim-bundle"),
    path("desk/claims/<int:pk>/verdict/", verdict.save, name="verdict-save"),
    path("desk/claims/<int:pk>/media/", media.finding, name="claim-media"),
    path("desk/claims/<int:pk>/note/<str:of>/", public_note.note, name="claim-note"),
    path("desk/claims/<int:pk>/reply/", reply.reply, name="reply-save"),
    path("desk/claims/<int:pk>/reply/again/", reply.again, name="reply-again"),
    path("desk/reply/<int:pk>/", reply.entry, name="reply-entry"),
    path("desk/claims/<int:pk>/ready/", claim.ready, name="claim-ready"),
    path("desk/claims/<int:pk>/here/", claim.here, name="claim-here"),
    path("desk/claims/<int:pk>/exception/<slug:gate>/", verdict.exception, name="gate-exception"),
    path("desk/claims/<int:pk>/review/", review.review, name="review"),
    path("desk/claims/<int:pk>/second-reader/", assigning.second_reader, name="second-reader"),
    path("desk/claims/<int:pk>/rating/", review.rate, name="second-rating"),
    # Evidence.
    path("desk/claims/<int:pk>/evidence/", evidence.add, name="evidence-add"),
    path("desk/evidence/<int:pk>/", evidence.change, name="evidence-change"),
    path("desk/evidence/<int:pk>/take-back/", evidence.take_back, name="evidence-take-back"),
    path("desk/evidence/<int:pk>/move/", evidence.arrange, name="evidence-move"),
    # Steps.
    path("desk/claims/<int:pk>/steps/", steps.of_claim, name="claim-steps"),
    path("desk/claims/<int:pk>/steps/again/", steps.all_again, name="claim-steps-again"),
    path("desk/articles/<int:pk>/steps/again/", steps.article_again, name="article-steps-again"),
    path("desk/steps/<int:pk>/again/", steps.again, name="step-again"),
    path("desk/steps/<int:pk>/cancel/", steps.cancel, name="step-cancel"),
    # The door. ``transition`` takes the press of a button; ``move`` also shows the page that asks for more.
    path("desk/claims/<int:pk>/move/", moves.transition, name="transition"),
    path("desk/claims/<int:pk>/move/<slug:action>/", moves.move, name="move"),
]
