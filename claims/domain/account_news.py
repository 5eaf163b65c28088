"""What somebody is told when a way into their account was added, changed or taken away, by whomever.

These mails and notices cannot be switched off and wait for no daily mail: whoever has taken over a log-in would do so first.
They hold no secret, and nothing that the one who made the change could write, such as the name of a passkey.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import outbox, people
from claims.models import AuditEvent, Notification

KIND = "account.changed"
# Device and address of the request that this is done for; nothing on the command line and in tasks.
Whence = Callable[[], tuple[str, str]]
_whence: ContextVar[Whence | None] = ContextVar("whence", default=None)

# By the action of the audit trail: each a whole sentence, which is the subject of the mail too.
OCCASIONS = {
    "account.passkey_added": gettext_lazy("A passkey was added to your account"),
    "account.passkey_removed": gettext_lazy("A passkey was removed from your account"),
    "account.passkey_doubted": gettext_lazy("A passkey of your account may have been copied"),
    "account.second_step_on": gettext_lazy("An authenticator app was added to your account"),
    "account.second_step_off": gettext_lazy("The authenticator app was removed from your account"),
    "account.second_steps_off": gettext_lazy("All second steps were removed from your account"),
    "account.recovery_codes": gettext_lazy("The recovery codes of your account were made anew"),
    "account.recovery_code_used": gettext_lazy("A recovery code of your account was used"),
    "account.password": gettext_lazy("Your password was changed"),
    "account.provider_linked": gettext_lazy("Your account was linked to single sign-on"),
    "account.provider_unlinked": gettext_lazy("Your account was unlinked from single sign-on"),
    "token.made": gettext_lazy("A key to the API was made for your account"),
}


@contextlib.contextmanager
def coming_from(whence: Whence) -> Iterator[None]:
    """Whatever is done inside is asked for from there: device and address, looked up only where somebody is told."""
    token = _whence.set(whence)
    try:
        yield
    finally:
        _whence.reset(token)


def tell(person: User, event: AuditEvent, *, occasion: str = "", more: str = "") -> None:
    """A notice, and a mail at once where the person has an address, in the transaction of the change.

    Args:
        event: what happened, as it stands in the audit trail.
        occasion: one of ``OCCASIONS``, where it is not the event's own action.
        more: a sentence on what else came of it.
    """
    what = str(OCCASIONS[occasion or event.action])
    circumstances = _circumstances(person, event)
    Notification.objects.create(
        person=person, event=event, kind=KIND, address=reverse("account"), created_at=event.at,
        text=_("%(what)s: %(circumstances)s. Was it not you? Set a new password and tell an editor.")
        % {"what": what, "circumstances": circumstances},
    )  # fmt: skip
    if not person.email:
        return
    body = _(
        "Hello %(name)s,\n\n%(what)s on the fact-checking desk:\n%(circumstances)s.\n%(more)s\nIf this was you, nothing "
        "needs to be done.\n\nIf it was not you, do this at once:\n1. Set a new password. That ends every log-in and every "
        "key to the API:\n   %(reset)s\n2. Look at your passkeys, app and links under Your account, and remove what is not "
        "yours:\n   %(account)s\n3. Tell an editor of your desk.\n"
    ) % {
        "name": people.display_name(person), "what": what, "circumstances": circumstances,
        "more": f"{more}\n" if more else "", "reset": f"{settings.SITE_URL}{reverse('password_reset')}",
        "account": f"{settings.SITE_URL}{reverse('account')}",
    }  # fmt: skip
    outbox.put(f"mail:account:{event.pk}", "mail", {"to": [person.email], "subject": what, "body": body})


def _circumstances(person: User, event: AuditEvent) -> str:
    """When, from where, and by whom where it was somebody else."""
    at = timezone.localtime(event.at)
    when = f"{formats.date_format(at, 'j F Y, H:i')} {at.tzname()}"
    whence = _whence.get()
    device, address = whence() if whence else ("", "")
    if not whence:
        where = _("on the server")
    elif device:
        where = _("from %(address)s with %(device)s") % {"address": address or "?", "device": device}
    else:
        where = _("from %(address)s") % {"address": address or "?"}
    if event.actor_id is not None and event.actor_id != person.pk:
        return _("%(when)s, %(where)s, by %(who)s") % {"when": when, "where": where, "who": event.actor_name}
    return f"{when}, {where}"
