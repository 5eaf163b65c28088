"""What can go wrong outside, each with a sentence for the person and a hint whether trying again can help.

A sentence never contains anything the other side sent: only the address the desk asked for, and figures.
"""

from __future__ import annotations

from typing import Any, ClassVar

from claims.exceptions import DeskError
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say


class SentenceError(DeskError):
    """An error whose text is one translated sentence with named figures in it."""

    sentence: ClassVar[str] = ""
    code = "error"

    def __init__(self, **figures: Any) -> None:
        super().__init__(say(self.sentence, **figures))
        self.figures = figures


class FetchError(SentenceError):
    """A request that brought no usable answer.

    ``retryable`` says whether the same request may work later; ``retry_after`` is the wait in seconds the
    other side asked for, where it did; ``code`` is a stable word for logs and tests.
    """

    sentence = _("The address could not be fetched.")
    code = "fetch_failed"
    retryable: bool = False

    def __init__(self, *, retry_after: float | None = None, **figures: Any) -> None:
        super().__init__(**figures)
        self.retry_after = retry_after


class NotAWebAddress(FetchError):
    sentence = _("This is not a web address that we can fetch. One looks like https://example.org/page.")
    code = "not_a_web_address"


class CredentialsInAddress(FetchError):
    sentence = _("The address contains a user name or password. Remove it and try again.")
    code = "credentials"


class PortNotAllowed(FetchError):
    sentence = _("Only the usual web ports 80 and 443 can be fetched.")
    code = "port"


class AddressNotAllowed(FetchError):
    sentence = _("This address does not lead to a public website, so it is not fetched.")
    code = "not_public"


class NameNotFound(FetchError):
    sentence = _("No website was found under the name %(host)s. Check the address for typing mistakes.")
    code = "name_not_found"


class NameLookupFailed(FetchError):
    sentence = _("The name %(host)s could not be looked up just now.")
    code = "lookup_failed"
    retryable = True


class TimedOut(FetchError):
    sentence = _("The address cannot be reached (no answer after %(seconds)g s).")
    code = "timed_out"
    retryable = True


class TooSlow(FetchError):
    sentence = _("The site answered too slowly (not complete after %(seconds)g s).")
    code = "too_slow"
    retryable = True


class Unreachable(FetchError):
    sentence = _("The address cannot be reached (the site refused or dropped the connection).")
    code = "unreachable"
    retryable = True


class CertificateRefused(FetchError):
    sentence = _(
        "The site's security certificate is not valid for this address, so nothing was read from it."
    )
    code = "certificate"


class Truncated(FetchError):
    sentence = _("The answer broke off before it was complete.")
    code = "truncated"
    retryable = True


class TooLarge(FetchError):
    sentence = _("The page is larger than %(megabytes)g MB, so it was not read.")
    code = "too_large"


class Unreadable(FetchError):
    sentence = _("The site sent an answer that cannot be read.")
    code = "unreadable"


class TooManyRedirects(FetchError):
    sentence = _("The address forwards more than %(limit)d times, so it was not followed.")
    code = "too_many_redirects"


class RedirectNotAllowed(FetchError):
    sentence = _("The address forwards to a place that is not a public website, so it was not followed.")
    code = "redirect"


class NotThere(FetchError):
    sentence = _("There is no page at this address (answer %(status)d).")
    code = "not_there"


class RefusedUs(FetchError):
    sentence = _("The site does not let us read this page (answer %(status)d). Paste the text instead.")
    code = "refused"


class Busy(FetchError):
    sentence = _("The site asks us to come back later (answer %(status)d).")
    code = "busy"
    retryable = True


class ServerFault(FetchError):
    sentence = _("The site reports a fault of its own (answer %(status)d).")
    code = "server_fault"
    retryable = True


class UnexpectedStatus(FetchError):
    sentence = _("The site gave an answer that we cannot use (answer %(status)d).")
    code = "status"


def for_status(status: int, retry_after: float | None = None) -> FetchError:
    """The error for an HTTP status of 400 and above (or one that is no answer at all)."""
    if status in {404, 410}:
        return NotThere(status=status)
    if status in {401, 402, 403, 407, 451}:
        return RefusedUs(status=status)
    if status in {408, 425, 429, 503}:
        return Busy(status=status, retry_after=retry_after)
    if status >= 500:
        return ServerFault(status=status, retry_after=retry_after)
    return UnexpectedStatus(status=status)


class DocumentError(SentenceError):
    """A document that holds no article text we can read."""

    sentence = _("This document cannot be read. Paste the text instead.")
    code = "document"
    retryable = False


class EmptyDocument(DocumentError):
    sentence = _("The document is empty.")
    code = "empty"


class DocumentTooLarge(DocumentError):
    sentence = _("The document is larger than %(megabytes)g MB. Shorten it, or paste the part you need.")
    code = "too_large"


class BinaryDocument(DocumentError):
    sentence = _("This file is not a text document. Use a web page, .txt, .docx or .pdf, or paste the text.")
    code = "binary"


class OtherFormat(DocumentError):
    sentence = _(
        "Files of the kind %(kind)s cannot be read. Save it as .docx, .pdf or .txt, or paste the text."
    )
    code = "other_format"


class EncryptedPdf(DocumentError):
    sentence = _("This PDF is locked with a password. Upload a copy without one, or paste the text.")
    code = "encrypted"


class ScannedPdf(DocumentError):
    sentence = _(
        "This PDF holds pictures of pages and no text. Run text recognition on it, or paste the text."
    )
    code = "no_text_in_pdf"


class BrokenDocument(DocumentError):
    sentence = _("The file is damaged or not really a %(kind)s file. Paste the text instead.")
    code = "broken"


class ExplosiveDocument(DocumentError):
    sentence = _("The file unpacks to far more than an article holds, so it was not opened.")
    code = "explosive"


class TooHardToRead(DocumentError):
    sentence = _("Reading this file took too long or too much memory. Paste the text instead.")
    code = "too_hard"


class NoArticleText(DocumentError):
    sentence = _("This page has no article text that we can read. Paste the text instead.")
    code = "no_article"
