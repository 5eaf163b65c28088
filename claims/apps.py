"""The one application of the project."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Fact-checking desk")

    def ready(self) -> None:
        # The web process must know the task names too, or a ring by name finds nobody (tried: NotRegistered).
        from claims import checks, tasks
        from claims.domain import database_role
        from claims.domain.reports import version_stands
        from claims.web import proof
        from claims.web.prepare import prepare

        assert checks and tasks
        assert proof  # it listens to log-ins, the first one of the process too
        post_migrate.connect(database_role.after_migration, sender=self, dispatch_uid="database_role")
        version_stands.connect(prepare, dispatch_uid="pages")


class DeskAdminConfig(AdminConfig):
    """Django's administration with the desk's own front door."""

    default_site = "factcheck.administration.DeskAdmin"
