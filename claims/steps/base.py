"""What a verification step is, and how to write the next one.

A step gathers what a checker would gather by hand. It suggests, cites and dates itself; it never sets a verdict.
It reads rows and may ask a service through ``claims.integrations``; it writes nothing: the domain promised it
before and stores its result after.

To add one:

1. Make a file in this folder with one class below ``Step``, decorated with ``@register``. Give it a ``kind`` (the
   name in the ledger, never changed later), a ``label`` people read, and ``run``.
2. Say in ``inputs`` everything the result depends on. When one of these changes, the result on the page is marked
   as out of date and the step is promised anew. What lies outside (a search index) does not belong there.
3. Return a ``Result``. Say in ``summary`` what was searched and what came of it, in one sentence that a checker
   could repeat to a colleague. Never return NOTHING_FOUND for something that was not searched: that is
   NOT_CONFIGURED (nobody set it up) or UNAVAILABLE (it did not answer).
4. Raise ``StepError`` where the work could not be done: ``permanent=True`` when trying again cannot help.
5. Write ``templates/partials/steps/<kind>.html``; it gets ``step``, ``result`` and ``items``.
6. Raise ``version`` whenever the same input could now give another result.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from claims.enums import StepOutcome
from claims.models import Article, Claim, Evidence, LibraryDocument

Subject = Claim | Article | LibraryDocument


@dataclass(frozen=True, slots=True)
class Copy:
    """A source as it was fetched, to be kept: the domain stores it under its SHA-256.

    ``evidence_id`` ties it to the piece of evidence it backs.
    """

    content: bytes
    text: str
    url: str
    title: str = ""
    publisher: str = ""
    content_type: str = ""
    warc: bytes | None = None
    evidence_id: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a step found.

    Args:
        summary: one sentence for people, saying what was searched.
        items: what was found, as JSON values; their shape is the step's own and known to its template.
        source: what was searched ("This article and 3 others"), printed in the report's list of checks.
        params: how it was searched: queries, thresholds, model, the state of each service.
        cost: what the services charged for it, in the desk's currency.
        copies: sources to be kept.
        archive_links: confirmed links of an independent archive, by the id of the evidence they back.
        payload: handed to the function that stores it in the finishing transaction, for the kinds that have one.
        look_again: seconds after which one more run may know more (an archive that was asked to save a page).
        retry_after: with UNAVAILABLE, how many seconds the service asks us to wait.
    """

    outcome: StepOutcome
    summary: str
    items: Sequence[Mapping[str, Any]] = ()
    source: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    copies: Sequence[Copy] = ()
    archive_links: Mapping[int, str] = field(default_factory=dict)
    payload: Any = None
    retry_after: float | None = None
    look_again: float | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """When and for which time a step runs. ``last`` tells that no further try will follow.

    ``end`` is when the try is ended by force, on the monotonic clock.
    """

    now: datetime
    attempt: int = 1
    last: bool = False
    end: float = math.inf

    def time_for(self, seconds: float = 12.0) -> bool:
        """Whether one more request of at most so many seconds fits in.

        A step that asks many pages says so for the rest, rather than losing what it has when its time is over.
        """
        return time.monotonic() + seconds < self.end


def evidence_of(claim: Claim) -> QuerySet[Evidence]:
    """The standing evidence of a claim. One that is not stored yet has none, which is known without asking."""
    if claim.pk is None:
        return Evidence.objects.none()
    return Evidence.objects.standing().filter(claim=claim)


class Step(ABC):
    """One kind of verification step.

    Attributes:
        subject: what it works on.
        queue: the workers that do it: ``articles`` for what somebody waits for, ``fetch`` for what reads foreign pages, ``verify``
            for the rest. Workers take from their queues in turns.
        max_attempts: tries before it is given up. Work that only reads our own rows fails the same way each time,
            so three; what asks a service is worth five.
        time_limit: seconds for one try.
        planned: whether every claim gets it with each change; the others are promised by the clock or by a person.
        position: place in the list on the claim page.
        services: keys of limited or paid services that one run may ask (see ``integrations.known``); the domain
            counts them per day and lets the step wait when the day's limit is used up.
    """

    kind: ClassVar[str]
    label: ClassVar[Any]
    subject: ClassVar[Literal["claim", "article", "document"]] = "claim"
    queue: ClassVar[str] = "verify"
    version: ClassVar[str] = "1"
    max_attempts: ClassVar[int] = 3
    time_limit: ClassVar[int] = 60
    planned: ClassVar[bool] = True
    position: ClassVar[int] = 50
    services: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def inputs(self, subject: Any) -> Mapping[str, Any]:
        """Everything the result depends on, as JSON values."""

    @abstractmethod
    def run(self, subject: Any, context: Context) -> Result:
        """Do the work. No transaction is open; nothing may be written.

        Raises:
            StepError: it could not be done now (or, with ``permanent``, ever).
        """

    def requests(self, subject: Any) -> Mapping[str, int]:
        """How many requests one run may send to each of its ``services``: the most, not the usual number."""
        return dict.fromkeys(self.services, 1)

    def input_hash(self, subject: Any) -> str:
        """SHA-256 of kind, version and inputs: the same work is promised once."""
        told = json.dumps(
            {"kind": self.kind, "version": self.version, "inputs": self.inputs(subject)},
            sort_keys=True,
            cls=DjangoJSONEncoder,
        )
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
