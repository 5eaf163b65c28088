"""What can go wrong, each with a sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DeskError(Exception):
    """Base of everything the desk refuses. ``str(error)`` is a sentence for the person."""

    code = "refused"

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(DeskError):
    """What was typed, uploaded or sent cannot be used. ``field`` names the place to mend it."""

    code = "invalid"

    def __init__(self, message: object, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Missing(InvalidInput):
    """What a move needs was left out (422). ``field`` names it, ``remedy`` says what to give."""

    code = "missing"

    def __init__(self, message: object, field: str, remedy: object) -> None:
        super().__init__(message, field)
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    @property
    def failing(self) -> list[dict[str, str]]:
        """The same in the form in which guards say what stands in the way."""
        return [{"gate": "", "reason": str(self.message), "remedy": str(self.remedy), "where": self.field}]


class NotAllowed(DeskError):
    """The person's role never allows this (403)."""

    code = "not_allowed"


class Conflict(DeskError):
    """Somebody was first (409). ``current`` holds the present state as plain values."""

    code = "conflict"

    def __init__(self, message: object, current: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.current = dict(current or {})


class TransitionRefused(DeskError):
    """The rules do not allow this now (422). ``failing`` lists what is missing and how to mend it; ``fields`` has the
    sentences that speak of a part of the form, by its name.
    """

    code = "refused"

    def __init__(
        self,
        message: object,
        failing: Sequence[Mapping[str, object]] = (),
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.failing = [dict(item) for item in failing]
        self.fields = dict(fields or {})


class TooMany(DeskError):
    """More of the same than one place may send in a while (429)."""

    code = "too_many"


class AlreadyHere(DeskError):
    """The same article is stored already; ``article_id`` opens it."""

    code = "already_here"

    def __init__(self, message: object, article_id: int) -> None:
        super().__init__(message)
        self.article_id = article_id


class NotYet(DeskError):
    """Not now, by a limit of our own: the same work may be done in ``retry_after`` seconds. It is no failed try."""

    code = "not_yet"

    def __init__(self, message: object, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class KeyReused(DeskError):
    """An Idempotency-Key came again with another request (422)."""

    code = "idempotency_key_reused"


class StepError(DeskError):
    """A verification step could not be done. Permanent errors are not tried again."""

    code = "step_failed"

    def __init__(self, message: object, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
