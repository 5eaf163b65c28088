"""The one application of the project."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Fact-checking desk")

    def ready(self) -> None:
        # The web process must know the task names too, or a ring by name finds nobody (tried: NotRegistered).
        from claims import checks, tasks

        assert checks and tasks


class DeskAdminConfig(AdminConfig):
    """Django's administration with the desk's own front door."""

    default_site = "factcheck.administration.DeskAdmin"
