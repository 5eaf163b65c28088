"""How people come in: their log-ins at this moment, and the second step that proves who they are."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeskSession(AbstractBaseSession):
    """One browser that is logged in. ``session_key`` is the SHA-256 of the key in the cookie, never the key."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="log_ins"
    )
    device = models.CharField(_("device"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    seen_at = models.DateTimeField(_("last seen"))
    session_key = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")

    def __str__(self) -> str:
        return f"{self.person}: {self.device}"


class SessionStore(DatabaseStore):
    """Django's sessions in a table that knows whose they are and that is useless to whoever reads it."""

    @classmethod
    def get_model_class(cls) -> type[DeskSession]:
        return DeskSession

    @staticmethod
    def row_key(session_key: str | None) -> str:
        """What the table holds for a key of a cookie: 128 random bits, so that a plain digest is enough."""
        return hashlib.sha256((session_key or "").encode("utf-8", "surrogatepass")).hexdigest()

    def _get_session_from_db(self) -> Any:
        row = DeskSession.objects.filter(
            session_key=self.row_key(self.session_key), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return DeskSession.objects.filter(session_key=self.row_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> DeskSession:
        return DeskSession(
            session_key=self.row_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            person_id=int(data["_auth_user_id"]) if "_auth_user_id" in data else None,
            device=str(data.get("device", ""))[:200],
            address=str(data.get("address", ""))[:45],
            seen_at=timezone.now(),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            DeskSession.objects.filter(session_key=self.row_key(key)).delete()


class SecondStep(models.Model):
    """An authenticator app of one person. The secret is encrypted with a key made from ``SECRET_KEY``."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_step"
    )
    secret = models.TextField(editable=False)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("in use since"), null=True)
    # The time window of the last code that was taken: each code counts once, also when two arrive together.
    last_window = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("second step of the log-in")
        verbose_name_plural = _("second steps of the log-in")

    def __str__(self) -> str:
        return str(self.person)


class ProviderIdentity(models.Model):
    """Who one person of the desk is at the provider of single sign-on: its ``iss`` and ``sub``, nothing secret."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(_("provider"), max_length=300)
    subject = models.CharField(max_length=255)
    email = models.CharField(_("e-mail address there"), max_length=254, blank=True)
    linked_at = models.DateTimeField(_("linked"))
    used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("identity at a provider")
        verbose_name_plural = _("identities at a provider")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["issuer", "person"], name="identity_of_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.issuer}"


class RecoveryCode(models.Model):
    """A code on paper, for a lost phone; only its digest is kept, and it counts once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.person)


class Passkey(models.Model):
    """A key that a device or password manager holds for one person (WebAuthn); the desk keeps its public half."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=80)
    # As base64url, the way browsers write it; at most 1,023 bytes, says the standard.
    credential_id = models.CharField(max_length=1364, unique=True, editable=False)
    public_key = models.BinaryField(editable=False)
    # Who the device says it belongs to: random, one for all keys of a person, and nothing that names them.
    handle = models.CharField(max_length=86, editable=False)
    sign_count = models.BigIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("made"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"


class PasskeyChallenge(models.Model):
    """What a device is asked to sign: for one log-in session and one purpose, and deleted by the first answer."""

    # The digest of the session's key, as in ``DeskSession``: a new question in a session takes the old one's place.
    session_key = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=10)
    challenge = models.CharField(max_length=86)
    handle = models.CharField(max_length=86, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("passkey question")
        verbose_name_plural = _("passkey questions")

    def __str__(self) -> str:
        return self.purpose
