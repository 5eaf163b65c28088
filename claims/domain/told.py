"""What is done on the desk, in the words that the timeline and the administration tell it with."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MOVES = {
    "triage": gettext_noop("accepted the claim"),
    "assign": gettext_noop("assigned it to %(name)s"),
    "take": gettext_noop("took it"),
    "reassign": gettext_noop("handed it over to %(name)s"),
    "release": gettext_noop("gave it back"),
    "start": gettext_noop("began to check"),
    "submit": gettext_noop("submitted it for review"),
    "send_back": gettext_noop("sent it back"),
    "approve": gettext_noop("approved it"),
    "schedule": gettext_noop("scheduled it"),
    "unschedule": gettext_noop("took it off the schedule"),
    "publish": gettext_noop("published it"),
    "open_correction": gettext_noop("opened a correction"),
    "publish_correction": gettext_noop("published the correction"),
    "cancel_correction": gettext_noop("dropped the correction"),
    "propose_retraction": gettext_noop("proposed to retract it"),
    "retract": gettext_noop("retracted it"),
    "cancel_retraction": gettext_noop("dropped the retraction"),
    "decline": gettext_noop("declined it"),
    "mark_duplicate": gettext_noop("marked it as a duplicate"),
    "hold": gettext_noop("put it on hold"),
    "reopen": gettext_noop("reopened it"),
    "undo": gettext_noop("undid the last step"),
    "added": gettext_noop("added the claim"),
    "reworded": gettext_noop("changed the wording"),
    "details": gettext_noop("changed due date, priority or tags"),
}
SOURCES = {
    "evidence.added": gettext_noop("added source [%(number)s]: %(title)s"),
    "evidence.changed": gettext_noop("changed source [%(number)s]: %(title)s"),
    "evidence.withdrawn": gettext_noop("took back source [%(number)s]: %(title)s"),
}
STEPS = {
    "step.given_up": gettext_noop("gave up the step “%(step)s”"),
    "step.rerun": gettext_noop("ran the step “%(step)s” again"),
    "step.cancelled": gettext_noop("cancelled the step “%(step)s”"),
    "step.dismissed": gettext_noop("set the step “%(step)s” aside"),
}
OTHERS = {
    "evidence.copied": gettext_noop("kept a copy of a source"),
    "evidence.archived": gettext_noop("found a source in an independent archive"),
    "source.task": gettext_noop("asked for a look at a source"),
    "source.settled": gettext_noop("settled the look at a source"),
    "comment.added": gettext_noop("commented"),
    "comment.settled": gettext_noop("marked a comment as done"),
    "rating.recorded": gettext_noop("rated it as second reader, before seeing the first rating"),
    "reply.saved": gettext_noop("recorded the right of reply"),
    "media.saved": gettext_noop("recorded what was found of the picture, film or sound"),
    "reply.asked": gettext_noop("logged that the speaker was asked"),
    "reply.answered": gettext_noop("recorded the speaker’s answer"),
    "reply.changed": gettext_noop("changed an entry in the right of reply"),
    "gate.excepted": gettext_noop("let it pass one of the desk's rules"),
    "note.proposed": gettext_noop("proposed a public note"),
    "note.agreed": gettext_noop("agreed to the proposed public note"),
    "evidence.arranged": gettext_noop("put the sources into another order"),
}


def in_words(action: str) -> str:
    """The words for a kind of event, with "…" for what is different each time; its name where there are none."""
    blanks = {"name": "…", "number": "…", "title": "…", "step": "…"}
    words = MOVES.get(action.removeprefix("claim.")) if action.startswith("claim.") else None
    words = words or SOURCES.get(action) or STEPS.get(action) or OTHERS.get(action) or _MORE.get(action)
    return _(words) % blanks if words else action


# Kinds of events that the timeline tells in more than one way.
_MORE = {
    "verdict.saved": gettext_noop("saved the verdict"),
    "claim.second_reader": gettext_noop("asked %(name)s to read it a second time"),
}
